"""What every engine returns: the same variables, of the same shape, for the same model.

A variable is a **stock** (people or places at a time) or a **count** (people in a period). A
stock is reported twice: as a snapshot at each saved time, under its name with ``_at``, and as
the time average over each period between saved times, under its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from caresim.model import DAYS_PER_YEAR, Model

FloatArray = NDArray[np.float64]

PATHWAYS = ("0", "1", "2", "3")
"""Discharge pathways, in the order of the ``pathway`` dimension."""


@dataclass(frozen=True)
class Variable:
    """A reported variable.

    Attributes
    ----------
    kind
        ``stock`` or ``count``.
    dims
        Its dimensions after member and time: any of ``setting``, ``cohort``, ``reason``,
        ``pathway`` and ``to`` (a setting moved to).
    unit, meaning
        For people.
    """

    kind: Literal["stock", "count"]
    dims: tuple[str, ...]
    unit: str
    meaning: str


VARIABLES: Mapping[str, Variable] = {
    "occupied": Variable(
        "stock", ("setting", "cohort"), "people", "hold a place, in care or delayed"
    ),
    "delayed": Variable(
        "stock",
        ("setting", "cohort"),
        "people",
        "have ended their stay and not moved: in arrangement, waiting for a place, in transfer",
    ),
    "delayed_by_reason": Variable(
        "stock", ("setting", "reason"), "people", "delayed, by what they wait for"
    ),
    "waiting": Variable(
        "stock", ("setting", "cohort"), "people", "wait for the setting outside any other"
    ),
    "places_used": Variable(
        "stock", ("setting",), "places", "taken, held for people on their way included"
    ),
    "capacity": Variable("stock", ("setting",), "places", "open"),
    "arrivals": Variable(
        "count", ("setting", "cohort"), "people", "ask for the setting from outside"
    ),
    "admissions": Variable("count", ("setting", "cohort"), "people", "begin a stay"),
    "stays_ended": Variable("count", ("setting", "cohort"), "people", "are ready to leave"),
    "home": Variable("count", ("setting", "cohort"), "people", "go home"),
    "died": Variable("count", ("setting", "cohort"), "people", "die, in the setting or waiting"),
    "elsewhere": Variable("count", ("setting", "cohort"), "people", "leave the place modelled"),
    "lost": Variable("count", ("setting", "cohort"), "people", "are turned away"),
    "diverted": Variable("count", ("setting", "cohort"), "people", "are sent on when full"),
    "left_waiting": Variable(
        "count", ("setting", "cohort"), "people", "leave the wait outside before a place is free"
    ),
    "left_delayed": Variable(
        "count", ("setting", "cohort"), "people", "leave a delay before they could move"
    ),
    "rerouted": Variable(
        "count", ("setting", "cohort"), "people", "give up the queue after the maximum wait"
    ),
    "moves": Variable("count", ("setting", "to"), "people", "move to another setting"),
    "pathway_discharges": Variable(
        "count", ("setting", "pathway"), "people", "leave alive on each discharge pathway"
    ),
    "swaps": Variable("count", (), "people", "change places because they block each other"),
}
"""Every variable an engine reports, in the order they are reported."""

SLOW_VARIABLES: Mapping[str, Variable] = {
    "population": Variable("stock", ("cohort",), "people", "belong to a cohort, in care or not"),
    "staff_in_post": Variable("stock", ("staff",), "full-time equivalents", "are in post"),
    "staff_in_training": Variable(
        "stock", ("staff",), "full-time equivalents", "are recruited and not yet in post"
    ),
    "staff_vacancies": Variable("stock", ("staff",), "full-time equivalents", "are missing"),
    "staff_at_work": Variable(
        "stock", ("staff",), "full-time equivalents", "are in post, well, and not lent to others"
    ),
    "places_built": Variable(
        "stock", ("setting",), "places", "there, whether or not staff can run them"
    ),
    "double_running": Variable(
        "stock", ("setting",), "places", "open still although those that replace them are open"
    ),
    "strength": Variable("stock", ("intervention",), "share", "of its full effect"),
    "signal": Variable("stock", ("feedback",), "unit of the signal", "observed, after smoothing"),
    "answer": Variable("stock", ("feedback",), "unit of the signal", "beyond the threshold"),
    "died_at_home": Variable("count", ("cohort",), "people", "die outside any setting"),
    "joined": Variable("count", ("cohort",), "people", "are born or come, as stated"),
    "moved_away": Variable("count", ("cohort",), "people", "leave the place from home"),
    "migrated": Variable(
        "count", ("cohort",), "people", "come, less those who leave, to meet a projection"
    ),
    "displaced": Variable(
        "count", ("setting", "cohort"), "people", "come here because they are kept away elsewhere"
    ),
}
"""Variables reported as well by a model in which something changes the numbers while it runs."""

ALL_VARIABLES: Mapping[str, Variable] = {**VARIABLES, **SLOW_VARIABLES}
"""Every variable that a run may report; which of the slow ones it has depends on the model."""

MAY_BE_NEGATIVE = frozenset({"migrated", "signal"})
"""Variables that are no numbers of people, or are a balance of those who come and go."""


@dataclass(frozen=True)
class Window:
    """A stretch of the run over which totals are kept for every member.

    Attributes
    ----------
    name
        ``all``, ``year_1`` and so on, or the key of a published figure.
    first_day, last_day
        Days from the start; the last is not included. Multiples of a day.
    """

    name: str
    first_day: float
    last_day: float


def windows_of(model: Model) -> tuple[Window, ...]:
    """Return the windows of a run: all of it, each year, and the dates of published figures.

    Years have 365 days; the last may be shorter. The dates of a published figure are cut to the
    run; a figure whose dates lie outside the run has no window.
    """
    windows = [Window("all", 0.0, model.days)]
    year = 0
    while year * DAYS_PER_YEAR < model.days:
        last = min((year + 1) * DAYS_PER_YEAR, model.days)
        windows.append(Window(f"year_{year + 1}", year * DAYS_PER_YEAR, last))
        year += 1
    for figure in model.published:
        first, last = max(figure.first_day, 0.0), min(figure.last_day, model.days)
        if first < last:
            windows.append(Window(figure.name, first, last))
    return tuple(windows)


class Local(Protocol):
    """Something of which each locality has its own: a setting, or what stands for it."""

    @property
    def name(self) -> str:
        """Its name, which ends in ``@`` and the locality if it has one."""

    @property
    def locality(self) -> str | None:
        """The locality whose own it is."""


def local_groups(settings: Iterable[Local]) -> dict[str, tuple[int, ...]]:
    """Return the positions of the settings that are one local setting: from ``home_care``."""
    groups: dict[str, tuple[int, ...]] = {}
    for position, setting in enumerate(settings):
        if setting.locality is not None:
            name = setting.name.removesuffix(f"@{setting.locality}")
            groups[name] = (*groups.get(name, ()), position)
    return groups


def save_times(model: Model) -> FloatArray:
    """Return the saved times in days: 0, then every ``save_days``, and the end of the run."""
    whole = np.arange(0.0, model.days, model.run.save_days)
    return np.append(whole, model.days)


@dataclass(frozen=True)
class Check:
    """One line of the audit.

    Attributes
    ----------
    name
        Such as ``people_conserved``.
    passed
        Whether the worst member kept within the limit.
    worst
        The largest breach or residual over members.
    limit
        What is allowed.
    meaning
        A sentence that says what was checked, in what unit.
    """

    name: str
    passed: bool
    worst: float
    limit: float
    meaning: str


@dataclass(frozen=True, eq=False)
class Output:
    """One option's results from one engine.

    Attributes
    ----------
    model
        What was run.
    engine
        flow, event or simpy.
    times
        Shape (n_times,): the saved times in days, the first 0.
    windows
        What ``totals`` are over.
    totals
        For each variable, shape (members, n_windows, ...): the time average of a stock or the
        count over each window, for every member.
    mean
        For each variable, and each stock with ``_at``, shape (n_periods or n_times, ...): the
        mean over all members.
    series
        The same for each of the first members: shape (n_series, n_periods or n_times, ...).
        Members are independent draws, so the first are a fair sample.
    draws
        Shape (members, n_inputs): the uncertain inputs, in the order of ``model.inputs``.
    checks
        The audit.
    notes
        Sentences on how rules were approximated.
    spells
        How long waits, delays and stays lasted that ended in each window, for each kind of
        :data:`caresim.engines.spells.KINDS`: shape (members, n_windows, n, 7), the last axis as
        in :data:`caresim.engines.spells.STATISTICS`. None from an engine of averages.
    pooled_spells
        The same of the people of all members together: shape (n_windows, n, 7).
    """

    model: Model
    engine: str
    times: FloatArray
    windows: tuple[Window, ...]
    totals: Mapping[str, FloatArray]
    mean: Mapping[str, FloatArray]
    series: Mapping[str, FloatArray]
    draws: FloatArray
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = field(default=())
    spells: Mapping[str, FloatArray] = field(default_factory=dict)
    pooled_spells: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def members(self) -> int:
        """Number of members run."""
        return int(self.draws.shape[0])
