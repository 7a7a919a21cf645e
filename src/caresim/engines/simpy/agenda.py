"""What happens at times known beforehand: exchanges, capacities, hours, planned moves."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, NamedTuple

import simpy

from caresim.engines.simpy.clock import CALENDAR
from caresim.engines.simpy.waiting import End
from caresim.model import Model

if TYPE_CHECKING:
    from caresim.engines.simpy.slow import Slow
    from caresim.engines.simpy.world import World

EXCHANGE, CAPACITY, CLOSES, OPENS, PLANNED = range(5)
"""Kinds of entry, in the order in which those of the same time happen."""


class Entry(NamedTuple):
    """Something of a setting at a time; entries sort in the order in which they happen."""

    time: float
    kind: int
    setting: int
    number: float = 0.0
    """Places, people to move, or the time of the next exchange."""
    to: int = -1
    """Setting moved to."""


def entries(model: Model, begin: float, slow: Slow | None) -> list[Entry]:
    """Return what happens between ``begin`` and the end; a warm-up has exchanges and hours only."""
    found: list[Entry] = []
    if slow is not None:
        time = slow.meets_next
        while time < model.days:
            following = min(time + slow.interval, model.days)
            found.append(Entry(time, EXCHANGE, -1, following))
            time = following
    for s, setting in enumerate(model.settings):
        is_slow = slow is not None and slow.changes_places(s)
        for day, places in zip(setting.capacity.days, setting.capacity.values, strict=True):
            if day > 0.0 and not is_slow:
                found.append(Entry(float(day), CAPACITY, s, float(places)))
        for move in setting.planned_moves:
            if move.day >= 0.0:
                people = math.floor(move.people + 0.5)
                found.append(Entry(move.day, PLANNED, s, people, move.to))
        if (hours := setting.calendar) is not None:
            days = [
                day
                for day in range(math.floor(begin), math.ceil(model.days))
                if hours.weekdays[model.weekday(day)] and day not in hours.closed_days
            ]
            opens, closes = ({day + at for day in days} for at in (hours.opens, hours.closes))
            # Where one day's hours end as the next day's begin, nothing happens.
            found += [Entry(time, CLOSES, s) for time in closes - opens if time > begin]
            found += [Entry(time, OPENS, s) for time in opens - closes if time > begin]
    return sorted(entry for entry in found if entry.time < model.days)


def keep_agenda(world: World) -> Generator[simpy.Event, None, None]:
    """Let everything happen at its time."""
    for entry in entries(world.model, world.clock.now, world.slow):
        yield world.clock.at(entry.time, CALENDAR)
        if entry.kind == EXCHANGE:
            yield from _exchange(world, entry)
            continue
        facility = world.facilities[entry.setting]
        if entry.kind == CAPACITY:
            facility.capacity = entry.number
            world.note(facility)
        elif entry.kind == CLOSES:
            facility.is_open = False
        elif entry.kind == OPENS:
            facility.is_open = True
            world.note(facility)
            world.look_for_circles_at(facility)
        else:
            for _ in range(int(entry.number)):
                person = facility.longest_in_care()
                if person is None:
                    break
                assert person.process is not None
                person.process.interrupt(entry.to)
                yield world.clock.at(entry.time, CALENDAR)  # let what follows from it happen


def _exchange(world: World, entry: Entry) -> Generator[simpy.Event, None, None]:
    """Meet what changes slowly, and tell those whom it concerns at once."""
    assert world.slow is not None
    for person in world.slow.meet(entry.number):
        yield world.tell(person, End.HAZARD)
    world.slow.set_places()
    world.slow.note(entry.time)
