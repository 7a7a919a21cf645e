"""What every part of the file has in common: known keys, and all faults at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from caresim.problems import nearest
from caresim.scenario.schema.described import meanings
from caresim.scenario.schema.faults import Fault, below, fault, raised

EXITS = ("home", "died", "elsewhere")
"""Ways out of the model that a route may lead to."""


MOST_SUGGESTIONS = 500
"""Misspelt keys for which the nearest key is looked up, in one file."""


@dataclass
class _Reading:
    """What is remembered while one file is read.

    Attributes
    ----------
    known
        Blocks read without faults, by type and identity, with the data they were read from, so
        that its identity stays its own.
    suggestions
        How often the nearest key may still be looked up.
    """

    known: dict[tuple[type, int], tuple[Any, Any]] = field(default_factory=dict)
    suggestions: int = MOST_SUGGESTIONS


_reading: ContextVar[_Reading | None] = ContextVar("_reading", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Read a block that several options share only once.

    Within this context a block that was read without faults is given back as it was read; so
    nothing that was read may be changed.
    """
    token = _reading.set(_Reading())
    try:
        yield
    finally:
        _reading.reset(token)


class Part(BaseModel):
    """A block of keys, none of them unknown; frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    reserved: ClassVar[frozenset[str]] = frozenset()
    """Keys kept for later versions of the language."""

    @classmethod
    def keys(cls) -> dict[str, bool]:
        """Give the keys as written in the file, and whether each must be there."""
        return {f.alias or name: f.is_required() for name, f in cls.model_fields.items()}

    @model_validator(mode="wrap")
    @classmethod
    def _collect(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        reading = _reading.get()
        if reading is not None and (cls, id(data)) in reading.known:
            return cast(Self, reading.known[cls, id(data)][1])
        keys = cls.keys()
        if not isinstance(data, dict):
            message = f"a block of keys is expected here, got {kind_of(data)}"
            raise fault("C203", message, hint=f"its keys are: {', '.join(keys)}")
        faults: list[Fault] = [((key,), cls._unknown(key, keys)) for key in data if key not in keys]
        faults += [
            ((), fault("C202", f"`{key}` is missing", hint=cls._hint_for(key)))
            for key, needed in keys.items()
            if needed and key not in data
        ]
        known_data = {key: value for key, value in data.items() if key in keys}
        whole = True
        try:
            part = handler(known_data)
        except ValidationError as error:
            faults += below((), error)
            whole = False
        if whole and not faults:
            faults += part.inconsistencies()
        if faults:
            raise raised(faults)
        if reading is not None:
            reading.known[cls, id(data)] = data, part
        return part

    def inconsistencies(self) -> list[Fault]:
        """Give faults that lie in how the fields go together."""
        return []

    @classmethod
    def _unknown(cls, key: str, keys: dict[str, bool]) -> PydanticCustomError:
        if key in cls.reserved:
            return fault("C208", f"`{key}` is reserved for a later version")
        near = nearest(key, keys) if _may_suggest() else None
        hint = f"did you mean `{near}`?" if near else f"the keys here are: {', '.join(keys)}"
        return fault("C201", f"there is no key `{key}` here", hint=hint)

    @classmethod
    def _hint_for(cls, key: str) -> str | None:
        name = next((n for n, f in cls.model_fields.items() if (f.alias or n) == key), key)
        about = meanings(cls).get(name)
        return f"`{key}`: {about}" if about else None


def _may_suggest() -> bool:
    """Whether to look for the nearest key: it takes time, and nobody reads very many."""
    reading = _reading.get()
    if reading is None:
        return True
    reading.suggestions -= 1
    return reading.suggestions >= 0


def kind_of(data: object) -> str:
    """Say in words what kind of value was found."""
    if isinstance(data, dict):
        return "a block of keys"
    if isinstance(data, list):
        return "a list"
    return f"`{shown(data)}`"


def shown(data: object) -> str:
    """Write a scalar as the file does, cut to a readable length."""
    text = str(data).lower() if isinstance(data, bool) else str(data)
    return text if len(text) <= 60 else text[:60] + "…"
