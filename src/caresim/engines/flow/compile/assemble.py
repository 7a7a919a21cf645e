"""From a model to the network that the kernel advances."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from caresim.engines.coupling import CouplingLayout, coupling_layout
from caresim.engines.flow.compile import gates, tables
from caresim.engines.flow.compile.lanes import Lanes
from caresim.engines.flow.compile.layout import Layout
from caresim.engines.flow.compile.measures import Measures, lay_out_measures
from caresim.engines.flow.compile.notes import notes
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.flow.compile.start import lay_out_start
from caresim.engines.flow.compile.stretch import Laid, run_network, warm_up_network
from caresim.engines.flow.compile.swaps import lay_out_swaps
from caresim.engines.flow.network import Network
from caresim.engines.flow.phases import PhaseType
from caresim.model import Model

COMPARED_DAYS = 28
"""Days at the end of a warm-up whose people are compared with those of earlier days: four weeks,
so that weekly patterns cancel."""

APART_DAYS = 364
"""Days between the two, where the warm-up is long enough: whole weeks, and nearly a year, so that
the months cancel too."""

PACE_LIMIT = 0.95
"""Share of the people in a phase that may leave it in a step, for the members with the shortest
stays: the rest is for the hazards that act on them meanwhile."""


@dataclass(frozen=True)
class Compiled:
    """A model ready to run.

    Attributes
    ----------
    network
        The run from the start to the end.
    warm_up
        The run before the start, or None. Its outputs are first every row, in order, so that the
        members' table of ``network`` is that of ``lanes`` followed by the state it leaves; then,
        for each setting, the people in it, over the days ``compared``.
    compared
        Two stretches of the warm-up, in days from its beginning, the last the later; none where
        it is too short to compare.
    lanes
        Makes the members' table.
    layout, measures
        What the rows are, and how outputs become variables.
    phases
        The phases of each stay anyone can have, by the stay's position in the model.
    steps_per_day
        The steps used.
    notes
        Sentences on rules that are approximated in this model.
    slow
        The slow side, in a model that has one.
    warm_up_days
        Length of the warm-up; 0 for none.
    """

    network: Network
    warm_up: Network | None
    compared: tuple[tuple[int, int], ...]
    lanes: Lanes
    layout: Layout
    measures: Measures
    phases: Mapping[int, PhaseType]
    steps_per_day: int
    notes: tuple[str, ...]
    slow: CouplingLayout | None
    warm_up_days: int


def compile_model(model: Model, steps_per_day: int | None = None) -> Compiled:
    """Return a model's network.

    Parameters
    ----------
    model
        The model.
    steps_per_day
        Overrides the model's own, for the check that a shorter step changes little.
    """
    slow = coupling_layout(model, mean_field=True) if model.is_coupled else None
    paths = Paths(model, slow.parts if slow is not None else None)
    for position in range(len(model.arrivals)):
        paths.arrival(position)
    start = lay_out_start(paths)
    entries = gates.lay_out_entries(paths)
    swaps, left_out = lay_out_swaps(paths, entries)
    steps = tables.steps_for(model, paths.fastest_rate)
    for stay, phases in paths.phases_used.items():
        paths.lanes.limit_pace(stay, max(1.0, PACE_LIMIT * steps / phases.fastest_rate()))
    laid = Laid(
        paths=paths,
        entries=entries,
        swaps=swaps,
        start=start.with_phases(paths),
        measures=lay_out_measures(paths, swaps),
        steps_per_day=steps_per_day or steps,
        slow=slow,
    )
    _lay_out_lanes(paths)
    days = math.ceil(model.run.warm_up_days) if model.steady_start else 0
    compared = _compared(days)
    return Compiled(
        network=run_network(laid, after_warm_up=days > 0),
        warm_up=warm_up_network(laid, days, list(compared)) if days else None,
        compared=compared,
        lanes=paths.lanes,
        layout=paths.layout,
        measures=laid.measures,
        phases=paths.phases_used,
        steps_per_day=laid.steps_per_day,
        notes=notes(model, left_out),
        slow=slow,
        warm_up_days=days,
    )


def _lay_out_lanes(paths: Paths) -> None:
    """Give every uncertain number its lane, so that the warm-up and the run share one table."""
    for position in range(len(paths.model.arrivals)):
        paths.lanes.value(paths.lanes.arrival_rate(position))
        paths.lanes.growth(position)
    for setting in range(len(paths.model.settings)):
        paths.lanes.value(paths.lanes.capacity_factor(setting))


def _compared(days: int) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a warm-up that are compared."""
    apart = min(APART_DAYS, (days - COMPARED_DAYS) // 7 * 7)
    if apart < COMPARED_DAYS:
        return ()
    last = (days - COMPARED_DAYS, days)
    return ((last[0] - apart, last[1] - apart), last)
