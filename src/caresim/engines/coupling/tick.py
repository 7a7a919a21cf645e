"""The exchange between the slow side and the fast (scenario specification, 23).

An engine calls :func:`begin` once, and :func:`tick` at every exchange after, with what it measured
since the last. After a warm-up the state is kept: the exchange at its end is that of day 0, and
:func:`reset` and :func:`hand_over` give the levers again to whoever needs them in another table.
"""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.arrivals import set_arrivals
from caresim.engines.coupling.delay import mix
from caresim.engines.coupling.numbers import combine, set_levers, set_rates
from caresim.engines.coupling.people import advance_people, set_people_rates
from caresim.engines.coupling.places import set_places
from caresim.engines.coupling.plan import Coupling
from caresim.engines.coupling.record import accumulate
from caresim.engines.coupling.signals import observe
from caresim.engines.coupling.staff import advance_staff, set_at_work, set_staff_rates
from caresim.engines.coupling.strength import set_strengths

_AT_ONCE = 1e-9
"""Days by which two times may differ by rounding."""


@compiled
def begin(c: Coupling, params: Any, state: Any, levers: Any, day: float) -> None:
    """Set the slow stocks and levers as they are when a run begins.

    Parameters
    ----------
    c
        The slow side.
    params
        Shape (n_params, width).
    state, levers
        Shapes (n_state, width) and (n_levers, width), overwritten.
    day
        Days since the start; negative in a warm-up.
    """
    width = state.shape[1]
    for row in range(c.at[where.STATE_N_ROWS]):
        for m in range(width):
            state[row, m] = 0.0
    for g in range(c.at[where.N_STAFF]):
        for m in range(width):
            state[c.at[where.STATE_IN_POST] + g, m] = c.floats[c.at[where.STAFFING_IN_POST] + g]
    for j in range(c.at[where.N_PEOPLE]):
        for m in range(width):
            state[c.at[where.STATE_PEOPLE] + j, m] = params[c.at[where.PARAMS_PEOPLE] + j, m]
    reset(c, params, levers)
    hand_over(c, params, state, levers, day)


@compiled
def reset(c: Coupling, params: Any, levers: Any) -> None:
    """Set every lever to what it is where nothing changes it."""
    for row in range(c.at[where.LEVERS_N_ROWS]):
        for m in range(levers.shape[1]):
            levers[row, m] = params[c.at[where.PARAMS_LEVER] + row, m]


@compiled
def tick(
    c: Coupling,
    params: Any,
    state: Any,
    work: Any,
    measures: Any,
    levers: Any,
    day: float,
    passed: float,
) -> None:
    """Read what has passed, advance the slow stocks, and set the levers for the time to come.

    Parameters
    ----------
    c, params, state, levers
        As in :func:`begin`; the last two are changed.
    work
        From :func:`caresim.engines.coupling.people.scratch`.
    measures
        Shape (n_measures, width): averages and counts since the last exchange, in the order of
        the layout's ``measures``.
    day
        Now. Time up to day 0 is a warm-up, in which slow stocks stand still.
    passed
        Days since the last exchange.
    """
    accumulate(c, state, passed)
    observe(c, state, measures, passed)
    mix(c, params, state, measures, passed)
    if day > _AT_ONCE:
        advance_people(c, state, work, measures, day, passed)
        advance_staff(c, state, passed)
    hand_over(c, params, state, levers, day)


@compiled
def hand_over(c: Coupling, params: Any, state: Any, levers: Any, day: float) -> None:
    """Set every changed number, and the levers, for the time from a day on."""
    # Before the start, all stands as it is just before it: what begins that day has not begun.
    from_day = day if day > -_AT_ONCE else -_AT_ONCE
    middle = from_day + 0.5 * c.floats[c.at[where.INTERVAL]] if day > -_AT_ONCE else from_day
    set_strengths(c, params, state, middle)
    combine(c, params, state)
    set_staff_rates(c, params, state, from_day)
    set_people_rates(c, params, state)
    set_rates(c, state)
    set_at_work(c, state)
    set_places(c, params, state, levers, from_day)
    set_arrivals(c, params, state, levers)
    set_levers(c, params, state, levers)
