"""Who gets a free place: priority classes, reserved places, circular blocking; compiled.

Those who wait for a setting stand in **lanes**, one for each source of people outside and one for
each setting that people are delayed in. A lane is in order of request; the lanes of a priority
class together are too, by the order of the request, and the setting keeps its lanes in order of
class.

The rules that follow need no search when someone asks for a place: whenever an event has been
dealt with, no one who waits could be admitted. So a newcomer for whom there is a place may have
it at once, since all those before them may not take it.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import numpy as np

from caresim.engines.event.memory import (
    asker_at,
    compiled,
    guest_at,
    inlined,
    lane_at,
    pair_at,
    person_at,
    rule_at,
    setting_at,
)
from caresim.engines.event.records import Record

# Places are sums of places per person, which need not be exact in binary.
SLACK = 1e-9


@compiled
def _reserved_for_others(m: Record, s: int, source: int) -> bool:
    """Whether the places left in a setting are kept from people of a source."""
    setting = setting_at(m, s)
    fenced = 0.0
    unfenced_used = setting.used
    over, over_after = 0.0, 0.0
    worst, worst_after = 0.0, 0.0
    for r in range(setting.rule_start, setting.rule_end):
        rule = rule_at(m, r)
        if not rule.ring_fenced:
            left = setting.capacity - setting.used - rule.places
            if not guest_at(m, r, source).welcome and left + SLACK < setting.need:
                return True
            continue
        beyond = rule.used - rule.places
        worst = max(worst, beyond)
        if guest_at(m, r, source).welcome:
            beyond += setting.need
        worst_after = max(worst_after, beyond)
        if rule.whole:  # the last of fences that have sources in common
            fenced += rule.places
            unfenced_used -= rule.used
            over += worst
            over_after += worst_after
            worst, worst_after = 0.0, 0.0
    # People of ring fences use their places first; what they use beyond them is common to all.
    extra = over_after - over if asker_at(m, s, source).fenced else setting.need
    common = setting.capacity - fenced
    return unfenced_used + over + extra > common + SLACK and extra > 0.0


@inlined
def has_places(m: Record, s: int) -> bool:
    """Whether a setting admits now and has places enough for one more person."""
    setting = setting_at(m, s)
    return setting.open and setting.used + setting.need <= setting.capacity + SLACK


@inlined
def may_enter(m: Record, s: int, source: int) -> bool:
    """Whether a setting would admit someone of a source now."""
    if not has_places(m, s):
        return False
    setting = setting_at(m, s)
    return setting.rule_start == setting.rule_end or not _reserved_for_others(m, s, source)


@compiled
def next_in_line(m: Record, s: int) -> int:
    """Return who is admitted next to a setting that has places; -1 if nobody may be."""
    setting = setting_at(m, s)
    best = -1
    rank = -1
    for where in range(setting.lane_start, setting.lane_end):
        lane = lane_at(m, where)
        if best >= 0 and lane.rank != rank:
            break
        p = np.int64(lane.head)
        if p < 0 or (best >= 0 and person_at(m, p).order > person_at(m, best).order):
            continue
        reserved = setting.rule_start < setting.rule_end
        if reserved and _reserved_for_others(m, s, lane.source):
            continue
        best = p
        rank = lane.rank
    return best


@compiled
def first_blocked(m: Record, holding: int, needed: int) -> int:
    """Return the first person delayed in one setting who waits for another; -1 if none."""
    where = pair_at(m, holding, needed).lane
    return np.int64(lane_at(m, where).head) if where >= 0 else -1


@compiled
def circle_through(m: Record, p: int) -> int:
    """Look for people who wait for each other's places, person ``p`` among them.

    Looks breadth first, settings in order of position, from the setting that ``p`` needs to the
    one ``p`` is in, along settings where someone delayed in one waits for the next and all admit
    people at this hour. The people of the shortest such circle, ``p`` last, are put in
    the stack of those granted a place.

    Returns
    -------
    int
        How many they are; 0 if there is no circle.
    """
    home, needed = np.int64(person_at(m, p).setting), np.int64(person_at(m, p).to)
    start = setting_at(m, needed)
    if start.blocked == 0 or not start.open or not pair_at(m, needed, home).may_block:
        return 0
    n = m.n_settings
    for t in range(n):
        setting_at(m, t).came_from = -1
    setting_at(m, 0).to_look_at = needed
    setting_at(m, needed).came_from = needed
    looked, found = 0, 1
    while looked < found and setting_at(m, home).came_from < 0:
        s = np.int64(setting_at(m, looked).to_look_at)
        looked += 1
        if setting_at(m, s).blocked == 0:
            continue
        for t in range(n):
            if setting_at(m, t).came_from >= 0 or not setting_at(m, t).open:
                continue
            if first_blocked(m, s, t) >= 0:
                setting_at(m, t).came_from = s
                setting_at(m, found).to_look_at = t
                found += 1
    if setting_at(m, home).came_from < 0:
        return 0
    members = 0
    t = home
    while t != needed:
        s = np.int64(setting_at(m, t).came_from)
        setting_at(m, members).granted = first_blocked(m, s, t)
        members += 1
        t = s
    setting_at(m, members).granted = p
    return members + 1
