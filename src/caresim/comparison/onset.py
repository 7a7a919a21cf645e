"""When each effect shows: from which date on an option differs from doing nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caresim.comparison.differences import Basis, FloatArray, clear, spread
from caresim.results.confidence import intervals
from caresim.results.option import OptionResults


@dataclass(frozen=True)
class Onset:
    """When the effect of an option on an indicator shows.

    Attributes
    ----------
    option, indicator
        What.
    date, day
        Start of the first saved period from which the paired interval leaves out 0, always on the
        same side, to the end of the run; None if it never does for good.
    way
        Whether the option then has less (``lower``) or more (``higher``); empty if never.
    """

    option: str
    indicator: str
    date: datetime.date | None
    day: float | None
    way: str


def first_for_good(low: FloatArray, high: FloatArray) -> tuple[int | None, str]:
    """Return the first period from which an interval stays on one side of 0, and which side.

    Parameters
    ----------
    low, high
        Ends of the interval in each period, shape (periods,).

    Examples
    --------
    >>> first_for_good(np.array([-2.0, -2.0, -3.0, -3.0]), np.array([1.0, -1.0, 0.5, -1.0]))
    (3, 'lower')
    """
    side = np.where(high < 0.0, -1, np.where(low > 0.0, 1, 0))
    if side[-1] == 0:
        return None, ""
    other = np.flatnonzero(side != side[-1])
    first = int(other[-1]) + 1 if other.size else 0
    return first, "lower" if side[-1] < 0 else "higher"


def onsets(
    base: OptionResults,
    option: str,
    one: Mapping[str, FloatArray],
    other: Mapping[str, FloatArray],
    basis: Basis,
) -> list[Onset]:
    """Return when the effects of an option show, by the members whose course is kept.

    Parameters
    ----------
    base
        Results of doing nothing, for its dates.
    option
        Name of the option.
    one, other
        Indicators of doing nothing and of the option in each saved period
        (:func:`caresim.comparison.courses.courses`): shape (members kept, periods).
    basis
        By which interval to judge (:data:`caresim.comparison.differences.Basis`).
    """
    found = []
    for name in one:
        if name not in other:
            continue
        kept = min(len(one[name]), len(other[name]))
        here, there = one[name][:kept], other[name][:kept]
        rows = clear(there - here, here, there).T
        # Where it is undefined (nobody came) nothing is shown.
        rows = np.where(np.isfinite(rows), rows, 0.0)
        if basis == "certain":
            low = high = rows.mean(axis=1)
        else:
            low, high = intervals(rows) if basis == "mean" else spread(rows, 0.95)
        place, way = first_for_good(low, high)
        if place is None:
            found.append(Onset(option, name, None, None, ""))
        else:
            day = float(base.times[place])
            found.append(Onset(option, name, base.labels.date(day), day, way))
    return found
