"""Observed series, laid beside the days of the run."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LEAST_WEEKS = 8
"""Weeks of daily figures from which on they are averaged by week."""

LEAST_DAYS = 4
"""Days with a figure that a week needs to have a mean."""

LOWEST = 0.05
"""A series is fitted by ratio if no figure is below this share of their mean, else by
difference: small numbers of people come with zeros, of which no ratio can be taken."""

FLOOR = 1e-3
"""Share of the mean figure below which no simulated figure is taken, in ratios."""


@dataclass(frozen=True, eq=False)
class Series:
    """One observed series.

    Attributes
    ----------
    name, measure, source
        Its key, what it is of, and where it is from.
    period
        What each figure is of: day, week, month, quarter or year.
    first, last
        Shape (n,): days from the start of the run; the last is not included.
    values
        Shape (n,): means over the period, or rates per day.
    fitted, held
        Shape (n,): which are fitted, and which are kept to test the fit.
    error
        Standard error of measurement as a share of the figure; None if it is not stated.
    by_ratio
        Whether figures are compared by ratio (logarithms) or by difference.
    scale
        Mean of the figures fitted; differences are in units of it.
    left_out
        Figures outside the run, or in it and neither fitted nor held.
    """

    name: str
    measure: str
    source: str
    period: str
    first: FloatArray
    last: FloatArray
    values: FloatArray
    fitted: BoolArray
    held: BoolArray
    error: float | None
    by_ratio: bool
    scale: float
    left_out: int

    @property
    def middle(self) -> FloatArray:
        """The middle of each period, in days from the start."""
        return (self.first + self.last) / 2

    def transformed(self, figures: FloatArray) -> FloatArray:
        """Return figures as they are compared: logarithms, or in units of :attr:`scale`."""
        if self.by_ratio:
            return np.log(np.maximum(figures, FLOOR * self.scale) / self.scale)
        return figures / self.scale

    def back(self, compared: FloatArray) -> FloatArray:
        """Undo :meth:`transformed`; nothing below zero comes back."""
        if self.by_ratio:
            return np.asarray(self.scale * np.exp(np.minimum(compared, 50.0)))
        return np.maximum(self.scale * compared, 0.0)

    def date(self, place: int, start: datetime.date) -> datetime.date:
        """Return the first day of a period as a date."""
        return start + datetime.timedelta(days=int(self.first[place]))


@dataclass(frozen=True)
class Span:
    """The days that are fitted, and those that are held out, in days from the start."""

    fit_from: float
    fit_to: float
    hold_from: float


def span_of(block: Mapping[str, Any], start: datetime.date, days: float) -> Span:
    """Return the span that a calibration block states, with its defaults."""

    def day(key: str, default: float) -> float:
        if key not in block:
            return default
        return float((datetime.date.fromisoformat(block[key]) - start).days)

    hold = day("hold_out_from", np.inf)
    fit_to = day("fit_to", min(hold, days))
    hold = fit_to if "hold_out_from" not in block else hold
    return Span(day("fit_from", 0.0), fit_to, hold)


def series_of(
    name: str, spec: Mapping[str, Any], start: datetime.date, days: float, span: Span
) -> Series:
    """Lay a series beside the run.

    Parameters
    ----------
    name, spec
        Of the series, from the explicit scenario.
    start, days
        First day and length of the run.
    span
        What is fitted and held out.

    Returns
    -------
    Series
        With the periods that lie wholly within the run. Daily figures of eight weeks or more are
        averaged by week (from Monday), so that the days of the week need not be fitted.
    """
    period = str(spec["period"])
    dates = [datetime.date.fromisoformat(day) for day in spec["values"]]
    values = np.array(list(spec["values"].values()), dtype=np.float64)
    first = np.array([(day - start).days for day in dates], dtype=np.float64)
    last = first + np.array([_length(day, period) for day in dates], dtype=np.float64)
    if spec.get("counted") == "per_period":
        values = values / (last - first)
    if period == "day" and values.size >= 7 * LEAST_WEEKS:
        first, values = _weekly(first, values, start)
        last, period = first + 7.0, "week"
    inside = (first >= 0) & (last <= days)
    fitted = inside & (first >= span.fit_from) & (last <= span.fit_to)
    held = inside & (first >= span.hold_from) & ~fitted
    kept = fitted | held
    taken = values[fitted] if fitted.any() else values
    mean = float(taken.mean()) if taken.size and taken.mean() > 0 else 1.0
    return Series(
        name=name,
        measure=str(spec["measure"]),
        source=str(spec.get("source", "")),
        period=period,
        first=first[kept],
        last=last[kept],
        values=values[kept],
        fitted=fitted[kept],
        held=held[kept],
        error=None if spec.get("error") is None else float(spec["error"]),
        by_ratio=bool(values[kept].size and values[kept].min() >= LOWEST * mean),
        scale=mean,
        left_out=int((~kept).sum()),
    )


def _length(first: datetime.date, period: str) -> int:
    if period == "day":
        return 1
    if period == "week":
        return 7
    months = first.month - 1 + {"month": 1, "quarter": 3, "year": 12}[period]
    after = datetime.date(first.year + months // 12, months % 12 + 1, 1)
    return (after - first.replace(day=1)).days


def _weekly(
    first: FloatArray, values: FloatArray, start: datetime.date
) -> tuple[FloatArray, FloatArray]:
    """Return means by week, of the weeks that have figures of enough days."""
    monday = -float(start.weekday())
    week = np.floor((first - monday) / 7.0)
    kept = [w for w in np.unique(week) if (week == w).sum() >= LEAST_DAYS]
    means = [values[week == w].mean() for w in kept]
    return np.array([monday + 7.0 * w for w in kept]), np.array(means)


def windows_of(series: Sequence[Series]) -> list[tuple[float, float]]:
    """Return the different periods of all series, in order."""
    found = {(a, b) for s in series for a, b in zip(s.first.tolist(), s.last.tolist(), strict=True)}
    return sorted(found)
