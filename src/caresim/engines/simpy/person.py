"""What happens to a person, from asking for a first place to leaving the model."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import simpy

from caresim.engines.event.purposes import STEP, TRANSFER, setting_word
from caresim.engines.simpy.chance import PART, VISIT, choose
from caresim.engines.simpy.facility import Facility
from caresim.engines.simpy.presence import AGAIN, GAVE_UP, LEFT, MOVED, SENT_ON, TURNED_AWAY
from caresim.engines.simpy.slow import Mark, Pace
from caresim.engines.simpy.waiting import End, Ending, Process, Waiting
from caresim.model import Exit, Route

WAYS_OUT = {Exit.HOME: "home", Exit.DIED: "died", Exit.ELSEWHERE: "elsewhere", Exit.LOST: "lost"}


class Person(Waiting):
    """A person and their way through the model.

    Whoever adds their own logic overrides :meth:`care`, :meth:`arrange`, :meth:`length_of_stay`
    or :meth:`choose_route`, and leaves the rest as it is.
    """

    # ---- The whole way ----

    def come(self) -> Process:
        """Come from outside, and stay in the model until there is nothing more to need."""
        yield from self.move(End.TURNED)
        yield from self.live()

    def go_on_waiting(self) -> Process:
        """Wait for the place waited for at the start, and so on."""
        yield from self.move((yield from self.wait_for_place(self.world.facilities[self.to])))
        yield from self.live()

    def live(self) -> Process:
        """Go from stay to stay."""
        while self.facility is not None:
            planned = yield from self.care()
            ended = End.IN_TIME if planned else (yield from self.arrange())
            yield from self.move(ended)

    def care(self) -> Generator[simpy.Event, None, bool]:
        """Let the stay pass until the person is ready to leave; return whether that was planned.

        A planned move ends it early. May be extended.
        """
        assert self.facility is not None
        planned = False
        try:
            yield from self._stay(self.facility)
        except simpy.Interrupt as plan:
            destination: Any = plan.cause
            planned, self.to = True, destination
        self.in_care = False
        self.ready = self.clock.now
        self.record.count("stays_ended", self.facility.position, self.cohort)
        if planned:
            routes = [route for route in self.routes() if route.to == self.to]
            self.route = routes[0] if routes else None
        else:
            if not self.route_drawn_at_start():
                self.route = self.choose_route()
            assert self.route is not None
            self.to = self.route.to
        self.transfer = self.route.transfer if self.route is not None else None
        return planned

    def arrange(self) -> Ending:
        """Arrange what comes next, and go home meanwhile if the route says so. May be extended.

        Returns
        -------
        End
            How it ended; whatever it is but ``IN_TIME`` and ``TURNED``, there is a place already.
        """
        assert self.route is not None
        if self.route.wait_at_home:
            if self.to < 0:
                return End.IN_TIME
            wanted = self.world.facilities[self.to]
            if wanted.outside < wanted.setting.room:
                self.wait_at_home()
            else:
                wanted.awaiting_room.append(self)
                self.delay(wanted.setting.delay_reason)
        for k, step in enumerate(self.route.steps, start=1):
            place = self.visit + k * STEP
            share, factor = step.share, 1.0
            if self.world.slow is not None:
                share, factor = self.world.slow.step(self.route, k - 1)
            if share < 1.0 and self.chance.uniform(place + PART) >= share:
                continue
            if self.facility is not None:
                self.delay(step.reason)
            days = self.world.lengths[step.stay](self.chance, place) * factor
            ended = yield from self.wait(self.clock.now + days)
            if ended is not End.IN_TIME:
                return ended
        return End.IN_TIME

    def length_of_stay(self) -> float:
        """Return the days that the stay takes that begins now. May be extended."""
        route = self.route if self.route_drawn_at_start() else self.routes()[0]
        assert route is not None
        return self.world.lengths[route.stay](self.chance, self.visit)

    def choose_route(self) -> Route:
        """Return the route from the setting the person is in. May be extended."""
        routes = self.routes()
        u = self.chance.uniform(self.visit + PART)
        slow = self.world.slow
        shares = [route.share for route in routes] if slow is None else slow.shares(self)
        return routes[choose(shares, u)]

    # ---- Asking, waiting, moving ----

    def move(self, ended: End) -> Process:
        """Ask for what is needed until the person has moved there, or has left the model."""
        while ended in (End.IN_TIME, End.TURNED):
            if self.to < 0:
                self._go()
                return
            ended = yield from self._ask(self.world.facilities[self.to])
        if ended is End.AGAIN:
            self._stay_again()
        else:
            yield from self._enter(self.world.facilities[self.to], ended)

    def _ask(self, wanted: Facility) -> Ending:
        self.requested = self.clock.now
        if self.facility is None and self.waiting_since is None:
            self.record.count("arrivals", wanted.position, self.cohort)
        # A place that has just become free goes first to those who have waited for it.
        if wanted not in self.world.noted and wanted.may_admit(self.source):
            wanted.grant(self)
            return End.PLACE
        if self.facility is None and not self.listed and wanted.outside >= wanted.setting.room:
            self._overflow(wanted)
            return End.TURNED
        self.join(wanted)
        return (yield from self.wait_for_place(wanted))

    def join(self, wanted: Facility) -> None:
        """Begin to wait for a place, outside or where the person is."""
        if self.facility is not None:
            self.delay(wanted.setting.delay_reason)
            self.world.look_for_circle(self)
        elif not self.listed:
            self.go_on_list(wanted)
        wanted.join(self)

    def wait_for_place(self, wanted: Facility) -> Ending:
        """Wait for a place until it is given, or there is reason to need something else."""
        rules = [rule for rule in wanted.setting.max_waits if self.source in rule.sources]
        if not rules:
            return (yield from self.wait(math.inf))
        now, rule = self.clock.now, rules[0]
        ended = yield from self.wait(math.floor(now) + 1.0 if rule.same_day else now + rule.days)
        if ended is End.IN_TIME:
            self.record.count("rerouted", wanted.position, self.cohort)
            if self.facility is None:
                self.record.log(self, rule.to, GAVE_UP)
            self.turn_to(rule.to)
            return End.TURNED
        return ended

    def _enter(self, wanted: Facility, ended: End) -> Process:
        """Move to a place that has been given; who swaps or stays needs no transfer."""
        stays = self.facility is wanted
        if self.transfer is not None and ended is not End.SWAP and not stays:
            self.turns += 1
            place = setting_word(wanted.setting.name) + TRANSFER + self.turns * VISIT
            days = self.world.lengths[self.transfer](self.chance, place)
            if days > 0.0:
                if self.facility is not None:
                    self.delay(self.world.transfer_reason)
                elif self.waiting_since is None:
                    self.begin_waiting(wanted)
                self.moving = True
                yield from self.until(self.clock.now + days)
                self.moving = False
        if self.facility is not None:
            self.record.count("moves", self.facility.position, wanted.position)
            self.count_pathway(wanted.position)
            self.record.log(self, wanted.position, MOVED)
            self.leave_place()
        else:
            if self.waiting_since is None:
                self.record.note_length("wait", wanted.position, since=self.clock.now)
            self.end_waiting()
            if self.origin is not None:
                self.record.count("moves", self.origin, wanted.position)
        self.fence = self.next_fence
        self._begin_stay(wanted)

    def _go(self) -> None:
        """Leave the model."""
        at = self.facility.position if self.facility is not None else self.at
        self.record.count(WAYS_OUT[Exit(self.to)], at, self.cohort)
        if self.facility is not None:
            if self.to not in (Exit.DIED, Exit.LOST):
                self.count_pathway(self.to)
            self.record.log(self, self.to, LEFT)
            self.leave_place()
        del self.world.people[self]
        self.world.give_slot(self.slot)
        self.world.gone += 1

    # ---- Needing something else ----

    def _overflow(self, wanted: Facility) -> None:
        """Be sent on, or away: there is no place and no room. Nobody is sent in circles."""
        self.times_sent_on += 1
        to = wanted.setting.overflow
        if self.times_sent_on > len(self.world.facilities):
            to = Exit.LOST
        if to != Exit.LOST:
            self.record.count("diverted", wanted.position, self.cohort)
        self.record.log(self, to, TURNED_AWAY if to == Exit.LOST else SENT_ON)
        self.turn_to(to)

    # ---- The stay ----

    def _begin_stay(self, facility: Facility) -> None:
        self.hold_place(facility, self.clock.now)
        self.in_care = True
        self.asked = self.requested
        self.record.count("admissions", facility.position, self.cohort)
        if self.route_drawn_at_start():
            self.route = self.choose_route()
        self.days = self.length_of_stay()
        if self.world.slow is not None:
            self.days = self.world.slow.lengthened(self, self.days)
        if (pace := self.pace()) is not None:
            self.ends = pace.now() + self.days

    def _stay_again(self) -> None:
        """Begin a new stay in the place held."""
        held = self.facility
        assert held is not None
        self.record.log(self, held.position, AGAIN)
        self.requested = self.clock.now
        self.leave_place()
        held.use(self.fence, held.need)
        self._begin_stay(held)

    def _stay(self, facility: Facility) -> Process:
        """Let the stay pass, the places used changing as it goes on."""
        pace = self.pace()
        if pace is not None:
            yield from self._stay_by_clock(facility, pace)
            return
        uses = facility.setting.places_per_person
        while (following := self.use + 1) < len(uses.at):
            after = uses.at[following] * (self.days if uses.by == "share_of_stay" else 1.0)
            if after >= self.days:
                break
            yield from self.until(max(self.started + after, self.clock.now))
            facility.use(self.fence, uses.places[following] - uses.places[self.use])
            self.use = following
            self.world.note(facility)
        yield from self.until(max(self.started + self.days, self.clock.now))

    def pace(self) -> Pace | None:
        """Return the clock of the person's stay; None if it runs as all clocks do."""
        slow = self.world.slow
        if slow is None or self.facility is None:
            return None
        return slow.paces.get((self.facility.position, self.cohort))

    def _stay_by_clock(self, facility: Facility, pace: Pace) -> Process:
        """Let the stay pass on a clock whose speed changes."""
        by_share = facility.setting.places_per_person.by == "share_of_stay"
        mark = pace.at(self._shown_next(facility), math.inf if by_share else self._fall(facility))
        try:
            while True:
                if mark.fall < mark.due:
                    yield from self._until_fall(mark)
                else:
                    yield mark.reached
                is_over = mark.reached.triggered and not (by_share and self._falls(facility))
                if is_over:
                    return
                self._let_places_fall(facility)
                if by_share:
                    mark = pace.at(self._shown_next(facility))
                else:
                    pace.fell(mark, self._fall(facility))
        except simpy.Interrupt:
            pace.forget(mark)
            raise

    def _falls(self, facility: Facility) -> bool:
        """Return whether the places used fall once more in the stay."""
        return self.use + 1 < len(facility.setting.places_per_person.at)

    def _fall(self, facility: Facility) -> float:
        """Return when the places used fall next, after some days; infinity if not again."""
        if not self._falls(facility):
            return math.inf
        after = facility.setting.places_per_person.at[self.use + 1]
        return max(self.started + after, self.clock.now)

    def _shown_next(self, facility: Facility) -> float:
        """Return what the clock shows at the end of the stay, or as places fall by share of it."""
        uses = facility.setting.places_per_person
        if uses.by == "share_of_stay" and self._falls(facility):
            return self.ends - self.days * (1.0 - uses.at[self.use + 1])
        return self.ends

    def _let_places_fall(self, facility: Facility) -> None:
        """Use as many places as the setting says from now on in the stay."""
        places = facility.setting.places_per_person.places
        facility.use(self.fence, places[self.use + 1] - places[self.use])
        self.use += 1
        self.world.note(facility)

    def _until_fall(self, mark: Mark) -> Process:
        """Wait until places fall, or for a mark if that is reached by then."""
        wake, fall = simpy.Event(self.clock), mark.fall
        timer = self.clock.at(fall)
        assert timer.callbacks is not None
        assert mark.reached.callbacks is not None
        timer.callbacks.append(lambda _: self.clock.happen(wake) if fall < mark.due else None)
        mark.reached.callbacks.append(lambda _: self.clock.happen(wake))
        yield wake
        self.world.events += not mark.reached.triggered
