"""What feedbacks observe, and how strongly they answer."""

from __future__ import annotations

import math
from typing import Any

from caresim.engines.coupling import where
from caresim.engines.coupling.plan import (
    DELAY_DAYS,
    DELAYED,
    OCCUPANCY,
    UNMET,
    VACANCIES,
    WAITING,
    WORKLOAD,
    Coupling,
    compiled,
)

_LEAST_AT_WORK = 1e-9
"""Full-time equivalents: a workload is for somebody."""


@compiled
def observe(c: Coupling, state: Any, measures: Any, passed: float) -> None:
    """Bring every signal and answer up to date with what has passed since the last exchange.

    A signal y with time constant T follows what is observed, x, as dy/dt = (x - y) / T, solved
    exactly with x constant since the last exchange; it begins at the first x that is observed.
    """
    for f in range(c.at[where.N_FEEDBACKS]):
        follows = 1.0
        if c.floats[c.at[where.FEEDBACKS_SMOOTHING_DAYS] + f] > 0.0:
            follows = 1.0 - math.exp(-passed / c.floats[c.at[where.FEEDBACKS_SMOOTHING_DAYS] + f])
        signal, answer = c.at[where.STATE_SIGNAL] + f, c.at[where.STATE_ANSWER] + f
        for m in range(state.shape[1]):
            known = state[signal, m]
            seen = _observed(c, state, measures, f, known, passed, m)
            if state[c.at[where.STATE_SEEN], m] > 0.0:
                seen = known + follows * (seen - known)
            state[signal, m] = seen
            state[answer, m] = max(0.0, seen - c.floats[c.at[where.FEEDBACKS_ABOVE] + f])
    for m in range(state.shape[1]):
        state[c.at[where.STATE_SEEN], m] = 1.0


@compiled
def _observed(
    c: Coupling, state: Any, measures: Any, f: int, known: float, passed: float, m: int
) -> Any:
    """Return what feedback ``f`` observes; where that is undefined, what is ``known`` of before."""
    of, at = c.ints[c.at[where.FEEDBACKS_OF] + f], c.ints[c.at[where.FEEDBACKS_AT] + f]
    first, second, third = (
        c.ints[c.at[where.FEEDBACKS_MEASURES] + 3 * f],
        c.ints[c.at[where.FEEDBACKS_MEASURES] + 3 * f + 1],
        c.ints[c.at[where.FEEDBACKS_MEASURES] + 3 * f + 2],
    )
    if of == OCCUPANCY:
        used, open_ = measures[first, m], state[c.at[where.STATE_USABLE] + at, m]
        if open_ > 0.0:
            return used / open_
        return 1.0 if used > 0.0 else 0.0
    if of in (DELAYED, WAITING):
        return measures[first, m]
    if of == UNMET:
        without = measures[first, m] + measures[second, m]
        everyone = without + measures[third, m]
        return without / everyone if everyone > 0.0 else 0.0
    if of == DELAY_DAYS:
        left = measures[second, m]
        return measures[first, m] * passed / left if left > 0.0 else known
    if of == VACANCIES:
        posts = state[c.at[where.STATE_RATE] + 3 * c.at[where.N_STAFF] + at, m]
        return state[c.at[where.STATE_VACANCIES] + at, m] / posts if posts > 0.0 else 0.0
    total = 0.0
    for entry in range(
        c.ints[c.at[where.FEEDBACKS_FIRST] + f], c.ints[c.at[where.FEEDBACKS_LAST] + f]
    ):
        total += (
            c.floats[c.at[where.FEEDBACKS_ENTRY_WEIGHTS] + entry]
            * measures[c.ints[c.at[where.FEEDBACKS_ENTRY_MEASURES] + entry], m]
        )
    if of == WORKLOAD:
        return total / max(state[c.at[where.STATE_AT_WORK] + at, m], _LEAST_AT_WORK)
    return c.floats[c.at[where.FEEDBACKS_PER_DAY] + f] - total
