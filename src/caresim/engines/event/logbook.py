"""Rows of the event log; compiled."""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from caresim.engines.event.memory import compiled, person_at, row_at
from caresim.engines.event.purposes import PERSON_BITS
from caresim.engines.event.records import NOWHERE, STILL_THERE, STREAM, Record


@compiled
def note_stay(m: Record, p: int, to: int, outcome: int) -> None:
    """Note the stay that a person ends or, if they hold no place, the wait that came to none."""
    person = person_at(m, p)
    row = row_at(m, m.logged)
    m.logged += 1
    inside = person.setting >= 0
    row.member = m.member
    row.person = (np.int64(person.stream) << PERSON_BITS) + person.number
    row.cohort = person.cohort
    row.setting = person.setting if inside else person.to
    row.requested = person.asked if inside else person.requested
    row.started = person.started if inside else math.nan
    row.ready = person.ready if inside else math.nan
    row.left = m.now
    row.next_setting = to
    row.reason = person.cause if inside else -1
    row.outcome = outcome


@njit(cache=True, error_model="numpy")
def note_those_inside(world: NDArray[np.void]) -> None:
    """Note the stays and waits that the end of the run cuts short."""
    m = world[0]
    for p in range(m.n_people):
        if person_at(m, p).state > STREAM:
            note_stay(m, p, NOWHERE, STILL_THERE)
            row_at(m, m.logged - 1).left = math.nan
