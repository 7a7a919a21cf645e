"""Placing the people who are there at the start; compiled."""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from caresim.engines.event.arriving import next_arrival
from caresim.engines.event.asking import wait
from caresim.engines.event.events import schedule
from caresim.engines.event.memory import (
    cell_at,
    compiled,
    person_at,
    place_at,
    route_at,
    setting_at,
)
from caresim.engines.event.people import (
    change,
    go_on_list,
    mark_dirty,
    new_person,
    places_held,
    use_places,
)
from caresim.engines.event.records import ARRIVES, IN_CARE, NOBODY, OCCUPIED, PACED, STREAM, Record
from caresim.engines.event.staying import await_end, draws_of_visit, stay_by_clock


@njit(cache=True, error_model="numpy")
def free_people(world: NDArray[np.void]) -> None:
    """Free all records of people, but for the nodes of arrivals."""
    m = world[0]
    for p in range(m.n_people):
        person = person_at(m, p)
        person.state = STREAM if p < m.n_arrivals else NOBODY
        person.scheduled = 0
        person.next = p + 1
    person_at(m, m.n_people - 1).next = -1
    m.free = m.n_arrivals
    m.n_free = m.n_people - m.n_arrivals


@njit(cache=True, error_model="numpy")
def place_arrivals(world: NDArray[np.void]) -> None:
    """Put the first of each arrival on the list of events."""
    m = world[0]
    for i in range(m.n_arrivals):
        time, key, number = next_arrival(m, i)
        node = person_at(m, i)
        node.key = key
        node.number = number
        schedule(m, i, time, ARRIVES)


@compiled
def _hold_place(m: Record, p: int, s: int, elapsed: float) -> None:
    """Let a person hold a place in a setting, in which they have been for some time."""
    person = person_at(m, p)
    setting = setting_at(m, s)
    person.setting = s
    person.source = setting.source
    person.started = m.now - elapsed
    person.asked = person.started
    person.requested = person.started
    person.ready = math.nan
    person.visit = draws_of_visit(m, p, s)
    last = np.int64(setting.places_end - setting.places_start) - 1
    while person.step < last:
        at = place_at(m, setting.places_start + person.step + 1).at
        if setting.by_share:
            at *= person.stay
        if at > elapsed:
            break
        person.step += 1
    change(m, s, person.cohort, OCCUPIED, 1.0)
    use_places(m, s, -1, place_at(m, setting.places_start + person.step).places)


@njit(cache=True, error_model="numpy")
def place_starters(world: NDArray[np.void], starters: NDArray[np.void]) -> None:
    """Put the people who are there at the start in their places and queues.

    They hold places of no ring fence, since where they came from is not known.
    """
    m = world[0]
    for k in range(starters.size):
        given = starters[k]
        p = new_person(m)
        person = person_at(m, p)
        person.key = given.key
        person.number = given.number
        person.stream = given.stream
        person.cohort = given.cohort
        person.route = given.route
        person.stay = given.stay
        person.requested = m.now
        if given.setting >= 0:
            _hold_place(m, p, given.setting, given.elapsed)
        if given.to < 0:
            person.state = IN_CARE
            if cell_at(m, given.setting, given.cohort).touched & PACED:
                stay_by_clock(m, p, given.stay - given.elapsed)
            else:
                await_end(m, p)
            continue
        person.to = given.to
        if given.setting >= 0:
            person.ready = m.now
            person.requested = m.now
            person.transfer = route_at(m, given.route).transfer if given.route >= 0 else -1
            setting = setting_at(m, given.setting)
            before = places_held(m, p)
            person.step = setting.places_end - setting.places_start - 1
            after = places_held(m, p)
            use_places(m, given.setting, -1, after - before)
        else:
            person.source = given.source
            go_on_list(m, p)
        wait(m, p)
    m.check = -1
    for s in range(m.n_settings):
        mark_dirty(m, s)
    m.recheck = 0
    m.recheck_end = m.n_settings if starters.size > 0 else 0
