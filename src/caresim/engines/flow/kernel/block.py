"""Advances one block of members from start to end: the compiled loop around the program.

A block is filled up to whole vectors with copies of its last member, whose figures are computed
and left out of every sum.
"""

from __future__ import annotations

import math
from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.flow.kernel.machine import run
from caresim.engines.flow.kernel.observe import (
    EXCESS,
    INFLOW,
    RESIDUAL,
    audit_capacity,
    audit_people,
    record_save,
    record_windows,
)
from caresim.engines.flow.kernel.plan import Block, Found, Plan, Work
from caresim.engines.flow.kernel.schedule import ANCHOR, RUN_ONCE, TAKE_STEPS
from caresim.engines.flow.kernel.vector import WIDTH, greater, highest, load, spread, store


@compiled
def fill_coefficients(
    bank: Any,
    members: Any,
    rows: Any,
    products: Any,
    product_lanes: Any,
    groups: Any,
    group_rows: Any,
) -> None:
    """Fill the coefficient rows, and scale down moves that ask for more than everybody."""
    parts = bank.shape[1] // WIDTH
    zero, whole = spread(0.0), spread(1.0)
    for i in range(products.size):
        row, base = rows[i], spread(products[i])
        one, other = product_lanes[i, 0], product_lanes[i, 1]
        if one < 0:
            for p in range(parts):
                store(bank, row, p, base)
        elif other < 0:
            for p in range(parts):
                store(bank, row, p, base * load(members, one, p))
        else:
            for p in range(parts):
                store(bank, row, p, base * load(members, one, p) * load(members, other, p))
    first = 0
    for g in range(groups.shape[0]):
        stays, middle, last = groups[g, 0], groups[g, 1], groups[g, 2]
        most = zero
        for p in range(parts):
            asked = zero
            for i in range(first, middle):
                asked = asked + load(bank, group_rows[i], p)
            store(bank, stays, p, asked)
            most = greater(most, asked)
        # The row of what stays holds what is asked for until all of it is known.
        if highest(most) > 1.0:
            _scale_down(bank, stays, group_rows, first, last)
        for p in range(parts):
            store(bank, stays, p, greater(zero, whole - load(bank, stays, p)))
        first = last


@compiled
def _scale_down(bank: Any, stays: int, group_rows: Any, first: int, last: int) -> None:
    """Divide the rows of a group by what they ask for, for members in whom that is too much."""
    for lane in range(bank.shape[1]):
        asked = bank[stays, lane]
        if asked > 1.0:
            for i in range(first, last):
                bank[group_rows[i], lane] /= asked


@compiled
def anchor_growth(
    bank: Any, members: Any, growth_lanes: Any, first_growth: int, n_stages: int, days: float
) -> None:
    """Set growth factors to their exact values ``days`` after the start."""
    for i in range(growth_lanes.size):
        row = first_growth + 2 * n_stages * i
        for lane in range(bank.shape[1]):
            bank[row, lane] = math.exp(members[growth_lanes[i], lane] * days)


@compiled
def set_up(plan: Plan, work: Work, block: Block) -> None:
    """Fill the rows that do not change from step to step, and the state at the start."""
    bank, members = work.bank, block.members
    for row in range(plan.start.size):
        for lane in range(bank.shape[1]):
            bank[row, lane] = plan.start[row]
            if plan.start_lane[row] >= 0:
                bank[row, lane] *= members[plan.start_lane[row], lane]
    for lane in range(bank.shape[1]):
        bank[plan.ones, lane] = 1.0
    n_stages = plan.n_stages
    for i in range(plan.growth_lanes.size):
        first = plan.first_growth + (2 * i + 1) * n_stages
        for stage in range(n_stages):
            # The first ratio carries the factor on to the next step.
            ahead = plan.step_days * (1.0 if stage == 0 else plan.stage_offsets[stage])
            for lane in range(bank.shape[1]):
                ratio = math.exp(members[plan.growth_lanes[i], lane] * ahead)
                bank[first + stage, lane] = ratio
    fill_coefficients(
        bank,
        members,
        plan.coefficient_rows,
        plan.products,
        plan.product_lanes,
        plan.groups,
        plan.group_rows,
    )


@compiled
def advance_block(plan: Plan, work: Work, block: Block, found: Found) -> None:
    """Take a block of members from the start to the end of the run."""
    set_up(plan, work, block)
    advance_items(plan, work, block, found, 0, plan.schedule.shape[0])
    finish(plan, work, block, found)


@compiled
def advance_items(
    plan: Plan, work: Work, block: Block, found: Found, first_item: int, last_item: int
) -> None:
    """Do what the schedule says from one item up to but not including another."""
    # Each table is taken out of its tuple once: doing so costs as much as an instruction.
    bank, before, at_first, held, audit = work
    members, weights, n_valid, n_series, first_member = block
    series, summary, totals, _ = found
    schedule, code, factors, steps = plan.schedule, plan.code, plan.factors, plan.steps
    profiles, capacities, opens = plan.profiles, plan.capacity_tables, plan.open_tables
    growth_lanes, first_growth, n_stages = plan.growth_lanes, plan.first_growth, plan.n_stages
    marks, saves, windows, since_last = plan.marks, plan.saves, plan.windows, plan.since_last
    output_rows, gate_rows = plan.output_rows, plan.gate_rows
    capacity_rows, highest_tables = plan.capacity_rows, plan.highest_tables
    is_person = plan.is_person
    n_copies, n_state = steps.shape[0], plan.n_state
    for item in range(first_item, last_item):
        kind, first, last = schedule[item, 0], schedule[item, 1], schedule[item, 2]
        if kind == TAKE_STEPS:
            for step in range(first, last):
                begin, end = steps[step % n_copies, 0], steps[step % n_copies, 1]
                run(bank, code, factors, begin, end, step, profiles, capacities, opens)
        elif kind == RUN_ONCE:
            # Such instructions read no tables, so the step is of no account.
            run(bank, code, factors, first, last, plan.n_steps, profiles, capacities, opens)
        elif kind == ANCHOR:
            days = first * plan.step_days
            anchor_growth(bank, members, growth_lanes, first_growth, n_stages, days)
        else:
            mark, step = first, marks[first]
            copy = step % n_copies
            audit_people(bank, copy * n_state, is_person, audit, mark)
            audit_capacity(bank, gate_rows, copy, capacity_rows, highest_tables, mark, held, audit)
            record_save(
                bank,
                output_rows,
                copy,
                since_last,
                before,
                plan.spare,
                weights,
                n_valid,
                n_series,
                first_member,
                mark,
                saves[mark],
                series,
                summary,
            )
            record_windows(
                bank, output_rows, copy, windows, step, at_first, n_valid, first_member, totals
            )


@compiled
def finish(plan: Plan, work: Work, block: Block, found: Found) -> None:
    """Hand over the audit of each member."""
    inflow = (plan.n_steps % plan.steps.shape[0] + 1) * plan.n_state - 1
    for lane in range(block.n_valid):
        found.audit[INFLOW, block.first_member + lane] = work.bank[inflow, lane]
        for row in range(RESIDUAL, EXCESS + 1):
            found.audit[row, block.first_member + lane] = work.audit[row, lane]
