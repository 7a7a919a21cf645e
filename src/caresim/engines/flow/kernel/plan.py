"""What compiled code is given: the plan of a run, and the tables of one block of members."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.engines.flow.kernel.program import Program
from caresim.engines.flow.kernel.schedule import lay_out_schedule
from caresim.engines.flow.kernel.vector import ALIGNMENT, WIDTH
from caresim.engines.flow.network import (
    NONE,
    STAGE_OFFSETS,
    BoolArray,
    FloatArray,
    IntArray,
    Network,
)


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
    coefficient_rows: IntArray
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
    """Tables that one block works in, a column per member; all zero at the start."""

    bank: FloatArray
    before: FloatArray
    at_first: FloatArray
    held: FloatArray
    audit: FloatArray


class Block(NamedTuple):
    """The members of one block.

    ``members`` is their table, shape (n_lanes, width), the width rounded up to whole vectors with
    copies of the last member; ``weights``, shape (1, width), is 1 for the first ``n_valid`` and 0
    for copies. The first ``n_series`` keep their own series.
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


def _aligned(n_rows: int, width: int) -> FloatArray:
    """Return a table of zeros, shape (n_rows, width), whose rows start on a cache line."""
    n_bytes = n_rows * width * 8
    raw = np.zeros(n_bytes + ALIGNMENT, dtype=np.uint8)
    skip = -raw.ctypes.data % ALIGNMENT
    return raw[skip : skip + n_bytes].view(np.float64).reshape(n_rows, width)


def lay_out_work(plan: Plan, program: Program, block: Block) -> Work:
    """Return empty tables for a block to work in."""
    n_outputs, width = plan.output_rows.shape[1], block.members.shape[1]
    return Work(
        bank=_aligned(program.layout.coefficients + plan.products.size, width),
        before=_aligned(n_outputs, width),
        at_first=_aligned(n_outputs * plan.windows.shape[0], width),
        held=_aligned(plan.gate_rows.shape[1], width),
        audit=_aligned(4, width),
    )


def lay_out_block(members: FloatArray, first: int, n_valid: int, kept: int) -> Block:
    """Return the block of `n_valid` members from `first` on; the first `kept` keep series."""
    width = -(-n_valid // WIDTH) * WIDTH
    own = members[:, first : first + n_valid]
    table = _aligned(members.shape[0], width)
    table[:, :n_valid] = own
    table[:, n_valid:] = own[:, -1:]
    weights = _aligned(1, width)
    weights[:, :n_valid] = 1.0
    return Block(table, weights, n_valid, max(0, min(n_valid, kept - first)), first)


def lay_out_plan(network: Network, program: Program) -> Plan:
    """Return what is the same for every block of a run."""
    layout = program.layout
    ends = np.array([0, network.n_steps], dtype=np.int64)
    marks = np.unique(np.concatenate((network.save_steps, network.windows.ravel(), ends)))
    saves = np.full(marks.size, NONE, dtype=np.int64)
    saves[np.searchsorted(marks, network.save_steps)] = np.arange(network.save_steps.size)
    is_person = np.ones(network.n_rows)
    is_person[list(network.tally_rows)] = 0.0
    tables = [gate.capacity_table for gate in network.gates]
    highest = np.ones((marks.size, len(tables)))
    for gate, table in enumerate(tables):
        if table != NONE and network.n_steps > 0:
            column = network.capacity_tables[:, table]
            highest[1:, gate] = np.maximum.reduceat(column, marks[:-1])
    return Plan(
        start=network.start,
        start_lane=network.start_lane,
        step_days=float(network.step_days),
        n_steps=int(network.n_steps),
        schedule=lay_out_schedule(program, marks, network.exchange_steps),
        marks=marks,
        saves=saves,
        windows=network.windows,
        code=program.code,
        factors=program.factors,
        steps=program.steps,
        profiles=network.profiles,
        capacity_tables=network.capacity_tables,
        open_tables=network.open_tables,
        growth_lanes=np.array(layout.growth_lanes, dtype=np.int64),
        stage_offsets=np.array(STAGE_OFFSETS[network.method]),
        first_growth=layout.first_growth,
        ones=layout.ones,
        spare=layout.spare,
        n_state=layout.n_state,
        n_stages=layout.n_stages,
        coefficient_rows=layout.coefficients + np.arange(len(program.products)),
        products=program.products,
        product_lanes=program.product_lanes,
        groups=program.groups,
        group_rows=program.group_rows,
        is_person=is_person,
        gate_rows=program.gate_rows,
        capacity_rows=program.capacity_rows,
        highest_tables=highest,
        output_rows=program.output_rows,
        since_last=np.array(
            [*(o.kind != "value" for o in network.outputs), *network.outside_outputs],
            dtype=np.bool_,
        ),
    )
