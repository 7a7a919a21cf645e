"""The loop that advances one member: the next event, and all that follows from it at once.

The order of events, which an engine written otherwise must keep to have the same log:

1. Events happen in order of time; at one time, those known beforehand come first (the end of a
   segment of the tallies, then the exchange with the slow side, changes of capacity, hours of
   admission that end and begin, and planned moves; see :mod:`caresim.engines.event.agenda`), then
   the others in the order in which they were scheduled. Arrivals schedule the next of their kind
   before their person asks.
2. After an event, at the same time: the person concerned asks for a place and enters it, waits or
   leaves; people who change places in a circle enter theirs; then settings in which a place or
   room may have become free are looked at, the last noted first, each until it has nothing to
   give; then circular blocking is looked for, from the person who has begun to wait.
3. A request is made when the stay and arrangement have ended; requests are in the order in which
   they are made.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from caresim.engines.event.arriving import next_arrival
from caresim.engines.event.asking import (
    ask,
    come_from_outside,
    depart_for,
    go,
    grant,
    serve,
)
from caresim.engines.event.clocks import forget_mark
from caresim.engines.event.events import next_event, schedule, unschedule
from caresim.engines.event.leaving import (
    ASK,
    BEGIN,
    ENTER,
    GO,
    GRANT,
    NOTHING,
    gives_up,
    leaves,
    next_step,
    set_out,
    stay_again,
)
from caresim.engines.event.memory import (
    arrival_at,
    cell_at,
    compiled,
    entry_at,
    inlined,
    lane_at,
    person_at,
    place_at,
    route_at,
    setting_at,
    tally_at,
)
from caresim.engines.event.people import count, mark_dirty, new_person
from caresim.engines.event.queues import circle_through, has_places, next_in_line
from caresim.engines.event.records import (
    ARRIVES,
    CLOSE,
    END_SEGMENT,
    EXCHANGE,
    FINISHED,
    GIVES_UP,
    IN_CARE,
    LEAVES,
    MOVING,
    NEEDS_EXCHANGE,
    NEEDS_LOG,
    NEEDS_PEOPLE,
    OPEN,
    PLACES_CHANGE,
    PLANNED_MOVES,
    SET_CAPACITY,
    STAY_ENDS,
    STAYS_ENDED,
    STEP_ENDS,
    STREAM,
    Books,
    Record,
)
from caresim.engines.event.staying import begin_stay, change_places, choose_route
from caresim.engines.event.tallies import end_segment, note_no_wait, note_unfinished


@inlined
def _end_stay(m: Record, p: int) -> int:
    """End a person's stay; return the deed."""
    person = person_at(m, p)
    count(m, person.setting, person.cohort, STAYS_ENDED)
    if m.logging:
        person.ready = m.now
    if not setting_at(m, person.setting).drawn_at_start:
        choose_route(m, p)
    route = route_at(m, person.route)
    person.to = route.to
    person.transfer = route.transfer
    if route.step_start < route.step_end or route.at_home:
        return set_out(m, p)
    return ASK if person.to >= 0 else GO


@inlined
def _arrive(m: Record, i: int) -> int:
    """Let the person whom an arrival awaited come, and await the next; return the person."""
    node = person_at(m, i)
    key, number = node.key, node.number
    time, node.key, node.number = next_arrival(m, i)
    schedule(m, i, time, ARRIVES)
    arrival = arrival_at(m, i)
    p = new_person(m)
    person = person_at(m, p)
    person.key = key
    person.number = number
    person.stream = arrival.origin
    if arrival.origin != i:
        tally_at(m, m.displaced_at + arrival.to * m.n_cohorts + arrival.cohort).n += 1.0
    person.cohort = arrival.cohort
    person.source = arrival.source
    person.to = arrival.to
    person.transfer = arrival.transfer
    return p


