"""What changes slowly beside the people of a world, and how they meet it.

The slow side itself (interventions, feedbacks, staff, openings, population) is that of all engines,
:mod:`caresim.engines.coupling`; this is what it reads of these people and what it sets for them.
"""

from __future__ import annotations

import heapq
import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from caresim.engines.coupling import (
    CouplingLayout,
    Measure,
    after_delay,
    begin,
    record,
    scratch,
    shifted_share,
    shifts,
    tick,
)
from caresim.engines.draws import delayed_starts, step_starts, waiting_starts
from caresim.engines.event.slow_names import SlowBooks, fold
from caresim.engines.output import save_times, windows_of
from caresim.model import Route

if TYPE_CHECKING:
    from caresim.engines.simpy.person import Person
    from caresim.engines.simpy.presence import Presence
    from caresim.engines.simpy.world import World

FloatArray = NDArray[np.float64]


def sum_of(rates: list[float]) -> float:
    """Return a sum added up one by one, as sums differ in their last bit."""
    total = 0.0
    for rate in rates:
        total += rate
    return total


class SlowSide(NamedTuple):
    """The slow side of a model, and of one member its parameters, shape (n_params, 1)."""

    layout: CouplingLayout
    params: FloatArray


class Slice(NamedTuple):
    """Which of those who might come do come by an arrival.

    Those whose number is between ``lower`` and ``upper`` times the rate, out of ``total`` times
    the day's largest one.
    """

    lower: float = 0.0
    upper: float = 1.0
    total: float = 1.0


class Mark:
    """What a clock shows as something happens to a person.

    Parameters
    ----------
    shown
        What the clock shows then.
    clock
        In which it happens.
    fall
        When the places that the person uses fall next; infinity if they do not.

    Attributes
    ----------
    reached
        Happens as the clock shows the mark.
    due
        When that is, if it is before the next exchange; otherwise infinity.
    """

    def __init__(self, shown: float, clock: simpy.Environment, fall: float) -> None:
        self.shown, self.fall, self.due = shown, fall, math.inf
        self.reached = simpy.Event(clock)
        self.forgotten = False


class Pace:
    """A clock of stays, whose speed changes from one exchange to the next.

    Only marks that are reached before the next exchange are awaited; and of a person whose places
    fall after some days, only the fall or the mark, whichever is sooner; the mark at one time.
    """

    def __init__(self, world: World, slow: Slow) -> None:
        self._world, self._slow = world, slow
        self._reached, self._speed = 0.0, 1.0
        self._marks: list[tuple[float, int, Mark]] = []
        self._orders = itertools.count()

    def now(self) -> float:
        """Return what it shows."""
        return self._reached + self._speed * (self._world.clock.now - self._slow.met)

    def set_speed(self, speed: float) -> None:
        """Let it run at a speed from now on."""
        self._reached, self._speed = self.now(), speed

    def at(self, shown: float, fall: float = math.inf) -> Mark:
        """Return a mark that is reached as the clock shows so much."""
        mark = Mark(shown, self._world.clock, fall)
        if not self._comes_due(mark):
            heapq.heappush(self._marks, (shown, next(self._orders), mark))
        return mark

    def call_due(self) -> None:
        """Await all marks that are reached before the next exchange."""
        while self._marks and self._comes_due(self._marks[0][2]):
            heapq.heappop(self._marks)

    def fell(self, mark: Mark, fall: float) -> None:
        """Note that places have fallen, and when they fall next."""
        mark.fall = fall
        if mark.due < math.inf:
            self._await(mark)

    def forget(self, mark: Mark) -> None:
        """Let a mark not be reached."""
        mark.forgotten = True
        self._marks = [entry for entry in self._marks if entry[2] is not mark]
        heapq.heapify(self._marks)

    def _comes_due(self, mark: Mark) -> bool:
        """Await a mark if it is reached before the next exchange; return whether it is."""
        slow, now = self._slow, self._world.clock.now
        time = slow.met + (mark.shown - self._reached) / self._speed
        if time >= slow.meets_next:
            return False
        mark.due = max(time, now)
        self._await(mark)
        return True

    def _await(self, mark: Mark) -> None:
        """Let a mark be reached when it is due, unless places fall before."""
        if not mark.fall < mark.due:
            alarm = self._world.clock.at(mark.due)
            assert alarm.callbacks is not None
            alarm.callbacks.append(lambda _: self._ring(mark))

    def _ring(self, mark: Mark) -> None:
        if not mark.forgotten:
            self._world.events += 1
            self._world.clock.happen(mark.reached)


