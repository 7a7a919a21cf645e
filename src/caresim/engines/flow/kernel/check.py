"""Refuses networks that contradict themselves: every message names the offender.

These are mistakes of whoever built the network, not of whoever wrote a scenario.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from caresim.engines.flow.kernel.limits import value_of
from caresim.engines.flow.network import (
    NONE,
    STAGE_OFFSETS,
    FloatArray,
    Gate,
    Move,
    Network,
    Source,
    Swap,
    Target,
    Value,
)

SHARES_WITHIN = 1e-9
"""How far the shares of a move may be from 1 in sum."""


def check_network(network: Network) -> None:
    """Check what does not depend on members.

    Raises
    ------
    ValueError
        With one line for each contradiction.
    """
    problems = [*_shapes(network), *_rows(network), *_tables(network)]
    if not problems:
        problems = [*_gates(network), *_swaps(network), *_flags(network)]
    if problems:
        raise ValueError("\n".join(problems))


def check_members(network: Network, members: FloatArray) -> None:
    """Check the members' table: its shape, rates of 0 or more, and shares that sum to 1.

    Raises
    ------
    ValueError
        With one line for each contradiction.
    """
    if members.ndim != 2 or members.shape[0] != network.n_lanes or not members.shape[1]:
        expected = f"({network.n_lanes}, 1 or more)"
        raise ValueError(f"the members' table has shape {members.shape}, expected {expected}")
    problems = [*_values(network, members), *_shares(network, members)]
    if problems:
        raise ValueError("\n".join(problems))


def _shapes(network: Network) -> Iterator[str]:
    if network.step_days <= 0 or network.n_steps < 0:
        yield f"{network.n_steps} steps of {network.step_days} days"
    if network.start_lane.shape != network.start.shape:
        yield f"start has {network.start.size} rows but start_lane {network.start_lane.size}"
    if not np.all(np.diff(network.save_steps) > 0):
        yield "save_steps do not increase"
    if network.exchange_steps.size and network.exchange_steps[0] != 0:
        yield "the first exchange is not at the start"
    if not np.all(np.diff(network.exchange_steps) > 0):
        yield "exchange_steps do not increase"
    if any(measure.kind == "value" for measure in network.measures):
        yield "a measure is neither a change nor an integral"
    marks = [*network.save_steps.tolist(), *network.windows.ravel().tolist()]
    marks += network.exchange_steps.tolist()
    if any(not 0 <= mark <= network.n_steps for mark in marks):
        yield "a save, window or exchange lies outside the run"
    if network.windows.ndim != 2 or network.windows.shape[1] != 2:
        yield f"windows have shape {network.windows.shape}, expected (n, 2)"


def _named_rows(network: Network) -> Iterator[tuple[str, int]]:
    for i, source in enumerate(network.sources):
        yield f"source {i}", source.row
    for i, move in enumerate(network.moves):
        for row in (move.row, *(t.row for t in move.targets), *move.tallies):
            yield f"move {i}", row
    for i, gate in enumerate(network.gates):
        for row, _ in gate.occupants:
            yield f"occupant of gate {i}", row
        for group in gate.classes:
            for entry in group.entries:
                for row in (entry.queue, *(t.row for t in entry.admit_to)):
                    yield f"entry of gate {i}", row
            for fence in group.fences:
                for row, _ in fence.outsiders:
                    yield f"fence of gate {i}", row
        for room in gate.rooms:
            for row in (*room.rows, *room.overflow):
                yield f"room of gate {i}", row
    for i, swap in enumerate(network.swaps):
        for targets in swap.admit_to:
            for target in targets:
                yield f"swap {i}", target.row
    for i, removal in enumerate(network.removals):
        for row in (*removal.rows, *removal.targets):
            yield f"removal {i}", row
    for i, output in enumerate(network.outputs):
        for row, _ in output.terms:
            yield f"output {i}", row


def _rows(network: Network) -> Iterator[str]:
    for name, row in _named_rows(network):
        if not 0 <= row < network.n_rows:
            yield f"{name} names row {row} of {network.n_rows}"


def _tables(network: Network) -> Iterator[str]:
    stages = len(STAGE_OFFSETS[network.method])
    flows: list[Source | Move] = [*network.sources, *network.moves]
    columns = (
        ("profiles", network.profiles, [flow.profile for flow in flows]),
        ("capacity_tables", network.capacity_tables, [g.capacity_table for g in network.gates]),
        ("open_tables", network.open_tables, [g.open_table for g in network.gates]),
    )
    for name, table, used in columns:
        if max(used, default=NONE) == NONE:
            continue
        if max(used) >= table.shape[-1]:
            yield f"{name} has {table.shape[-1]} columns but column {max(used)} is used"
        if table.shape[0] != network.n_steps:
            yield f"{name} covers {table.shape[0]} of {network.n_steps} steps"
        if name == "profiles" and table.shape[1] != stages:
            yield f"profiles has {table.shape[1]} stages but {network.method} has {stages}"
        if not np.all(table >= 0):
            yield f"{name} holds a negative number or none at all"


def _gates(network: Network) -> Iterator[str]:
    if sorted(set(network.gate_order)) != list(range(len(network.gates))):
        yield f"gate_order {network.gate_order} does not name each of {len(network.gates)} gates"
    queues: list[int] = []
    for i, gate in enumerate(network.gates):
        entries = [entry for group in gate.classes for entry in group.entries]
        # A queue may be in several classes of one gate: first with others, then beyond them.
        queues += {entry.queue for entry in entries}
        if any(entry.places <= 0 or not entry.admit_to for entry in entries):
            yield f"an entry of gate {i} needs no places or leads nowhere"
        if gate.pace is not None and (len(entries) != 1 or gate.rooms):
            yield f"paced gate {i} must have one entry and no room limit"
        if gate.pace is not None and network.gate_order.count(i) > 1:
            yield f"paced gate {i} is visited more than once"
        for room in gate.rooms:
            if len(room.overflow) != len(room.rows) or len(room.tally) not in (0, len(room.rows)):
                yield f"a room of gate {i} must have an overflow, and a tally or none, per row"
    for queue in sorted(queue for queue, times in Counter(queues).items() if times > 1):
        yield f"row {queue} is the queue of more than one gate"


def _swaps(network: Network) -> Iterator[str]:
    gate_of = {
        entry.queue: (gate, entry.places)
        for gate in network.gates
        for group in gate.classes
        for entry in group.entries
    }
    for i, swap in enumerate(network.swaps):
        missing = [queue for queue in swap.queues if queue not in gate_of]
        if missing or len(swap.queues) < 2:
            yield f"swap {i} names rows that are not queues, or fewer than two: {swap.queues}"
            continue
        if len(swap.admit_to) not in (0, len(swap.queues)):
            yield f"swap {i} says where to admit {len(swap.admit_to)} of {len(swap.queues)} queues"
        yield from _swap_fits(i, swap, gate_of)


def _swap_fits(number: int, swap: Swap, gate_of: dict[int, tuple[Gate, float]]) -> Iterator[str]:
    for queue, after in zip(swap.queues, (*swap.queues[1:], swap.queues[0]), strict=True):
        gate, needed = gate_of[queue]
        held = sum(places for row, places in gate.occupants if row == after)
        if held < needed:
            yield (
                f"swap {number}: people in row {queue} need {needed} places, "
                f"those who make way in row {after} hold {held}"
            )


def _flags(network: Network) -> Iterator[str]:
    for row in network.tally_rows:
        if not 0 <= row < network.n_rows:
            yield f"tally row {row} of {network.n_rows}"
    for i, removal in enumerate(network.removals):
        if len(removal.rows) != len(removal.targets) or not 0 <= removal.step < network.n_steps:
            yield f"removal {i} has no target for each row, or lies outside the run"


def _values(network: Network, members: FloatArray) -> Iterator[str]:
    def bad(value: Value, *, infinite: bool = False) -> bool:
        if not NONE <= value.lane < network.n_lanes:
            return True
        numbers = value_of(value, members)
        finite = infinite or bool(np.isfinite(numbers).all())
        return not (finite and bool((numbers >= 0).all()))

    for i, source in enumerate(network.sources):
        if bad(source.rate):
            yield f"source {i} has an impossible rate"
    for i, move in enumerate(network.moves):
        if bad(move.rate):
            yield f"move {i} has an impossible rate"
    for i, gate in enumerate(network.gates):
        if bad(gate.capacity, infinite=True):
            yield f"gate {i} has an impossible capacity"
        elif gate.capacity_table != NONE and _undefined(network, gate, members):
            yield f"gate {i} has a capacity of nothing times infinity"
    for row in range(network.n_rows):
        if bad(Value(float(network.start[row]), int(network.start_lane[row]))):
            yield f"row {row} has an impossible start"


def _undefined(network: Network, gate: Gate, members: FloatArray) -> bool:
    table = network.capacity_tables[:, gate.capacity_table]
    given = value_of(gate.capacity, members)
    nothing = bool((given == 0).any()) and bool(np.isinf(table).any())
    return nothing or (bool(np.isinf(given).any()) and bool((table == 0).any()))


def _shares(network: Network, members: FloatArray) -> Iterator[str]:
    groups: dict[tuple[Value, ...], str] = {}

    def note(name: str, targets: tuple[Target, ...]) -> None:
        groups.setdefault(tuple(target.share for target in targets), name)

    for i, move in enumerate(network.moves):
        note(f"move {i}", move.targets)
    for i, gate in enumerate(network.gates):
        for group in gate.classes:
            for entry in group.entries:
                note(f"admission from row {entry.queue} by gate {i}", entry.admit_to)
    for i, swap in enumerate(network.swaps):
        for targets in swap.admit_to:
            note(f"swap {i}", targets)
    for shares, name in groups.items():
        sums = np.zeros(members.shape[1])
        lowest = 0.0
        for share in shares:
            part = value_of(share, members)
            sums += part
            lowest = min(lowest, float(part.min()))
        off = float(np.abs(sums - 1.0).max())
        if not (off <= SHARES_WITHIN and lowest >= -SHARES_WITHIN):
            yield f"{name}: shares are off 1 by {off:.3g} in sum, the smallest is {lowest:.3g}"
