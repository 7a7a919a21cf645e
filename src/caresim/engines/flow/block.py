"""Advances one block of 64 members from start to end: the compiled loop around the program.

A block shorter than 64 is filled up with copies of its last member, whose figures are computed
and left out of every sum.
"""

from __future__ import annotations

import math
from typing import Any, Final

from caresim.engines.flow.machine import compiled, run
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

GROWTH_ANCHOR: Final = 128
"""Steps between exact growth factors; between them the factor is multiplied up, which is 20 times
faster than an exponential and loses less than 1e-13 of it."""

MEAN, SPREAD, LOW, HIGH = range(4)
"""Rows of a block's summary: mean, sum of squared differences from it, smallest, largest."""

INFLOW, RESIDUAL, SMALLEST, EXCESS = range(4)
"""Rows of the audit table, see `kernel.FlowAudit`."""


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
        for lane in range(BLOCK):
            rate = members[growth_lanes[i], lane]
            bank[first_growth + 2 * n_stages * i, lane] = math.exp(rate * days)


@compiled
def audit_state(
    bank: Any,
    state: int,
    inflow: int,
    rows: Any,
    people: Any,
    begun: Any,
    smallest: Any,
    residual: Any,
    at_start: bool,
) -> None:
    """Update the smallest stock and the largest loss or gain of people nobody can account for."""
    for p in range(PARTS):
        low = spread(math.inf)
        everybody = spread(0.0)
        for i in range(rows.size):
            stock = load(bank, state + rows[i], p)
            low = lesser(low, stock)
            if people[i]:
                everybody = everybody + stock
        if at_start:
            store(begun, 0, p, everybody)
            store(smallest, 0, p, low)
            store(residual, 0, p, spread(0.0))
        else:
            expected = load(begun, 0, p) + load(bank, inflow, p)
            off = everybody - expected
            size = greater(off, spread(0.0) - off) / greater(spread(1.0), expected)
            store(residual, 0, p, greater(load(residual, 0, p), size))
            store(smallest, 0, p, lesser(load(smallest, 0, p), low))


