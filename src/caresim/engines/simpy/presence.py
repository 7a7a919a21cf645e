"""Where a person is, what is counted of them, and what they hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import simpy

from caresim.engines.event.log import OUTCOMES
from caresim.engines.event.purposes import setting_word
from caresim.engines.simpy.chance import VISIT, Chance
from caresim.engines.simpy.facility import Facility
from caresim.model import Exit, Route

if TYPE_CHECKING:
    from caresim.engines.simpy.world import World

LEFT, MOVED, AGAIN, STOPPED_WAITING, TURNED_AWAY, SENT_ON, GAVE_UP, CENSORED = range(len(OUTCOMES))


class Presence:
    """A person as others see them: nothing here waits.

    Parameters
    ----------
    world
        Where they live.
    stream, number, key
        Who they are, and where their random numbers start.
    cohort, source
        Positions of their cohort, and of where they come from.
    """

    def __init__(
        self, world: World, stream: int, number: int, key: int, cohort: int, source: int
    ) -> None:
        self.world, self.clock, self.record = world, world.clock, world.record
        self.stream, self.number, self.chance = stream, number, Chance(key)
        self.cohort, self.source = cohort, source
        self.process: simpy.Process | None = None
        self.facility: Facility | None = None  # whose place they hold
        self.fence: int | None = None  # source of a ring fence as which they hold it
        self.next_fence: int | None = None  # and the place they move to
        self.in_care = False  # the stay has begun and not ended
        self.moving = False  # to a place that is held already
        self.route: Route | None = None
        self.to: int = Exit.HOME  # what they need
        self.transfer: int | None = None  # stay that is the time of moving there
        self.asked = self.requested = self.started = self.ready = math.nan
        self.delayed_since = self.reason_since = math.nan  # at all, and for the present reason
        self.reason = self.cause = -1  # of the delay now; the last other than the transfer
        self.listed = False  # takes room in a list outside
        self.waiting_since: float | None = None  # counted as waiting outside
        self.origin: int | None = None  # the setting left to wait at home
        self.at = -1  # setting at which a way out is counted of someone outside
        self.queued = False  # for a place
        self.order = -1  # of the request
        self.leave: float | None = None  # when they leave the delay or wait of their own accord
        self.due: float | None = None  # when what they wait for comes at the latest
        self.days = 0.0  # length of the stay
        self.ends = math.nan  # what the clock of stays will show then, where there is one
        self.past = (-1, 0.0)  # the setting left last, and how long they were delayed in it
        self.use = 0  # place of the places used in those of the setting
        self.visit = 0  # place of the random numbers of this stay
        self.times_sent_on = self.turns = self.stays = 0
        self.slot = world.take_slot()  # of their record in the event engine
        self._visits: dict[int, int] = {}
        world.people[self] = None
        world.entered += 1

    def routes(self) -> list[Route]:
        """Return the routes from the setting the person is in."""
        assert self.facility is not None
        return self.world.routes[self.facility.position][self.cohort]

    def route_drawn_at_start(self) -> bool:
        """Whether the route is drawn when the stay begins, because it decides how long it is."""
        assert self.facility is not None
        return self.world.model.route_drawn_at_start[self.facility.position]

    def hold_place(self, facility: Facility, started: float) -> None:
        """Hold a place that has been given, since a time."""
        self.facility, self.started = facility, started
        self.source, self.origin = self.world.model.source_of_setting(facility.position), None
        self.ready, self.leave, self.cause, self.use = math.nan, None, -1, 0
        facility.inside[self] = None
        self.record.change("occupied", facility.position, self.cohort, by=1.0)
        # Settings 16 positions apart count their visits together (see purposes).
        self.stays += 1
        visit = self._visits.get(facility.position % 16, 0)
        if visit < 15:
            self._visits[facility.position % 16] = visit + 1
        else:
            visit = 15 + self.stays
        self.visit = setting_word(facility.setting.name) + visit * VISIT

    def use_places_from_start(self, elapsed: float) -> None:
        """Take the places used after some days of the stay; infinity if it is over."""
        facility = self.facility
        assert facility is not None
        self.asked, self.in_care = self.started, elapsed < math.inf
        self.ready = math.nan if self.in_care else self.clock.now
        uses = facility.setting.places_per_person
        unit = self.days if uses.by == "share_of_stay" else 1.0
        self.use = max(k for k, at in enumerate(uses.at) if at * unit <= elapsed)
        facility.use(None, uses.places[self.use])

    def leave_place(self) -> None:
        """Leave the setting; someone else may have the place."""
        facility = self.facility
        assert facility is not None
        s = facility.position
        self.past = (s, self.clock.now - self.delayed_since if self.reason >= 0 else 0.0)
        if self.reason >= 0:
            self.record.change("delayed", s, self.cohort, by=-1.0)
            self.record.change("delayed_by_reason", s, self.reason, by=-1.0)
            self.record.note_length("delay_by_reason", self.reason, since=self.reason_since)
            self.record.note_length("delay", s, since=self.delayed_since)
            self.reason = -1
        self.record.change("occupied", s, self.cohort, by=-1.0)
        self.record.spend("occupied", s, self.cohort, since=self.started, until=self.clock.now)
        self.record.note_length("stay", s, since=self.started)
        facility.use(self.fence, -facility.setting.places_per_person.places[self.use])
        del facility.inside[self]
        self.facility = None
        self.world.note(facility)

    def delay(self, reason: int) -> None:
        """Count the person as delayed where they are, for a reason."""
        assert self.facility is not None
        s = self.facility.position
        if reason == self.reason:
            return
        if self.reason < 0:
            self.record.change("delayed", s, self.cohort, by=1.0)
            self.delayed_since = self.clock.now
        else:
            self.record.change("delayed_by_reason", s, self.reason, by=-1.0)
            self.record.note_length("delay_by_reason", self.reason, since=self.reason_since)
        self.record.change("delayed_by_reason", s, reason, by=1.0)
        self.reason, self.reason_since = reason, self.clock.now
        if self.cause < 0 or reason != self.world.transfer_reason:
            self.cause = reason

    def wait_at_home(self) -> None:
        """Leave the place held, and wait outside the setting needed."""
        assert self.facility is not None
        origin, wanted = self.facility.position, self.world.facilities[self.to]
        self.count_pathway(self.to)
        self.record.log(self, self.to, MOVED)
        if self.queued:
            self.record.change("wanted", self.to, by=-1.0)
        self.leave_place()
        self.origin = origin
        self.go_on_list(wanted)
        self.record.count("arrivals", self.to, self.cohort)

    def go_on_list(self, wanted: Facility) -> None:
        """Wait outside a setting, and take room there."""
        self.listed = True
        wanted.outside += 1
        self.begin_waiting(wanted)

    def begin_waiting(self, wanted: Facility) -> None:
        """Be counted as waiting outside a setting."""
        self.waiting_since = self.clock.now
        self.record.change("waiting", wanted.position, self.cohort, by=1.0)

    def end_waiting(self) -> None:
        """Be counted as waiting outside no longer."""
        if self.waiting_since is not None:
            self.world.facilities[self.to].give_room(self)
            self.record.change("waiting", self.to, self.cohort, by=-1.0)
            since, now = self.waiting_since, self.clock.now
            self.record.spend("waiting", self.to, self.cohort, since=since, until=now)
            self.record.note_length("wait", self.to, since=since)
            self.waiting_since = None

    def count_pathway(self, to: int) -> None:
        """Count the discharge pathway of leaving for somewhere, or for home."""
        assert self.facility is not None
        if self.route is not None and self.route.to == to:
            pathway = self.route.pathway
        elif to >= 0:
            pathway = self.world.model.settings[to].pathway
        else:
            homeward = [route.pathway for route in self.routes() if route.to == to]
            pathway = homeward[0] if homeward and to == Exit.HOME else None
        if pathway is not None:
            self.record.count("pathway_discharges", self.facility.position, pathway)
