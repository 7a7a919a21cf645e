"""Turns rates and shares into the shares of a row that move in a step: numbers or bank rows.

A coefficient that is the same for all members stays a number in the program. One that differs
gets a bank row, filled once per block of members. Rows whose moves are alike (the phases of one
stay, say) share their coefficient rows, which keeps them in the fastest cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from caresim.engines.flow.network import NONE, FloatArray, IntArray, Move, Value


@dataclass(frozen=True, slots=True)
class BankRow:
    """A coefficient that is held in a bank row."""

    row: int


Coefficient = float | BankRow

MAX_LANES: Final = 2
"""Most members' lanes multiplied into one coefficient: that of a rate and that of a share."""


@dataclass(frozen=True)
class Leaving:
    """How the undriven moves of a row empty it: what stays, and what goes where per move."""

    stays: Coefficient
    goes: tuple[tuple[Coefficient, ...], ...]
    made: tuple[Coefficient, ...]


class Coefficients:
    """Collects the coefficients of a program; `first_row` is the bank row of the first one.

    Attributes
    ----------
    products
        For each bank row from `first_row` on: its base and two lanes, -1 for none.
    groups
        Rows of moves that compete: (row of what stays, rows of the fractions that leave, rows to
        be scaled down with them where the fractions sum to more than 1).
    """

    def __init__(self, first_row: int, step_days: float) -> None:
        self.first_row = first_row
        self.step_days = step_days
        self.products: list[tuple[float, int, int]] = []
        self.groups: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = []
        self._shared: dict[tuple[float, int, int], BankRow] = {}
        self._leaving: dict[tuple[object, ...], Leaving] = {}

    def new_row(self, base: float, *factors: int) -> BankRow:
        """Add a bank row holding ``base`` times the lanes named in ``factors``."""
        used = [lane for lane in factors if lane != NONE]
        used += [NONE] * (MAX_LANES - len(used))
        self.products.append((base, used[0], used[1]))
        return BankRow(self.first_row + len(self.products) - 1)

    def shared_row(self, base: float, *factors: int) -> BankRow:
        """Return a bank row holding the product, the same one for the same product."""
        used = sorted((lane for lane in factors if lane != NONE), reverse=True)
        used += [NONE] * (MAX_LANES - len(used))
        key = (base, used[0], used[1])
        if key not in self._shared:
            self._shared[key] = self.new_row(*key)
        return self._shared[key]

    def row_of(self, value: Value) -> int:
        """Return the bank row that holds a value."""
        return self.shared_row(value.base, value.lane).row

    def fraction(self, move: Move) -> BankRow:
        """Return the row of the share of people that a driven move takes, before its driver."""
        return self.shared_row(self.step_days * move.rate.base, move.rate.lane)

    def target_fraction(self, move: Move, share: Value) -> BankRow:
        """Return the row of the share of people that a driven move brings to one target."""
        base = self.step_days * move.rate.base * share.base
        return self.shared_row(base, move.rate.lane, share.lane)

    def leaving(self, moves: list[Move]) -> Leaving:
        """Return the coefficients of the undriven moves of one row, limited to all of it."""
        key = tuple((m.rate, tuple(t.share for t in m.targets)) for m in moves)
        if key not in self._leaving:
            same = all(move.rate.lane == NONE for move in moves)
            self._leaving[key] = self._fixed(moves) if same else self._per_member(moves)
        return self._leaving[key]

    def _fixed(self, moves: list[Move]) -> Leaving:
        fractions = [self.step_days * move.rate.base for move in moves]
        scale = min(1.0, 1.0 / sum(fractions)) if sum(fractions) > 0.0 else 1.0
        fractions = [fraction * scale for fraction in fractions]
        goes: list[tuple[Coefficient, ...]] = []
        for move, fraction in zip(moves, fractions, strict=True):
            goes.append(
                tuple(
                    fraction * target.share.base
                    if target.share.lane == NONE
                    else self.shared_row(fraction * target.share.base, target.share.lane)
                    for target in move.targets
                )
            )
        return Leaving(max(0.0, 1.0 - sum(fractions)), tuple(goes), tuple(fractions))

    def _per_member(self, moves: list[Move]) -> Leaving:
        stays = self.new_row(1.0)
        made: list[BankRow] = []
        goes: list[tuple[Coefficient, ...]] = []
        scaled: list[int] = []
        for move in moves:
            base = self.step_days * move.rate.base
            fraction = self.new_row(base, move.rate.lane)
            rows: list[Coefficient] = []
            for target in move.targets:
                if target.share == Value(1.0):
                    rows.append(fraction)
                    continue
                share = target.share
                row = self.new_row(base * share.base, move.rate.lane, share.lane)
                scaled.append(row.row)
                rows.append(row)
            made.append(fraction)
            goes.append(tuple(rows))
        self.groups.append((stays.row, tuple(f.row for f in made), tuple(scaled)))
        return Leaving(stays, tuple(goes), tuple(made))

    def product_arrays(self) -> tuple[FloatArray, IntArray]:
        """Return bases, shape (n,), and lanes, shape (n, 2), of the coefficient rows."""
        bases = np.array([p[0] for p in self.products], dtype=np.float64)
        lanes = np.array([p[1:] for p in self.products], dtype=np.int64)
        return bases, lanes.reshape(-1, MAX_LANES)

    def group_arrays(self) -> tuple[IntArray, IntArray]:
        """Return groups, shape (n, 3), as (what stays, end of fractions, end of scaled), and rows.

        A group's fractions in the list of rows begin where the group before it ends.
        """
        table: list[tuple[int, int, int]] = []
        rows: list[int] = []
        for stays, fractions, scaled in self.groups:
            rows += fractions
            middle = len(rows)
            rows += scaled
            table.append((stays, middle, len(rows)))
        shaped = np.array(table, dtype=np.int64).reshape(-1, 3)
        return shaped, np.array(rows, dtype=np.int64)
