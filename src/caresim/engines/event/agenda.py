"""What happens at times known before a run: saved times, capacities, hours, planned moves."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.records import (
    CLOSE,
    END_SEGMENT,
    ENTRY,
    EXCHANGE,
    OPEN,
    PLANNED_MOVES,
    SET_CAPACITY,
)
from caresim.engines.output import save_times, windows_of
from caresim.model import Calendar, Model

FloatArray = NDArray[np.float64]

Row = tuple[float, int, int, float, int, int, int]
"""Time, kind, setting, value, to, period and save of an entry."""


class Coupled(NamedTuple):
    """How a model meets its slow side.

    Attributes
    ----------
    interval
        Whole days between exchanges.
    places_change
        For each setting, whether the slow side sets its usable places.
    """

    interval: float
    places_change: NDArray[np.bool_]


def admits_at(model: Model, calendar: Calendar | None, time: float) -> bool:
    """Whether a setting with these hours admits at a time in days from the start."""
    if calendar is None:
        return True
    day = math.floor(time)
    if day in calendar.closed_days or not calendar.weekdays[model.weekday(day)]:
        return False
    return calendar.opens <= time - day < calendar.closes


def segment_edges(model: Model) -> FloatArray:
    """Return the times at which segments of the tallies end, in order."""
    edges = {0.0, model.days, *save_times(model).tolist()}
    for window in windows_of(model):
        edges |= {window.first_day, window.last_day}
    return np.array(sorted(edges))


def build_agenda(model: Model, begin: float, coupling: Coupled | None = None) -> NDArray[np.void]:
    """Return all that is known beforehand, in order of time and then of kind and setting.

    Parameters
    ----------
    model
        The model.
    begin
        First day simulated, before 0 if there is a warm-up; capacities and planned moves of that
        time stand still at what they are at the start.
    coupling
        How the model meets its slow side, if it has one; capacities by date are then its own.

    Returns
    -------
    numpy.ndarray
        Records of type ``ENTRY``; the last ends the run.
    """
    rows: list[Row] = [] if coupling is None else _exchanges(model, begin, coupling.interval)
    saves = save_times(model)
    for time in segment_edges(model).tolist():
        # A segment belongs to the period that it ends in; the one before the start is forgotten.
        period = int(np.searchsorted(saves, time, side="left")) - 1 if time > 0.0 else -1
        at = np.flatnonzero(saves == time)
        rows.append((time, END_SEGMENT, -1, 0.0, -1, period, int(at[0]) if at.size else -1))
    for s, setting in enumerate(model.settings):
        is_slow = coupling is not None and coupling.places_change[s]
        for day, places in zip(setting.capacity.days, setting.capacity.values, strict=True):
            if 0.0 < day < model.days and not is_slow:
                rows.append((float(day), SET_CAPACITY, s, float(places), -1, -1, -1))
        for move in setting.planned_moves:
            if 0.0 <= move.day < model.days:
                people = math.floor(move.people + 0.5)
                rows.append((move.day, PLANNED_MOVES, s, float(people), move.to, -1, -1))
        if setting.calendar is not None:
            rows += _hours(model, setting.calendar, s, begin)
    rows.sort(key=lambda row: row[:3])
    agenda = np.zeros(len(rows), dtype=ENTRY)
    for name, column in zip(
        ("time", "kind", "setting", "value", "to", "period", "save"),
        zip(*rows, strict=True),
        strict=True,
    ):
        agenda[name] = column
    return agenda


def _exchanges(model: Model, begin: float, interval: float) -> list[Row]:
    """Return when the slow side is met or recorded.

    Setting -1 and value say when it is met next; without a meeting, the setting is -2. Edges of
    segments, by position, are saves.
    """
    edges = {time: k for k, time in enumerate(segment_edges(model).tolist())}
    first = math.floor(begin / interval) + 1
    met = [k * interval for k in range(first, math.ceil(model.days / interval))]
    met.append(model.days)
    following = dict(zip(met, [*met[1:], model.days], strict=True))
    return [
        (
            time,
            EXCHANGE,
            -1 if time in following else -2,
            following.get(time, 0.0),
            -1,
            -1,
            edges.get(time, -1),
        )
        for time in sorted({*met, *edges})
    ]


def _hours(model: Model, calendar: Calendar, s: int, begin: float) -> list[Row]:
    """Return when a setting begins and ceases to admit, after ``begin``."""
    rows: list[Row] = []
    for day in range(math.floor(begin), math.ceil(model.days)):
        noon = day + (calendar.opens + calendar.closes) / 2
        if not admits_at(model, calendar, noon):
            continue
        opens, closes = day + calendar.opens, day + calendar.closes
        if not (calendar.opens == 0.0 and admits_at(model, calendar, math.nextafter(day, -9e9))):
            rows.append((opens, OPEN, s, 0.0, -1, -1, -1))
        if not (calendar.closes == 1.0 and admits_at(model, calendar, day + 1.0)):
            rows.append((closes, CLOSE, s, 0.0, -1, -1, -1))
    return [row for row in rows if begin < row[0] < model.days]
