"""Turns a network into the program that takes one step, and the layout of the bank it works on.

A program is built once per run. `Program.steps` holds one stretch of instructions per place the
state can be in: Euler's method goes from one copy of the state to the other and back, so it has
two; the higher-order methods end where they began and have one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caresim.engines.flow.kernel import machine
from caresim.engines.flow.kernel.admissions import emit_gates, emit_swaps
from caresim.engines.flow.kernel.assembler import Assembler, Term
from caresim.engines.flow.kernel.bank import BankLayout
from caresim.engines.flow.kernel.coefficients import Coefficients
from caresim.engines.flow.kernel.limits import is_driven, moves_by_row
from caresim.engines.flow.network import NONE, FloatArray, IntArray, Move, Network

# How the result of each stage after the first is mixed with the state X at the start of the step,
# as (share of X, share of the result), and the weight of every stage in an integral over the step;
# Shu and Osher, doi:10.1016/0021-9991(88)90177-5.
MIXES = {
    "heun": ((1 / 2, 1 / 2),),
    "rk3": ((3 / 4, 1 / 4), (1 / 3, 2 / 3)),
}
STAGE_WEIGHTS = {
    "euler": (1.0,),
    "heun": (1 / 2, 1 / 2),
    "rk3": (1 / 6, 1 / 6, 2 / 3),
}


@dataclass(frozen=True)
class Program:
    """A network as instructions.

    Attributes
    ----------
    layout
        Where everything is in the bank.
    code, factors
        The instructions, shapes (n, 1 + OPERANDS) and (n, FACTORS); see `machine`.
    steps
        Shape (n_copies, 4): for each copy the state can be in at the start of a step, first and
        last instruction of the step, and of the observation of that copy.
    removals
        Shape (n_removals, 3): step, first and last instruction; by step.
    exchanges, held
        Shape (n_copies, 2) each: first and last instruction of what is to be read at an exchange,
        and of the places held then, which only those need who may change capacities.
    output_rows, gate_rows
        Shapes (n_copies, n_outputs) and (n_copies, n_gates): the bank rows of outputs, and of
        the places held in gates, once a copy of the state has been observed.
    measure_rows
        Shape (n_copies, n_measures): the same of what is read at an exchange.
    capacity_rows
        Shape (n_gates,): the coefficient row of each gate's capacity, -1 where it is unlimited.
    products, product_lanes, groups, group_rows
        How to fill the coefficient rows, see `coefficients`.
    """

    layout: BankLayout
    code: IntArray
    factors: FloatArray
    steps: IntArray
    removals: IntArray
    exchanges: IntArray
    held: IntArray
    output_rows: IntArray
    gate_rows: IntArray
    measure_rows: IntArray
    capacity_rows: IntArray
    products: FloatArray
    product_lanes: IntArray
    groups: IntArray
    group_rows: IntArray


def build(network: Network, limited_rows: frozenset[int]) -> Program:
    """Return the program of a network; `limited_rows` get a limiter in the step."""
    layout = BankLayout.of(network, limited_rows)
    coefficients = Coefficients(layout.coefficients, network.step_days)
    assembler = Assembler(coefficients)
    n_copies = 2 if network.method == "euler" else 1
    steps: list[tuple[int, int, int, int]] = []
    output_rows: list[list[int]] = []
    gate_rows: list[list[int]] = []
    measure_rows: list[list[int]] = []
    exchanges: list[tuple[int, int]] = []
    held: list[tuple[int, int]] = []
    for copy in range(n_copies):
        first = len(assembler)
        _emit_step(assembler, layout, network, limited_rows, copy)
        middle = len(assembler)
        outputs, gates = _emit_observation(assembler, layout, network, layout.state(copy))
        output_rows.append(outputs)
        gate_rows.append(gates)
        observed = len(assembler)
        steps.append((first, middle, middle, observed))
        measure_rows.append(_emit_measures(assembler, layout, network, layout.state(copy)))
        measured = len(assembler)
        exchanges.append((observed, measured))
        if network.exchange_steps.size:
            _emit_held(assembler, layout, network, layout.state(copy))
        held.append((measured, len(assembler)))
    removals = _emit_removals(assembler, layout, network, n_copies)
    capacity_rows = [
        NONE if math.isinf(gate.capacity.base) else coefficients.row_of(gate.capacity)
        for gate in network.gates
    ]
    products, product_lanes = coefficients.product_arrays()
    groups, group_rows = coefficients.group_arrays()
    return Program(
        layout=layout,
        code=assembler.code_array(),
        factors=assembler.factor_array(),
        steps=np.array(steps, dtype=np.int64),
        removals=np.array(removals, dtype=np.int64).reshape(-1, 3),
        exchanges=np.array(exchanges, dtype=np.int64),
        held=np.array(held, dtype=np.int64),
        output_rows=np.array(output_rows, dtype=np.int64),
        gate_rows=np.array(gate_rows, dtype=np.int64),
        measure_rows=np.array(measure_rows, dtype=np.int64).reshape(n_copies, -1),
        capacity_rows=np.array(capacity_rows, dtype=np.int64),
        products=products,
        product_lanes=product_lanes,
        groups=groups,
        group_rows=group_rows,
    )


def _emit_step(
    assembler: Assembler,
    layout: BankLayout,
    network: Network,
    limited_rows: frozenset[int],
    copy: int,
) -> None:
    start = layout.state(copy)
    if network.method == "euler":
        end = layout.state(1 - copy)
        _emit_stage(assembler, layout, network, limited_rows, 0, start, end)
    else:
        # Places may have opened since the last step. Filling them inside the stages would let
        # only a part of the queue in, because the stages' results are averaged.
        emit_gates(assembler, layout, network, start, start, settle=True)
        between, end = layout.state(1), layout.state(2)
        _emit_stage(assembler, layout, network, limited_rows, 0, start, between)
        mixes = MIXES[network.method]
        for stage, (keep, take) in enumerate(mixes, start=1):
            _emit_stage(assembler, layout, network, limited_rows, stage, between, end)
            mixed = start if stage == len(mixes) else between
            for row in range(layout.n_state):
                assembler.sum(mixed + row, ((start + row, keep), (end + row, take)))
    for lane in layout.growth_lanes:
        now = layout.growth(lane, 0)
        assembler.multiply(now, now, layout.growth_ratio(lane))


def _emit_stage(
    assembler: Assembler,
    layout: BankLayout,
    network: Network,
    limited_rows: frozenset[int],
    stage: int,
    start: int,
    end: int,
) -> None:
    """Emit one Euler step from the state at bank row `start` to the one at `end`."""
    _emit_drivers(assembler, layout, stage)
    terms = _linear_terms(assembler, layout, network, limited_rows, stage, start)
    for row in range(layout.n_state):
        assembler.sum(end + row, terms[row])
    weight = network.step_days * STAGE_WEIGHTS[network.method][stage]
    recorded = dict(zip(layout.outputs, network.outputs, strict=True))
    recorded.update(zip(layout.measures, network.measures, strict=True))
    for integral, output in recorded.items():
        if output.kind == "integral":
            held = [(start + row, weight * share) for row, share in output.terms]
            assembler.sum(integral, held, add=True)
    emit_gates(assembler, layout, network, start, end)
    emit_swaps(assembler, layout, network, end)


def _emit_drivers(assembler: Assembler, layout: BankLayout, stage: int) -> None:
    for lane in layout.growth_lanes:
        if stage:
            now, ratio = layout.growth(lane, 0), layout.growth_ratio(lane, stage)
            assembler.multiply(layout.growth(lane, stage), now, ratio)
    for (profile, lane), row in layout.drivers.items():
        if lane == NONE:
            assembler.emit(machine.PROFILE, row, stage, profile)
        else:
            growth = layout.growth(lane, stage)
            assembler.emit(machine.PROFILE_TIMES, row, stage, profile, growth)


def _linear_terms(
    assembler: Assembler,
    layout: BankLayout,
    network: Network,
    limited_rows: frozenset[int],
    stage: int,
    start: int,
) -> list[list[Term]]:
    """Return what each row's next state is the sum of; emits the limiters it needs."""
    coefficients = assembler.coefficients
    moves = moves_by_row(network)
    terms: list[list[Term]] = [[] for _ in range(layout.n_state)]
    for row in range(layout.n_state):
        undriven = row in moves and not is_driven(moves[row])
        stays = coefficients.leaving(moves[row]).stays if undriven else 1.0
        terms[row].append((start + row, stays))
    for row, leavers in moves.items():
        if not is_driven(leavers):
            leaving = coefficients.leaving(leavers)
            for move, made, goes in zip(leavers, leaving.made, leaving.goes, strict=True):
                for target, part in zip(move.targets, goes, strict=True):
                    terms[target.row].append((start + row, part))
                for tally in move.tallies:
                    terms[tally].append((start + row, made))
            continue
        drivers = [layout.driver(move.profile, move.growth, stage) for move in leavers]
        if row in limited_rows:
            drivers = _emit_limiter(assembler, layout, row, leavers, drivers)
        for move, driver in zip(leavers, drivers, strict=True):
            taken = coefficients.shared_row(-network.step_days * move.rate.base, move.rate.lane)
            terms[row].append((start + row, taken, driver))
            for target in move.targets:
                part = coefficients.target_fraction(move, target.share)
                terms[target.row].append((start + row, part, driver))
            for tally in move.tallies:
                terms[tally].append((start + row, coefficients.fraction(move), driver))
    for source in network.sources:
        driver = layout.driver(source.profile, source.growth, stage)
        base = network.step_days * source.rate.base
        people = coefficients.shared_row(base, source.rate.lane)
        terms[source.row].append((driver, people))
        terms[layout.inflow].append((driver, people))
    return terms


