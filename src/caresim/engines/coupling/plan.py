"""What compiled code is given about the slow side of a model: one named tuple of plain arrays.

All figures of members are tables with a row for each number and a column for each member:
parameters (:class:`Params`), slow stocks and signals (:class:`State`), what was observed
(:class:`Measure`) and what is handed to the fast side (:class:`Levers`). An engine of people
passes tables one column wide. Columns never meet, so a member has the same bits beside any other.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NONE: Final = -1

STOCKS: Final = (
    "used",
    "occupied",
    "in_care",
    "delayed",
    "delayed_for",
    "delayed_to",
    "waiting",
    "away",
)
COUNTS: Final = ("admissions", "moves", "left", "left_delayed", "died", "elsewhere")
"""Kinds of :class:`Measure`."""

OCCUPANCY, DELAYED, WAITING, UNMET, DELAY_DAYS, VACANCIES, WORKLOAD, UNDERSPEND = range(8)
"""Signals, in the order of :data:`SIGNALS`."""

SIGNALS: Final = (
    "occupancy",
    "delayed",
    "waiting",
    "unmet",
    "delay_days",
    "vacancies",
    "workload",
    "underspend",
)

BY_STRENGTH, BY_ANSWER, BY_MIXTURE = range(3)
"""What a term follows: the strength of an intervention, the answer to a signal, or the mean over
the people in a setting of what their own delays have done to them."""

STEP, LINEAR, FRONT_LOADED, BACK_LOADED, S_CURVE = range(5)
"""Shapes of ramps."""

SHARED, PRIORITY, FIXED = range(3)
"""How staff are deployed."""


class Measure(NamedTuple):
    """Something the slow side reads of the fast side at each exchange.

    Attributes
    ----------
    kind
        One of :data:`STOCKS`, read as its time average since the last exchange, or of
        :data:`COUNTS`, read as the number of events since then. ``used``: places used.
        ``occupied``: people who hold a place. ``in_care``: those whose stay goes on. ``delayed``:
        those whose stay has ended. ``delayed_for``: people delayed elsewhere for want of a place
        in the setting. ``delayed_to``: people delayed in the setting on their way (arrangement,
        wait and transfer) to the setting ``to``. ``waiting``: people waiting outside. ``away``:
        everyone of the cohort who is in any setting or waits outside one. ``admissions``: stays
        begun. ``moves``: people who moved from the setting to ``to``. ``left``: people who left
        the setting, dead or alive (stays begun less the change of those who hold a place).
        ``left_delayed``: as the variable of that name. ``died``, ``elsewhere``: people who died
        in or waiting for a setting, or left the place modelled.
    setting, cohort, to
        Positions; -1 for all of them together (or where it does not apply).
    """

    kind: str
    setting: int = NONE
    cohort: int = NONE
    to: int = NONE

    @property
    def is_count(self) -> bool:
        """Whether it is a number of events rather than of people."""
        return self.kind in COUNTS


class Levers(NamedTuple):
    """First rows of the sections of a table of levers: what the fast side reads.

    Attributes
    ----------
    arrival
        A factor on the rate of each of ``Model.arrivals``; of one that is displaced from
        another, on that other's rate.
    pace
        For each setting and cohort (settings first), the speed of the clock of stays there.
    route_share
        Shares of ``Model.routes``; those of a setting and cohort sum to one.
    step_time, step_share
        For each step of arrangement of each route: a factor on its time, and the share of people
        who need it.
    waiting_hazard, delayed_hazard
        As in :class:`caresim.engines.draws.MemberNumbers`.
    capacity
        Usable places of each setting.
    n_rows
        Number of rows.
    """

    arrival: int
    pace: int
    route_share: int
    step_time: int
    step_share: int
    waiting_hazard: int
    delayed_hazard: int
    capacity: int
    n_rows: int


class Params(NamedTuple):
    """First rows of the sections of a table of parameters, which never changes in a run.

    Attributes
    ----------
    lever
        What each lever is where nothing changes it.
    rate
        What each of the slow side's own numbers is (see :class:`State`), posts left out.
    amount
        Of each term: the amount at full strength, times its reach and after the correction for
        optimism; for a feedback, for each ``per`` of its signal.
    start
        Day on which each intervention begins to work.
    slippage
        Days by which each opening is late.
    capacity_factor
        Of each setting.
    arrivals_per_day
        People a day at the start, of each arrival.
    people
        Of each cohort at the start.
    n_rows
        Number of rows.
    """

    lever: int
    rate: int
    amount: int
    start: int
    slippage: int
    capacity_factor: int
    arrivals_per_day: int
    people: int
    n_rows: int


class State(NamedTuple):
    """First rows of the sections of a table of state.

    Attributes
    ----------
    seen
        One row: 1 once anything has been observed.
    signal, answer
        Of each feedback: the smoothed signal, and its excess over the threshold.
    strength
        Of each intervention, from now to the next exchange.
    change
        Of each term: its change now.
    factor, extra, held
        Of each changed number: the product of relative changes, the sum of the others, and
        whether it has ever been held at the end of its range.
    value
        One row to work in.
    rate
        The slow side's own numbers, from now to the next exchange: leavers, recruitment (a rate
        or a share of vacancies), sickness and posts of each staff group; deaths at home of each
        cohort; rates of transition.
    in_post, in_training, vacancies, at_work
        Of each staff group.
    people
        Of each cohort, those in care included.
    mixture
        Of each term by mixture: the mean of its change over the people now in the setting.
    built, usable, double
        Of each setting: places there are, places that can be used, and places that will close
        once those that replace them, open already, have taken over.
    died_at_home, joined, moved_away, migrated
        Of each cohort: people so far.
    integral
        Of each stock that is recorded: its integral over time so far.
    n_rows
        Number of rows.
    """

    seen: int
    signal: int
    answer: int
    strength: int
    change: int
    factor: int
    extra: int
    held: int
    value: int
    rate: int
    in_post: int
    in_training: int
    vacancies: int
    at_work: int
    people: int
    mixture: int
    built: int
    usable: int
    double: int
    died_at_home: int
    joined: int
    moved_away: int
    migrated: int
    integral: int
    n_rows: int


class Timelines(NamedTuple):
    """Values by date, laid end to end: timeline i has positions ``first[i]`` to ``first[i + 1]``.

    ``linear`` says whether it is joined by straight lines. The first are the capacities of the
    settings, then come the posts of staff groups, then projections of population.
    """

    first: IntArray
    days: FloatArray
    values: FloatArray
    linear: BoolArray


class Terms(NamedTuple):
    """Changes of numbers, those of a number together.

    Number n has terms ``first[n]`` to ``first[n + 1]``. ``follows`` and ``owner`` say whose
    strength, answer or mixture a term follows; ``per`` and ``most`` are those of feedbacks.
    ``displaced_to`` is the arrival that a share ``displaced_share`` of those kept away come as.
    """

    first: IntArray
    follows: IntArray
    owner: IntArray
    relative: BoolArray
    per: FloatArray
    most: FloatArray
    displaced_to: IntArray
    displaced_share: FloatArray


class Numbers(NamedTuple):
    """The numbers that something changes.

    ``lever`` is the lever each sets, or -1; ``rate`` its row among the slow side's own numbers,
    or -1; ``low`` and ``high`` its range. ``arrival`` is the arrival it is the rate of, or -1.
    """

    lever: IntArray
    rate: IntArray
    arrival: IntArray
    low: FloatArray
    high: FloatArray


class Interventions(NamedTuple):
    """Ramps (see :class:`caresim.model.Ramp`), and the staff and places interventions take.

    ``staff`` and ``places`` have a row (intervention, group or setting) for each amount of
    ``full_time`` and ``places_taken``.
    """

    shape: IntArray
    over: FloatArray
    end: FloatArray
    fade_from: FloatArray
    fade_over: FloatArray
    fade_to: FloatArray
    staff: IntArray
    full_time: FloatArray
    places: IntArray
    places_taken: FloatArray


class Feedbacks(NamedTuple):
    """Signals (see :class:`caresim.model.Signal`).

    ``measures``, shape (n_feedbacks, 3), are rows of measures, -1 for none: what is observed, and
    for a share what it is a share of. ``first`` and ``last`` bound the entries of a workload or a
    budget in ``entry_measures`` (people or places) and ``entry_weights``.
    """

    of: IntArray
    at: IntArray
    above: FloatArray
    smoothing_days: FloatArray
    measures: IntArray
    first: IntArray
    last: IntArray
    entry_measures: IntArray
    entry_weights: FloatArray
    per_day: FloatArray


class Mixtures(NamedTuple):
    """Changes that follow each person's own delay (see :mod:`.delay`).

    Each is of people of ``cohort`` who come to ``setting`` from ``origin``, and of their stay
    (``route`` -1) or of the share of a route after it. ``measures``, shape (n, 6): people delayed
    on the way, moves, people delayed there on any way, people who left a delay, admissions, people
    in care; -1 in an engine of people, which follows each of them. ``amount`` is the row of the
    parameters among amounts.
    """

    origin: IntArray
    setting: IntArray
    cohort: IntArray
    route: IntArray
    relative: BoolArray
    amount: IntArray
    above: FloatArray
    per: FloatArray
    most: FloatArray
    measures: IntArray


class Staffing(NamedTuple):
    """Staff groups: group g runs the settings of entries ``first[g]`` to ``first[g + 1]``.

    ``needed`` is people for a place, ``share`` the fixed share of an entry. ``deployment`` is
    one of SHARED, PRIORITY and FIXED; ``fills`` whether recruitment is a share of vacancies.
    """

    in_post: FloatArray
    training_days: FloatArray
    fills: BoolArray
    deployment: IntArray
    first: IntArray
    setting: IntArray
    needed: FloatArray
    share: FloatArray


class Phases(NamedTuple):
    """Phases of openings and closings: ``places`` change in ``setting`` on ``day`` + slippage.

    ``opening`` is the position of its slippage. Double running: ``double_places`` of
    ``double_setting`` stand by from ``double_from`` to ``double_to``.
    """

    setting: IntArray
    places: FloatArray
    day: FloatArray
    opening: IntArray
    double_setting: IntArray
    double_places: FloatArray
    double_from: FloatArray
    double_to: FloatArray
    double_opening: IntArray


class People(NamedTuple):
    """Flows of the population (see :class:`caresim.model.Population`).

    ``measures``, shape (n_cohorts, 3): people away, deaths in care, people who left for
    elsewhere; empty where populations are no stocks. ``timeline`` is the projection of each
    cohort, -1 for none; ``of_arrival`` and ``rate_population`` say whose rate follows which
    cohort, and the population that rate is stated for.
    """

    measures: IntArray
    joins: FloatArray
    leaves: FloatArray
    from_: IntArray
    to: IntArray
    timeline: IntArray
    of_arrival: IntArray
    rate_population: FloatArray


class Parts(NamedTuple):
    """The slow side of a model, part by part.

    Attributes
    ----------
    interval
        Days between exchanges.
    n_settings, n_cohorts, n_staff, n_arrivals, n_measures
        Sizes.
    levers, params, state
        Where everything is in the tables.
    changes
        For each lever, whether anything can change it; the fast side need read no others.
    groups, group_routes
        Setting-and-cohort groups of routes of which a share can change: group i has the routes
        ``group_routes[groups[i]]`` to ``group_routes[groups[i + 1]]``. ``route_changes`` says
        which routes are changed by a term rather than by what the others leave.
    places_change
        For each setting, whether its usable places are worked out here.
    stocks, tallies
        Rows of the state that are recorded, as time averages and as changes (see :mod:`.record`).
    """

    interval: float
    n_settings: int
    n_cohorts: int
    n_staff: int
    n_arrivals: int
    n_measures: int
    levers: Levers
    params: Params
    state: State
    changes: BoolArray
    groups: IntArray
    group_routes: IntArray
    route_number: IntArray
    places_change: BoolArray
    timelines: Timelines
    numbers: Numbers
    terms: Terms
    interventions: Interventions
    feedbacks: Feedbacks
    mixtures: Mixtures
    staffing: Staffing
    phases: Phases
    people: People
    stocks: IntArray
    tallies: IntArray


class Coupling(NamedTuple):
    """The slow side of a model as compiled code reads it: all of its parts in two arrays.

    A hundred arrays handed from function to function would take minutes to compile.

    Attributes
    ----------
    at
        By name (see :mod:`.where`): where a part begins, or a size.
    ints, floats
        The parts, end to end.
    """

    at: IntArray
    ints: IntArray
    floats: FloatArray
