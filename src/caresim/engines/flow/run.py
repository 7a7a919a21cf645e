"""Runs a model in the flow engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers, apply, member_inputs
from caresim.engines.flow import variables
from caresim.engines.flow.audit import checks, step_check, warm_up_verdict
from caresim.engines.flow.compile import Compiled, compile_model
from caresim.engines.flow.kernel import BLOCK, FlowRun, advance
from caresim.engines.flow.slow import held_notes, population_check, slow_side
from caresim.engines.output import Output, save_times, windows_of
from caresim.model import Model

if TYPE_CHECKING:
    from caresim.engines.flow.kernel.exchange import SlowSide

FloatArray = NDArray[np.float64]

CHECKED_MEMBERS = 64
"""Members run again with half the step."""

CHECKED_TOGETHER = 32
"""How many of them are advanced together: half, so that two threads share the work."""

Progress = Callable[[float], None]


def run_flow(
    model: Model,
    *,
    threads: int | None = None,
    series: int = 200,
    progress: Progress | None = None,
) -> Output:
    """Run a model in the flow engine: system dynamics of its means, for every member.

    Parameters
    ----------
    model
        One option of a scenario.
    threads
        Blocks of 64 members run at once; all processors if None. Results do not depend on it.
    series
        How many members, from the first, keep every variable at every saved time.
    progress
        Called with the share of the run that is done.

    Returns
    -------
    Output
        Its ``checks`` hold the audit; nothing is raised for a breach.
    """
    threads = threads or len(os.sched_getaffinity(0))
    compiled = compile_model(model)
    draws = member_inputs(model, 0, model.run.members)
    numbers = apply(model, draws)
    slow = slow_side(model, compiled, numbers, draws)
    before, found = _advance(compiled, numbers, slow, threads, series, progress)
    totals = variables.totals(model, compiled, numbers, found)
    finer = _again(model, compiled.steps_per_day * 2, draws[:CHECKED_MEMBERS], threads)
    return Output(
        model=model,
        engine="flow",
        times=save_times(model),
        windows=windows_of(model),
        totals=totals,
        mean=variables.means(model, compiled, numbers, found),
        series=variables.series(model, compiled, numbers, found),
        draws=draws,
        checks=(
            *checks(model, compiled, found.audit),
            *population_check(model, compiled, slow, found, totals),
            step_check(model, totals, finer, compiled.steps_per_day),
        ),
        notes=(
            *_run_notes(compiled, numbers),
            *warm_up_verdict(model, compiled, before),
            *held_notes(compiled.slow, found),
            *compiled.notes,
        ),
    )


def flow_totals(
    model: Model, compiled: Compiled, draws: FloatArray, *, threads: int | None = None
) -> variables.Variables:
    """Return the totals of members with given draws, without audit or series: for many runs.

    Parameters
    ----------
    model, compiled
        The model, and what :func:`~caresim.engines.flow.compile.compile_model` made of it.
    draws
        Shape (members, n_inputs): values of the uncertain inputs.
    threads
        As in :func:`run_flow`.

    Returns
    -------
    dict
        Each variable over each window, shape (members, n_windows, ...).
    """
    threads = threads or len(os.sched_getaffinity(0))
    numbers = apply(model, draws)
    slow = slow_side(model, compiled, numbers, draws)
    _, found = _advance(compiled, numbers, slow, threads, 0, None)
    return variables.totals(model, compiled, numbers, found)


def _advance(
    compiled: Compiled,
    numbers: MemberNumbers,
    slow: SlowSide | None,
    threads: int,
    series: int,
    progress: Progress | None,
    block_size: int = BLOCK,
) -> tuple[FlowRun | None, FlowRun]:
    """Run the warm-up, if there is one, and the run; return both."""
    table = compiled.lanes.table(numbers)
    members = table.shape[1]
    steps = compiled.network.n_steps
    lead_in = compiled.warm_up.n_steps if compiled.warm_up is not None else 0

    def report(from_steps: int, of_steps: int) -> Callable[[int], None]:
        def call(done: int) -> None:
            if progress is not None:
                share = from_steps + of_steps * done / members
                progress(share / (lead_in + steps))

        return call

    before = None
    if compiled.warm_up is not None:
        before = advance(
            compiled.warm_up,
            table,
            threads=threads,
            block_size=block_size,
            progress=report(0, lead_in),
            slow=slow,
        )
        left = before.series[: compiled.network.n_rows, -1, :]
        table = np.concatenate([table, left])
        if slow is not None:
            slow = replace(slow, first_day=0.0, state=before.slow_state)
    found = advance(
        compiled.network,
        table,
        n_series=series,
        threads=threads,
        block_size=block_size,
        progress=report(lead_in, steps),
        slow=slow,
    )
    return before, found


def _again(
    model: Model, steps_per_day: int, draws: FloatArray, threads: int
) -> variables.Variables:
    finer = replace(model, run=replace(model.run, coupling_days=model.run.coupling_days / 2))
    compiled = compile_model(finer, steps_per_day)
    numbers = apply(model, draws)
    slow = slow_side(finer, compiled, numbers, draws)
    _, found = _advance(compiled, numbers, slow, threads, 0, None, CHECKED_TOGETHER)
    return variables.totals(model, compiled, numbers, found)


def _run_notes(compiled: Compiled, numbers: MemberNumbers) -> tuple[str, ...]:
    minutes = 24 * 60 // compiled.steps_per_day
    count, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    notes = [f"The step was {count} {unit}{'' if count == 1 else 's'}."]
    raised = compiled.lanes.stays_raised(numbers)
    if raised:
        who = "1 member" if raised == 1 else f"{raised} members"
        notes.append(f"{who} drew a stay too short for the step to follow, and had a longer one.")
    return tuple(notes)
