"""The population: everyone of a cohort, at home and in care (scenario specification, 21)."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.plan import Coupling, FloatArray
from caresim.engines.coupling.timelines import value_at

_LONGEST = 0.05
"""Longest step, as a share of the shortest time constant of a flow (see :mod:`.staff`)."""


def scratch(c: Coupling) -> FloatArray:
    """Return a table for :func:`advance_people` to work in."""
    return np.zeros((6, 2 * int(c.at[where.N_PEOPLE])))


@compiled
def set_people_rates(c: Coupling, params: Any, state: Any) -> None:
    """Set deaths at home and transitions to what is stated."""
    first = 4 * c.at[where.N_STAFF]
    for row in range(first, first + c.at[where.N_PEOPLE] + c.at[where.N_TRANSITIONS]):
        for m in range(state.shape[1]):
            state[c.at[where.STATE_RATE] + row, m] = params[c.at[where.PARAMS_RATE] + row, m]


@compiled
def advance_people(
    c: Coupling, state: Any, work: Any, measures: Any, day: float, days: float
) -> None:
    """Take the population on by some days, at the rates held meanwhile.

    People at home are all less those away, whose number is held at its average since the last
    exchange. Deaths in care and people who left for elsewhere from there are taken off as counted.

    Parameters
    ----------
    c, state, measures
        The slow side.
    work
        From :func:`scratch`.
    day
        Now, days since the start.
    days
        Since the last exchange.
    """
    n_cohorts = c.at[where.N_PEOPLE]
    if n_cohorts == 0:
        return
    for m in range(state.shape[1]):
        _advance(c, state, work, measures, m, days)
        for j in range(n_cohorts):
            died, gone = (
                measures[c.ints[c.at[where.PEOPLE_MEASURES] + 3 * j + 1], m],
                measures[c.ints[c.at[where.PEOPLE_MEASURES] + 3 * j + 2], m],
            )
            row = c.at[where.STATE_PEOPLE] + j
            state[row, m] -= died + gone
            if c.ints[c.at[where.PEOPLE_TIMELINE] + j] >= 0:
                projected = value_at(c, c.ints[c.at[where.PEOPLE_TIMELINE] + j], day)
                state[c.at[where.STATE_MIGRATED] + j, m] += projected - state[row, m]
                state[row, m] = projected


@compiled
def _flows(c: Coupling, state: Any, people: Any, measures: Any, m: int, change: Any) -> None:
    """Put what the people of each cohort change by a day into ``change``, then those at home."""
    rate = c.at[where.STATE_RATE] + 4 * c.at[where.N_STAFF]
    n = c.at[where.N_PEOPLE]
    for j in range(n):
        home = max(0.0, people[j] - measures[c.ints[c.at[where.PEOPLE_MEASURES] + 3 * j], m])
        change[j] = (
            c.floats[c.at[where.PEOPLE_JOINS] + j]
            - (state[rate + j, m] + c.floats[c.at[where.PEOPLE_LEAVES] + j]) * home
        )
        change[n + j] = home
    for k in range(c.at[where.N_TRANSITIONS]):
        from_, to = c.ints[c.at[where.PEOPLE_FROM] + k], c.ints[c.at[where.PEOPLE_TO] + k]
        moved = state[rate + n + k, m] * change[n + from_]
        change[from_] -= moved
        change[to] += moved


@compiled
def _advance(c: Coupling, state: Any, work: Any, measures: Any, m: int, days: float) -> None:
    """Solve the equations with the classical Runge-Kutta method of fourth order.

    Rows of ``work``: people of each cohort and their days at home so far, the same at a stage, and
    what both change by at the four stages.
    """
    n = c.at[where.N_PEOPLE]
    rate = c.at[where.STATE_RATE] + 4 * c.at[where.N_STAFF]
    fastest = 0.0
    for j in range(n):
        out = state[rate + j, m] + c.floats[c.at[where.PEOPLE_LEAVES] + j]
        for k in range(c.at[where.N_TRANSITIONS]):
            if c.ints[c.at[where.PEOPLE_FROM] + k] == j:
                out += state[rate + n + k, m]
        fastest = max(fastest, out)
        work[0, j] = state[c.at[where.STATE_PEOPLE] + j, m]
        work[0, n + j] = 0.0
    steps = max(1, int(days * fastest / _LONGEST + 0.999999))
    h = days / steps
    for _ in range(steps):
        _flows(c, state, work[0], measures, m, work[2])
        for stage in range(3):
            part = h if stage == 2 else 0.5 * h
            for j in range(2 * n):
                work[1, j] = work[0, j] + part * work[2 + stage, j]
            _flows(c, state, work[1], measures, m, work[3 + stage])
        for j in range(2 * n):
            work[0, j] += h / 6.0 * (work[2, j] + 2.0 * work[3, j] + 2.0 * work[4, j] + work[5, j])
    for j in range(n):
        at_home = work[0, n + j]
        state[c.at[where.STATE_PEOPLE] + j, m] = work[0, j]
        state[c.at[where.STATE_JOINED] + j, m] += c.floats[c.at[where.PEOPLE_JOINS] + j] * days
        state[c.at[where.STATE_DIED_AT_HOME] + j, m] += state[rate + j, m] * at_home
        state[c.at[where.STATE_MOVED_AWAY] + j, m] += (
            c.floats[c.at[where.PEOPLE_LEAVES] + j] * at_home
        )
