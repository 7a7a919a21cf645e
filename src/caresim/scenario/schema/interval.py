"""Uncertain values: from an interval as stated to the distribution of the draws."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from caresim.scenario.values import Interval


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of an uncertain value; see `caresim.model.UncertainInput`.

    Attributes
    ----------
    mean
        Mean of the draws before any clipping; the mean as stated, if one is.
    centre, spread_low, spread_high
        Median and two standard deviations for ``normal``; mu, 0 and sigma of the logarithm for
        ``lognormal``; the peak for ``triangular`` and the middle for ``uniform``, with zeros.
    """

    mean: float
    centre: float
    spread_low: float = 0.0
    spread_high: float = 0.0


def spread_of(interval: Interval) -> Spread:
    """Work out the distribution that an interval stands for.

    Raises
    ------
    ValueError
        If no such distribution has the stated mean, median or mode; the message says which are
        possible.

    Examples
    --------
    >>> s = spread_of(Interval(0.8, 0.9, 0.8, "normal"))
    >>> round(s.mean, 6), round(s.spread_low, 6), round(s.spread_high, 6)
    (0.85, 0.039015, 0.039015)
    """
    low, high = interval.low, interval.high
    if interval.shape == "uniform":
        return Spread((low + high) / 2, (low + high) / 2)
    if interval.shape == "triangular":
        mode = (low + high) / 2 if interval.mode is None else interval.mode
        _within("mode", mode, low, high)
        return Spread((low + mode + high) / 3, mode)
    z = NormalDist().inv_cdf((1 + interval.level) / 2)
    if interval.shape == "lognormal":
        if low <= 0:
            raise ValueError("a lognormal value is above 0, so `low` must be above 0 too")
        mu = (math.log(low) + math.log(high)) / 2
        sigma = (math.log(high) - math.log(low)) / (2 * z)
        return Spread(math.exp(mu + sigma**2 / 2), mu, 0.0, sigma)
    median = _median(interval, z)
    if median == (low + high) / 2:  # a plain normal, rounding or not
        sd = (high - low) / (2 * z)
        return Spread(median if interval.mean is None else interval.mean, median, sd, sd)
    below, above = (median - low) / z, (high - median) / z
    mean = median + (above - below) / math.sqrt(2 * math.pi)
    return Spread(mean if interval.mean is None else interval.mean, median, below, above)


def _median(interval: Interval, z: float) -> float:
    """Give the point at which the two halves of normals join.

    Two halves with spreads (c - low) / z and (high - c) / z about the median c have the mean
    c + ((high - c) - (c - low)) / (z sqrt(2 pi)), which is solved for c.
    """
    low, high = interval.low, interval.high
    middle = (low + high) / 2
    if interval.median is not None:
        _within("median", interval.median, low, high)
        return interval.median
    if interval.mean is None or math.isclose(interval.mean, middle, rel_tol=1e-12, abs_tol=1e-15):
        return middle
    k = 1 / (z * math.sqrt(2 * math.pi))
    reach = abs(0.5 - k) * (high - low)
    if abs(interval.mean - middle) > reach * (1 + 1e-12):
        raise ValueError(
            f"no value with this interval has a mean of {interval.mean:g}: means from "
            f"{middle - reach:g} to {middle + reach:g} are possible (with `median`, from {low:g} "
            f"to {high:g})"
        )
    median = middle + (interval.mean - middle) / (1 - 2 * k)
    return min(max(median, low), high)


def _within(word: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(
            f"the {word} of {value:g} lies outside the interval from {low:g} to {high:g}"
        )
