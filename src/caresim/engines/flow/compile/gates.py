"""Gates: who is admitted to a setting, in which order, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, groupby

import numpy as np

from caresim.engines.flow.compile.layout import Row, Spot, Terms
from caresim.engines.flow.compile.order import visiting_order
from caresim.engines.flow.compile.outside import QueueEntry
from caresim.engines.flow.compile.passing import CERTAIN
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.flow.network import (
    NONE,
    Entry,
    Fence,
    Gate,
    PriorityClass,
    Room,
    Value,
)

UNLIMITED = Value(float("inf"))
"""Capacity of a junction, and of a setting that is never full."""

MOST_FENCES = 4
"""Ring fences of a setting of which all sets are looked at, rather than each and all together."""


def limited(paths: Paths, setting: int) -> bool:
    """Return whether a setting ever has a limited capacity."""
    if paths.lanes.places_change(setting):
        return True
    return bool(np.isfinite(paths.model.settings[setting].capacity.values).any())


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
        # People sent home to wait gave up a place, so they are never turned away.
        comes_from_outside = queue.keeps is None and queue.origin is None
        if comes_from_outside and np.isfinite(paths.model.settings[queue.to].room):
            paths.overflow(queue)
        done += 1
        paths.settle()
    return entries


def _entry(paths: Paths, queue: QueueEntry) -> Entry:
    layout = paths.layout
    spot = paths.spot(queue.to, queue.cohort, queue.source)
    tally = layout.tally(queue.to, queue.cohort)
    if queue.row in layout.outflows:
        layout.outflows[queue.row].append(tally)
    places, _ = paths.places(queue.to, queue.cohort)
    flow = paths.start(spot)
    entered: Terms = [(tally, 1.0)]
    if queue.transfer is not None:
        rows = _transfer_rows(paths, queue.transfer, queue, spot, places)
        paths.let_pass(queue.transfer, rows, flow)
        flow = paths.first_phases(queue.transfer, rows, CERTAIN)
        # Whoever is on the way has not entered yet.
        entered += [(row, -1.0) for row in rows]
    _count_entry(paths, queue, entered)
    if queue.keeps is not None and queue.keeps[0] == queue.to:
        # A new stay in the place they hold: what more it uses must be free.
        places -= paths.places(queue.to, queue.cohort)[1]
    return Entry(queue.row, admit_to=paths.targets(flow), places=places, tally=tally)


def _count_entry(paths: Paths, queue: QueueEntry, entered: Terms) -> None:
    layout = paths.layout
    layout.admitted.setdefault((queue.to, queue.cohort), []).extend(entered)
    came_from = queue.keeps[0] if queue.keeps is not None else queue.origin
    if came_from is not None:
        layout.moved.setdefault((came_from, queue.to), []).extend(entered)
    if queue.keeps is not None and queue.pathway is not None:
        layout.discharged.setdefault((queue.keeps[0], queue.pathway), []).extend(entered)


def _transfer_rows(
    paths: Paths, transfer: int, queue: QueueEntry, spot: Spot, places: float
) -> tuple[int, ...]:
    """Lay out a transfer, in which the new place is held, and the old one if it was kept."""
    if queue.keeps is None:
        row = Row("waiting", queue.to, queue.cohort, holds=((spot, places),))
    else:
        setting, cohort, _ = queue.keeps
        _, held = paths.places(setting, cohort)
        reason = next(i for i, r in enumerate(paths.model.reasons) if r.name == "transfer")
        both = ((queue.keeps, held), (spot, places))
        row = Row("transfer", setting, cohort, reason, both, queue.to)
    return paths.chain(transfer, row)


def build_gate(
    paths: Paths, setting: int, entries: dict[int, Entry], capacity_table: int, open_table: int
) -> Gate:
    """Return the gate of a setting: its entries by class, who holds places, and its room."""
    full = limited(paths, setting)
    return Gate(
        capacity=paths.lanes.value(paths.lanes.capacity_factor(setting)) if full else UNLIMITED,
        occupants=_holders(paths, setting) if full else (),
        classes=_classes(paths, setting, entries),
        capacity_table=capacity_table if full else NONE,
        open_table=open_table,
        rooms=_rooms(paths, setting),
    )


def _holders(paths: Paths, setting: int, but: int = 0) -> tuple[tuple[int, float], ...]:
    """Return the rows that hold places in a setting, but for those within some ring fences."""
    return tuple(
        (position, places)
        for position, row in enumerate(paths.layout.rows)
        for spot, places in row.holds
        if spot[0] == setting and not spot[2] & but and places > 0
    )


def _classes(paths: Paths, setting: int, entries: dict[int, Entry]) -> tuple[PriorityClass, ...]:
    given = paths.model.settings[setting]
    kept = [r for r in given.reserved if r.rule == "keep_free"]
    fences = paths.fences(setting)

    def rank(queue: QueueEntry) -> tuple[int, float, bool]:
        keep_free = max((r.places for r in kept if queue.source not in r.sources), default=0.0)
        # Where there is no room to wait, those who come now cannot have waited longest.
        newcomer = given.room == 0 and queue.row in paths.overflows
        return given.queue_class[queue.source], keep_free, newcomer

    def fenced_off(queue: QueueEntry) -> int:
        return sum(1 << i for i, r in enumerate(fences) if queue.source not in r.sources)

    queues = sorted((q for q in paths.queues if q.to == setting), key=rank)
    found: list[PriorityClass] = []
    for (_, keep_free, _), group in groupby(queues, key=rank):
        members = list(group)
        # The places that all may use go to all alike, and then those of a fence to whom it is for.
        for bits in sorted({fenced_off(q) for q in members}, key=_fences_in, reverse=True):
            found.append(
                PriorityClass(
                    entries=tuple(entries[q.row] for q in members if not fenced_off(q) & ~bits),
                    keep_free=Value(keep_free),
                    fences=tuple(_fences(paths, setting, bits)),
                )
            )
    return tuple(found)


def _fences_in(bits: int) -> tuple[int, int]:
    return bits.bit_count(), bits


def _fences(paths: Paths, setting: int, fenced_off: int) -> Iterator[Fence]:
    """Yield the limits on people who may not use the places of some ring fences.

    Everyone has a place they may use if and only if, for each set of fences, those who may use
    none of them leave their places free (P. Hall, On representatives of subsets, Journal of the
    London Mathematical Society 10 (1935), doi:10.1112/jlms/s1-10.37.26).
    """
    fences = paths.fences(setting)
    mine = [i for i in range(len(fences)) if fenced_off >> i & 1]
    sizes = range(1, len(mine) + 1) if len(mine) <= MOST_FENCES else (1, len(mine))
    for size in sizes:
        for some in combinations(mine, size):
            yield Fence(
                outsiders=_holders(paths, setting, but=sum(1 << i for i in some)),
                places=Value(sum(fences[i].places for i in some)),
            )


def _rooms(paths: Paths, setting: int) -> tuple[Room, ...]:
    rows = [q.row for q in paths.queues if q.to == setting and q.row in paths.overflows]
    if not rows:
        return ()
    return (
        Room(
            rows=tuple(rows),
            people=Value(paths.model.settings[setting].room),
            overflow=tuple(paths.overflows[row] for row in rows),
            tally=tuple(paths.overflow_tallies[row] for row in rows),
        ),
    )


def gate_order(paths: Paths, gates: dict[int, int]) -> tuple[int, ...]:
    """Return the gates in the order in which they are visited.

    Parameters
    ----------
    paths
        All queues laid out.
    gates
        For each setting that has a gate, its position.
    """
    # Nobody asks for a setting without a gate, so it is no matter when its places come free. Those
    # sent home to wait free a place too, but join the list whatever happens there.
    needs = {
        (q.keeps[0], q.to)
        for q in paths.queues
        if q.keeps is not None and q.keeps[0] in gates and q.keeps[0] != q.to
    }
    sends = {
        (q.to, paths.model.settings[q.to].overflow)
        for q in paths.queues
        if q.row in paths.overflows and paths.model.settings[q.to].overflow >= 0
    }
    order = visiting_order(sorted(gates), sorted(needs), sorted(sends))
    return tuple(gates[setting] for setting in order)


def junction_gate(entry: Entry, open_table: int = NONE) -> Gate:
    """Return a gate that lets everyone through at once, in hours of admission if given."""
    return Gate(UNLIMITED, occupants=(), classes=(PriorityClass((entry,)),), open_table=open_table)
