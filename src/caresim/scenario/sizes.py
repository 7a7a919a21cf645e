"""How large a scenario may be, looked at before anything else is: checks take longer than reading.

The limits are far above any real place. They bound the time and memory that a mistaken or hostile
file can cost.
"""

from __future__ import annotations

from collections.abc import Iterator

from caresim.problems import Problem
from caresim.scenario.codes import problem
from caresim.scenario.read import Tree
from caresim.scenario.values import Path

MOST: dict[str, int] = {
    "settings": 500,
    "arrivals": 2_000,
    "cohorts": 2_000,
    "localities": 500,
    "options": 100,
    "reasons": 1_000,
    "sources": 5_000,
    "published": 1_000,
}
"""Entries in each part of a scenario."""

MOST_KEYS = 10_000
"""Keys in any other block, such as capacities by date."""

MOST_COHORTS = 2_000
"""Cohorts, each counted once for every locality."""

MOST_CELLS = 30_000
"""Settings times cohorts: 20 settings for 10 cohorts in each of 150 councils."""


def too_large(tree: Tree) -> list[Problem]:
    """Report parts of a scenario that hold more than any place could need."""
    return [
        problem("C415", path, message, tree.key_positions.get(path))
        for path, message in _found(tree.data)
    ]


def _found(data: dict[str, object]) -> Iterator[tuple[Path, str]]:
    sizes = {key: len(block) for key, block in data.items() if isinstance(block, dict)}
    for key, most in MOST.items():
        if sizes.get(key, 0) > most:
            yield (key,), f"{sizes[key]:,} {key}; at most {most:,} can be read"
    cohorts = max(1, sizes.get("cohorts", 0)) * max(1, sizes.get("localities", 0))
    if cohorts > MOST_COHORTS and sizes.get("localities"):
        yield ("cohorts",), f"{cohorts:,} cohorts, one for each locality; at most {MOST_COHORTS:,}"
    waiting: list[tuple[Path, object]] = [((), data)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, dict):
            if len(node) > MOST_KEYS and not (len(path) == 1 and path[0] in MOST):
                yield path, f"{len(node):,} keys in one block; at most {MOST_KEYS:,} can be read"
                continue
            waiting += [((*path, key), inner) for key, inner in node.items()]
        elif isinstance(node, list):
            waiting += [((*path, place), inner) for place, inner in enumerate(node)]
