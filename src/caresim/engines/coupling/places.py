"""Places: what is built, what staff can run, and what interventions take."""

from __future__ import annotations

import math
from typing import Any

from caresim.engines.coupling import where
from caresim.engines.coupling.numbers import changed
from caresim.engines.coupling.plan import FIXED, PRIORITY, Coupling, compiled
from caresim.engines.coupling.timelines import value_at


@compiled
def set_places(c: Coupling, params: Any, state: Any, levers: Any, day: float) -> None:
    """Set the places of every setting as from a day."""
    _build(c, params, state, day)
    for g in range(c.at[where.N_STAFF]):
        for m in range(state.shape[1]):
            _run(c, state, g, m)
    for i in range(c.at[where.N_PLACES_TAKEN]):
        by, setting = (
            c.ints[c.at[where.INTERVENTIONS_PLACES] + 2 * i],
            c.ints[c.at[where.INTERVENTIONS_PLACES] + 2 * i + 1],
        )
        for m in range(state.shape[1]):
            taken = (
                c.floats[c.at[where.INTERVENTIONS_PLACES_TAKEN] + i]
                * state[c.at[where.STATE_STRENGTH] + by, m]
            )
            row = c.at[where.STATE_USABLE] + setting
            state[row, m] = max(0.0, state[row, m] - taken)
    for s in range(c.at[where.N_SETTINGS]):
        if c.ints[c.at[where.PLACES_CHANGE] + s]:
            for m in range(state.shape[1]):
                levers[c.at[where.LEVERS_CAPACITY] + s, m] = state[c.at[where.STATE_USABLE] + s, m]


@compiled
def _build(c: Coupling, params: Any, state: Any, day: float) -> None:
    """Set places built, and those that stand by until others have taken over."""
    for s in range(c.at[where.N_SETTINGS]):
        stated = value_at(c, s, day)
        for m in range(state.shape[1]):
            state[c.at[where.STATE_BUILT] + s, m] = (
                stated * params[c.at[where.PARAMS_CAPACITY_FACTOR] + s, m]
            )
            state[c.at[where.STATE_DOUBLE] + s, m] = 0.0
    for p in range(c.at[where.N_PHASES]):
        for m in range(state.shape[1]):
            late = params[c.at[where.PARAMS_SLIPPAGE] + c.ints[c.at[where.PHASES_OPENING] + p], m]
            if day >= c.floats[c.at[where.PHASES_DAY] + p] + late:
                state[c.at[where.STATE_BUILT] + c.ints[c.at[where.PHASES_SETTING] + p], m] += (
                    c.floats[c.at[where.PHASES_PLACES] + p]
                )
    for p in range(c.at[where.N_DOUBLE]):
        for m in range(state.shape[1]):
            late = params[
                c.at[where.PARAMS_SLIPPAGE] + c.ints[c.at[where.PHASES_DOUBLE_OPENING] + p], m
            ]
            if (
                c.floats[c.at[where.PHASES_DOUBLE_FROM] + p] + late
                <= day
                < c.floats[c.at[where.PHASES_DOUBLE_TO] + p] + late
            ):
                state[
                    c.at[where.STATE_DOUBLE] + c.ints[c.at[where.PHASES_DOUBLE_SETTING] + p], m
                ] += c.floats[c.at[where.PHASES_DOUBLE_PLACES] + p]
    for s in range(c.at[where.N_SETTINGS]):
        for m in range(state.shape[1]):
            row = c.at[where.STATE_BUILT] + s
            state[row, m] = max(0.0, state[row, m])
    for n in range(c.at[where.N_NUMBERS]):
        if c.ints[c.at[where.NUMBERS_LEVER] + n] >= c.at[where.LEVERS_CAPACITY]:
            row = (
                c.at[where.STATE_BUILT]
                + c.ints[c.at[where.NUMBERS_LEVER] + n]
                - c.at[where.LEVERS_CAPACITY]
            )
            for m in range(state.shape[1]):
                state[row, m] = changed(c, state, n, state[row, m], m)
    for s in range(c.at[where.N_SETTINGS]):
        for m in range(state.shape[1]):
            state[c.at[where.STATE_USABLE] + s, m] = state[c.at[where.STATE_BUILT] + s, m]


@compiled
def _run(c: Coupling, state: Any, g: int, m: int) -> None:
    """Limit usable places to what the staff at work in a group can run.

    Settings without a limit of their own take who is left by those with one, in proportion to the
    staff that a place there needs: so they all can run as many places.
    """
    left = state[c.at[where.STATE_AT_WORK] + g, m]
    needed, for_a_place_each = 0.0, 0.0
    for e in range(
        c.ints[c.at[where.STAFFING_FIRST] + g], c.ints[c.at[where.STAFFING_FIRST] + g + 1]
    ):
        built = state[c.at[where.STATE_BUILT] + c.ints[c.at[where.STAFFING_SETTING] + e], m]
        if math.isinf(built):
            for_a_place_each += c.floats[c.at[where.STAFFING_NEEDED] + e]
        else:
            needed += c.floats[c.at[where.STAFFING_NEEDED] + e] * built
    at_work = left
    met = min(1.0, at_work / needed) if needed > 0.0 else 1.0
    over = max(0.0, at_work - needed)
    for e in range(
        c.ints[c.at[where.STAFFING_FIRST] + g], c.ints[c.at[where.STAFFING_FIRST] + g + 1]
    ):
        setting = c.ints[c.at[where.STAFFING_SETTING] + e]
        built = state[c.at[where.STATE_BUILT] + setting, m]
        if c.ints[c.at[where.STAFFING_DEPLOYMENT] + g] == FIXED:
            can_run = (
                c.floats[c.at[where.STAFFING_SHARE] + e]
                * at_work
                / c.floats[c.at[where.STAFFING_NEEDED] + e]
            )
        elif c.ints[c.at[where.STAFFING_DEPLOYMENT] + g] == PRIORITY:
            can_run = left / c.floats[c.at[where.STAFFING_NEEDED] + e]
            left -= min(left, c.floats[c.at[where.STAFFING_NEEDED] + e] * built)
        elif math.isinf(built):
            can_run = over / for_a_place_each
        else:
            can_run = built * met
        row = c.at[where.STATE_USABLE] + setting
        state[row, m] = min(state[row, m], can_run)
