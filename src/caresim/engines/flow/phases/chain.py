"""Chains of phases: people start somewhere along a chain, pass down it and leave at its end.

A chain of n phases has ``rates`` (n,), the rate per day of leaving each phase for the next (or,
from the last, for good), and ``initial`` (n,), the shares of people who start in each phase. Every
acyclic phase-type distribution of order n can be written as such a chain (A. Cumani, On the
canonical representation of homogeneous Markov processes modelling failure-time distributions,
Microelectronics and Reliability 22 (1982), doi:10.1016/0026-2714(82)90033-6), so no shape is lost,
and a chain is the cheapest form for the flow engine: one outflow per phase, one exit in all.

The functions here take a batch of chains at once, because a search asks for many.
"""

from __future__ import annotations

import numpy as np

from caresim.stays.families import Array
from caresim.stays.matrix import exponential, with_integral


def generators(rates: Array) -> Array:
    """Build the generators of chains: array (b, n, n) from rates (b, n)."""
    batch, n = rates.shape
    at = np.arange(n)
    matrices = np.zeros((batch, n, n))
    matrices[:, at, at] = -rates
    matrices[:, at[:-1], at[1:]] = rates[:, :-1]
    return matrices


def time_grid(first: float, octaves: int, per_octave: int) -> Array:
    """List times that double every ``per_octave`` points: array (octaves * per_octave,)."""
    return np.asarray(first * 2.0 ** (np.arange(octaves * per_octave) / per_octave))


def curves(rates: Array, first: float, octaves: int, per_octave: int) -> tuple[Array, Array]:
    """Survival and its integral by starting phase, on a `time_grid`.

    Parameters
    ----------
    rates : array (b, n)
        Rates of b chains, per day.
    first, octaves, per_octave
        Of the grid of m = octaves * per_octave times, in days.

    Returns
    -------
    survival : array (b, m, n)
        Share still inside at each time of those who start in each phase.
    integral : array (b, m, n)
        Integral of the survival from 0, in days.
    """
    batch, n = rates.shape
    survival = np.empty((batch, octaves, per_octave, n))
    integral = np.empty_like(survival)
    times = time_grid(first, 1, per_octave)
    # The grid doubles, so each octave is the square of the one before.
    grown = exponential(with_integral(generators(rates))[:, None] * times[:, None, None])
    for octave in range(octaves):
        if octave > 0:
            grown = grown @ grown
        survival[:, octave] = grown[..., :n, :n].sum(axis=-1)
        integral[:, octave] = grown[..., :n, n]
    shape = (batch, octaves * per_octave, n)
    return survival.reshape(shape), integral.reshape(shape)


def moments(rates: Array) -> tuple[Array, Array]:
    """Mean and mean square of the stay by starting phase: each (b, n) from rates (b, n)."""
    mean = np.cumsum((1 / rates)[:, ::-1], axis=1)[:, ::-1]
    variance = np.cumsum((1 / rates**2)[:, ::-1], axis=1)[:, ::-1]
    return mean, variance + mean**2


def with_exact_moments(
    rates: Array, initial: Array, square: float, highest: float
) -> tuple[Array, Array]:
    """Nudge a chain until its shares sum to 1, its mean is 1 and its mean square is ``square``.

    Newton's method on the logarithms of rates and positive shares, taking the smallest change
    each time, so that everything stays positive. Rates at ``highest`` stay there.

    Parameters
    ----------
    rates, initial : array (n,)
        A chain that has these moments nearly.
    square : float
    highest : float
        Highest rate allowed.

    Returns
    -------
    rates, initial : array (n,)
        The nudged chain, of mean 1; its mean square is as near as it got.
    """
    initial = initial / initial.sum()
    for _ in range(20):
        mean, mean_square = (m[0] for m in moments(rates[None]))
        miss = np.array([initial.sum(), initial @ mean, initial @ mean_square / square]) - 1.0
        if np.max(np.abs(miss)) < 1e-14:
            break
        by_share = initial * np.stack([np.ones_like(mean), mean, mean_square / square])
        # Those who start in phase i or before pass phase j >= i, whose mean time is 1 / rate_j.
        passed = np.cumsum(initial)
        met = np.cumsum(initial * mean)
        by_square = 2 * (passed / rates**2 + met / rates) / square
        by_rate = -np.stack([np.zeros_like(rates), passed / rates, by_square])
        by_rate[:, rates >= highest] = 0.0
        change = np.linalg.lstsq(np.hstack([by_share, by_rate]), -miss, rcond=1e-10)[0]
        change = np.clip(change, -0.5, 0.5)
        initial = initial * np.exp(change[: len(initial)])
        rates = np.minimum(rates * np.exp(change[len(initial) :]), highest)
    initial = initial / initial.sum()
    return rates * float(initial @ moments(rates[None])[0][0]), initial


def nonnegative_shares(grams: Array, targets: Array) -> Array:
    """Find shares x >= 0 that minimise x' gram x / 2 - target' x, for each of a batch.

    The active-set method of C. L. Lawson and R. J. Hanson, Solving Least Squares Problems (1974),
    chapter 23, on the normal equations, for all problems of the batch in step. Importing
    scipy.optimize, which solves one at a time, takes longer than a whole fit.

    Parameters
    ----------
    grams : array (b, n, n), positive semi-definite
    targets : array (b, n)

    Returns
    -------
    array (b, n)
    """
    batch, n = targets.shape
    rows = np.arange(batch)
    # The ridge keeps phases that do the same from making the equations singular.
    ridge = 1e-13 * np.trace(grams, axis1=1, axis2=2)[:, None]
    identity = np.eye(n)
    enough = 1e-9 * np.max(np.abs(targets), axis=1)
    shares = np.zeros((batch, n))
    free = np.zeros((batch, n), dtype=bool)
    settled = np.ones(batch, dtype=bool)  # whether the shares are the best for those free
    for _ in range(6 * n):
        gain = np.where(free, -np.inf, targets - (grams @ shares[..., None])[..., 0])
        enters = np.argmax(gain, axis=1)
        grows = settled & (gain[rows, enters] > enough)
        if np.all(settled & ~grows):
            break
        free[rows[grows], enters[grows]] = True
        kept = np.where(free[:, :, None] & free[:, None, :], grams, 0.0)
        kept += np.where(free, ridge, 1.0)[..., None] * identity
        best = np.linalg.solve(kept, np.where(free, targets, 0.0)[..., None])[..., 0]
        below = free & (best <= 0)
        # Go as far towards the best as no share turns negative, and let go of what hits 0.
        length = np.divide(shares, shares - best, out=np.ones_like(shares), where=below)
        reach = np.min(np.where(below, length, 1.0), axis=1, keepdims=True)
        shares = shares + reach * (best - shares)
        free &= ~(below & (shares <= 1e-14))
        shares = np.where(free, shares, 0.0)
        settled = ~np.any(below, axis=1)
    return shares
