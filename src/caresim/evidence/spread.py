"""A distribution with a stated interval: two halves of normals on a scale.

As for uncertain inputs of a scenario, the two halves meet at the median, and the spreads below
and above it are set so that both ends of the interval are met exactly. Changes are bounded and
skewed, so the halves stand on one of three scales of the change x (relative, so that -0.2 is a
fifth less):

- ``normal``: x itself;
- ``lognormal``: ln(1 + x), for ratios;
- ``logitnormal``: -logit(-x / most), for reductions between 0 and ``most``, which lets an
  interval, its skew and its mean be met at once. It is Johnson's S_B (Biometrika 1949;36:149,
  doi:10.1093/biomet/36.1-2.149) with a spread of its own on each side of the median.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

FloatArray = NDArray[np.float64]
Shape = Literal["normal", "lognormal", "logitnormal"]

_EDGE = 9.0  # beyond 9 standard deviations lies less than 1e-18 of a normal
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)


@dataclass(frozen=True, slots=True)
class Spread:
    """Two halves of normals joined at the median, on the scale of ``shape``.

    Attributes
    ----------
    shape
        The scale.
    centre
        Median, on the scale.
    below, above
        Standard deviations on either side of it, on the scale.
    most
        For ``logitnormal``, the greatest reduction possible.
    """

    shape: Shape
    centre: float
    below: float
    above: float
    most: float = 1.0

    def quantile(self, probability: FloatArray) -> FloatArray:
        """Return the values below which it falls with the given probabilities, any shape."""
        return self.at(np.asarray(ndtri(probability), dtype=np.float64))

    def at(self, z: FloatArray) -> FloatArray:
        """Return the values at standard normal deviates ``z``, any shape."""
        return _from_scale(
            self.shape, self.centre + np.where(z < 0.0, self.below, self.above) * z, self.most
        )

    def z_of(self, value: float) -> float:
        """Return the standard normal deviate at which it has a value; may be infinite."""
        with np.errstate(divide="ignore"):
            gap = _to_scale(self.shape, value, self.most) - self.centre
        side = self.below if gap < 0 else self.above
        return gap / side if side > 0 else float(np.copysign(np.inf, gap))

    def mean(self) -> float:
        """Return the mean."""
        return self.expect(lambda values: values)

    def expect(self, of: Callable[[FloatArray], FloatArray], kinks: Iterable[float] = ()) -> float:
        """Return the mean of a function of the value, by Gauss-Legendre quadrature.

        Parameters
        ----------
        of
            From values to values, shape (n,).
        kinks
            Values at which the function bends; the pieces between are integrated apart.
        """
        breaks = sorted({-_EDGE, 0.0, _EDGE, *(self.z_of(value) for value in kinks)})
        inside = [z for z in breaks if -_EDGE <= z <= _EDGE]
        total = 0.0
        for first, last in pairwise(inside):
            z = (first + last) / 2 + (last - first) / 2 * _NODES
            density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
            total += float(np.sum(_WEIGHTS * density * of(self.at(z)))) * (last - first) / 2
        return total


def with_median(
    shape: Shape, low: float, median: float, high: float, level: float, most: float = 1.0
) -> Spread:
    """Return the distribution that meets an interval and a median exactly.

    Parameters
    ----------
    shape
        The scale.
    low, high
        Ends of the interval, as changes.
    median
        Between them.
    level
        Probability that the interval holds the value.
    most
        For ``logitnormal``, the greatest reduction.

    Raises
    ------
    ValueError
        If the three are not in order.
    """
    if not low <= median <= high:
        raise ValueError(f"{median:g} lies outside the interval from {low:g} to {high:g}")
    z = float(ndtri((1 + level) / 2))
    a, c, b = (_to_scale(shape, x, most) for x in (low, median, high))
    return Spread(shape, c, (c - a) / z, (b - c) / z, most)


def with_mean(
    shape: Shape, low: float, mean: float, high: float, level: float, most: float = 1.0
) -> Spread:
    """Return the distribution that meets an interval and a mean exactly.

    The median is found by halving between the ends of the interval, whose means lie on either
    side of the one stated.

    Raises
    ------
    ValueError
        If no such distribution has that mean; the message says which means are possible.
    """
    z = float(ndtri((1 + level) / 2))
    a, b = _to_scale(shape, low, most), _to_scale(shape, high, most)

    def at(c: float) -> Spread:
        return Spread(shape, c, (c - a) / z, (b - c) / z, most)

    least, greatest = at(a).mean(), at(b).mean()
    if not least <= mean <= greatest:
        raise ValueError(
            f"no {shape} distribution with {level:.0%} between {low:g} and {high:g} has a "
            f"mean of {mean:g}: means from {least:.4g} to {greatest:.4g} are possible"
        )
    first, last = a, b
    for _ in range(80):
        middle = (first + last) / 2
        first, last = (middle, last) if at(middle).mean() < mean else (first, middle)
    return at((first + last) / 2)


def _to_scale(shape: Shape, x: float, most: float) -> float:
    if shape == "normal":
        return x
    if shape == "lognormal":
        return float(np.log1p(x))
    return -float(logit(min(max(-x / most, 0.0), 1.0)))  # infinite at and beyond the bounds


def _from_scale(shape: Shape, y: FloatArray, most: float) -> FloatArray:
    if shape == "normal":
        return y
    if shape == "lognormal":
        return np.asarray(np.expm1(y), dtype=np.float64)
    return np.asarray(-most * expit(-y), dtype=np.float64)
