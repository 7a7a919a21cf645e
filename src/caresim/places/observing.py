"""What an observation is: a published measure with its scope, and its like in results."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import VARIABLES
from caresim.results.labels import Labels
from caresim.results.option import OptionResults

if TYPE_CHECKING:
    import pandas as pd

    from caresim.places.readers import Reading

FloatArray = NDArray[np.float64]
Group = Literal["mean", "series", "totals"]

Family = Literal[
    "delayed_transfers", "criteria_to_reside", "ready_date", "beds", "stays", "pathways"
]
"""Ways of counting; the first three are the ways in which England has counted delay."""


@dataclass(frozen=True)
class Scope:
    """Who and what a published measure counts.

    Attributes
    ----------
    ages, beds, trusts, counted, excluded
        In words.
    since, until
        First day of the measure, and last; None if it goes on.
    """

    ages: str
    beds: str
    trusts: str
    counted: str
    excluded: str
    since: datetime.date
    until: datetime.date | None


class Simulated:
    """Results over stretches of time, as operators need them.

    Parameters
    ----------
    results
        Of one option.
    group
        ``mean`` over all members by period, ``series`` of the first members by period, or
        ``totals`` of every member by window.

    Attributes
    ----------
    labels
        Names along the dimensions.
    days
        Length of each stretch, shape (n,).
    """

    def __init__(self, results: OptionResults, group: Group = "mean") -> None:
        self.labels: Labels = results.labels
        self._arrays: Mapping[str, FloatArray] = getattr(results, group)
        self.spells: Mapping[str, FloatArray] = results.spells if group == "totals" else {}
        if group == "totals":
            windows = results.labels.windows
            self.days = np.array([window.last_day - window.first_day for window in windows])
        else:
            self.days = np.diff(results.times)
        self._lead = 0 if group == "mean" else 1

    def rate(self, variable: str, *kinds: str) -> FloatArray:
        """Return a stock's mean, or a count in a day, summed over settings of some kinds.

        Returns
        -------
        array
            Shape (n,) for ``mean``, else (members, n).
        """
        array = self.by_setting(variable)[..., self.chosen(*kinds)]
        return np.asarray(array.sum(axis=-1))

    def by_setting(self, variable: str) -> FloatArray:
        """Return a stock's mean, or a count in a day, by setting as the last axis."""
        array = self.array(variable)
        return np.asarray(array.sum(axis=tuple(range(self._lead + 2, array.ndim))))

    def array(self, variable: str) -> FloatArray:
        """Return a stock's mean, or a count in a day, with all its dimensions."""
        array = self._arrays[variable]
        if VARIABLES[variable].kind == "stock":
            return array
        shape = (*(1,) * self._lead, self.days.size, *(1,) * (array.ndim - self._lead - 1))
        return np.asarray(array / self.days.reshape(shape))

    def chosen(self, *kinds: str) -> NDArray[np.bool_]:
        """Return which settings are of these kinds.

        Raises
        ------
        ValueError
            If there are none: then nothing simulated corresponds to the published figure.
        """
        found = np.array([setting.kind in kinds for setting in self.labels.settings], dtype=bool)
        if not found.any():
            raise ValueError(f"the scenario has no setting of kind {' or '.join(kinds)}")
        return found


Operator = Callable[[Simulated], FloatArray]


@dataclass(frozen=True)
class Observation:
    """A published measure, and how it is worked out from results.

    Attributes
    ----------
    id
        Its name.
    family
        The way of counting it belongs to.
    measure
        The measure of :mod:`caresim.places.readers` that it observes; its parts are not.
    indicator
        The indicator that states the same over a whole run, or empty.
    unit
        Of the figures that the operator gives.
    per_period
        Whether published figures are sums over their period, and must be divided by its days.
    scope
        Who and what is counted.
    approximation
        How the simulated quantity differs from the published one.
    operator
        Works it out.
    """

    id: str
    family: Family
    measure: str
    indicator: str
    unit: str
    per_period: bool
    scope: Scope
    approximation: str
    operator: Operator

    def __call__(self, results: OptionResults, group: Group = "mean") -> FloatArray:
        """Return the quantity as simulated.

        Parameters
        ----------
        results
            Of one option.
        group
            As in :class:`Simulated`.

        Returns
        -------
        array
            Shape (n_periods,) for ``mean``, else (members, n), in :attr:`unit`.
        """
        return self.operator(Simulated(results, group))

    def observed(self, reading: Reading, area: str) -> pd.Series[float]:
        """Return the published figures of an area in the unit of the simulated ones.

        Parameters
        ----------
        reading
            Of a file that gives :attr:`measure`.
        area
            Code of the area.

        Returns
        -------
        Series
            By date, without missing figures.

        Raises
        ------
        ValueError
            If the reading does not give this measure for the area: figures of another way of
            counting are never taken for it.
        """
        frame = reading.frame[reading.frame["area_code"] == area]
        own = frame[frame["measure"] == self.measure]
        if own.empty and self.family == "pathways":
            # Published by destination; a pathway is the sum of its destinations.
            parts = frame[frame["measure"].str.startswith(f"{self.measure}.")]
            summed = parts.groupby(["date", "frequency"])["value"].sum(min_count=1)
            own = summed.reset_index()
        if own.empty:
            others = ", ".join(sorted(frame["measure"].unique())[:6])
            raise ValueError(
                f"the file has no {self.measure!r} for {area!r}, which {self.id} observes; it has "
                f"{others}"
            )
        values = own.dropna(subset=["value"]).set_index("date")["value"].sort_index()
        if self.per_period:
            frequency = own["frequency"].iloc[0]
            values = values / _days(values.index, frequency)
        return values


def _days(dates: pd.Index, frequency: str) -> FloatArray:
    """Return the days of the periods that begin on these dates."""
    import pandas as pd

    months = {"month": 1, "quarter": 3, "year": 12}.get(frequency)
    if months is None:
        return np.full(len(dates), {"week": 7.0}.get(frequency, 1.0))
    first = pd.DatetimeIndex(dates)
    last = first + pd.DateOffset(months=months)
    return np.asarray((last - first).days, dtype=np.float64)
