"""How the people of the event engine meet the slow side of a model: what all members share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout, Measure, coupling_layout
from caresim.engines.event.agenda import Coupled, segment_edges
from caresim.engines.event.records import (
    ADMISSIONS,
    DELAYED,
    DIED,
    ELSEWHERE,
    LENGTHENED,
    N_CELL_COUNTS,
    N_CELL_STOCKS,
    OCCUPIED,
    PACED,
    SHIFTED,
    WAITS,
)
from caresim.model import Model

IntArray = NDArray[np.int64]

AREA, LEVEL, NUMBER = range(3)
"""What is read of a tally: the integral of a stock, a stock as it is, a count."""


@dataclass(frozen=True, eq=False)
class Tallies:
    """Where kinds of tallies begin that are not by setting and cohort; see :class:`.plan.Plan`."""

    used_at: int
    wanted_at: int


@dataclass(frozen=True, eq=False)
class SlowPlan:
    """What all members share of the way people meet the slow side.

    Attributes
    ----------
    layout
        The slow side.
    meets
        When it is met.
    edges
        Times at which it is recorded.
    measure_first, entries
        Measure k is the sum of ``entries[measure_first[k] : measure_first[k + 1]]``, whose rows
        are what is read (:data:`AREA` and so on), position among stocks or counts, and sign.
    is_stock
        For each measure, whether it is a time average.
    touched
        Shape (n_settings * n_cohorts,): what it does to the people of each.
    route_cells, steps, hazards
        Cells of which shares of routes can change; steps of arrangement of which time or share,
        and hazards (of waiting first), which can.
    notes
        Sentences on what is done otherwise than the file says.
    """

    layout: CouplingLayout
    meets: Coupled
    edges: NDArray[np.float64]
    measure_first: IntArray
    entries: IntArray
    is_stock: NDArray[np.bool_]
    touched: NDArray[np.int8]
    route_cells: IntArray
    steps: IntArray
    hazards: IntArray
    notes: tuple[str, ...]

    def first_meeting(self, begin: float, end: float) -> float:
        """Return when the slow side is met first after the beginning."""
        return min((begin // self.meets.interval + 1.0) * self.meets.interval, end)

    @property
    def width(self) -> int:
        """How many numbers are recorded at each edge."""
        return 2 * len(self.layout.stocks) + len(self.layout.tallies)

    @property
    def remembers(self) -> bool:
        """Whether what people were delayed before matters."""
        return bool((self.touched & (LENGTHENED | SHIFTED)).any())


def whole_interval(model: Model) -> float:
    """Return the whole number of days nearest to that between two exchanges, one or more."""
    return float(max(1, round(model.run.coupling_days)))


def interval_notes(model: Model) -> tuple[str, ...]:
    """Return a sentence on the interval between exchanges if it is not the one asked for."""
    interval = whole_interval(model)
    if interval == model.run.coupling_days:
        return ()
    days = "1 day" if interval == 1.0 else f"{interval:g} days"
    return (
        f"People meet what changes slowly every {days}, at midnight, not every "
        f"{model.run.coupling_days:g} days: this engine can do so after whole days only.",
    )


def slow_layout(model: Model) -> CouplingLayout:
    """Return the slow side of a model as engines of people meet it."""
    run = replace(model.run, coupling_days=whole_interval(model))
    return coupling_layout(replace(model, run=run))


def build_slow_plan(model: Model, tallies: Tallies) -> SlowPlan | None:
    """Return what all members share, or None for a model without a slow side."""
    if not model.is_coupled:
        return None
    layout = slow_layout(model)
    parts = layout.parts
    changes, levers = parts.changes, parts.levers
    entries = [_entries(model, tallies, measure) for measure in layout.measures]
    step_time = changes[levers.step_time : levers.step_share]
    step_share = changes[levers.step_share : levers.waiting_hazard]
    routes = np.flatnonzero(changes[levers.route_share : levers.step_time])
    cells = {model.routes[r].setting * len(model.cohorts) + model.routes[r].cohort for r in routes}
    return SlowPlan(
        layout=layout,
        meets=Coupled(parts.interval, parts.places_change),
        edges=segment_edges(model),
        measure_first=np.cumsum([0, *map(len, entries)]).astype(np.int64),
        entries=np.array([row for rows in entries for row in rows], np.int64).reshape(-1, 3),
        is_stock=np.array([not measure.is_count for measure in layout.measures], dtype=np.bool_),
        touched=_touched(model, layout),
        route_cells=np.array(sorted(cells), dtype=np.int64),
        steps=np.flatnonzero(step_time | step_share),
        hazards=np.flatnonzero(changes[levers.waiting_hazard : levers.capacity]),
        notes=interval_notes(model),
    )


def _touched(model: Model, layout: CouplingLayout) -> NDArray[np.int8]:
    parts, cohorts = layout.parts, len(model.cohorts)
    paces = parts.changes[parts.levers.pace : parts.levers.route_share]
    touched = np.where(paces, PACED, 0).astype(np.int8)
    mixtures = parts.mixtures
    for setting, cohort, route in zip(
        mixtures.setting, mixtures.cohort, mixtures.route, strict=True
    ):
        touched[setting * cohorts + cohort] |= SHIFTED if route >= 0 else LENGTHENED
    return touched


def _entries(model: Model, tallies: Tallies, of: Measure) -> list[tuple[int, int, int]]:
    """Return the tallies that a measure is the sum of, settings first."""
    n, n_cohorts = len(model.settings), len(model.cohorts)
    if of.kind == "used":
        return [(AREA, tallies.used_at + of.setting, 1)]
    if of.kind == "delayed_for":
        return [(AREA, tallies.wanted_at + of.setting, 1)]
    settings = range(n) if of.setting < 0 else (of.setting,)
    cohorts = range(n_cohorts) if of.cohort < 0 else (of.cohort,)
    cells = [s * n_cohorts + c for s in settings for c in cohorts]
    read = {
        "occupied": [(AREA, OCCUPIED, 1)],
        "delayed": [(AREA, DELAYED, 1)],
        "waiting": [(AREA, WAITS, 1)],
        "away": [(AREA, OCCUPIED, 1), (AREA, WAITS, 1)],
        "left": [(NUMBER, ADMISSIONS, 1), (LEVEL, OCCUPIED, -1)],
        "died": [(NUMBER, DIED, 1)],
        "elsewhere": [(NUMBER, ELSEWHERE, 1)],
    }[of.kind]
    width = {AREA: N_CELL_STOCKS, LEVEL: N_CELL_STOCKS, NUMBER: N_CELL_COUNTS}
    return [(what, cell * width[what] + k, sign) for cell in cells for what, k, sign in read]
