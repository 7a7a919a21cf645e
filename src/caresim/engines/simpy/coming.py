"""Who comes from outside, and when."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from caresim.engines.event.purposes import ARRIVAL, DAY_BITS, DAY_ZERO
from caresim.engines.simpy.chance import PART, Chance, word
from caresim.engines.simpy.slow import Slice
from caresim.model import DAYS_PER_YEAR, Arrivals, Model
from caresim.traffic import FIRST_WEEK

AT_START = np.zeros(1)


class Coming(NamedTuple):
    """Somebody who comes from outside: when, and who."""

    time: float
    number: int
    key: int


class Rate:
    """People a day of an arrival, over one day.

    Parameters
    ----------
    model, arrivals
        Whose rate.
    day
        In days from the start; before it, growth and populations stand still, and a series
        has the mean of its first seven days.
    """

    def __init__(self, model: Model, arrivals: Arrivals, day: int) -> None:
        self._arrivals, self._day = arrivals, day
        date = model.start_date.toordinal() + day
        month = type(model.start_date).fromordinal(date).month
        self._begins = self._ends = arrivals.weekday[model.weekday(day)] * arrivals.month[month - 1]
        for timeline, before in ((arrivals.series, FIRST_WEEK), (arrivals.population, AT_START)):
            if timeline is not None:
                first = timeline.at(before if day < 0 else np.array([day]))
                last = first if day < 0 or timeline.kind == "step" else timeline.at(day + 1)
                self._begins *= float(first.mean())
                self._ends *= float(last.mean())
        self._growth = math.log1p(arrivals.growth) / DAYS_PER_YEAR
        if arrivals.population is not None:
            grown = math.log1p(arrivals.growth) + math.log1p(arrivals.population_growth)
            self._growth = grown / DAYS_PER_YEAR

    def at(self, time: float) -> float:
        """Return the rate at a time of the day."""
        rate = self._arrivals.rate
        rate *= self._begins + (self._ends - self._begins) * (time - self._day)
        rate *= math.exp(self._growth * max(time, 0.0))
        for cycle in self._arrivals.cycles:
            turn = (time - cycle.peak) / cycle.period
            rate *= 1.0 + cycle.amplitude * math.cos(2.0 * math.pi * turn)
        return rate

    def largest(self) -> float:
        """Return a rate that is not exceeded on the day."""
        day = float(self._day)
        grown = max(math.exp(self._growth * max(t, 0.0)) for t in (day, day + 1.0))
        high = 1.0
        for cycle in self._arrivals.cycles:
            a, b = ((t - cycle.peak) / cycle.period for t in (day, day + 1.0))
            has_peak = math.floor(b) > math.floor(a)
            top = 1.0 if has_peak else max(math.cos(2.0 * math.pi * turn) for turn in (a, b))
            high *= 1.0 + cycle.amplitude * top
        return self._arrivals.rate * max(self._begins, self._ends) * grown * high


def days_of(model: Model, begin: float) -> range:
    """Return the days on which somebody may come."""
    return range(math.floor(begin), math.ceil(model.days))


def comings(
    model: Model, arrivals: Arrivals, stream: int, day: int, begin: float, part: Slice
) -> Iterator[Coming]:
    """Return those who come by an arrival on a day, in order of time: a Poisson process.

    Those who might come follow a Poisson process of the day's largest rate, and each does come
    with the probability that the rate is of that largest one. What changes slowly makes those who
    might come more, and gives a slice of them to each arrival.
    """
    rate = Rate(model, arrivals, day)
    largest, time = rate.largest() * max(1.0, part.total), float(day)
    for j in itertools.count() if largest > 0.0 and part.upper > part.lower else ():
        number = ((day + DAY_ZERO) << DAY_BITS) + j
        key = int(word(np.uint64(stream), np.uint64(number)))
        chance = Chance(key)
        time += chance.exponential(ARRIVAL) / largest
        if time >= day + 1:
            break
        mark = chance.uniform(ARRIVAL + PART) * largest
        now = rate.at(time)
        if time >= begin and now * part.lower <= mark < now * part.upper:
            yield Coming(time, number, key)
