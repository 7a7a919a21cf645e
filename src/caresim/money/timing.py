"""When money falls: parts of years and months, and how strongly interventions work by then."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence

import numpy as np

from caresim.engines.output import Window
from caresim.model import Ramp
from caresim.money.entries import FloatArray


def overlap(first: FloatArray, last: FloatArray, windows: Sequence[Window]) -> FloatArray:
    """Return the days that stretches of time have in common with windows.

    Parameters
    ----------
    first, last
        Days from the start, of the same shape.
    windows
        Of time.

    Returns
    -------
    numpy.ndarray
        Of that shape, with an axis more for the windows.
    """
    begins = np.array([window.first_day for window in windows])
    ends = np.array([window.last_day for window in windows])
    found = np.minimum(last[..., None], ends) - np.maximum(first[..., None], begins)
    return np.asarray(np.maximum(found, 0.0))


def spread(first: FloatArray, last: FloatArray, windows: Sequence[Window]) -> FloatArray:
    """Return the part of a sum, paid evenly between two days, that falls into each window.

    A sum paid on one day (``first`` and ``last`` equal) falls into the window that holds it.

    Returns
    -------
    numpy.ndarray
        Of the shape of ``first``, with an axis more for the windows. What is paid outside all
        windows is missing.
    """
    length = last - first
    begins = np.array([window.first_day for window in windows])
    ends = np.array([window.last_day for window in windows])
    on_day = (begins <= first[..., None]) & (first[..., None] < ends)
    shared = overlap(first, last, windows) / np.where(length > 0.0, length, 1.0)[..., None]
    found: FloatArray = np.where((length > 0.0)[..., None], shared, on_day)
    return found


def periods_in(times: FloatArray, windows: Sequence[Window]) -> FloatArray:
    """Return the share of each saved period that lies in each window: (periods, windows)."""
    return overlap(times[:-1], times[1:], windows) / np.diff(times)[:, None]


def periods(times: FloatArray) -> list[Window]:
    """Return the saved periods as windows."""
    return [Window("", float(a), float(b)) for a, b in itertools.pairwise(times)]


def strength(ramp: Ramp, start: FloatArray, days: FloatArray) -> FloatArray:
    """Return how strongly an intervention works, 0 to 1 (scenario specification, 17).

    Parameters
    ----------
    ramp
        Its shape and fade.
    start
        Shape (members,): the day on which it begins to work.
    days
        Shape (n,).

    Returns
    -------
    numpy.ndarray
        Shape (members, n).
    """
    since = days[None, :] - start[:, None]
    x = np.clip(since / ramp.over, 0.0, 1.0) if ramp.over > 0.0 else np.ones_like(since)
    risen = {
        "step": np.ones_like(x),
        "linear": x,
        "front_loaded": 1.0 - (1.0 - x) ** 2,
        "back_loaded": x**2,
        "s_curve": x**2 * (3.0 - 2.0 * x),
    }[ramp.shape]
    if np.isfinite(ramp.fade_from):
        faded = since - ramp.fade_from
        part = np.clip(faded / ramp.fade_over, 0.0, 1.0) if ramp.fade_over > 0.0 else faded > 0.0
        risen = risen * (1.0 - (1.0 - ramp.fade_to) * np.where(faded > 0.0, part, 0.0))
    found: FloatArray = np.where((since >= 0.0) & (days < ramp.end), risen, 0.0)
    return found


def mean_strength(ramp: Ramp, start: FloatArray, windows: Sequence[Window]) -> FloatArray:
    """Return the mean of :func:`strength` over windows, from its values at noon of each day.

    Returns
    -------
    numpy.ndarray
        Shape (members, windows).
    """
    starts, member = np.unique(start, return_inverse=True)
    found = np.empty((starts.size, len(windows)))
    for n, window in enumerate(windows):
        noons = np.arange(window.first_day, window.last_day) + 0.5
        found[:, n] = strength(ramp, starts, noons).mean(axis=1)
    return found[member]


def months_of(window: Window, start: datetime.date) -> list[Window]:
    """Cut a window at the beginnings of calendar months; each part is named as its month.

    Examples
    --------
    >>> parts = months_of(Window("year_1", 0, 59), datetime.date(2024, 1, 15))
    >>> [(part.name, part.first_day, part.last_day) for part in parts]
    [('2024-01', 0.0, 17.0), ('2024-02', 17.0, 46.0), ('2024-03', 46.0, 59.0)]
    """
    found: list[Window] = []
    day = float(window.first_day)
    while day < window.last_day:
        date = start + datetime.timedelta(days=int(day))
        following = (date.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
        last = min(float((following - start).days), float(window.last_day))
        found.append(Window(f"{date:%Y-%m}", day, last))
        day = last
    return found
