"""What is recorded of the slow side, for results."""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.plan import Coupling


@compiled
def accumulate(c: Coupling, state: Any, passed: float) -> None:
    """Add what has passed since the last exchange to the integrals of stocks, held meanwhile."""
    for k in range(c.at[where.N_STOCKS]):
        row, integral = c.ints[c.at[where.STOCKS] + k], c.at[where.STATE_INTEGRAL] + k
        for m in range(state.shape[1]):
            state[integral, m] += state[row, m] * passed


@compiled
def record(c: Coupling, state: Any, since: float, out: Any, first: int) -> None:
    """Write what is recorded, as of some days after the last exchange.

    Parameters
    ----------
    c, state
        The slow side.
    since
        Days since the last exchange.
    out, first
        Table of the width of the state, and its first row to write to: for each stock its value,
        then for each its integral over time, then for each tally its count so far.
    """
    n = c.at[where.N_STOCKS]
    for k in range(n):
        row, integral = c.ints[c.at[where.STOCKS] + k], c.at[where.STATE_INTEGRAL] + k
        for m in range(state.shape[1]):
            out[first + k, m] = state[row, m]
            out[first + n + k, m] = state[integral, m] + state[row, m] * since
    for k in range(c.at[where.N_TALLIES]):
        for m in range(state.shape[1]):
            out[first + 2 * n + k, m] = state[c.ints[c.at[where.TALLIES] + k], m]