def _emit_limiter(
    assembler: Assembler, layout: BankLayout, row: int, moves: list[Move], drivers: list[int]
) -> list[int]:
    """Scale down the drivers of a row's moves where together they would take too much."""
    asked = [
        (driver, assembler.coefficients.fraction(move))
        for move, driver in zip(moves, drivers, strict=True)
    ]
    assembler.sum(layout.need, asked)
    assembler.emit(machine.LIMIT, layout.ratio, layout.need)
    for driver, limited in zip(drivers, layout.limiters[row], strict=True):
        assembler.multiply(limited, driver, layout.ratio)
    return list(layout.limiters[row])


def _emit_observation(
    assembler: Assembler, layout: BankLayout, network: Network, state: int
) -> tuple[list[int], list[int]]:
    """Emit the sums that outputs and places held are read from; return the rows to read."""
    outputs: list[int] = []
    for output, row in zip(network.outputs, layout.outputs, strict=True):
        terms = [(state + source, share) for source, share in output.terms]
        outputs.append(row if output.kind == "integral" else assembler.sum_row(row, terms))
    return [*outputs, *layout.outside], _emit_held(assembler, layout, network, state)


def _emit_held(assembler: Assembler, layout: BankLayout, network: Network, state: int) -> list[int]:
    """Emit the sums of places held in gates; return the rows to read."""
    gates: list[int] = []
    for gate, row in zip(network.gates, layout.gates, strict=True):
        holders = [(state + source, places) for source, places in gate.occupants]
        gates.append(assembler.sum_row(row, holders))
    return gates


