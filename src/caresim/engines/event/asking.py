"""Asking for a place, being given it, entering it, and leaving the model; compiled."""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np

from caresim.engines.event.events import schedule, unschedule
from caresim.engines.event.leaving import ENTER, GRANT, NOTHING, await_turn, take_room, turn_to
from caresim.engines.event.lengths import length
from caresim.engines.event.logbook import note_stay
from caresim.engines.event.memory import (
    asker_at,
    compiled,
    inlined,
    max_wait_at,
    person_at,
    setting_at,
    tally_at,
)
from caresim.engines.event.people import (
    change,
    count,
    count_pathway,
    end_wait,
    forget_person,
    give_room,
    go_on_list,
    hold_for,
    join_lane,
    leave_lane,
    leave_place,
    remember_delay,
    stop_waiting_for_room,
    use_places,
)
from caresim.engines.event.purposes import TRANSFER
from caresim.engines.event.queues import has_places, may_enter, next_in_line
from caresim.engines.event.records import (
    ARRIVALS,
    ARRIVES,
    DIED,
    DIVERTED,
    ELSEWHERE,
    HOME,
    LOST,
    MOVED,
    MOVING,
    SENT_ON,
    TURNED_AWAY,
    WAITING,
    WAITS,
    WENT,
    Record,
)
from caresim.engines.event.sequence import VISIT

_TRANSFER = np.uint64(TRANSFER)
_HOME, _DIED, _ELSEWHERE, _LOST = -1, -2, -3, -4


@compiled
def _overflow(m: Record, p: int) -> int:
    """Send on, or away, an arrival that finds no place and no room; return the deed."""
    person = person_at(m, p)
    s = np.int64(person.to)
    to = np.int64(setting_at(m, s).overflow)
    person.diverted += 1
    if person.diverted > m.n_settings:
        # Settings that send people on to each other, all of them full, turn them away.
        to = _LOST
    person.at = s
    if to != _LOST:
        count(m, s, person.cohort, DIVERTED)
    if m.logging:
        note_stay(m, p, to, TURNED_AWAY if to == _LOST else SENT_ON)
    person.leave = math.nan
    return turn_to(m, p, to)


@compiled
def wait(m: Record, p: int) -> int:
    """Let a person who could not be given a place wait for it; return the deed."""
    person = person_at(m, p)
    s = np.int64(person.to)
    setting = setting_at(m, s)
    if person.setting >= 0:
        hold_for(m, p, setting.reason)
        m.check = p
    elif not person.listed:
        if setting.outside >= setting.room:
            return _overflow(m, p)
        go_on_list(m, p)
    person.state = WAITING
    person.order = m.order
    m.order += 1
    join_lane(m, p)
    person.due = math.inf
    rule = asker_at(m, s, person.source).max_wait
    if rule >= 0:
        if max_wait_at(m, rule).same_day:
            person.due = math.floor(m.now) + 1.0
        else:
            person.due = m.now + max_wait_at(m, rule).days
    await_turn(m, p)
    return NOTHING


@inlined
def ask(m: Record, p: int) -> int:
    """Let a person ask for a place in the setting they need; return the deed."""
    person = person_at(m, p)
    s = np.int64(person.to)
    if m.logging:
        person.requested = m.now
    if person.setting < 0 and not person.counted:
        count(m, s, person.cohort, ARRIVALS)
    # A setting noted to have a place must first give it to those who have waited for it.
    if not setting_at(m, s).dirty and may_enter(m, s, person.source):
        return GRANT
    return wait(m, p)


@compiled
def _begin_transfer(m: Record, p: int) -> int:
    """Let a person who has been given a place be on the way to it; return the deed."""
    person = person_at(m, p)
    person.turn += 1
    base = setting_at(m, person.to).word + _TRANSFER
    time = length(m, person.transfer, person.key, base + np.uint64(person.turn) * VISIT)
    if time <= 0.0:
        return ENTER
    person.state = MOVING
    if person.setting >= 0:
        hold_for(m, p, m.transfer_reason)
    elif not person.counted:
        person.counted = 1
        person.since = m.now
        change(m, person.to, person.cohort, WAITS, 1.0)
    schedule(m, p, m.now + time, ARRIVES)
    return NOTHING


@compiled
def _end_waiting(m: Record, p: int) -> None:
    """Take a person who has been given a place out of the queue for it."""
    leave_lane(m, p)
    unschedule(m, p)
    stop_waiting_for_room(m, p)
    give_room(m, p)


@inlined
def grant(m: Record, p: int, swap: bool) -> int:
    """Give a person a place in the setting they need; return the deed."""
    person = person_at(m, p)
    s = np.int64(person.to)
    setting = setting_at(m, s)
    if person.lane >= 0 or person.listed or person.no_room:
        _end_waiting(m, p)
    rule = np.int64(person.source) if asker_at(m, s, person.source).fenced else np.int64(-1)
    person.rule_to = rule
    use_places(m, s, rule, setting.need)
    if not swap:
        m.excess = max(m.excess, setting.used - setting.capacity)
        if person.transfer >= 0 and person.setting != s:
            return _begin_transfer(m, p)
    return ENTER


@compiled
def depart_for(m: Record, p: int, s: int) -> None:
    """Let a person leave the setting they are in for another."""
    person = person_at(m, p)
    tally_at(m, m.moves_at + np.int64(person.setting) * m.n_settings + s).n += 1.0
    count_pathway(m, p, s)
    if m.logging:
        note_stay(m, p, s, MOVED)
    remember_delay(m, p)
    leave_place(m, p)


@compiled
def come_from_outside(m: Record, p: int, s: int) -> None:
    """Let a person's wait outside a setting, if any, end with their entry."""
    person = person_at(m, p)
    end_wait(m, p)
    if person.origin >= 0:
        tally_at(m, m.moves_at + np.int64(person.origin) * m.n_settings + s).n += 1.0


@inlined
def go(m: Record, p: int) -> None:
    """Let a person leave the model by the way out they are bound for."""
    person = person_at(m, p)
    to = np.int64(person.to)
    inside = person.setting >= 0
    at = np.int64(person.setting) if inside else np.int64(person.at)
    if to == _HOME:
        count(m, at, person.cohort, HOME)
    elif to == _DIED:
        count(m, at, person.cohort, DIED)
    elif to == _ELSEWHERE:
        count(m, at, person.cohort, ELSEWHERE)
    else:
        count(m, at, person.cohort, LOST)
    if inside:
        if to != _DIED and to != _LOST:
            count_pathway(m, p, to)
        if m.logging:
            note_stay(m, p, to, WENT)
        leave_place(m, p)
    forget_person(m, p)


@compiled
def serve(m: Record) -> int:
    """Look at the setting last noted to have a place or room for someone.

    Returns
    -------
    int
        A person who is to be given a place; -1 if there was none to give, when the setting is
        no longer noted or someone has taken room in the list outside it.
    """
    s = np.int64(setting_at(m, m.n_dirty - 1).noted)
    setting = setting_at(m, s)
    if setting.waiting > 0 and has_places(m, s):
        p = next_in_line(m, s)
        if p >= 0:
            return p
    if setting.room_head >= 0 and setting.outside < setting.room:
        take_room(m, s)
        return -1
    setting.dirty = 0
    # Others may have been noted meanwhile.
    for i in range(m.n_dirty):
        if setting_at(m, i).noted == s:
            for j in range(i, m.n_dirty - 1):
                setting_at(m, j).noted = setting_at(m, j + 1).noted
    m.n_dirty -= 1
    return -1
