"""Advances one block of 64 members from start to end: the compiled loop around the program.

A block shorter than 64 is filled up with copies of its last member, whose figures are computed
and left out of every sum.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from caresim.engines.flow.machine import compiled, run
from caresim.engines.flow.network import BoolArray, FloatArray, IntArray
from caresim.engines.flow.schedule import ANCHOR, RUN_ONCE, TAKE_STEPS
from caresim.engines.flow.vector import (
    BLOCK,
    PARTS,
    greater,
    highest,
    lesser,
    load,
    lowest,
    spread,
    store,
    total,
)

MEAN, SPREAD, LOW, HIGH = range(4)
"""Rows of a block's summary: mean, sum of squared differences from it, smallest, largest."""

INFLOW, RESIDUAL, SMALLEST, EXCESS = range(4)
"""Rows of the audit table, see `kernel.FlowAudit`."""


class Plan(NamedTuple):
    """What is the same for every block. See `program.Program` for what is not said here.

    ``schedule`` says what happens in which order, see `schedule`. ``marks`` are the steps at
    which the state is looked at, ``saves_of_marks`` the save at each, -1 for none.
    ``audit_rows`` are rows that must not be negative and ``audit_people`` whether they hold
    people. ``capacity_rows`` and ``highest_tables`` (n_marks, n_gates) give a gate's capacity and
    its highest multiplier since the mark before. ``since_last`` says which outputs are reported
    as the change since the last save.
    """

    start: FloatArray
    start_lane: IntArray
    step_days: float
    n_steps: int
    schedule: IntArray
    marks: IntArray
    saves_of_marks: IntArray
    windows: IntArray
    code: IntArray
    factors: FloatArray
    steps: IntArray
    profiles: FloatArray
    capacity_tables: FloatArray
    open_tables: BoolArray
    growth_lanes: IntArray
    stage_offsets: FloatArray
    first_growth: int
    ones: int
    spare: int
    n_state: int
    first_coefficient: int
    products: FloatArray
    product_lanes: IntArray
    groups: IntArray
    group_rows: IntArray
    audit_rows: IntArray
    audit_people: BoolArray
    gate_rows: IntArray
    capacity_rows: IntArray
    highest_tables: FloatArray
    output_rows: IntArray
    since_last: BoolArray


class Work(NamedTuple):
    """Tables of (rows, BLOCK) that one block works in; all zero at the start."""

    bank: FloatArray
    before: FloatArray
    at_first: FloatArray
    held: FloatArray
    audit: FloatArray


class Block(NamedTuple):
    """The members of one block.

    ``members`` is their table, shape (n_lanes, BLOCK); ``weights``, shape (1, BLOCK), is 1 for
    the first ``n_valid`` lanes and 0 for copies; the first ``n_series`` keep their own series.
    """

    members: FloatArray
    weights: FloatArray
    n_valid: int
    n_series: int
    first_member: int


class Found(NamedTuple):
    """Where results go; only ``summary`` belongs to the block alone."""

    series: FloatArray
    summary: FloatArray
    totals: FloatArray
    audit: FloatArray


@compiled
def fill_coefficients(
    bank: Any,
    members: Any,
    first_row: int,
    products: Any,
    product_lanes: Any,
    groups: Any,
    group_rows: Any,
) -> None:
    """Fill the coefficient rows, and scale down moves that ask for more than everybody."""
    for i in range(products.size):
        for lane in range(BLOCK):
            value = products[i]
            if product_lanes[i, 0] >= 0:
                value *= members[product_lanes[i, 0], lane]
            if product_lanes[i, 1] >= 0:
                value *= members[product_lanes[i, 1], lane]
            bank[first_row + i, lane] = value
    first = 0
    for g in range(groups.shape[0]):
        stays, middle, last = groups[g, 0], groups[g, 1], groups[g, 2]
        for lane in range(BLOCK):
            asked = 0.0
            for i in range(first, middle):
                asked += bank[group_rows[i], lane]
            if asked > 1.0:
                for i in range(first, last):
                    bank[group_rows[i], lane] /= asked
            bank[stays, lane] = max(0.0, 1.0 - asked)
        first = last


