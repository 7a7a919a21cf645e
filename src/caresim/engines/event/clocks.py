"""Clocks of stays, which run faster or slower as the slow side says; compiled.

A stay of some days ends when as much time has passed on the clock of its setting and cohort. The
speed of a clock holds from one exchange to the next. Whoever has the least **mark**, what the clock
shows as their stay ends, is the next to leave whatever the speeds will be; so the marks of a clock
are kept in a heap, and only the first is on the list of events, as a node of its own: at the exact
time, if that is before the next exchange. An exchange moves one node for each clock and touches
nobody, so no stay ends a moment early or late.
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
    mark_at,
    person_at,
    place_at,
    setting_at,
)
from caresim.engines.event.records import MARK_IS_REACHED, PACED, Record


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


@compiled
def await_first(m: Record, s: int, cohort: int) -> None:
    """Schedule when the first mark of a clock is reached, if that is before the next exchange."""
    clock = clock_at(m, s, cohort)
    node = np.int64(clock.node)
    unschedule(m, node)
    if clock.n > 0:
        time = m.exchanged + (mark_at(m, clock.first).mark - clock.reached) / clock.speed
        if time < m.next_exchange:
            schedule(m, node, max(time, m.now), MARK_IS_REACHED)


@compiled
def _goes_before(m: Record, a: int, b: int) -> bool:
    """Whether one mark is reached before another; of equal marks the older goes first."""
    one, other = mark_at(m, a), mark_at(m, b)
    return one.mark < other.mark or (one.mark == other.mark and one.order < other.order)


@compiled
def _swap(m: Record, a: int, b: int) -> None:
    one, other = mark_at(m, a), mark_at(m, b)
    mark, order, person = one.mark, one.order, one.person
    one.mark, one.order, one.person = other.mark, other.order, other.person
    other.mark, other.order, other.person = mark, order, person


@compiled
def _rise(m: Record, first: int, k: int) -> int:
    """Let an entry of a heap rise to where it belongs; return its position."""
    while k > 0 and _goes_before(m, first + k, first + (k - 1) // 2):
        _swap(m, first + k, first + (k - 1) // 2)
        k = (k - 1) // 2
    return k


@compiled
def _sink(m: Record, first: int, n: int, k: int) -> None:
    """Let an entry of a heap sink to where it belongs."""
    while True:
        least = k
        for child in range(2 * k + 1, min(2 * k + 3, n)):
            if _goes_before(m, first + child, first + least):
                least = child
        if least == k:
            return
        _swap(m, first + k, first + least)
        k = least


@compiled
def await_mark(m: Record, p: int, mark: float) -> None:
    """Let something happen to a person in care as the clock of their stay reaches a mark."""
    person = person_at(m, p)
    clock = clock_at(m, person.setting, person.cohort)
    first, k = np.int64(clock.first), np.int64(clock.n)
    entry = mark_at(m, first + k)
    entry.mark = mark
    entry.order = m.marked
    entry.person = p
    m.marked += 1
    clock.n += 1
    if clock.n == clock.room:
        m.crowded = 1
    if _rise(m, first, k) == 0:
        await_first(m, person.setting, person.cohort)


@compiled
def take_first(m: Record, node: int) -> int:
    """Return the person whose mark has been reached, and await the next."""
    s, cohort = np.int64(person_at(m, node).setting), np.int64(person_at(m, node).cohort)
    clock = clock_at(m, s, cohort)
    first = np.int64(clock.first)
    p = np.int64(mark_at(m, first).person)
    clock.n -= 1
    _swap(m, first, first + clock.n)
    _sink(m, first, np.int64(clock.n), 0)
    await_first(m, s, cohort)
    return p


@compiled
def forget_mark(m: Record, p: int) -> None:
    """Let nothing happen any more to a person as the clock of their stay reaches their mark."""
    person = person_at(m, p)
    if not cell_at(m, person.setting, person.cohort).touched & PACED:
        return
    clock = clock_at(m, person.setting, person.cohort)
    first, k = np.int64(clock.first), np.int64(0)
    while k < clock.n and mark_at(m, first + k).person != p:
        k += 1
    if k == clock.n:
        return
    clock.n -= 1
    _swap(m, first + k, first + clock.n)
    _sink(m, first, np.int64(clock.n), _rise(m, first, k) if k < clock.n else clock.n)
    if k == 0:
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
