"""Runs a model in the flow engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers, apply, member_inputs
from caresim.engines.flow.audit import checks, step_check
from caresim.engines.flow.compile import Compiled, compile_model
from caresim.engines.flow.kernel import FlowRun, advance
from caresim.engines.output import VARIABLES, Output, save_times, windows_of
from caresim.model import Model

FloatArray = NDArray[np.float64]

CHECKED_MEMBERS = 64
"""Members run again with half the step: a whole block costs no more than one member."""

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
    found = _advance(compiled, numbers, threads, series, progress)
    totals = _totals(model, compiled, numbers, found)
    few = draws[:CHECKED_MEMBERS]
    finer = _again(model, compiled.steps_per_day * 2, few, threads)
    return Output(
        model=model,
        engine="flow",
        times=save_times(model),
        windows=windows_of(model),
        totals=totals,
        mean=_mean(model, compiled, numbers, found),
        series=_series(model, compiled, numbers, found),
        draws=draws,
        checks=(
            *checks(model, compiled, found.audit),
            step_check(model, totals, finer, compiled.steps_per_day),
        ),
        notes=(*_run_notes(compiled), *compiled.notes),
    )


def _advance(
    compiled: Compiled,
    numbers: MemberNumbers,
    threads: int,
    series: int,
    progress: Progress | None,
) -> FlowRun:
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

    if compiled.warm_up is not None:
        before = advance(compiled.warm_up, table, threads=threads, progress=report(0, lead_in))
        table = np.concatenate([table, before.series[:, -1, :]])
    return advance(
        compiled.network, table, n_series=series, threads=threads, progress=report(lead_in, steps)
    )


def _again(
    model: Model, steps_per_day: int, draws: FloatArray, threads: int
) -> dict[str, FloatArray]:
    compiled = compile_model(model, steps_per_day)
    numbers = apply(model, draws)
    return _totals(model, compiled, numbers, _advance(compiled, numbers, threads, 0, None))


def _run_notes(compiled: Compiled) -> tuple[str, ...]:
    minutes = 24 * 60 // compiled.steps_per_day
    step = f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes} minutes"
    return (f"The step was {step}.".replace("1 hours", "1 hour"),)


# ---- from the network's outputs to variables ----------------------------------------------------


@dataclass(frozen=True)
class _Capacity:
    """Places open in each setting: averages over stretches of steps, and values at times."""

    table: FloatArray
    factor: FloatArray

    def average(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> FloatArray:
        """Return averages over stretches, shape (n_stretches, n_settings), before factors."""
        limited = np.isfinite(self.table)
        places = np.cumsum(np.where(limited, self.table, 0.0), axis=0)
        sums = np.concatenate([np.zeros((1, self.table.shape[1])), places])
        average = (sums[last] - sums[first]) / (last - first)[:, None]
        return np.where(limited.all(axis=0), average, np.inf)


def _capacity(model: Model, compiled: Compiled, numbers: MemberNumbers) -> _Capacity:
    starts = np.arange(compiled.network.n_steps) / compiled.steps_per_day
    days = np.floor(starts + 1e-9)
    columns = [setting.capacity.at(days) for setting in model.settings]
    return _Capacity(np.stack(columns, axis=1), numbers.capacity_factor)


def _windows(model: Model, compiled: Compiled) -> tuple[NDArray[np.int64], FloatArray]:
    steps = compiled.network.windows
    return steps, (steps[:, 1] - steps[:, 0]) / compiled.steps_per_day


def _totals(
    model: Model, compiled: Compiled, numbers: MemberNumbers, found: FlowRun
) -> dict[str, FloatArray]:
    steps, days = _windows(model, compiled)
    totals: dict[str, FloatArray] = {}
    for name, variable in VARIABLES.items():
        if name == "capacity":
            average = _capacity(model, compiled, numbers).average(steps[:, 0], steps[:, 1])
            totals[name] = average[None] * numbers.capacity_factor[:, None, :]
            continue
        # (..., n_windows, n_members) to (n_members, n_windows, ...)
        cells = np.moveaxis(compiled.measures.gather(name, found.totals), (-1, -2), (0, 1))
        if variable.kind == "stock":
            cells = cells / days.reshape(1, -1, *[1] * (cells.ndim - 2))
        totals[name] = np.ascontiguousarray(cells)
    return totals


def _mean(
    model: Model, compiled: Compiled, numbers: MemberNumbers, found: FlowRun
) -> dict[str, FloatArray]:
    factor = numbers.capacity_factor.mean(axis=0)
    values = _over_time(compiled, found.summary.mean, axis=0)
    average, at = _capacity_over_time(model, compiled, numbers)
    return values | {"capacity": average * factor, "capacity_at": at * factor}


def _series(
    model: Model, compiled: Compiled, numbers: MemberNumbers, found: FlowRun
) -> dict[str, FloatArray]:
    kept = found.series.shape[-1]
    factor = numbers.capacity_factor[:kept, None, :]
    values = {
        name: np.ascontiguousarray(np.moveaxis(value, -1, 0))
        for name, value in _over_time(compiled, found.series, axis=0).items()
    }
    average, at = _capacity_over_time(model, compiled, numbers)
    return values | {"capacity": average * factor, "capacity_at": at * factor}


def _over_time(compiled: Compiled, values: FloatArray, axis: int) -> dict[str, FloatArray]:
    """Return variables from outputs of shape (n_outputs, n_saves, ...): time, then dimensions."""
    periods = np.diff(compiled.network.save_steps) / compiled.steps_per_day
    found: dict[str, FloatArray] = {}
    for name in compiled.measures.variables:
        cells = compiled.measures.gather(name, values)
        n_dims = len(compiled.measures.variables[name][0])
        cells = np.moveaxis(cells, n_dims, 0)
        if name.endswith("_at"):
            found[name] = np.ascontiguousarray(cells)
            continue
        cells = cells[1:]
        if VARIABLES[name].kind == "stock":
            cells = cells / periods.reshape(-1, *[1] * (cells.ndim - 1))
        found[name] = np.ascontiguousarray(cells)
    return found


def _capacity_over_time(
    model: Model, compiled: Compiled, numbers: MemberNumbers
) -> tuple[FloatArray, FloatArray]:
    saves = compiled.network.save_steps
    capacity = _capacity(model, compiled, numbers)
    at = capacity.table[np.minimum(saves, compiled.network.n_steps - 1)]
    return capacity.average(saves[:-1], saves[1:]), at