def _emit_measures(
    assembler: Assembler, layout: BankLayout, network: Network, state: int
) -> list[int]:
    """Emit what is to be read at an exchange; return the rows of measures."""
    rows: list[int] = []
    for measure, row in zip(network.measures, layout.measures, strict=True):
        terms = [(state + source, share) for source, share in measure.terms]
        rows.append(row if measure.kind == "integral" else assembler.sum_row(row, terms))
    return rows


def _emit_removals(
    assembler: Assembler, layout: BankLayout, network: Network, n_copies: int
) -> list[tuple[int, int, int]]:
    """Emit scheduled removals; each works on the copy the state is in at its step."""
    table = []
    for removal in sorted(network.removals, key=lambda item: item.step):
        state = layout.state(removal.step % n_copies)
        first = len(assembler)
        assembler.sum(layout.need, [(state + row, 1.0) for row in removal.rows])
        people = assembler.coefficients.row_of(removal.people)
        assembler.sum(layout.free, ((people, 1.0),))
        assembler.emit(machine.RATIO, layout.ratio, layout.need, layout.free, layout.free)
        for row, target in zip(removal.rows, removal.targets, strict=True):
            operands = (layout.moved, state + row, layout.ratio, state + target)
            assembler.emit(machine.TAKE_SHARE, *operands, factors=(1.0,))
        table.append((removal.step, first, len(assembler)))
    return table
