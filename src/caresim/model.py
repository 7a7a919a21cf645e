"""The resolved model: the only thing the engines know.

A :class:`Model` is one option of one scenario, fully explicit: every default filled in, every
unit converted (days, people, places), every name replaced by a position, every cohort spelled
out. Names are kept beside the positions so that results can be labelled. Everything is frozen,
and arrays are read-only.

Positions: ``cohort`` indexes :attr:`Model.cohorts`, ``setting`` indexes :attr:`Model.settings`,
``reason`` indexes :attr:`Model.reasons` and ``stay`` indexes :attr:`Model.stays`. A destination
is a setting's position, or one of the negative codes of :class:`Exit`. A **source** is where
someone who waits for a setting comes from: positions ``0 .. len(arrival_names) - 1`` are the
arrivals, and the settings follow.
"""

from __future__ import annotations

import datetime
import enum
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from caresim.stays import Stay

DAYS_PER_YEAR = 365.0
"""Days in a year wherever a rate or growth is stated per year (scenario specification, 2)."""

FloatArray = NDArray[np.float64]


class Exit(enum.IntEnum):
    """Ways out of the model, used as destinations in place of a setting's position."""

    HOME = -1
    DIED = -2
    ELSEWHERE = -3
    LOST = -4
    """Turned away: found the setting full, and no room to wait."""


EXIT_NAMES = {exit_: exit_.name.lower() for exit_ in Exit}


def _frozen_array(values: object) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Timeline:
    """A value that changes with time.

    Attributes
    ----------
    days
        Shape (n,): times in days from the start, increasing; the first MAY be negative.
    values
        Shape (n,): the value from each time on (``step``) or at each time (``linear``).
    kind
        ``step`` holds each value until the next time; ``linear`` joins them by straight lines.
        Before the first time the first value holds, after the last the last.
    repeat_days
        If not 0, times beyond the last day repeat the last ``repeat_days`` days of the series,
        whose end is the last time plus one day.
    """

    days: FloatArray
    values: FloatArray
    kind: Literal["step", "linear"] = "step"
    repeat_days: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", _frozen_array(self.days))
        object.__setattr__(self, "values", _frozen_array(self.values))
        if self.days.shape != self.values.shape or self.days.ndim != 1 or not self.days.size:
            raise ValueError("a timeline needs as many values as times, and at least one")
        if np.any(np.diff(self.days) <= 0):
            raise ValueError("the times of a timeline must increase")

    @classmethod
    def constant(cls, value: float) -> Timeline:
        """Return a value that never changes."""
        return cls(days=np.zeros(1), values=np.array([value]))

    @property
    def is_constant(self) -> bool:
        """Whether the value is the same at all times."""
        return bool(np.all(self.values == self.values[0]))

    def at(self, t: FloatArray | float) -> FloatArray:
        """Return the value at times ``t`` (days from the start), of the shape of ``t``."""
        t = np.asarray(t, dtype=np.float64)
        if self.repeat_days:
            end = self.days[-1] + 1.0
            t = np.where(t >= end, end - self.repeat_days + (t - end) % self.repeat_days, t)
        if self.kind == "linear":
            return np.asarray(np.interp(t, self.days, self.values))
        place = np.searchsorted(self.days, t, side="right") - 1
        return np.asarray(self.values[np.maximum(place, 0)])


@dataclass(frozen=True)
class Calendar:
    """When a setting admits: hours of the days of the week, less the days closed.

    Attributes
    ----------
    weekdays
        Seven flags, Monday first.
    opens, closes
        Hours of the day as fractions of a day, ``0 <= opens < closes <= 1``.
    closed_days
        Whole days from the start (negative before it) on which nobody is admitted.
    """

    weekdays: tuple[bool, bool, bool, bool, bool, bool, bool]
    opens: float
    closes: float
    closed_days: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PlacesPerPerson:
    """Places one person uses as their stay goes on.

    Attributes
    ----------
    by
        ``constant``; ``share_of_stay``: ``at`` are shares of the person's own stay;
        ``elapsed``: ``at`` are days since the stay began.
    at
        Increasing, the first 0.
    places
        Places used from each of ``at`` on. The last holds while the person is delayed.
    """

    by: Literal["constant", "share_of_stay", "elapsed"] = "constant"
    at: tuple[float, ...] = (0.0,)
    places: tuple[float, ...] = (1.0,)


