"""The order of a run: stretches of steps, broken where something else has to happen."""

from __future__ import annotations

from typing import Final

import numpy as np

from caresim.engines.flow.kernel.program import Program
from caresim.engines.flow.network import IntArray

TAKE_STEPS: Final = 0
"""Take the steps from the first up to but not including the last."""
RUN_ONCE: Final = 1
"""Run the instructions from the first up to but not including the last."""
ANCHOR: Final = 2
"""Set growth factors to their exact values at a step."""
OBSERVE: Final = 3
"""Look at the state at a mark, whose outputs have been computed."""
EXCHANGE: Final = 4
"""Exchange with what is outside the network, at a step; the last exchange was at another."""
REPORT: Final = 5
"""Bring the outputs from outside the network up to date, at a step; as for EXCHANGE."""

GROWTH_ANCHOR: Final = 128
"""Steps between exact growth factors. Between them the factor is multiplied up, which is 20 times
faster than an exponential and loses less than 1e-13 of it."""


def lay_out_schedule(program: Program, marks: IntArray, exchange_steps: IntArray) -> IntArray:
    """Return what happens, shape (n, 3): what, first, last; see the constants of this module.

    Parameters
    ----------
    program
        The instructions.
    marks
        Steps at which the state is looked at, increasing; the first 0 and the last the end.
    exchange_steps
        Steps at which there is an exchange, increasing; the first 0, if there are any.
    """
    n_steps = int(marks[-1])
    mark_of = {step: mark for mark, step in enumerate(marks.tolist())}
    # Plain numbers: a run may stop thousands of times, and those of arrays are slow to make.
    steps, measures = program.steps.tolist(), program.exchanges.tolist()
    removals = program.removals.tolist()
    anchors = set(range(0, n_steps, GROWTH_ANCHOR)) if program.layout.growth_lanes else set()
    exchanges = set(exchange_steps.tolist())
    stops = sorted({*mark_of, *anchors, *exchanges, *(step for step, _, _ in removals)})
    schedule: list[tuple[int, int, int]] = []
    before = exchanged = 0
    for stop in stops:
        if stop > before:
            schedule.append((TAKE_STEPS, before, stop))
        if stop in exchanges:
            first, last = measures[stop % len(steps)]
            schedule.append((RUN_ONCE, first, last))
            schedule.append((EXCHANGE, stop, exchanged))
            exchanged = stop
        if stop in mark_of:
            if program.layout.outside:
                schedule.append((REPORT, stop, exchanged))
            _, _, first, last = steps[stop % len(steps)]
            schedule.append((RUN_ONCE, first, last))
            schedule.append((OBSERVE, mark_of[stop], 0))
        if stop in anchors:
            schedule.append((ANCHOR, stop, 0))
        schedule += [(RUN_ONCE, first, last) for step, first, last in removals if step == stop]
        before = stop
    return np.array(schedule, dtype=np.int64)
