"""The model as a whole, how to run it, and what to print beside its results."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from caresim.model.change import Feedback, Intervention
from caresim.model.money import Money
from caresim.model.people import Arrivals, Census, Queued, Route
from caresim.model.places import EXIT_NAMES, Exit, Setting
from caresim.model.slow import Budget, Opening, Population, Staff
from caresim.model.uncertainty import GivenDraws, UncertainInput
from caresim.stays import Stay


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
    coupling_days
        Days between two exchanges of the slow stocks, feedbacks and interventions with the fast
        ones.
    optimism
        Whether effects from weak evidence are discounted.
    """

    engine: Literal["flow", "event", "simpy"] = "flow"
    members: int = 1
    seed: int = 1
    method: Literal["euler", "heun", "rk3"] = "heun"
    deadlock: Literal["swap", "stop"] = "swap"
    steps_per_day: int = 0
    save_days: int = 7
    warm_up_days: float = 0.0
    coupling_days: float = 1.0
    optimism: bool = True


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
    interventions, feedbacks
        What changes its numbers while it runs.
    staff, openings, population, budgets
        Slow stocks; ``population`` is None where populations only follow their tables.
    money
        Who pays whom for what; None where nothing is said of it. No engine reads it.
    given
        Draws that members have in place of their own; None for none.
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
    interventions: tuple[Intervention, ...] = ()
    feedbacks: tuple[Feedback, ...] = ()
    staff: tuple[Staff, ...] = ()
    openings: tuple[Opening, ...] = ()
    population: Population | None = None
    budgets: tuple[Budget, ...] = ()
    money: Money | None = None
    given: GivenDraws | None = None

    @property
    def is_coupled(self) -> bool:
        """Whether anything changes its numbers while it runs."""
        slow = self.interventions or self.feedbacks or self.staff or self.openings
        return bool(slow) or self.population is not None

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