@dataclass(frozen=True)
class Leaving:
    """People who leave a wait or a delay of their own accord: a constant hazard.

    Attributes
    ----------
    to
        Destination.
    rate
        Per person per day.
    """

    to: int
    rate: float


@dataclass(frozen=True)
class MaxWait:
    """After how long people give up a queue, and where they go instead.

    Attributes
    ----------
    sources
        The sources whose people the rule is for.
    days
        The longest wait; 0 with ``same_day`` set means the end of the day they asked.
    same_day
        Whether the wait ends with the day on which they asked for a place.
    to
        Destination.
    """

    sources: tuple[int, ...]
    days: float
    same_day: bool
    to: int


@dataclass(frozen=True)
class Reserved:
    """Places kept for some sources.

    Attributes
    ----------
    sources
        Who may use them.
    places
        How many.
    rule
        ``ring_fenced``: people of other sources never hold more than the capacity less these.
        ``keep_free``: people of other sources are admitted only if more than these are free.
    """

    sources: tuple[int, ...]
    places: float
    rule: Literal["ring_fenced", "keep_free"]


@dataclass(frozen=True)
class PlannedMove:
    """People who on a day end their stay, longest there first, and need another setting.

    Attributes
    ----------
    day
        Days from the start.
    people
        At most this many.
    to
        A setting's position.
    """

    day: float
    people: float
    to: int


@dataclass(frozen=True)
class Setting:
    """Somewhere care happens (scenario specification, 5 and 8).

    Attributes
    ----------
    name, label, kind, locality
        ``name`` is ``home_care@north`` for a local setting; ``locality`` is then ``north``.
    pathway
        The discharge pathway (0 to 3) that a move into this setting counts as, or None.
    capacity
        Places by day, a step function; ``inf`` if unlimited.
    calendar
        Hours of admission, or None for always.
    places_per_person
        See :class:`PlacesPerPerson`.
    queue_class
        Shape (n_sources,): the class of each source; class 0 goes first.
    room
        People who may wait outside; ``inf`` for no limit.
    overflow
        Destination of an arrival that finds no place and no room.
    max_waits
        Rules that end a wait; no source is in two of them.
    leaving
        For each cohort, hazards of the people waiting outside.
    reserved
        Places kept for some sources.
    delay_reason
        Reason recorded for people delayed elsewhere for want of a place here.
    planned_moves
        In order of day.
    """

    name: str
    label: str
    kind: str
    pathway: int | None
    capacity: Timeline
    calendar: Calendar | None
    places_per_person: PlacesPerPerson
    queue_class: tuple[int, ...]
    room: float
    overflow: int
    max_waits: tuple[MaxWait, ...]
    leaving: tuple[tuple[Leaving, ...], ...]
    reserved: tuple[Reserved, ...]
    delay_reason: int
    planned_moves: tuple[PlannedMove, ...] = ()
    locality: str | None = None


@dataclass(frozen=True)
class ArrangementStep:
    """Time that passes between the end of a stay and the request for a place.

    Attributes
    ----------
    reason
        Position of the reason recorded meanwhile.
    stay
        Position in :attr:`Model.stays` of the distribution of the time.
    share
        Share of people who need this step.
    """

    reason: int
    stay: int
    share: float


@dataclass(frozen=True)
class Route:
    """What happens when a stay ends (scenario specification, 7).

    Attributes
    ----------
    name
        The route's key in the file.
    setting, cohort
        Whose stay has ended.
    to
        Destination.
    share
        Share of the stays that end on this route; those of a (setting, cohort) sum to one.
    is_rest
        Whether the share is what the others leave; set for at most one route of each
        (setting, cohort).
    of_survivors
        Share as written was one of survivors (``share`` is already one of everyone); used when
        an uncertain share is drawn.
    stay
        Position in :attr:`Model.stays` of the stay of people who take this route.
    steps
        Arrangement, in order.
    transfer
        Position in :attr:`Model.stays`, or None.
    wait_at_home
        Whether the place is left as soon as the stay ends.
    leaving
        Hazards during arrangement and the wait for a place.
    pathway
        The discharge pathway that taking this route counts as, or None.
    """

    name: str
    setting: int
    cohort: int
    to: int
    share: float
    is_rest: bool
    of_survivors: bool
    stay: int
    steps: tuple[ArrangementStep, ...] = ()
    transfer: int | None = None
    wait_at_home: bool = False
    leaving: tuple[Leaving, ...] = ()
    pathway: int | None = None


