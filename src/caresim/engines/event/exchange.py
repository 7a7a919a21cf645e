"""Exchanges with the slow side: what people did is read, and what changes for them set; compiled.

Only models that have a slow side use this; it is compiled apart, so that others do without.

What changes acts on people in these ways. Arrivals: on those who come from the midnight of the
exchange on. Stays: on the clock of everyone who is there (:mod:`.clocks`). Shares of routes: on
those who choose from now on; times and shares of arrangement: on steps that begin. Hazards of
leaving a wait or a delay: on everyone there: what is left of a wait for the next, on a clock that
runs with the hazard, stays the same, so nobody's numbers are drawn again (but of those on whom no
hazard acted before: they have none yet). Usable places: nobody is sent away.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from caresim.engines.coupling import Coupling, begin, record, tick, where
from caresim.engines.event.arriving import next_arrival
from caresim.engines.event.clocks import call_due, set_speed
from caresim.engines.event.events import schedule, unschedule
from caresim.engines.event.kernel import advance
from caresim.engines.event.leaving import await_turn, hazards_on
from caresim.engines.event.memory import (
    area_at,
    arrival_at,
    before_at,
    cell_at,
    compiled,
    entry_at,
    hazard_at,
    person_at,
    route_at,
    route_order_of,
    setting_at,
    shares_of,
    step_at,
    stock_at,
    tally_at,
)
from caresim.engines.event.people import mark_dirty
from caresim.engines.event.records import (
    ARRANGING,
    ARRIVES,
    NEEDS_EXCHANGE,
    PACED,
    WAITING,
    Books,
    Record,
)
from caresim.engines.event.slow_plan import AREA, LEVEL

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Slow(NamedTuple):
    """The slow side of one member; tables are one column wide.

    Attributes
    ----------
    coupling, params, state, work, measures, levers
        See :mod:`caresim.engines.coupling`.
    before
        What each measure added up to at the last exchange.
    measure_first, entries, is_stock, route_cells, steps, hazards
        See :class:`caresim.engines.event.slow_plan.SlowPlan`.
    noted
        Shape (n_edges, n, 1): what is recorded at each edge of segments.
    """

    coupling: Coupling
    params: FloatArray
    state: FloatArray
    work: FloatArray
    measures: FloatArray
    levers: FloatArray
    before: FloatArray
    measure_first: IntArray
    entries: IntArray
    is_stock: NDArray[np.bool_]
    route_cells: IntArray
    steps: IntArray
    hazards: IntArray
    noted: FloatArray


@compiled
def _read(m: Record, x: Slow, passed: float) -> None:
    """Put time averages and counts since the last exchange into the measures."""
    for k in range(x.before.size):
        total = 0.0
        for e in range(x.measure_first[k], x.measure_first[k + 1]):
            what, row, sign = x.entries[e, 0], x.entries[e, 1], x.entries[e, 2]
            if what == AREA:
                stock = stock_at(m, row)
                total += area_at(m, row).sum + (stock.level * (m.now - m.mark) - stock.moment)
            elif what == LEVEL:
                total += sign * stock_at(m, row).level
            else:
                count = tally_at(m, row)
                total += sign * (before_at(m, row).sum + count.n)
        since = total - x.before[k]
        x.measures[k, 0] = since / passed if x.is_stock[k] and passed > 0.0 else since
        x.before[k] = total


@compiled
def _set_arrivals(m: Record, x: Slow) -> None:
    """Set which of those who might come do come, and to which arrival."""
    first = x.coupling.at[where.LEVERS_ARRIVAL]
    for i in range(m.n_arrivals):
        arrival_at(m, i).total = 0.0
    for i in range(m.n_arrivals):
        arrival = arrival_at(m, i)
        origin = arrival_at(m, arrival.origin)
        arrival.lower = origin.total
        origin.total += x.levers[first + i, 0] if arrival.changes else 1.0
        arrival.upper = origin.total
        if arrival.changes:
            arrival.until = m.next_exchange


@compiled
def _await_arrivals(m: Record) -> None:
    """Await the next of each arrival that changes: nobody was awaited beyond this exchange."""
    for i in range(m.n_arrivals):
        if arrival_at(m, i).changes:
            node = person_at(m, i)
            time, node.key, node.number = next_arrival(m, i)
            schedule(m, i, time, ARRIVES)


@compiled
def _set_clocks(m: Record, x: Slow) -> None:
    """Set how fast the clocks of stays run."""
    first = x.coupling.at[where.LEVERS_PACE]
    for s in range(m.n_settings):
        for cohort in range(m.n_cohorts):
            if cell_at(m, s, cohort).touched & PACED:
                set_speed(m, s, cohort, x.levers[first + s * m.n_cohorts + cohort, 0])


@compiled
def _await_marks(m: Record) -> None:
    """Await what is due on every clock before the next exchange, at its speed from now on."""
    for s in range(m.n_settings):
        for cohort in range(m.n_cohorts):
            if cell_at(m, s, cohort).touched & PACED:
                call_due(m, s, cohort)


@compiled
def _set_routes(m: Record, x: Slow) -> None:
    """Set the shares of routes; the last that anyone takes has no bound."""
    first = x.coupling.at[where.LEVERS_ROUTE_SHARE]
    shares, order = shares_of(m), route_order_of(m)
    for k in range(x.route_cells.size):
        cell = cell_at(m, 0, x.route_cells[k])
        begins, ends = np.int64(cell.route_start), np.int64(cell.route_end)
        last = begins
        for r in range(begins, ends):
            shares[r] = x.levers[first + order[r], 0]
            if shares[r] > 0.0:
                last = r
        reached = 0.0
        for r in range(begins, ends):
            reached += shares[r]
            route_at(m, r).below = reached if r < last else 2.0


@compiled
def _set_steps(m: Record, x: Slow) -> None:
    """Set times and shares of steps of arrangement that begin."""
    times, shares = x.coupling.at[where.LEVERS_STEP_TIME], x.coupling.at[where.LEVERS_STEP_SHARE]
    for k in range(x.steps.size):
        step = step_at(m, x.steps[k])
        step.factor = x.levers[times + x.steps[k], 0]
        step.share = x.levers[shares + x.steps[k], 0]


@compiled
def _set_hazards(m: Record, x: Slow) -> bool:
    """Set hazards of leaving a wait or a delay; return whether any is not what it was."""
    first = x.coupling.at[where.LEVERS_WAITING_HAZARD]
    any_changed = False
    for k in range(x.hazards.size):
        hazard = hazard_at(m, x.hazards[k])
        hazard.before = hazard.rate
        hazard.rate = x.levers[first + x.hazards[k], 0]
        any_changed |= hazard.rate != hazard.before
    return any_changed


@compiled
def _leave_sooner_or_later(m: Record) -> None:
    """Let everyone whose hazards have changed leave a wait or a delay as these now say."""
    for p in range(m.n_people):
        person = person_at(m, p)
        if person.state != ARRANGING and person.state != WAITING:
            continue
        first, last, _ = hazards_on(m, p)
        before, after = 0.0, 0.0
        for k in range(first, last):
            before += hazard_at(m, k).before
            after += hazard_at(m, k).rate
        if before == after:
            continue
        was = person.leave
        if after <= 0.0:
            person.leave = math.inf
        elif before <= 0.0:
            person.leave = math.nan
        else:
            person.leave = m.now + (was - m.now) * (before / after)
        if was < person.due or not person.leave >= person.due:
            unschedule(m, p)
            await_turn(m, p)


@compiled
def _set_places(m: Record, x: Slow) -> None:
    """Set the usable places; those that become more may be for someone who waits."""
    first = x.coupling.at[where.LEVERS_CAPACITY]
    for s in range(m.n_settings):
        if x.coupling.ints[x.coupling.at[where.PLACES_CHANGE] + s]:
            setting, places = setting_at(m, s), x.levers[first + s, 0]
            rises = places > setting.capacity
            setting.capacity = places
            if rises:
                mark_dirty(m, s)


@compiled
def _hand_on(m: Record, x: Slow, following: float) -> None:
    """Set everything for people as the levers say, until the next exchange."""
    _set_clocks(m, x)
    m.exchanged = m.now
    m.next_exchange = following
    _await_marks(m)
    _set_arrivals(m, x)
    _set_routes(m, x)
    _set_steps(m, x)
    if _set_hazards(m, x):
        _leave_sooner_or_later(m)
    _set_places(m, x)


@njit(cache=True, error_model="numpy", nogil=True)
def begin_coupled(world: NDArray[np.void], x: Slow) -> None:
    """Set everything for people as it is at the beginning, when nobody is there yet."""
    m = world[0]
    begin(x.coupling, x.params, x.state, x.levers, m.now)
    m.exchanged = m.now
    _hand_on(m, x, m.next_exchange)


@njit(cache=True, error_model="numpy", nogil=True)
def start_measuring(world: NDArray[np.void], x: Slow) -> None:
    """Note what the measures add up to once everybody is there at the beginning."""
    _read(world[0], x, 0.0)


@compiled
def _exchange(m: Record, x: Slow) -> None:
    """Meet the slow side, as the present entry of the agenda says, and record it at an edge."""
    entry = entry_at(m, m.cursor)
    m.now = entry.time
    if entry.setting == -1 and not m.frozen:
        passed = m.now - m.exchanged
        _read(m, x, passed)
        tick(x.coupling, x.params, x.state, x.work, x.measures, x.levers, m.now, passed)
        if m.now < m.end:
            _hand_on(m, x, entry.value)
            _await_arrivals(m)
        m.exchanged = m.now
    if entry.save >= 0:
        record(x.coupling, x.state, m.now - m.exchanged, x.noted[entry.save], 0)


@njit(cache=True, error_model="numpy", nogil=True)
def advance_coupled(world: NDArray[np.void], books: Books, x: Slow) -> int:
    """Advance a member as :func:`caresim.engines.event.kernel.advance`, and its slow side."""
    m = world[0]
    status = advance(world, books)
    while status == NEEDS_EXCHANGE:
        _exchange(m, x)
        m.met = 1
        status = advance(world, books)
    return status
