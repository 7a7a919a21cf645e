"""What feedbacks observe, and how strongly they answer."""

from __future__ import annotations

import math
from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.plan import (
    DELAY_DAYS,
    OCCUPANCY,
    UNDERSPEND,
    UNMET,
    VACANCIES,
    WORKLOAD,
    Coupling,
)

_LEAST_AT_WORK = 1e-9
"""Full-time equivalents: a workload is for somebody."""


@compiled
def observe(c: Coupling, state: Any, measures: Any, passed: float) -> None:
    """Bring every signal and answer up to date with what has passed since the last exchange.

    A signal y with time constant T follows what is observed, x, as dy/dt = (x - y) / T, solved
    exactly with x constant since the last exchange; it begins at the first x that is observed.
    """
    at, floats = c.at, c.floats
    seen, width = at[where.STATE_SEEN], state.shape[1]
    for f in range(at[where.N_FEEDBACKS]):
        signal, answer = at[where.STATE_SIGNAL] + f, at[where.STATE_ANSWER] + f
        # The answer's row holds what is observed until the signal is known.
        _observe_one(c, state, measures, f, answer, passed)
        follows, days = 1.0, floats[at[where.FEEDBACKS_SMOOTHING_DAYS] + f]
        if days > 0.0:
            follows = 1.0 - math.exp(-passed / days)
        above = floats[at[where.FEEDBACKS_ABOVE] + f]
        for m in range(width):
            known, now = state[signal, m], state[answer, m]
            smoothed = known + follows * (now - known) if state[seen, m] > 0.0 else now
            state[signal, m] = smoothed
            state[answer, m] = max(0.0, smoothed - above)
    for m in range(width):
        state[seen, m] = 1.0


@compiled
def _observe_one(c: Coupling, state: Any, measures: Any, f: int, out: int, passed: float) -> None:
    """Put what feedback ``f`` observes in row ``out`` of the state.

    Where it is undefined, it is what was known before.
    """
    at, ints, floats = c.at, c.ints, c.floats
    of, i = ints[at[where.FEEDBACKS_OF] + f], ints[at[where.FEEDBACKS_AT] + f]
    rows = at[where.FEEDBACKS_MEASURES] + 3 * f
    first, second, third = ints[rows], ints[rows + 1], ints[rows + 2]
    width = state.shape[1]
    if of == OCCUPANCY:
        usable = at[where.STATE_USABLE] + i
        for m in range(width):
            used, open_ = measures[first, m], state[usable, m]
            full = 1.0 if used > 0.0 else 0.0
            state[out, m] = used / open_ if open_ > 0.0 else full
    elif of == UNMET:
        for m in range(width):
            without = measures[first, m] + measures[second, m]
            everyone = without + measures[third, m]
            state[out, m] = without / everyone if everyone > 0.0 else 0.0
    elif of == DELAY_DAYS:
        signal = at[where.STATE_SIGNAL] + f
        for m in range(width):
            left = measures[second, m]
            state[out, m] = measures[first, m] * passed / left if left > 0.0 else state[signal, m]
    elif of == VACANCIES:
        all_posts = at[where.STATE_RATE] + 3 * at[where.N_STAFF] + i
        vacancies = at[where.STATE_VACANCIES] + i
        for m in range(width):
            posts = state[all_posts, m]
            state[out, m] = state[vacancies, m] / posts if posts > 0.0 else 0.0
    elif of in (WORKLOAD, UNDERSPEND):
        for m in range(width):
            state[out, m] = 0.0
        for e in range(ints[at[where.FEEDBACKS_FIRST] + f], ints[at[where.FEEDBACKS_LAST] + f]):
            row = ints[at[where.FEEDBACKS_ENTRY_MEASURES] + e]
            weight = floats[at[where.FEEDBACKS_ENTRY_WEIGHTS] + e]
            for m in range(width):
                state[out, m] += weight * measures[row, m]
        at_work, per_day = at[where.STATE_AT_WORK] + i, floats[at[where.FEEDBACKS_PER_DAY] + f]
        for m in range(width):
            if of == WORKLOAD:
                state[out, m] /= max(state[at_work, m], _LEAST_AT_WORK)
            else:
                state[out, m] = per_day - state[out, m]
    else:  # people delayed in, or waiting for, a setting
        for m in range(width):
            state[out, m] = measures[first, m]
