"""What changes with the calendar: profiles of arrival, capacities and hours of admission.

All tables are of steps: step ``n`` begins at ``first_day + n * step_days``. A step never crosses
midnight, because steps divide a day, so whatever is constant through a day is constant through a
step. Before the start (in a warm-up) the calendar runs on backwards, while whatever grows or is
dated stands as it is at the start.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.network import STAGE_OFFSETS, Method, stage_times
from caresim.model import Arrivals, Calendar, Model, Timeline
from caresim.traffic import FIRST_WEEK

FloatArray = NDArray[np.float64]

STEPS_PER_DAY = (4, 6, 8, 12, 24, 48, 96, 144, 288, 1440)
"""Steps a day that ``step: auto`` chooses from (scenario specification, 12)."""

_EDGE = 1e-9
"""Days added to a step's start before taking its whole day, against rounding."""


def steps_for(model: Model, fastest_rate: float) -> int:
    """Return the steps a day: as written, or the fewest that suit ``step: auto``.

    Parameters
    ----------
    model
        The model to run.
    fastest_rate
        The highest rate per day at which any phase of a stay is left.
    """
    if model.run.steps_per_day:
        return model.run.steps_per_day
    calendars = [s.calendar for s in model.settings if s.calendar is not None]
    for steps in STEPS_PER_DAY:
        if fastest_rate <= steps * (1 + 1e-12) and all(_aligned(c, steps) for c in calendars):
            return steps
    return STEPS_PER_DAY[-1]


def _aligned(calendar: Calendar, steps: int) -> bool:
    edges = (calendar.opens * steps, calendar.closes * steps)
    return all(abs(edge - round(edge)) < 1e-6 for edge in edges)


def step_days(first_day: float, n_steps: int, steps_per_day: int) -> NDArray[np.int64]:
    """Return the whole day each step lies in, shape (n_steps,), negative before the start."""
    starts = first_day + np.arange(n_steps) / steps_per_day
    return np.floor(starts + _EDGE).astype(np.int64)


def n_stages(method: Method) -> int:
    """Return at how many times in a step a method asks for rates."""
    return len(STAGE_OFFSETS[method])


def capacity_table(timeline: Timeline, days: NDArray[np.int64]) -> FloatArray:
    """Return the places in each step, shape (n_steps,); as at the start before it."""
    return np.asarray(timeline.at(np.maximum(days, 0).astype(np.float64)))


def open_table(
    calendar: Calendar, model: Model, days: NDArray[np.int64], steps_per_day: int
) -> NDArray[np.bool_]:
    """Return in which steps a setting admits, shape (n_steps,): judged at the step's middle."""
    weekdays = np.array(calendar.weekdays)[(model.start_date.weekday() + days) % 7]
    middle = ((np.arange(days.size) % steps_per_day) + 0.5) / steps_per_day
    hours = (middle > calendar.opens) & (middle < calendar.closes)
    closed = np.isin(days, np.array(sorted(calendar.closed_days), dtype=np.int64))
    return np.asarray(weekdays & hours & ~closed)


def arrival_profile(
    arrivals: Arrivals,
    model: Model,
    first_day: float,
    days: NDArray[np.int64],
    steps_per_day: int,
    method: Method,
) -> FloatArray:
    """Return the factor on an arrival's rate, shape (n_steps, n_stages), growth left out.

    It holds the series or population, the weekday and month factors and the cycles.
    """
    times = first_day + stage_times(method, 1.0 / steps_per_day, days.size)
    daily = (
        _series(arrivals, days) * _weekday(arrivals, model, days) * _month(arrivals, model, days)
    )
    profile: FloatArray = np.repeat(daily[:, None], times.shape[1], axis=1)
    if arrivals.population is not None:
        profile = profile * arrivals.population.at(np.maximum(times, 0.0))
    for cycle in arrivals.cycles:
        angle = 2 * math.pi * (times - cycle.peak) / cycle.period
        profile = profile * (1 + cycle.amplitude * np.cos(angle))
    return profile


def _series(arrivals: Arrivals, days: NDArray[np.int64]) -> FloatArray:
    if arrivals.series is None:
        return np.ones(days.size)
    values = arrivals.series.at(days.astype(np.float64))
    return np.where(days < 0, arrivals.series.at(FIRST_WEEK).mean(), values)


def _weekday(arrivals: Arrivals, model: Model, days: NDArray[np.int64]) -> FloatArray:
    return np.asarray(np.array(arrivals.weekday)[(model.start_date.weekday() + days) % 7])


def _month(arrivals: Arrivals, model: Model, days: NDArray[np.int64]) -> FloatArray:
    dates = np.datetime64(model.start_date, "D") + days
    months = dates.astype("datetime64[M]").astype(np.int64) % 12
    return np.asarray(np.array(arrivals.month)[months])
