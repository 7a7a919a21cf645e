"""From what was recorded of the slow side to the variables that engines report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile import Compiled
from caresim.engines.output import SLOW_VARIABLES
from caresim.model import Model

FloatArray = NDArray[np.float64]


class Given(NamedTuple):
    """A cell of a variable: values of shape (members, n), by window, period or time."""

    variable: str
    position: int
    values: FloatArray
    shape: tuple[int, ...]


def put(values: dict[str, FloatArray], given: Given, *, members: bool = True) -> None:
    """Put a cell in its place; a variable not there yet is laid out with zeros.

    Parameters
    ----------
    values
        For each variable, shape (members, n, ...), or (n, ...) without members.
    given
        The cell.
    members
        Whether there is an axis of members; otherwise there is one of them.
    """
    if given.variable not in values:
        shape = (*given.values.shape, *given.shape)
        values[given.variable] = np.zeros(shape if members else shape[1:])
    table = values[given.variable] if members else values[given.variable][None]
    table[:, :, given.position] = given.values


def of_windows(
    model: Model, compiled: Compiled, totals: FloatArray, days: FloatArray
) -> Iterator[Given]:
    """Yield every cell over each window, of ``totals`` of shape (n_outputs, n_windows, members)."""
    if compiled.slow is None:
        return
    sizes = _sizes(model)
    first, n_stocks = len(compiled.measures.outputs), len(compiled.slow.stocks)
    for k, (name, position) in enumerate(compiled.slow.stocks):
        average = totals[first + n_stocks + k].T / days
        yield Given(name, position, average, _shape(name, sizes))
    for k, (name, position) in enumerate(compiled.slow.tallies):
        counted = totals[first + 2 * n_stocks + k].T
        yield Given(name, position, counted, _shape(name, sizes))


def over_time(model: Model, compiled: Compiled, outputs: FloatArray) -> Iterator[Given]:
    """Yield every cell over time, of ``outputs`` of shape (n_outputs, n_saves, members)."""
    if compiled.slow is None:
        return
    sizes = _sizes(model)
    days = np.diff(compiled.network.save_steps) / compiled.steps_per_day
    first, n_stocks = len(compiled.measures.outputs), len(compiled.slow.stocks)
    for k, (name, position) in enumerate(compiled.slow.stocks):
        average = outputs[first + n_stocks + k, 1:].T / days
        yield Given(name, position, average, _shape(name, sizes))
        yield Given(f"{name}_at", position, outputs[first + k].T, _shape(name, sizes))
    for k, (name, position) in enumerate(compiled.slow.tallies):
        counted = outputs[first + 2 * n_stocks + k, 1:].T
        yield Given(name, position, counted, _shape(name, sizes))


def _sizes(model: Model) -> dict[str, int]:
    return {
        "setting": len(model.settings),
        "cohort": len(model.cohorts),
        "staff": len(model.staff),
        "feedback": len(model.feedbacks),
        "intervention": len(model.interventions),
    }


def _shape(name: str, sizes: dict[str, int]) -> tuple[int, ...]:
    if name == "capacity":
        return (sizes["setting"],)
    return tuple(sizes[dim] for dim in SLOW_VARIABLES[name].dims)
