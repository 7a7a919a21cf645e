"""How compiled code reaches the records: by address, from the one record of the world.

Every compiled function takes the world ``m`` alone, and finds in it where each table lies. Tables
passed as arrays would cost more than the work: an array is seven numbers, and a call with twenty
of them takes as long as an event. The caller keeps the arrays alive
(:class:`caresim.engines.event.member.Machine`) and puts their addresses in the world again
whenever it enlarges one. Positions are not checked.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="no-any-return,return-value,call-overload,union-attr,no-untyped-call"
# mypy: disable-error-code="attr-defined"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import carray, from_dtype, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from caresim.engines.coupling import Coupling
from caresim.engines.event.records import (
    ARRIVAL,
    ASKER,
    BUCKET,
    CARRIED,
    CELL,
    CLOCK,
    COUNT,
    COURSE,
    CYCLE,
    DAY,
    ENTRY,
    GUEST,
    HAZARD,
    LANE,
    LOG_ROW,
    MAX_WAIT,
    NUMBER,
    PAIR,
    PERSON,
    PLACE,
    ROUTE,
    RULE,
    SETTING,
    SPELL,
    STAY,
    STEP,
    STOCK,
    SUM,
    WORLD,
    Record,
)

_WORLD = from_dtype(WORLD)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only compiled functions call: without the way in from Python."""
    return _compiler()(function)


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function into each of those that call it."""
    return _compiler(forceinline=True)(function)


def _compiler(**options: bool) -> Any:
    return njit(
        cache=True,
        error_model="numpy",
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        **options,
    )


def _load(context: Any, builder: Any, world: Any, name: str) -> Any:
    """Generate the reading of a field of the world, as an integer of 64 bits.

    No compiled code changes where tables lie or how wide they are, and the compiler is told so: it
    would have to read them again after every change of any record, which may be anywhere.
    """
    field = _WORLD.typeof(name)
    pointer = cgutils.get_record_member(
        builder, world, _WORLD.offset(name), context.get_data_type(field)
    )
    value = builder.load(pointer)
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return context.cast(builder, value, field, types.int64)


def _row(context: Any, builder: Any, world: Any, name: str, at: Any, record: Any) -> Any:
    """Generate the address of a record of a table, as a record."""
    size = context.get_constant(types.int64, record.size)
    address = builder.add(_load(context, builder, world, name), builder.mul(at, size))
    return builder.inttoptr(address, context.get_value_type(record))


def _table(name: str, dtype: np.dtype[np.void]) -> Callable[[Record, int], Record]:
    """Return a compiled function ``(m, k)`` that gives the k-th record of a table."""
    record = from_dtype(dtype)

    @intrinsic
    def at(typing_context: Any, m: Any, k: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            position = context.cast(builder, arguments[1], signature.args[1], types.int64)
            return _row(context, builder, arguments[0], name, position, record)

        return record(m, k), generate

    return at


def _grid(name: str, width: str, dtype: np.dtype[np.void]) -> Callable[[Record, int, int], Record]:
    """Return a compiled function ``(m, i, j)`` for a table in rows as wide as a field says."""
    record = from_dtype(dtype)

    @intrinsic
    def at(typing_context: Any, m: Any, i: Any, j: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            row, column = (
                context.cast(builder, arguments[k], signature.args[k], types.int64) for k in (1, 2)
            )
            across = _load(context, builder, arguments[0], width)
            position = builder.add(builder.mul(row, across), column)
            return _row(context, builder, arguments[0], name, position, record)

        return record(m, i, j), generate

    return at


def _start(name: str, element: Any) -> Callable[[Record], Any]:
    """Return a compiled function ``(m)`` that gives where a plain array begins."""
    pointer = types.CPointer(element)

    @intrinsic
    def start(typing_context: Any, m: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            address = _load(context, builder, arguments[0], name)
            return builder.inttoptr(address, context.get_value_type(pointer))

        return pointer(m), generate

    return start


arrival_at = _table("arrivals", ARRIVAL)
area_at = _table("areas", SUM)
before_at = _table("befores", SUM)
bucket_at = _table("buckets", BUCKET)
carried_at = _table("carried", CARRIED)
course_at = _table("courses", COURSE)
cycle_at = _table("cycles", CYCLE)
entry_at = _table("agenda", ENTRY)
hazard_at = _table("hazards", HAZARD)
lane_at = _table("lanes", LANE)
mark_at = _table("marks", BUCKET)
"""By clock and bucket."""
max_wait_at = _table("max_waits", MAX_WAIT)
number_at = _table("numbers", NUMBER)
person_at = _table("people", PERSON)
place_at = _table("places", PLACE)
route_at = _table("routes", ROUTE)
row_at = _table("log", LOG_ROW)
rule_at = _table("rules", RULE)
setting_at = _table("settings", SETTING)
spell_at = _table("spells", SPELL)
stay_at = _table("stays", STAY)
step_at = _table("steps", STEP)
stock_at = _table("stocks", STOCK)
tally_at = _table("counts", COUNT)

asker_at = _grid("askers", "n_sources", ASKER)
"""By setting and source."""
cell_at = _grid("cells", "n_cohorts", CELL)
"""By setting and cohort."""
clock_at = _grid("clocks", "n_cohorts", CLOCK)
"""By setting and cohort."""
day_at = _grid("days", "n_days", DAY)
"""By arrival and day, counted from the first day simulated."""
guest_at = _grid("guests", "n_sources", GUEST)
"""By rule of reserved places and source."""
pair_at = _grid("pairs", "n_settings", PAIR)
"""By the setting that people are delayed in and the setting they wait for."""

_shares = _start("shares", types.float64)
_route_order = _start("route_order", types.int64)
_slow_at = _start("slow_at", types.int64)
_slow_ints = _start("slow_ints", types.int64)
_slow_floats = _start("slow_floats", types.float64)
_slow_params = _start("slow_params", types.float64)


@compiled
def shares_of(m: Record) -> Any:
    """Return the shares of routes now, in the order of the table of routes."""
    return carray(_shares(m), m.n_routes)


@compiled
def route_order_of(m: Record) -> Any:
    """Return the model's route at each position of the table of routes."""
    return carray(_route_order(m), m.n_routes)


@compiled
def coupling_of(m: Record) -> Any:
    """Return the slow side of the model."""
    return Coupling(
        carray(_slow_at(m), m.n_slow_at),
        carray(_slow_ints(m), m.n_slow_ints),
        carray(_slow_floats(m), m.n_slow_floats),
    )


@compiled
def params_of(m: Record) -> Any:
    """Return the parameters of the member's slow side, shape (n, 1)."""
    return carray(_slow_params(m), (m.n_slow_params, 1))
