"""What is looked at and recorded while a block runs: the audit, saves and windows."""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.flow.kernel.vector import (
    WIDTH,
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


@compiled
def audit_people(bank: Any, state: int, is_person: Any, audit: Any, mark: int) -> None:
    """Update the smallest stock and the most people that nobody can account for.

    Row INFLOW of the audit holds the number of people at the start until the end.
    """
    parts = bank.shape[1] // WIDTH
    n_rows = is_person.shape[0]
    for p in range(parts):
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
    parts = bank.shape[1] // WIDTH
    for g in range(capacity_rows.size):
        if capacity_rows[g] < 0:
            continue
        table = spread(highest_tables[mark, g])
        for p in range(parts):
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
    parts = bank.shape[1] // WIDTH
    per_member = 1.0 / n_valid
    for k in range(output_rows.shape[1]):
        row = output_rows[copy, k]
        if mark == 0:
            for p in range(parts):
                store(before, k, p, load(bank, row, p))
        if save < 0:
            continue
        if since_last[k]:
            for p in range(parts):
                now = load(bank, row, p)
                store(bank, spare, p, now - load(before, k, p))
                store(before, k, p, now)
            row = spare
        people = spread(0.0)
        low = load(bank, row, 0)
        high = low
        for p in range(parts):
            value = load(bank, row, p)
            people = people + load(weights, 0, p) * value
            low = lesser(low, value)
            high = greater(high, value)
        mean = total(people) * per_member
        squares = spread(0.0)
        for p in range(parts):
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
    parts = bank.shape[1] // WIDTH
    n_outputs = output_rows.shape[1]
    for w in range(windows.shape[0]):
        if windows[w, 0] == step:
            for k in range(n_outputs):
                for p in range(parts):
                    store(at_first, w * n_outputs + k, p, load(bank, output_rows[copy, k], p))
        if windows[w, 1] == step:
            for k in range(n_outputs):
                for lane in range(n_valid):
                    change = bank[output_rows[copy, k], lane]
                    change -= at_first[w * n_outputs + k, lane]
                    totals[k, w, first_member + lane] = change
