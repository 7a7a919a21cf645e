"""How long people found inside at the start have been there, and will stay in all."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.stays import Stay

FloatArray = NDArray[np.float64]

_POINTS = 4097


class _Table(NamedTuple):
    """Points of the distribution function of the age, and its slopes just after and before."""

    days: FloatArray
    share: FloatArray
    slope_after: FloatArray
    slope_before: FloatArray


def _longest(stay: Stay) -> float:
    """Return a time beyond which hardly a person in 1e9 is found."""
    time = stay.mean()
    while time < stay.limit and float(stay.equilibrium_survival(time)) > 1e-9:
        time *= 1.5
    return min(time, stay.limit)


@lru_cache(maxsize=256)
def _table(stay: Stay) -> _Table:
    longest, mean = _longest(stay), stay.mean()
    if stay.family in ("empirical", "fixed"):
        # The survival is flat between these, so what is between is exact.
        steps = np.asarray(stay.parameters[0], dtype=np.float64).ravel()
        days = np.unique(np.append(steps[steps < longest], [0.0, longest]))
    else:
        # Points close together near 0, where most people are, and far apart in the tail.
        days = longest * np.linspace(0.0, 1.0, _POINTS) ** 4
    return _Table(
        days,
        stay.integrated_survival(days) / mean,
        stay.survival(days) / mean,
        stay.survival(np.nextafter(days, 0.0)) / mean,
    )


def equilibrium_age(stay: Stay, u: FloatArray) -> FloatArray:
    """Return how long people found inside at a random moment have been there.

    Its distribution function is the integral of the survival up to t over the mean stay (D. R.
    Cox, Renewal Theory, 1962, section 5.4). It is inverted between points of a table by a cubic
    that has the right value and slope at both ends.

    Parameters
    ----------
    stay
        Length of stay.
    u
        Uniform numbers in (0, 1), any shape.

    Returns
    -------
    numpy.ndarray
        Days, of the shape of ``u``.
    """
    table = _table(stay)
    wanted = np.minimum(u, table.share[-1])
    left = np.clip(np.searchsorted(table.share, wanted, "right") - 1, 0, table.days.size - 2)
    width = table.days[left + 1] - table.days[left]
    rise = table.share[left + 1] - table.share[left]
    safe = np.where(rise > 0.0, rise, 1.0)
    target = np.where(rise > 0.0, (wanted - table.share[left]) / safe, 0.0)
    a = np.where(rise > 0.0, table.slope_after[left] * width / safe, 1.0)
    b = np.where(rise > 0.0, table.slope_before[left + 1] * width / safe, 1.0)
    x = target
    # Newton's method for the cubic with slopes a and b that rises from 0 to 1.
    for _ in range(6):
        value = x * (a + x * (3 - 2 * a - b + x * (a + b - 2)))
        slope = a + x * (2 * (3 - 2 * a - b) + 3 * x * (a + b - 2))
        x = np.clip(x - (value - target) / np.maximum(slope, 1e-12), 0.0, 1.0)
    return np.asarray(table.days[left] + width * x)


def stay_given_age(stay: Stay, age: FloatArray, u: FloatArray) -> FloatArray:
    """Return whole stays of people who have been inside for some time already.

    Parameters
    ----------
    stay
        Length of stay.
    age
        Days they have been inside.
    u
        Uniform numbers in (0, 1), of the shape of ``age``.

    Returns
    -------
    numpy.ndarray
        Days, ``age`` or more: drawn from the stay given that it is longer than ``age``. People
        inside for longer than anyone stays leave at once.
    """
    # New people may have a stay of no time at all; those here for a time cannot have had.
    inside = np.where(age > 0.0, stay.survival(age), 1.0)
    whole = stay.quantile(np.clip(1.0 - u * inside, 0.0, 1.0))
    return np.maximum(np.where(inside > 0.0, whole, age), age)
