"""The curves of each family of stay, before any limit; all times in days.

Each class below holds the closed forms of one family. They share one shape, `Family`, so that
`caresim.stays.Stay` can apply a limit to any of them without knowing which it is.
scipy.special is imported only where it is needed, because importing it costs a quarter of a
second and reading or checking a scenario does not need it.
"""

# ruff: noqa: D102 - each method is documented once, on Family.

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Family(Protocol):
    """What every family can say about a stay S without a limit.

    Attributes
    ----------
    mean : float
        E[S] in days.
    square : float
        E[S^2] in days squared.
    """

    @property
    def mean(self) -> float: ...

    @property
    def square(self) -> float: ...

    def survival(self, t: Array) -> Array:
        """P(S > t) for finite t >= 0."""

    def limited_mean(self, t: Array) -> Array:
        """E[min(S, t)], which is also the integral of the survival from 0 to t."""

    def limited_square(self, t: float) -> float:
        """E[min(S, t)^2] for finite t."""

    def inverse_survival(self, p: Array) -> Array:
        """Smallest t with P(S > t) <= p, for p in [0, 1]."""

    def survival_ratio(self, elapsed: Array, t: Array) -> Array:
        """P(S > elapsed + t) / P(S > elapsed); 0 where nobody stays as long as ``elapsed``."""

    def mean_excess(self, elapsed: Array) -> Array:
        """E[S - elapsed | S > elapsed]; 0 where nobody stays as long as ``elapsed``."""


