"""Circles in which people hold the places that others of the circle wait for."""

from __future__ import annotations

from itertools import pairwise, product

from caresim.engines.flow.compile.gates import limited
from caresim.engines.flow.compile.order import circles
from caresim.engines.flow.compile.outside import QueueEntry
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.flow.network import NONE, Entry, Swap

LONGEST_CIRCLE = 4
"""Settings in the longest circle of blocking that the flow engine resolves."""

MOST_SWAPS = 64
"""Circles of blocking that are followed, the shortest and those of one cohort first; a note says if
there are more. Each costs a step as much as some ten moves."""


def lay_out_swaps(paths: Paths, entries: dict[int, Entry]) -> tuple[list[Swap], int]:
    """Return the circles in which people block each other, and how many were left out.

    Left out are those beyond MOST_SWAPS, and those in which someone needs more places than the
    one who makes way for them holds.
    """
    between: dict[tuple[int, int], list[QueueEntry]] = {}
    for queue in paths.queues:
        if queue.keeps is not None and limited(paths, queue.keeps[0]) and limited(paths, queue.to):
            between.setdefault((queue.keeps[0], queue.to), []).append(queue)
    edges: dict[int, list[int]] = {}
    for first, second in between:
        edges.setdefault(first, []).append(second)
    found = [
        members
        for circle in circles(edges, LONGEST_CIRCLE)
        for members in product(*(between[hop] for hop in pairwise([*circle, circle[0]])))
    ]
    fitting = [
        members
        for members in found
        if all(
            entries[queue.row].places <= paths.places(after.keeps[0], after.cohort)[1]
            for queue, after in pairwise([*members, members[0]])
            if after.keeps is not None
        )
    ]
    fitting.sort(
        key=lambda members: (
            len(members),
            len({queue.cohort for queue in members}),
            [queue.row for queue in members],
        )
    )
    kept = fitting[:MOST_SWAPS]
    tally = paths.layout.tally(0, 0) if kept else NONE
    return [_swap(paths, members, tally) for members in kept], len(found) - len(kept)


def _swap(paths: Paths, members: tuple[QueueEntry, ...], tally: int) -> Swap:
    # Nobody is on the way meanwhile: each takes the place of the next as the next leaves it.
    spots = [paths.spot(queue.to, queue.cohort, queue.source) for queue in members]
    return Swap(
        queues=tuple(queue.row for queue in members),
        tally=tally,
        admit_to=tuple(paths.targets(paths.start(spot)) for spot in spots),
    )
