"""Values by date in compiled code."""

from __future__ import annotations

from typing import Any

from caresim.engines.compiled import compiled
from caresim.engines.coupling import where
from caresim.engines.coupling.plan import Coupling


@compiled
def value_at(c: Coupling, timeline: int, day: float) -> Any:
    """Return the value of a timeline on a day; before the start, that at the start."""
    days, values = c.at[where.TIMELINES_DAYS], c.at[where.TIMELINES_VALUES]
    first = c.ints[c.at[where.TIMELINES_FIRST] + timeline]
    last = c.ints[c.at[where.TIMELINES_FIRST] + timeline + 1]
    t = max(day, 0.0)
    at = first
    while at + 1 < last and c.floats[days + at + 1] <= t:
        at += 1
    began, value = c.floats[days + at], c.floats[values + at]
    if not c.ints[c.at[where.TIMELINES_LINEAR] + timeline] or at + 1 == last or t <= began:
        return value
    share = (t - began) / (c.floats[days + at + 1] - began)
    return value + share * (c.floats[values + at + 1] - value)
