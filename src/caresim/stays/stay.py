"""How long people stay: one distribution with an optional limit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from caresim.stays.checks import checked
from caresim.stays.families import Array, Empirical, Family, Gamma, Hyperexponential, Lognormal
from caresim.stays.phased import Phased

_FAMILIES: dict[str, Callable[..., Family]] = {
    "exponential": lambda mean: Hyperexponential((1.0,), (mean,)),
    "erlang": Gamma,
    "gamma": Gamma,
    "lognormal": Lognormal,
    "hyperexponential": Hyperexponential,
    "phase_type": Phased,
    "empirical": Empirical,
    "fixed": lambda days: Empirical((days,)),
}


@dataclass(frozen=True)
class Stay:
    """A length of stay, in days; with a limit, the stay is min(S, limit).

    Parameters
    ----------
    family : str
        What S is distributed as; it says what ``parameters`` holds.
    parameters : tuple
        In days, or per day for rates:

        ================== =====================================================================
        exponential        (mean,)
        erlang             (mean, stages): the sum of ``stages`` equal exponential stages
        gamma              (mean, shape): cv^2 = 1 / shape
        lognormal          (mu, sigma): mean and standard deviation of ln S
        hyperexponential   (shares, means): one of several exponential branches, each a tuple (n,)
        phase_type         (initial, generator): shares starting in each phase, a tuple (n,), and
                           the rates of moving between phases, minus the rate of leaving on the
                           diagonal, a tuple (n,) of tuples (n,)
        empirical          (values,): the sample itself, sorted, each value equally likely
        fixed              (days,)
        ================== =====================================================================
    limit : float
        Longest stay allowed, in days; infinite for none.

    Raises
    ------
    ValueError
        If the parameters cannot be a stay; the message says the cause and the cure.

    Notes
    -----
    Means, sds and curves are those of the stay people really have, after the limit. Instances are
    immutable, hashable and equal when their parameters are. Build one with the functions of
    `caresim.stays`, which are named after what is known about the stay.

    Examples
    --------
    >>> from caresim.stays import from_mean_and_cv
    >>> acute = from_mean_and_cv("lognormal", 5.5, 1.2)
    >>> round(acute.sd(), 6)
    6.6
    >>> round(acute.limited(42).mean(), 2)
    5.43
    """

    family: str
    parameters: tuple[Any, ...]
    limit: float = math.inf

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", checked(self.family, self.parameters))
        limit = float(self.limit)
        if not limit > 0:
            raise ValueError(
                f"the limit on a stay must be more than 0 days, got {limit:g}; leave the limit "
                "out for none"
            )
        object.__setattr__(self, "limit", limit)

    @cached_property
    def _whole(self) -> Family:
        """The stay before its limit."""
        return _FAMILIES[self.family](*self.parameters)

    @cached_property
    def _mean(self) -> float:
        if math.isinf(self.limit):
            return self._whole.mean
        return float(self._whole.limited_mean(np.array(self.limit)))

    def mean(self) -> float:
        """Mean stay in days, after the limit."""
        return self._mean

    def sd(self) -> float:
        """Return the standard deviation of the stay in days, after the limit."""
        whole = self._whole
        square = whole.square if math.isinf(self.limit) else whole.limited_square(self.limit)
        variance = square - self._mean**2
        # Below this the difference is rounding alone, and the stay is the same for everyone.
        return math.sqrt(variance) if variance > 1e-14 * self._mean**2 else 0.0

    def cv(self) -> float:
        """Coefficient of variation: standard deviation over mean, after the limit."""
        return self.sd() / self._mean

    def survival(self, t: ArrayLike) -> Array:
        """Share of people who stay longer than each time ``t`` (days), same shape as ``t``."""
        days = np.asarray(t, dtype=np.float64)
        inside = self._whole.survival(_finite_days(days))
        return np.where(days < 0, 1.0, np.where(days >= self.limit, 0.0, inside))

    def integrated_survival(self, t: ArrayLike) -> Array:
        """Integral of the survival from 0 to each ``t`` >= 0 (days): E[min(stay, t)].

        A setting that is empty at time 0 and has room for all holds on average
        ``arrivals per day * integrated_survival(t)`` people at time t (the M/G/infinity queue:
        S. G. Eick, W. A. Massey and W. Whitt, The Physics of the Mt/G/infinity Queue, Operations
        Research 41 (1993), doi:10.1287/opre.41.4.731).
        """
        days = np.asarray(t, dtype=np.float64)
        within = np.maximum(_finite_days(np.minimum(days, self.limit)), 0.0)
        spent = self._whole.limited_mean(within)
        return np.where(np.minimum(days, self.limit) == np.inf, self._whole.mean, spent)

    def quantile(self, u: ArrayLike) -> Array:
        """Shortest stay that a share ``u`` of people do not exceed, in days; shape of ``u``.

        Uniform random numbers in [0, 1) give draws of the stay.

        Raises
        ------
        ValueError
            If any of ``u`` is outside 0 to 1.
        """
        return np.minimum(self._whole.inverse_survival(1.0 - _shares(u)), self.limit)

    def mean_residual(self, elapsed: ArrayLike) -> Array:
        """Mean days still to stay for someone inside after ``elapsed`` days; 0 past the longest.

        With a limit c this is m(e) - P(S > c | S > e) m(c), where m is the mean residual stay
        without it.
        """
        days = np.maximum(np.asarray(elapsed, dtype=np.float64), 0.0)
        residual = self._whole.mean_excess(days)
        if math.isfinite(self.limit):
            to_limit = np.maximum(self.limit - days, 0.0)
            beyond = self._whole.mean_excess(np.full(days.shape, self.limit))
            residual = residual - self._whole.survival_ratio(days, to_limit) * beyond
        return np.where(days >= self.limit, 0.0, np.maximum(residual, 0.0))

    def survival_given(self, elapsed: ArrayLike, t: ArrayLike) -> Array:
        """Share of those inside after ``elapsed`` days who stay longer than ``t`` days more.

        ``elapsed`` and ``t`` are broadcast together; the share is 0 where nobody stays as long as
        ``elapsed``.
        """
        days = np.maximum(np.asarray(elapsed, dtype=np.float64), 0.0)
        more = np.asarray(t, dtype=np.float64)
        share = self._whole.survival_ratio(days, _finite_days(np.maximum(more, 0.0)))
        ended = (days + more >= self.limit) | (more == np.inf)
        return np.where(days >= self.limit, 0.0, np.where(more < 0, 1.0, np.where(ended, 0, share)))

    def equilibrium_survival(self, t: ArrayLike) -> Array:
        """Share of people found inside at a random moment who stay longer than ``t`` days more.

        Equals the integral of the survival beyond ``t``, over the mean stay.
        """
        days = np.maximum(np.asarray(t, dtype=np.float64), 0.0)
        return self.survival(days) * self.mean_residual(_finite_days(days)) / self._mean

    def scaled(self, factor: float) -> Stay:
        """Return the same stay with every time, the limit included, multiplied by ``factor``."""
        if not (factor > 0 and math.isfinite(factor)):
            raise ValueError(f"a stay can only be scaled by a number above 0, got {factor}")
        first, *rest = self.parameters
        parameters: tuple[Any, ...]
        if self.family == "lognormal":
            parameters = (first + math.log(factor), *rest)
        elif self.family == "hyperexponential":
            parameters = (first, tuple(m * factor for m in rest[0]))
        elif self.family == "phase_type":
            parameters = (first, tuple(tuple(r / factor for r in row) for row in rest[0]))
        elif self.family == "empirical":
            parameters = (tuple(v * factor for v in first),)
        else:
            parameters = (first * factor, *rest)
        return Stay(self.family, parameters, self.limit * factor)

    def limited(self, limit: float) -> Stay:
        """Return the same stay, cut at ``limit`` days (or at its present limit if shorter)."""
        cut = Stay(self.family, self.parameters, limit)
        return cut if cut.limit < self.limit else self


def _finite_days(days: Array) -> Array:
    """Keep to times the closed forms can take; callers answer for the infinite ones."""
    return np.where(np.isfinite(days), np.maximum(days, 0.0), 0.0)


def _shares(u: ArrayLike) -> Array:
    shares = np.asarray(u, dtype=np.float64)
    if not np.all((shares >= 0) & (shares <= 1)):
        raise ValueError("quantiles are asked for by shares from 0 to 1")
    return shares
