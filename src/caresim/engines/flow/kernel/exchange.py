"""Exchanges with the slow side: measures are read, lanes set anew, coefficients worked out again.

Only models that have a slow side use this; it is compiled apart, so that others do without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from caresim.engines.compiled import compiled
from caresim.engines.coupling import Coupling, begin, hand_over, record, reset, scratch, tick
from caresim.engines.flow.kernel.block import advance_items, fill_coefficients, finish, set_up
from caresim.engines.flow.kernel.machine import run
from caresim.engines.flow.kernel.observe import audit_capacity
from caresim.engines.flow.kernel.plan import Block, Found, Plan, Work
from caresim.engines.flow.kernel.program import Program
from caresim.engines.flow.kernel.schedule import EXCHANGE, OBSERVE, REPORT, RUN_ONCE, TAKE_STEPS
from caresim.engines.flow.network import FloatArray, IntArray, Network

LEVER, SUM, WITHIN, REST, SPEED = range(5)
"""What is made of levers: one of them; the sum of some; the first of some as a share of the others
after it; what one leaves of 1; the speed at which a time goes by that is one times as long."""

SHORTEST = 1e-6
"""Least factor on a time: no time at all has no speed, and a step is far longer than this."""


class Factor(NamedTuple):
    """A factor of a lane: ``kind``, and the ``levers`` it is made of."""

    kind: int
    levers: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SlowSide:
    """The slow side of all members of a network.

    Attributes
    ----------
    coupling
        See :mod:`caresim.engines.coupling`.
    params
        Shape (n_params, n_members).
    n_state, n_levers
        Rows of the tables of state and levers.
    first_day
        Day of the network's first step.
    lanes
        For each lane that is set anew, its factors.
    fixed
        Shape (n_lanes_set, n_members): what the other factors of these lanes come to.
    state
        Shape (n_state, n_members): the state to go on from; None to begin.
    """

    coupling: Coupling
    params: FloatArray
    n_state: int
    n_levers: int
    first_day: float
    lanes: dict[int, tuple[Factor, ...]]
    fixed: FloatArray
    state: FloatArray | None = None


class SlowPlan(NamedTuple):
    """What is the same for every block.

    ``factors``, shape (n, 4), are lane (as a row of ``lanes``), kind, and first and last of its
    ``factor_levers``; those of a lane stand together. ``rows`` and what follows are the
    coefficients that hang on these lanes, as for ``block.fill_coefficients``.
    """

    coupling: Coupling
    first_day: float
    begins: bool
    sets_places: bool
    held: IntArray
    measure_rows: IntArray
    is_integral: IntArray
    first_output: int
    lanes: IntArray
    factors: IntArray
    factor_levers: IntArray
    rows: IntArray
    products: FloatArray
    product_lanes: IntArray
    groups: IntArray
    group_rows: IntArray


class SlowWork(NamedTuple):
    """Tables of one block, a column per member; ``lanes`` holds the factors that never change."""

    params: FloatArray
    state: FloatArray
    levers: FloatArray
    measures: FloatArray
    before: FloatArray
    work: FloatArray
    fixed: FloatArray


def lay_out_slow_plan(network: Network, program: Program, slow: SlowSide) -> SlowPlan:
    """Return what is the same for every block of a run with a slow side."""
    lanes = np.array(list(slow.lanes), dtype=np.int64)
    factors: list[tuple[int, int, int, int]] = []
    levers: list[int] = []
    for position, given in enumerate(slow.lanes.values()):
        for factor in given:
            first = len(levers)
            levers += factor.levers
            factors.append((position, factor.kind, first, len(levers)))
    picked, groups, group_rows = _affected(program, set(slow.lanes))
    return SlowPlan(
        coupling=slow.coupling,
        first_day=slow.first_day,
        begins=slow.state is None,
        sets_places=any(
            lane in slow.lanes for lane in (gate.capacity.lane for gate in network.gates)
        ),
        held=program.held,
        measure_rows=program.measure_rows,
        is_integral=np.array([m.kind == "integral" for m in network.measures], dtype=np.int64),
        first_output=program.layout.outside[0] if program.layout.outside else 0,
        lanes=lanes,
        factors=np.array(factors, dtype=np.int64).reshape(-1, 4),
        factor_levers=np.array(levers, dtype=np.int64),
        rows=program.layout.coefficients + picked,
        products=program.products[picked],
        product_lanes=program.product_lanes[picked],
        groups=groups,
        group_rows=group_rows,
    )


def _affected(program: Program, lanes: set[int]) -> tuple[IntArray, IntArray, IntArray]:
    """Return the coefficients that hang on some lanes, and the groups that they are in.

    All the coefficients of such a group are worked out anew, since they may be scaled together.
    """
    hit = np.asarray(np.isin(program.product_lanes, list(lanes)).any(axis=1))
    first_row = program.layout.coefficients
    bounds: list[tuple[int, int, int]] = []
    rows: list[int] = []
    first = 0
    for stays, middle, last in program.groups.tolist():
        mine = program.group_rows[first:last]
        if hit[mine - first_row].any():
            hit[mine - first_row] = True
            begins = len(rows)
            rows += mine.tolist()
            bounds.append((stays, begins + middle - first, len(rows)))
        first = last
    return (
        np.flatnonzero(hit),
        np.array(bounds, dtype=np.int64).reshape(-1, 3),
        np.array(rows, dtype=np.int64),
    )


def lay_out_slow_work(network: Network, slow: SlowSide, block: Block) -> SlowWork:
    """Return the tables of a block; copies of its last member fill it up."""
    width = block.members.shape[1]
    columns = block.first_member + np.minimum(np.arange(width), block.n_valid - 1)

    def own(table: FloatArray) -> FloatArray:
        return np.ascontiguousarray(table[:, columns])

    n_measures = len(network.measures)
    return SlowWork(
        params=own(slow.params),
        state=np.zeros((slow.n_state, width)) if slow.state is None else own(slow.state),
        levers=np.zeros((slow.n_levers, width)),
        measures=np.zeros((n_measures, width)),
        before=np.zeros((n_measures, width)),
        work=scratch(slow.coupling),
        fixed=own(slow.fixed),
    )


@compiled
def advance_coupled(
    plan: Plan, work: Work, block: Block, found: Found, slow: SlowPlan, own: SlowWork
) -> None:
    """Take a block of members from the start to the end of the run, with its slow side."""
    set_up(plan, work, block)
    bank, schedule, steps, code, factors = (
        work.bank,
        plan.schedule,
        plan.steps,
        plan.code,
        plan.factors,
    )
    profiles, capacities, opens = plan.profiles, plan.capacity_tables, plan.open_tables
    n_copies, mark = steps.shape[0], 0
    for item in range(schedule.shape[0]):
        kind, first, last = schedule[item, 0], schedule[item, 1], schedule[item, 2]
        # What happens at every exchange is done here: `advance_items` takes longer to begin.
        if kind == TAKE_STEPS:
            for step in range(first, last):
                from_, to = steps[step % n_copies, 0], steps[step % n_copies, 1]
                run(bank, code, factors, from_, to, step, profiles, capacities, opens)
        elif kind == RUN_ONCE:
            run(bank, code, factors, first, last, plan.n_steps, profiles, capacities, opens)
        elif kind == EXCHANGE:
            passed = (first - last) * plan.step_days
            _exchange(plan, work, block, slow, own, first % n_copies, first, passed, mark)
        elif kind == REPORT:
            passed = (first - last) * plan.step_days
            record(slow.coupling, own.state, passed, bank, slow.first_output)
        else:
            advance_items(plan, work, block, found, item, item + 1)
            mark += kind == OBSERVE
    finish(plan, work, block, found)


@compiled
def _exchange(
    plan: Plan,
    work: Work,
    block: Block,
    slow: SlowPlan,
    own: SlowWork,
    copy: int,
    step: int,
    passed: float,
    mark: int,
) -> None:
    """Read what has happened since the last exchange, and set lanes for the time to come."""
    day = slow.first_day + step * plan.step_days
    _read(slow, own, work.bank, copy, passed)
    if step > 0:
        if slow.sets_places:
            # Places held may exceed those open now only if they did when there were more.
            _hold(plan, work, slow.held[copy, 0], slow.held[copy, 1])
            tables = plan.highest_tables
            rows = plan.capacity_rows
            audit_capacity(
                work.bank, plan.gate_rows, copy, rows, tables, mark, work.held, work.audit
            )
        tick(slow.coupling, own.params, own.state, own.work, own.measures, own.levers, day, passed)
    elif slow.begins:
        begin(slow.coupling, own.params, own.state, own.levers, day)
    else:
        reset(slow.coupling, own.params, own.levers)
        hand_over(slow.coupling, own.params, own.state, own.levers, day)
    _set_lanes(slow, own, block.members)
    fill_coefficients(
        work.bank,
        block.members,
        slow.rows,
        slow.products,
        slow.product_lanes,
        slow.groups,
        slow.group_rows,
    )


@compiled
def _hold(plan: Plan, work: Work, first: int, last: int) -> None:
    """Work out the places held in gates now; such instructions read no tables."""
    profiles, capacities, opens = plan.profiles, plan.capacity_tables, plan.open_tables
    run(work.bank, plan.code, plan.factors, first, last, plan.n_steps, profiles, capacities, opens)


@compiled
def _read(slow: SlowPlan, own: SlowWork, bank: Any, copy: int, passed: float) -> None:
    """Put time averages and counts since the last exchange into the measures."""
    measures, before = own.measures, own.before
    for k in range(measures.shape[0]):
        row = slow.measure_rows[copy, k]
        share = 1.0 / passed if slow.is_integral[k] and passed > 0.0 else 1.0
        for m in range(measures.shape[1]):
            now = bank[row, m]
            measures[k, m] = (now - before[k, m]) * share
            before[k, m] = now


@compiled
def _set_lanes(slow: SlowPlan, own: SlowWork, members: Any) -> None:
    """Set the lanes that hang on levers: their fixed factors times what the levers make."""
    levers, items, width = own.levers, slow.factor_levers, members.shape[1]
    for position in range(slow.lanes.size):
        lane = slow.lanes[position]
        for m in range(width):
            members[lane, m] = own.fixed[position, m]
    for f in range(slow.factors.shape[0]):
        lane, kind = slow.lanes[slow.factors[f, 0]], slow.factors[f, 1]
        first, last = slow.factors[f, 2], slow.factors[f, 3]
        lever = items[first]
        # One loop for each kind, so that each compiles to whole vectors.
        if kind == REST:
            for m in range(width):
                members[lane, m] *= 1.0 - levers[lever, m]
        elif kind == SPEED:
            for m in range(width):
                members[lane, m] *= 1.0 / max(levers[lever, m], SHORTEST)
        elif kind == WITHIN:
            # Of routes that nobody takes, the first stands for all.
            lone = 1.0 if lever == items[first + 1] else 0.0
            for m in range(width):
                whole = 0.0
                for i in range(first + 1, last):
                    whole += levers[items[i], m]
                members[lane, m] *= levers[lever, m] / whole if whole > 0.0 else lone
        elif kind == SUM:
            for m in range(width):
                value = levers[lever, m]
                for i in range(first + 1, last):
                    value += levers[items[i], m]
                members[lane, m] *= value
        else:
            for m in range(width):
                members[lane, m] *= levers[lever, m]
