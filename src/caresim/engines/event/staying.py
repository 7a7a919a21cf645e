"""The stay itself: how long, by which route, how many places; compiled."""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np

from caresim.engines.event.clocks import await_fall, await_mark, clock_now, next_mark
from caresim.engines.event.courses import lengthened, route_after_delay
from caresim.engines.event.events import schedule
from caresim.engines.event.lengths import length
from caresim.engines.event.memory import (
    cell_at,
    compiled,
    course_at,
    inlined,
    person_at,
    place_at,
    route_at,
    setting_at,
)
from caresim.engines.event.people import change, count, mark_dirty, use_places
from caresim.engines.event.records import (
    ADMISSIONS,
    IN_CARE,
    LENGTHENED,
    OCCUPIED,
    PACED,
    PLACES_CHANGE,
    SHIFTED,
    STAY_ENDS,
    Record,
)
from caresim.engines.event.sequence import PART, VISIT, uniform

_FOUR_BITS = np.uint64(15)


@inlined
def choose_route(m: Record, p: int) -> None:
    """Draw the route of a person from the setting they are in."""
    person = person_at(m, p)
    cell = cell_at(m, person.setting, person.cohort)
    u = uniform(person.key, person.visit + PART)
    if cell.touched & SHIFTED:
        person.route = route_after_delay(m, p, u)
        if person.route >= 0:
            return
    route = np.int64(cell.route_start)
    last = np.int64(cell.route_end) - 1
    while route < last and u >= route_at(m, route).below:
        route += 1
    person.route = route


@compiled
def await_end(m: Record, p: int) -> None:
    """Schedule the end of a stay in which the places used change, or their next change."""
    person = person_at(m, p)
    setting = setting_at(m, person.setting)
    now = m.now
    following = np.int64(setting.places_start) + person.step + 1
    if cell_at(m, person.setting, person.cohort).touched & PACED:
        if setting.by_share:
            await_mark(m, p, next_mark(m, p, course_at(m, p).ends))
        else:
            await_fall(m, p)
        return
    if following < setting.places_end:
        after = place_at(m, following).at
        if setting.by_share:
            after *= person.stay
        if after < person.stay:
            schedule(m, p, max(person.started + after, now), PLACES_CHANGE)
            return
    schedule(m, p, max(person.started + person.stay, now), STAY_ENDS)


@compiled
def stay_by_clock(m: Record, p: int, left: float) -> None:
    """Let the clock of a setting and cohort tell when a stay ends, of which so much is left."""
    person = person_at(m, p)
    ends = clock_now(m, person.setting, person.cohort) + left
    setting = setting_at(m, person.setting)
    if setting.places_end - setting.places_start <= 1:
        await_mark(m, p, ends)
        return
    course_at(m, p).ends = ends
    if not setting.by_share:
        await_mark(m, p, ends)
    await_end(m, p)


@compiled
def change_places(m: Record, p: int) -> None:
    """Let the places that a person uses change as the stay goes on."""
    person = person_at(m, p)
    setting = setting_at(m, person.setting)
    before = place_at(m, setting.places_start + person.step).places
    person.step += 1
    after = place_at(m, setting.places_start + person.step).places
    use_places(m, person.setting, person.rule, after - before)
    mark_dirty(m, person.setting)
    await_end(m, p)


@inlined
def draws_of_visit(m: Record, p: int, s: int) -> np.uint64:
    """Count a stay in a setting, and return where its draws are."""
    person = person_at(m, p)
    person.stays += 1
    bits = np.uint64((s & 15) * 4)
    visit = np.int64((person.visits >> bits) & _FOUR_BITS)
    if visit < 15:
        person.visits += np.uint64(1) << bits
    else:
        visit = 15 + np.int64(person.stays)
    return setting_at(m, s).word + np.uint64(visit) * VISIT


@inlined
def begin_stay(m: Record, p: int, s: int) -> None:
    """Let a person begin a stay in a setting, whose places they have been given already."""
    person = person_at(m, p)
    setting = setting_at(m, s)
    person.setting = s
    person.source = setting.source
    person.origin = -1
    person.state = IN_CARE
    person.started = m.now
    if m.logging:
        person.asked = person.requested
        person.ready = math.nan
    person.leave = math.nan
    person.cause = -1
    person.step = 0
    person.visit = draws_of_visit(m, p, s)
    count(m, s, person.cohort, ADMISSIONS)
    change(m, s, person.cohort, OCCUPIED, 1.0)
    cell = cell_at(m, s, person.cohort)
    if setting.drawn_at_start:
        choose_route(m, p)
        which = np.int64(route_at(m, person.route).stay)
    else:
        which = np.int64(cell.stay)
    stay = length(m, which, person.key, person.visit)
    if cell.touched & LENGTHENED:
        stay = lengthened(m, p, stay)
    if cell.touched & PACED:
        if setting.places_end - setting.places_start > 1:
            person.stay = stay
        stay_by_clock(m, p, stay)
    elif setting.places_end - setting.places_start > 1:
        person.stay = stay
        await_end(m, p)
    else:
        schedule(m, p, m.now + stay, STAY_ENDS)
