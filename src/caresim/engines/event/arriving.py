"""When people arrive: a Poisson process whose rate changes with time; compiled.

Days are independent: within a day, people who might come follow a Poisson process at the day's
largest rate, and each does come with probability rate / largest (thinning: P. A. W. Lewis and
G. S. Shedler, Simulation of nonhomogeneous Poisson processes by thinning, Naval Research Logistics
26 (1979), doi:10.1002/nav.3800260304). What has happened before midnight does not matter after
it, so each day begins anew: that changes nothing for a Poisson process, and keeps the people of
one day the same when an option changes the rate of another.

The slow side multiplies rates by factors that hold until the next exchange, and sends those kept
away from one arrival to another that is displaced from it. Who might come then follows a process
at the largest rate times the sum of these factors, or 1 if that is more, and a uniform number says
for each to which of the arrivals they come, if any. So a reduction keeps some of the same people,
and those displaced are people who otherwise would have come where they are kept away from.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np

from caresim.engines.event.memory import arrival_at, compiled, cycle_at, day_at, inlined
from caresim.engines.event.purposes import ARRIVAL, DAY_BITS, DAY_ZERO
from caresim.engines.event.records import Record
from caresim.engines.event.sequence import exponential, uniform, word

_GAP = np.uint64(ARRIVAL)
_KEPT = np.uint64((ARRIVAL + (1 << 16)) % 2**64)


@compiled
def _cycles_range(m: Record, i: int, begin: float, end: float) -> tuple[float, float]:
    """Return bounds of the product of the cycles over a stretch of time, at most a day."""
    low = high = 1.0
    for k in range(arrival_at(m, i).cycle_start, arrival_at(m, i).cycle_end):
        cycle = cycle_at(m, k)
        period, amplitude, peak = cycle.period, cycle.amplitude, cycle.peak
        a = (begin - peak) / period
        b = (end - peak) / period
        at_a, at_b = math.cos(2.0 * math.pi * a), math.cos(2.0 * math.pi * b)
        # A peak or trough inside is at a whole or half turn.
        top = 1.0 if math.floor(b) > math.floor(a) else max(at_a, at_b)
        bottom = -1.0 if math.floor(b - 0.5) > math.floor(a - 0.5) else min(at_a, at_b)
        low *= 1.0 + amplitude * bottom
        high *= 1.0 + amplitude * top
    return low, high


@compiled
def _rate(m: Record, i: int, time: float) -> float:
    """Return the rate at a time of the day that record ``i`` stands at."""
    arrival = arrival_at(m, i)
    row = arrival.day - np.int64(math.floor(m.begin))
    day = day_at(m, i, row)
    start, end = day.start, day.end
    value = arrival.rate * (start + (end - start) * (time - arrival.day))
    value *= math.exp(arrival.growth * max(time, 0.0))
    for k in range(arrival.cycle_start, arrival.cycle_end):
        cycle = cycle_at(m, k)
        turn = (time - cycle.peak) / cycle.period
        value *= 1.0 + cycle.amplitude * math.cos(2.0 * math.pi * turn)
    return value


@compiled
def _begin_day(m: Record, i: int, day: int) -> None:
    """Let an arrival stand at the beginning of a day."""
    arrival = arrival_at(m, i)
    arrival.day = day
    arrival.j = 0
    arrival.time = np.float64(day)
    row = day - np.int64(math.floor(m.begin))
    factor = day_at(m, i, row)
    start, end = factor.start, factor.end
    low, high = _cycles_range(m, i, np.float64(day), day + 1.0)
    grown = math.exp(arrival.growth * max(np.float64(day), 0.0))
    will = math.exp(arrival.growth * max(day + 1.0, 0.0))
    least = arrival.rate * min(start, end) * min(grown, will) * low
    most = arrival.rate * max(start, end) * max(grown, will) * high
    arrival.sure = least * arrival.upper if arrival.lower <= 0.0 else -1.0
    arrival.never = most * arrival.upper
    arrival.largest = 0.0
    if arrival.upper > arrival.lower:
        arrival.largest = most * max(1.0, arrival_at(m, arrival.origin).total)


@inlined
def next_arrival(m: Record, i: int) -> tuple[float, np.uint64, int]:
    """Return when the next person comes, their key and their number; infinity if never.

    Of an arrival that changes, infinity as well if nobody comes any more before the next exchange.
    """
    arrival = arrival_at(m, i)
    while True:
        if arrival.largest > 0.0:
            number = ((arrival.day + DAY_ZERO) << DAY_BITS) + arrival.j
            arrival.j += 1
            key = word(arrival.key, np.uint64(number))
            arrival.time += exponential(key, _GAP) / arrival.largest
            if arrival.time < arrival.day + 1:
                if arrival.time < m.begin:
                    continue
                # Most are kept without working out the rate at the moment itself.
                if arrival.sure < arrival.largest:
                    u = uniform(key, _KEPT) * arrival.largest
                    if u >= arrival.never:
                        continue
                    if u >= arrival.sure:
                        rate = _rate(m, i, arrival.time)
                        if u >= rate * arrival.upper or u < rate * arrival.lower:
                            continue
                return arrival.time, key, number
        if arrival.day + 1 >= arrival.until:
            return math.inf, np.uint64(0), 0
        _begin_day(m, i, arrival.day + 1)
