"""Clocks of stays, which run faster or slower as the slow side says; compiled.

A stay of some days ends when as much time has passed on the clock of its setting and cohort. The
speed of a clock holds from one exchange to the next. So only who reaches their **mark**, what the
clock shows as their stay ends, before the next exchange is on the list of events, at the exact
time; the marks of the others are kept in order, in a calendar of the clock like that of events
(:mod:`caresim.engines.event.events`). An exchange takes from it those who are due before the next,
and touches nobody else, so no stay ends a moment early or late.

A person awaits one event at a time. Where the places used fall after some days, that is the fall
or the end, whichever is sooner; the end if they are at one time.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

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
from caresim.engines.event.records import PACED, PLACES_CHANGE, STAY_ENDS, Record

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
def call_due(m: Record, s: int, cohort: int) -> None:
    """Schedule, in order, what the marks of a clock tell that are reached before the next exchange.

    To be called at an exchange, when the speed until the next is known.
    """
    clock = clock_at(m, s, cohort)
    shows = clock.reached + clock.speed * (m.next_exchange - m.exchanged)
    last = _bucket(clock, shows) + 1  # in spite of rounding
    while clock.bucket <= last:
        bucket = np.int64(clock.bucket)
        marks = mark_at(m, clock.buckets + (bucket & _MASK))
        p = np.int64(marks.head)
        while p >= 0 and _bucket(clock, course_at(m, p).mark) == bucket:
            time = m.exchanged + (course_at(m, p).mark - clock.reached) / clock.speed
            if time >= m.next_exchange:
                return
            following = np.int64(course_at(m, p).next)
            marks.head = following
            if following >= 0:
                course_at(m, following).prev = -1
            _come_due(m, p, max(time, m.now))
            p = following
        clock.bucket += 1


@inlined
def _come_due(m: Record, p: int, time: float) -> None:
    """Schedule what a person's mark tells, at a time before the next exchange."""
    person, course = person_at(m, p), course_at(m, p)
    setting = setting_at(m, person.setting)
    course.listed = 0
    if setting.places_end - setting.places_start <= 1:
        schedule(m, p, time, STAY_ENDS)
        return
    course.due = time
    if person.scheduled and person.time < time:
        return
    unschedule(m, p)
    schedule(m, p, time, PLACES_CHANGE if places_fall(m, p) else STAY_ENDS)


@compiled
def await_mark(m: Record, p: int, mark: float) -> None:
    """Let something happen to a person in care as the clock of their stay reaches a mark."""
    person, course = person_at(m, p), course_at(m, p)
    clock = clock_at(m, person.setting, person.cohort)
    time = m.exchanged + (mark - clock.reached) / clock.speed
    if time < m.next_exchange:
        _come_due(m, p, max(time, m.now))
        return
    bucket = _bucket(clock, mark)
    marks = mark_at(m, clock.buckets + (bucket & _MASK))
    before, after = np.int64(-1), np.int64(marks.head)
    while after >= 0 and course_at(m, after).mark <= mark:
        before, after = after, np.int64(course_at(m, after).next)
    course.mark, course.prev, course.next = mark, before, after
    course.listed, course.due = 1, math.inf
    if before >= 0:
        course_at(m, before).next = p
    else:
        marks.head = p
    if after >= 0:
        course_at(m, after).prev = p
    clock.bucket = min(clock.bucket, bucket)


@compiled
def await_fall(m: Record, p: int) -> None:
    """Schedule the next fall of places by days, or the end of the stay if it is due before it."""
    person, course = person_at(m, p), course_at(m, p)
    setting = setting_at(m, person.setting)
    following = np.int64(setting.places_start) + person.step + 1
    fall = math.inf
    if following < setting.places_end:
        fall = max(person.started + place_at(m, following).at, m.now)
    if fall < course.due:
        unschedule(m, p)
        schedule(m, p, fall, PLACES_CHANGE)
    elif course.due < math.inf and not person.scheduled:
        schedule(m, p, course.due, STAY_ENDS)


@compiled
def forget_mark(m: Record, p: int) -> None:
    """Let nothing happen any more to a person in care as the clock of their stay goes on."""
    person, course = person_at(m, p), course_at(m, p)
    if not (cell_at(m, person.setting, person.cohort).touched & PACED and course.listed):
        return
    clock = clock_at(m, person.setting, person.cohort)
    course.listed = 0
    if course.prev >= 0:
        course_at(m, course.prev).next = course.next
    else:
        mark_at(m, clock.buckets + (_bucket(clock, course.mark) & _MASK)).head = course.next
    if course.next >= 0:
        course_at(m, course.next).prev = course.prev


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
