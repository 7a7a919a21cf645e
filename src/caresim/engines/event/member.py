"""The machine of one member: the plan's tables, completed with the member's own numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.event.arena import Arena, empty_people
from caresim.engines.event.plan import Plan
from caresim.engines.event.records import COURSE, LOG_ROW, Books
from caresim.model import DAYS_PER_YEAR, Arrivals


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


def _bytes(records: NDArray[np.void]) -> NDArray[np.void]:
    """Return records without their fields, which NumPy copies many times faster."""
    return records.view(f"V{records.itemsize}")


def enlarge_people(machine: Machine) -> None:
    """Make room for twice as many people; those there keep their positions."""
    old, w = machine.tables["people"], machine.world[0]
    people = empty_people(2 * old.size)
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
    arena: Arena,
    log: NDArray[np.void] | None,
    logged: int,
    params: NDArray[np.float64] | None,
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
    arena
        Tables to use, whatever is in them.
    log, logged
        Rows to use, of which so many are written already; None to keep no log.
    params
        Shape (n_params, 1): the parameters of its slow side; None if the model has none.
    """
    n_periods, n_windows = plan.n_saves - 1, plan.windows.shape[0]
    arena.renew()
    machine = Machine(
        world=arena.world.copy(),
        tables=dict(arena.tables),
        books=Books(
            period_stocks=np.zeros((n_periods, plan.n_stocks)),
            period_counts=np.zeros((n_periods, plan.n_counts)),
            window_stocks=np.zeros((n_windows, plan.n_stocks)),
            window_counts=np.zeros((n_windows, plan.n_counts)),
            saved=np.zeros((plan.n_saves, plan.n_stocks)),
            window_spells=arena.window_spells,
            windows=plan.windows,
        ),
    )
    tables, w = machine.tables, machine.world[0]
    w["member"], w["n_people"] = member, arena.people.size
    machine.put("people", arena.people)
    if log is not None:
        w["logging"], w["n_log"], w["logged"] = True, log.size, logged
        machine.put("log", log)
    tables["steps"]["share"] = numbers.step_share[member]
    tables["stays"]["factor"] = numbers.stay_factor[member]
    tables["shares"][:] = numbers.route_share[member, plan.route_order]
    settings = tables["settings"]
    settings["factor"] = numbers.capacity_factor[member]
    settings["capacity"] *= settings["factor"]
    _complete_routes(tables)
    _complete_arrivals(plan, numbers, member, keys, tables["arrivals"])
    rates = np.concatenate([numbers.waiting_hazard[member], numbers.delayed_hazard[member]])
    tables["hazards"]["rate"] = tables["hazards"]["before"] = rates
    if params is not None and plan.slow is not None:
        _add_slow_side(plan, params, machine)
    return machine


def _add_slow_side(plan: Plan, params: NDArray[np.float64], machine: Machine) -> None:
    """Add what only people of a model with a slow side need."""
    assert plan.slow is not None
    machine.put("courses", np.zeros(machine.tables["people"].size, dtype=COURSE))
    names = ("slow_at", "slow_ints", "slow_floats", "slow_params")
    for name, array in zip(names, (*plan.slow.layout.coupling, params), strict=True):
        machine.put(name, array)
        machine.world[0][f"n_{name}"] = array.shape[0]


def _complete_routes(tables: dict[str, NDArray[Any]]) -> None:
    shares, routes = tables["shares"], tables["routes"]
    for cell in tables["cells"]:
        group = slice(cell["route_start"], cell["route_end"])
        below = np.cumsum(shares[group])
        # Shares sum to one but for rounding: the last that anyone takes has no bound.
        taken = np.flatnonzero(shares[group] > 0.0)
        below[taken[-1] if taken.size else 0 :] = 2.0
        routes["below"][group] = below


def _complete_arrivals(
    plan: Plan,
    numbers: MemberNumbers,
    member: int,
    keys: NDArray[np.uint64],
    arrivals: NDArray[np.void],
) -> None:
    arrivals["key"] = keys
    arrivals["rate"] = numbers.arrival_rate[member] * numbers.population_factor[member]
    for i, arrival in enumerate(plan.model.arrivals):
        arrivals[i]["growth"] = _log_growth(arrival, numbers, member, i)


def _log_growth(arrival: Arrivals, numbers: MemberNumbers, member: int, i: int) -> float:
    """Return the growth of the logarithm of the rate, per day."""
    growth = math.log1p(numbers.arrival_growth[member, i])
    if arrival.population is not None:
        growth += math.log1p(numbers.population_growth[member, i])
    return growth / DAYS_PER_YEAR
