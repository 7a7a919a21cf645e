"""Writes the instructions for gates, waiting rooms and swaps."""

from __future__ import annotations

import math

from caresim.engines.flow.kernel import machine
from caresim.engines.flow.kernel.assembler import Assembler
from caresim.engines.flow.kernel.bank import BankLayout
from caresim.engines.flow.network import (
    NONE,
    Entry,
    Gate,
    Network,
    Pace,
    PriorityClass,
    Room,
    Swap,
    Target,
    Value,
)


def emit_gates(
    assembler: Assembler,
    layout: BankLayout,
    network: Network,
    start: int,
    end: int,
    *,
    settle: bool = False,
) -> None:
    """Emit every visit to a gate in a step from the state at row `start` to that at `end`.

    With `settle`, only admit who there is room for: paced gates admit nobody between steps.
    """
    last_visit = {gate: visit for visit, gate in enumerate(network.gate_order)}
    for visit, number in enumerate(network.gate_order):
        gate = network.gates[number]
        if gate.pace is not None and settle:
            continue
        skip = NONE
        if gate.open_table != NONE:
            skip = assembler.emit(machine.SKIP_IF_CLOSED, 0, gate.open_table)
        if gate.pace is not None:
            _emit_paced(assembler, layout, network, gate, gate.pace, start, end)
        elif math.isinf(gate.capacity.base):
            _emit_unlimited(assembler, layout, gate, end)
        else:
            _emit_free(assembler, layout, gate, gate.occupants, end, layout.free)
            for group in gate.classes:
                _emit_class(assembler, layout, gate, group, end)
        if skip != NONE:
            assembler.skip_from(skip)
        if last_visit[number] == visit:
            for room in gate.rooms:
                _emit_room(assembler, layout, room, end)


def _emit_free(
    assembler: Assembler,
    layout: BankLayout,
    gate: Gate,
    holders: tuple[tuple[int, float], ...],
    state: int,
    free: int,
) -> None:
    """Put capacity less the places that holders hold, which may be negative, in row `free`."""
    held = assembler.sum_row(layout.need, [(state + row, places) for row, places in holders])
    capacity = assembler.coefficients.row_of(gate.capacity)
    assembler.emit(machine.FREE, free, capacity, held, gate.capacity_table)


def _emit_room_for(
    assembler: Assembler, layout: BankLayout, gate: Gate, group: PriorityClass, state: int
) -> int:
    """Return the row of the places that a class may use of those in row `free`."""
    if group.keep_free == Value(0.0) and not group.fences:
        return layout.free
    kept = assembler.coefficients.row_of(group.keep_free)
    assembler.sum(layout.room, ((layout.free, 1.0), (kept, -1.0)))
    for fence in group.fences:
        _emit_free(assembler, layout, gate, fence.outsiders, state, layout.spare)
        set_aside = assembler.coefficients.row_of(fence.places)
        assembler.sum(layout.spare, ((set_aside, -1.0),), add=True)
        assembler.emit(machine.LESSER, layout.room, layout.spare)
    return layout.room


def _emit_class(
    assembler: Assembler, layout: BankLayout, gate: Gate, group: PriorityClass, end: int
) -> None:
    room = _emit_room_for(assembler, layout, gate, group, end)
    if len(group.entries) == 1:
        entry = group.entries[0]
        row, share = _first_target(layout, entry, end)
        operands = (layout.moved, end + entry.queue, layout.free, room, row)
        factors = (entry.places, 1.0 / entry.places, share)
        assembler.emit(machine.ADMIT_ONE, *operands, factors=factors)
        _emit_arrivals(assembler, layout, entry, end)
        return
    queues = [(end + entry.queue, entry.places) for entry in group.entries]
    assembler.sum(layout.need, queues)
    assembler.emit(machine.RATIO, layout.ratio, layout.need, layout.free, room)
    for entry in group.entries:
        row, share = _first_target(layout, entry, end)
        taken = (layout.moved, end + entry.queue, layout.ratio, row)
        assembler.emit(machine.TAKE_SHARE, *taken, factors=(share,))
        _emit_arrivals(assembler, layout, entry, end)


def _emit_unlimited(assembler: Assembler, layout: BankLayout, gate: Gate, end: int) -> None:
    for group in gate.classes:
        for entry in group.entries:
            row, share = _first_target(layout, entry, end)
            operands = (layout.moved, end + entry.queue, layout.ones, row)
            assembler.emit(machine.TAKE_SHARE, *operands, factors=(share,))
            _emit_arrivals(assembler, layout, entry, end)