@dataclass(frozen=True)
class Cycle:
    """A sine in the rate of arrival: 1 + amplitude cos(2 pi (t - peak) / period).

    Attributes
    ----------
    period, peak
        Days; ``t`` is counted from the start.
    amplitude
        Share of the mean, 0 to 1.
    """

    period: float
    amplitude: float
    peak: float


@dataclass(frozen=True)
class Arrivals:
    """People of one cohort who arrive at one setting (scenario specification, 9).

    The rate at day t, in people a day, is ``rate * base(t) * (1 + growth)^(t / 365) *
    weekday * month * cycles``, where ``base`` is the series or population, or 1.

    Attributes
    ----------
    name
        Name of the arrival in the file; several cohorts share one.
    source
        Position of the name among the sources.
    cohort, to
        Who, and the setting's position.
    rate
        Per day; or per person per day if ``population`` is given; or a factor of ``series``.
    growth
        Share per year.
    population
        People of the cohort by day, or None.
    population_growth
        Share per year by which the population grows from the start.
    series
        People a day, by day, or None.
    weekday
        Seven factors, Monday first, mean one.
    month
        Twelve factors, mean one over the days of a year of 365 days.
    cycles
        Sines.
    transfer
        Position in :attr:`Model.stays`, or None.
    """

    name: str
    source: int
    cohort: int
    to: int
    rate: float
    growth: float = 0.0
    population: Timeline | None = None
    population_growth: float = 0.0
    series: Timeline | None = None
    weekday: tuple[float, ...] = (1.0,) * 7
    month: tuple[float, ...] = (1.0,) * 12
    cycles: tuple[Cycle, ...] = ()
    transfer: int | None = None


@dataclass(frozen=True)
class Census:
    """People who hold a place in a setting at the start.

    Attributes
    ----------
    setting, cohort
        Where and who.
    people
        How many, those delayed there included.
    elapsed
        Days they have been there: empty for equilibrium; one value for all; or a sample, each
        value equally likely.
    """

    setting: int
    cohort: int
    people: float
    elapsed: tuple[float, ...] = ()


@dataclass(frozen=True)
class Queued:
    """People who wait for a setting at the start.

    Attributes
    ----------
    to, cohort
        What they wait for, and who they are.
    source
        An arrival (they wait outside) or a setting (they are delayed in it, and part of its
        census).
    people
        How many.
    """

    to: int
    cohort: int
    source: int
    people: float


@dataclass(frozen=True)
class Target:
    """Which number of the model an uncertain input is.

    Attributes
    ----------
    field
        What is set. ``arrival_rate``, ``arrival_growth``, ``population`` (a factor) and
        ``population_growth``: of ``Model.arrivals[i]``. ``stay``: a factor on all times of
        ``Model.stays[i]``. ``route_share``: of ``Model.routes[i]``, as written.
        ``step_share``: of step j of route i. ``capacity``: a factor on the capacity of
        ``Model.settings[i]``. ``waiting_hazard``: ``Model.settings[i].leaving[j][k]``.
        ``delayed_hazard``: ``Model.routes[i].leaving[j]``.
    i, j, k
        Positions.
    """

    field: Literal[
        "arrival_rate",
        "arrival_growth",
        "population",
        "population_growth",
        "stay",
        "route_share",
        "step_share",
        "capacity",
        "waiting_hazard",
        "delayed_hazard",
    ]
    i: int
    j: int = 0
    k: int = 0