@inlined
def _enter(m: Record, p: int, deed: int) -> None:
    """Let a person begin a stay in the place they were given, or again in the one they hold."""
    person = person_at(m, p)
    if deed == BEGIN:
        s = stay_again(m, p)
    else:
        s = np.int64(person.to)
        if person.setting >= 0:
            depart_for(m, p, s)
        elif person.counted or person.origin >= 0:
            come_from_outside(m, p, s)
        else:
            note_no_wait(m, s)
        person.rule = person.rule_to
    begin_stay(m, p, s)


@compiled
def _planned_move(m: Record, s: int, to: int) -> int:
    """End the stay of the person longest in a setting; -1 if there is none."""
    chosen = -1
    for p in range(m.n_people):
        person = person_at(m, p)
        if person.state != IN_CARE or person.setting != s:
            continue
        # People admitted at this very moment were not there before; those of the census were.
        if person.started >= m.now and (m.now > m.begin or person.stays > 1):
            continue
        if chosen >= 0:
            best = person_at(m, chosen)
            if person.started > best.started:
                continue
            same = person.started == best.started
            if same and (person.stream, person.number) > (best.stream, best.number):
                continue
        chosen = p
    if chosen < 0:
        return -1
    person = person_at(m, chosen)
    unschedule(m, chosen)
    forget_mark(m, chosen)
    count(m, s, person.cohort, STAYS_ENDED)
    person.ready = m.now
    person.to = to
    person.route = -1
    person.transfer = -1
    cell = cell_at(m, s, person.cohort)
    for route in range(cell.route_start, cell.route_end):
        if route_at(m, route).to == to:
            person.route = route
            person.transfer = route_at(m, route).transfer
            break
    return chosen


@compiled
def _keep_agenda(m: Record, books: Books) -> int:
    """Do the next thing known beforehand; return a person whose stay it ends, or -1."""
    entry = entry_at(m, m.cursor)
    m.now = entry.time
    s = np.int64(entry.setting)
    if entry.kind == END_SEGMENT:
        end_segment(m, books)
    elif entry.kind == EXCHANGE:
        m.met = 0
    elif m.frozen:
        pass
    elif entry.kind == SET_CAPACITY:
        setting_at(m, s).capacity = entry.value * setting_at(m, s).factor
        mark_dirty(m, s)
    elif entry.kind == CLOSE:
        setting_at(m, s).open = 0
    elif entry.kind == OPEN:
        setting_at(m, s).open = 1
        mark_dirty(m, s)
        m.recheck, m.recheck_end = s, s + 1
    elif entry.kind == PLANNED_MOVES:
        if m.moved < entry.value:
            p = _planned_move(m, s, entry.to)
            if p >= 0:
                m.moved += 1
                return p
        m.moved = 0
    m.cursor += 1
    return -1


@compiled
def _look_for_circle(m: Record) -> None:
    """Look for circular blocking that a person who has begun to wait may have closed."""
    p = np.int64(m.check)
    m.check = -1
    person = person_at(m, p)
    if person.lane < 0 or person.setting < 0:
        return
    members = circle_through(m, p)
    if members == 0:
        return
    if m.stop_at_deadlock:
        m.stopped = m.now
        m.frozen = 1
        return
    m.n_granted = members
    if members > 1:  # who begins a new stay in their own place changes it with nobody
        tally_at(m, m.swaps_at).n += 1.0


@compiled
def _recheck(m: Record, s: int) -> None:
    """After a setting has begun to admit, look for a circle that could not be undone before."""
    setting = setting_at(m, s)
    for where in range(setting.lane_start, setting.lane_end):
        lane = lane_at(m, where)
        if lane.holding >= 0 and lane.head >= 0:
            m.check = lane.head
            _look_for_circle(m)
            if m.n_granted > 0 or m.frozen:
                return


