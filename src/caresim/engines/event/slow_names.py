"""From what is recorded of the slow side to the variables that engines report."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout
from caresim.engines.output import SLOW_VARIABLES
from caresim.model import Model

FloatArray = NDArray[np.float64]

_ZERO = "double_running"
"""Of settings of which nothing is recorded, none; places built are their capacity."""


class SlowBooks(NamedTuple):
    """What is kept of the slow side of a run, stocks first and then counts.

    Attributes
    ----------
    windows, periods
        Shapes (n_windows, n) and (n_periods, n): averages of stocks, and counts.
    saved
        Shape (n_times, n_stocks): stocks at saved times.
    """

    windows: FloatArray
    periods: FloatArray
    saved: FloatArray


def fold(
    layout: CouplingLayout,
    noted: FloatArray,
    edges: FloatArray,
    windows: FloatArray,
    times: FloatArray,
) -> SlowBooks:
    """Return the books of a run.

    Parameters
    ----------
    layout
        The slow side.
    noted
        Shape (n_edges, n): what :func:`caresim.engines.coupling.record` wrote.
    edges
        Shape (n_edges,): when.
    windows
        Shape (n_windows, 2): first and last day, which are edges.
    times
        Shape (n_times,): saved times, which are edges.
    """
    n = len(layout.stocks)
    # Sums of what segments add keep more digits than differences of what all before them add up to.
    added = np.diff(noted[:, n:], axis=0)

    def over(spans: FloatArray) -> FloatArray:
        bounds = np.searchsorted(edges, spans)
        found = np.stack([added[first:last].sum(axis=0) for first, last in bounds])
        found[:, :n] /= (spans[:, 1] - spans[:, 0])[:, None]
        return found

    periods = np.stack([times[:-1], times[1:]], axis=1)
    return SlowBooks(over(windows), over(periods), noted[np.searchsorted(edges, times), :n])


NO_BOOKS = SlowBooks(*(np.zeros((0, 0)),) * 3)
"""Those of a model without a slow side."""


def slow_averages(
    model: Model, layout: CouplingLayout, values: FloatArray, capacity: FloatArray
) -> dict[str, FloatArray]:
    """Return variables over stretches of time.

    Parameters
    ----------
    model, layout
        The model and its slow side.
    values
        Shape (..., n_spans, n): averages of stocks, and counts.
    capacity
        Shape (..., n_spans, n_settings): mean places as the file has them.
    """
    n = len(layout.stocks)
    counts = {name: [n + k for k in rows] for name, rows in _rows(layout.tallies).items()}
    return _stocks(model, layout, values, capacity) | {
        name: values[..., rows].copy() for name, rows in counts.items()
    }


def slow_at(
    model: Model, layout: CouplingLayout, values: FloatArray, capacity: FloatArray
) -> dict[str, FloatArray]:
    """Return stocks at saved times, under their names with ``_at``; else as the averages."""
    return {f"{name}_at": stock for name, stock in _stocks(model, layout, values, capacity).items()}


def _rows(recorded: tuple[tuple[str, int], ...]) -> dict[str, list[int]]:
    """Return where each variable is recorded, in order of its positions."""
    rows: dict[str, list[int]] = {}
    for k, (name, _) in enumerate(recorded):
        rows.setdefault(name, []).append(k)
    return rows


def _stocks(
    model: Model, layout: CouplingLayout, values: FloatArray, capacity: FloatArray
) -> dict[str, FloatArray]:
    found = {}
    for name, rows in _rows(layout.stocks).items():
        recorded = values[..., rows]
        if name == "capacity" or "setting" in SLOW_VARIABLES[name].dims:
            settings = [layout.stocks[k][1] for k in rows]
            whole = np.zeros_like(capacity) if name == _ZERO else capacity.copy()
            whole[..., settings] = recorded
            recorded = whole
        found[name] = np.ascontiguousarray(recorded)
    return found


def held_notes(layout: CouplingLayout, held: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return sentences on numbers that changes would have taken beyond their range.

    Parameters
    ----------
    layout
        The slow side.
    held
        Shape (members, n_numbers).
    """
    return tuple(
        f"Changes would take {name} beyond its range; it was held at the end of it in {count} "
        f"{'member' if count == 1 else 'members'}."
        for name, count in zip(layout.number_names, held.sum(axis=0).tolist(), strict=True)
        if count
    )
