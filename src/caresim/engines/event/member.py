"""The machine of one member: the plan's tables, completed with the member's own numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.event.agenda import admits_at
from caresim.engines.event.events import N_BUCKETS
from caresim.engines.event.plan import Plan
from caresim.engines.event.records import (
    BUCKET,
    CARRIED,
    CLOCK,
    COUNT,
    COURSE,
    LOG_ROW,
    MARK,
    PERSON,
    SPELL,
    STOCK,
    SUM,
    TABLES,
    WORLD,
    Books,
)
from caresim.engines.spells import N_BINS, n_rows
from caresim.model import DAYS_PER_YEAR, Arrivals

CACHE_LINE = 64


@dataclass(frozen=True)
class Machine:
    """The state of one member, which compiled code changes.

    Attributes
    ----------
    world
        One record, with the addresses of the tables.
    tables
        The tables, by name; they must live as long as the world is used.
    books
        What is kept of the run.
    """

    world: NDArray[np.void]
    tables: dict[str, NDArray[Any]]
    books: Books

    def put(self, name: str, table: NDArray[Any]) -> None:
        """Put a table in the place of another, and its address in the world."""
        self.tables[name] = np.ascontiguousarray(table)
        self.world[0][name] = self.tables[name].ctypes.data


def new_people(plan: Plan, size: int) -> NDArray[np.void]:
    """Return empty records of people, the first of them nodes of arrivals and clocks."""
    return _aligned(plan.n_nodes + size)


def _aligned(size: int) -> NDArray[np.void]:
    """Return empty records of people, each beginning a line of the processor's cache."""
    raw = np.zeros(size * PERSON.itemsize + CACHE_LINE, dtype=np.uint8)
    first = -raw.ctypes.data % CACHE_LINE
    return raw[first : first + size * PERSON.itemsize].view(PERSON)


def _bytes(records: NDArray[np.void]) -> NDArray[np.void]:
    """Return records without their fields, which NumPy copies many times faster."""
    return records.view(f"V{records.itemsize}")


def enlarge_people(machine: Machine) -> None:
    """Make room for twice as many people; those there keep their positions."""
    old, w = machine.tables["people"], machine.world[0]
    people = _aligned(2 * old.size)
    _bytes(people)[: old.size] = _bytes(old)
    people["next"][old.size :] = np.arange(old.size + 1, people.size + 1)
    people["next"][-1] = w["free"]
    w["free"] = old.size
    w["n_free"] += old.size
    w["n_people"] = people.size
    machine.put("people", people)
    if w["coupled"]:
        courses = np.zeros(people.size, dtype=COURSE)
        courses[: old.size] = machine.tables["courses"]
        machine.put("courses", courses)


def enlarge_marks(machine: Machine) -> None:
    """Make room for twice as many marks of every clock that has no more; others keep theirs."""
    old, clocks = machine.tables["marks"], machine.tables["clocks"]
    rooms = np.where(clocks["n"] == clocks["room"], 2 * clocks["room"], clocks["room"])
    marks = np.zeros(int(rooms.sum()), dtype=MARK)
    firsts = np.cumsum(rooms) - rooms
    for clock, first in zip(clocks, firsts, strict=True):
        marks[first : first + clock["n"]] = old[clock["first"] : clock["first"] + clock["n"]]
    clocks["first"], clocks["room"] = firsts, rooms
    machine.put("marks", marks)
    machine.world[0]["crowded"] = False


def enlarge_log(machine: Machine) -> None:
    """Make room for twice as many rows of the log, and for all who are there."""
    old, w = machine.tables["log"], machine.world[0]
    log = np.zeros(2 * old.size + 3 * int(w["alive"]) + 1024, dtype=LOG_ROW)
    _bytes(log)[: old.size] = _bytes(old)
    w["n_log"] = log.size
    machine.put("log", log)