def ratio_or_zero(top: Array, bottom: Array) -> Array:
    """Top / bottom, and 0 where the bottom is 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, out=np.zeros(top.shape), where=bottom > 0)


def normal_cdf(z: Array) -> Array:
    """Evaluate the standard normal distribution function by erfc, exact in both tails."""
    erfc = np.frompyfunc(math.erfc, 1, 1)
    return 0.5 * np.asarray(erfc(-z / math.sqrt(2.0)), dtype=np.float64)


class Lognormal:
    """ln S is normal with mean ``mu`` and standard deviation ``sigma``.

    Partial moments E[S^k; S <= t] = exp(k mu + k^2 sigma^2 / 2) Phi((ln t - mu - k sigma^2) /
    sigma): N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 1
    (1994), chapter 14.
    """

    def __init__(self, mu: float, sigma: float) -> None:
        self.mu, self.sigma = mu, sigma
        self.mean = math.exp(mu + sigma**2 / 2)
        self.square = math.exp(2 * mu + 2 * sigma**2)

    def _z(self, t: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(t) - self.mu) / self.sigma)

    def survival(self, t: Array) -> Array:
        return normal_cdf(-self._z(t))

    def limited_mean(self, t: Array) -> Array:
        return self.mean * normal_cdf(self._z(t) - self.sigma) + t * self.survival(t)

    def limited_square(self, t: float) -> float:
        z = self._z(np.array([t]))
        stayed = t**2 * normal_cdf(-z)
        return float((self.square * normal_cdf(z - 2 * self.sigma) + stayed)[0])

    def inverse_survival(self, p: Array) -> Array:
        from scipy.special import ndtri

        return np.asarray(np.exp(self.mu - self.sigma * ndtri(p)))

    def survival_ratio(self, elapsed: Array, t: Array) -> Array:
        return ratio_or_zero(self.survival(elapsed + t), self.survival(elapsed))

    def mean_excess(self, elapsed: Array) -> Array:
        z = self._z(elapsed)
        later = self.mean * normal_cdf(self.sigma - z)
        inside = normal_cdf(-z)
        return ratio_or_zero(later - elapsed * inside, inside)


class Gamma:
    """Gamma stay of given mean and shape; a whole shape k is the Erlang stay of k stages.

    With x = t / scale and P, Q the regularised incomplete gamma functions, S has survival
    Q(shape, x) and E[S; S <= t] = mean P(shape + 1, x): Johnson, Kotz and Balakrishnan (1994),
    chapter 17.
    """

    def __init__(self, mean: float, shape: float) -> None:
        self.mean, self.shape = mean, shape
        self.scale = mean / shape
        self.square = mean * (mean + self.scale)

    def survival(self, t: Array) -> Array:
        from scipy.special import gammaincc

        return np.asarray(gammaincc(self.shape, t / self.scale))

    def limited_mean(self, t: Array) -> Array:
        from scipy.special import gammainc

        ended = np.asarray(gammainc(self.shape + 1, t / self.scale))
        return self.mean * ended + t * self.survival(t)

    def limited_square(self, t: float) -> float:
        from scipy.special import gammainc, gammaincc

        x = t / self.scale
        return float(self.square * gammainc(self.shape + 2, x) + t**2 * gammaincc(self.shape, x))

    def inverse_survival(self, p: Array) -> Array:
        from scipy.special import gammainccinv

        return self.scale * np.asarray(gammainccinv(self.shape, p))

    def survival_ratio(self, elapsed: Array, t: Array) -> Array:
        return ratio_or_zero(self.survival(elapsed + t), self.survival(elapsed))

    def mean_excess(self, elapsed: Array) -> Array:
        from scipy.special import gammaincc

        inside = self.survival(elapsed)
        later = self.mean * gammaincc(self.shape + 1, elapsed / self.scale)
        return ratio_or_zero(later - elapsed * inside, inside)


class Hyperexponential:
    """One of several exponential stays, chosen with probability ``shares``; one is exponential."""

    def __init__(self, shares: tuple[float, ...], means: tuple[float, ...]) -> None:
        self.shares, self.means = np.array(shares), np.array(means)
        self.mean = float(self.shares @ self.means)
        self.square = float(2 * self.shares @ self.means**2)

    def survival(self, t: Array) -> Array:
        return np.asarray(np.exp(-t[..., None] / self.means) @ self.shares)

    def limited_mean(self, t: Array) -> Array:
        return np.asarray(-np.expm1(-t[..., None] / self.means) @ (self.shares * self.means))

    def limited_square(self, t: float) -> float:
        x = t / self.means
        return float(2 * self.shares * self.means**2 @ (-np.expm1(-x) - x * np.exp(-x)))

    def inverse_survival(self, p: Array) -> Array:
        # The logarithm of the survival is convex and falling, so Newton's method started from
        # below climbs to the answer without passing it. No branch alone outlives the mixture,
        # which gives the start.
        p = np.asarray(p, dtype=np.float64)
        with np.errstate(divide="ignore"):
            target = np.log(p)
        wanted = np.where(np.isfinite(target), target, 0.0)
        starts = self.means * (np.log(self.shares) - wanted[..., None])
        t = np.maximum(0.0, starts.max(axis=-1))
        for _ in range(100):
            log_shares = np.log(self.shares) - t[..., None] / self.means
            top = log_shares.max(axis=-1)
            weights = np.exp(log_shares - top[..., None])
            total = weights.sum(axis=-1)
            step = (top + np.log(total) - wanted) * total / (weights @ (1 / self.means))
            t = t + np.maximum(step, 0.0)
            if np.all(step <= 1e-15 * t):
                break
        return np.where(np.isfinite(target), t, np.inf)

    def _shares_after(self, elapsed: Array) -> Array:
        # Branch shares among people still inside, by logarithms so that they hold however late.
        late = np.log(self.shares) - elapsed[..., None] / self.means
        weights = np.exp(late - late.max(axis=-1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=-1, keepdims=True))

    def survival_ratio(self, elapsed: Array, t: Array) -> Array:
        stayed = self._shares_after(elapsed) * np.exp(-t[..., None] / self.means)
        return np.asarray(stayed.sum(axis=-1))

    def mean_excess(self, elapsed: Array) -> Array:
        return np.asarray(self._shares_after(elapsed) @ self.means)


class Empirical:
    """Each of the given stays with the same probability; one value alone is a fixed stay."""

    def __init__(self, values: tuple[float, ...]) -> None:
        self.values = np.array(values)
        self.mean = float(self.values.mean())
        self.square = float((self.values**2).mean())
        self._sums = np.concatenate([[0.0], np.cumsum(self.values)])

    def _over(self, t: Array) -> NDArray[np.intp]:
        return np.searchsorted(self.values, t, side="right")

    def survival(self, t: Array) -> Array:
        return np.asarray(1.0 - self._over(t) / len(self.values))

    def limited_mean(self, t: Array) -> Array:
        over = self._over(t)
        return np.asarray((self._sums[over] + t * (len(self.values) - over)) / len(self.values))

    def limited_square(self, t: float) -> float:
        return float((np.minimum(self.values, t) ** 2).mean())

    def inverse_survival(self, p: Array) -> Array:
        # Rounding must not push a probability that is a whole number of sample values past it.
        n = len(self.values)
        at = np.ceil(n * (1.0 - p) - 1e-9).astype(np.intp) - 1
        return np.asarray(self.values[np.clip(at, 0, n - 1)])

    def survival_ratio(self, elapsed: Array, t: Array) -> Array:
        return ratio_or_zero(self.survival(elapsed + t), self.survival(elapsed))

    def mean_excess(self, elapsed: Array) -> Array:
        over = self._over(elapsed)
        longer = (len(self.values) - over).astype(np.float64)
        return ratio_or_zero(self._sums[-1] - self._sums[over] - elapsed * longer, longer)
