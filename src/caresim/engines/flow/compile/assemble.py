"""From a model to the network that the kernel advances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.flow.compile import gates, tables
from caresim.engines.flow.compile.lanes import Lanes
from caresim.engines.flow.compile.layout import Layout
from caresim.engines.flow.compile.measures import Measures, lay_out_measures
from caresim.engines.flow.network import NONE, Gate, Method, Network, Removal, Source, Value
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.flow.compile.start import Start, lay_out_start
from caresim.engines.output import save_times, windows_of
from caresim.model import Model

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Compiled:
    """A model ready to run.

    Attributes
    ----------
    network
        The run from the start to the end.
    warm_up
        The run before the start, or None. Its last save holds every row, in order, so that the
        members' table of ``network`` is ``lanes`` followed by the state it leaves.
    lanes
        Makes the members' table.
    layout, start, measures
        What the rows are, who is there at the start, and how outputs become variables.
    steps_per_day
        The steps used.
    notes
        Sentences on rules that are approximated in this model.
    """

    network: Network
    warm_up: Network | None
    lanes: Lanes
    layout: Layout
    start: Start
    measures: Measures
    steps_per_day: int
    notes: tuple[str, ...] = field(default=())

    def table(self, numbers: MemberNumbers) -> FloatArray:
        """Return the members' table of the network, or of the warm-up if there is one."""
        return self.lanes.table(numbers)


def compile_model(model: Model, steps_per_day: int | None = None) -> Compiled:
    """Return a model's network.

    Parameters
    ----------
    model
        The model.
    steps_per_day
        Overrides the model's own, for the check that a shorter step changes little.
    """
    paths = Paths(model)
    arrivals = [
        paths.waiting(a.to, a.cohort, a.source, f"arrival {a.name}", a.transfer)
        for a in model.arrivals
    ]
    start = lay_out_start(paths)
    entries = gates.lay_out_entries(paths)
    start = start.with_phases(paths)
    steps = steps_per_day or tables.steps_for(model, paths.fastest_rate)
    swaps, unfollowed = gates.swaps(paths)
    measures = lay_out_measures(paths, swaps)
    _lay_out_lanes(paths)

    def network(first_day: float, days: float, lead_in: bool) -> Network:
        calendar = _Calendar(model, first_day, round(days * steps), steps)
        all_gates = [gates.junction_gate(entry) for entry in paths.junctions]
        position: dict[int, int] = {}
        for setting in range(len(model.settings)):
            if any(q.to == setting for q in paths.queues):
                position[setting] = len(all_gates)
                all_gates.append(calendar.gate(paths, setting, entries))
        order = (*range(len(paths.junctions)), *gates.gate_order(paths, position))
        n_rows = len(paths.layout.rows)
        kept = 0 if lead_in or not model.steady_start else paths.lanes.count
        from_warm_up = bool(model.steady_start) and not lead_in
        people = np.array([row.kind != "tally" for row in paths.layout.rows])
        return Network(
            start=np.where(people, 1.0, 0.0) if from_warm_up else start.people(n_rows),
            start_lane=np.where(people, kept + np.arange(n_rows), NONE)
            if from_warm_up
            else np.full(n_rows, NONE),
            step_days=1.0 / steps,
            n_steps=calendar.n_steps,
            save_steps=np.array([calendar.n_steps])
            if lead_in
            else np.rint(save_times(model) * steps).astype(np.int64),
            outputs=measures.state(n_rows) if lead_in else measures.outputs,
            sources=calendar.sources(paths, arrivals, grow=not lead_in),
            moves=tuple(paths.moves),
            gates=tuple(all_gates),
            gate_order=order,
            swaps=tuple(swaps),
            removals=() if lead_in else _removals(paths, steps),
            tally_rows=tuple(paths.layout.of_kind("tally")),
            n_lanes=paths.lanes.count + (n_rows if from_warm_up else 0),
            method=model.run.method,
            profiles=calendar.profiles(),
            capacity_tables=calendar.capacity_tables(),
            open_tables=calendar.open_tables(),
            windows=np.zeros((0, 2), dtype=np.int64)
            if lead_in
            else np.array(
                [
                    (round(w.first_day * steps), round(w.last_day * steps))
                    for w in windows_of(model)
                ],
                dtype=np.int64,
            ),
        )

    warm_up_days = model.run.warm_up_days if model.steady_start else 0.0
    lead_in = network(-warm_up_days, warm_up_days, lead_in=True) if model.steady_start else None
    return Compiled(
        network=network(0.0, model.days, lead_in=False),
        warm_up=lead_in,
        lanes=paths.lanes,
        layout=paths.layout,
        start=start,
        measures=measures,
        steps_per_day=steps,
        notes=_notes(model, unfollowed),
    )