def build_machine(
    plan: Plan,
    numbers: MemberNumbers,
    member: int,
    keys: NDArray[np.uint64],
    people: NDArray[np.void],
    log: NDArray[np.void] | None,
    logged: int,
    params: NDArray[np.float64] | None,
    there: NDArray[np.void],
) -> Machine:
    """Return the machine of a member before anyone is in it.

    Parameters
    ----------
    plan
        What all members share.
    numbers
        Numbers of all members.
    member
        Its position, which is its row in ``numbers`` and keys its draws.
    keys
        Shape (n_arrivals,): of the people of each arrival.
    people
        Records to use, whatever is in them.
    log, logged
        Rows to use, of which so many are written already; None to keep no log.
    params
        Shape (n_params, 1): the parameters of its slow side; None if the model has none.
    there
        People at the start, for whom clocks of stays have room at once.
    """
    n_counts, n_periods, n_windows = plan.n_counts, plan.n_saves - 1, plan.windows.shape[0]
    machine = Machine(
        world=_world(plan, member, people.size, log, logged),
        tables={},
        books=Books(
            period_stocks=np.zeros((n_periods, plan.n_stocks)),
            period_counts=np.zeros((n_periods, n_counts)),
            window_stocks=np.zeros((n_windows, plan.n_stocks)),
            window_counts=np.zeros((n_windows, n_counts)),
            saved=np.zeros((plan.n_saves, plan.n_stocks)),
            window_spells=np.zeros((n_windows, n_rows(plan.model), N_BINS, 2)),
            windows=plan.windows,
        ),
    )
    coupled, n_stocks, clocks = plan.slow is not None, plan.n_stocks, _clocks(plan, there)
    own = {
        "people": people,
        "buckets": np.full(N_BUCKETS, -1, dtype=np.int32).view(BUCKET),
        "settings": _settings(plan, numbers, member),
        "lanes": plan.tables["lanes"].copy(),
        "rules": plan.tables["rules"].copy(),
        "cells": plan.tables["cells"].copy(),
        "arrivals": _arrivals(plan, numbers, member, keys),
        "routes": _routes(plan, numbers, member),
        "steps": _with(plan, "steps", "share", numbers.step_share[member]),
        "hazards": _hazards(plan, numbers, member),
        "stays": _with(plan, "stays", "factor", numbers.stay_factor[member]),
        "stocks": np.zeros(plan.n_stocks, dtype=STOCK),
        "counts": np.zeros(n_counts, dtype=COUNT),
        "spells": np.zeros(n_rows(plan.model) * N_BINS, dtype=SPELL),
        "carried": np.zeros(n_rows(plan.model), dtype=CARRIED),
        "log": np.zeros(0, dtype=LOG_ROW) if log is None else log,
        "clocks": clocks,
        "marks": np.zeros(int(clocks["room"].sum()), dtype=MARK),
        "areas": np.zeros(n_stocks if coupled else 0, dtype=SUM),
        "befores": np.zeros(n_counts if coupled else 0, dtype=SUM),
        "courses": np.zeros(people.size if coupled else 0, dtype=COURSE),
        "shares": numbers.route_share[member, plan.route_order],
        "route_order": plan.route_order,
        **_slow_arrays(plan, params, machine.world[0]),
    }
    for name in TABLES:
        machine.put(name, own[name] if name in own else plan.tables[name])
    return machine


def _world(
    plan: Plan, member: int, n_people: int, log: NDArray[np.void] | None, logged: int
) -> NDArray[np.void]:
    model = plan.model
    world = np.zeros(1, dtype=WORLD)
    w = world[0]
    w["begin"] = w["now"] = w["mark"] = w["record_from"] = w["spells_from"] = plan.begin
    w["end"] = model.days
    w["per_day"] = 2.0 * plan.events_per_day
    w["stopped"] = math.nan
    w["member"] = member
    w["n_people"], w["n_agenda"] = n_people, plan.tables["agenda"].size
    w["logging"], w["n_log"], w["logged"] = log is not None, 0 if log is None else log.size, logged
    w["n_days"] = plan.tables["days"].shape[1]
    w["n_settings"], w["n_sources"] = len(model.settings), model.n_sources
    w["n_arrivals"], w["n_cohorts"] = len(model.arrivals), len(model.cohorts)
    w["n_reasons"], w["n_nodes"] = len(model.reasons), plan.n_nodes
    w["check"] = -1
    w["stop_at_deadlock"] = model.run.deadlock == "stop"
    w["reasons_at"], w["used_at"] = plan.reasons_at, plan.used_at
    w["moves_at"], w["pathways_at"] = plan.moves_at, plan.pathways_at
    w["swaps_at"], w["displaced_at"], w["wanted_at"] = (
        plan.swaps_at,
        plan.displaced_at,
        plan.wanted_at,
    )
    w["n_routes"] = plan.route_order.size
    w["next_exchange"] = model.days
    if plan.slow is not None:
        w["coupled"], w["remembers"] = True, plan.slow.remembers
    reasons = [reason.name for reason in model.reasons]
    # A model without transfers may lack the reason; then nobody is delayed for it.
    w["transfer_reason"] = reasons.index("transfer") if "transfer" in reasons else 0
    return world


