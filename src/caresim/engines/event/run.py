"""Runs a model in the event engine: people, queues and places that run out."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import prepare
from caresim.engines.draws import MemberNumbers, apply, member_inputs
from caresim.engines.event.arena import Arena
from caresim.engines.event.audit import checks, deadlock_notes
from caresim.engines.event.chunk import ChunkResult, run_chunk
from caresim.engines.event.log import EventLog, build_log
from caresim.engines.event.plan import Plan, build_plan
from caresim.engines.event.slow_names import held_notes, slow_at, slow_averages
from caresim.engines.event.tally_names import capacities, counts_by_name, stocks_by_name
from caresim.engines.event.telling import told
from caresim.engines.output import Output, save_times, windows_of
from caresim.engines.spells import KINDS
from caresim.model import Model

FloatArray = NDArray[np.float64]
Progress = Callable[[float], None]

CHUNK = 8
"""Members run one after another as one piece of work; the same whatever the threads, so that
means over members are summed in the same order."""


@dataclass(frozen=True, eq=False)
class EventOutput(Output):
    """Results of the event engine.

    Attributes
    ----------
    log
        The event log, if it was asked for.
    deadlock_days
        Shape (members,): when circular blocking ended each member's run, NaN where it did not.
    events
        Shape (members,): events of people.
    """

    log: EventLog | None = None
    deadlock_days: FloatArray = field(default_factory=lambda: np.zeros(0))
    events: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def run(
    model: Model,
    *,
    log: bool = False,
    threads: int | None = None,
    series: int = 200,
    progress: Progress | None = None,
) -> EventOutput:
    """Run a model in the event engine: every person, for every member.

    Parameters
    ----------
    model
        One option of a scenario.
    log
        Whether to keep a row for every stay (see :class:`caresim.engines.event.log.EventLog`).
    threads
        Members run at once; all processors if None. Results do not depend on it.
    series
        How many members, from the first, keep every variable at every saved time.
    progress
        Called with the share of the run that is done.

    Returns
    -------
    EventOutput
        Its ``checks`` hold the audit; nothing is raised for a breach.
    """
    threads = threads or len(os.sched_getaffinity(0))
    members = model.run.members
    plan = build_plan(model)
    draws = member_inputs(model, 0, members)
    numbers = apply(model, draws)
    params = None if plan.slow is None else prepare(model, plan.slow.layout, numbers, draws)
    found: list[ChunkResult] = []
    sums: list[FloatArray] = []
    pool: FloatArray = np.zeros(())
    for chunk in _chunks(plan, numbers, params, members, min(series, members), log, threads):
        parts = [chunk.sum_stocks, chunk.sum_counts, chunk.sum_saved]
        parts += [chunk.sum_slow, chunk.sum_slow_saved]
        sums = parts if not sums else [a + b for a, b in zip(sums, parts, strict=True)]
        pool = pool + chunk.sum_spells
        found.append(replace(chunk, sum_spells=np.zeros(0)))
        if progress is not None:
            progress(min(1.0, len(found) * CHUNK / members))
    audits = [audit for chunk in found for audit in chunk.audits]
    return EventOutput(
        model=model,
        engine="event",
        times=save_times(model),
        windows=windows_of(model),
        totals=_totals(plan, numbers, found),
        mean=_over_time(plan, numbers.capacity_factor.mean(axis=0), *(s / members for s in sums)),
        series=_over_time(
            plan,
            numbers.capacity_factor[: min(series, members), None, :],
            np.concatenate([chunk.series_stocks for chunk in found]),
            np.concatenate([chunk.series_counts for chunk in found]),
            np.concatenate([chunk.series_saved for chunk in found]),
            np.concatenate([chunk.series_slow for chunk in found]),
            np.concatenate([chunk.series_slow_saved for chunk in found]),
        ),
        draws=draws,
        checks=checks(audits),
        notes=(*deadlock_notes(audits), *_slow_notes(plan, found)),
        spells={kind: np.concatenate([chunk.spells[kind] for chunk in found]) for kind in KINDS},
        pooled_spells=told(model, pool),
        log=build_log([chunk.log for chunk in found]) if log else None,
        deadlock_days=np.array([audit.stopped for audit in audits]),
        events=np.array([audit.events for audit in audits]),
    )


def _slow_notes(plan: Plan, found: list[ChunkResult]) -> tuple[str, ...]:
    if plan.slow is None:
        return ()
    held = np.concatenate([chunk.held for chunk in found])
    return (*plan.slow.notes, *held_notes(plan.slow.layout, held))


def _chunks(
    plan: Plan,
    numbers: MemberNumbers,
    params: FloatArray | None,
    members: int,
    n_series: int,
    log: bool,
    threads: int,
) -> Iterator[ChunkResult]:
    """Run all members, and yield the chunks in order; a few at most are ahead of the reader."""
    firsts = range(0, members, CHUNK)
    arenas: list[Arena] = []
    if threads == 1 or len(firsts) == 1:
        for first in firsts:
            count = min(CHUNK, members - first)
            yield run_chunk(plan, numbers, params, first, count, n_series, log, arenas)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[ChunkResult]] = deque()
        for first in firsts:
            count = min(CHUNK, members - first)
            waiting.append(
                pool.submit(run_chunk, plan, numbers, params, first, count, n_series, log, arenas)
            )
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _totals(plan: Plan, numbers: MemberNumbers, found: list[ChunkResult]) -> dict[str, FloatArray]:
    days = plan.windows[:, 1] - plan.windows[:, 0]
    stocks = np.concatenate([chunk.window_stocks for chunk in found]) / days[:, None]
    counts = np.concatenate([chunk.window_counts for chunk in found])
    capacity = capacities(plan, plan.windows) * numbers.capacity_factor[:, None, :]
    named = stocks_by_name(plan, stocks) | {"capacity": capacity} | counts_by_name(plan, counts)
    if plan.slow is not None:
        slow = np.concatenate([chunk.window_slow for chunk in found])
        named |= slow_averages(plan.model, plan.slow.layout, slow, capacity)
    return named


def _over_time(
    plan: Plan,
    factor: FloatArray,
    stocks: FloatArray,
    counts: FloatArray,
    saved: FloatArray,
    slow: FloatArray,
    slow_saved: FloatArray,
) -> dict[str, FloatArray]:
    """Return variables by period and by saved time, of shape (..., n_periods or n_times, ...)."""
    times = save_times(plan.model)
    periods = np.stack([times[:-1], times[1:]], axis=1)
    average = stocks_by_name(plan, stocks / np.diff(times)[:, None])
    at = {f"{name}_at": value for name, value in stocks_by_name(plan, saved).items()}
    # The places open on the last day are those of its eve.
    when = np.append(times[:-1], np.nextafter(times[-1], 0.0))
    places_at = np.stack([s.capacity.at(when) for s in plan.model.settings], axis=1)
    capacity, capacity_at = capacities(plan, periods) * factor, places_at * factor
    named = average | at | {"capacity": capacity, "capacity_at": capacity_at}
    if plan.slow is not None:
        named |= slow_averages(plan.model, plan.slow.layout, slow, capacity)
        named |= slow_at(plan.model, plan.slow.layout, slow_saved, capacity_at)
    return named | counts_by_name(plan, counts)