@compiled
def audit_capacity(
    bank: Any,
    gate_rows: Any,
    capacity_rows: Any,
    highest_tables: Any,
    mark: int,
    held: Any,
    excess: Any,
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
                store(excess, 0, p, greater(load(excess, 0, p), over))
            store(held, g, p, now)


@compiled
def record_save(
    bank: Any,
    output_rows: Any,
    since_last: Any,
    before: Any,
    weights: Any,
    n_valid: int,
    n_series: int,
    save: int,
    first_member: int,
    series: Any,
    summary: Any,
) -> None:
    """Record every output at a save: the summary of the block, and its members' own values."""
    per_member = 1.0 / n_valid
    for k in range(output_rows.size):
        row = output_rows[k]
        if since_last[k]:
            for p in range(PARTS):
                now = load(bank, row, p)
                change = now - load(before, k, p)
                store(before, k, p, now)
                store(before, output_rows.size, p, change)
        else:
            for p in range(PARTS):
                store(before, output_rows.size, p, load(bank, row, p))
        people = spread(0.0)
        low = load(before, output_rows.size, 0)
        high = low
        for p in range(PARTS):
            value = load(before, output_rows.size, p)
            people = people + load(weights, 0, p) * value
            low = lesser(low, value)
            high = greater(high, value)
        mean = total(people) * per_member
        squares = spread(0.0)
        for p in range(PARTS):
            off = load(before, output_rows.size, p) - spread(mean)
            squares = squares + load(weights, 0, p) * off * off
        summary[MEAN, k, save] = mean
        summary[SPREAD, k, save] = total(squares)
        summary[LOW, k, save] = lowest(low)
        summary[HIGH, k, save] = highest(high)
        for lane in range(n_series):
            series[k, save, first_member + lane] = before[output_rows.size, lane]


@compiled
def record_windows(
    bank: Any,
    output_rows: Any,
    windows: Any,
    step: int,
    at_first: Any,
    n_valid: int,
    first_member: int,
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
                for lane in range(n_valid):
                    change = bank[output_rows[k], lane] - at_first[w * n_outputs + k, lane]
                    totals[k, w, first_member + lane] = change


@compiled
def advance_block(
    bank: Any,
    members: Any,
    weights: Any,
    work: Any,
    n_valid: int,
    n_series: int,
    first_member: int,
    start: Any,
    start_lane: Any,
    step_days: float,
    n_steps: int,
    marks: Any,
    saves_of_marks: Any,
    windows: Any,
    code: Any,
    factors: Any,
    steps: Any,
    removals: Any,
    profiles: Any,
    capacity_tables: Any,
    open_tables: Any,
    growth_lanes: Any,
    stage_offsets: Any,
    first_growth: int,
    ones: int,
    n_state: int,
    coefficients: int,
    products: Any,
    product_lanes: Any,
    groups: Any,
    group_rows: Any,
    audit_rows: Any,
    audit_people: Any,
    gate_rows: Any,
    capacity_rows: Any,
    highest_tables: Any,
    output_rows: Any,
    since_last: Any,
    series: Any,
    summary: Any,
    totals: Any,
    audit: Any,
) -> None:
    """Run every step for one block; ``work`` is (before, at_first, held, audit) scratch tables."""
    before, at_first, held, audit_work = work
    begun = audit_work[0:1]
    smallest = audit_work[1:2]
    residual = audit_work[2:3]
    excess = audit_work[3:4]
    for row in range(start.size):
        for lane in range(BLOCK):
            bank[row, lane] = start[row]
            if start_lane[row] >= 0:
                bank[row, lane] *= members[start_lane[row], lane]
    for lane in range(BLOCK):
        bank[ones, lane] = 1.0
    n_stages = stage_offsets.size
    for i in range(growth_lanes.size):
        for stage in range(n_stages):
            ahead = step_days if stage == 0 else step_days * stage_offsets[stage]
            for lane in range(BLOCK):
                ratio = math.exp(members[growth_lanes[i], lane] * ahead)
                bank[first_growth + (2 * i + 1) * n_stages + stage, lane] = ratio
    fill_coefficients(
        bank, members, coefficients, products, product_lanes, groups, group_rows
    )
    n_places = steps.shape[0]
    mark = 0
    removal = 0
    for step in range(n_steps + 1):
        place = step % n_places
        if mark < marks.size and marks[mark] == step:
            run(
                bank, code, factors, steps[place, 2], steps[place, 3], 0,
                profiles, capacity_tables, open_tables,
            )
            state = place * n_state
            audit_state(
                bank, state, state + n_state - 1, audit_rows, audit_people,
                begun, smallest, residual, step == 0,
            )
            audit_capacity(
                bank, gate_rows, capacity_rows, highest_tables, mark, held, excess
            )
            if saves_of_marks[mark] >= 0:
                record_save(
                    bank, output_rows, since_last, before, weights, n_valid, n_series,
                    saves_of_marks[mark], first_member, series, summary,
                )
            record_windows(
                bank, output_rows, windows, step, at_first, n_valid, first_member, totals
            )
            mark += 1
        if step == n_steps:
            break
        if step % GROWTH_ANCHOR == 0:
            anchor_growth(
                bank, members, growth_lanes, first_growth, n_stages, step * step_days
            )
        while removal < removals.shape[0] and removals[removal, 0] == step:
            run(
                bank, code, factors, removals[removal, 2], removals[removal, 3], step,
                profiles, capacity_tables, open_tables,
            )
            removal += 1
        run(
            bank, code, factors, steps[place, 0], steps[place, 1], step,
            profiles, capacity_tables, open_tables,
        )
    last = (n_steps % n_places) * n_state + n_state - 1
    for lane in range(n_valid):
        audit[INFLOW, first_member + lane] = bank[last, lane]
        audit[RESIDUAL, first_member + lane] = residual[0, lane]
        audit[SMALLEST, first_member + lane] = smallest[0, lane]
        audit[EXCESS, first_member + lane] = excess[0, lane]
