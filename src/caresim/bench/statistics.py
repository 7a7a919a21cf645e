"""Estimates with standard errors, and the rules that a figure passes or misses.

Every figure is a smooth function of means over members. Its standard error is that of the
function made straight at those means (the delta method), so that ratios, variances and
amplitudes are treated like plain means.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Combine = Callable[[FloatArray], float]
Verdict = Literal["pass", "miss", "too wide"]

ERRORS = 4.0
"""Standard errors that a simulated figure may be away from the exact one."""

RELATIVE = 0.005
"""Largest standard error, as a share of the exact value."""

SMALL, ABSOLUTE = 0.4, 0.002
"""Below ``SMALL`` the largest standard error is ``ABSOLUTE`` instead."""

ROUNDING = 1e-9
"""Largest difference of figures without a standard error, relative if they exceed 1."""


@dataclass(frozen=True)
class Estimate:
    """A figure from some members.

    Attributes
    ----------
    value, standard_error
        Both in the unit of the figure; the error is NaN where there are no two members.
    members
        How many.
    """

    value: float
    standard_error: float
    members: int


@dataclass(frozen=True)
class Allowed:
    """What a figure may differ by from the one it is held to.

    Attributes
    ----------
    relative, absolute
        The difference may be the larger of the two (of the exact value, and as it stands). Both
        0 means the rule of standard errors.
    at_least
        The value itself is the least that passes.
    """

    relative: float = 0.0
    absolute: float = 0.0
    at_least: bool = False

    @property
    def by_standard_error(self) -> bool:
        """Whether the difference is held to the standard error."""
        return not (self.relative or self.absolute or self.at_least)


def estimate(parts: FloatArray, combine: Combine) -> Estimate:
    """Estimate a function of means.

    Parameters
    ----------
    parts
        Shape (members, n): what the means are of.
    combine
        The function of n means.

    Returns
    -------
    Estimate
        The standard error is that of ``combine`` made straight at the means.

    Examples
    --------
    >>> ratio = estimate(np.array([[1.0, 2.0], [3.0, 4.0]]), lambda m: m[0] / m[1])
    >>> round(ratio.value, 4), round(ratio.standard_error, 4)
    (0.6667, 0.1111)
    """
    members = len(parts)
    means = parts.mean(axis=0)
    value = float(combine(means))
    if members < 2:
        return Estimate(value, math.nan, members)
    slopes = np.array([_slope(combine, means, place) for place in range(means.size)])
    influence = (parts - means) @ slopes
    return Estimate(value, float(influence.std(ddof=1) / math.sqrt(members)), members)


def _slope(combine: Combine, means: FloatArray, place: int) -> float:
    """Return the derivative by one mean, from the values a little above and below it."""
    step = np.zeros_like(means)
    # The cube root of the rounding of doubles makes the error of central differences least.
    step[place] = 6e-6 * max(abs(float(means[place])), 1e-3)
    rise = combine(means + step) - combine(means - step)
    return float(rise / (2.0 * step[place]))


def largest_error(exact: float) -> float:
    """Return the largest standard error with which a figure counts as tested."""
    return RELATIVE * abs(exact) if abs(exact) >= SMALL else ABSOLUTE


def distance(found: Estimate, exact: float) -> float:
    """Return how many standard errors an estimate is from the exact value; NaN without any."""
    if not found.standard_error > 0.0:
        return math.nan
    return (found.value - exact) / found.standard_error


def judge(found: Estimate, exact: float, allowed: Allowed, *, quick: bool = False) -> Verdict:
    """Say whether a figure passes.

    Parameters
    ----------
    found
        The simulated figure.
    exact
        The exact or published one.
    allowed
        The rule.
    quick
        Few members: leave out that the standard error must be small.
    """
    gap = found.value - exact
    if allowed.at_least:
        return "pass" if gap >= 0.0 else "miss"
    if not allowed.by_standard_error:
        limit = max(allowed.relative * abs(exact), allowed.absolute)
        return "pass" if abs(gap) <= limit else "miss"
    if not found.standard_error > 0.0:
        # All members agree: there is no chance in the figure, so it has to be exact.
        return "pass" if abs(gap) <= ROUNDING * max(1.0, abs(exact)) else "miss"
    if not abs(gap) < ERRORS * found.standard_error:
        return "miss"
    if not quick and found.standard_error > largest_error(exact):
        return "too wide"
    return "pass"
