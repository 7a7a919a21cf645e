"""Search for the chain of fewest phases that stands for a stay.

A chain (`caresim.engines.flow.phase_chain`) of the right mean and variance is wanted whose
integrated survival, which is the census of a setting that fills from empty, is close to that of
the stay at all times. For given rates the best shares are a linear least-squares problem; the
rates are searched for by Gauss and Newton's method on a smooth curve of their logarithms along
the chain, from the best points of a coarse scan (separable least squares: G. H. Golub and
V. Pereyra, SIAM Journal on Numerical Analysis 10 (1973), doi:10.1137/0710036).

Stays come in here scaled to a mean of one day, and nothing is random.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.phase_chain import (
    curves,
    moments,
    nonnegative_shares,
    time_grid,
    with_exact_moments,
)
from caresim.stays import Stay
from caresim.stays.families import Array

FIRST_TIME = 1 / 32
"""First time of the grids, in mean stays."""

COMPARED_FROM = 0.05
"""The census of a chain is held against that of the stay from here on, in mean stays."""

SLOW, FAST = 12.0, 100.0
"""Highest rates of leaving a phase, per mean stay, that are tried first and last.

A short phase shortens the step of the whole model, so chains of slow phases are preferred.
"""

_SLOWEST = 1e-3
_COEFFICIENTS = 4  # of the curve of log rates along the chain
_MOMENT_WEIGHT = 20.0
_SURVIVAL_WEIGHT = 0.1
_STARTS = 3
_ITERATIONS = 16
_REWEIGHTINGS = 4


@dataclass(frozen=True)
class Chain:
    """A chain found for a stay of mean one day.

    Attributes
    ----------
    rates, initial : array (n,)
    census_error : float
        Largest relative error of the integrated survival.
    variance_error : float
        Relative error of the variance.
    """

    rates: Array
    initial: Array
    census_error: float
    variance_error: float


class Target:
    """What a chain is held against: the curves and moments of a stay of mean one day."""

    def __init__(self, stay: Stay) -> None:
        self.stay = stay
        self.cv2 = stay.cv() ** 2
        # The grid ends where a thousandth of the days inside are still to come.
        ends = FIRST_TIME * 2.0 ** np.arange(5, 19)
        ended = np.append(stay.equilibrium_survival(ends) <= 1e-3, True)
        self.octaves = 5 + int(np.argmax(ended))
        self.times = time_grid(FIRST_TIME, self.octaves, 4)
        self.survival = stay.survival(self.times)
        self.census = stay.integrated_survival(self.times)
        self.weights = np.ones(len(self.times))

    @cached_property
    def dense_census(self) -> Array:
        """Integrated survival on the finer grid of `census_error`."""
        return self.stay.integrated_survival(time_grid(FIRST_TIME, self.octaves, 16))

    def equations(self, rates: Array) -> tuple[Array, Array]:
        """Weighted linear equations for the shares that start in each phase.

        Parameters
        ----------
        rates : array (b, n)

        Returns
        -------
        array (b, m, n), array (m,)
        """
        survival, census = curves(rates, FIRST_TIME, self.octaves, 4)
        mean, square = moments(rates)
        by_survival = _SURVIVAL_WEIGHT * self.weights
        exact = np.stack([np.ones_like(mean), mean, square / (1 + self.cv2)], axis=1)
        left = [
            census * (self.weights / self.census)[:, None],
            survival * by_survival[:, None],
            _MOMENT_WEIGHT * exact,
        ]
        right = [self.weights, self.survival * by_survival, np.full(3, _MOMENT_WEIGHT)]
        return np.concatenate(left, axis=1), np.concatenate(right)

    def errors(self, rates: Array, initial: Array) -> Array:
        """Relative errors of the census of a chain, and 0 before `COMPARED_FROM`: array (m,)."""
        census = curves(rates[None], FIRST_TIME, self.octaves, 4)[1][0] @ initial
        return np.where(self.times >= COMPARED_FROM, np.abs(census / self.census - 1), 0.0)

    def census_error(self, rates: Array, initial: Array) -> float:
        """Largest relative error of the census of a chain, on a grid of 16 times an octave."""
        census = curves(rates[None], FIRST_TIME, self.octaves, 16)[1][0] @ initial
        compared = time_grid(FIRST_TIME, self.octaves, 16) >= COMPARED_FROM
        return float(np.max(np.abs(census / self.dense_census - 1)[compared]))


class _Search:
    """Search for a chain of ``n`` phases none of which is left faster than ``highest``."""

    def __init__(self, target: Target, n: int, highest: float) -> None:
        self.target = target
        self.n = n
        self.size = min(n, _COEFFICIENTS)
        along = np.linspace(-1.0, 1.0, n) if n > 1 else np.zeros(1)
        self.curve = along[None, :] ** np.arange(self.size)[:, None]
        self.bounds = (math.log(_SLOWEST), math.log(highest))

    def rates(self, points: Array) -> Array:
        """Rates (b, n) at points (b, size): coefficients of the curve of log rates."""
        return np.exp(np.clip(points @ self.curve, *self.bounds))

    def solve(self, points: Array) -> tuple[Array, Array, Array]:
        """Best shares at each point: sums of squares left (b,), residuals (b, m), shares (b, n)."""
        left, right = self.target.equations(self.rates(points))
        transposed = np.swapaxes(left, 1, 2)
        shares = nonnegative_shares(transposed @ left, transposed @ right)
        residuals = (left @ shares[..., None])[..., 0] - right
        return np.sum(residuals**2, axis=1), residuals, shares

    def starts(self) -> Array:
        """Points to start from: the best of a coarse scan over level, slope and bend."""
        axes = [
            math.log(self.n) + np.array([-0.6, 0.0, 0.6]),
            np.array([0.0, 0.7, 1.4, 2.1, 2.8]),
            np.array([-0.7, 0.0, 0.7]),
            np.zeros(1),
        ]
        points = np.array(list(itertools.product(*axes[: self.size])))
        left_over = self.solve(points)[0]
        return points[np.argsort(left_over, kind="stable")[:_STARTS]]

    def descend(self, point: Array) -> Array:
        """Move a point to where the sum of squares is least nearby (Levenberg and Marquardt)."""
        (least,), (residual,), (shares,) = self.solve(point[None])
        damping = 1e-2
        for _ in range(_ITERATIONS):
            slope = self._slope(point, residual, shares > 0)
            gram, pull = slope @ slope.T, slope @ residual
            scale = np.diag(np.diag(gram) + 1e-9)
            dampings = damping * np.array([0.01, 0.3, 10.0, 300.0])
            damped = gram + dampings[:, None, None] * scale
            steps = np.linalg.solve(damped, np.broadcast_to(pull[:, None], (4, self.size, 1)))
            tries = point - np.clip(steps[..., 0], -2.0, 2.0)
            squares, residuals, all_shares = self.solve(tries)
            best = int(np.argmin(squares))
            if squares[best] >= least * (1 - 1e-12):
                damping *= 1000.0
                if damping > 1e6:
                    break
                continue
            gain = 1 - squares[best] / least
            least, residual, shares = squares[best], residuals[best], all_shares[best]
            point, damping = tries[best], float(np.clip(dampings[best], 1e-8, 1e4))
            if gain < 1e-3:
                break
        return np.asarray(point)

    def _slope(self, point: Array, residual: Array, used: NDArray[np.bool_]) -> Array:
        # Finite differences of the residual, the shares in use being solved for anew at each.
        nudge = 1e-5
        nudged = point + nudge * np.eye(self.size)
        left, right = self.target.equations(self.rates(nudged))
        left = left[:, :, used]
        transposed = np.swapaxes(left, 1, 2)
        ridge = 1e-10 * np.eye(left.shape[2])
        shares = np.linalg.solve(transposed @ left + ridge, (transposed @ right)[..., None])
        return np.asarray(((left @ shares)[..., 0] - right - residual) / nudge)

    def finish(self, point: Array) -> Chain:
        """Chain at a point, with exact moments and no phase that nobody passes."""
        # Rounding keeps the last bits of different machines from reaching the results.
        point = np.round(point, 6)
        rates = self.rates(point[None])[0]
        shares = self.solve(point[None])[2][0]
        shares = np.where(shares > 1e-7 * shares.sum(), shares, 0.0)
        begin = int(np.argmax(shares > 0))
        square = 1 + self.target.cv2
        highest = math.exp(self.bounds[1])
        rates, shares = with_exact_moments(rates[begin:], shares[begin:], square, highest)
        variance = float(shares @ moments(rates[None])[1][0]) - 1
        return Chain(
            rates,
            shares,
            self.target.census_error(rates, shares),
            abs(variance / self.target.cv2 - 1),
        )

    def best(self, tolerance: float) -> Chain:
        """Best chain of this size found, or the first within the tolerance."""
        found: list[Chain] = []
        for start in self.starts():
            self.target.weights = np.ones(len(self.target.times))
            point = start
            for _ in range(1 + _REWEIGHTINGS):
                point = self.descend(point)
                found.append(self.finish(point))
                chain = found[-1]
                if _meets(chain, tolerance):
                    return chain
                if chain.census_error > 1.5 * tolerance:
                    break
                # Nearly there: weigh times by their errors, which evens the errors out.
                errors = self.target.errors(chain.rates, chain.initial)
                weights = self.target.weights * (0.3 + errors / np.max(errors))
                self.target.weights = weights / math.sqrt(float(np.mean(weights**2)))
        return min(found, key=_rank)


def _meets(chain: Chain, tolerance: float) -> bool:
    return chain.census_error <= tolerance and chain.variance_error <= 1e-7


def _rank(chain: Chain) -> tuple[bool, float]:
    return chain.variance_error > 1e-7, chain.census_error


def find_chain(stay: Stay, tolerance: float, max_phases: int, max_rate: float) -> Chain:
    """Chain of fewest phases whose census is within the tolerance of that of a stay.

    Chains of slow phases (`SLOW`) are tried before those with faster ones (`FAST`), because a
    short phase costs the flow engine more than another phase does. Where no chain is within the
    tolerance, as with stays that many end on the same day (a limit), the shortest is returned
    whose error is within a tenth of the least found.

    Parameters
    ----------
    stay : Stay
        With a mean of one day and a variance that ``max_phases`` phases can have.
    tolerance : float
        Largest relative error of the integrated survival, from `COMPARED_FROM` mean stays on.
    max_phases : int
    max_rate : float
        Highest rate of leaving any phase, per day; at least 1.

    Returns
    -------
    Chain
    """
    target = Target(stay)
    fewest = max(1, math.ceil(1 / target.cv2 - 1e-9))
    # One phase is exponential; it has no other variance.
    if target.cv2 > 1 + 1e-9:
        fewest = 2
    sizes = sorted({*range(fewest, fewest + 5), *(s for s in (8, 12) if s > fewest + 4)})
    found: list[Chain] = []
    for ceiling in (SLOW, FAST):
        errors: list[float] = []
        for n in (s for s in sizes if s <= max_phases):
            # A chain of n phases of mean one needs rates up to n, and some room to vary.
            chain = _Search(target, n, min(max_rate, max(ceiling, 1.5 * n))).best(tolerance)
            if _meets(chain, tolerance):
                return chain
            found.append(chain)
            errors.append(chain.census_error)
            # More phases have stopped helping.
            if len(errors) > 2 and errors[-1] > 0.85 * errors[-3]:
                break
        # Fast phases can only mend what goes wrong early in the stay.
        best = min(found, key=_rank)
        early = target.times < 0.5
        missed = target.errors(best.rates, best.initial)
        if ceiling >= max_rate or np.max(missed[early]) <= tolerance:
            break
    least = min(found, key=_rank)
    near = [c for c in found if _rank(c) <= (_rank(least)[0], 1.1 * least.census_error)]
    return min(near, key=lambda chain: len(chain.rates))
