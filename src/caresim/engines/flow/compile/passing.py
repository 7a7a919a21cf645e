"""Time passing: rows that people go through phase by phase, and the moves between them.

This is the lowest floor of the compiler. It knows stays and shares, and nothing of settings,
queues or routes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from caresim.engines.coupling import Parts
from caresim.engines.flow.compile.chains import phases_of
from caresim.engines.flow.compile.lanes import Lanes, Number
from caresim.engines.flow.compile.layout import Layout, Row
from caresim.engines.flow.network import Entry, Move, Target
from caresim.engines.flow.phases import PhaseType
from caresim.model import Model

Flow = list[tuple[int, Number]]
"""Rows and the share of people that goes to each."""

CERTAIN = Number(1.0)


class Passing:
    """Lays out chains of phases.

    Attributes
    ----------
    model, lanes, layout
        What is compiled, its uncertain numbers, and the rows so far.
    moves
        Moves so far.
    junctions
        Entries of gates without a limit, each of which gathers the ends of several phases before
        they part by route, so that the work of a step grows with phases plus routes and not with
        their product.
    """

    def __init__(self, model: Model, slow: Parts | None = None) -> None:
        self.model = model
        self.lanes = Lanes(model, slow)
        self.layout = Layout()
        self.moves: list[Move] = []
        self.junctions: list[Entry] = []
        self._rates: dict[int, float] = {}
        self._phases: dict[int, PhaseType] = {}
        self._stays_in_care = {route.stay for route in model.routes}
        self._stays_in_care |= {c.remaining for c in model.census if c.remaining is not None}
        self._pending: deque[Callable[[], None]] = deque()

    @property
    def fastest_rate(self) -> float:
        """The highest rate per day at which people leave any row, but for rare draws."""
        return max(self._rates.values(), default=0.0)

    def settle(self) -> None:
        """Lay out all that can be reached from what has been laid out so far."""
        while self._pending:
            self._pending.popleft()()

    def phases(self, stay: int) -> PhaseType:
        """Return the phases of a stay of the model."""
        if stay not in self._phases:
            self._phases[stay] = phases_of(
                self.model.stays[stay],
                in_care=stay in self._stays_in_care,
                steps_per_day=self.model.run.steps_per_day,
                least_factor=self.lanes.least_factor(stay),
            )
        return self._phases[stay]

    @property
    def phases_used(self) -> dict[int, PhaseType]:
        """The phases of each stay that anyone can have."""
        return dict(self._phases)

    def chain(self, stay: int, row: Row) -> tuple[int, ...]:
        """Add a row like the one given for each phase of a stay."""
        return tuple(self.layout.add(row) for _ in self.phases(stay).initial)

    def first_phases(self, stay: int, rows: tuple[int, ...], share: Number) -> Flow:
        """Return where a share of people go who begin a stay."""
        initial = self.phases(stay).initial
        return [(row, share * float(p)) for row, p in zip(rows, initial, strict=True) if p > 0]

    def let_pass(
        self, stay: int, rows: tuple[int, ...], ends: Flow, clock: Number = CERTAIN
    ) -> None:
        """Add the moves through a chain of phases, and from it to where it ends.

        ``clock`` is the speed at which time passes for those in the chain.
        """
        phases, pace = self.phases(stay), self.lanes.pace(stay) * clock
        if np.count_nonzero(phases.exits) > 1 and len(ends) > 2:
            ends = [(self._junction(rows[0], ends), CERTAIN)]
        for phase, row in enumerate(rows):
            rate = float(phases.exits[phase] + phases.rates[phase].sum())
            flow: Flow = [
                (rows[j], Number(float(q) / rate))
                for j, q in enumerate(phases.rates[phase])
                if q > 0
            ]
            leave = float(phases.exits[phase]) / rate
            flow += [(to, share * leave) for to, share in ends if leave > 0]
            self.move(row, pace * rate, flow)

    def move(self, row: int, rate: Number, flow: Flow, tallies: tuple[int, ...] = ()) -> None:
        """Add a move at a rate per person per day."""
        self._rates[row] = self._rates.get(row, 0.0) + self.lanes.highest(rate)
        self.moves.append(
            Move(row, self.lanes.value(rate), targets=self.targets(flow), tallies=tallies)
        )

    def targets(self, flow: Flow) -> tuple[Target, ...]:
        """Return the network's form of a flow, each row named once for each factor."""
        merged: dict[tuple[int, tuple[object, ...]], Number] = {}
        for row, share in flow:
            key = (row, share.factors)
            base = merged[key].base if key in merged else 0.0
            merged[key] = Number(base + share.base, share.factors)
        return tuple(Target(row, self.lanes.value(n)) for (row, _), n in merged.items())

    def _junction(self, beside: int, ends: Flow) -> int:
        of = self.layout.rows[beside]
        row = self.layout.add(Row("junction", of.setting, of.cohort))
        self.junctions.append(Entry(row, admit_to=self.targets(ends)))
        return row
