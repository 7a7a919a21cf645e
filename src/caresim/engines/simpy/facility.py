"""A setting as it is in a run: its places, who holds them, and who waits for them."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from typing import TYPE_CHECKING

from caresim.engines.event.fences import unions
from caresim.model import Model, Reserved

if TYPE_CHECKING:
    from caresim.engines.simpy.person import Person
    from caresim.engines.simpy.presence import Presence
    from caresim.engines.simpy.world import World

SLACK = 1e-9
"""Places are sums of places per person, which need not be exact in binary."""


class Facility:
    """A setting of one member's run.

    Attributes
    ----------
    position, setting
        Which it is, and what the model says of it.
    capacity, used
        Places.
    is_open
        Whether it admits people at this hour.
    inside
        Who holds a place, in order of coming (keys only).
    queue
        Who waits for a place, wherever they are, in order of priority class and of request.
    outside
        How many people take room in the list outside.
    awaiting_room
        Who stays in another setting until there is room in that list, in order.
    """

    def __init__(self, world: World, position: int) -> None:
        self._world = world
        self.position = position
        self.setting = world.model.settings[position]
        self.capacity = float(self.setting.capacity.at(0.0))
        self.need = self.setting.places_per_person.places[0]
        self.used = 0.0
        self.is_open = is_open(world.model, position, world.clock.now)
        self.inside: dict[Presence, None] = {}
        self.queue: list[Person] = []
        self.outside = 0
        self.excess = 0.0
        self.awaiting_room: list[Person] = []
        self._kept_free = [r for r in self.setting.reserved if r.rule == "keep_free"]
        self._fences = unions([r for r in self.setting.reserved if r.rule == "ring_fenced"])
        self._used_as: dict[int | None, float] = {None: 0.0}

    def use(self, source: int | None, by: float) -> None:
        """Let the places used change, as a source of the setting's ring fences if any."""
        self.used += by
        self._world.record.change("places_used", self.position, by=by)
        self._used_as[source] = self._used_as.get(source, 0.0) + by

    def fenced(self, source: int) -> int | None:
        """Return a source if places are ring-fenced for it."""
        return source if any(source in fences.sources for fences in self._fences) else None

    def has_places(self) -> bool:
        """Whether people are admitted now, and there are places for one more."""
        return self.is_open and self.used + self.need <= self.capacity + SLACK

    def may_admit(self, source: int) -> bool:
        """Whether someone of a source may have a place now."""
        return (
            self.has_places()
            and not any(self._is_kept_from(source, rule) for rule in self._kept_free)
            and self._fits_between_fences(source)
        )

    def _is_kept_from(self, source: int, rule: Reserved) -> bool:
        left = self.capacity - self.used - rule.places
        return source not in rule.sources and self.need > left + SLACK

    def _fits_between_fences(self, source: int) -> bool:
        """Whether a person fits in the places that no fence keeps, or in those of their own."""
        before = self._in_common(self._used_as)
        own = self.fenced(source)
        after = self._in_common(self._used_as | {own: self._used_as.get(own, 0.0) + self.need})
        common = self.capacity - sum(fences.places for fences in self._fences if fences.whole)
        return after <= before or after <= common + SLACK

    def _in_common(self, used_as: Mapping[int | None, float]) -> float:
        """Return how many of the places used are common to all: those that fit in no fence.

        People of ring fences use their places first, and common ones after that.
        """
        total, worst = used_as[None], 0.0
        for fences in self._fences:
            used = sum(used_as.get(source, 0.0) for source in fences.sources)
            worst = max(worst, used - fences.places)
            if fences.whole:
                total, worst = total + worst, 0.0
        return total

    def next_in_line(self) -> Person | None:
        """Return who is given the next place; None if there is none, or nobody may have it."""
        if not self.has_places():
            return None
        refused: set[int] = set()
        for person in self.queue:
            if person.source not in refused:
                if self.may_admit(person.source):
                    return person
                refused.add(person.source)
        return None

    def first_held_in(self, other: Facility) -> Person | None:
        """Return who has waited longest for a place here of those delayed in another setting."""
        return next((p for p in self.queue if p.facility is other), None)

    def first_of_each_holder(self) -> list[Person]:
        """Return the first of those delayed in each setting who wait, by class and by setting."""
        found: dict[Facility, Person] = {}
        for person in self.queue:
            if person.facility is not None:
                found.setdefault(person.facility, person)
        classes = self.setting.queue_class
        return sorted(found.values(), key=lambda p: (classes[p.source], p.source))

    def longest_in_care(self) -> Presence | None:
        """Return who has been in care here for longest, of those who came before now.

        At the beginning of the run people may have been there for no time.
        """
        clock = self._world.clock
        starting = clock.now == clock.begin
        return min(
            (
                person
                for person in self.inside
                if person.in_care
                and (person.started < clock.now or (starting and person.stays == 1))
            ),
            key=lambda person: (person.started, person.stream, person.number),
            default=None,
        )

    def join(self, person: Person) -> None:
        """Put a person who has just asked in the queue."""
        person.queued = True
        person.order = self._world.next_order()
        classes = self.setting.queue_class
        insort(self.queue, person, key=lambda p: (classes[p.source], p.order))
        if person.facility is not None:
            self._world.record.change("wanted", self.position, by=1.0)

    def forget(self, person: Presence) -> None:
        """Take a person out of the queue, and out of those who wait for room."""
        if person.queued:
            person.queued = False
            if person.facility is not None:
                self._world.record.change("wanted", self.position, by=-1.0)
            self.queue = [other for other in self.queue if other is not person]
        self.awaiting_room = [other for other in self.awaiting_room if other is not person]

    def give_room(self, person: Presence) -> None:
        """Let a person take no room in the list outside any more."""
        if person.listed:
            person.listed = False
            self.outside -= 1
            if self.awaiting_room:
                self._world.note(self)

    def grant(self, person: Person, *, swap: bool = False) -> None:
        """Give a person a place, which they hold from now on, free or in exchange for theirs."""
        self.forget(person)
        self.give_room(person)
        person.next_fence = self.fenced(person.source)
        self.use(person.next_fence, self.need)
        if not swap:
            self.excess = max(self.excess, self.used - self.capacity)


def is_open(model: Model, position: int, time: float) -> bool:
    """Whether a setting admits people at a time."""
    hours = model.settings[position].calendar
    if hours is None:
        return True
    day = int(time // 1.0)
    return (
        hours.weekdays[model.weekday(day)]
        and day not in hours.closed_days
        and hours.opens <= time - day < hours.closes
    )
