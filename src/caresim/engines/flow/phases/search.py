"""Search for the chain of fewest phases that stands for a stay.

A chain (`caresim.engines.flow.phases.chain`) of the right mean and variance is wanted whose
survival is close to that of the stay at all times, and so is its integral, which is the census of
a setting that fills from empty. The census tells how well a chain follows slow changes, the
survival how well it follows weekly ones.

For given rates the best shares are a linear least-squares problem; the rates are searched for by
Gauss and Newton's method on a smooth curve of their logarithms along the chain, from the best
points of a coarse scan (separable least squares: G. H. Golub and V. Pereyra, SIAM Journal on
Numerical Analysis 10 (1973), doi:10.1137/0710036).

Stays come in here scaled to a mean of one day, and nothing is random.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.phases.chain import moments, nonnegative_shares, with_exact_moments
from caresim.engines.flow.phases.target import Chain, Target
from caresim.stays import Stay
from caresim.stays.families import Array

SLOW, FAST = 12.0, 100.0
"""Highest rates of leaving a phase, per mean stay, that are tried first and last.

A short phase shortens the step of the whole model, so chains of slow phases are preferred.
"""

_SLOWEST = 1e-3
_COEFFICIENTS = 4  # of the curve of log rates along the chain
_STARTS = 3
_ITERATIONS = 16
_REWEIGHTINGS = 4
_HOPELESS = 4.0  # times the tolerance: no other start will be within it


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
        survival_errors, census_errors = self.target.errors(rates, shares, dense=True)
        variance = float(shares @ moments(rates[None])[1][0]) - 1
        return Chain(
            rates=rates,
            initial=shares,
            census_error=float(np.max(census_errors)),
            survival_error=float(np.max(survival_errors)),
            variance_error=abs(variance / self.target.cv2 - 1),
        )

    def best(self, tolerance: float) -> Chain:
        """Best chain of this size found, or the first within the tolerance."""
        found: list[Chain] = []
        for start in self.starts():
            self.target.weights = np.ones(len(self.target.times))
            point = start
            for _ in range(1 + _REWEIGHTINGS):
                point = self.descend(point)
                chain = self.finish(point)
                if chain.meets(tolerance):
                    return chain
                found.append(chain)
                if max(chain.census_error, chain.survival_error) > 1.5 * tolerance:
                    break
                # Nearly there: weigh times by their errors, which evens the errors out.
                errors = self.target.errors(chain.rates, chain.initial, dense=False)
                weights = self.target.weights * (0.3 + np.maximum(*errors) / np.max(errors))
                self.target.weights = weights / math.sqrt(float(np.mean(weights**2)))
            if found[0].census_error > _HOPELESS * tolerance:
                break
        return min(found, key=_rank)


def _rank(chain: Chain) -> tuple[bool, float]:
    return not chain.has_moments(), chain.census_error


def find_chain(stay: Stay, tolerance: float, max_phases: int, max_rate: float) -> Chain:
    """Find the chain of fewest phases that is within a tolerance of a stay.

    Chains of slow phases (`SLOW`) are tried before those with faster ones (`FAST`), because a
    short phase costs the flow engine more than another phase does. Where none is within the
    tolerance, as with stays that many people end on the same day (a limit), it is the shortest
    whose census is, or else whose census error is within a tenth of the least found.

    Parameters
    ----------
    stay : Stay
        With a mean of one day and a variance that ``max_phases`` phases can have.
    tolerance : float
        Largest relative error of the integrated survival, and largest error of the survival, from
        `COMPARED_FROM` mean stays on.
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
            if chain.meets(tolerance):
                return chain
            found.append(chain)
            errors.append(chain.census_error)
            # More phases have stopped helping.
            if len(errors) > 2 and errors[-1] > 0.85 * errors[-3]:
                break
        # Fast phases can only mend what goes wrong early in the stay.
        missed = np.max(target.errors(chain.rates, chain.initial, dense=False), axis=0)
        if ceiling >= max_rate or np.argmax(missed) > np.searchsorted(target.times, 0.5):
            break
    without_moments, least = _rank(min(found, key=_rank))
    enough = (without_moments, max(tolerance, 1.1 * least))
    return min((c for c in found if _rank(c) <= enough), key=lambda chain: len(chain.rates))
