"""How large a share of a row its moves can ask for in one step, for every member.

Above 1 the kernel limits the moves of the row. Well below 1 is also what accuracy asks for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.engines.flow.network import NONE, FloatArray, Move, Network, Value


@dataclass(frozen=True)
class Fractions:
    """Shares of rows asked for in one step.

    Attributes
    ----------
    largest
        Shape (n_members,): the largest over all rows; an upper bound where rates vary over time.
    limited_rows
        Rows whose moves vary over time and may ask for more than everybody, for some member.
    """

    largest: FloatArray
    limited_rows: frozenset[int]


def is_driven(moves: list[Move]) -> bool:
    """Return whether any of a row's moves varies over time."""
    return any(move.profile != NONE or move.growth != NONE for move in moves)


def moves_by_row(network: Network) -> dict[int, list[Move]]:
    """Return the moves that leave each row, in the order of the network."""
    grouped: dict[int, list[Move]] = {}
    for move in network.moves:
        grouped.setdefault(move.row, []).append(move)
    return grouped


def value_of(value: Value, lanes: FloatArray) -> FloatArray:
    """Return a value for every member, shape (n_members,)."""
    if value.lane == NONE:
        return np.full(lanes.shape[1], value.base)
    product: FloatArray = value.base * lanes[value.lane]
    return product


def fractions_asked(network: Network, lanes: FloatArray) -> Fractions:
    """Return the largest shares that moves take of their rows in one step."""
    largest = np.zeros(lanes.shape[1])
    limited: set[int] = set()
    known: dict[tuple[object, ...], FloatArray] = {}
    days = network.step_days * network.n_steps
    for row, moves in moves_by_row(network).items():
        key = tuple((move.rate, move.profile, move.growth) for move in moves)
        if key not in known:
            asked = np.zeros(lanes.shape[1])
            for move in moves:
                part = network.step_days * value_of(move.rate, lanes)
                if move.profile != NONE:
                    part = part * network.profiles[:, :, move.profile].max(initial=0.0)
                if move.growth != NONE:
                    part = part * np.exp(np.maximum(lanes[move.growth], 0.0) * days)
                asked += part
            known[key] = asked
            largest = np.maximum(largest, asked)
        if is_driven(moves) and known[key].max() > 1.0:
            limited.add(row)
    return Fractions(largest, frozenset(limited))
