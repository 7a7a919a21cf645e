"""Cases of a suite, read from the lists in the folder ``benchmarks``.

A list is a YAML file of cases. A case names a scenario file and how to run it; its figures say
what is measured in which option, and the value it is held to. A figure whose ``day``, ``exact``
or ``option`` is a list stands for as many figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol, TypeVar

from caresim.api import ChoiceError, RunError
from caresim.bench.statistics import Allowed


class Named(Protocol):
    """A case of any suite."""

    @property
    def case(self) -> str:
        """Its name."""
        ...


T = TypeVar("T", bound=Named)

SUITES = ("exact", "published")
"""Folders of ``benchmarks`` whose cases this part runs."""

SCENARIOS = "scenarios"

LEAST_QUICK = 24
"""Members of a quick run, if the case says nothing and has as many: with fewer, the standard error
itself is too uncertain for 4 of them to mean much."""


class SuiteError(RunError):
    """A suite is not there, or a list of cases cannot be read."""


@dataclass(frozen=True)
class Figure:
    """What is measured, and what it is held to.

    Attributes
    ----------
    figure
        Name of the measure (:data:`caresim.bench.figures.MEASURES`).
    exact
        The exact or published value.
    option
        Of the scenario.
    of, cohort
        Setting and cohort measured; all cohorts if empty.
    allowed
        The rule it is judged by.
    day, over, places, needs, period
        What a measure may need besides: a day, a number of days exceeded, a number of people or
        places, a setting needed, a period in days.
    per
        The measure is divided by this.
    note
        On how the value was found.
    differs
        Why the figure is known to miss, if it is. It misses all the same.
    """

    figure: str
    exact: float
    option: str = "do_nothing"
    of: str = ""
    cohort: str = ""
    allowed: Allowed = field(default_factory=Allowed)
    day: float = 0.0
    over: float = 0.0
    places: int = 0
    needs: str = ""
    period: float = 0.0
    per: float = 1.0
    note: str = ""
    differs: str = ""

    @property
    def label(self) -> str:
        """The figure in words, for tables."""
        words = [self.figure.replace("_", " ")]
        words += [f"{name}" for name in (self.of, self.cohort) if name]
        words += [f"needing {self.needs}"] if self.needs else []
        words += [f"{self.places}"] if self.places else []
        words += [f"day {self.day:g}"] if self.day else []
        words += [f"over {self.over:g} d"] if self.over else []
        words += [f"({self.option})"] if self.option != "do_nothing" else []
        return " ".join(words)


@dataclass(frozen=True)
class Case:
    """A scenario, how to run it, and its figures.

    Attributes
    ----------
    case
        Name, unique in the suite.
    scenario
        File, relative to the folder ``scenarios``.
    engine
        flow or event.
    members
        Members of each option, by its name: all that are run where a figure has a tolerance of
        its own; else at most, since a run ends when its figures are precise.
    figures
        At least one.
    quick
        Members of each option in a quick run, at most.
    set
        Inputs in place of those of the file, by path: how long to run, mostly.
    source
        Where the values are from, and their formula.
    start
        Why the start does not show in the figures.
    """

    case: str
    scenario: str
    engine: str
    members: Mapping[str, int]
    figures: tuple[Figure, ...]
    quick: int
    set: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    start: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """The options that figures are of, in order."""
        return tuple(dict.fromkeys(figure.option for figure in self.figures))

    def figures_of(self, option: str) -> tuple[Figure, ...]:
        """Return the figures of one option, in order."""
        return tuple(figure for figure in self.figures if figure.option == option)


def repository(start: Path | None = None) -> Path:
    """Return the checkout that holds the suites.

    Parameters
    ----------
    start
        Where to look; if None, where caresim is installed from, then the current folder and the
        folders above it.

    Raises
    ------
    SuiteError
        If they are nowhere.
    """
    here = Path.cwd()
    places = [start] if start else [Path(__file__).parents[3], here, *here.parents]
    for place in places:
        if (place / "benchmarks" / SUITES[0]).is_dir() and (place / SCENARIOS).is_dir():
            return place
    raise SuiteError(
        "the suites are not here: they are the folders benchmarks and scenarios of caresim's "
        "repository, which an installed package leaves out; run this in a checkout, or name one "
        "with --repository"
    )


def chosen(cases: Sequence[T], names: Sequence[str]) -> tuple[T, ...]:
    """Return the cases of these names, all if there are none.

    Raises
    ------
    ChoiceError
        If there is no case of a name.
    """
    from caresim.problems import nearest

    known = [case.case for case in cases]
    for name in names:
        if name not in known:
            close = nearest(name, known)
            raise ChoiceError(
                f"the suite has no case {name!r}; "
                + (f"did you mean {close!r}?" if close else f"it has {', '.join(known)}")
            )
    return tuple(case for case in cases if not names or case.case in names)


def read_suite(suite: str, root: Path) -> tuple[Case, ...]:
    """Read all cases of a suite, in order of file and place in it.

    Raises
    ------
    SuiteError
        If a list cannot be read, or two cases have one name.
    """
    return tuple(read_lists(root / "benchmarks" / suite, read_case))


def read_lists(folder: Path, read: Callable[[str, Any], T]) -> list[T]:
    """Read the lists of a folder with a function of where a case is and what is written there.

    Raises
    ------
    SuiteError
        If there is no case, a list cannot be read, or two cases have one name.
    """
    cases = [case for path in sorted(folder.glob("*.yaml")) for case in read_list(path, read)]
    names = [case.case for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise SuiteError(f"{folder.name}: two cases are named {name}")
    if not cases:
        raise SuiteError(f"{folder} holds no list of cases")
    return cases


def read_list(path: Path, read: Callable[[str, Any], T]) -> list[T]:
    """Read one list of cases."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        listed = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path.name}: {error}") from error
    if not isinstance(listed, list):
        raise SuiteError(f"{path.name}: a list of cases is wanted")
    return [read(f"{path.name}, case {n}", written) for n, written in enumerate(listed, start=1)]


