"""The registry of plausibility checks: each with an id, and what it looks at.

A scenario can follow every rule of the language and still not mean what its author meant. Each
check here looks for one such slip. It is registered under an id that the catalogue of codes
explains, so that `caresim explain P101` says what was found and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from caresim.model import Model
from caresim.problems import Location, Problem, Severity, dotted
from caresim.scenario import codes
from caresim.scenario.read import Path, Tree


@dataclass(frozen=True)
class Finding:
    """What a check has found, at one place of the file.

    Attributes
    ----------
    path
        Steps to the value at fault, as written in the file.
    message
        What was found, with its numbers.
    why, hint
        Better ones for this case than the check's own.
    """

    path: Path
    message: str
    why: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Subject:
    """What the checks look at: the file as written, and the model of each option.

    Attributes
    ----------
    tree
        The file with its imports merged in.
    models
        The model of each option by name, do_nothing first.
    """

    tree: Tree
    models: Mapping[str, Model]

    @property
    def base(self) -> Model:
        """The model as it stands."""
        return next(iter(self.models.values()))

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """Names as written in the file by names in the models (`home_care@north`: `home_care`)."""
        written = self.tree.data.get("settings", {})
        names = {s.name for model in self.models.values() for s in model.settings}
        return {name: name if name in written else name.split("@")[0] for name in names}

    def setting_path(self, name: str, *steps: str | int) -> Path:
        """Return the path of (part of) a setting of the model in the file."""
        return ("settings", self.settings[name], *steps)

    def locate(self, path: Path) -> Location | None:
        """Say where a value is, or the nearest thing above it that is written.

        A value that is a key with something under it is shown at its key.
        """
        while True:
            keys, values = self.tree.key_positions, self.tree.positions
            found = keys.get(path) if isinstance(self._at(path), dict) else values.get(path)
            if found or not path:
                return found or values.get(path)
            path = path[:-1]

    def _at(self, path: Path) -> object:
        value: object = self.tree.data
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step] if step < len(value) else None
            else:
                return None
        return value


Look = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True)
class Check:
    """One plausibility check: its id in the catalogue, and the function that looks."""

    id: str
    look: Look


CHECKS: dict[str, Check] = {}
"""Every check by its id."""


def check(
    id: str,
    title: str,
    *,
    why: str,
    hint: str,
    explanation: str,
    severity: Severity = Severity.WARNING,
) -> Callable[[Look], Look]:
    """Register a function as a plausibility check, and its id in the catalogue of codes.

    Parameters
    ----------
    id
        `P` and three digits.
    title, why, hint, explanation, severity
        For the catalogue; see `caresim.scenario.codes.Code`.
    """

    def register(look: Look) -> Look:
        codes.add(id, title, why=why, hint=hint, explanation=explanation, severity=severity)
        CHECKS[id] = Check(id, look)
        return look

    return register


def plausibility(tree: Tree, models: Mapping[str, Model]) -> list[Problem]:
    """Run every check.

    Parameters
    ----------
    tree
        The file as written, its imports merged in.
    models
        The model of each option by name, do_nothing first.

    Returns
    -------
    list of Problem
        In the order of the checks' ids; each finding once, though several options share it.
    """
    subject = Subject(tree, models)
    problems: list[Problem] = []
    for id, one in sorted(CHECKS.items()):
        seen: set[Path] = set()
        for found in one.look(subject):
            if found.path not in seen:
                seen.add(found.path)
                place = subject.locate(found.path)
                problems.append(
                    codes.problem(
                        id, dotted(found.path), found.message, place, why=found.why, hint=found.hint
                    )
                )
    return problems
