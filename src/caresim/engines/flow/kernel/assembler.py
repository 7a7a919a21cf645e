"""Writes instructions: sums of any length, and single instructions as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caresim.engines.flow.kernel import machine
from caresim.engines.flow.kernel.coefficients import BankRow, Coefficient, Coefficients
from caresim.engines.flow.network import FloatArray, IntArray

Term = tuple[int, Coefficient] | tuple[int, BankRow, int]
"""A bank row times a coefficient, or times a coefficient row and a driver row."""

_WIDEST = 4
"""Most terms in one instruction."""


class Assembler:
    """Collects the instructions of a program."""

    def __init__(self, coefficients: Coefficients) -> None:
        self.coefficients = coefficients
        self._code: list[list[int]] = []
        self._factors: list[list[float]] = []

    def __len__(self) -> int:
        return len(self._code)

    def emit(self, kind: int, *rows: int, factors: Sequence[float] = ()) -> int:
        """Add one instruction and return its number."""
        self._code.append([kind, *rows, *[0] * (machine.OPERANDS - len(rows))])
        self._factors.append([*factors, *[0.0] * (machine.FACTORS - len(factors))])
        return len(self._code) - 1

    def skip_from(self, instruction: int) -> None:
        """Make a skip instruction pass over all instructions written after it so far."""
        self._code[instruction][1] = len(self._code) - instruction - 1

    def multiply(self, target: int, row: int, factor: int) -> None:
        """Set ``target`` to the product of two rows."""
        self.emit(machine.SET_LANE, target, row, 0, 0, 0, factor)

    def sum(self, target: int, terms: Sequence[Term], *, add: bool = False) -> None:
        """Set ``target`` to the sum of terms, or add them to it.

        The order of the additions depends on the terms alone, never on the members' figures.
        """
        products = [term for term in terms if len(term) == 3]
        plain = [term for term in terms if len(term) == 2]
        fixed = [(row, part) for row, part in plain if not isinstance(part, BankRow)]
        varying = [(row, part) for row, part in plain if isinstance(part, BankRow)]
        if varying and fixed and len(plain) <= _WIDEST:
            # One instruction that reads a constant row costs less than two instructions.
            varying = [(row, self._as_row(part)) for row, part in plain]
            fixed = []
        if not plain and not add:
            fixed = [(target, 0.0)]
        for at in range(0, len(fixed), _WIDEST):
            some = fixed[at : at + _WIDEST]
            kind = machine.ADD_SCALAR if add else machine.SET_SCALAR
            rows = [row for row, _ in some]
            self.emit(kind + len(some) - 1, target, *rows, factors=[part for _, part in some])
            add = True
        for at in range(0, len(varying), _WIDEST):
            group = varying[at : at + _WIDEST]
            kind = machine.ADD_LANE if add else machine.SET_LANE
            rows = [row for row, _ in group]
            rows += [0] * (_WIDEST - len(rows))
            self.emit(kind + len(group) - 1, target, *rows, *[part.row for _, part in group])
            add = True
        for row, part, driver in products:
            self.emit(machine.ADD_PRODUCT, target, row, driver, 0, 0, part.row)

    def sum_row(self, target: int, terms: Sequence[tuple[int, float]]) -> int:
        """Return the row where a sum can be read: ``target``, or the only row as it is."""
        if len(terms) == 1 and terms[0][1] == 1.0:
            return terms[0][0]
        self.sum(target, terms)
        return target

    def _as_row(self, part: Coefficient) -> BankRow:
        return part if isinstance(part, BankRow) else self.coefficients.shared_row(part)

    def code_array(self) -> IntArray:
        """Return the instructions, shape (n, 1 + OPERANDS)."""
        return np.array(self._code, dtype=np.int64).reshape(-1, 1 + machine.OPERANDS)

    def factor_array(self) -> FloatArray:
        """Return the factors of the instructions, shape (n, FACTORS)."""
        return np.array(self._factors, dtype=np.float64).reshape(-1, machine.FACTORS)
