"""How compiled code reaches the records: by address, from the one record of the world.

Every compiled function takes the world ``m`` alone, and finds in it where each table lies. Tables
passed as arrays would cost more than the work: an array is seven numbers, and a call with twenty
of them takes as long as an event. The caller keeps the arrays alive
(:class:`caresim.engines.event.member.Machine`) and puts their addresses in the world again
whenever it enlarges one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import from_dtype, njit, types
from numba.extending import intrinsic

from caresim.engines.event import records
from caresim.engines.event.records import Record


def _reader(dtype: np.dtype[np.void]) -> Callable[[int], Record]:
    """Return a compiled function that takes an address for a record of a type."""
    record = from_dtype(dtype)

    @intrinsic  # type: ignore[untyped-decorator]
    def read(typing_context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(record))

        return record(types.int64), generate

    return read  # type: ignore[no-any-return]


_person = _reader(records.PERSON)
_PERSON_SIZE = records.PERSON.itemsize


@njit(cache=True, forceinline=True)
def person_at(m: Record, p: int) -> Record:
    """Return the record of a person."""
    return _person(m.people + np.int64(p) * _PERSON_SIZE)


_bucket = _reader(records.BUCKET)
_BUCKET_SIZE = records.BUCKET.itemsize


@njit(cache=True, forceinline=True)
def bucket_at(m: Record, k: int) -> Record:
    """Return the record of a bucket of events."""
    return _bucket(m.buckets + np.int64(k) * _BUCKET_SIZE)


_setting = _reader(records.SETTING)
_SETTING_SIZE = records.SETTING.itemsize


@njit(cache=True, forceinline=True)
def setting_at(m: Record, s: int) -> Record:
    """Return the record of a setting."""
    return _setting(m.settings + np.int64(s) * _SETTING_SIZE)


_lane = _reader(records.LANE)
_LANE_SIZE = records.LANE.itemsize


@njit(cache=True, forceinline=True)
def lane_at(m: Record, k: int) -> Record:
    """Return the record of a lane."""
    return _lane(m.lanes + np.int64(k) * _LANE_SIZE)


_asker = _reader(records.ASKER)
_ASKER_SIZE = records.ASKER.itemsize


@njit(cache=True, forceinline=True)
def asker_at(m: Record, s: int, source: int) -> Record:
    """Return the record of people of a source who ask for a setting."""
    return _asker(m.askers + (np.int64(s) * m.n_sources + source) * _ASKER_SIZE)


_pair = _reader(records.PAIR)
_PAIR_SIZE = records.PAIR.itemsize


@njit(cache=True, forceinline=True)
def pair_at(m: Record, s: int, t: int) -> Record:
    """Return the record of people delayed in a setting who wait for another."""
    return _pair(m.pairs + (np.int64(s) * m.n_settings + t) * _PAIR_SIZE)


_rule = _reader(records.RULE)
_RULE_SIZE = records.RULE.itemsize


@njit(cache=True, forceinline=True)
def rule_at(m: Record, r: int) -> Record:
    """Return the record of reserved places."""
    return _rule(m.rules + np.int64(r) * _RULE_SIZE)


_guest = _reader(records.GUEST)
_GUEST_SIZE = records.GUEST.itemsize


@njit(cache=True, forceinline=True)
def guest_at(m: Record, r: int, source: int) -> Record:
    """Return the record of a source under a rule of reserved places."""
    return _guest(m.guests + (np.int64(r) * m.n_sources + source) * _GUEST_SIZE)


_arrival = _reader(records.ARRIVAL)
_ARRIVAL_SIZE = records.ARRIVAL.itemsize


@njit(cache=True, forceinline=True)
def arrival_at(m: Record, i: int) -> Record:
    """Return the record of an arrival."""
    return _arrival(m.arrivals + np.int64(i) * _ARRIVAL_SIZE)


_day = _reader(records.DAY)
_DAY_SIZE = records.DAY.itemsize


@njit(cache=True, forceinline=True)
def day_at(m: Record, i: int, row: int) -> Record:
    """Return the record of a day of an arrival, counted from the first day simulated."""
    return _day(m.days + (np.int64(i) * m.n_days + row) * _DAY_SIZE)


_cycle = _reader(records.CYCLE)
_CYCLE_SIZE = records.CYCLE.itemsize


@njit(cache=True, forceinline=True)
def cycle_at(m: Record, k: int) -> Record:
    """Return the record of a cycle."""
    return _cycle(m.cycles + np.int64(k) * _CYCLE_SIZE)


_route = _reader(records.ROUTE)
_ROUTE_SIZE = records.ROUTE.itemsize


@njit(cache=True, forceinline=True)
def route_at(m: Record, r: int) -> Record:
    """Return the record of a route."""
    return _route(m.routes + np.int64(r) * _ROUTE_SIZE)


_step = _reader(records.STEP)
_STEP_SIZE = records.STEP.itemsize


@njit(cache=True, forceinline=True)
def step_at(m: Record, k: int) -> Record:
    """Return the record of a step of an arrangement."""
    return _step(m.steps + np.int64(k) * _STEP_SIZE)


_hazard = _reader(records.HAZARD)
_HAZARD_SIZE = records.HAZARD.itemsize


@njit(cache=True, forceinline=True)
def hazard_at(m: Record, k: int) -> Record:
    """Return the record of a hazard."""
    return _hazard(m.hazards + np.int64(k) * _HAZARD_SIZE)


_stay = _reader(records.STAY)
_STAY_SIZE = records.STAY.itemsize


@njit(cache=True, forceinline=True)
def stay_at(m: Record, k: int) -> Record:
    """Return the record of a length of stay."""
    return _stay(m.stays + np.int64(k) * _STAY_SIZE)


_number = _reader(records.NUMBER)
_NUMBER_SIZE = records.NUMBER.itemsize


@njit(cache=True, forceinline=True)
def number_at(m: Record, k: int) -> Record:
    """Return the record of a number of the tables of stays."""
    return _number(m.numbers + np.int64(k) * _NUMBER_SIZE)


_cell = _reader(records.CELL)
_CELL_SIZE = records.CELL.itemsize


@njit(cache=True, forceinline=True)
def cell_at(m: Record, s: int, cohort: int) -> Record:
    """Return the record of a setting and cohort."""
    return _cell(m.cells + (np.int64(s) * m.n_cohorts + cohort) * _CELL_SIZE)


_place = _reader(records.PLACE)
_PLACE_SIZE = records.PLACE.itemsize


@njit(cache=True, forceinline=True)
def place_at(m: Record, k: int) -> Record:
    """Return the record of a use of places."""
    return _place(m.places + np.int64(k) * _PLACE_SIZE)


_max_wait = _reader(records.MAX_WAIT)
_MAX_WAIT_SIZE = records.MAX_WAIT.itemsize


@njit(cache=True, forceinline=True)
def max_wait_at(m: Record, k: int) -> Record:
    """Return the record of a maximum wait."""
    return _max_wait(m.max_waits + np.int64(k) * _MAX_WAIT_SIZE)


_stock = _reader(records.STOCK)
_STOCK_SIZE = records.STOCK.itemsize


@njit(cache=True, forceinline=True)
def stock_at(m: Record, k: int) -> Record:
    """Return the record of a stock."""
    return _stock(m.stocks + np.int64(k) * _STOCK_SIZE)


_tally = _reader(records.COUNT)
_TALLY_SIZE = records.COUNT.itemsize


@njit(cache=True, forceinline=True)
def tally_at(m: Record, k: int) -> Record:
    """Return the record of a count."""
    return _tally(m.counts + np.int64(k) * _TALLY_SIZE)


_entry = _reader(records.ENTRY)
_ENTRY_SIZE = records.ENTRY.itemsize


@njit(cache=True, forceinline=True)
def entry_at(m: Record, k: int) -> Record:
    """Return the record of an entry of the agenda."""
    return _entry(m.agenda + np.int64(k) * _ENTRY_SIZE)


_row = _reader(records.LOG_ROW)
_ROW_SIZE = records.LOG_ROW.itemsize


@njit(cache=True, forceinline=True)
def row_at(m: Record, k: int) -> Record:
    """Return the record of a row of the log."""
    return _row(m.log + np.int64(k) * _ROW_SIZE)
