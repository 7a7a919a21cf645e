"""How the schema reports faults: as errors of pydantic that carry a code of the catalogue.

pydantic collects the errors of all fields, each with its place. Its own texts are written for
programmers, so every check of the schema raises its own, and the few kinds of error that are
left to pydantic are said again here in words for the person who wrote the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from caresim.problems import Location, Problem
from caresim.scenario.codes import problem
from caresim.scenario.read import Tree
from caresim.scenario.values import Path

KEY = "[key]"
"""The step that pydantic adds to the place of a fault in a key."""

Fault = tuple[Path, PydanticCustomError]
"""A fault and its path below the value that is being read."""


def fault(
    code: str, message: str, *, hint: str | None = None, why: str | None = None
) -> PydanticCustomError:
    """Make a fault with a code of the catalogue."""
    return PydanticCustomError(
        "caresim", "{message}", {"code": code, "message": message, "hint": hint, "why": why}
    )


def raised(faults: Iterable[Fault]) -> ValidationError:
    """Make the error that reports several faults at once, each at its own place."""
    return ValidationError.from_exception_data(
        "scenario", [InitErrorDetails(type=f, loc=path, input=None) for path, f in faults]
    )


def below(path: Path, error: ValidationError) -> list[Fault]:
    """Give the faults of an error, placed below a path."""
    return [
        ((*path, *e["loc"]), _as_fault(e))
        for e in error.errors(include_url=False, include_input=False)
        if e["type"] != "missing"  # every part reports its own
    ]


def problems_of(error: ValidationError, tree: Tree) -> list[Problem]:
    """Turn everything found into problems with a place in the files."""
    found = []
    for loc, f in below((), error):
        said = f.context or {}
        path = real_path(loc, tree.data)
        in_key = loc[-1:] == (KEY,) or said["code"] in ("C201", "C208")
        found.append(
            problem(
                said["code"],
                path,
                said["message"],
                place_of(path, tree, key=in_key),
                why=said["why"],
                hint=said["hint"],
            )
        )
    return found


def real_path(loc: Path, data: object) -> Path:
    """Give the path in the file of a place in the schema.

    Short forms are written out before they are checked, so that a place may have steps that the
    file has not; those are left out.
    """
    path: list[str | int] = []
    for step in loc:
        known: Any = data
        inside = isinstance(data, dict) and step in data
        if inside or (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            data = known[step]
            path.append(step)
    return tuple(path)


def place_of(path: Path, tree: Tree, *, key: bool = False) -> Location | None:
    """Say where in the files a path is, or the nearest path above it that is written."""
    first, second = tree.positions, tree.key_positions
    if key:
        first, second = second, first
    while True:
        found = first.get(path) or second.get(path)
        if found or not path:
            return found
        path = path[:-1]


def _as_fault(e: ErrorDetails) -> PydanticCustomError:
    if e["type"] == "caresim":
        said = e["ctx"]
        return fault(said["code"], said["message"], hint=said["hint"], why=said["why"])
    if e["type"] in ("dict_type", "mapping_type"):
        return fault("C203", "a block of keys is expected here")
    if e["type"] in ("list_type", "tuple_type"):
        return fault("C203", "a list is expected here", hint="write it as `[…]`")
    raise AssertionError(f"no words for pydantic's error {e['type']}: {e['msg']}")