class Slow:
    """The slow side of a world.

    Parameters
    ----------
    world, side
        Whose, and what it is.

    Attributes
    ----------
    met, meets_next
        Times of the last exchange and of the next.
    slices
        Of each of ``model.arrivals``.
    paces
        The clock of each setting and cohort that has one.
    noted
        Shape (n_edges, n): what is recorded at each edge of segments.
    """

    def __init__(self, world: World, side: SlowSide) -> None:
        self.layout = side.layout
        self._world, self._params = world, side.params
        parts, model, clock = side.layout.parts, world.model, world.clock
        self._parts, self._model, self._clock = parts, model, clock
        self._state = np.zeros((parts.state.n_rows, 1))
        self._levers = np.zeros((parts.levers.n_rows, 1))
        self._work = scratch(side.layout.coupling)
        self._before = [0.0] * len(side.layout.measures)
        self._edges = world.record.edges()
        n = 2 * len(side.layout.stocks) + len(side.layout.tallies)
        self.noted = np.zeros((len(self._edges), n))
        self._position = {id(route): r for r, route in enumerate(model.routes)}
        self._step_starts, self._waiting_starts, self._delayed_starts = (
            starts(model) for starts in (step_starts, waiting_starts, delayed_starts)
        )
        self.met = clock.now
        self.meets_next = min((clock.now // self.interval + 1.0) * self.interval, model.days)
        self.slices = [Slice() for _ in model.arrivals]
        n_cohorts = len(model.cohorts)
        self.paces = {
            divmod(cell, n_cohorts): Pace(world, self)
            for cell in range(len(model.settings) * n_cohorts)
            if parts.changes[parts.levers.pace + cell]
        }
        begin(side.layout.coupling, self._params, self._state, self._levers, clock.now)
        self._hand_on(self.meets_next)
        self.set_places()

    @property
    def interval(self) -> float:
        """Days between exchanges."""
        return self._parts.interval

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether each number that changes was held at the end of its range."""
        first = self._parts.state.held
        return self._state[first : first + len(self.layout.number_names), 0] > 0.0

    def books(self) -> SlowBooks:
        """Return what is kept of the run."""
        windows = np.array([(w.first_day, w.last_day) for w in windows_of(self._model)])
        edges = np.array(self._edges)
        return fold(self.layout, self.noted, edges, windows, save_times(self._model))

    # ---- What people read ----

    def changes_arrival(self, i: int) -> bool:
        """Whether the rate of an arrival can change."""
        return bool(self._parts.changes[self._parts.levers.arrival + i])

    def changes_places(self, s: int) -> bool:
        """Whether the places of a setting are worked out here."""
        return bool(self._parts.places_change[s])

    def step(self, route: Route, k: int) -> tuple[float, float]:
        """Return the share of people who need a step of arrangement, and a factor on its time."""
        at, levers = self._step_starts[self._position[id(route)]] + k, self._parts.levers
        return self._lever(levers.step_share + at), self._lever(levers.step_time + at)

    def waiting_rates(self, setting: int, cohort: int) -> list[float]:
        """Return the hazards of leaving a wait outside a setting."""
        cell = setting * len(self._model.cohorts) + cohort
        first, last = self._waiting_starts[cell : cell + 2]
        base = self._parts.levers.waiting_hazard
        return [self._lever(base + k) for k in range(first, last)]

    def delayed_rates(self, route: Route) -> list[float]:
        """Return the hazards of leaving a delay on the way to where a route leads."""
        r = self._position[id(route)]
        first, last = self._delayed_starts[r : r + 2]
        base = self._parts.levers.delayed_hazard
        return [self._lever(base + k) for k in range(first, last)]

    def shares(self, person: Presence) -> list[float]:
        """Return the shares of the routes from the setting a person is in, for this person."""
        routes = np.array([self._position[id(route)] for route in person.routes()])
        shares = self._levers[self._parts.levers.route_share + routes, 0]
        assert person.facility is not None
        c, (origin, days) = self.layout.coupling, person.past
        if days <= 0.0 or not shifts(c, origin, person.facility.position, person.cohort):
            return [float(share) for share in shares]
        return [
            shifted_share(c, self._params, 0, routes, shares, origin, days, k)
            for k in range(routes.size)
        ]

    def lengthened(self, person: Presence, days: float) -> float:
        """Return a stay, given what it would be if the person had not been delayed before."""
        origin, delay = person.past
        if delay <= 0.0:
            return days
        assert person.facility is not None
        where = (origin, person.facility.position, person.cohort)
        return days * after_delay(self.layout.coupling, self._params, 0, *where, delay)

    def _lever(self, row: int) -> float:
        return float(self._levers[row, 0])

    # ---- Exchanges ----

    def start_measuring(self) -> None:
        """Note what the measures add up to once everybody is there at the beginning."""
        self._read(self._clock.now, 0.0)

    def meet(self, following: float) -> list[Person]:
        """Read what people did since the last exchange, and set what changes for them.

        Parameters
        ----------
        following
            When the next exchange is.

        Returns
        -------
        list of Person
            Who leaves a wait or a delay at another time than they thought, and is to be told so.
        """
        before = {person: sum_of(person.rates()) for person in self._waiting()}
        self._tick()
        self._hand_on(following)
        return [person for person, total in before.items() if self._leaves_otherwise(person, total)]

    def set_places(self) -> None:
        """Set the usable places; those that become more may be for someone who waits."""
        for s, facility in enumerate(self._world.facilities):
            if self.changes_places(s):
                places = self._lever(self._parts.levers.capacity + s)
                rises = places > facility.capacity
                facility.capacity = places
                if rises:
                    self._world.note(facility)

    def close_segment(self, time: float) -> None:
        """Record the slow side as a segment ends at which there is no exchange to come."""
        is_end = time >= self._model.days
        if is_end and not self._world.is_stopped():
            self._tick()
            self.met = time
        if is_end or time != self.meets_next or self._world.is_stopped():
            self.note(time)

    def note(self, time: float) -> None:
        """Record the slow side if a segment ends at this time."""
        if time in self._edges:
            out = np.zeros((self.noted.shape[1], 1))
            record(self.layout.coupling, self._state, time - self.met, out, 0)
            self.noted[self._edges.index(time)] = out[:, 0]

    def _tick(self) -> None:
        now = min(self.meets_next, self._model.days)
        passed = now - self.met
        c, params, state, levers = self.layout.coupling, self._params, self._state, self._levers
        tick(c, params, state, self._work, self._read(now, passed), levers, now, passed)

    def _hand_on(self, following: float) -> None:
        """Set clocks and arrivals until the next exchange; the rest is read when it is needed."""
        first = self._parts.levers.pace
        for (s, cohort), pace in self.paces.items():
            pace.set_speed(self._lever(first + s * len(self._model.cohorts) + cohort))
        self.met, self.meets_next = self._clock.now, following
        for pace in self.paces.values():
            pace.call_due()
        totals = [0.0] * len(self._model.arrivals)
        bounds = []
        for i, arrivals in enumerate(self._model.arrivals):
            origin = arrivals.displaced_from if arrivals.displaced_from >= 0 else i
            lower = totals[origin]
            factor = self._lever(self._parts.levers.arrival + i) if self.changes_arrival(i) else 1.0
            totals[origin] += factor
            bounds.append((lower, totals[origin], origin))
        self.slices = [Slice(lower, upper, totals[origin]) for lower, upper, origin in bounds]

    def _waiting(self) -> list[Person]:
        """Return who waits or is in arrangement, in the order of the event engine's records."""
        people: list[Person] = [p for p in self._world.people if p.due is not None]  # type: ignore[misc]
        return sorted(people, key=lambda person: person.slot)

    def _leaves_otherwise(self, person: Person, before: float) -> bool:
        """Let a person leave as the hazards now say; return whether they wait for another event.

        What is left of the wait, on a clock that runs with the hazard, stays the same.
        """
        after, was, due = sum_of(person.rates()), person.leave, person.due
        if before == after:
            return False
        assert was is not None
        assert due is not None
        if after <= 0.0:
            person.leave = math.inf
        elif before <= 0.0:
            person.leave = None
        else:
            person.leave = self._clock.now + (was - self._clock.now) * (before / after)
        return was < due or person.leave is None or person.leave < due

    def _read(self, now: float, passed: float) -> FloatArray:
        found = np.zeros((len(self._before), 1))
        for k, of in enumerate(self.layout.measures):
            total = self._total(of, now)
            since = total - self._before[k]
            found[k, 0] = since / passed if not of.is_count and passed > 0.0 else since
            self._before[k] = total
        return found

    def _total(self, of: Measure, now: float) -> float:
        """Return what a measure adds up to since the beginning."""
        written = self._world.record
        if of.kind in ("used", "delayed_for"):
            stock = "places_used" if of.kind == "used" else "wanted"
            return written.area(now, stock, of.setting)
        n_settings, n_cohorts = len(self._model.settings), len(self._model.cohorts)
        total = 0.0
        for s in range(n_settings) if of.setting < 0 else (of.setting,):
            for cohort in range(n_cohorts) if of.cohort < 0 else (of.cohort,):
                if of.kind == "left":
                    total += written.number("admissions", s, cohort)
                    total -= float(written.level["occupied"][s, cohort])
                elif of.is_count:
                    total += written.number(of.kind, s, cohort)
                else:
                    stocks = ("occupied", "waiting") if of.kind == "away" else (of.kind,)
                    for stock in stocks:
                        total += written.area(now, stock, s, cohort)
        return total
