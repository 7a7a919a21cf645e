"""One member's run: who comes, and who is given a free place."""

from __future__ import annotations

import itertools
import math
from collections import deque

import numpy as np
import simpy
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.event.purposes import arrival_stream
from caresim.engines.randomness import blocks
from caresim.engines.simpy.agenda import keep_agenda
from caresim.engines.simpy.chance import length_of
from caresim.engines.simpy.clock import Clock
from caresim.engines.simpy.coming import comings, days_of
from caresim.engines.simpy.facility import Facility
from caresim.engines.simpy.member import members_model
from caresim.engines.simpy.person import Person
from caresim.engines.simpy.presence import Presence
from caresim.engines.simpy.record import Record
from caresim.engines.simpy.slow import Slice, Slow, SlowSide
from caresim.engines.simpy.waiting import End, Process
from caresim.model import Arrivals, Model


class World:
    """Everything of one member's run.

    To add logic of your own, subclass this and :class:`~caresim.engines.simpy.person.Person`:
    name your person in ``person_type``, and set up what people share in :meth:`prepare`.

    Parameters
    ----------
    model
        What is run.
    numbers, member
        The members' numbers, and which member this is.
    slow
        What changes slowly beside the people; None in a model without.
    """

    person_type: type[Person] = Person

    def __init__(
        self,
        model: Model,
        numbers: MemberNumbers,
        member: int,
        slow: SlowSide | None = None,
    ) -> None:
        begin = -model.run.warm_up_days if model.steady_start else 0.0
        self.model = members_model(model, numbers, member)
        self.member = member
        self.clock = Clock(begin, model.days)
        self.record = Record(model, member, self.clock)
        self.people: dict[Presence, None] = {}
        self.facilities = [Facility(self, s) for s in range(len(model.settings))]
        self.routes = [
            [[self.model.routes[r] for r in group] for group in row] for row in model.routes_of
        ]
        self.lengths = [
            length_of(stay, float(factor))
            for stay, factor in zip(model.stays, numbers.stay_factor[member], strict=True)
        ]
        reasons = [reason.name for reason in model.reasons]
        self.transfer_reason = reasons.index("transfer") if "transfer" in reasons else 0
        self._free_slots: list[int] = []
        self._slots = itertools.count()
        self.noted: list[Facility] = []
        self.entered = self.gone = self.events = 0
        self.stopped = math.nan
        self._settling = True  # once everybody is in their place at the start
        self._check: Person | None = None
        self._recheck: deque[Facility] = deque()
        self._orders = itertools.count()
        self.slow = None if slow is None else Slow(self, slow)
        self.prepare()

    def prepare(self) -> None:
        """Set up what your own logic needs, such as staff whom people share. For extensions."""

    def run(self, starters: NDArray[np.void]) -> None:
        """Run from the start to the end, with those who are there at the start."""
        for i, arrivals in enumerate(self.model.arrivals):
            self.clock.process(self._let_come(i, arrivals))
        for given in starters:
            self._place(given)
        if self.slow is not None:
            self.slow.start_measuring()
        self.clock.process(keep_agenda(self))
        self._settling, self._check = False, None
        for facility in self.facilities:
            self.note(facility)
        if starters.size:
            for facility in self.facilities:
                self.look_for_circles_at(facility)
        for time in self.record.edges():
            while not self.is_stopped() and self.clock.peek() < time:
                self.clock.step()
            self.record.end_segment(time)
            if self.slow is not None:
                self.slow.close_segment(time)

    def is_stopped(self) -> bool:
        """Whether circular blocking has ended the run."""
        return not math.isnan(self.stopped)

    # ---- Who comes ----

    def _let_come(self, i: int, arrivals: Arrivals) -> Process:
        word = arrival_stream(arrivals.name, self.model.cohorts[arrivals.cohort])
        stream = int(blocks(self.model.run.seed, np.array([self.member]), word)[0, 0])
        slow, begin = self.slow, self.clock.begin
        changes = slow is not None and slow.changes_arrival(i)
        first = arrivals.displaced_from
        for day in days_of(self.model, begin):
            if changes and day > begin:
                yield self.clock.at(day)  # what changes slowly is met at midnight
            part = Slice() if slow is None else slow.slices[i]
            for who in comings(self.model, arrivals, stream, day, begin, part):
                yield self.clock.at(who.time)
                self.events += 1
                number, key = who.number, who.key
                person = self.person_type(
                    self, i if first < 0 else first, number, key, arrivals.cohort, arrivals.source
                )
                if first >= 0:
                    self.record.count("displaced", arrivals.to, arrivals.cohort)
                person.to, person.transfer = arrivals.to, arrivals.transfer
                person.process = self.clock.process(person.come())

    def _place(self, given: np.void) -> None:
        """Put a person in their place or queue at the start, under no ring fence."""
        who = (int(given[k]) for k in ("stream", "number", "key", "cohort", "source"))
        person = self.person_type(self, *who)
        person.days = float(given["stay"])
        elapsed = float(given["elapsed"])
        person.requested = self.clock.now - elapsed
        if given["route"] >= 0:
            person.route = self.model.routes[given["route"]]
            person.transfer = person.route.transfer
        if given["setting"] >= 0:
            person.hold_place(self.facilities[given["setting"]], person.requested)
            person.use_places_from_start(math.inf if given["to"] >= 0 else elapsed)
            if (pace := person.pace()) is not None:
                person.ends = pace.now() + (person.days - elapsed)
        if given["to"] >= 0:
            person.to, person.requested = int(given["to"]), self.clock.now
            person.join(self.facilities[person.to])
            person.process = self.clock.process(person.go_on_waiting())
        else:
            person.process = self.clock.process(person.live())

    # ---- Who is given a free place ----

    def next_order(self) -> int:
        """Return the number of a request."""
        return next(self._orders)

    def note(self, facility: Facility) -> None:
        """Note that a setting may have a place or room for someone who waits."""
        waited_for = facility.queue or facility.awaiting_room
        if waited_for and facility not in self.noted:
            self.noted.append(facility)
            self._settle_soon()

    def look_for_circle(self, person: Person) -> None:
        """Note that a person who begins to wait may close a circle of people."""
        self._check = person
        self._settle_soon()

    def look_for_circles_at(self, facility: Facility) -> None:
        """Note that a setting has begun to admit, which may allow circles it did not before."""
        self._recheck.append(facility)
        self._settle_soon()

    def _settle_soon(self) -> None:
        if not self._settling:
            self._settling = True
            self.clock.process(self._settle())

    def _settle(self) -> Process:
        """Give free places to those who wait, until nobody who waits can be given one.

        The setting noted last goes first; then people who wait for each other's places swap.
        """
        while not self.is_stopped():
            if self.noted:
                facility = self.noted[-1]
                if (person := facility.next_in_line()) is not None:
                    yield self._give(facility, person, End.PLACE)
                elif facility.awaiting_room and facility.outside < facility.setting.room:
                    yield self.tell(facility.awaiting_room.pop(0), End.ROOM)
                else:
                    self.noted.pop()
            elif self._check is not None:
                person, self._check = self._check, None
                yield from self._swap(self._circle_through(person))
            elif self._recheck:
                facility = self._recheck[0]
                for person in facility.first_of_each_holder():
                    if circle := self._circle_through(person):
                        yield from self._swap(circle)
                        break
                else:
                    self._recheck.popleft()
            else:
                break
        self._settling = False

    def _swap(self, circle: list[Person]) -> Process:
        if circle and self.model.run.deadlock == "stop":
            self.stopped = self.clock.now
        elif circle:
            if len(circle) > 1:
                self.record.count("swaps")
            for person in circle:
                yield self._give(self.facilities[person.to], person, End.SWAP)

    def take_slot(self) -> int:
        """Return the position that the event engine would give to the record of a new person."""
        return self._free_slots.pop() if self._free_slots else next(self._slots)

    def give_slot(self, slot: int) -> None:
        """Let the next person have a position."""
        self._free_slots.append(slot)

    def _give(self, facility: Facility, person: Person, ended: End) -> simpy.Event:
        facility.grant(person, swap=ended is End.SWAP)
        return self.tell(person, ended)

    def tell(self, person: Person, ended: End) -> simpy.Event:
        """Interrupt a person's wait; return an event that comes when they have gone on from it."""
        assert person.process is not None
        person.process.interrupt(ended)
        return self.clock.soon()

    def _circle_through(self, person: Person) -> list[Person]:
        """Return the fewest people who wait for each other's places, beginning with a person.

        The search goes from the setting they need to the one they are in, along settings in which
        somebody waits for the next, and which admit people at this hour.
        """
        home, wanted = person.facility, self.facilities[person.to]
        if home is None or not person.queued or not wanted.is_open:
            return []
        chains: dict[Facility, list[Person]] = {wanted: [person]}
        to_look_at = deque([wanted])
        while to_look_at and home not in chains:
            here = to_look_at.popleft()
            for there in self.facilities:
                if there not in chains and there.is_open:
                    first = there.first_held_in(here)
                    if first is not None:
                        chains[there] = [*chains[here], first]
                        to_look_at.append(there)
        return chains.get(home, [])
