"""The memory that one member after another uses: all tables side by side in one block.

Events reach the tables at random. Scattered over pages of ordinary memory, they took 7% more time:
the processor has to find out where each page lies. So the block of a large place is in huge pages.
To begin a member is to copy the beginning of the block and to fill in the member's own numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.clocks import N_MARKS
from caresim.engines.event.events import N_BUCKETS
from caresim.engines.event.plan import Plan
from caresim.engines.event.records import (
    BUCKET,
    CARRIED,
    CLOCK,
    COUNT,
    PERSON,
    SPELL,
    STOCK,
    SUM,
    WORLD,
)
from caresim.engines.spells import N_BINS, n_rows

_CACHE_LINE = 64
_PAGE = 1 << 12
_HUGE_PAGE = 1 << 21
_LEAST_HUGE = 1 << 22
"""NumPy asks for huge pages for arrays of this many bytes and more."""

_CHANGED = (
    "settings",
    "lanes",
    "rules",
    "cells",
    "arrivals",
    "routes",
    "steps",
    "hazards",
    "stays",
)
"""Tables of the plan that members complete or change."""


@dataclass
class Arena:
    """Tables of a member, used again by the next.

    Attributes
    ----------
    world
        The world at the beginning of any member, with the addresses of ``tables``.
    tables
        By name: all but people, courses, the log and those of the slow side.
    people
        Records of people, the first of them nodes of arrivals, with whatever is in them; each is
        three whole lines of the processor's cache.
    window_spells
        Shape (n_windows, n_rows, N_BINS, 2): lengths in bins, over windows; whoever has kept
        those of a member empties them.
    """

    world: NDArray[np.void]
    tables: dict[str, NDArray[Any]]
    people: NDArray[np.void]
    window_spells: NDArray[np.float64]
    _changed: NDArray[np.uint8]
    _fresh: NDArray[np.uint8]

    def renew(self) -> None:
        """Let everything but people be as at the beginning of a member."""
        self._changed[:] = self._fresh
        self.tables["spells"].view(np.float64)[:] = 0.0


def new_arena(plan: Plan, people: int) -> Arena:
    """Return tables for the members of a run, with room for so many people."""
    made = _made_tables(plan)
    fixed = {name: table for name, table in plan.tables.items() if name not in _CHANGED}
    spells = np.zeros(n_rows(plan.model) * N_BINS, dtype=SPELL)
    first = {**{name: plan.tables[name] for name in _CHANGED}, **made}
    shapes = {**first, "spells": spells, **fixed, "route_order": plan.route_order}
    size = len(plan.model.arrivals) + people
    large = size * PERSON.itemsize > _HUGE_PAGE // 8
    block = block_of(_length(shapes.values()), large=large)
    tables, at = {}, 0
    for name, table in shapes.items():
        tables[name] = block[at : at + table.nbytes].view(table.dtype).reshape(table.shape)
        tables[name][...] = table
        at += _padded(table.nbytes)
    changed = block[: _length(first.values())]
    world = _world(plan)
    for name, table in tables.items():
        world[0][name] = table.ctypes.data
    return Arena(
        world=world,
        tables=tables,
        people=empty_people(size, large=large),
        window_spells=np.zeros((plan.windows.shape[0], n_rows(plan.model), N_BINS, 2)),
        _changed=changed,
        _fresh=changed.copy(),
    )


def _made_tables(plan: Plan) -> dict[str, NDArray[Any]]:
    """Return the tables that are not in the plan, as they begin."""
    coupled, clocks = plan.slow is not None, np.zeros(plan.tables["cells"].size, dtype=CLOCK)
    clocks["speed"] = 1.0
    clocks["buckets"][plan.paced] = N_MARKS * np.arange(plan.paced.size)
    clocks["per_day"] = 2.0 * np.clip(plan.stays_per_day, 1.0, 1e5).reshape(-1)
    return {
        "clocks": clocks,
        "stocks": np.zeros(plan.n_stocks, dtype=STOCK),
        "counts": np.zeros(plan.n_counts, dtype=COUNT),
        "carried": np.zeros(n_rows(plan.model), dtype=CARRIED),
        "areas": np.zeros(plan.n_stocks if coupled else 0, dtype=SUM),
        "befores": np.zeros(plan.n_counts if coupled else 0, dtype=SUM),
        "shares": np.zeros(plan.route_order.size),
        "buckets": np.full(N_BUCKETS, -1, dtype=np.int32).view(BUCKET),
        "marks": np.full(plan.paced.size * N_MARKS, -1, dtype=np.int32).view(BUCKET),
    }


def _padded(n_bytes: int) -> int:
    return -(-n_bytes // _CACHE_LINE) * _CACHE_LINE


def _length(tables: Iterable[NDArray[Any]]) -> int:
    return sum(_padded(table.nbytes) for table in tables)


def block_of(n_bytes: int, *, large: bool) -> NDArray[np.uint8]:
    """Return memory from the beginning of a page on, a huge one if it is large."""
    page = _HUGE_PAGE if large else _PAGE
    raw = np.zeros(max(n_bytes, _LEAST_HUGE if large else 0) + page, dtype=np.uint8)
    first = -raw.ctypes.data % page
    return raw[first : first + n_bytes]


def empty_people(size: int, *, large: bool = True) -> NDArray[np.void]:
    """Return empty records of people, each beginning a line of the processor's cache."""
    return block_of(size * PERSON.itemsize, large=large).view(PERSON)


def _world(plan: Plan) -> NDArray[np.void]:
    """Return the world at the beginning of any member, without addresses."""
    model = plan.model
    world = np.zeros(1, dtype=WORLD)
    w = world[0]
    w["begin"] = w["now"] = w["mark"] = w["record_from"] = w["spells_from"] = plan.begin
    w["end"] = model.days
    w["per_day"] = 2.0 * plan.events_per_day
    w["stopped"] = math.nan
    w["n_agenda"] = plan.tables["agenda"].size
    w["n_days"] = plan.tables["days"].shape[1]
    w["n_settings"], w["n_sources"] = len(model.settings), model.n_sources
    w["n_arrivals"], w["n_cohorts"] = len(model.arrivals), len(model.cohorts)
    w["n_reasons"] = len(model.reasons)
    w["check"] = -1
    w["stop_at_deadlock"] = model.run.deadlock == "stop"
    w["reasons_at"], w["used_at"] = plan.reasons_at, plan.used_at
    w["moves_at"], w["pathways_at"] = plan.moves_at, plan.pathways_at
    w["swaps_at"], w["displaced_at"], w["wanted_at"] = (
        plan.swaps_at,
        plan.displaced_at,
        plan.wanted_at,
    )
    w["n_routes"] = plan.route_order.size
    w["next_exchange"] = model.days
    if plan.slow is not None:
        w["coupled"], w["remembers"] = True, plan.slow.remembers
    reasons = [reason.name for reason in model.reasons]
    # A model without transfers may lack the reason; then nobody is delayed for it.
    w["transfer_reason"] = reasons.index("transfer") if "transfer" in reasons else 0
    return world
