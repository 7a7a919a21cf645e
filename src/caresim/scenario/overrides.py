"""Values put in place of others: `set` in an option, and `--set` on the command line."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from caresim.problems import Location, Problem, ScenarioError, nearest
from caresim.scenario.codes import problem
from caresim.scenario.layers import paths_below
from caresim.scenario.read import Tree, read_text
from caresim.scenario.schema.leaf import LEAF_KEYS, is_leaf
from caresim.scenario.values import Path

SETTABLE = (
    *("settings", "arrivals", "cohorts", "localities", "initial", "reasons", "sources"),
    *("interventions", "feedbacks", "workforce", "population", "budgets"),
    *("payments", "pools"),
)
"""The parts of a scenario that an option may change."""

_STEP = re.compile(r"([^.\[\]]+)((?:\[[0-9]{1,6}\])*)")


@dataclass(frozen=True)
class Override:
    """A value and the path where it goes.

    Attributes
    ----------
    path
        As written, with dots.
    tree
        Holds the value.
    value
        Path of the value in ``tree``.
    at
        Where the override is written.
    """

    path: str
    tree: Tree
    value: Path
    at: Location | None

    def data(self) -> Any:
        """Return the value."""
        data: Any = self.tree.data
        for step in self.value:
            data = data[step]
        return data


def typed(path: str, text: str) -> Override:
    """Read an override given as text, as on the command line.

    Raises
    ------
    ScenarioError
        If the text is no YAML value.
    """
    name = f"--set {path}"
    try:
        tree = read_text(f"value: {text}\n", name)
    except ScenarioError as error:
        raise ScenarioError(
            [replace(p, path=path) for p in error.problems], error.source_lines
        ) from None
    if list(tree.data) != ["value"]:
        at = tree.key_positions[(next(key for key in tree.data if key != "value"),)]
        raise ScenarioError([problem("C203", path, "one value is expected here", at)], tree.lines)
    return Override(path, tree, ("value",), Location(name, 1, 1))


def with_overrides(tree: Tree, overrides: list[Override]) -> tuple[Tree, list[Problem]]:
    """Return the scenario with values replaced, and what could not be replaced."""
    changed = _Changed(tree)
    problems = [found for one in overrides if (found := changed.put(one)) is not None]
    return changed.tree(), problems


def steps_of(path: str) -> Path | None:
    """Split a path at its dots: `settings.acute.queue.priority[0]`; None if it is none."""
    steps: list[str | int] = []
    for part in path.split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            return None
        steps.append(found[1])
        steps += [int(index) for index in re.findall(r"[0-9]+", found[2])]
    return tuple(steps)


def _has_default(path: Path) -> bool:
    """Whether a block may be left out of a scenario and is there all the same."""
    return path == ("run",) or (len(path) == 3 and path[0] == "settings" and path[2] == "queue")


def _has(node: object, step: str | int) -> bool:
    if isinstance(node, list):
        return isinstance(step, int) and step < len(node)
    return isinstance(node, dict) and step in node


def _is_route(path: Path) -> bool:
    return len(path) == 4 and path[0] == "settings" and path[2] == "then"


def _is_share(route: object, step: str | int) -> bool:
    """Whether a route is written as its share alone, and the step leads to another field."""
    return is_leaf(route) and step not in LEAF_KEYS


class _Changed:
    """A copy of a tree in which values are replaced; what is not on the way to them is shared."""

    def __init__(self, tree: Tree) -> None:
        self.base = tree
        self.data: dict[str, Any] = dict(tree.data)
        self.positions = dict(tree.positions)
        self.keys = dict(tree.key_positions)
        self.sources: dict[str, tuple[str, ...]] = dict(tree.sources)

    def tree(self) -> Tree:
        return replace(
            self.base,
            data=self.data,
            positions=self.positions,
            key_positions=self.keys,
            sources=self.sources,
        )

    def put(self, one: Override) -> Problem | None:
        """Replace a value; say why if that cannot be."""
        steps = steps_of(one.path)
        if steps is None:
            return problem("C408", one.path, f"`{one.path}` is not a path", one.at)
        node: Any = self.data
        for place, step in enumerate(steps[:-1]):
            if _has_default(steps[: place + 1]) and not _has(node, step):
                node[step] = {}
            if not _has(node, step):
                return self.nowhere(steps, place, node, one)
            inner = node[step]
            if _is_route(steps[: place + 1]) and _is_share(inner, steps[place + 1]):
                # A route may be written as its share alone, and has fields all the same.
                inner = {"share": inner}
                here = self.positions.get(steps[: place + 1])
                if here is not None:
                    self.positions[*steps[: place + 1], "share"] = here
            node[step] = copy.copy(inner)
            node = node[step]
        if not (_has(node, steps[-1]) or (isinstance(node, dict) and isinstance(steps[-1], str))):
            return self.nowhere(steps, len(steps) - 1, node, one)
        self.replace(steps, node, one)
        return None

    def nowhere(self, steps: Path, place: int, node: Any, one: Override) -> Problem:
        known = list(node) if isinstance(node, dict) else []
        step = steps[place]
        near = nearest(str(step), known)
        above = ".".join(str(s) for s in steps[:place]) or "the scenario"
        if isinstance(node, list):
            entries = "one entry" if len(node) == 1 else f"{len(node)} entries"
            message = f"`{above}` has {entries}, counted from [0]"
        elif not isinstance(node, dict):
            message = f"`{above}` is a single value, which has no `{step}`"
        else:
            message = f"there is no `{step}` in {above}"
        fuller = ".".join([*(str(s) for s in steps[:place]), near or ""])
        hint = f"did you mean `{fuller}`?" if near else None
        return problem("C408", one.path, message, one.at, hint=hint)

    def replace(self, steps: Path, node: Any, one: Override) -> None:
        """Put a value into its block, with the places where it is written."""
        last: Any = steps[-1]
        if _has(node, last):
            for old in paths_below(steps, node[last]):
                self.positions.pop(old, None)
                self.keys.pop(old, None)
        node[last] = one.data()
        n = len(steps)
        for new in (steps, *paths_below(steps, node[last])):
            written = (*one.value, *new[n:])
            for places, others in (
                (self.positions, one.tree.positions),
                (self.keys, one.tree.key_positions),
            ):
                if written in others:
                    places[new] = others[written]
        self.sources.update(one.tree.sources)


def of_option(tree: Tree, name: str, values: Mapping[str, Any]) -> list[Override]:
    """Give the overrides that an option sets."""
    base: Path = ("options", name, "set")
    return [
        Override(path, tree, (*base, path), tree.key_positions.get((*base, path)))
        for path in values
    ]
