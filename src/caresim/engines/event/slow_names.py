"""From what is recorded of the slow side to the variables that engines report."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout
from caresim.engines.output import SLOW_VARIABLES
from caresim.model import Model

FloatArray = NDArray[np.float64]

_ZERO = "double_running"
"""Of settings of which nothing is recorded, none; places built are their capacity."""


def slow_averages(
    model: Model,
    layout: CouplingLayout,
    noted: FloatArray,
    edges: FloatArray,
    spans: FloatArray,
    capacity: FloatArray,
) -> dict[str, FloatArray]:
    """Return variables over stretches of time: averages of stocks, and counts.

    Parameters
    ----------
    model, layout
        The model and its slow side.
    noted
        Shape (..., n_edges, n): what :func:`caresim.engines.coupling.record` wrote.
    edges
        Shape (n_edges,): when.
    spans
        Shape (n_spans, 2): first and last day of each stretch, which are edges.
    capacity
        Shape (..., n_spans, n_settings): mean places as the file has them.
    """
    first, last = (np.searchsorted(edges, spans[:, side]) for side in (0, 1))
    n = len(layout.stocks)
    days = (spans[:, 1] - spans[:, 0])[:, None]
    areas = noted[..., last, n : 2 * n] - noted[..., first, n : 2 * n]
    stocks = _stocks(model, layout, areas / days, capacity)
    counts = noted[..., last, 2 * n :] - noted[..., first, 2 * n :]
    return stocks | {name: counts[..., rows].copy() for name, rows in _rows(layout.tallies).items()}


def slow_at(
    model: Model,
    layout: CouplingLayout,
    noted: FloatArray,
    edges: FloatArray,
    times: FloatArray,
    capacity: FloatArray,
) -> dict[str, FloatArray]:
    """Return stocks at saved times, under their names with ``_at``; else as the averages."""
    here = noted[..., np.searchsorted(edges, times), : len(layout.stocks)]
    found = _stocks(model, layout, here, capacity)
    return {f"{name}_at": values for name, values in found.items()}


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
