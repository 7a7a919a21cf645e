"""Content of one file put on top of that of others, each value with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from caresim.problems import Location
from caresim.scenario.schema.leaf import is_leaf
from caresim.scenario.values import Path

_ENTRIES = (
    *("cohorts", "localities", "arrivals", "sources", "reasons", "options", "published"),
    *("interventions", "feedbacks", "workforce", "budgets"),
    *("organisations", "payments", "pools"),
)


@dataclass
class Layer:
    """Content and places of one file with its imports."""

    data: dict[str, Any] = field(default_factory=dict)
    positions: dict[Path, Location] = field(default_factory=dict)
    keys: dict[Path, Location] = field(default_factory=dict)
    left_out: set[Path] = field(default_factory=set)


def put_on(below: Layer, above: Layer) -> None:
    """Merge one layer on top of another, in place."""
    _merge((), below.data, above.data, below, above)
    if () in above.positions:
        below.positions[()] = above.positions[()]
    below.left_out |= above.left_out


def _merge(
    path: Path, old: dict[str, Any], new: dict[str, Any], below: Layer, above: Layer
) -> None:
    for key, value in new.items():
        here = (*path, key)
        if key in old and _is_route(here):
            old[key], value = _long(here, old[key], below), _long(here, value, above)
        if isinstance(value, dict) and isinstance(old.get(key), dict) and merges(here):
            _merge(here, old[key], value, below, above)
        else:
            for inner in paths_below(here, old.get(key)):
                below.positions.pop(inner, None)
                below.keys.pop(inner, None)
                below.left_out.discard(inner)
            old[key] = value
            for inner in paths_below(here, value):
                _copy(inner, below, above)
        _copy(here, below, above)


def merges(path: Path) -> bool:
    """Whether mappings at a path are merged key by key, rather than replaced as a whole."""
    depth = len(path)
    if path[0] == "settings" and depth > 2:
        return depth <= {"then": 4, "queue": 3}.get(str(path[2]), 0)
    if path[0] in ("run", "place", "initial", "deflator", "appraisal", "calibration"):
        return depth == 1
    if path[0] == "population":
        return depth == 1 or (depth == 2 and path[1] in ("joins", "moves", "projection"))
    return path[0] in ("settings", *_ENTRIES) and depth <= 2


def _is_route(path: Path) -> bool:
    return len(path) == 4 and path[0] == "settings" and path[2] == "then"


def _long(path: Path, route: Any, layer: Layer) -> Any:
    """Write out a route given by its share alone, so that its fields can be merged."""
    if not is_leaf(route):
        return route
    for places in (layer.positions, layer.keys):
        for inner in [(), *(p[len(path) :] for p in paths_below(path, route) if p in places)]:
            if (*path, *inner) in places:
                places[(*path, "share", *inner)] = places[(*path, *inner)]
    return {"share": route}


def paths_below(path: Path, value: Any) -> Iterator[Path]:
    """Give every path below one."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield (*path, key)
        yield from paths_below((*path, key), inner)


def _copy(path: Path, below: Layer, above: Layer) -> None:
    for places, others in ((below.positions, above.positions), (below.keys, above.keys)):
        if path in others:
            places[path] = others[path]
