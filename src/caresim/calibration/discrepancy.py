"""How far figures may be from what a model with the right inputs says.

The difference of an observed and a simulated figure, on the scale on which they are compared, is
taken as

    difference(t) = drift(t) + season(t) + noise(t),

a Gaussian process: drift of standard deviation τ that is forgotten within ℓ days
(Ornstein-Uhlenbeck), a season that repeats itself every year with standard deviation s, and noise
of standard deviation ν that one figure does not share with the next. Fitting inputs while the
model itself may be off in this way is due to M. C. Kennedy and A. O'Hagan, Bayesian calibration
of computer models, J. R. Stat. Soc. B 63 (2001) 425-464, doi:10.1111/1467-9868.00294. Without
it, every figure of a long series counts as independent evidence, and intervals come out far too
narrow.

τ, ℓ, s and ν are not known. They are summed over: every combination on a grid has its likelihood,
so no figure rests on one choice of them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

FloatArray = NDArray[np.float64]

YEAR = 365.25
DRIFTS = (0.003, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64)
"""τ, as a share of the figures."""
USUAL_DRIFT = 0.04
"""Drift beyond which more of it is less and less likely before anything is seen, by
1 / (1 + τ / 0.04): a model that is off by a third is not what one begins with."""
MEMORIES = (45.0, 180.0, 720.0, 3000.0)
"""ℓ in days. With the longest, drift is all but a random walk over some years."""
LIKELY = (0.5, 0.5, 1.0, 2.0)
"""How likely each memory is before anything is seen; all else on the grid is alike. These weights,
and the largest drift, were chosen on 37 of the fits of the back-test, which its page leaves out."""
SEASONS = (0.0, 0.03, 0.08)
"""s, as a share of the figures."""
NOISES = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32)
"""ν where the error of measurement is not stated."""
HARMONICS = ((1, 0.8), (2, 0.2))
"""Waves in a year that the season is made of, and their part of its variance."""

PRUNED = 1e-7
"""Combinations that have less than this share of the likelihood, near the best inputs, are left out
of the later steps. It is small because those with more drift allow for many more inputs besides."""
LEAST = 1e-4
"""Share below which a combination is left out of the curvature."""


@dataclass(frozen=True)
class Setting:
    """One combination: standard deviations of drift, season and noise, and memory in days."""

    drift: float
    memory: float
    season: float
    noise: float

    @property
    def weight(self) -> float:
        """How likely it is before anything is seen, up to a constant."""
        return LIKELY[MEMORIES.index(self.memory)] / (1.0 + self.drift / USUAL_DRIFT)

    def covariance(self, one: FloatArray, other: FloatArray) -> FloatArray:
        """Return the covariance of differences at two sets of days, noise left out."""
        apart = one[:, None] - other[None, :]
        found = self.drift**2 * np.exp(-np.abs(apart) / self.memory)
        if self.season:
            waves = (w * np.cos(2 * np.pi * k * apart / YEAR) for k, w in HARMONICS)
            found = found + self.season**2 * sum(waves)
        return np.asarray(found)


def settings(error: float | None) -> tuple[Setting, ...]:
    """Return the grid, with the error of measurement if it is stated."""
    noises = NOISES if error is None else (error,)
    return tuple(Setting(*one) for one in itertools.product(DRIFTS, MEMORIES, SEASONS, noises))


class Discrepancy:
    """The differences of one series.

    Parameters
    ----------
    days
        Middle of the period of every figure.
    fitted
        Which are fitted.
    error
        Standard error of measurement; None if it is to be found.
    chance
        Shape (n, n): covariance of what one run of single people differs from the mean of many;
        None for an engine of averages.
    known
        The combinations; the whole grid if None.
    """

    def __init__(
        self,
        days: FloatArray,
        fitted: NDArray[np.bool_],
        error: float | None = None,
        chance: FloatArray | None = None,
        known: tuple[Setting, ...] | None = None,
    ) -> None:
        self.days, self.fitted, self.error, self.chance = days, fitted, error, chance
        self.settings = settings(error) if known is None else known
        inner = days[fitted]
        own = np.zeros((inner.size, inner.size))
        if chance is not None:
            own = chance[np.ix_(fitted, fitted)]
        # Settings that differ in noise alone share eigenvectors: noise only adds to eigenvalues.
        alike: dict[tuple[float, float, float], list[int]] = {}
        for place, one in enumerate(self.settings):
            alike.setdefault((one.drift, one.memory, one.season), []).append(place)
        self._groups = [np.array(places) for places in alike.values()]
        self._group_of = np.zeros(len(self.settings), dtype=np.int64)
        for number, places in enumerate(self._groups):
            self._group_of[places] = number
        whole = np.stack(
            [self.settings[places[0]].covariance(inner, inner) + own for places in self._groups]
        )
        values, self._vectors = np.linalg.eigh(whole)
        noise = np.array([one.noise for one in self.settings])
        self._values = np.maximum(values, 0.0)[self._group_of] + noise[:, None] ** 2
        weights = np.array([one.weight for one in self.settings])
        self._constant = np.log(weights / weights.sum()) - 0.5 * np.log(self._values).sum(axis=1)

    def by_setting(self, differences: FloatArray) -> FloatArray:
        """Return the log-likelihood under each combination, and that of the combination.

        Parameters
        ----------
        differences
            Of the figures fitted, shape (n, n_fitted).

        Returns
        -------
        numpy.ndarray
            Shape (n, n_settings). What all of them share is left out.
        """
        squares = np.empty((differences.shape[0], len(self.settings)))
        for vectors, places in zip(self._vectors, self._groups, strict=True):
            squares[:, places] = (differences @ vectors) ** 2 @ (1.0 / self._values[places]).T
        return np.asarray(self._constant - 0.5 * squares)

    def log_likelihood(self, differences: FloatArray) -> FloatArray:
        """Return the log-likelihood, summed over the combinations, shape (n,)."""
        return np.asarray(logsumexp(self.by_setting(differences), axis=1))

    def precision(self, difference: FloatArray) -> FloatArray:
        """Return the inverse covariance at one difference, weighed over the combinations."""
        of_each = self.by_setting(difference[None])[0]
        weights = np.exp(of_each - logsumexp(of_each))
        found = np.zeros((difference.size, difference.size))
        for vectors, places in zip(self._vectors, self._groups, strict=True):
            inverse = weights[places] @ (1.0 / self._values[places])
            if weights[places].sum() > LEAST:
                found += (vectors * inverse) @ vectors.T
        return found

    def pruned(self, differences: FloatArray) -> Discrepancy:
        """Return the same with the combinations alone that matter near some differences."""
        of_each = self.by_setting(differences)
        shares = np.exp(of_each - logsumexp(of_each, axis=1, keepdims=True)).mean(axis=0)
        kept = tuple(s for s, w in zip(self.settings, shares, strict=True) if w > PRUNED)
        return Discrepancy(self.days, self.fitted, self.error, self.chance, kept)

    def drawn(self, differences: FloatArray, u: FloatArray) -> NDArray[np.int64]:
        """Draw the combination that each row of differences came from, given uniforms ``u``."""
        of_each = self.by_setting(differences)
        shares = np.cumsum(np.exp(of_each - logsumexp(of_each, axis=1, keepdims=True)), axis=1)
        found = (shares < u[:, None] * shares[:, -1:]).sum(axis=1)
        return np.asarray(np.minimum(found, len(self.settings) - 1), dtype=np.int64)

    def foretold(
        self, differences: FloatArray, chosen: NDArray[np.int64], normals: FloatArray
    ) -> FloatArray:
        """Draw the differences of all figures that are not fitted, given those that are.

        Parameters
        ----------
        differences
            Of the figures fitted, shape (n, n_fitted).
        chosen
            The combination of each row, from :meth:`drawn`.
        normals
            Standard normals, shape (n, figures not fitted).

        Returns
        -------
        numpy.ndarray
            Shape (n, figures not fitted), noise included.
        """
        inner, outer = self.days[self.fitted], self.days[~self.fitted]
        found = np.zeros((differences.shape[0], outer.size))
        for which in np.unique(chosen):
            rows = chosen == which
            one = self.settings[which]
            across = one.covariance(outer, inner)
            own = one.covariance(outer, outer) + one.noise**2 * np.eye(outer.size)
            if self.chance is not None:
                across = across + self.chance[np.ix_(~self.fitted, self.fitted)]
                own = own + self.chance[np.ix_(~self.fitted, ~self.fitted)]
            vectors, values = self._vectors[self._group_of[which]], self._values[which]
            half = (across @ vectors) / np.sqrt(values)
            mean = (differences[rows] @ vectors) / np.sqrt(values) @ half.T
            left = own - half @ half.T
            left[np.diag_indices_from(left)] += 1e-12
            found[rows] = mean + normals[rows] @ np.linalg.cholesky(left).T
        return found