def read_case(where: str, written: Any) -> Case:
    """Read one case of the suites of known answers."""
    given = entry(where, written, Case)
    figures = [
        figure
        for place, one in enumerate(given.pop("figures", []), start=1)
        for figure in read_figures(f"{where}, figure {place}", one)
    ]
    given["set"] = {str(k): str(v) for k, v in given.get("set", {}).items()}
    options = dict.fromkeys(figure.option for figure in figures)
    members = given.get("members")
    by_option = members if isinstance(members, dict) else dict.fromkeys(options, members)
    if set(by_option) != set(options) or not all(isinstance(n, int) for n in by_option.values()):
        raise SuiteError(f"{where}: members is a number, or one for each of {', '.join(options)}")
    given["members"] = by_option
    given.setdefault("quick", max(LEAST_QUICK, min(given["members"].values(), default=0) // 10))
    try:
        return Case(**given, figures=tuple(figures))
    except TypeError as error:
        raise SuiteError(f"{where}: {error}") from error


def read_figures(where: str, written: Any) -> list[Figure]:
    """Read a figure, or as many as the lists in it are long."""
    given = entry(where, written, Figure)
    at_least = "at_least" in given
    if at_least:
        given["exact"] = given.pop("at_least")
    lists = {name: value for name, value in given.items() if isinstance(value, list)}
    sizes = {len(value) for value in lists.values()}
    if len(sizes) > 1:
        raise SuiteError(f"{where}: {' and '.join(lists)} are of different lengths")
    found = []
    for place in range(sizes.pop() if sizes else 1):
        one = given | {name: value[place] for name, value in lists.items()}
        allowed = _allowed(where, one.pop("within", None), at_least)
        try:
            found.append(Figure(**one, allowed=allowed))
        except TypeError as error:
            raise SuiteError(f"{where}: {error}") from error
    return found


def _allowed(where: str, within: object, at_least: bool) -> Allowed:
    if within is None:
        return Allowed(at_least=at_least)
    try:
        text = str(within)
        if text.endswith("%"):
            return Allowed(relative=float(text[:-1]) / 100.0)
        return Allowed(absolute=float(text))
    except ValueError as error:
        raise SuiteError(f"{where}: within is a number or a percentage, not {within}") from error


def entry(where: str, written: Any, shape: type) -> dict[str, Any]:
    """Return a mapping whose keys are all fields of a class, or stand for its ``allowed``."""
    if not isinstance(written, dict):
        raise SuiteError(f"{where}: a mapping is wanted")
    known = {one.name for one in fields(shape)} - {"allowed"} | {"at_least", "within"}
    for key in written:
        if key not in known:
            raise SuiteError(f"{where}: no entry {key} is known")
    return dict(written)
