"""Several studies of one thing combined: random effects.

The studies' true effects differ, with mean mu and standard deviation tau; study i adds chance
error of variance v_i. Restricted maximum likelihood gives tau squared (Viechtbauer 2005, Journal
of Educational and Behavioral Statistics 30:261, doi:10.3102/10769986030003261). The interval of
mu is that of Hartung and Knapp (2001, Statistics in Medicine 20:3875, doi:10.1002/sim.1009),
never narrower than the plain one (Röver et al. 2015, BMC Medical Research Methodology 15:99,
doi:10.1186/s12874-015-0091-1). What to expect in a new place is the prediction interval
mu ± t sqrt(tau² + se²) with t of k - 1 degrees of freedom (Higgins et al. 2009, Journal of the
Royal Statistical Society A 172:137, doi:10.1111/j.1467-985X.2008.00552.x, who use k - 2, which
for the three studies that there mostly are has no use: its 95% point is 12.7).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

FEWEST = 3
"""Studies needed. Of two, neither the differences nor the interval can be judged."""


@dataclass(frozen=True, slots=True)
class Combined:
    """What several studies say together, on the scale of their estimates.

    Attributes
    ----------
    count
        Number of studies.
    mean, error
        Mean effect over studies and its standard error (Hartung and Knapp).
    tau
        Standard deviation of true effects between studies.
    share_of_differences
        I²: the share of the variance of estimates that is true difference, 0 to 1.
    """

    count: int
    mean: float
    error: float
    tau: float
    share_of_differences: float

    def interval(self, level: float) -> tuple[float, float]:
        """Return the confidence interval of the mean effect."""
        half = _student(level, self.count - 1) * self.error
        return self.mean - half, self.mean + half

    def prediction(self, level: float) -> tuple[float, float]:
        """Return the interval that holds the true effect in a new place."""
        half = _student(level, self.count - 1) * math.hypot(self.tau, self.error)
        return self.mean - half, self.mean + half


def combine(estimates: Sequence[float], errors: Sequence[float]) -> Combined:
    """Combine independent estimates of one thing.

    Parameters
    ----------
    estimates
        One for each study, on a scale where errors are about normal: logarithms of ratios.
    errors
        Their standard errors, above 0.

    Raises
    ------
    ValueError
        If there are fewer than :data:`FEWEST` studies, or an error is not above 0.

    Examples
    --------
    >>> three = combine([-0.5, 0.1, -0.2], [0.2, 0.2, 0.1])
    >>> round(three.mean, 3), round(three.tau, 3)
    (-0.2, 0.191)
    """
    if len(estimates) < FEWEST or len(estimates) != len(errors):
        raise ValueError(f"{len(estimates)} studies; at least {FEWEST} are needed")
    if min(errors) <= 0:
        raise ValueError("standard errors are above 0")
    variances = [error**2 for error in errors]
    tau2 = _restricted_likelihood(estimates, variances)
    weights = [1 / (v + tau2) for v in variances]
    mean = _mean(estimates, weights)
    count, total = len(estimates), sum(weights)
    residual = sum(w * (y - mean) ** 2 for w, y in zip(weights, estimates, strict=True))
    widened = max(1.0, residual / (count - 1))
    return Combined(
        count, mean, math.sqrt(widened / total), math.sqrt(tau2), _share(variances, tau2)
    )


def standard_error(low: float, high: float, level: float) -> float:
    """Return the standard error that a confidence interval stands for."""
    return (high - low) / (2 * NormalDist().inv_cdf((1 + level) / 2))


def _restricted_likelihood(estimates: Sequence[float], variances: Sequence[float]) -> float:
    """Solve the likelihood equation for tau² by repeated substitution (Viechtbauer, eq. 9)."""
    tau2 = sum((y - _mean(estimates, [1.0] * len(estimates))) ** 2 for y in estimates)
    for _ in range(10_000):
        weights = [1 / (v + tau2) for v in variances]
        mean = _mean(estimates, weights)
        squares = sum(
            w**2 * ((y - mean) ** 2 - v)
            for w, y, v in zip(weights, estimates, variances, strict=True)
        )
        before = tau2
        tau2 = max(0.0, squares / sum(w**2 for w in weights) + 1 / sum(weights))
        if abs(tau2 - before) <= 1e-13 * max(1.0, tau2):
            break
    return tau2


def _mean(estimates: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * y for w, y in zip(weights, estimates, strict=True)) / sum(weights)


def _share(variances: Sequence[float], tau2: float) -> float:
    """Return I² by the typical variance within studies (Higgins and Thompson 2002)."""
    weights = [1 / v for v in variances]
    typical = (len(weights) - 1) * sum(weights) / (sum(weights) ** 2 - sum(w**2 for w in weights))
    return tau2 / (tau2 + typical)


def _student(level: float, freedom: int) -> float:
    from scipy.special import stdtrit  # only needed when studies are combined

    return float(stdtrit(freedom, (1 + level) / 2))