@njit(cache=True, error_model="numpy", nogil=True)
def advance(world: NDArray[np.void], books: Books) -> int:
    """Advance a member to the end of its run, or until an array is too small.

    Parameters
    ----------
    world
        The one record of the member's world, whose addresses are those of its tables.
    books
        What is kept of the run.

    Returns
    -------
    int
        ``FINISHED``; or ``NEEDS_PEOPLE`` or ``NEEDS_LOG``, when the caller must enlarge the array,
        or ``NEEDS_EXCHANGE``, when it must meet the slow side; and call again.
    """
    m = world[0]
    while m.cursor < m.n_agenda:
        if m.n_free < 1:
            return NEEDS_PEOPLE
        if m.logging and m.n_log - m.logged <= 2 * m.alive + m.n_settings + 2:
            return NEEDS_LOG
        until = entry_at(m, m.cursor).time
        p = -1 if m.frozen else next_event(m, until)
        deed = NOTHING
        if p < 0:
            if entry_at(m, m.cursor).kind == EXCHANGE and not m.met:
                return NEEDS_EXCHANGE
            p = _keep_agenda(m, books)
            if p >= 0:
                deed = ASK
        else:
            person = person_at(m, p)
            m.now = person.time
            m.events += 1
            if person.state == STREAM:
                p = _arrive(m, p)
                deed = ASK
            elif person.event == STAY_ENDS:
                deed = _end_stay(m, p)
            elif person.event == ARRIVES:
                deed = ENTER
            elif person.event == PLACES_CHANGE:
                change_places(m, p)
            elif person.event == STEP_ENDS:
                deed = next_step(m, p)
            elif person.event == LEAVES:
                deed = leaves(m, p)
            elif person.event == GIVES_UP:
                deed = gives_up(m, p)
        swap = False
        while True:
            # Deeds in the order in which they mostly follow each other.
            if deed == ASK:
                deed = ask(m, p)
            if deed == GRANT:
                deed = grant(m, p, swap)
            if ENTER <= deed <= BEGIN:
                _enter(m, p, deed)
                deed = NOTHING
            if deed == GO:
                go(m, p)
                deed = NOTHING
            if deed != NOTHING:
                continue
            if m.n_granted > 0:
                m.n_granted -= 1
                p = np.int64(setting_at(m, m.n_granted).granted)
                deed = GRANT
                swap = True
            elif m.n_dirty > 0:
                swap = False
                p = serve(m)
                if p >= 0:
                    deed = GRANT
            elif m.check >= 0:
                _look_for_circle(m)
            elif m.recheck < m.recheck_end and not m.frozen:
                _recheck(m, m.recheck)
                if m.n_granted == 0:
                    m.recheck += 1
            else:
                break
    return FINISHED


@njit(cache=True, error_model="numpy")
def idle_places(world: NDArray[np.void]) -> int:
    """Return in how many settings a place is free that someone who waits may have."""
    m = world[0]
    idle = 0
    for s in range(m.n_settings):
        if not m.frozen and has_places(m, s) and next_in_line(m, s) >= 0:
            idle += 1
    return idle


@njit(cache=True, error_model="numpy")
def close_books(world: NDArray[np.void]) -> float:
    """Add the time of those still inside, and recount the places used.

    Returns
    -------
    float
        Largest difference between the places counted as used and those that people hold.
    """
    m = world[0]
    held = np.zeros(m.n_settings)
    for p in range(m.n_people):
        person = person_at(m, p)
        if person.state <= STREAM:
            continue
        if person.setting >= 0:
            s = np.int64(person.setting)
            held[s] += place_at(m, setting_at(m, s).places_start + person.step).places
            cell_at(m, s, person.cohort).inside += m.now - max(person.started, m.record_from)
            note_unfinished(m, 2 * m.n_settings + s, person.started)
        if person.delayed:
            note_unfinished(m, m.n_settings + np.int64(person.setting), person.ready)
            note_unfinished(m, 3 * m.n_settings + np.int64(person.reason), person.since)
        if person.counted:
            note_unfinished(m, np.int64(person.to), person.since)
            cell_at(m, person.to, person.cohort).waited += m.now - max(person.since, m.record_from)
        if person.state == MOVING:
            held[person.to] += setting_at(m, person.to).need
    worst = 0.0
    for s in range(m.n_settings):
        worst = max(worst, abs(held[s] - setting_at(m, s).used))
    return worst
