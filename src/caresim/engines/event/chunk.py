"""Runs a few members, and keeps of them what the results need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.event.arena import Arena, empty_people, new_arena
from caresim.engines.event.census import counted_census, equilibrium_census
from caresim.engines.event.kernel import close_books, idle_places
from caresim.engines.event.logbook import note_those_inside
from caresim.engines.event.member import (
    Machine,
    build_machine,
    enlarge_log,
    enlarge_people,
)
from caresim.engines.event.opening import free_people, place_arrivals, place_starters
from caresim.engines.event.plan import Plan, stream_words
from caresim.engines.event.records import (
    DELAYED,
    FINISHED,
    LOG_ROW,
    N_CELL_STOCKS,
    NEEDS_PEOPLE,
    OCCUPIED,
    STREAM,
    WAITS,
    Books,
)
from caresim.engines.event.slow_member import SlowMember, begin_slow, people_apart
from caresim.engines.event.slow_names import NO_BOOKS, SlowBooks, fold
from caresim.engines.event.start import starters, stream_keys
from caresim.engines.event.tally_names import counts_by_name
from caresim.engines.event.telling import pour, told
from caresim.engines.output import save_times
from caresim.engines.spells import KINDS, N_BINS, n_rows

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Audit:
    """What one member's run gives to check.

    Attributes
    ----------
    lost
        People who came, less those who left, less those inside.
    spells
        Largest relative difference, over settings and reasons, between the area under the people
        waiting, delayed and inside and the sum of the lengths counted of their waits, delays and
        stays, those cut short by the start and the end included for the part between.
    little
        Largest relative difference, over settings and cohorts, between the area under the census
        (of people inside, and of those waiting) and the sum of the times that people spent.
    places
        Largest difference between places counted as used and those that people hold.
    idle
        Settings with a free place at the end that someone who waits may have.
    excess
        Largest excess of places used over capacity when somebody was admitted.
    least
        Smallest level of any stock at the end, in people or places.
    population
        People of all cohorts at the end, less what the flows counted since the start say there
        must be, relative to those at the start; None where populations are no stocks.
    events
        Events of people.
    stopped
        Day on which circular blocking ended the run, or NaN.
    """

    lost: float
    little: float
    spells: float
    places: float
    idle: int
    excess: float
    least: float
    population: float | None
    events: int
    stopped: float


@dataclass(frozen=True, eq=False)
class ChunkResult:
    """What is kept of some members, the first axis being the member unless said otherwise.

    Attributes
    ----------
    window_stocks, window_counts
        Integrals and counts over windows, shape (members, n_windows, n).
    spells
        From each of :data:`caresim.engines.spells.KINDS`, of shape (members, n_windows, n, 7).
    sum_spells
        Sums over these members of lengths in bins, shape (n_windows, n_rows, N_BINS, 2).
    sum_stocks, sum_counts, sum_saved
        Sums over these members of integrals and counts over periods, shape (n_periods, n), and
        of stocks at saved times, shape (n_saves, n_stocks).
    series_stocks, series_counts, series_saved
        The same for each of the first of them.
    window_slow
        What is kept of the slow side over windows, shape (members, n_windows, n); nothing in a
        model without one. See :class:`caresim.engines.event.slow_names.SlowBooks`.
    sum_slow, sum_slow_saved, series_slow, series_slow_saved
        The same over periods and at saved times, as for what people do.
    held
        Shape (members, n): whether each number that changes was held at the end of its range.
    audits
        One for each.
    log
        Rows of all of them, in order of member; none unless kept.
    """

    window_stocks: FloatArray
    window_counts: FloatArray
    spells: dict[str, FloatArray]
    sum_spells: FloatArray
    sum_stocks: FloatArray
    sum_counts: FloatArray
    sum_saved: FloatArray
    series_stocks: FloatArray
    series_counts: FloatArray
    series_saved: FloatArray
    window_slow: FloatArray
    sum_slow: FloatArray
    sum_slow_saved: FloatArray
    series_slow: FloatArray
    series_slow_saved: FloatArray
    held: NDArray[np.bool_]
    audits: tuple[Audit, ...]
    log: NDArray[np.void]


def run_chunk(
    plan: Plan,
    numbers: MemberNumbers,
    params: FloatArray | None,
    first: int,
    count: int,
    n_series: int,
    log: bool,
    arenas: list[Arena],
) -> ChunkResult:
    """Run members ``first`` to ``first + count - 1``, whose numbers are those rows.

    ``params`` are those of the members' slow sides, one a column; None if the model has none.
    ``arenas`` are those that no chunk uses now: one is taken, or made, and put back.

    The sums are made in order of member, so they do not depend on when a chunk is run.
    """
    try:
        arena = arenas.pop()
    except IndexError:
        arena = new_arena(plan, _expected_people(plan))
    rows = np.zeros(_expected_rows(plan, count), dtype=LOG_ROW) if log else None
    logged = 0
    members = np.arange(first, first + count)
    keys = stream_keys(plan.model.run.seed, members, stream_words(plan.model))
    books: list[Books] = []
    audits: list[Audit] = []
    sums: list[FloatArray] = []
    pool = np.zeros((plan.windows.shape[0], n_rows(plan.model), N_BINS, 2))
    told_of: list[dict[str, FloatArray]] = []
    slow_books: list[SlowBooks] = []
    held: list[NDArray[np.bool_]] = []
    for member in range(first, first + count):
        own = None if params is None else np.ascontiguousarray(params[:, member, None])
        machine, slow = _run_member(
            plan, numbers, own, member, keys[member - first], arena, rows, logged
        )
        arena.people = machine.tables["people"]
        if rows is not None:
            rows, logged = machine.tables["log"], int(machine.world[0]["logged"])
        audits.append(_audit(plan, machine, slow))
        slow_books.append(_slow_books(plan, slow))
        held.append(slow.held)
        kept = machine.books
        parts = [kept.period_stocks, kept.period_counts, kept.saved, *slow_books[-1][1:]]
        sums = parts if not sums else [a + b for a, b in zip(sums, parts, strict=True)]
        told_of.append(told(plan.model, kept.window_spells))
        pour(kept.window_spells, pool)
        # Lengths in bins are the most of it by far, and are not needed of each member.
        books.append(kept._replace(window_spells=np.zeros(0)))
    arenas.append(arena)
    series = books[: max(0, n_series - first)]
    return ChunkResult(
        window_stocks=np.stack([b.window_stocks for b in books]),
        window_counts=np.stack([b.window_counts for b in books]),
        spells={kind: np.stack([each[kind] for each in told_of]) for kind in KINDS},
        sum_spells=pool,
        sum_stocks=sums[0],
        sum_counts=sums[1],
        sum_saved=sums[2],
        series_stocks=_stack([b.period_stocks for b in series], sums[0]),
        series_counts=_stack([b.period_counts for b in series], sums[1]),
        series_saved=_stack([b.saved for b in series], sums[2]),
        window_slow=np.stack([b.windows for b in slow_books]),
        sum_slow=sums[3],
        sum_slow_saved=sums[4],
        series_slow=_stack([b.periods for b in slow_books[: len(series)]], sums[3]),
        series_slow_saved=_stack([b.saved for b in slow_books[: len(series)]], sums[4]),
        held=np.stack(held),
        audits=tuple(audits),
        log=np.zeros(0, dtype=LOG_ROW) if rows is None else rows[:logged],
    )


def _slow_books(plan: Plan, slow: SlowMember) -> SlowBooks:
    if plan.slow is None:
        return NO_BOOKS
    times = save_times(plan.model)
    return fold(plan.slow.layout, slow.noted, plan.slow.edges, plan.windows, times)


def _stack(arrays: list[FloatArray], like: FloatArray) -> FloatArray:
    return np.stack(arrays) if arrays else np.zeros((0, *like.shape))


def _expected_people(plan: Plan) -> int:
    capacities = [float(setting.capacity.at(0.0)) for setting in plan.model.settings]
    return int(256 + sum(c for c in capacities if c < 1e5))


def _expected_rows(plan: Plan, count: int) -> int:
    """Return about how many rows the log of some members has; what is not used costs nothing."""
    days = plan.model.days - plan.begin
    return 1024 + min(int(0.6 * plan.events_per_day * days) * count, 1 << 22)


def _run_member(
    plan: Plan,
    numbers: MemberNumbers,
    params: FloatArray | None,
    member: int,
    keys: NDArray[np.uint64],
    arena: Arena,
    rows: NDArray[np.void] | None,
    logged: int,
) -> tuple[Machine, SlowMember]:
    model = plan.model
    if model.steady_start:
        census = equilibrium_census(model, numbers, member, member)
    else:
        census = counted_census(model)
    there = starters(model, census, numbers, member, member)
    there["route"] = np.where(there["route"] >= 0, plan.route_place[there["route"]], -1)
    arrivals = len(model.arrivals)
    if arena.people.size < arrivals + there.size + 1:
        arena.people = empty_people(arrivals + 2 * there.size + 64)
    machine = build_machine(plan, numbers, member, keys, arena, rows, logged, params)
    free_people(machine.world)
    slow = begin_slow(plan, params, machine.world)
    place_arrivals(machine.world)
    place_starters(machine.world, there)
    slow.start_measuring(machine.world)
    while (status := slow.advance(machine.world, machine.books)) != FINISHED:
        if status == NEEDS_PEOPLE:
            enlarge_people(machine)
        else:
            enlarge_log(machine)
    if rows is not None:
        while machine.world[0]["n_log"] < machine.world[0]["logged"] + machine.world[0]["alive"]:
            enlarge_log(machine)
        note_those_inside(machine.world)
    return machine, slow


def _audit(plan: Plan, machine: Machine, slow: SlowMember) -> Audit:
    w = machine.world[0]
    places = close_books(machine.world)
    cells = machine.tables["cells"]
    areas = machine.books.period_stocks.sum(axis=0)[: cells.size * N_CELL_STOCKS]
    areas = areas.reshape(cells.size, N_CELL_STOCKS)
    spent = {OCCUPIED: cells["inside"], WAITS: cells["waited"]}
    apart = [
        float(np.max(np.abs(areas[:, k] - time) / np.maximum(time, 1.0), initial=0.0))
        for k, time in spent.items()
    ]
    inside = int(np.count_nonzero(machine.tables["people"]["state"] > STREAM))
    return Audit(
        lost=float(abs(int(w["entered"]) - int(w["gone"]) - inside)),
        little=max(apart),
        spells=_spells_apart(machine),
        places=float(places),
        idle=int(idle_places(machine.world)),
        excess=float(max(w["excess"], 0.0)),
        least=float(machine.tables["stocks"]["level"].min(initial=0.0)),
        population=_population_apart(plan, machine, slow),
        events=int(w["events"]),
        stopped=float(w["stopped"]),
    )


def _population_apart(plan: Plan, machine: Machine, slow: SlowMember) -> float | None:
    """Return how far the population at the end is from what the flows counted say."""
    if plan.slow is None or not np.isnan(machine.world[0]["stopped"]):
        return None
    counts = counts_by_name(plan, machine.books.window_counts[0])
    left = float(counts["died"].sum() + counts["elsewhere"].sum())
    return people_apart(plan.slow.layout, slow.noted, left)


def _spells_apart(machine: Machine) -> float:
    """Return the largest relative difference between lengths counted and areas under stocks."""
    w, areas = machine.world[0], machine.books.period_stocks.sum(axis=0)
    n, cohorts, reasons = (int(w[name]) for name in ("n_settings", "n_cohorts", "n_reasons"))
    cells = areas[: n * cohorts * N_CELL_STOCKS].reshape(n, cohorts, N_CELL_STOCKS).sum(axis=1)
    first = int(w["reasons_at"])
    by_reason = areas[first : first + n * reasons].reshape(n, reasons).sum(axis=0)
    expected = np.concatenate([cells[:, WAITS], cells[:, DELAYED], cells[:, OCCUPIED], by_reason])
    # The first window is the whole run.
    counted = machine.books.window_spells[0, :, :, 1].sum(axis=1)
    counted -= machine.tables["carried"]["days"]
    return float(np.max(np.abs(counted - expected) / np.maximum(expected, 1.0), initial=0.0))
