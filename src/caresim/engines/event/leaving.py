"""Between the end of a stay and the next place: arrangement, and leaving of one's own accord.

Compiled. Functions that return a **deed** say what the loop in
:mod:`caresim.engines.event.kernel` has to do next.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np

from caresim.engines.event.events import schedule, unschedule
from caresim.engines.event.lengths import length
from caresim.engines.event.logbook import note_stay
from caresim.engines.event.memory import (
    asker_at,
    cell_at,
    compiled,
    hazard_at,
    max_wait_at,
    person_at,
    route_at,
    setting_at,
    step_at,
)
from caresim.engines.event.people import (
    count,
    count_pathway,
    end_wait,
    go_on_list,
    hold_for,
    join_lane,
    leave_lane,
    leave_place,
    remember_delay,
    stop_waiting_for_room,
    use_places,
    wait_for_room,
)
from caresim.engines.event.purposes import DELAYED, STEP
from caresim.engines.event.purposes import WAITING as WAIT
from caresim.engines.event.records import (
    AGAIN,
    ARRANGING,
    ARRIVALS,
    GAVE_UP,
    GIVES_UP,
    LEAVES,
    LEFT_DELAYED,
    LEFT_WAITING,
    MOVED,
    REROUTED,
    STEP_ENDS,
    STOPPED_WAITING,
    Record,
)
from caresim.engines.event.sequence import PART, VISIT, exponential, uniform

NOTHING, ASK, GRANT, ENTER, BEGIN, GO = range(6)
"""Deeds: nothing; ask for the place needed; be given it; enter it; begin a stay in the place
held already; leave by a way out."""

_WAIT, _DELAYED, _STEP = np.uint64(WAIT), np.uint64(DELAYED), np.uint64(STEP)


@compiled
def hazards_on(m: Record, p: int) -> tuple[int, int, np.uint64]:
    """Return the hazards that act on a person now, and the base of their draws."""
    person = person_at(m, p)
    if person.setting >= 0:
        base = setting_at(m, person.setting).word + _DELAYED
        if person.route < 0:
            return 0, 0, base
        route = route_at(m, person.route)
        return np.int64(route.hazard_start), np.int64(route.hazard_end), base
    base = setting_at(m, person.to).word + _WAIT
    cell = cell_at(m, person.to, person.cohort)
    return np.int64(cell.hazard_start), np.int64(cell.hazard_end), base


@compiled
def await_turn(m: Record, p: int) -> None:
    """Schedule what comes first to someone delayed or waiting: their due time or their leaving.

    When they leave is drawn once for each delay and wait.
    """
    person = person_at(m, p)
    if math.isnan(person.leave):
        person.leave = math.inf
        first, last, base = hazards_on(m, p)
        total = 0.0
        for k in range(first, last):
            total += hazard_at(m, k).rate
        if total > 0.0:
            person.turn += 1
            gap = exponential(person.key, base + np.uint64(person.turn) * VISIT)
            person.leave = m.now + gap / total
    if person.leave < person.due:
        schedule(m, p, person.leave, LEAVES)
    else:
        schedule(m, p, person.due, STEP_ENDS if person.state == ARRANGING else GIVES_UP)


@compiled
def _where_to(m: Record, p: int) -> int:
    """Draw where a person goes who leaves a delay or a wait of their own accord."""
    person = person_at(m, p)
    first, last, base = hazards_on(m, p)
    total = 0.0
    for k in range(first, last):
        total += hazard_at(m, k).rate
    mark = total * uniform(person.key, base + np.uint64(person.turn) * VISIT + PART)
    k = first
    while k < last - 1 and mark >= hazard_at(m, k).rate:
        mark -= hazard_at(m, k).rate
        k += 1
    return np.int64(hazard_at(m, k).to)


@compiled
def _stop(m: Record, p: int) -> None:
    """Take a person out of every list; a wait outside ends, a place held is kept."""
    unschedule(m, p)
    leave_lane(m, p)
    stop_waiting_for_room(m, p)
    person = person_at(m, p)
    person.leave = math.nan
    if person.setting < 0:
        end_wait(m, p)


@compiled
def turn_to(m: Record, p: int, to: int) -> int:
    """Let a person need something else, who is in no list any more; return the deed.

    Someone who holds no place arrives as if from outside, from the setting ``at`` that they did
    not get into. Transport that was meant for the first place takes people nowhere else.
    """
    person = person_at(m, p)
    person.to = to
    person.transfer = -1
    if person.setting < 0:
        person.source = setting_at(m, person.at).source
        person.origin = -1
    elif person.route >= 0 and route_at(m, person.route).to == to:
        person.transfer = route_at(m, person.route).transfer
    return ASK if to >= 0 else GO


@compiled
def leaves(m: Record, p: int) -> int:
    """Let a person leave a delay or a wait of their own accord; return the deed."""
    person = person_at(m, p)
    to = _where_to(m, p)
    if to == person.to and to >= 0:
        # What they need is what they wait for already.
        person.leave = math.nan
        await_turn(m, p)
        return NOTHING
    inside = person.setting >= 0
    person.at = person.setting if inside else person.to
    if not inside:
        count(m, person.at, person.cohort, LEFT_WAITING)
        if m.logging:
            note_stay(m, p, to, STOPPED_WAITING)
    elif to < 0 or to == person.setting:
        count(m, person.at, person.cohort, LEFT_DELAYED)
    _stop(m, p)
    if inside and to == person.setting:
        return BEGIN
    return turn_to(m, p, to)


@compiled
def stay_again(m: Record, p: int) -> int:
    """Free a person's place for a new stay of their own in it; return the setting."""
    person = person_at(m, p)
    s = np.int64(person.setting)
    if m.logging:
        note_stay(m, p, s, AGAIN)
    person.requested = m.now
    remember_delay(m, p)
    leave_place(m, p)
    use_places(m, s, person.rule, setting_at(m, s).need)
    return s


