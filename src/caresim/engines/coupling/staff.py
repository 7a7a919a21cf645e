"""Staff: recruited, trained, in post, leaving (scenario specification, 19)."""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.plan import Coupling
from caresim.engines.coupling.timelines import value_at

_LEAVERS, _RECRUITMENT, _SICKNESS, _POSTS = range(4)
"""Sections of the slow side's own numbers that belong to staff groups."""

_OVER_POSTS = 1e-9
"""Share of the posts by which people may exceed them by rounding alone."""

_LONGEST = 0.25
"""Longest step, as a share of the shortest time constant: the error of the fourth order method is
then below 1e-5 of a change."""


@compiled
def set_staff_rates(c: Coupling, params: Any, state: Any, day: float) -> None:
    """Set leavers, recruitment, sickness and posts to what is stated for a day."""
    for g in range(c.at[where.N_STAFF]):
        posts = value_at(c, c.at[where.N_SETTINGS] + g, day)
        for m in range(state.shape[1]):
            for section in (_LEAVERS, _RECRUITMENT, _SICKNESS):
                row = section * c.at[where.N_STAFF] + g
                state[c.at[where.STATE_RATE] + row, m] = params[c.at[where.PARAMS_RATE] + row, m]
            state[c.at[where.STATE_RATE] + _POSTS * c.at[where.N_STAFF] + g, m] = posts


@compiled
def advance_staff(c: Coupling, state: Any, days: float) -> None:
    """Take every staff group on by some days, at the rates held meanwhile."""
    for g in range(c.at[where.N_STAFF]):
        for m in range(state.shape[1]):
            _advance(c, state, g, m, days)


@compiled
def _flows(
    in_training: float,
    in_post: float,
    leavers: float,
    recruitment: float,
    fills: bool,
    posts: float,
    trained_per_day: float,
    step: float,
) -> tuple[float, float]:
    """Return what people in training and in post change by a day."""
    vacant = posts - in_training - in_post
    recruited = recruitment
    if fills:
        recruited = recruitment * max(0.0, vacant)
    elif vacant < -_OVER_POSTS * posts:
        recruited = 0.0
    else:
        # At full strength those who leave are replaced; no step recruits more than are missing.
        recruited = min(recruitment, max(0.0, vacant) / step + leavers * in_post)
    gone = leavers * in_post
    if trained_per_day <= 0.0:
        return 0.0, recruited - gone
    trained = in_training * trained_per_day
    return recruited - trained, trained - gone


@compiled
def _advance(c: Coupling, state: Any, g: int, m: int, days: float) -> None:
    """Solve the two equations with the classical Runge-Kutta method of fourth order."""
    rate = c.at[where.STATE_RATE] + g
    leavers = state[rate + _LEAVERS * c.at[where.N_STAFF], m]
    recruitment = state[rate + _RECRUITMENT * c.at[where.N_STAFF], m]
    posts = state[rate + _POSTS * c.at[where.N_STAFF], m]
    fills = c.ints[c.at[where.STAFFING_FILLS] + g]
    trained = 0.0
    if c.floats[c.at[where.STAFFING_TRAINING_DAYS] + g] > 0.0:
        trained = 1.0 / c.floats[c.at[where.STAFFING_TRAINING_DAYS] + g]
    fastest = leavers + trained + (recruitment if fills else 0.0)
    steps = max(1, int(days * max(1.0, fastest / _LONGEST) + 0.999999))
    h = days / steps
    t, n = state[c.at[where.STATE_IN_TRAINING] + g, m], state[c.at[where.STATE_IN_POST] + g, m]
    for _ in range(steps):
        t1, n1 = _flows(t, n, leavers, recruitment, fills, posts, trained, h)
        at, an = t + 0.5 * h * t1, n + 0.5 * h * n1
        t2, n2 = _flows(at, an, leavers, recruitment, fills, posts, trained, h)
        at, an = t + 0.5 * h * t2, n + 0.5 * h * n2
        t3, n3 = _flows(at, an, leavers, recruitment, fills, posts, trained, h)
        at, an = t + h * t3, n + h * n3
        t4, n4 = _flows(at, an, leavers, recruitment, fills, posts, trained, h)
        t += h / 6.0 * (t1 + 2.0 * t2 + 2.0 * t3 + t4)
        n += h / 6.0 * (n1 + 2.0 * n2 + 2.0 * n3 + n4)
    state[c.at[where.STATE_IN_TRAINING] + g, m] = t
    state[c.at[where.STATE_IN_POST] + g, m] = n


@compiled
def set_at_work(c: Coupling, state: Any) -> None:
    """Set vacancies, and who is at work: in post, not ill, not taken by an intervention."""
    for g in range(c.at[where.N_STAFF]):
        for m in range(state.shape[1]):
            in_post = state[c.at[where.STATE_IN_POST] + g, m]
            rate = c.at[where.STATE_RATE] + g
            state[c.at[where.STATE_VACANCIES] + g, m] = max(
                0.0, state[rate + _POSTS * c.at[where.N_STAFF], m] - in_post
            )
            ill = in_post * state[rate + _SICKNESS * c.at[where.N_STAFF], m]
            state[c.at[where.STATE_AT_WORK] + g, m] = in_post - ill
    for i in range(c.at[where.N_STAFF_TAKEN]):
        by, group = (
            c.ints[c.at[where.INTERVENTIONS_STAFF] + 2 * i],
            c.ints[c.at[where.INTERVENTIONS_STAFF] + 2 * i + 1],
        )
        for m in range(state.shape[1]):
            taken = (
                c.floats[c.at[where.INTERVENTIONS_FULL_TIME] + i]
                * state[c.at[where.STATE_STRENGTH] + by, m]
            )
            row = c.at[where.STATE_AT_WORK] + group
            state[row, m] = max(0.0, state[row, m] - taken)
