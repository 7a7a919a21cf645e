"""Eight members at a time: a vector of floats that compiled functions can load, combine and store.

The state of a block is a table of rows, one number per member of the block. Left to itself the
compiler guards every loop over a row against overlap with every other row, because all rows live
in one table; that makes short loops about twice as slow. Written with explicit vectors there is
nothing to guard. Additions and multiplications stay separate and in the order written, so results
do not depend on the machine's vector width.

It is independent of what is simulated.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import numba.core.types
import numba.core.typing.templates
import numba.extending
from llvmlite import ir
from numba.core import imputils

# What numba says of its own types differs between versions; here they are not checked.
types: Any = numba.core.types
templates: Any = numba.core.typing.templates
extending: Any = numba.extending
lower_builtin: Any = imputils.lower_builtin
intrinsic: Any = extending.intrinsic

WIDTH: Final = 8
"""Members in a vector. The rows of a table are whole vectors: their length is a multiple of this,
and as the vectors are explicit it may differ between tables at little cost in speed."""

ALIGNMENT: Final = 64
"""Bytes: rows must start at a multiple of this."""

_VECTOR = ir.VectorType(ir.DoubleType(), WIDTH)
_MASK_INDEX = ir.IntType(32)


class LanesType(types.Type):  # type: ignore[misc]
    """The compiler's type for eight floats."""

    def __init__(self) -> None:
        super().__init__(name=f"Lanes{WIDTH}")


lanes = LanesType()


@extending.register_model(LanesType)
class _LanesModel(extending.models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, _VECTOR)


def _address(context: Any, builder: Any, table_type: Any, table: Any, row: Any, part: Any) -> Any:
    made = context.make_array(table_type)(context, builder, table)
    skipped = builder.mul(row, builder.extract_value(made.strides, 0))
    first = builder.gep(builder.bitcast(made.data, ir.IntType(8).as_pointer()), [skipped])
    return builder.gep(builder.bitcast(first, _VECTOR.as_pointer()), [part])


@intrinsic  # type: ignore[untyped-decorator]
def load(typing_context: Any, table: Any, row: Any, part: Any) -> Any:
    """Return vector ``part`` of ``row`` of a table."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_address(context, builder, sig.args[0], *args), align=ALIGNMENT)

    return lanes(table, types.intp, types.intp), generate


@intrinsic  # type: ignore[untyped-decorator]
def store(typing_context: Any, table: Any, row: Any, part: Any, vector: Any) -> Any:
    """Write vector ``part`` of ``row`` of a table."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address = _address(context, builder, sig.args[0], *args[:3])
        builder.store(args[3], address, align=ALIGNMENT)
        return context.get_dummy_value()

    return types.void(table, types.intp, types.intp, lanes), generate


@intrinsic  # type: ignore[untyped-decorator]
def spread(typing_context: Any, number: Any) -> Any:
    """Return a vector with ``number`` in every lane."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        empty = ir.Constant(_VECTOR, ir.Undefined)
        first = builder.insert_element(empty, args[0], ir.Constant(_MASK_INDEX, 0))
        zeros = ir.Constant(ir.VectorType(_MASK_INDEX, WIDTH), [0] * WIDTH)
        return builder.shuffle_vector(first, empty, zeros)

    return lanes(types.float64), generate


def _pick(predicate: str) -> Callable[[Any, Any, Any], Any]:
    def choose(builder: Any, a: Any, b: Any) -> Any:
        return builder.select(builder.fcmp_ordered(predicate, a, b), a, b)

    return choose


_smaller = _pick("<")
_larger = _pick(">")


@intrinsic  # type: ignore[untyped-decorator]
def lesser(typing_context: Any, a: Any, b: Any) -> Any:
    """Return the smaller of two vectors, lane by lane."""
    return lanes(lanes, lanes), lambda context, builder, sig, args: _smaller(builder, *args)


@intrinsic  # type: ignore[untyped-decorator]
def greater(typing_context: Any, a: Any, b: Any) -> Any:
    """Return the larger of two vectors, lane by lane."""
    return lanes(lanes, lanes), lambda context, builder, sig, args: _larger(builder, *args)


@intrinsic  # type: ignore[untyped-decorator]
def where_at_most(typing_context: Any, a: Any, b: Any, yes: Any, no: Any) -> Any:
    """Return ``yes`` where ``a <= b`` and ``no`` elsewhere, lane by lane."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<=", args[0], args[1]), args[2], args[3])

    return lanes(lanes, lanes, lanes, lanes), generate


def _fold(combine: Callable[[Any, Any, Any], Any]) -> Any:
    """Generate the pairwise reduction of a vector, always in the same order."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        items = [
            builder.extract_element(args[0], ir.Constant(_MASK_INDEX, lane))
            for lane in range(WIDTH)
        ]
        while len(items) > 1:
            pairs = zip(items[::2], items[1::2], strict=True)
            items = [combine(builder, a, b) for a, b in pairs]
        return items[0]

    return generate


@intrinsic  # type: ignore[untyped-decorator]
def total(typing_context: Any, vector: Any) -> Any:
    """Return the sum of a vector's lanes, added in pairs."""
    return types.float64(lanes), _fold(lambda builder, a, b: builder.fadd(a, b))


@intrinsic  # type: ignore[untyped-decorator]
def lowest(typing_context: Any, vector: Any) -> Any:
    """Return the smallest lane of a vector."""
    return types.float64(lanes), _fold(_smaller)


@intrinsic  # type: ignore[untyped-decorator]
def highest(typing_context: Any, vector: Any) -> Any:
    """Return the largest lane of a vector."""
    return types.float64(lanes), _fold(_larger)


def _register(operation: Any, instruction: str) -> None:
    """Let compiled functions write ``a + b`` and so on for vectors."""

    @templates.infer_global(operation)
    class _Typing(templates.AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: Any, kws: Any) -> Any:
            return templates.signature(lanes, lanes, lanes) if args == (lanes, lanes) else None

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args)

    lower_builtin(operation, lanes, lanes)(generate)


for _operation, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _register(_operation, _instruction)