def _lay_out_lanes(paths: Paths) -> None:
    """Give every uncertain number its lane, so that the warm-up and the run share one table."""
    for position in range(len(paths.model.arrivals)):
        paths.lanes.value(paths.lanes.arrival_rate(position))
        paths.lanes.growth(position)
    for setting in range(len(paths.model.settings)):
        paths.lanes.value(paths.lanes.capacity_factor(setting))


class _Calendar:
    """The tables of one run, each column laid out once."""

    def __init__(self, model: Model, first_day: float, n_steps: int, steps_per_day: int) -> None:
        self.model = model
        self.first_day = first_day
        self.n_steps = n_steps
        self.steps_per_day = steps_per_day
        self.days = tables.step_days(first_day, n_steps, steps_per_day)
        self._profiles: list[FloatArray] = []
        self._capacities: list[FloatArray] = []
        self._open: list[NDArray[np.bool_]] = []

    def gate(self, paths: Paths, setting: int, entries: dict[int, gates.Entry]) -> Gate:
        given = self.model.settings[setting]
        capacity_table = open_table = NONE
        if np.isfinite(given.capacity.values).any():
            capacity_table = len(self._capacities)
            self._capacities.append(tables.capacity_table(given.capacity, self.days))
        if given.calendar is not None:
            open_table = len(self._open)
            self._open.append(
                tables.open_table(given.calendar, self.model, self.days, self.steps_per_day)
            )
        return gates.build_gate(paths, setting, entries, capacity_table, open_table)

    def sources(self, paths: Paths, rows: list[int], grow: bool) -> tuple[Source, ...]:
        found: list[Source] = []
        for position, arrivals in enumerate(self.model.arrivals):
            profile = tables.arrival_profile(
                arrivals,
                self.model,
                self.first_day,
                self.days,
                self.steps_per_day,
                self.model.run.method,
            )
            found.append(
                Source(
                    rows[position],
                    paths.lanes.value(paths.lanes.arrival_rate(position)),
                    profile=len(self._profiles),
                    growth=paths.lanes.growth(position) if grow else NONE,
                )
            )
            self._profiles.append(profile)
        return tuple(found)

    def profiles(self) -> FloatArray:
        return _columns(self._profiles, self.n_steps)

    def capacity_tables(self) -> FloatArray:
        return _columns(self._capacities, self.n_steps)

    def open_tables(self) -> NDArray[np.bool_]:
        return _columns(self._open, self.n_steps).astype(np.bool_)


def _columns(columns: list[FloatArray] | list[NDArray[np.bool_]], n_steps: int) -> FloatArray:
    return np.stack(columns, axis=-1) if columns else np.zeros((n_steps, 0))


def _removals(paths: Paths, steps: int) -> tuple[Removal, ...]:
    found: list[Removal] = []
    for setting, given in enumerate(paths.model.settings):
        for move in given.planned_moves:
            if 0 <= move.day < paths.model.days:
                rows = [
                    (row, paths.delayed_for(spot, move.to))
                    for spot, chains in paths.care_rows.items()
                    if spot[0] == setting
                    for chain in chains.values()
                    for row in chain
                ]
                found.append(
                    Removal(
                        step=round(move.day * steps),
                        rows=tuple(row for row, _ in rows),
                        people=Value(move.people),
                        targets=tuple(to for _, to in rows),
                    )
                )
    return tuple(sorted(found, key=lambda removal: removal.step))


_APPROXIMATIONS: tuple[tuple[Callable[[Model], bool], str], ...] = (
    (
        lambda m: any(s.max_waits for s in m.settings),
        "A maximum wait is a constant chance of giving up, with waits of that mean length.",
    ),
    (
        lambda m: any(s.places_per_person.by != "constant" for s in m.settings),
        "People whose use of places falls are counted with their mean use over the stay.",
    ),
    (
        lambda m: any(s.planned_moves for s in m.settings),
        "Planned moves take people in proportion to those there, not the longest there first.",
    ),
    (
        lambda m: any(np.isfinite(s.room) and s.room > 0 for s in m.settings),
        "Queue room overflows only once the mean queue is full.",
    ),
    (
        lambda m: any(np.isfinite(s.capacity.values).any() for s in m.settings),
        "Averages hide queues: people wait for a place only where mean demand exceeds capacity.",
    ),
)


def _notes(model: Model, unfollowed: int) -> tuple[str, ...]:
    notes = [sentence for applies, sentence in _APPROXIMATIONS if applies(model)]
    if unfollowed:
        notes.append(f"{unfollowed} possible circles of blocking were too many to follow.")
    return tuple(notes)
