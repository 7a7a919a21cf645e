"""Where everything is in the bank: the table of rows that a program works on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from caresim.engines.flow.kernel.limits import moves_by_row
from caresim.engines.flow.network import NONE, STAGE_OFFSETS, Move, Network, Source

Driver = tuple[int, int]
"""A profile and a growth lane that together multiply a rate; -1 for none of either."""


@dataclass(frozen=True)
class BankLayout:
    """Row numbers in the bank.

    A copy of the state is the network's rows and one more, which counts everybody who has
    entered from outside. The coefficient rows come last, from row `coefficients` on.

    Attributes
    ----------
    n_state, n_stages
        Rows in a copy of the state; stages of the method.
    outputs
        A row for each output that has to be summed; that of an integral is where it accumulates.
    outside
        A row for each output that comes from outside the network.
    measures
        A row for each measure: that of an output where it is the same integral.
    gates
        A row for each gate whose places held have to be summed for the audit.
    growth_lanes, first_growth
        Lanes that rates grow by. Each has a row for its factor at each stage, then a row for the
        ratio of that to the factor at the start of the step (the first: over a whole step).
    drivers
        The row of each driver that has a profile.
    limiters
        For each limited row of the network, a row for each of its moves.
    zeros, ones
        Constants.
    need, free, room, spare, ratio, moved, dropped
        Working rows of gates; `dropped` is written and never read.
    """

    n_state: int
    n_stages: int
    outputs: tuple[int, ...]
    outside: tuple[int, ...]
    measures: tuple[int, ...]
    gates: tuple[int, ...]
    growth_lanes: tuple[int, ...]
    first_growth: int
    drivers: dict[Driver, int]
    limiters: dict[int, tuple[int, ...]]
    zeros: int
    ones: int
    need: int
    free: int
    room: int
    spare: int
    ratio: int
    moved: int
    dropped: int
    coefficients: int

    @staticmethod
    def of(network: Network, limited_rows: frozenset[int]) -> BankLayout:
        """Lay out the bank of a network."""
        n_state = network.n_rows + 1
        n_stages = len(STAGE_OFFSETS[network.method])
        rows = count((2 if network.method == "euler" else 3) * n_state)
        flows: list[Source | Move] = [*network.sources, *network.moves]
        used = [(flow.profile, flow.growth) for flow in flows]
        lanes = sorted({lane for _, lane in used if lane != NONE})
        first_growth = next(rows)
        rows = count(first_growth + 2 * n_stages * len(lanes))
        moves = moves_by_row(network)
        outputs = tuple(next(rows) for _ in network.outputs)
        integrals = {
            output: row
            for output, row in zip(network.outputs, outputs, strict=True)
            if output.kind == "integral"
        }
        return BankLayout(
            n_state=n_state,
            n_stages=n_stages,
            outputs=outputs,
            outside=tuple(next(rows) for _ in network.outside_outputs),
            measures=tuple(
                integrals[measure] if measure in integrals else next(rows)
                for measure in network.measures
            ),
            gates=tuple(next(rows) for _ in network.gates),
            growth_lanes=tuple(lanes),
            first_growth=first_growth,
            drivers={driver: next(rows) for driver in sorted(set(used)) if driver[0] != NONE},
            limiters={row: tuple(next(rows) for _ in moves[row]) for row in sorted(limited_rows)},
            zeros=next(rows),
            ones=next(rows),
            need=next(rows),
            free=next(rows),
            room=next(rows),
            spare=next(rows),
            ratio=next(rows),
            moved=next(rows),
            dropped=next(rows),
            coefficients=next(rows),
        )

    @property
    def inflow(self) -> int:
        """Row, within a copy of the state, that counts people entering from outside."""
        return self.n_state - 1

    def state(self, copy: int) -> int:
        """Return the first row of a copy of the state."""
        return copy * self.n_state

    def growth(self, lane: int, stage: int) -> int:
        """Return the row of a growth factor at a stage."""
        return self.first_growth + 2 * self.n_stages * self.growth_lanes.index(lane) + stage

    def growth_ratio(self, lane: int, stage: int = 0) -> int:
        """Return the row of a growth factor's ratio to that at the start of the step."""
        return self.growth(lane, stage) + self.n_stages

    def driver(self, profile: int, growth: int, stage: int) -> int:
        """Return the row of a driver at a stage."""
        if profile != NONE:
            return self.drivers[profile, growth]
        return self.ones if growth == NONE else self.growth(growth, stage)
