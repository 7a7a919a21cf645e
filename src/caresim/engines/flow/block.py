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
    which the state is looked at, ``saves`` the save at each, -1 for none. ``is_person`` is 1 for
    rows of people and 0 for tallies, shape (n_rows,). ``capacity_rows`` and ``highest_tables``
    (n_marks, n_gates) give a gate's capacity and its highest multiplier since the mark before.
    ``since_last`` says which outputs are reported as the change since the last save.
    """

    start: FloatArray
    start_lane: IntArray
    step_days: float
    n_steps: int
    schedule: IntArray
    marks: IntArray
    saves: IntArray
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
    n_stages: int
    first_coefficient: int
    products: FloatArray
    product_lanes: IntArray
    groups: IntArray
    group_rows: IntArray
    is_person: FloatArray
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
def anchor_growth(
    bank: Any, members: Any, growth_lanes: Any, first_growth: int, n_stages: int, days: float
) -> None:
    """Set growth factors to their exact values ``days`` after the start."""
    for i in range(growth_lanes.size):
        row = first_growth + 2 * n_stages * i
        for lane in range(BLOCK):
            bank[row, lane] = math.exp(members[growth_lanes[i], lane] * days)


@compiled
def audit_people(bank: Any, state: int, is_person: Any, audit: Any, mark: int) -> None:
    """Update the smallest stock and the most people that nobody can account for.

    Row INFLOW of the audit holds the number of people at the start until the end.
    """
    n_rows = is_person.shape[0]
    for p in range(PARTS):
        low = load(bank, state, p)
        everybody = spread(0.0)
        for row in range(n_rows):
            stock = load(bank, state + row, p)
            low = lesser(low, stock)
            everybody = everybody + spread(is_person[row]) * stock
        if mark == 0:
            store(audit, INFLOW, p, everybody)
            store(audit, SMALLEST, p, low)
            store(audit, RESIDUAL, p, spread(0.0))
            store(audit, EXCESS, p, spread(0.0))
        else:
            expected = load(audit, INFLOW, p) + load(bank, state + n_rows, p)
            off = everybody - expected
            size = greater(off, spread(0.0) - off) / greater(spread(1.0), expected)
            store(audit, RESIDUAL, p, greater(load(audit, RESIDUAL, p), size))
            store(audit, SMALLEST, p, lesser(load(audit, SMALLEST, p), low))


@compiled
def audit_capacity(
    bank: Any,
    gate_rows: Any,
    copy: int,
    capacity_rows: Any,
    highest_tables: Any,
    mark: int,
    held: Any,
    audit: Any,
) -> None:
    """Update by how much any gate's places held exceed what capacity and the past explain.

    Places held may exceed capacity where it has fallen, never what was held at the mark before.
    """
    for g in range(capacity_rows.size):
        if capacity_rows[g] < 0:
            continue
        table = spread(highest_tables[mark, g])
        for p in range(PARTS):
            now = load(bank, gate_rows[copy, g], p)
            if mark > 0:
                capacity = load(bank, capacity_rows[g], p) * table
                over = now - greater(capacity, load(held, g, p))
                store(audit, EXCESS, p, greater(load(audit, EXCESS, p), over))
            store(held, g, p, now)


@compiled
def record_save(
    bank: Any,
    output_rows: Any,
    copy: int,
    since_last: Any,
    before: Any,
    spare: int,
    weights: Any,
    n_valid: int,
    n_series: int,
    first_member: int,
    mark: int,
    save: int,
    series: Any,
    summary: Any,
) -> None:
    """Record every output at a save: the summary of the block, and its members' own values.

    Row ``spare`` of the bank is overwritten. The first mark is where changes count from.
    """
    per_member = 1.0 / n_valid
    for k in range(output_rows.shape[1]):
        row = output_rows[copy, k]
        if mark == 0:
            for p in range(PARTS):
                store(before, k, p, load(bank, row, p))
        if save < 0:
            continue
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
        for lane in range(n_series):
            series[k, save, first_member + lane] = bank[row, lane]


@compiled
def record_windows(
    bank: Any,
    output_rows: Any,
    copy: int,
    windows: Any,
    step: int,
    at_first: Any,
    n_valid: int,
    first_member: int,
    totals: Any,
) -> None:
    """Note every output where a window begins, and its change where the window ends."""
    n_outputs = output_rows.shape[1]
    for w in range(windows.shape[0]):
        if windows[w, 0] == step:
            for k in range(n_outputs):
                for p in range(PARTS):
                    store(at_first, w * n_outputs + k, p, load(bank, output_rows[copy, k], p))
        if windows[w, 1] == step:
            for k in range(n_outputs):
                for lane in range(n_valid):
                    change = bank[output_rows[copy, k], lane]
                    change -= at_first[w * n_outputs + k, lane]
                    totals[k, w, first_member + lane] = change


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
    n_stages = plan.n_stages
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
def advance_block(plan: Plan, work: Work, block: Block, found: Found) -> None:
    """Take a block of members from the start to the end of the run."""
    set_up(plan, work, block)
    # Each table is taken out of its tuple once: doing so costs as much as an instruction.
    bank, before, at_first, held, audit = work
    members, weights, n_valid, n_series, first_member = block
    series, summary, totals, audit_of_members = found
    schedule, code, factors, steps = plan.schedule, plan.code, plan.factors, plan.steps
    profiles, capacities, opens = plan.profiles, plan.capacity_tables, plan.open_tables
    growth_lanes, first_growth, n_stages = plan.growth_lanes, plan.first_growth, plan.n_stages
    marks, saves, windows, since_last = plan.marks, plan.saves, plan.windows, plan.since_last
    output_rows, gate_rows = plan.output_rows, plan.gate_rows
    capacity_rows, highest_tables = plan.capacity_rows, plan.highest_tables
    is_person = plan.is_person
    n_copies, n_state = steps.shape[0], plan.n_state
    for item in range(schedule.shape[0]):
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
    inflow = (plan.n_steps % n_copies + 1) * n_state - 1
    for lane in range(n_valid):
        audit_of_members[INFLOW, first_member + lane] = bank[inflow, lane]
        for row in range(RESIDUAL, EXCESS + 1):
            audit_of_members[row, first_member + lane] = audit[row, lane]
