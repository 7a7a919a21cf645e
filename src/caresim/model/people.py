"""People: how they come, what happens when a stay ends, and who is there at the start."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.model.places import Leaving
from caresim.model.time import Timeline


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
    displaced_from
        Position in :attr:`Model.arrivals` of the arrival whose people come here instead, where
        an intervention keeps them away from there; -1 for ordinary arrivals. Its numbers are
        those of the other one, so that its people are the displaced share of the reduction
        times this rate: nobody while no intervention acts.
    only_added
        Whether the rate in the file is 0, and people come only where a change adds some. ``rate``
        is then one person a day at the start, the unit in which they are added.
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
    displaced_from: int = -1
    only_added: bool = False


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
    remaining
        Position in :attr:`Model.stays` of how much longer they stay, in place of ``elapsed``; or
        None.
    """

    setting: int
    cohort: int
    people: float
    elapsed: tuple[float, ...] = ()
    remaining: int | None = None


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
