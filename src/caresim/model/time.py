"""What changes with time: values by date, and hours of admission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DAYS_PER_YEAR = 365.0
"""Days in a year wherever a rate or growth is stated per year (scenario specification, 2)."""

FloatArray = NDArray[np.float64]


def _frozen_array(values: object) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Timeline:
    """A value that changes with time.

    Attributes
    ----------
    days
        Shape (n,): times in days from the start, increasing; the first MAY be negative.
    values
        Shape (n,): the value from each time on (``step``) or at each time (``linear``).
    kind
        ``step`` holds each value until the next time; ``linear`` joins them by straight lines.
        Before the first time the first value holds, after the last the last.
    repeat_days
        If not 0, times beyond the last day repeat the last ``repeat_days`` days of the series,
        whose end is the last time plus one day.
    """

    days: FloatArray
    values: FloatArray
    kind: Literal["step", "linear"] = "step"
    repeat_days: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", _frozen_array(self.days))
        object.__setattr__(self, "values", _frozen_array(self.values))
        if self.days.shape != self.values.shape or self.days.ndim != 1 or not self.days.size:
            raise ValueError("a timeline needs as many values as times, and at least one")
        if np.any(np.diff(self.days) <= 0):
            raise ValueError("the times of a timeline must increase")

    @classmethod
    def constant(cls, value: float) -> Timeline:
        """Return a value that never changes."""
        return cls(days=np.zeros(1), values=np.array([value]))

    @property
    def is_constant(self) -> bool:
        """Whether the value is the same at all times."""
        return bool(np.all(self.values == self.values[0]))

    def at(self, t: FloatArray | float) -> FloatArray:
        """Return the value at times ``t`` (days from the start), of the shape of ``t``."""
        t = np.asarray(t, dtype=np.float64)
        if self.repeat_days:
            end = self.days[-1] + 1.0
            t = np.where(t >= end, end - self.repeat_days + (t - end) % self.repeat_days, t)
        if self.kind == "linear":
            return np.asarray(np.interp(t, self.days, self.values))
        place = np.searchsorted(self.days, t, side="right") - 1
        return np.asarray(self.values[np.maximum(place, 0)])


@dataclass(frozen=True)
class Calendar:
    """When a setting admits: hours of the days of the week, less the days closed.

    Attributes
    ----------
    weekdays
        Seven flags, Monday first.
    opens, closes
        Hours of the day as fractions of a day, ``0 <= opens < closes <= 1``.
    closed_days
        Whole days from the start (negative before it) on which nobody is admitted.
    """

    weekdays: tuple[bool, bool, bool, bool, bool, bool, bool]
    opens: float
    closes: float
    closed_days: frozenset[int] = frozenset()
