"""Clocks of stays, which run faster or slower as the slow side says; compiled.

A stay of some days ends when as much time has passed on the clock of its setting and cohort. The
speed of a clock holds from one exchange to the next. Whoever has the least **mark**, what the clock
shows as their stay ends, is the next to leave whatever the speeds will be; so the marks of a clock
are kept in order, in a calendar of its own like that of events
(:mod:`caresim.engines.event.events`), and only the first is on the list of events, as a node of its
own: at the exact time, if that is before the next exchange. An exchange moves one node for each
clock and touches nobody, so no stay ends a moment early or late.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import numpy as np

from caresim.engines.event.events import schedule, unschedule
from caresim.engines.event.memory import (
    cell_at,
    clock_at,
    compiled,
    course_at,
    inlined,
    mark_at,
    person_at,
    place_at,
    setting_at,
)
from caresim.engines.event.records import MARK_IS_REACHED, PACED, Record

N_MARKS = 1 << 12
_MASK = N_MARKS - 1


@compiled
def clock_now(m: Record, s: int, cohort: int) -> float:
    """Return what the clock of a setting and cohort shows."""
    clock = clock_at(m, s, cohort)
    return clock.reached + clock.speed * (m.now - m.exchanged)


@compiled
def set_speed(m: Record, s: int, cohort: int, speed: float) -> None:
    """Let a clock run at a speed from now, the time of an exchange, on."""
    clock = clock_at(m, s, cohort)
    clock.reached += clock.speed * (m.now - m.exchanged)
    clock.speed = speed


@inlined
def _bucket(clock: Record, mark: float) -> int:
    """Return the bucket of a mark, not wrapped."""
    return np.int64(mark * clock.per_day)


@compiled
def await_first(m: Record, s: int, cohort: int) -> None:
    """Schedule when the first mark of a clock is reached, if that is before the next exchange."""
    clock = clock_at(m, s, cohort)
    node = np.int64(clock.node)
    unschedule(m, node)
    clock.first = -1
    shows = clock.reached + clock.speed * (m.next_exchange - m.exchanged)
    last = _bucket(clock, shows) + 1  # in spite of rounding
    bucket = np.int64(clock.bucket)
    while bucket <= last:
        p = np.int64(mark_at(m, clock.buckets + (bucket & _MASK)).head)
        if p >= 0 and _bucket(clock, course_at(m, p).mark) == bucket:
            time = m.exchanged + (course_at(m, p).mark - clock.reached) / clock.speed
            if time < m.next_exchange:
                clock.first = p
                schedule(m, node, max(time, m.now), MARK_IS_REACHED)
            break
        bucket += 1
    clock.bucket = min(bucket, last)


@compiled
def await_mark(m: Record, p: int, mark: float) -> None:
    """Let something happen to a person in care as the clock of their stay reaches a mark."""
    person, course = person_at(m, p), course_at(m, p)
    clock = clock_at(m, person.setting, person.cohort)
    bucket = _bucket(clock, mark)
    head = mark_at(m, clock.buckets + (bucket & _MASK))
    before, after = np.int64(-1), np.int64(head.head)
    while after >= 0 and course_at(m, after).mark <= mark:
        before, after = after, np.int64(course_at(m, after).next)
    course.mark, course.prev, course.next = mark, before, after
    if before >= 0:
        course_at(m, before).next = p
    else:
        head.head = p
    if after >= 0:
        course_at(m, after).prev = p
    clock.bucket = min(clock.bucket, bucket)
    if clock.first < 0 or mark < course_at(m, clock.first).mark:
        time = m.exchanged + (mark - clock.reached) / clock.speed
        if time < m.next_exchange:
            clock.first = p
            unschedule(m, np.int64(clock.node))
            schedule(m, np.int64(clock.node), max(time, m.now), MARK_IS_REACHED)


@inlined
def _take_off(m: Record, clock: Record, p: int) -> None:
    """Take a person off the calendar of a clock."""
    course = course_at(m, p)
    if course.prev >= 0:
        course_at(m, course.prev).next = course.next
    else:
        mark_at(m, clock.buckets + (_bucket(clock, course.mark) & _MASK)).head = course.next
    if course.next >= 0:
        course_at(m, course.next).prev = course.prev


@compiled
def take_first(m: Record, node: int) -> int:
    """Return the person whose mark has been reached, and await the next."""
    s, cohort = np.int64(person_at(m, node).setting), np.int64(person_at(m, node).cohort)
    clock = clock_at(m, s, cohort)
    p = np.int64(clock.first)
    _take_off(m, clock, p)
    await_first(m, s, cohort)
    return p


@compiled
def forget_mark(m: Record, p: int) -> None:
    """Let nothing happen any more to a person in care as the clock of their stay goes on."""
    person = person_at(m, p)
    if cell_at(m, person.setting, person.cohort).touched & PACED:
        clock = clock_at(m, person.setting, person.cohort)
        _take_off(m, clock, p)
        if clock.first == p:
            await_first(m, person.setting, person.cohort)


@compiled
def places_fall(m: Record, p: int) -> bool:
    """Whether what a person's mark stands for is a fall of the places used, not the end."""
    person = person_at(m, p)
    setting = setting_at(m, person.setting)
    following = np.int64(setting.places_start) + person.step + 1
    return setting.by_share and following < setting.places_end


@compiled
def next_mark(m: Record, p: int, ends: float) -> float:
    """Return the mark of a person's next fall of places by share of the stay, or of its end."""
    person = person_at(m, p)
    if not places_fall(m, p):
        return ends
    following = np.int64(setting_at(m, person.setting).places_start) + person.step + 1
    return ends - person.stay * (1.0 - place_at(m, following).at)
