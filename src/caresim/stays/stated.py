"""Stays from what people know about them: a mean and sd, a median, quantiles, a sample."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from caresim.stays.checks import mean_days, number
from caresim.stays.stay import Stay

# How far the cv of an Erlang stay may be from that of a whole number of stages: published cvs are
# rounded to two or three figures.
ERLANG_CV_TOLERANCE = 0.005


def exponential(mean: float) -> Stay:
    """Memoryless stay of the given mean (days): cv 1."""
    return Stay("exponential", (mean,))


def erlang(mean: float, stages: int) -> Stay:
    """Sum of ``stages`` equal exponential stages, of the given mean (days) in all."""
    return Stay("erlang", (mean, stages))


def gamma(mean: float, shape: float) -> Stay:
    """Gamma stay of the given mean (days) and shape 1 / cv^2."""
    return Stay("gamma", (mean, shape))


def lognormal(mu: float, sigma: float) -> Stay:
    """Lognormal stay; ``mu`` and ``sigma`` are the mean and sd of the logarithm of days."""
    return Stay("lognormal", (mu, sigma))


def hyperexponential(shares: Sequence[float], means: Sequence[float]) -> Stay:
    """One of several exponential stays: share and mean (days) of each."""
    return Stay("hyperexponential", (tuple(shares), tuple(means)))


def phase_type(initial: Sequence[float], generator: Sequence[Sequence[float]]) -> Stay:
    """Stay through phases; see `Stay` for what the two tables hold."""
    return Stay("phase_type", (tuple(initial), tuple(tuple(row) for row in generator)))


def empirical(values: Iterable[float]) -> Stay:
    """Stay drawn from a sample of observed stays (days)."""
    return Stay("empirical", (tuple(values),))


def fixed(days: float) -> Stay:
    """Stay that is the same for everyone (days)."""
    return Stay("fixed", (days,))


def from_mean_and_cv(family: str, mean: float, cv: float) -> Stay:
    """Stay with the given mean (days) and coefficient of variation.

    Parameters
    ----------
    family : str
        ``lognormal`` or ``gamma`` for any cv above 0; ``hyperexponential`` for cv above 1 (two
        branches that hold as many people each: H. C. Tijms, A First Course in Stochastic Models
        (2003), appendix B); ``erlang`` where cv^2 is one over a whole number; ``exponential`` for
        cv 1; ``fixed`` for cv 0.
    mean : float
    cv : float

    Raises
    ------
    ValueError
        If no stay of this family has them.
    """
    m, c = mean_days(mean), number(cv, "the coefficient of variation")
    if c < 0:
        raise ValueError(f"the spread of a stay cannot be less than 0, got a cv of {c:g}")
    if family == "fixed" or (c == 0 and family in _SPREAD):
        if c > 0:
            raise ValueError(
                f"a fixed stay has no spread, but its cv is given as {c:g}: leave it out, or use "
                "family lognormal or gamma"
            )
        if family != "fixed":
            raise ValueError(
                f"a {family} stay needs some spread, but its sd or cv is 0: use family fixed for "
                "stays that are all alike"
            )
        return fixed(m)
    if family not in _SPREAD:
        raise ValueError(
            f"a mean and a spread do not settle a stay of family {family!r}: use one of "
            f"{[*_SPREAD, 'fixed']}"
        )
    return _SPREAD[family](m, c)


def _lognormal(mean: float, cv: float) -> Stay:
    variance = math.log1p(cv**2)
    return lognormal(math.log(mean) - variance / 2, math.sqrt(variance))


def _gamma(mean: float, cv: float) -> Stay:
    return gamma(mean, 1 / cv**2)


def _exponential(mean: float, cv: float) -> Stay:
    if abs(cv - 1) > ERLANG_CV_TOLERANCE:
        raise ValueError(
            f"an exponential stay always has cv 1 (its sd equals its mean), got {cv:g}: use "
            "family lognormal or gamma to choose the spread"
        )
    return exponential(mean)


def _erlang(mean: float, cv: float) -> Stay:
    stages = max(1, round(1 / cv**2))
    if abs(cv * math.sqrt(stages) - 1) > ERLANG_CV_TOLERANCE:
        near = 1 / math.sqrt(stages)
        raise ValueError(
            f"an Erlang stay has cv 1, 0.707, 0.577, ... (1 / sqrt(stages)), not {cv:g}: the "
            f"nearest is {near:.3f} with {stages} stages; use family gamma for any cv"
        )
    return erlang(mean, stages)


def _hyperexponential(mean: float, cv: float) -> Stay:
    if cv <= 1:
        raise ValueError(
            f"a hyperexponential stay has a cv above 1, got {cv:g}: use family gamma or lognormal"
        )
    share = (1 + math.sqrt((cv**2 - 1) / (cv**2 + 1))) / 2
    return hyperexponential((share, 1 - share), (mean / (2 * share), mean / (2 * (1 - share))))


_SPREAD = {
    "lognormal": _lognormal,
    "gamma": _gamma,
    "erlang": _erlang,
    "exponential": _exponential,
    "hyperexponential": _hyperexponential,
}


def from_mean_and_sd(family: str, mean: float, sd: float) -> Stay:
    """Stay with the given mean and standard deviation (days); see `from_mean_and_cv`."""
    return from_mean_and_cv(family, mean, number(sd, "the sd") / mean_days(mean))


def from_median_and_mean(median: float, mean: float) -> Stay:
    """Lognormal stay with the given median and mean (days).

    mu = ln median and sigma = sqrt(2 (ln mean - mu)).

    Raises
    ------
    ValueError
        If the mean is not above the median, as it always is for a lognormal stay.
    """
    middle, m = mean_days(median, "the median"), mean_days(mean)
    if m <= middle:
        raise ValueError(
            f"the mean of {m:g} days is not above the median of {middle:g} days, as it is for "
            "every lognormal stay: check that the two are not swapped and describe the same "
            "people, or give the mean and sd with family gamma"
        )
    mu = math.log(middle)
    return lognormal(mu, math.sqrt(2 * (math.log(m) - mu)))


@dataclass(frozen=True)
class QuantileFit:
    """A lognormal stay fitted to quantiles.

    Attributes
    ----------
    stay : Stay
    residual : float
        Root mean square difference of the logarithms of fitted and given quantiles: 0.1 means
        that they differ by about 10%. Zero for two quantiles.
    """

    stay: Stay
    residual: float


def from_quantiles(quantiles: Mapping[float, float]) -> QuantileFit:
    """Lognormal stay from quantiles: exactly from two, by least squares from more.

    The logarithms of the stays are regressed on the quantiles of the standard normal.

    Parameters
    ----------
    quantiles : mapping of share (between 0 and 1) to days

    Raises
    ------
    ValueError
        If there are fewer than two, or stays do not rise with the shares.

    Examples
    --------
    >>> fit = from_quantiles({0.5: 7.0, 0.9: 28.0})
    >>> [round(float(q), 6) for q in fit.stay.quantile([0.5, 0.9])]
    [7.0, 28.0]
    """
    if len(quantiles) < 2:
        raise ValueError(
            f"a stay needs at least two quantiles, got {len(quantiles)}: add another, such as the "
            "share who have left by four weeks"
        )
    points = sorted((number(p, "each share"), number(t, "each stay")) for p, t in quantiles.items())
    for share, days in points:
        if not 0 < share < 1:
            raise ValueError(
                f"the share of a quantile must be above 0 and below 1, got {share:g}; write the "
                "90th percentile as 0.9"
            )
        mean_days(days, f"the stay at share {share:g}")
    for (low, early), (high, late) in pairwise(points):
        if late <= early:
            raise ValueError(
                f"stays must rise with the shares, but {high:g} of people have left by {late:g} "
                f"days and {low:g} by {early:g} days: check whether the two are swapped"
            )
    z = [NormalDist().inv_cdf(share) for share, _ in points]
    y = [math.log(days) for _, days in points]
    z_mean, y_mean = math.fsum(z) / len(z), math.fsum(y) / len(y)
    spread = math.fsum((a - z_mean) ** 2 for a in z)
    sigma = math.fsum((a - z_mean) * (b - y_mean) for a, b in zip(z, y, strict=True)) / spread
    mu = y_mean - sigma * z_mean
    misses = [b - mu - sigma * a for a, b in zip(z, y, strict=True)]
    residual = math.sqrt(math.fsum(r * r for r in misses) / len(misses))
    return QuantileFit(lognormal(mu, sigma), residual if len(points) > 2 else 0.0)
