"""The network of one stretch of time: the run itself, or the warm-up before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout
from caresim.engines.flow.compile import gates, tables
from caresim.engines.flow.compile.measures import Measures, inside
from caresim.engines.flow.compile.observed import lay_out_observed
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.flow.compile.start import Start
from caresim.engines.flow.network import (
    NONE,
    Entry,
    Gate,
    Network,
    Output,
    Removal,
    Source,
    Swap,
    Value,
)
from caresim.engines.output import save_times, windows_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Laid:
    """A model with everything laid out that does not depend on the calendar."""

    paths: Paths
    entries: dict[int, Entry]
    swaps: list[Swap]
    start: Start
    measures: Measures
    steps_per_day: int
    slow: CouplingLayout | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.paths.layout.rows)


def run_network(laid: Laid, *, after_warm_up: bool) -> Network:
    """Return the network of the run.

    After a warm-up each row begins with what the members' table says after its lanes.
    """
    model, steps = laid.paths.model, laid.steps_per_day
    return _network(
        laid,
        first_day=0,
        n_steps=round(model.days * steps),
        save_steps=np.rint(save_times(model) * steps).astype(np.int64),
        windows=_steps([(w.first_day, w.last_day) for w in windows_of(model)], steps),
        outputs=laid.measures.outputs,
        outside=outside_outputs(laid.slow),
        after_warm_up=after_warm_up,
    )


def outside_outputs(slow: CouplingLayout | None) -> tuple[bool, ...]:
    """Return, for all that is recorded of the slow side, whether it is as its change.

    These are each stock's value, each stock's integral, and each tally.
    """
    if slow is None:
        return ()
    n_stocks, n_tallies = len(slow.stocks), len(slow.tallies)
    return (False,) * n_stocks + (True,) * (n_stocks + n_tallies)


def warm_up_network(laid: Laid, n_days: int, compared: list[tuple[int, int]]) -> Network:
    """Return the network of the days before the start.

    Its outputs are all rows, and then the people of each setting over the days ``compared``
    (first and last, from the beginning of the warm-up).
    """
    model, steps = laid.paths.model, laid.steps_per_day
    rows = tuple(Output(((row, 1.0),)) for row in range(laid.n_rows))
    return _network(
        laid,
        first_day=-n_days,
        n_steps=n_days * steps,
        save_steps=np.array([n_days * steps]),
        windows=_steps([(float(a), float(b)) for a, b in compared], steps),
        outputs=(*rows, *inside(laid.paths.layout, len(model.settings))),
        outside=(),
        after_warm_up=False,
    )


def _steps(days: list[tuple[float, float]], steps_per_day: int) -> IntArray:
    steps: IntArray = np.rint(np.array(days).reshape(-1, 2) * steps_per_day).astype(np.int64)
    return steps


def _network(
    laid: Laid,
    *,
    first_day: int,
    n_steps: int,
    save_steps: IntArray,
    windows: IntArray,
    outputs: tuple[Output, ...],
    outside: tuple[bool, ...],
    after_warm_up: bool,
) -> Network:
    paths, model = laid.paths, laid.paths.model
    calendar = _Calendar(paths, first_day, n_steps, laid.steps_per_day)
    sources = calendar.sources()
    all_gates, order = _gates(laid, calendar)
    inside_rows = np.array(
        [row.kind not in ("tally", "exit") for row in paths.layout.rows], np.bool_
    )
    from_lane = inside_rows & after_warm_up
    n_lanes = paths.lanes.count
    return Network(
        start=np.where(from_lane, 1.0, 0.0) if after_warm_up else laid.start.people(laid.n_rows),
        start_lane=np.where(from_lane, n_lanes + np.arange(laid.n_rows), NONE),
        step_days=1.0 / laid.steps_per_day,
        n_steps=n_steps,
        save_steps=save_steps,
        outputs=outputs,
        sources=sources,
        moves=tuple(paths.moves),
        gates=all_gates,
        gate_order=order,
        swaps=tuple(laid.swaps),
        removals=_removals(laid) if first_day == 0 else (),
        tally_rows=tuple(paths.layout.of_kind("tally")),
        n_lanes=n_lanes + (laid.n_rows if after_warm_up else 0),
        method=model.run.method,
        profiles=_columns(calendar.profiles, (calendar.n_steps, calendar.n_stages)),
        capacity_tables=_columns(calendar.capacities, (calendar.n_steps,)),
        open_tables=_columns(calendar.opening, (calendar.n_steps,)).astype(np.bool_),
        windows=windows,
        exchange_steps=_exchange_steps(laid, n_steps),
        measures=_observed(laid),
        outside_outputs=outside,
    )


def _exchange_steps(laid: Laid, n_steps: int) -> IntArray:
    """Return the steps at which the slow side is met: from the start on, and at the end."""
    if laid.slow is None:
        return np.zeros(0, dtype=np.int64)
    apart = round(laid.paths.model.run.coupling_days * laid.steps_per_day)
    return np.unique(np.append(np.arange(0, n_steps, max(apart, 1)), n_steps))


def _observed(laid: Laid) -> tuple[Output, ...]:
    if laid.slow is None:
        return ()
    return lay_out_observed(laid.paths.layout, laid.slow.measures)


def _gates(laid: Laid, calendar: _Calendar) -> tuple[tuple[Gate, ...], tuple[int, ...]]:
    """Return all gates and the order of their visits: junctions, then new stays, then settings."""
    paths = laid.paths
    found = [gates.junction_gate(entry) for entry in paths.junctions]
    for entry, setting in paths.again:
        open_table = NONE if setting is None else calendar.hours(setting)
        found.append(gates.junction_gate(entry, open_table))
    first = list(range(len(found)))
    position: dict[int, int] = {}
    for setting in sorted({queue.to for queue in paths.queues}):
        position[setting] = len(found)
        by_date = gates.limited(paths, setting) and not paths.lanes.places_change(setting)
        table = calendar.places(setting) if by_date else NONE
        found.append(gates.build_gate(paths, setting, laid.entries, table, calendar.hours(setting)))
    return tuple(found), (*first, *gates.gate_order(paths, position))


class _Calendar:
    """The tables of a stretch of time, each column laid out once."""

    def __init__(self, paths: Paths, first_day: int, n_steps: int, steps_per_day: int) -> None:
        self.paths = paths
        self.first_day = first_day
        self.n_steps = n_steps
        self.steps_per_day = steps_per_day
        self.days = tables.step_days(first_day, n_steps, steps_per_day)
        self.n_stages = tables.n_stages(paths.model.run.method)
        self.profiles: list[FloatArray] = []
        self.capacities: list[FloatArray] = []
        self.opening: list[FloatArray] = []
        self._hours: dict[int, int] = {}

    def hours(self, setting: int) -> int:
        """Return the column of a setting's hours of admission, or NONE."""
        model = self.paths.model
        calendar = model.settings[setting].calendar
        if calendar is None:
            return NONE
        if setting not in self._hours:
            table = tables.open_table(calendar, model, self.days, self.steps_per_day)
            self._hours[setting] = _column(self.opening, table.astype(np.float64))
        return self._hours[setting]

    def places(self, setting: int) -> int:
        """Return the column of a setting's capacity."""
        timeline = self.paths.model.settings[setting].capacity
        return _column(self.capacities, tables.capacity_table(timeline, self.days))

    def sources(self) -> tuple[Source, ...]:
        """Return the arrivals; what grows stands still before the start."""
        model, lanes = self.paths.model, self.paths.lanes
        found: list[Source] = []
        for position, arrivals in enumerate(model.arrivals):
            rate = lanes.arrival_rate(position)
            profile = tables.arrival_profile(
                arrivals, model, self.first_day, self.days, self.steps_per_day, model.run.method
            )
            column = NONE
            if profile.size and np.all(profile == profile.flat[0]):
                rate = rate * float(profile.flat[0])
            else:
                column = _column(self.profiles, profile)
            found.append(
                Source(
                    self.paths.arrival(position),
                    lanes.value(rate),
                    profile=column,
                    growth=lanes.growth(position) if self.first_day >= 0 else NONE,
                )
            )
        return tuple(found)


def _column(columns: list[FloatArray], column: FloatArray) -> int:
    """Return the position of a column, added if no column there is the same."""
    for position, known in enumerate(columns):
        if np.array_equal(known, column):
            return position
    columns.append(column)
    return len(columns) - 1


def _columns(columns: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    return np.stack(columns, axis=-1) if columns else np.zeros((*shape, 0))


def _removals(laid: Laid) -> tuple[Removal, ...]:
    """Return the planned moves of the run."""
    found: list[Removal] = []
    for setting, given in enumerate(laid.paths.model.settings):
        for move in given.planned_moves:
            rows = [
                (row, laid.paths.moved_by_plan(spot, move.to))
                for spot, chains in laid.paths.care_rows.items()
                if spot[0] == setting
                for chain in chains.values()
                for row in chain
            ]
            if rows and 0 <= move.day < laid.paths.model.days:
                found.append(
                    Removal(
                        step=round(move.day * laid.steps_per_day),
                        rows=tuple(row for row, _ in rows),
                        people=Value(move.people),
                        targets=tuple(to for _, to in rows),
                    )
                )
    return tuple(sorted(found, key=lambda removal: removal.step))
