"""Clocks of stays, which run faster or slower as the slow side says; compiled.

A stay of some days ends when as much time has passed on the clock of its setting and cohort. The
speed of a clock holds from one exchange to the next. When a stay ends before the next exchange, its
time is exact; otherwise all that is known is that it cannot end before the clock could have got
there at the fastest speed it may ever have. People are looked at again then, and no sooner: an
exchange touches nobody's events, and no stay ends a moment early or late.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

from caresim.engines.event.memory import clock_at, compiled
from caresim.engines.event.records import Record


@compiled
def clock_now(m: Record, s: int, cohort: int) -> float:
    """Return what the clock of a setting and cohort shows."""
    clock = clock_at(m, s, cohort)
    return clock.reached + clock.speed * (m.now - m.exchanged)


@compiled
def due(m: Record, s: int, cohort: int, mark: float) -> tuple[float, bool]:
    """Return when a clock will show a mark, and whether that is sure; else the earliest time."""
    clock = clock_at(m, s, cohort)
    time = m.exchanged + (mark - clock.reached) / clock.speed
    if time < m.next_exchange:
        return time, True
    reached = clock.reached + clock.speed * (m.next_exchange - m.exchanged)
    return m.next_exchange + max(0.0, mark - reached) / clock.fastest, False


@compiled
def set_speed(m: Record, s: int, cohort: int, speed: float) -> None:
    """Let a clock run at a speed from now, the time of an exchange, on."""
    clock = clock_at(m, s, cohort)
    clock.reached += clock.speed * (m.now - m.exchanged)
    clock.speed = speed
