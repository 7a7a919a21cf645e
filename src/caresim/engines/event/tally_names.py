"""From the kernel's tallies to the variables that engines report."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.plan import N_PATHWAYS, Plan
from caresim.engines.event.records import N_CELL_COUNTS, N_CELL_STOCKS
from caresim.model import Timeline

FloatArray = NDArray[np.float64]

CELL_STOCKS = ("occupied", "delayed", "waiting")
CELL_COUNTS = (
    "arrivals",
    "admissions",
    "stays_ended",
    "home",
    "died",
    "elsewhere",
    "lost",
    "diverted",
    "left_waiting",
    "left_delayed",
    "rerouted",
)
"""Variables by setting and cohort, in the order of the kernel's tallies."""


def stocks_by_name(plan: Plan, values: FloatArray) -> dict[str, FloatArray]:
    """Return stocks, given tallies of shape (..., n_stocks)."""
    model, head = plan.model, values.shape[:-1]
    n = len(model.settings)
    cells = values[..., : plan.reasons_at].reshape(*head, n, len(model.cohorts), N_CELL_STOCKS)
    named = {name: np.ascontiguousarray(cells[..., k]) for k, name in enumerate(CELL_STOCKS)}
    reasons = values[..., plan.reasons_at : plan.used_at].reshape(*head, n, len(model.reasons))
    used = values[..., plan.used_at : plan.wanted_at]
    return named | {
        "delayed_by_reason": np.ascontiguousarray(reasons),
        "places_used": np.ascontiguousarray(used),
    }


def counts_by_name(plan: Plan, values: FloatArray) -> dict[str, FloatArray]:
    """Return counts, given tallies of shape (..., n_counts)."""
    model, head = plan.model, values.shape[:-1]
    n = len(model.settings)
    cells = values[..., : plan.moves_at].reshape(*head, n, len(model.cohorts), N_CELL_COUNTS)
    named = {name: np.ascontiguousarray(cells[..., k]) for k, name in enumerate(CELL_COUNTS)}
    moves = values[..., plan.moves_at : plan.pathways_at].reshape(*head, n, n)
    pathways = values[..., plan.pathways_at : plan.swaps_at].reshape(*head, n, N_PATHWAYS)
    displaced = values[..., plan.displaced_at :]
    if displaced.shape[-1]:
        named["displaced"] = displaced.reshape(*head, n, len(model.cohorts)).copy()
    return named | {
        "moves": np.ascontiguousarray(moves),
        "pathway_discharges": np.ascontiguousarray(pathways),
        "swaps": np.ascontiguousarray(values[..., plan.swaps_at]),
    }


def _average(timeline: Timeline, first: float, last: float) -> float:
    """Return the mean of a step function of time over a stretch; infinite if it ever is."""
    inside = timeline.days[(timeline.days > first) & (timeline.days < last)]
    edges = np.concatenate([[first], inside, [last]])
    values = timeline.at(edges[:-1])
    if np.isinf(values).any():
        return float("inf")
    return float(values @ np.diff(edges) / (last - first))


def capacities(plan: Plan, stretches: FloatArray) -> FloatArray:
    """Return mean capacities over stretches of shape (n, 2): shape (n, n_settings)."""
    found = np.empty((len(stretches), len(plan.model.settings)))
    for s, setting in enumerate(plan.model.settings):
        if setting.capacity.is_constant:
            found[:, s] = setting.capacity.values[0]
        else:
            found[:, s] = [_average(setting.capacity, first, last) for first, last in stretches]
    return found
