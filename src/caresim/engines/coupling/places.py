"""Places: what is built, what staff can run, and what interventions take."""

from __future__ import annotations

import math
from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.numbers import change_row
from caresim.engines.coupling.plan import FIXED, PRIORITY, Coupling
from caresim.engines.coupling.timelines import value_at


@compiled
def set_places(c: Coupling, params: Any, state: Any, levers: Any, day: float) -> None:
    """Set the places of every setting as from a day."""
    at, ints, floats = c.at, c.ints, c.floats
    width = state.shape[1]
    _build(c, params, state, day)
    for g in range(at[where.N_STAFF]):
        _run(c, state, g)
    for i in range(at[where.N_PLACES_TAKEN]):
        taken = at[where.INTERVENTIONS_PLACES] + 2 * i
        strength = at[where.STATE_STRENGTH] + ints[taken]
        row = at[where.STATE_USABLE] + ints[taken + 1]
        places = floats[at[where.INTERVENTIONS_PLACES_TAKEN] + i]
        for m in range(width):
            state[row, m] = max(0.0, state[row, m] - places * state[strength, m])
    for s in range(at[where.N_SETTINGS]):
        if ints[at[where.PLACES_CHANGE] + s]:
            row = at[where.STATE_USABLE] + s
            for m in range(width):
                levers[at[where.LEVERS_CAPACITY] + s, m] = state[row, m]


@compiled
def _build(c: Coupling, params: Any, state: Any, day: float) -> None:
    """Set places built, and those that stand by until others have taken over."""
    at, ints = c.at, c.ints
    width, built = state.shape[1], at[where.STATE_BUILT]
    for s in range(at[where.N_SETTINGS]):
        stated = value_at(c, s, day)
        factor, double = at[where.PARAMS_CAPACITY_FACTOR] + s, at[where.STATE_DOUBLE] + s
        for m in range(width):
            state[built + s, m] = stated * params[factor, m]
        for m in range(width if at[where.N_DOUBLE] else 0):
            state[double, m] = 0.0
    _open(c, params, state, day)
    for n in range(at[where.N_NUMBERS]):
        lever = ints[at[where.NUMBERS_LEVER] + n]
        if lever >= at[where.LEVERS_CAPACITY]:
            row = built + lever - at[where.LEVERS_CAPACITY]
            change_row(c, state, n, state, row, row)
    for s in range(at[where.N_SETTINGS]):
        for m in range(width):
            state[at[where.STATE_USABLE] + s, m] = state[built + s, m]


@compiled
def _open(c: Coupling, params: Any, state: Any, day: float) -> None:
    """Add the phases that have opened, and take off those that have closed."""
    at, ints, floats = c.at, c.ints, c.floats
    width, slippage = state.shape[1], at[where.PARAMS_SLIPPAGE]
    for p in range(at[where.N_PHASES]):
        late = slippage + ints[at[where.PHASES_OPENING] + p]
        row = at[where.STATE_BUILT] + ints[at[where.PHASES_SETTING] + p]
        planned, places = floats[at[where.PHASES_DAY] + p], floats[at[where.PHASES_PLACES] + p]
        for m in range(width):
            if day >= planned + params[late, m]:
                state[row, m] += places
    for p in range(at[where.N_DOUBLE]):
        late = slippage + ints[at[where.PHASES_DOUBLE_OPENING] + p]
        row = at[where.STATE_DOUBLE] + ints[at[where.PHASES_DOUBLE_SETTING] + p]
        from_, to = (
            floats[at[where.PHASES_DOUBLE_FROM] + p],
            floats[at[where.PHASES_DOUBLE_TO] + p],
        )
        places = floats[at[where.PHASES_DOUBLE_PLACES] + p]
        for m in range(width):
            if from_ + params[late, m] <= day < to + params[late, m]:
                state[row, m] += places
    for p in range(at[where.N_PHASES]):
        row = at[where.STATE_BUILT] + ints[at[where.PHASES_SETTING] + p]
        for m in range(width):
            state[row, m] = max(0.0, state[row, m])


@compiled
def _run(c: Coupling, state: Any, g: int) -> None:
    """Limit usable places to what the staff at work in a group can run.

    Settings without a limit of their own take who is left by those with one, in proportion to the
    staff that a place there needs: so they all can run as many places.
    """
    at, ints, floats = c.at, c.ints, c.floats
    first, last = ints[at[where.STAFFING_FIRST] + g], ints[at[where.STAFFING_FIRST] + g + 1]
    deployment = ints[at[where.STAFFING_DEPLOYMENT] + g]
    settings, each = at[where.STAFFING_SETTING], at[where.STAFFING_NEEDED]
    shares, all_built, all_usable = (
        at[where.STAFFING_SHARE],
        at[where.STATE_BUILT],
        at[where.STATE_USABLE],
    )
    for m in range(state.shape[1]):
        at_work = left = state[at[where.STATE_AT_WORK] + g, m]
        needed, for_a_place_each = 0.0, 0.0
        for e in range(first, last):
            built = state[all_built + ints[settings + e], m]
            if math.isinf(built):
                for_a_place_each += floats[each + e]
            else:
                needed += floats[each + e] * built
        met = min(1.0, at_work / needed) if needed > 0.0 else 1.0
        over = max(0.0, at_work - needed)
        for e in range(first, last):
            setting = ints[settings + e]
            built = state[all_built + setting, m]
            if deployment == FIXED:
                can_run = floats[shares + e] * at_work / floats[each + e]
            elif deployment == PRIORITY:
                can_run = left / floats[each + e]
                left -= min(left, floats[each + e] * built)
            elif math.isinf(built):
                can_run = over / for_a_place_each
            else:
                can_run = built * met
            state[all_usable + setting, m] = min(state[all_usable + setting, m], can_run)