def _slow_arrays(
    plan: Plan, params: NDArray[np.float64] | None, w: NDArray[np.void]
) -> dict[str, NDArray[Any]]:
    """Return the plain arrays of the slow side, and put their sizes in the world."""
    names = ("slow_at", "slow_ints", "slow_floats", "slow_params")
    arrays: dict[str, NDArray[Any]] = dict.fromkeys(names, np.zeros(0))
    if plan.slow is not None and params is not None:
        arrays = dict(zip(names, (*plan.slow.layout.coupling, params), strict=True))
    for name, array in arrays.items():
        w[f"n_{name}"] = array.shape[0]
    return arrays


def _clocks(plan: Plan, there: NDArray[np.void]) -> NDArray[np.void]:
    """Return the clocks of stays, with room for the marks of those there and of a few more."""
    clocks = np.zeros(plan.tables["cells"].size, dtype=CLOCK)
    paced = plan.paced
    cells = there["setting"].astype(np.int64) * len(plan.model.cohorts) + there["cohort"]
    inside = np.bincount(cells[there["setting"] >= 0], minlength=clocks.size)
    clocks["speed"] = 1.0
    clocks["room"][paced] = inside[paced] + 64
    clocks["first"] = np.cumsum(clocks["room"]) - clocks["room"]
    clocks["node"][paced] = len(plan.model.arrivals) + np.arange(paced.size)
    return clocks


def _with(plan: Plan, table: str, name: str, values: NDArray[np.float64]) -> NDArray[np.void]:
    changed = plan.tables[table].copy()
    changed[name] = values
    return changed


def _hazards(plan: Plan, numbers: MemberNumbers, member: int) -> NDArray[np.void]:
    rates = np.concatenate([numbers.waiting_hazard[member], numbers.delayed_hazard[member]])
    hazards = _with(plan, "hazards", "rate", rates)
    hazards["before"] = rates
    return hazards


def _settings(plan: Plan, numbers: MemberNumbers, member: int) -> NDArray[np.void]:
    settings = _with(plan, "settings", "factor", numbers.capacity_factor[member])
    for s, setting in enumerate(plan.model.settings):
        settings[s]["capacity"] = float(setting.capacity.at(0.0)) * settings[s]["factor"]
        settings[s]["open"] = admits_at(plan.model, setting.calendar, plan.begin)
    return settings


def _routes(plan: Plan, numbers: MemberNumbers, member: int) -> NDArray[np.void]:
    shares = numbers.route_share[member, plan.route_order]
    routes = plan.tables["routes"].copy()
    for cell in plan.tables["cells"]:
        group = slice(cell["route_start"], cell["route_end"])
        below = np.cumsum(shares[group])
        # Shares sum to one but for rounding: the last that anyone takes has no bound.
        taken = np.flatnonzero(shares[group] > 0.0)
        below[taken[-1] if taken.size else 0 :] = 2.0
        routes["below"][group] = below
    return routes


def _arrivals(
    plan: Plan, numbers: MemberNumbers, member: int, keys: NDArray[np.uint64]
) -> NDArray[np.void]:
    model = plan.model
    arrivals = plan.tables["arrivals"].copy()
    arrivals["key"] = keys
    arrivals["rate"] = numbers.arrival_rate[member] * numbers.population_factor[member]
    for i, arrival in enumerate(model.arrivals):
        arrivals[i]["growth"] = _log_growth(arrival, numbers, member, i)
    return arrivals


def _log_growth(arrival: Arrivals, numbers: MemberNumbers, member: int, i: int) -> float:
    """Return the growth of the logarithm of the rate, per day."""
    growth = math.log1p(numbers.arrival_growth[member, i])
    if arrival.population is not None:
        growth += math.log1p(numbers.population_growth[member, i])
    return growth / DAYS_PER_YEAR
