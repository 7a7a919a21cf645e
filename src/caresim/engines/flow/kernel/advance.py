"""Runs a stock-and-flow network for any number of members.

Members are advanced in fixed blocks of 64, each by one call of compiled code that holds no
interpreter lock. Block boundaries depend on a member's number alone and blocks are combined in
their order, so results do not depend on the number of threads; a member's own figures do not
depend on who else is in its block.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from caresim.engines.flow.kernel.block import advance_block
from caresim.engines.flow.kernel.check import check_members, check_network
from caresim.engines.flow.kernel.limits import fractions_asked
from caresim.engines.flow.kernel.observe import (
    EXCESS,
    HIGH,
    INFLOW,
    LOW,
    MEAN,
    RESIDUAL,
    SMALLEST,
    SPREAD,
)
from caresim.engines.flow.kernel.plan import Found, lay_out_block, lay_out_plan, lay_out_work
from caresim.engines.flow.kernel.program import build
from caresim.engines.flow.network import FloatArray, Network

if TYPE_CHECKING:
    from caresim.engines.flow.kernel.exchange import SlowSide

BLOCK: Final = 64
"""Members advanced together: enough to hide the cost of reading instructions, few enough for the
state to stay in the fastest caches."""


@dataclass(frozen=True)
class Summary:
    """Every output at every save, over all members; each array has shape (n_outputs, n_saves).

    ``squares`` is the sum of squared differences from the mean: the variance is that divided by
    the number of members less one.
    """

    mean: FloatArray
    squares: FloatArray
    lowest: FloatArray
    highest: FloatArray


@dataclass(frozen=True)
class FlowAudit:
    """What the kernel checked for every member, shape (n_members,) each, at every mark.

    Attributes
    ----------
    inflow
        People who entered from outside.
    residual
        Largest difference between people inside (exits included) and people at the start plus
        those who entered, as a share of the latter (or of one person, if more).
    smallest_stock
        The smallest content of any row.
    capacity_excess
        Most places held in a gate beyond both its highest capacity since the mark before and what
        was held then: capacity that falls evicts nobody. 0 or less when kept.
    largest_fraction
        Largest share of a row that its moves asked for in one step (an upper bound where rates
        vary over time); above 1 they were limited.
    """

    inflow: FloatArray
    residual: FloatArray
    smallest_stock: FloatArray
    capacity_excess: FloatArray
    largest_fraction: FloatArray


@dataclass(frozen=True)
class FlowRun:
    """Results of a run.

    Attributes
    ----------
    series
        Every output at every save for the first members: shape (n_outputs, n_saves, n_series).
    totals
        What every output did in every window: shape (n_outputs, n_windows, n_members).
    summary, audit
        Over all members; for every member.
    slow_state
        What the slow side is left with, shape (n_state, n_members); no rows without one.
    """

    series: FloatArray
    totals: FloatArray
    summary: Summary
    audit: FlowAudit
    slow_state: FloatArray


def advance(
    network: Network,
    members: FloatArray,
    *,
    n_series: int | None = None,
    threads: int = 1,
    block_size: int = BLOCK,
    progress: Callable[[int], None] | None = None,
    slow: SlowSide | None = None,
) -> FlowRun:
    """Run a network for every member.

    Parameters
    ----------
    network
        What to run.
    members
        The members' table, shape (n_lanes, n_members).
    n_series
        How many members, from the first, keep every output at every save; all if None.
    threads
        Blocks advanced at once. Results are the same to the last bit for any number.
    block_size
        Members advanced together. Only the rounding of ``summary`` depends on it.
    progress
        Called with the number of members done after every block.
    slow
        What is at the other side of the network's exchanges, if it has any.

    Raises
    ------
    ValueError
        If the network contradicts itself or a member's figures make no sense in it.
    """
    check_network(network)
    members = np.ascontiguousarray(members, dtype=np.float64)
    check_members(network, members)
    asked = fractions_asked(network, members)
    program = build(network, asked.limited_rows)
    plan = lay_out_plan(network, program)
    n_members = members.shape[1]
    kept = n_members if n_series is None else min(n_series, n_members)
    n_outputs, n_saves = network.n_outputs, network.save_steps.size
    series = np.empty((n_outputs, n_saves, kept))
    totals = np.empty((n_outputs, network.windows.shape[0], n_members))
    audit = np.empty((4, n_members))
    coupled = slow if network.exchange_steps.size else None
    state = np.empty((coupled.n_state if coupled else 0, n_members))

    def one(first: int) -> FloatArray:
        summary = np.empty((4, n_outputs, n_saves))
        found = Found(series, summary, totals, audit)
        block = lay_out_block(members, first, min(block_size, n_members - first), kept)
        work = lay_out_work(plan, program, block)
        if coupled is None:
            advance_block(plan, work, block, found)
        else:
            from caresim.engines.flow.kernel.exchange import (
                advance_coupled,
                lay_out_slow_plan,
                lay_out_slow_work,
            )

            own = lay_out_slow_work(network, coupled, block)
            slow_plan = lay_out_slow_plan(network, program, coupled)
            advance_coupled(plan, work, block, found, slow_plan, own)
            state[:, first : first + block.n_valid] = own.state[:, : block.n_valid]
        return summary

    summary = np.zeros((4, n_outputs, n_saves))
    done = 0
    for block_summary in _in_order(one, range(0, n_members, block_size), threads):
        size = min(block_size, n_members - done)
        _combine(summary, done, block_summary, size)
        done += size
        if progress is not None:
            progress(done)
    return FlowRun(
        series=series,
        totals=totals,
        summary=Summary(summary[MEAN], summary[SPREAD], summary[LOW], summary[HIGH]),
        audit=FlowAudit(
            audit[INFLOW], audit[RESIDUAL], audit[SMALLEST], audit[EXCESS], asked.largest
        ),
        slow_state=state,
    )


def _in_order(
    task: Callable[[int], FloatArray], firsts: range, threads: int
) -> Iterator[FloatArray]:
    """Yield each block's result in order, with no more than two blocks a thread under way."""
    if threads == 1:
        yield from map(task, firsts)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[FloatArray]] = deque()
        for first in firsts:
            waiting.append(pool.submit(task, first))
            if len(waiting) >= 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _combine(summary: FloatArray, n_before: int, block: FloatArray, n_block: int) -> None:
    """Add a block's summary to that of the blocks before it.

    Means and sums of squares as in Chan, Golub and LeVeque, doi:10.1080/00031305.1983.10483115.
    """
    if n_before == 0:
        summary[...] = block
        return
    together = n_before + n_block
    apart = block[MEAN] - summary[MEAN]
    summary[MEAN] += apart * (n_block / together)
    summary[SPREAD] += block[SPREAD] + apart * apart * (n_before * n_block / together)
    np.minimum(summary[LOW], block[LOW], out=summary[LOW])
    np.maximum(summary[HIGH], block[HIGH], out=summary[HIGH])
