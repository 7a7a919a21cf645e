"""The plainest kinds of field: words, texts, names, flags, whole numbers and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core import core_schema
from pydantic_core.core_schema import CoreSchema

from caresim.problems import nearest
from caresim.scenario.schema.faults import fault
from caresim.scenario.schema.part import Part, kind_of

_NAME = re.compile(r"[a-z][a-z0-9_]*(@[a-z][a-z0-9_]*)?")
_LONGEST_NAME = 60

NAMED = "x-caresim"
"""Key that stands for `$ref` until the JSON Schema is put together."""


def named(definition: str) -> dict[str, Any]:
    """Refer to a definition of the JSON Schema."""
    return {NAMED: definition}


@dataclass(frozen=True)
class Plain:
    """A field read by one function of the value as written; base of the kinds below."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return self.json_schema()

    def read(self, data: Any) -> Any:
        """Return the value, or raise its faults."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        raise NotImplementedError


@dataclass(frozen=True)
class OneOf(Plain):
    """One of some words."""

    words: tuple[str, ...]

    def read(self, data: Any) -> str:
        """Read it, or raise its faults."""
        if isinstance(data, str) and data in self.words:
            return data
        near = nearest(data, self.words) if isinstance(data, str) else None
        allowed = ", ".join(f"`{word}`" for word in self.words)
        message = f"{kind_of(data)} is not one of {allowed}"
        raise fault("C204", message, hint=f"did you mean `{near}`?" if near else None)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class WordOr(Plain):
    """One of some words, or a block."""

    words: tuple[str, ...]
    part: type[Part]

    def read(self, data: Any) -> str | Part:
        """Read it, or raise its faults."""
        if isinstance(data, dict):
            return self.part.model_validate(data)
        if data in self.words:
            return str(data)
        words = ", ".join(f"`{word}`" for word in self.words)
        every = self.part.keys()
        needed = [key for key in every if every[key]] or list(every)
        block = ", ".join(f"{key}: …" for key in needed)
        message = f"{kind_of(data)} is not one of {words} or `{{{block}}}`"
        near = nearest(data, self.words) if isinstance(data, str) else None
        raise fault("C204", message, hint=f"did you mean `{near}`?" if near else None)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"anyOf": [{"enum": list(self.words)}, named(self.part.__name__)]}


@dataclass(frozen=True)
class _Text(Plain):
    def read(self, data: Any) -> str:
        """Read it, or raise its faults."""
        if isinstance(data, str):
            return data
        if isinstance(data, int | float) and not isinstance(data, bool):
            return str(data)
        raise fault("C205", f"text is expected here, got {kind_of(data)}")

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"type": ["string", "number"]}


@dataclass(frozen=True)
class _Flag(Plain):
    def read(self, data: Any) -> bool:
        """Read it, or raise its faults."""
        if isinstance(data, bool):
            return data
        raise fault("C206", f"`true` or `false` is expected here, got {kind_of(data)}")

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Whole(Plain):
    """A whole number in a range."""

    least: int
    most: int

    def read(self, data: Any) -> int:
        """Read it, or raise its faults."""
        if isinstance(data, int) and not isinstance(data, bool) and self._fits(data):
            return data
        range_ = f"from {self.least} to {self.most:,}"
        raise fault("C321", f"a whole number {range_} is expected here, got {kind_of(data)}")

    def _fits(self, number: int) -> bool:
        return self.least <= number <= self.most

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class _Name(Plain):
    def read(self, data: Any) -> str:
        """Read it, or raise its faults."""
        if isinstance(data, str) and _NAME.fullmatch(data) and len(data) <= _LONGEST_NAME:
            return data
        raise fault("C207", f"{kind_of(data)} cannot be a name", hint=_name_hint(data))

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"type": "string", "pattern": f"^{_NAME.pattern}$"}


def _name_hint(data: object) -> str | None:
    better = re.sub(r"[^a-z0-9]+", "_", str(data).lower()).strip("_")[:_LONGEST_NAME]
    return f"write `{better}`" if _NAME.fullmatch(better) else None


Text = Annotated[str, _Text()]
Flag = Annotated[bool, _Flag()]
Name = Annotated[str, _Name()]


@dataclass(frozen=True)
class _OneOrMore:
    """Lets one value stand for a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        listed = handler(schema)
        return {"anyOf": [listed, listed["items"]]}

    @staticmethod
    def listed(data: Any) -> Any:
        """Put a single value into a list."""
        return data if isinstance(data, list) else [data]


OneOrMore = _OneOrMore()
"""Marks a list field in which a single value may be written without brackets."""
