"""How strongly an intervention works at a time: its ramp and its fade."""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.plan import (
    BACK_LOADED,
    FRONT_LOADED,
    LINEAR,
    S_CURVE,
    Coupling,
)


@compiled
def strength(c: Coupling, intervention: int, since: float, day: float) -> Any:
    """Return the strength of an intervention, 0 to 1.

    Parameters
    ----------
    c
        The slow side.
    intervention
        Its position.
    since
        Days since it began to work, negative before.
    day
        Days since the start of the run.
    """
    if since < 0.0 or day >= c.floats[c.at[where.INTERVENTIONS_END] + intervention]:
        return 0.0
    risen = 1.0
    if (
        c.ints[c.at[where.INTERVENTIONS_SHAPE] + intervention] >= LINEAR
        and since < c.floats[c.at[where.INTERVENTIONS_OVER] + intervention]
    ):
        x = since / c.floats[c.at[where.INTERVENTIONS_OVER] + intervention]
        shape = c.ints[c.at[where.INTERVENTIONS_SHAPE] + intervention]
        if shape == FRONT_LOADED:
            risen = 1.0 - (1.0 - x) * (1.0 - x)
        elif shape == BACK_LOADED:
            risen = x * x
        elif shape == S_CURVE:
            risen = x * x * (3.0 - 2.0 * x)
        else:
            risen = x
    faded = since - c.floats[c.at[where.INTERVENTIONS_FADE_FROM] + intervention]
    if faded <= 0.0:
        return risen
    left = c.floats[c.at[where.INTERVENTIONS_FADE_TO] + intervention]
    if faded >= c.floats[c.at[where.INTERVENTIONS_FADE_OVER] + intervention]:
        return risen * left
    return risen * (
        1.0 - (1.0 - left) * faded / c.floats[c.at[where.INTERVENTIONS_FADE_OVER] + intervention]
    )


@compiled
def set_strengths(c: Coupling, params: Any, state: Any, day: float) -> None:
    """Set the strength of every intervention to that on a day."""
    for i in range(c.at[where.N_INTERVENTIONS]):
        for m in range(state.shape[1]):
            since = day - params[c.at[where.PARAMS_START] + i, m]
            state[c.at[where.STATE_STRENGTH] + i, m] = strength(c, i, since, day)
