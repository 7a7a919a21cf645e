"""What resolving needs to know of the scenario: its names, its cohorts, where to report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from caresim.problems import Problem, nearest
from caresim.scenario.codes import problem
from caresim.scenario.merge import Merged
from caresim.scenario.schema.faults import place_of, real_path
from caresim.scenario.schema.people import Cohort
from caresim.scenario.schema.setting import Setting
from caresim.scenario.schema.top import ScenarioFile
from caresim.scenario.series import Tables
from caresim.scenario.values import OTHERS, By, Path

T = TypeVar("T")

EVERYONE = "everyone"
"""The cohort of a scenario that names none."""


class UnsettledError(Exception):
    """A value cannot be found, for a reason that is reported where it is checked."""


@dataclass(frozen=True)
class Group:
    """A cohort after localities: who they are and where they live.

    Attributes
    ----------
    name
        ``older`` or ``older@north``.
    base
        The cohort in the file.
    locality
        The locality in the file, if there are any.
    """

    name: str
    base: str
    locality: str | None


@dataclass(frozen=True)
class Copy:
    """A setting after localities.

    Attributes
    ----------
    name
        ``home_care`` or ``home_care@north``.
    base
        The setting in the file.
    locality
        Whose it is; None if shared.
    spec
        The setting as written.
    """

    name: str
    base: str
    locality: str | None
    spec: Setting

    @property
    def path(self) -> Path:
        """Where it is written."""
        return ("settings", self.base)


@dataclass
class Context:
    """A scenario being resolved.

    Attributes
    ----------
    file
        As written; where it has faults, what could be read of it.
    merged
        The files it comes from.
    tables
        The CSV files it names.
    title
        Its title where it gives none.
    problems
        What was found.
    faulty
        Entries that could not be read in full, such as ``("settings", "acute")``.
    changeable
        Paths of the inputs that may change while the model runs, once they are worked out.
    """

    file: ScenarioFile
    merged: Merged
    tables: Tables
    title: str
    problems: list[Problem] = field(default_factory=list)
    faulty: frozenset[tuple[str, str]] = frozenset()
    changeable: frozenset[str] | None = None

    def __post_init__(self) -> None:
        data = self.merged.tree.data

        def written(key: str) -> dict[str, object]:
            block = data.get(key)
            return dict(block) if isinstance(block, dict) else {}

        # Names are those written, also where the entry itself could not be read.
        self.cohort_names: tuple[str, ...] = tuple(written("cohorts")) or (EVERYONE,)
        self.localities = tuple(written("localities"))
        self.setting_names = tuple(written("settings"))
        self.arrival_names = tuple(written("arrivals"))
        self.source_names = tuple(written("sources"))
        self.staff_names = tuple(written("workforce"))
        self.budget_names = tuple(written("budgets"))
        self.intervention_names = tuple(written("interventions"))
        self.cohorts: dict[str, Cohort] = dict(self.file.cohorts) or {EVERYONE: Cohort()}

    def report(
        self,
        code: str,
        path: Path,
        message: str,
        *,
        hint: str | None = None,
        why: str | None = None,
        key: bool = False,
    ) -> None:
        """Note a problem at a path of the schema."""
        tree = self.merged.tree
        real = real_path(path, tree.data)
        place = place_of(real, tree, key=key)
        self.problems.append(problem(code, real, message, place, hint=hint, why=why))

    def unknown(
        self, code: str, path: Path, what: str, name: str, known: Iterable[str], *, key: bool
    ) -> None:
        """Report a name that nothing has, with the nearest that something has."""
        names = list(known)
        near = nearest(name, names)
        listed = ", ".join(f"`{n}`" for n in names[:12]) + (", …" if len(names) > 12 else "")
        hint = f"did you mean `{near}`?" if near else f"known here: {listed}" if names else None
        self.report(code, path, f"there is no {what} `{name}`", hint=hint, key=key)

    @property
    def period(self) -> tuple[datetime.date, float]:
        """The first day, and the length in days."""
        start = datetime.date.fromisoformat(self.file.start_date)
        if self.file.duration is not None:
            return start, self.file.duration.value
        end = datetime.date.fromisoformat(self.file.end_date or self.file.start_date)
        return start, float((end - start).days)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Cohorts, one for each locality."""
        if not self.localities:
            return tuple(Group(name, name, None) for name in self.cohorts)
        return tuple(
            Group(f"{cohort}@{locality}", cohort, locality)
            for cohort in self.cohorts
            for locality in self.localities
        )

    @property
    def copies(self) -> tuple[Copy, ...]:
        """Settings, those of localities' own once for each."""
        found: list[Copy] = []
        for name, spec in self.file.settings.items():
            if spec.local and self.localities:
                found += [Copy(f"{name}@{where}", name, where, spec) for where in self.localities]
            else:
                found.append(Copy(name, name, None, spec))
        return tuple(found)

    def is_local(self, setting: str) -> bool:
        """Whether a setting exists once for each locality."""
        spec = self.file.settings.get(setting)
        return spec is not None and spec.local and bool(self.localities)


def pick(
    value: T | By[T], cohort: str | None, locality: str | None, path: Path = ()
) -> tuple[T, Path]:
    """Find the value for a cohort and locality, and the path where it is written.

    Raises
    ------
    UnsettledError
        If there is none for them.
    """
    while isinstance(value, By):
        name = cohort if value.axis == "cohort" else locality
        if name is None or (name not in value.values and OTHERS not in value.values):
            raise UnsettledError
        key = name if name in value.values else OTHERS
        path = (*path, f"by_{value.axis}", key)
        value = value.values[key]
    return value, path


def varies(value: object, axis: str) -> bool:
    """Whether a value differs along an axis, anywhere within."""
    return isinstance(value, By) and (
        value.axis == axis or any(varies(inner, axis) for inner in value.values.values())
    )
