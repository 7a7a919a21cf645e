"""Blocks that few files have: their parts are made only when one is read."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from caresim.scenario.schema.fields import Plain, named
from caresim.scenario.schema.part import Part

_PACKAGE = __package__


@dataclass(frozen=True)
class Rarely(Plain):
    """A part named by its module of this package and its class, which is imported to read one.

    A scenario without such a block then costs nothing for it, when caresim starts or reads.
    """

    module: str
    part: str

    def read(self, data: Any) -> Part:
        """Read it, or raise its faults."""
        return self.type.model_validate(data)

    @property
    def type(self) -> type[Part]:
        """The class."""
        found: type[Part] = getattr(importlib.import_module(f"{_PACKAGE}.{self.module}"), self.part)
        return found

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return named(self.part)
