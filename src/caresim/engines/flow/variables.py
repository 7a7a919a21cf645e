"""From what a network's outputs did to the variables that engines report."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.flow import slow_variables
from caresim.engines.flow.compile import Compiled
from caresim.engines.flow.kernel import FlowRun
from caresim.engines.output import SLOW_VARIABLES, VARIABLES
from caresim.model import Model

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Variables = dict[str, FloatArray]


COUNT = SLOW_VARIABLES["displaced"]
"""The one variable of models with a slow side that is a matter of rows."""


def _reported(compiled: Compiled) -> tuple[str, ...]:
    more = (name for name in compiled.measures.variables if name == "displaced")
    return (*VARIABLES, *more)


def totals(model: Model, compiled: Compiled, numbers: MemberNumbers, found: FlowRun) -> Variables:
    """Return each variable over each window, shape (members, n_windows, ...)."""
    steps = compiled.network.windows
    days = (steps[:, 1] - steps[:, 0]) / compiled.steps_per_day
    values: Variables = {}
    outputs = np.ascontiguousarray(found.totals.T)
    for name in _reported(compiled):
        if name == "capacity":
            open_ = _average(_places_open(model, compiled), steps[:, 0], steps[:, 1])
            values[name] = np.asarray(open_[None] * numbers.capacity_factor[:, None, :])
            continue
        values[name] = _per_day(name, compiled.measures.gather(name, outputs), days)
    for given in slow_variables.of_windows(model, compiled, found.totals, days):
        slow_variables.put(values, given)
    return values


def means(model: Model, compiled: Compiled, numbers: MemberNumbers, found: FlowRun) -> Variables:
    """Return the mean over members of each variable over time, shape (n_periods, ...).

    Snapshots, whose names end with ``_at``, have shape (n_times, ...).
    """
    values = _over_time(compiled, np.ascontiguousarray(found.summary.mean.T))
    factor = numbers.capacity_factor.mean(axis=0)
    open_, open_at = _capacity_over_time(model, compiled)
    values |= {"capacity": open_ * factor, "capacity_at": open_at * factor}
    for given in slow_variables.over_time(model, compiled, found.summary.mean[..., None]):
        slow_variables.put(values, given, members=False)
    return values


def series(model: Model, compiled: Compiled, numbers: MemberNumbers, found: FlowRun) -> Variables:
    """Return each variable over time of the first members, members first."""
    kept = found.series.shape[-1]
    values = _over_time(compiled, np.ascontiguousarray(found.series.T))
    factor = numbers.capacity_factor[:kept, None, :]
    open_, open_at = _capacity_over_time(model, compiled)
    values |= {"capacity": open_ * factor, "capacity_at": open_at * factor}
    for given in slow_variables.over_time(model, compiled, found.series):
        slow_variables.put(values, given)
    return values


def _over_time(compiled: Compiled, outputs: FloatArray) -> Variables:
    """Return variables from outputs of shape (..., n_saves, n_outputs): (..., n_times, dims)."""
    days = np.diff(compiled.network.save_steps) / compiled.steps_per_day
    values: Variables = {}
    for name in compiled.measures.variables:
        if name.endswith("_at"):
            values[name] = compiled.measures.gather(name, outputs)
        else:
            # The first save has no period before it.
            cells = compiled.measures.gather(name, outputs[..., 1:, :])
            values[name] = _per_day(name, cells, days)
    return values


def _per_day(name: str, cells: FloatArray, days: FloatArray) -> FloatArray:
    """Turn integrals over stretches of days into averages, in place; counts stay.

    ``cells`` has the variable's dimensions behind the axis of stretches.
    """
    variable = VARIABLES.get(name, COUNT)
    if variable.kind == "stock":
        cells /= days.reshape(-1, *[1] * len(variable.dims))
    return cells


def _places_open(model: Model, compiled: Compiled) -> FloatArray:
    """Return the places open in each step and setting, before members' factors."""
    days = np.arange(compiled.network.n_steps) // compiled.steps_per_day
    columns = [setting.capacity.at(days.astype(np.float64)) for setting in model.settings]
    return np.stack(columns, axis=1)


def _average(table: FloatArray, first: IntArray, last: IntArray) -> FloatArray:
    """Return averages over stretches of steps, shape (n_stretches, n_settings).

    Where places are ever unlimited in a stretch, so is their average.
    """
    unlimited = np.isinf(table)
    sums = _running(np.where(unlimited, 0.0, table))
    ever = _running(unlimited.astype(np.float64))
    average = (sums[last] - sums[first]) / (last - first)[:, None]
    return np.where(ever[last] > ever[first], np.inf, average)


def _running(table: FloatArray) -> FloatArray:
    return np.concatenate([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])


def _capacity_over_time(model: Model, compiled: Compiled) -> tuple[FloatArray, FloatArray]:
    saves = compiled.network.save_steps
    table = _places_open(model, compiled)
    at = table[np.minimum(saves, compiled.network.n_steps - 1)]
    return _average(table, saves[:-1], saves[1:]), at