@dataclass(frozen=True)
class UncertainInput:
    """A number that differs between members (scenario specification, 2).

    Attributes
    ----------
    path
        Where it stands in the explicit scenario, such as ``settings.acute.stay.mean``. Draws
        are keyed by it, so the same input has the same draws in every option.
    shape
        ``two_normals`` (two halves of normals joined at ``centre``, with ``spread_low`` below
        and ``spread_high`` above; a normal if the two are equal), ``lognormal`` (``centre`` and
        ``spread_high`` are mu and sigma of the logarithm), ``uniform`` (``low`` to ``high``) or
        ``triangular`` (with its peak at ``centre``).
    nominal
        The mean as stated; what a run of one member without draws uses.
    low, high
        The interval as stated.
    level
        The probability that the interval holds the value; 1 for uniform and triangular.
    centre, spread_low, spread_high
        See ``shape``.
    least, most
        Every draw is clipped to this range.
    targets
        The numbers it sets, in the units of the file's base units. Factors (see
        :class:`Target`) are the draw divided by ``nominal``.
    """

    path: str
    shape: Literal["two_normals", "lognormal", "uniform", "triangular"]
    nominal: float
    low: float
    high: float
    level: float
    centre: float
    spread_low: float
    spread_high: float
    least: float
    most: float
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Reason:
    """A reason for delay.

    Attributes
    ----------
    name, label
        Id and text.
    responsible
        nhs, social_care, both, housing or person.
    group
        Group of the acute discharge situation report: capacity, interface_process,
        hospital_process, care_transfer_hub or wellbeing.
    """

    name: str
    label: str
    responsible: str
    group: str


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure to print beside the simulated one.

    Attributes
    ----------
    name, indicator, value, source
        Its key in the file, the id of the indicator, the figure, and where it is from.
    first_day, last_day
        The dates it is of, in days from the start; the last is not included.
    """

    name: str
    indicator: str
    value: float
    source: str
    first_day: float
    last_day: float


@dataclass(frozen=True)
class RunSettings:
    """How to run (scenario specification, 12), with every default decided.

    Attributes
    ----------
    engine, members, seed, method, deadlock
        As written.
    steps_per_day
        Flow engine: steps in a day; 0 lets the engine choose, which alone knows the phases.
    save_days
        Days between two saved times.
    warm_up_days
        Time before the start that is run and forgotten; 0 unless the start is a steady state.
    """

    engine: Literal["flow", "event", "simpy"] = "flow"
    members: int = 1
    seed: int = 1
    method: Literal["euler", "heun", "rk3"] = "heun"
    deadlock: Literal["swap", "stop"] = "swap"
    steps_per_day: int = 0
    save_days: int = 7
    warm_up_days: float = 0.0


@dataclass(frozen=True)
class Model:
    """One option of a scenario, resolved.

    Attributes
    ----------
    title, option, option_label
        What is modelled, and which option this is.
    start_date
        The calendar date of day 0.
    days
        Length of the run.
    cohorts
        Names, such as ``older`` or ``older@north``.
    settings, arrivals, routes, stays, reasons
        The parts. Every (setting, cohort) has at least one route.
    arrival_names
        Names of the arrivals, the first of the sources.
    route_drawn_at_start
        For each setting, whether the route is drawn when the stay begins (because routes have
        stays of their own) or when it ends.
    census, queued
        Who is there at the start. Both empty unless the start is a census.
    steady_start
        Whether the run begins with a warm-up to a steady state.
    inputs
        The uncertain inputs.
    published, run
        Figures to print beside the results, and how to run.
    """

    title: str
    option: str
    option_label: str
    start_date: datetime.date
    days: float
    cohorts: tuple[str, ...]
    settings: tuple[Setting, ...]
    arrivals: tuple[Arrivals, ...]
    arrival_names: tuple[str, ...]
    routes: tuple[Route, ...]
    stays: tuple[Stay, ...]
    reasons: tuple[Reason, ...]
    route_drawn_at_start: tuple[bool, ...]
    census: tuple[Census, ...] = ()
    queued: tuple[Queued, ...] = ()
    steady_start: bool = False
    inputs: tuple[UncertainInput, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    run: RunSettings = field(default_factory=RunSettings)

    @property
    def n_sources(self) -> int:
        """Number of sources: arrivals first, then settings."""
        return len(self.arrival_names) + len(self.settings)

    def source_of_setting(self, setting: int) -> int:
        """Return the source that people coming from a setting are."""
        return len(self.arrival_names) + setting

    @cached_property
    def source_names(self) -> tuple[str, ...]:
        """Names of the sources, in order."""
        return self.arrival_names + tuple(s.name for s in self.settings)

    @cached_property
    def routes_of(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Positions of the routes of each setting and cohort: ``routes_of[setting][cohort]``."""
        table: list[list[list[int]]] = [[[] for _ in self.cohorts] for _ in self.settings]
        for position, route in enumerate(self.routes):
            table[route.setting][route.cohort].append(position)
        return tuple(tuple(tuple(cell) for cell in row) for row in table)

    def destination_name(self, to: int) -> str:
        """Return the name of a destination: a setting's, or that of a way out."""
        return self.settings[to].name if to >= 0 else EXIT_NAMES[Exit(to)]

    def weekday(self, day: float) -> int:
        """Return the day of the week of a time in days from the start, 0 for Monday."""
        return (self.start_date.weekday() + math.floor(day)) % 7
