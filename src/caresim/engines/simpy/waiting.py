"""Waiting: for a place, for an arrangement to be made, and leaving before either."""

from __future__ import annotations

import enum
import math
from collections.abc import Generator

import simpy

from caresim.engines.event.purposes import DELAYED, WAITING, setting_word
from caresim.engines.simpy.chance import PART, VISIT, choose
from caresim.engines.simpy.presence import STOPPED_WAITING, Presence
from caresim.engines.simpy.slow import sum_of
from caresim.model import Leaving


class End(enum.Enum):
    """How a stay, a delay or a wait ended; the first four are also why it is interrupted."""

    PLACE = "given the place asked for"
    SWAP = "given it in exchange for the place held"
    ROOM = "given room in the list outside"
    HAZARD = "leaves of their own accord sooner or later than thought"
    IN_TIME = "the arrangement is made, or the longest wait is over"
    TURNED = "now needs something else"
    AGAIN = "has begun a new stay in the place held"


Process = Generator[simpy.Event, None, None]
Ending = Generator[simpy.Event, None, End]


class Waiting(Presence):
    """A person who can wait, until what they wait for has come or they need something else."""

    def until(self, time: float) -> Process:
        """Let nothing happen to the person until a time, in days from the start."""
        yield self.clock.at(time)
        self.world.events += 1

    def wait(self, due: float) -> Ending:
        """Wait until a time, or until a place is given, or until leaving of one's own accord."""
        self.due = due
        ended = yield from self._wait(due)
        self.due = None
        return ended

    def _wait(self, due: float) -> Ending:
        while True:
            if self.leave is None:
                self.leave = self._time_to_leave()
            try:
                yield from self.until(min(self.leave, due))
                if self.leave >= due:
                    return End.IN_TIME
                to = self._where_to_leave()
                if to != self.to or to < 0:
                    return self._leave_for(to)
            except simpy.Interrupt as given:
                if given.cause is End.HAZARD:
                    continue
                if given.cause is not End.ROOM:
                    return End(given.cause)
                self.wait_at_home()
            self.leave = None

    def _leave_for(self, to: int) -> End:
        """Leave a delay or a wait of one's own accord, for something else than is waited for."""
        held = self.facility
        if held is None:
            self.record.count("left_waiting", self.to, self.cohort)
            self.record.log(self, to, STOPPED_WAITING)
        elif to < 0 or to == held.position:
            self.record.count("left_delayed", held.position, self.cohort)
        self.turn_to(to)
        if held is not None and to == held.position:
            return End.AGAIN
        return End.TURNED

    def turn_to(self, to: int) -> None:
        """Need something else; someone outside now comes from where they have waited."""
        if self.to >= 0:
            self.world.facilities[self.to].forget(self)
        self.leave = None
        if self.facility is None:
            self.at = self.to
            self.end_waiting()
            self.source, self.origin = self.world.model.source_of_setting(self.at), None
        self.to, self.transfer = to, None
        if self.facility is not None and self.route is not None and self.route.to == to:
            self.transfer = self.route.transfer

    def _hazards(self) -> tuple[tuple[Leaving, ...], int]:
        """Return the hazards that act on the person now, and the base of their numbers."""
        if self.facility is not None:
            rules = self.route.leaving if self.route is not None else ()
            return rules, setting_word(self.facility.setting.name) + DELAYED
        setting = self.world.model.settings[self.to]
        return setting.leaving[self.cohort], setting_word(setting.name) + WAITING

    def rates(self) -> list[float]:
        """Return the rates of the hazards that act on the person now."""
        slow = self.world.slow
        if slow is None:
            return [rule.rate for rule in self._hazards()[0]]
        if self.facility is None:
            return slow.waiting_rates(self.to, self.cohort)
        return [] if self.route is None else slow.delayed_rates(self.route)

    def _time_to_leave(self) -> float:
        _, base = self._hazards()
        total = sum_of(self.rates())
        if total <= 0.0:
            return math.inf
        self.turns += 1
        return self.clock.now + self.chance.exponential(base + self.turns * VISIT) / total

    def _where_to_leave(self) -> int:
        rules, base = self._hazards()
        rates = self.rates()
        total = sum_of(rates)
        u = self.chance.uniform(base + self.turns * VISIT + PART)
        return rules[choose([rate / total for rate in rates], u)].to
