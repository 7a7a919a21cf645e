"""Present values and payback."""

from __future__ import annotations

import numpy as np

from caresim.money.entries import FloatArray

RATE = 0.035
"""Discount rate for costs and benefits in real terms, years 0 to 30: HM Treasury, The Green Book
(2022), annex 6."""


def factors(rate: float, years: int) -> FloatArray:
    """Return the discount factor of each year: (1 + rate)^-t, with t = 0 for the first.

    The first year is not discounted (The Green Book, 2022, annex 6).

    Examples
    --------
    >>> factors(0.035, 3).round(4).tolist()
    [1.0, 0.9662, 0.9335]
    """
    found: FloatArray = (1.0 + rate) ** -np.arange(years, dtype=np.float64)
    return found


def present(flows: FloatArray, rate: float) -> FloatArray:
    """Return the present value of yearly flows, over the last axis."""
    return np.asarray(flows @ factors(rate, flows.shape[-1]))


def payback_years(costs: FloatArray, days: FloatArray) -> FloatArray:
    """Return when what was spent has been saved again, for good.

    Parameters
    ----------
    costs
        Shape (members, years): what the option costs more, not discounted; savings are negative.
    days
        Shape (years,): length of each year; the last may be shorter.

    Returns
    -------
    numpy.ndarray
        Shape (members,): years from the start until the sum of costs falls to 0 and stays there,
        with money taken to flow evenly within a year. 0 if it is never above 0, infinite if it is
        above 0 at the end.

    Examples
    --------
    >>> payback_years(np.array([[100.0, -40.0, -120.0]]), np.full(3, 365.0)).tolist()
    [2.5]
    """
    ends = np.cumsum(days) / 365.0
    total = np.cumsum(costs, axis=1)
    found = np.zeros(costs.shape[0])
    for year in range(costs.shape[1]):
        before = total[:, year] - costs[:, year]
        falls = (before > 0.0) & (total[:, year] <= 0.0)
        part = before / np.where(falls, -costs[:, year], 1.0)
        at = ends[year] - (1.0 - part) * days[year] / 365.0
        found = np.where(falls, at, found)
    return np.where(total[:, -1] > 0.0, np.inf, found)
