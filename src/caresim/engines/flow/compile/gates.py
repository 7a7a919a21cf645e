"""Gates: who is admitted to a setting, in which order, and what becomes of the others."""

from __future__ import annotations

from itertools import groupby, pairwise

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile.layout import Row, Spot
from caresim.engines.flow.network import (
    NONE,
    Entry,
    Fence,
    Gate,
    PriorityClass,
    Room,
    Swap,
    Value,
)
from caresim.engines.flow.compile.paths import CERTAIN, Flow, Paths, QueueEntry

FloatArray = NDArray[np.float64]

UNLIMITED = Value(float("inf"))
"""Capacity of a junction, and of a setting that is never full."""

LONGEST_CYCLE = 4
"""Settings in the longest circle of blocking that the flow engine resolves."""

MOST_SWAPS = 256
"""Circles of blocking that are followed; a note says if there are more."""


def lay_out_entries(paths: Paths) -> dict[int, Entry]:
    """Return the entry of each queue row, laying out the rows people are admitted to.

    Laying out one setting may add queues for others, so this goes on until none is left.
    """
    entries: dict[int, Entry] = {}
    done = 0
    paths.settle()
    while done < len(paths.queues):
        queue = paths.queues[done]
        entries[queue.row] = _entry(paths, queue)
        setting = paths.model.settings[queue.to]
        if queue.keeps is None and np.isfinite(setting.room):
            paths.overflow(queue.row, setting.overflow, queue.to, queue.cohort)
        done += 1
        paths.settle()
    return entries


def _entry(paths: Paths, queue: QueueEntry) -> Entry:
    layout = paths.layout
    spot = paths.spot(queue.to, queue.cohort, queue.source)
    tally = layout.tally(queue.to, queue.cohort)
    layout.admitted.setdefault(spot, []).append(tally)
    if queue.row in layout.outflows:
        layout.outflows[queue.row].append(tally)
    if queue.keeps is not None:
        layout.moved.setdefault((queue.keeps[0], queue.to), []).append(tally)
        if queue.pathway is not None:
            layout.discharged.setdefault((queue.keeps[0], queue.pathway), []).append(tally)
    places, _ = paths.places(queue.to, queue.cohort)
    flow = paths.start(spot)
    if queue.transfer is not None:
        flow = _transfer(paths, queue, spot, places, flow)
    return Entry(queue.row, admit_to=paths.targets(flow), places=places, tally=tally)


def _transfer(paths: Paths, queue: QueueEntry, spot: Spot, places: float, flow: Flow) -> Flow:
    """Lay out a transfer, in which the new place is held, and the old one if it was kept."""
    assert queue.transfer is not None
    if queue.keeps is None:
        row = Row("waiting", queue.to, queue.cohort, holds=((spot, places),))
    else:
        setting, cohort, _ = queue.keeps
        _, held = paths.places(setting, cohort)
        reason = next(i for i, r in enumerate(paths.model.reasons) if r.name == "transfer")
        row = Row("transfer", setting, cohort, reason, ((queue.keeps, held), (spot, places)))
    rows = paths.chain(queue.transfer, row)
    paths.let_pass(queue.transfer, rows, flow)
    return paths.first_phases(queue.transfer, rows, CERTAIN)


def build_gate(
    paths: Paths, setting: int, entries: dict[int, Entry], capacity_table: int, open_table: int
) -> Gate:
    """Return the gate of a setting: its entries by class, who holds places, and its room."""
    given = paths.model.settings[setting]
    limited = bool(np.isfinite(given.capacity.values).any())
    return Gate(
        capacity=paths.lanes.value(paths.lanes.capacity_factor(setting)) if limited else UNLIMITED,
        occupants=_holders(paths, setting) if limited else (),
        classes=_classes(paths, setting, entries),
        capacity_table=capacity_table if limited else NONE,
        open_table=open_table,
        rooms=_rooms(paths, setting),
    )


