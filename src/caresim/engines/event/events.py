"""The list of events awaited: a calendar queue, compiled.

Time is cut into buckets of equal width, which are used again and again as the days of a calendar
are year after year: R. Brown, Calendar queues: a fast O(1) priority queue implementation for the
simulation event set problem, Communications of the ACM 31 (1988), doi:10.1145/63039.63045. A
bucket is a list in order of time, and those of one time in the order in which they were asked
for, so the order of events is that of (time, when scheduled) however wide the buckets are.

A person awaits at most one event, so the list runs through the people's own records. Nothing that
would happen after the run is put in it.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import numpy as np

from caresim.engines.event.memory import bucket_at, compiled, inlined, person_at
from caresim.engines.event.records import Record

N_BUCKETS = 1 << 14
_MASK = N_BUCKETS - 1


@inlined
def schedule(m: Record, p: int, time: float, event: int) -> None:
    """Let something happen to a person at a time, unless the run ends before."""
    person = person_at(m, p)
    person.event = event
    person.time = time
    if time >= m.end:
        return
    person.scheduled = 1
    bucket = np.int64((time - m.begin) * m.per_day) & _MASK
    before = -1
    after = bucket_at(m, bucket).head
    while after >= 0 and person_at(m, after).time <= time:
        before = after
        after = person_at(m, after).next
    person.prev = before
    person.next = after
    if before >= 0:
        person_at(m, before).next = p
    else:
        bucket_at(m, bucket).head = p
    if after >= 0:
        person_at(m, after).prev = p


@compiled
def unschedule(m: Record, p: int) -> None:
    """Let nothing happen to a person for now."""
    person = person_at(m, p)
    if person.scheduled:
        person.scheduled = 0
        if person.prev >= 0:
            person_at(m, person.prev).next = person.next
        else:
            bucket_at(m, np.int64((person.time - m.begin) * m.per_day) & _MASK).head = person.next
        if person.next >= 0:
            person_at(m, person.next).prev = person.prev


@inlined
def next_event(m: Record, until: float) -> int:
    """Take the person of the next event before ``until`` off the list; -1 if there is none."""
    last = np.int64((until - m.begin) * m.per_day)
    bucket = m.bucket
    while bucket <= last:
        p = bucket_at(m, bucket & _MASK).head
        if p >= 0:
            person = person_at(m, p)
            if np.int64((person.time - m.begin) * m.per_day) == bucket:
                m.bucket = bucket
                if person.time >= until:
                    return -1
                bucket_at(m, bucket & _MASK).head = person.next
                if person.next >= 0:
                    person_at(m, person.next).prev = -1
                person.scheduled = 0
                return p
        bucket += 1
    m.bucket = last
    return -1