def _emit_paced(
    assembler: Assembler,
    layout: BankLayout,
    network: Network,
    gate: Gate,
    pace: Pace,
    start: int,
    end: int,
) -> None:
    holders = [(start + row, places) for row, places in gate.occupants]
    held = assembler.sum_row(layout.need, holders)
    capacity = assembler.coefficients.row_of(gate.capacity)
    entry = gate.classes[0].entries[0]
    row, share = _first_target(layout, entry, end)
    queue = (end + entry.queue, held, start + entry.queue)
    operands = (layout.moved, *queue, row, capacity, gate.capacity_table)
    days = network.step_days
    factors = (days / pace.queue_days, days / (pace.free_days * entry.places), share)
    assembler.emit(machine.ADMIT_PACED, *operands, factors=factors)
    _emit_arrivals(assembler, layout, entry, end)


def _goes_with_admission(target: Target) -> bool:
    """Return whether an admitting instruction can deliver a target's share itself."""
    return target.share.lane == NONE


def _first_target(layout: BankLayout, entry: Entry, end: int) -> tuple[int, float]:
    first = entry.admit_to[0]
    if _goes_with_admission(first):
        return end + first.row, first.share.base
    return layout.dropped, 0.0


def _emit_arrivals(assembler: Assembler, layout: BankLayout, entry: Entry, end: int) -> None:
    """Send those in row `moved` where the admitting instruction has not, and count them."""
    done = 1 if _goes_with_admission(entry.admit_to[0]) else 0
    _emit_delivery(assembler, layout, entry.admit_to[done:], entry.tally, end)


def _emit_delivery(
    assembler: Assembler, layout: BankLayout, targets: tuple[Target, ...], tally: int, end: int
) -> None:
    for target in targets:
        share = target.share
        if share.lane == NONE:
            assembler.sum(end + target.row, ((layout.moved, share.base),), add=True)
        else:
            part = assembler.coefficients.shared_row(share.base, share.lane)
            assembler.sum(end + target.row, ((layout.moved, part),), add=True)
    if tally != NONE:
        assembler.sum(end + tally, ((layout.moved, 1.0),), add=True)


def _emit_room(assembler: Assembler, layout: BankLayout, room: Room, end: int) -> None:
    people = assembler.coefficients.row_of(room.people)
    waiting = assembler.sum_row(layout.need, [(end + row, 1.0) for row in room.rows])
    assembler.emit(machine.EXCESS_SHARE, layout.ratio, waiting, people)
    tallies = room.tally or (NONE,) * len(room.rows)
    for row, overflow, tally in zip(room.rows, room.overflow, tallies, strict=True):
        taken = (layout.moved, end + row, layout.ratio, end + overflow)
        assembler.emit(machine.TAKE_SHARE, *taken, factors=(1.0,))
        if tally != NONE:
            assembler.sum(end + tally, ((layout.moved, 1.0),), add=True)


def emit_swaps(assembler: Assembler, layout: BankLayout, network: Network, end: int) -> None:
    """Emit the swaps among people who are still blocked when every gate has been visited."""
    entries = {
        entry.queue: (gate, group, entry)
        for gate in network.gates
        for group in gate.classes
        for entry in group.entries
    }
    for swap in network.swaps:
        _emit_swap(assembler, layout, swap, [entries[queue] for queue in swap.queues], end)


def _emit_swap(
    assembler: Assembler,
    layout: BankLayout,
    swap: Swap,
    cycle: list[tuple[Gate, PriorityClass, Entry]],
    end: int,
) -> None:
    skips = [
        assembler.emit(machine.SKIP_IF_CLOSED, 0, gate.open_table)
        for gate, _, _ in cycle
        if gate.open_table != NONE
    ]
    first, *others = swap.queues
    assembler.sum(layout.moved, ((end + first, 1.0),))
    for queue in others:
        assembler.emit(machine.LESSER, layout.moved, end + queue)
    # Whoever is still in a queue found no place when its gate was last visited. A place may have
    # come free since, by an admission further on; a swap leaves it free for the next step.
    entered = swap.admit_to or tuple(entry.admit_to for _, _, entry in cycle)
    for (_, _, entry), targets in zip(cycle, entered, strict=True):
        assembler.sum(end + entry.queue, ((layout.moved, -1.0),), add=True)
        _emit_delivery(assembler, layout, targets, entry.tally, end)
    if swap.tally != NONE:
        assembler.sum(end + swap.tally, ((layout.moved, 1.0),), add=True)
    for skip in skips:
        assembler.skip_from(skip)
