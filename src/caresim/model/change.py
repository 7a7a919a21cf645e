"""What changes numbers of the model while it runs: interventions and feedbacks.

Both are lists of :class:`Change`: which number, by how much at full strength. An intervention's
strength follows the calendar (:class:`Ramp`) and is for the share of people it reaches; a
feedback's strength follows a :class:`Signal`, something observed in the running model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChangedField = Literal[
    "arrival_rate",
    "stay",
    "route_share",
    "step_time",
    "step_share",
    "waiting_hazard",
    "delayed_hazard",
    "capacity",
    "leavers",
    "recruitment",
    "sickness",
    "posts",
    "home_deaths",
    "transition",
]

LEAST_STAY = 0.05
MOST_STAY = 20.0
"""Range of the factor on a stay: beyond, a change of a stay is another kind of care."""


@dataclass(frozen=True)
class Changed:
    """Which number of the model a change is of.

    Attributes
    ----------
    field
        ``arrival_rate`` of ``Model.arrivals[i]``; ``stay`` of setting i and cohort j (the clock of
        the stays of all who are there, so also of those begun before); ``route_share`` of
        ``Model.routes[i]``; ``step_time`` and ``step_share`` of step j of route i (of steps that
        begin); ``waiting_hazard`` of ``Model.settings[i].leaving[j][k]``; ``delayed_hazard`` of
        ``Model.routes[i].leaving[j]``; ``capacity`` of setting i; ``leavers``, ``recruitment``,
        ``sickness`` and ``posts`` of ``Model.staff[i]``; ``home_deaths`` of cohort i;
        ``transition`` of ``Model.population.transitions[i]``.
    i, j, k
        Positions.
    """

    field: ChangedField
    i: int
    j: int = 0
    k: int = 0


@dataclass(frozen=True)
class Change:
    """A change of one number of the model, at full strength and for the people reached.

    With strength s and reach r (1 where it does not apply), the number x becomes, for ``relative``
    changes, x (1 + s r amount), multiplied over all changes of x; for ``absolute`` ones,
    x + s r amount, added after. Changes of route shares are shares moved from (or to) the other
    routes of the setting and cohort, in proportion to these.

    Attributes
    ----------
    of
        The number.
    kind
        ``relative`` (a share of x) or ``absolute`` (in x's own unit: share, per person per day,
        places, full-time equivalents; people a day for arrivals, also where ``Arrivals.rate`` is
        per person or a factor, and for ``Staff.recruitment``, or share a day for ``Staff.fills``).
    amount
        At full strength. For a feedback: for each ``per`` of its signal.
    per
        Feedback: by how much the signal rises for one ``amount``; 1 for interventions.
    most
        Feedback: the largest change in either direction, in the unit of ``amount`` and as a
        magnitude; infinite for none.
    reach
        Intervention: share of the people concerned who are reached.
    discount
        Share by which an ``amount`` in the hoped-for direction is reduced for weak evidence.
    hoped
        The sign of the amount that is a benefit: -1, 1, or 0 if none is.
    displaced_to, displaced_share
        For reductions of an arrival: position in ``Model.arrivals`` of the arrival that carries
        the people who come somewhere else instead, and their share; -1 for none.
    """

    of: Changed
    kind: Literal["relative", "absolute"]
    amount: float
    per: float = 1.0
    most: float = float("inf")
    reach: float = 1.0
    discount: float = 0.0
    hoped: int = 0
    displaced_to: int = -1
    displaced_share: float = 0.0


@dataclass(frozen=True)
class Ramp:
    """How the strength of an intervention goes from 0 to 1 and may fade again.

    Attributes
    ----------
    start
        Days from the start of the run to the day it begins to work: the date it is decided plus
        its lead time.
    shape
        ``step``; ``linear``; ``front_loaded``: 1 - (1 - x)^2; ``back_loaded``: x^2; ``s_curve``:
        3 x^2 - 2 x^3, with x the share of ``over`` that has passed.
    over
        Days from 0 to full strength; 0 for a step.
    end
        Day on which it stops at once; infinite if never.
    fade_from, fade_over, fade_to
        Days from ``start`` at full strength before it fades, days the fade takes (linear), and
        the strength left.
    """

    start: float
    shape: Literal["step", "linear", "front_loaded", "back_loaded", "s_curve"] = "step"
    over: float = 0.0
    end: float = float("inf")
    fade_from: float = float("inf")
    fade_over: float = 0.0
    fade_to: float = 1.0


@dataclass(frozen=True)
class Intervention:
    """Something done, with its effects (scenario specification, 17).

    Attributes
    ----------
    name, label
        Its key and text.
    ramp
        When it works.
    changes
        Its effects.
    staff
        (position in ``Model.staff``, full-time equivalents) taken from other work at full
        strength.
    uses
        (setting, places) taken from others' use at full strength.
    evidence, strength, source
        Entry of the evidence library, strength grade, and where the figures are from; empty where
        none is given.
    """

    name: str
    label: str
    ramp: Ramp
    changes: tuple[Change, ...]
    staff: tuple[tuple[int, float], ...] = ()
    uses: tuple[tuple[int, float], ...] = ()
    evidence: str = ""
    strength: str = ""
    source: str = ""


@dataclass(frozen=True)
class Signal:
    """Something observed in the running model that a feedback answers.

    Attributes
    ----------
    of
        ``occupancy`` of setting i (places used / places open); ``delayed`` and ``waiting``
        (people; waiting outside) of setting i; ``unmet`` (waiting outside and delayed elsewhere
        for want of a place in setting i / these and those in it); ``delay_days`` (days each
        person spends delayed in setting i before they move on, their own); ``vacancies`` (share
        of posts of staff group i without a person) and ``workload`` (staff that the people in and
        waiting for its settings need / staff at work) of ``Model.staff[i]``; ``underspend``
        (budget less spend, GBP a day) of ``Model.budgets[i]``.
    i
        Position.
    above
        What is answered is the signal's excess over this (never below 0), in the signal's unit.
    delay_days
        Time constant of the smoothing (first order) between what is observed and what answers;
        0 for none.
    """

    of: Literal[
        "occupancy",
        "delayed",
        "waiting",
        "unmet",
        "delay_days",
        "vacancies",
        "workload",
        "underspend",
    ]
    i: int
    above: float = 0.0
    delay_days: float = 0.0


@dataclass(frozen=True)
class Feedback:
    """A loop: what is observed, and which numbers answer (scenario specification, 18).

    Attributes
    ----------
    name, label, source
        Its key, text, and where its strength is from.
    signal
        What is observed.
    changes
        What answers; only ``stay`` and ``route_share`` where the signal is ``delay_days``, and
        then of the stay (and the routes after it) that follows the delay.
    """

    name: str
    label: str
    signal: Signal
    changes: tuple[Change, ...]
    source: str = ""
