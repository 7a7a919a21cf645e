"""What may become of one person's record: places, delays, lists and ways out; compiled.

Each function does one thing to the record and to the tallies, and schedules nothing; the rules
that call them are in :mod:`caresim.engines.event.queues` and
:mod:`caresim.engines.event.kernel`.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np

from caresim.engines.event.memory import (
    asker_at,
    cell_at,
    compiled,
    course_at,
    guest_at,
    inlined,
    lane_at,
    pair_at,
    person_at,
    place_at,
    route_at,
    rule_at,
    setting_at,
    tally_at,
)
from caresim.engines.event.records import (
    DELAYED,
    N_CELL_COUNTS,
    N_CELL_STOCKS,
    NOBODY,
    OCCUPIED,
    WAITS,
    Record,
)
from caresim.engines.event.tallies import note_length, shift


@inlined
def count(m: Record, setting: int, cohort: int, what: int) -> None:
    """Count one person of a cohort in a setting."""
    cell = setting * m.n_cohorts + cohort
    tally_at(m, cell * N_CELL_COUNTS + what).n += 1.0


@inlined
def change(m: Record, setting: int, cohort: int, what: int, by: float) -> None:
    """Let a stock of a cohort in a setting change now."""
    cell = setting * m.n_cohorts + cohort
    shift(m, cell * N_CELL_STOCKS + what, by)


@inlined
def mark_dirty(m: Record, s: int) -> None:
    """Note that a setting may have a place or room for someone who waits."""
    setting = setting_at(m, s)
    if not setting.dirty and (setting.waiting > 0 or setting.room_head >= 0):
        setting.dirty = 1
        setting_at(m, m.n_dirty).noted = s
        m.n_dirty += 1


@inlined
def use_places(m: Record, s: int, rule: int, by: float) -> None:
    """Let the places used in a setting change now, as a source of its ring fences if any."""
    setting_at(m, s).used += by
    shift(m, m.used_at + s, by)
    if rule >= 0:
        for r in range(setting_at(m, s).rule_start, setting_at(m, s).rule_end):
            if rule_at(m, r).ring_fenced and guest_at(m, r, rule).welcome:
                rule_at(m, r).used += by


@inlined
def hold_for(m: Record, p: int, reason: int) -> None:
    """Count a person as delayed where they are, for a reason; again for another reason."""
    person = person_at(m, p)
    s = np.int64(person.setting)
    if person.delayed:
        if person.reason == reason:
            return
        shift(m, m.reasons_at + s * m.n_reasons + person.reason, -1.0)
        if person.since < m.now:
            note_length(m, 3 * m.n_settings + person.reason, person.since)
    else:
        person.delayed = 1
        person.ready = m.now
        change(m, s, person.cohort, DELAYED, 1.0)
    person.reason = reason
    person.since = m.now
    if reason != m.transfer_reason or person.cause < 0:
        person.cause = reason
    shift(m, m.reasons_at + s * m.n_reasons + reason, 1.0)


@inlined
def end_delay(m: Record, p: int) -> None:
    """Count a person as delayed no longer."""
    person = person_at(m, p)
    if person.delayed:
        s = np.int64(person.setting)
        person.delayed = 0
        change(m, s, person.cohort, DELAYED, -1.0)
        shift(m, m.reasons_at + s * m.n_reasons + person.reason, -1.0)
        if person.since < m.now:
            note_length(m, 3 * m.n_settings + person.reason, person.since)
        if person.ready < m.now:
            note_length(m, m.n_settings + s, person.ready)


@inlined
def places_held(m: Record, p: int) -> float:
    """Return the places a person uses now in the setting they are in."""
    person = person_at(m, p)
    return place_at(m, setting_at(m, person.setting).places_start + person.step).places


@inlined
def remember_delay(m: Record, p: int) -> None:
    """Keep, for the next stay, in which setting and for how long a person has been delayed."""
    if m.remembers:
        person, course = person_at(m, p), course_at(m, p)
        course.delay = 0.0
        if person.delayed:
            course.held_in = person.setting
            course.delay = m.now - person.ready


@inlined
def leave_place(m: Record, p: int) -> None:
    """Let a person leave the setting they are in."""
    person = person_at(m, p)
    s = np.int64(person.setting)
    end_delay(m, p)
    change(m, s, person.cohort, OCCUPIED, -1.0)
    use_places(m, s, person.rule, -places_held(m, p))
    cell_at(m, s, person.cohort).inside += m.now - max(person.started, m.record_from)
    note_length(m, 2 * m.n_settings + s, person.started)
    person.setting = -1
    mark_dirty(m, s)


@compiled
def go_on_list(m: Record, p: int) -> None:
    """Let a person who holds no place wait outside the setting they need."""
    person = person_at(m, p)
    person.listed = 1
    person.counted = 1
    person.since = m.now
    setting_at(m, person.to).outside += 1
    change(m, person.to, person.cohort, WAITS, 1.0)


@compiled
def give_room(m: Record, p: int) -> None:
    """Let a person take no room in the list outside; they may still be counted there."""
    person = person_at(m, p)
    if person.listed:
        person.listed = 0
        setting_at(m, person.to).outside -= 1
        if setting_at(m, person.to).room_head >= 0:
            mark_dirty(m, person.to)


@compiled
def end_wait(m: Record, p: int) -> None:
    """Count a person as waiting outside no longer."""
    person = person_at(m, p)
    if person.counted:
        give_room(m, p)
        person.counted = 0
        change(m, person.to, person.cohort, WAITS, -1.0)
        cell_at(m, person.to, person.cohort).waited += m.now - max(person.since, m.record_from)
        note_length(m, person.to, person.since)


@compiled
def join_lane(m: Record, p: int) -> None:
    """Put a person in their lane for the setting they need, in the order of their request."""
    person = person_at(m, p)
    if person.setting >= 0:
        where = pair_at(m, person.setting, person.to).lane
    else:
        where = asker_at(m, person.to, person.source).lane
    lane = lane_at(m, where)
    person.lane = where
    before = lane.tail
    after = -1
    while before >= 0 and person_at(m, before).order > person.order:
        after = before
        before = person_at(m, before).lane_prev
    person.lane_prev = before
    person.lane_next = after
    if before >= 0:
        person_at(m, before).lane_next = p
    else:
        lane.head = p
    if after >= 0:
        person_at(m, after).lane_prev = p
    else:
        lane.tail = p
    setting_at(m, person.to).waiting += 1
    if lane.holding >= 0:
        setting_at(m, lane.holding).blocked += 1
        if m.coupled:
            shift(m, m.wanted_at + np.int64(person.to), 1.0)


@compiled
def leave_lane(m: Record, p: int) -> None:
    """Take a person out of their lane."""
    person = person_at(m, p)
    if person.lane < 0:
        return
    lane = lane_at(m, person.lane)
    if person.lane_prev >= 0:
        person_at(m, person.lane_prev).lane_next = person.lane_next
    else:
        lane.head = person.lane_next
    if person.lane_next >= 0:
        person_at(m, person.lane_next).lane_prev = person.lane_prev
    else:
        lane.tail = person.lane_prev
    person.lane = -1
    setting_at(m, person.to).waiting -= 1
    if lane.holding >= 0:
        setting_at(m, lane.holding).blocked -= 1
        if m.coupled:
            shift(m, m.wanted_at + np.int64(person.to), -1.0)


@compiled
def wait_for_room(m: Record, p: int) -> None:
    """Put a person at the end of those who wait for room in a list outside."""
    person = person_at(m, p)
    setting = setting_at(m, person.to)
    person.no_room = 1
    person.room_next = -1
    person.room_prev = setting.room_tail
    if setting.room_tail >= 0:
        person_at(m, setting.room_tail).room_next = p
    else:
        setting.room_head = p
    setting.room_tail = p


@compiled
def stop_waiting_for_room(m: Record, p: int) -> None:
    """Take a person out of those who wait for room in a list outside."""
    person = person_at(m, p)
    if not person.no_room:
        return
    setting = setting_at(m, person.to)
    if person.room_prev >= 0:
        person_at(m, person.room_prev).room_next = person.room_next
    else:
        setting.room_head = person.room_next
    if person.room_next >= 0:
        person_at(m, person.room_next).room_prev = person.room_prev
    else:
        setting.room_tail = person.room_prev
    person.no_room = 0


@inlined
def new_person(m: Record) -> int:
    """Take a free record and return its position; the caller has seen that there is one."""
    p = np.int64(m.free)
    person = person_at(m, p)
    m.free = person.next
    m.n_free -= 1
    m.alive += 1
    m.entered += 1
    person.visits = np.uint64(0)
    person.stays = 0
    person.turn = 0
    person.diverted = 0
    person.lane = -1
    person.setting = -1
    person.origin = -1
    person.route = -1
    person.transfer = -1
    person.rule = -1
    person.step = 0
    person.cause = -1
    person.scheduled = 0
    person.delayed = 0
    person.counted = 0
    person.listed = 0
    person.no_room = 0
    person.leave = math.nan
    if m.remembers:
        course_at(m, p).delay = 0.0
    return p


@compiled
def forget_person(m: Record, p: int) -> None:
    """Give back the record of a person who has left the model."""
    person = person_at(m, p)
    person.state = NOBODY
    person.next = m.free
    m.free = p
    m.n_free += 1
    m.alive -= 1
    m.gone += 1


@compiled
def count_pathway(m: Record, p: int, to: int) -> None:
    """Count the discharge pathway on which a person leaves the setting they are in."""
    person = person_at(m, p)
    s = np.int64(person.setting)
    pathway = -1
    if person.route >= 0 and route_at(m, person.route).to == to:
        pathway = np.int64(route_at(m, person.route).pathway)
    elif to >= 0:
        pathway = np.int64(setting_at(m, to).pathway)
    elif to == -1:
        pathway = np.int64(cell_at(m, s, person.cohort).home_pathway)
    if pathway >= 0:
        tally_at(m, m.pathways_at + s * 4 + pathway).n += 1.0