@compiled
def anchor_growth(plan: Plan, bank: Any, members: Any, days: float) -> None:
    """Set growth factors to their exact values ``days`` after the start."""
    for i in range(plan.growth_lanes.size):
        row = plan.first_growth + 2 * plan.stage_offsets.size * i
        for lane in range(BLOCK):
            bank[row, lane] = math.exp(members[plan.growth_lanes[i], lane] * days)


@compiled
def audit_people(
    bank: Any, state: int, inflow: int, rows: Any, people: Any, audit: Any, at_start: bool
) -> None:
    """Update the smallest stock and the most people that nobody can account for.

    Row INFLOW of the audit holds the number of people at the start until the end.
    """
    for p in range(PARTS):
        low = spread(math.inf)
        everybody = spread(0.0)
        for i in range(rows.size):
            stock = load(bank, state + rows[i], p)
            low = lesser(low, stock)
            if people[i]:
                everybody = everybody + stock
        if at_start:
            store(audit, INFLOW, p, everybody)
            store(audit, SMALLEST, p, low)
            store(audit, RESIDUAL, p, spread(0.0))
            store(audit, EXCESS, p, spread(0.0))
        else:
            expected = load(audit, INFLOW, p) + load(bank, inflow, p)
            off = everybody - expected
            size = greater(off, spread(0.0) - off) / greater(spread(1.0), expected)
            store(audit, RESIDUAL, p, greater(load(audit, RESIDUAL, p), size))
            store(audit, SMALLEST, p, lesser(load(audit, SMALLEST, p), low))


@compiled
def audit_capacity(
    bank: Any,
    gate_rows: Any,
    capacity_rows: Any,
    highest_tables: Any,
    mark: int,
    held: Any,
    audit: Any,
) -> None:
    """Update by how much any gate's places held exceed what capacity and the past explain.

    Places held may exceed capacity where it has fallen, never what was held at the mark before.
    """
    for g in range(gate_rows.size):
        if capacity_rows[g] < 0:
            continue
        table = spread(highest_tables[mark, g])
        for p in range(PARTS):
            now = load(bank, gate_rows[g], p)
            capacity = load(bank, capacity_rows[g], p) * table
            if mark > 0:
                allowed = greater(capacity, load(held, g, p))
                over = now - allowed
                store(audit, EXCESS, p, greater(load(audit, EXCESS, p), over))
            store(held, g, p, now)


@compiled
def record_save(
    bank: Any,
    output_rows: Any,
    since_last: Any,
    before: Any,
    spare: int,
    block: Block,
    save: int,
    series: Any,
    summary: Any,
) -> None:
    """Record every output at a save: the summary of the block, and its members' own values.

    Row ``spare`` of the bank is overwritten.
    """
    per_member = 1.0 / block.n_valid
    weights = block.weights
    for k in range(output_rows.size):
        row = output_rows[k]
        if since_last[k]:
            for p in range(PARTS):
                now = load(bank, row, p)
                store(bank, spare, p, now - load(before, k, p))
                store(before, k, p, now)
            row = spare
        people = spread(0.0)
        low = load(bank, row, 0)
        high = low
        for p in range(PARTS):
            value = load(bank, row, p)
            people = people + load(weights, 0, p) * value
            low = lesser(low, value)
            high = greater(high, value)
        mean = total(people) * per_member
        squares = spread(0.0)
        for p in range(PARTS):
            off = load(bank, row, p) - spread(mean)
            squares = squares + load(weights, 0, p) * off * off
        summary[MEAN, k, save] = mean
        summary[SPREAD, k, save] = total(squares)
        summary[LOW, k, save] = lowest(low)
        summary[HIGH, k, save] = highest(high)
        for lane in range(block.n_series):
            series[k, save, block.first_member + lane] = bank[row, lane]


@compiled
def record_windows(
    bank: Any,
    output_rows: Any,
    windows: Any,
    step: int,
    at_first: Any,
    block: Block,
    totals: Any,
) -> None:
    """Note every output where a window begins, and its change where the window ends."""
    n_outputs = output_rows.size
    for w in range(windows.shape[0]):
        if windows[w, 0] == step:
            for k in range(n_outputs):
                for p in range(PARTS):
                    store(at_first, w * n_outputs + k, p, load(bank, output_rows[k], p))
        if windows[w, 1] == step:
            for k in range(n_outputs):
                for lane in range(block.n_valid):
                    change = bank[output_rows[k], lane] - at_first[w * n_outputs + k, lane]
                    totals[k, w, block.first_member + lane] = change


