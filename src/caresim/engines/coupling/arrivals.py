"""Factors on arrivals, and those who come somewhere else instead."""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.numbers import leads, together
from caresim.engines.coupling.plan import Coupling

_ROUNDING = 1e-12
"""Share by which more people than come may be kept away before the run says so."""


@compiled
def set_arrivals(c: Coupling, params: Any, state: Any, levers: Any) -> None:
    """Set the factors on arrivals, and send those kept away where they are cared for instead."""
    at, ints, floats = c.at, c.ints, c.floats
    width, first = levers.shape[1], at[where.LEVERS_ARRIVAL]
    for a in range(at[where.N_ARRIVALS]):
        if ints[at[where.CHANGES] + first + a]:
            for m in range(width):
                levers[first + a, m] = params[at[where.PARAMS_LEVER] + first + a, m]
    for n in range(at[where.N_NUMBERS]):
        if ints[at[where.NUMBERS_ARRIVAL] + n] >= 0:
            _set_arrival(c, params, state, levers, n)
    for a in range(at[where.N_FOLLOWING]):
        cohort = ints[at[where.PEOPLE_OF_ARRIVAL] + a]
        if cohort >= 0:
            share = floats[at[where.PEOPLE_RATE_POPULATION] + a]
            people, stated = at[where.STATE_PEOPLE] + cohort, at[where.PARAMS_PEOPLE] + cohort
            for m in range(width):
                begun = share * params[stated, m]
                levers[first + a, m] *= state[people, m] / begun if begun > 0.0 else 1.0


@compiled
def _set_arrival(c: Coupling, params: Any, state: Any, levers: Any, n: int) -> None:
    """Set one factor, and add those kept away to the arrivals they come as.

    Those whom several changes keep away together are shared out between these in proportion to
    what each alone would keep away, so the order of changes is of no account.
    """
    at, ints, floats = c.at, c.ints, c.floats
    arrival = ints[at[where.NUMBERS_ARRIVAL] + n]
    first, last = ints[at[where.TERMS_FIRST] + n], ints[at[where.TERMS_FIRST] + n + 1]
    changes, relative = at[where.STATE_CHANGE], at[where.TERMS_RELATIVE]
    rate, lever = at[where.PARAMS_ARRIVALS_PER_DAY] + arrival, at[where.LEVERS_ARRIVAL] + arrival
    base = at[where.PARAMS_LEVER] + lever  # 0 where nobody comes but those who are added
    only_factors = True
    for t in range(first, last):
        only_factors &= ints[relative + t] != 0 and ints[at[where.TERMS_DISPLACED_TO] + t] < 0
    if only_factors:
        # Nobody is sent anywhere, so what has been combined is all there is to it.
        factor = at[where.STATE_FACTOR] + n
        for m in range(levers.shape[1]):
            levers[lever, m] = params[base, m] * state[factor, m]
        return
    for m in range(levers.shape[1]):
        # An absolute change is of people a day at the start, and grows with the rate.
        unit = 1.0 / params[rate, m] if params[rate, m] > 0.0 else 0.0
        more, fewer, kept_away, added, taken = 1.0, 1.0, 0.0, 0.0, 0.0
        for t in range(first, last):
            amount = state[changes + t, m]
            if ints[relative + t]:
                kept_away += min(1.0, max(0.0, -amount))
                if leads(c, t, first):
                    up, down = max(0.0, amount), max(0.0, -amount)
                    for other in range(t + 1, last):
                        if together(c, t, other):
                            up += max(0.0, state[changes + other, m])
                            down += max(0.0, -state[changes + other, m])
                    more *= 1.0 + up
                    fewer *= max(0.0, 1.0 + up - down) / (1.0 + up)
            else:
                added += max(0.0, amount * unit)
                taken += max(0.0, -amount * unit)
        more *= params[base, m]
        left = more * fewer + added
        if taken > left * (1.0 + _ROUNDING):
            state[at[where.STATE_HELD] + n, m] = 1.0
        levers[lever, m] = max(0.0, left - taken)
        for t in range(first, last):
            to, amount = ints[at[where.TERMS_DISPLACED_TO] + t], state[changes + t, m]
            if to < 0 or not amount < 0.0:
                continue
            if ints[relative + t]:
                away = more * (1.0 - fewer) * min(1.0, -amount) / kept_away
            else:
                away = -amount * unit / taken * min(taken, left) if taken > 0.0 else 0.0
            share = floats[at[where.TERMS_DISPLACED_SHARE] + t]
            levers[at[where.LEVERS_ARRIVAL] + to, m] += share * away
