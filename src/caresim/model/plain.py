"""Frozen dataclasses as plain data that JSON can hold, and back.

Results keep what they need of the model in this form, so that they can be read without building
the model again.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return plain data: mappings, lists, text, numbers; an infinite number becomes None.

    Parameters
    ----------
    value
        A dataclass whose fields are dataclasses, tuples, text, numbers or None.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(one) for one in value]
    if isinstance(value, float) and math.isinf(value):
        return None
    return value


def from_plain(of: type[T], data: Any) -> T:
    """Undo :func:`to_plain`.

    Parameters
    ----------
    of
        The dataclass.
    data
        What `to_plain` gave.

    Raises
    ------
    KeyError, TypeError
        If the data are of something else.
    """
    found: T = _read(of, data)
    return found


def _read(of: Any, data: Any) -> Any:
    if isinstance(of, type) and dataclasses.is_dataclass(of):
        hints = typing.get_type_hints(of)
        return of(**{f.name: _read(hints[f.name], data[f.name]) for f in dataclasses.fields(of)})
    if of is float:
        return math.inf if data is None else float(data)
    if typing.get_origin(of) is tuple:
        inner = typing.get_args(of)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_read(inner[0], one) for one in data)
        return tuple(_read(kind, one) for kind, one in zip(inner, data, strict=True))
    if typing.get_origin(of) in (typing.Union, types.UnionType):
        if data is None:
            return None
        (only,) = (kind for kind in typing.get_args(of) if kind is not type(None))
        return _read(only, data)
    return data