@compiled
def set_up(plan: Plan, work: Work, block: Block) -> None:
    """Fill the rows that do not change from step to step, and the state at the start."""
    bank, members = work.bank, block.members
    for row in range(plan.start.size):
        for lane in range(BLOCK):
            bank[row, lane] = plan.start[row]
            if plan.start_lane[row] >= 0:
                bank[row, lane] *= members[plan.start_lane[row], lane]
    for lane in range(BLOCK):
        bank[plan.ones, lane] = 1.0
    n_stages = plan.stage_offsets.size
    for i in range(plan.growth_lanes.size):
        first = plan.first_growth + (2 * i + 1) * n_stages
        for stage in range(n_stages):
            # The first ratio carries the factor on to the next step.
            ahead = plan.step_days * (1.0 if stage == 0 else plan.stage_offsets[stage])
            for lane in range(BLOCK):
                ratio = math.exp(members[plan.growth_lanes[i], lane] * ahead)
                bank[first + stage, lane] = ratio
    fill_coefficients(
        bank,
        members,
        plan.first_coefficient,
        plan.products,
        plan.product_lanes,
        plan.groups,
        plan.group_rows,
    )


@compiled
def observe(plan: Plan, work: Work, block: Block, found: Found, mark: int) -> None:
    """Audit the state, and record it where a save or the edge of a window asks for it.

    Outputs and places held must have been put in their rows.
    """
    step = plan.marks[mark]
    copy = step % plan.steps.shape[0]
    state = copy * plan.n_state
    output_rows = plan.output_rows[copy]
    bank = work.bank
    inflow = state + plan.n_state - 1
    audit_people(bank, state, inflow, plan.audit_rows, plan.audit_people, work.audit, step == 0)
    audit_capacity(
        bank,
        plan.gate_rows[copy],
        plan.capacity_rows,
        plan.highest_tables,
        mark,
        work.held,
        work.audit,
    )
    if step == 0:
        for k in range(output_rows.size):
            for p in range(PARTS):
                store(work.before, k, p, load(bank, output_rows[k], p))
    if plan.saves_of_marks[mark] >= 0:
        record_save(
            bank,
            output_rows,
            plan.since_last,
            work.before,
            plan.spare,
            block,
            plan.saves_of_marks[mark],
            found.series,
            found.summary,
        )
    record_windows(bank, output_rows, plan.windows, step, work.at_first, block, found.totals)


@compiled
def advance_block(plan: Plan, work: Work, block: Block, found: Found) -> None:
    """Take a block of members from the start to the end of the run."""
    bank = work.bank
    set_up(plan, work, block)
    n_copies = plan.steps.shape[0]
    for item in range(plan.schedule.shape[0]):
        kind = plan.schedule[item, 0]
        first = plan.schedule[item, 1]
        last = plan.schedule[item, 2]
        if kind == TAKE_STEPS:
            for step in range(first, last):
                copy = step % n_copies
                run(
                    bank,
                    plan.code,
                    plan.factors,
                    plan.steps[copy, 0],
                    plan.steps[copy, 1],
                    step,
                    plan.profiles,
                    plan.capacity_tables,
                    plan.open_tables,
                )
        elif kind == RUN_ONCE:
            run(
                bank,
                plan.code,
                plan.factors,
                first,
                last,
                plan.n_steps,  # such instructions read no tables
                plan.profiles,
                plan.capacity_tables,
                plan.open_tables,
            )
        elif kind == ANCHOR:
            anchor_growth(plan, bank, block.members, first * plan.step_days)
        else:
            observe(plan, work, block, found, first)
    for lane in range(block.n_valid):
        inflow = (plan.n_steps % n_copies + 1) * plan.n_state - 1
        found.audit[INFLOW, block.first_member + lane] = bank[inflow, lane]
        for row in range(RESIDUAL, EXCESS + 1):
            found.audit[row, block.first_member + lane] = work.audit[row, lane]
