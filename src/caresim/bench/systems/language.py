"""The language of checks: what a file in ``benchmarks/systems`` may say of one real system.

A file says what was reported, how to run the scenario, which figures to take from the runs, and
what must hold of them. ``benchmarks/systems/README.md`` describes it for authors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Sign = Literal["positive", "negative"]

DEFAULT_FIGURE_OPTION = "do_nothing"
"""The option that a figure is of if the check names none."""

WHOLE_RUN = "all"
"""The window that a figure is over if the check names none."""


@dataclass(frozen=True)
class Reported:
    """What the source says.

    Attributes
    ----------
    text
        In words.
    source
        Where it stands.
    value
        The number reported; None where only a direction or a plan was.
    unit
        Of ``value``, and of the figure simulated beside it.
    """

    text: str
    source: str
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Run:
    """How the scenario is run.

    Attributes
    ----------
    engine
        flow, event or simpy.
    members
        Draws; None for what the scenario says.
    set
        Inputs in place of those of the file, by path.
    solved
        Names of the unknowns whose solutions are set as well.
    """

    engine: str
    members: int | None = None
    set: Mapping[str, str] = field(default_factory=dict)
    solved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A number taken from each member of a run.

    Attributes
    ----------
    kind
        ``indicator``: one of :data:`caresim.indicators.INDICATORS`; ``total``: a stock's mean or
        a count over a window; ``on``: a stock on a date; ``most``, ``least``: the extreme of a
        stock over the saved times; ``money``: pounds of the ledger.
    name
        Id of the indicator, or name of the variable. Of ``money``: ``paid``, or ``net``: what an
        account pays less what it is paid.
    where
        Names along the variable's dimensions, of which the sum is taken; those not named are
        summed over. Of ``money``: what entries must have to count, or the account.
    date
        Of ``on``.
    discount
        Of ``money``: share per year by which later years of the run count less.
    """

    kind: str
    name: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: str = ""
    discount: float = 0.0


@dataclass(frozen=True)
class Unknown:
    """An input that is solved for.

    Attributes
    ----------
    set
        Path of the input.
    between
        The least and the largest value tried.
    until
        An expression that must be 0.
    run
        Name of the run in which it is worked out.
    written
        How a value is written in a scenario, with ``{}`` for the number, such as ``{} days``.
    """

    set: str
    between: tuple[float, float]
    until: str
    run: str
    written: str = "{}"


@dataclass(frozen=True)
class Held:
    """What must hold of an expression; exactly one of these is said, ``within`` belongs to equals.

    Attributes
    ----------
    equals, within
        A number or expression, and how far off it may be: a number, or ``5%`` of ``equals``.
    at_least, at_most, between
        Bounds, numbers or expressions.
    sign
        On which side of 0.
    spread_includes
        A number that lies between the 5th and 95th percentile of the members.
    """

    equals: str | None = None
    within: str | None = None
    at_least: str | None = None
    at_most: str | None = None
    between: tuple[str, str] | None = None
    sign: Sign | None = None
    spread_includes: float | None = None


@dataclass(frozen=True)
class Check:
    """One thing that running the system must show.

    Attributes
    ----------
    says
        In plain words.
    find
        An expression of figures; see :mod:`caresim.bench.systems.expression`.
    held
        What must hold of it: of the whole 95% interval of its mean.
    chance
        If given, the share of members in which it must hold, in place of the mean.
    runs
        Names of the runs in which it is checked.
    unit
        Of ``find``; ``share`` and ``change`` are printed in percent.
    """

    says: str
    find: str
    held: Held
    runs: tuple[str, ...]
    chance: float | None = None
    unit: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All its expressions."""
        held = self.held
        bounds = (held.equals, held.at_least, held.at_most, *(held.between or ()))
        return (self.find, *(text for text in bounds if text is not None))


@dataclass(frozen=True)
class System:
    """A real system and all that is checked of it.

    Attributes
    ----------
    name
        As in the table of systems.
    reported
        What the source says.
    scenario
        File, relative to the folder ``scenarios``.
    runs, figures, unknowns, numbers
        By name. ``numbers`` are expressions used in others.
    checks
        The first is the one whose figure stands in the table beside what was reported.
    broken
        Inputs with which the mechanism is taken away; then some check must miss.
    """

    name: str
    reported: Reported
    scenario: str
    runs: Mapping[str, Run]
    figures: Mapping[str, Figure]
    checks: tuple[Check, ...]
    unknowns: Mapping[str, Unknown] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def case(self) -> str:
        """Its name, as cases of other suites have one."""
        return self.name
