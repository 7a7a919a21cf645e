"""What can be read of a scenario that has faults, so that the rest of it is checked as well."""

from __future__ import annotations

import copy
from typing import Any

from pydantic import ValidationError

from caresim.problems import Problem
from caresim.scenario.read import Tree
from caresim.scenario.schema.faults import below, problems_of, real_path
from caresim.scenario.schema.top import ScenarioFile
from caresim.scenario.values import Path

_MOST_ROUNDS = 12
"""How often something is taken out before the whole is given up; each round takes all that is
known to be wrong, so more than a few are needed only where missing keys lie in one another."""


def readable(tree: Tree) -> tuple[ScenarioFile | None, list[Problem], frozenset[Path]]:
    """Read a scenario, leaving out what is wrong.

    Returns
    -------
    file
        What could be read; None if next to nothing.
    problems
        What was wrong.
    faulty
        Paths of what was wrong or left out.
    """
    data: dict[str, Any] = copy.deepcopy(tree.data) if tree.left_out else tree.data
    faulty: set[Path] = set(tree.left_out)
    for path in tree.left_out:
        _remove(data, path)
    problems: list[Problem] = []
    for turn in range(_MOST_ROUNDS):
        try:
            return ScenarioFile.model_validate(data), problems, frozenset(faulty)
        except ValidationError as error:
            if turn == 0:
                problems = _unless_left_out(problems_of(error, tree), error, tree)
                data = copy.deepcopy(data)
            wrong = {real_path(loc, data) for loc, _ in below((), error)}
            faulty |= wrong
            for path in sorted(wrong, key=len, reverse=True):
                if not _fill(data, path):
                    _remove(data, path)
    return None, problems, frozenset(faulty)


def _fill(data: dict[str, Any], path: Path) -> bool:
    """Put in what has no default and is missing in a block; False if nothing is known to be.

    What is put in is never reported nor used: it lets the names in the rest of the block be
    checked.
    """
    block: Any = data
    for step in path:
        block = block.get(step) if isinstance(block, dict) else None
    if not isinstance(block, dict):
        return False
    missing = {key: value for key, value in _stand_ins(path).items() if key not in block}
    block.update(copy.deepcopy(missing))
    return bool(missing)


def _stand_ins(path: Path) -> dict[str, Any]:
    depth, part = len(path), path[0] if path else ""
    if not path:
        return {"caresim": 1, "settings": {}}
    if part == "settings" and depth == 2:
        return {"stay": "1 day"}
    if part == "settings" and depth == 4 and path[2] == "then":
        return {"share": 0}
    return {"rate": "0 per day"} if part == "arrivals" and depth == 2 else {}


def _unless_left_out(problems: list[Problem], error: ValidationError, tree: Tree) -> list[Problem]:
    """Drop what is said only because a value was left out, which is reported already."""
    parents = {path[:-1] for path in tree.left_out}
    kept = []
    for found, (loc, fault) in zip(problems, below((), error), strict=True):
        missing = (fault.context or {})["code"] == "C202"
        if not (missing and real_path(loc, tree.data) in parents):
            kept.append(found)
    return kept


def _remove(data: Any, path: Path) -> None:
    """Delete a value; one of a list is replaced by nothing, with the list."""
    for place, step in enumerate(path[:-1]):
        if isinstance(data, dict) and isinstance(data.get(path[place]), list):
            # Positions in a list must not shift: the list goes as a whole.
            data.pop(step, None)
            return
        if not isinstance(data, dict) or step not in data:
            return
        data = data[step]
    if isinstance(data, dict) and path:
        data.pop(path[-1], None)
