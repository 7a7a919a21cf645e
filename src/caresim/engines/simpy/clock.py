"""Time: SimPy's environment, with events at an exact moment and in a stated order."""

from __future__ import annotations

from heapq import heappush

import simpy
from simpy.events import NORMAL, URGENT, EventPriority

AT_ONCE = URGENT
"""What follows from an event at the same moment: SimPy's own priority of interruptions."""

CALENDAR = NORMAL
"""What the calendar brings: it goes before people's own events of the same moment."""

PEOPLE = EventPriority(2)


class Clock(simpy.Environment):
    """An environment in which things happen at a time, rather than after a delay.

    ``now + (time - now)`` need not be ``time`` in floating point, and whether two things happen
    at the same moment decides who goes first.

    Parameters
    ----------
    begin, end
        First and last moment, in days. What would happen later never does.
    """

    def __init__(self, begin: float, end: float) -> None:
        super().__init__(begin)
        self.begin, self.end = begin, end

    def at(self, time: float, priority: EventPriority = PEOPLE) -> simpy.Event:
        """Return an event that happens at a time, after those asked for before it."""
        event = simpy.Event(self)
        if time < self.end:
            event._ok, event._value = True, None
            heappush(self._queue, (time, priority, next(self._eid), event))
        return event

    def happen(self, event: simpy.Event) -> None:
        """Let an event that somebody waits for happen now, before anything else."""
        if not event.triggered:
            event._ok, event._value = True, None
            heappush(self._queue, (self.now, AT_ONCE, next(self._eid), event))

    def soon(self) -> simpy.Event:
        """Return an event that happens now, after what has been set going already."""
        return self.at(self.now, AT_ONCE)
