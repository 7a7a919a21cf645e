"""What happens at times known before a run: saved times, capacities, hours, planned moves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.records import (
    CLOSE,
    END_SEGMENT,
    ENTRY,
    OPEN,
    PLANNED_MOVES,
    SET_CAPACITY,
)
from caresim.engines.output import save_times, windows_of
from caresim.model import Calendar, Model

Row = tuple[float, int, int, float, int, int, int]
"""Time, kind, setting, value, to, period and save of an entry."""


def admits_at(model: Model, calendar: Calendar | None, time: float) -> bool:
    """Whether a setting with these hours admits at a time in days from the start."""
    if calendar is None:
        return True
    day = math.floor(time)
    if day in calendar.closed_days or not calendar.weekdays[model.weekday(day)]:
        return False
    return calendar.opens <= time - day < calendar.closes


def build_agenda(model: Model, begin: float) -> NDArray[np.void]:
    """Return all that is known beforehand, in order of time and then of kind and setting.

    Parameters
    ----------
    model
        The model.
    begin
        First day simulated, before 0 if there is a warm-up; capacities and planned moves of that
        time stand still at what they are at the start.

    Returns
    -------
    numpy.ndarray
        Records of type ``ENTRY``; the last ends the run.
    """
    rows: list[Row] = []
    saves = save_times(model)
    edges = {0.0, model.days, *saves.tolist()}
    for window in windows_of(model):
        edges |= {window.first_day, window.last_day}
    for time in sorted(edges):
        # A segment belongs to the period that it ends in; the one before the start is forgotten.
        period = int(np.searchsorted(saves, time, side="left")) - 1 if time > 0.0 else -1
        at = np.flatnonzero(saves == time)
        rows.append((time, END_SEGMENT, -1, 0.0, -1, period, int(at[0]) if at.size else -1))
    for s, setting in enumerate(model.settings):
        for day, places in zip(setting.capacity.days, setting.capacity.values, strict=True):
            if 0.0 < day < model.days:
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