def _holders(paths: Paths, setting: int, but: int = 0) -> tuple[tuple[int, float], ...]:
    """Return the rows that hold places in a setting, but for those within a ring fence's bit."""
    return tuple(
        (position, places)
        for position, row in enumerate(paths.layout.rows)
        for spot, places in row.holds
        if spot[0] == setting and not spot[2] & but
    )


def _classes(paths: Paths, setting: int, entries: dict[int, Entry]) -> tuple[PriorityClass, ...]:
    given = paths.model.settings[setting]
    kept = [r for r in given.reserved if r.rule == "keep_free"]
    fences = paths.fences(setting)

    def terms(queue: QueueEntry) -> tuple[int, float, int]:
        keep_free = max((r.places for r in kept if queue.source not in r.sources), default=0.0)
        fenced_off = sum(1 << i for i, r in enumerate(fences) if queue.source not in r.sources)
        return given.queue_class[queue.source], keep_free, fenced_off

    queues = sorted((q for q in paths.queues if q.to == setting), key=terms)
    return tuple(
        PriorityClass(
            entries=tuple(entries[q.row] for q in members),
            keep_free=Value(keep_free),
            fences=tuple(
                Fence(outsiders=_holders(paths, setting, but=1 << i), places=Value(r.places))
                for i, r in enumerate(fences)
                if fenced_off >> i & 1
            ),
        )
        for (_, keep_free, fenced_off), members in groupby(queues, key=terms)
    )


def _rooms(paths: Paths, setting: int) -> tuple[Room, ...]:
    given = paths.model.settings[setting]
    rows = [q.row for q in paths.queues if q.to == setting and q.keeps is None]
    if not rows or not np.isfinite(given.room):
        return ()
    ways = [paths.overflows[row] for row in rows]
    return (
        Room(
            rows=tuple(rows),
            people=Value(given.room),
            overflow=tuple(to for to, _ in ways),
            tally=tuple(tally for _, tally in ways),
        ),
    )


def gate_order(paths: Paths, gates: dict[int, int]) -> tuple[int, ...]:
    """Return the order in which gates are visited, downstream first.

    A place freed downstream can so be refilled upstream in the same step. Settings that feed one
    another in a circle are visited twice.

    Parameters
    ----------
    paths
        All queues laid out.
    gates
        For each setting that has a gate, its position.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(gates)
    graph.add_edges_from((q.keeps[0], q.to) for q in paths.queues if q.keeps is not None)
    circles = nx.condensation(graph)
    order: list[int] = []
    for node in reversed(list(nx.lexicographical_topological_sort(circles))):
        members = sorted(circles.nodes[node]["members"])
        order += [gates[s] for s in members] * (2 if len(members) > 1 else 1)
    return tuple(order)


def swaps(paths: Paths) -> tuple[list[Swap], int]:
    """Return the circles in which people block each other, and how many were left out."""
    limited = {
        s for s, x in enumerate(paths.model.settings) if np.isfinite(x.capacity.values).any()
    }
    between: dict[tuple[int, int], list[int]] = {}
    for queue in paths.queues:
        if queue.keeps is not None and {queue.keeps[0], queue.to} <= limited:
            between.setdefault((queue.keeps[0], queue.to), []).append(queue.row)
    graph = nx.DiGraph(list(between))
    found: list[tuple[int, ...]] = []
    for cycle in nx.simple_cycles(graph, length_bound=LONGEST_CYCLE):
        rows: list[tuple[int, ...]] = [()]
        for hop in pairwise([*cycle, cycle[0]]):
            rows = [(*before, row) for before in rows for row in between[hop]]
        found += rows
    found.sort()
    kept = found[:MOST_SWAPS]
    tally = paths.layout.tally(0, 0) if kept else NONE
    return [Swap(queues, tally) for queues in kept], len(found) - len(kept)


def junction_gate(entry: Entry) -> Gate:
    """Return the gate that lets everyone through at once."""
    return Gate(UNLIMITED, occupants=(), classes=(PriorityClass((entry,)),))
