"""Options: what each sets, and what differs from the scenario as it stands."""

from __future__ import annotations

import re
from typing import Any

DO_NOTHING = "do_nothing"
"""The option that is the scenario as it stands; always the first."""

_PLAIN = re.compile(r"[a-z][a-z0-9_@]*")


def changes(base: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Give the values to set in one explicit form to get another, by path.

    Blocks whose keys are all plain names are followed down, so that what differs is named as
    closely as possible; where keys fall away, and for lists, the whole is replaced.

    Examples
    --------
    >>> changes({"a": {"x": 1, "y": 2}}, {"a": {"x": 1, "y": 3}})
    {'a.y': 3}
    """
    found: dict[str, Any] = {}
    _compare((), base, other, found)
    return found


def _compare(path: tuple[str, ...], base: Any, other: Any, found: dict[str, Any]) -> None:
    if base == other and type(base) is type(other):
        return
    if not (isinstance(base, dict) and isinstance(other, dict) and _followed(base, other)):
        found[".".join(path)] = other
        return
    for key, value in other.items():
        if key in base:
            _compare((*path, key), base[key], value, found)
        else:
            found[".".join((*path, key))] = value


def _followed(base: dict[str, Any], other: dict[str, Any]) -> bool:
    if not set(base) <= set(other):
        return False
    return all(_PLAIN.fullmatch(key) for key in other)
