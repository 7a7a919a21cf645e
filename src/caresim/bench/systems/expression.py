"""Expressions of figures, such as ``delayed[more] / delayed - 1``.

A name is a figure, a number of the file, or a solved unknown. A figure takes an option, a window,
or both: ``delayed[more, year_2]``; without, it is of ``do_nothing`` over the whole run. Beside
``+ - * /`` and ``**`` there are ``abs``, and ``min`` and ``max`` of two or more.

Expressions are evaluated on means over members, so that a ratio is one of means. Its error is the
jackknife's (B. Efron and C. Stein, Annals of Statistics 9 (1981), doi:10.1214/aos/1176345462):
with f_i the value without member i and f' their mean, s^2 = (n - 1)/n sum (f_i - f')^2. Since the
same people meet every option, what options have in common goes out of their difference.
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.bench.cases import SuiteError
from caresim.results.confidence import student

FloatArray = NDArray[np.float64]

_OPERATORS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: np.divide,
    ast.Pow: operator.pow,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs,
    "min": lambda *values: functools.reduce(np.minimum, values),
    "max": lambda *values: functools.reduce(np.maximum, values),
}


@dataclass(frozen=True, order=True)
class Reference:
    """A name in an expression, and what stands in its brackets."""

    name: str
    brackets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The value of an expression.

    Attributes
    ----------
    value
        Of the means over members.
    half_width
        Of its 95% interval; 0 with one member, which has no chance in it or cannot tell.
    members
        Shape (members,): its value in each.
    """

    value: float
    half_width: float
    members: FloatArray


class Expression:
    """An expression that has been read.

    Parameters
    ----------
    text
        As written.
    numbers
        Expressions that stand where their names do.

    Raises
    ------
    SuiteError
        If it is not one.
    """

    def __init__(self, text: str, numbers: Mapping[str, str] | None = None) -> None:
        self.text = str(text)
        self._tree = self._parsed(self.text, numbers or {}, ())
        references: list[Reference] = []
        self._collect(self._tree, references)
        self.references = tuple(dict.fromkeys(references))

    def _parsed(self, text: str, numbers: Mapping[str, str], within: tuple[str, ...]) -> ast.expr:
        try:
            tree = ast.parse(text, mode="eval").body
        except SyntaxError as error:
            raise SuiteError(f"cannot read the expression {text!r}: {error.msg}") from error
        parsed = self._parsed

        class Inserting(ast.NodeTransformer):
            """Puts expressions in the place of their names."""

            def visit_Name(self, node: ast.Name) -> ast.expr:
                if node.id not in numbers:
                    return node
                if node.id in within:
                    raise SuiteError(f"the number {node.id} is made of itself")
                return parsed(numbers[node.id], numbers, (*within, node.id))

            def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
                return node

        found: ast.expr = Inserting().visit(tree)
        return found

    def _collect(self, node: ast.AST, into: list[Reference]) -> None:
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            self._collect(node.left, into)
            self._collect(node.right, into)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            self._collect(node.operand, into)
        elif isinstance(node, ast.Call) and not node.keywords:
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name not in _FUNCTIONS or (len(node.args) == 1) != (name == "abs"):
                raise self._unreadable(node)
            for argument in node.args:
                self._collect(argument, into)
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return
        else:
            into.append(self._reference(node))

    def _reference(self, node: ast.AST) -> Reference:
        if isinstance(node, ast.Name):
            return Reference(node.id)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            names = [part.id for part in inside if isinstance(part, ast.Name)]
            if len(names) == len(inside):
                return Reference(node.value.id, tuple(names))
        raise self._unreadable(node)

    def _unreadable(self, node: ast.AST) -> SuiteError:
        part = ast.unparse(node)
        return SuiteError(
            f"cannot read {part!r} in {self.text!r}: numbers, names such as "
            "delayed[more, year_1], + - * / **, min, max and abs are known"
        )

    def value(self, known: Mapping[Reference, Any]) -> Any:
        """Return the value where each reference has its own, numbers or arrays alike."""
        return self._value(self._tree, known)

    def _value(self, node: ast.AST, known: Mapping[Reference, Any]) -> Any:
        if isinstance(node, ast.BinOp):
            apply = _OPERATORS[type(node.op)]
            return apply(self._value(node.left, known), self._value(node.right, known))
        if isinstance(node, ast.UnaryOp):
            return -self._value(node.operand, known)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return _FUNCTIONS[node.func.id](*(self._value(a, known) for a in node.args))
        if isinstance(node, ast.Constant):
            return node.value
        return known[self._reference(node)]

    def found(self, figures: Mapping[Reference, FloatArray], members: int) -> Found:
        """Return the value, its interval, and what it is in each member.

        Parameters
        ----------
        figures
            Shape (members,) for each reference; NaN where a member has none.
        members
            How many there are.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.broadcast_to(np.asarray(self.value(figures), dtype=np.float64), members)
            means = {ref: values[np.isfinite(values)].mean() for ref, values in figures.items()}
            value = float(self.value(means))
            if members == 1 or not figures:
                return Found(value, 0.0, each)
            without = {ref: _means_without_each(values) for ref, values in figures.items()}
            apart = np.asarray(self.value(without), dtype=np.float64)
            spread = float(np.sum((apart - apart.mean()) ** 2))
        error = (spread * (members - 1) / members) ** 0.5
        return Found(value, student(members - 1) * error, each)


def _means_without_each(values: FloatArray) -> FloatArray:
    """Return the mean of the others for each member, shape (members,)."""
    finite = np.isfinite(values)
    kept = np.where(finite, values, 0.0)
    return np.asarray((kept.sum() - kept) / (finite.sum() - finite))