@compiled
def gives_up(m: Record, p: int) -> int:
    """Let a person give up a queue after the maximum wait; return the deed."""
    person = person_at(m, p)
    to = np.int64(max_wait_at(m, asker_at(m, person.to, person.source).max_wait).to)
    inside = person.setting >= 0
    person.at = person.setting if inside else person.to
    count(m, person.to, person.cohort, REROUTED)
    if not inside and m.logging:
        note_stay(m, p, to, GAVE_UP)
    _stop(m, p)
    return turn_to(m, p, to)


@compiled
def next_step(m: Record, p: int) -> int:
    """Begin the next step of arrangement that a person needs; return the deed."""
    person = person_at(m, p)
    route = route_at(m, person.route)
    k = np.int64(person.arranged)
    while route.step_start + k < route.step_end:
        step = step_at(m, route.step_start + k)
        k += 1
        place = person.visit + _STEP * np.uint64(k)
        if step.share < 1.0 and uniform(person.key, place + PART) >= step.share:
            continue
        person.arranged = k
        person.state = ARRANGING
        if person.setting >= 0:
            hold_for(m, p, step.reason)
        person.due = m.now + length(m, step.stay, person.key, place) * step.factor
        await_turn(m, p)
        return NOTHING
    return ASK if person.to >= 0 else GO


@compiled
def go_home_to_wait(m: Record, p: int) -> None:
    """Let a person leave their place and wait outside the setting they need."""
    person = person_at(m, p)
    s = np.int64(person.setting)
    count_pathway(m, p, person.to)
    if m.logging:
        note_stay(m, p, person.to, MOVED)
    remember_delay(m, p)
    leave_place(m, p)
    person.origin = s
    go_on_list(m, p)
    count(m, person.to, person.cohort, ARRIVALS)


@compiled
def set_out(m: Record, p: int) -> int:
    """Begin arrangement, or the wait at home, of a person whose stay has ended; return the deed."""
    person = person_at(m, p)
    person.arranged = 0
    if route_at(m, person.route).at_home:
        if person.to < 0:
            return GO
        setting = setting_at(m, person.to)
        if setting.outside < setting.room:
            go_home_to_wait(m, p)
        else:
            wait_for_room(m, p)
            hold_for(m, p, setting.reason)
    return next_step(m, p)


@compiled
def take_room(m: Record, s: int) -> None:
    """Let the first of those who wait for room in the list outside a setting go home to wait."""
    p = np.int64(setting_at(m, s).room_head)
    person = person_at(m, p)
    stop_waiting_for_room(m, p)
    unschedule(m, p)
    queued = person.lane >= 0
    leave_lane(m, p)
    go_home_to_wait(m, p)
    if queued:
        join_lane(m, p)
    person.leave = math.nan
    await_turn(m, p)
