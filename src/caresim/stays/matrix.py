"""The arithmetic of stays made of phases: a person moves between phases and then leaves.

A stay made of phases is given by ``initial`` (n,), the shares of people who start in each phase,
and ``generator`` (n, n), the rates per day of moving between phases (off the diagonal) and minus
the rate at which people leave each phase (on the diagonal). What a row lacks to sum to zero is
the rate of ending the stay from that phase. Formulas: M. F. Neuts, Matrix-Geometric Solutions in
Stochastic Models (1981), chapter 2.

Exponentials of matrices are computed here with numpy alone (a short Taylor series over a small
step, then repeated squaring of non-negative matrices, which loses nothing by cancellation): the
matrices are small, and importing scipy.linalg for this would cost a quarter of a second.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# With a step of at most 1/4, nine terms leave an error of 0.25**10 / 10! = 3e-13.
_LARGEST_STEP = 0.25
_TERMS = 9


def exponential(matrices: Array) -> Array:
    """Matrix exponential of each of a stack of matrices.

    Parameters
    ----------
    matrices : array (..., n, n)
        Generators of Markov processes times a duration (dimensionless).

    Returns
    -------
    array (..., n, n)
    """
    largest = float(np.max(np.abs(matrices), initial=0.0))
    halvings = max(0, math.ceil(math.log2(largest / _LARGEST_STEP))) if largest > 0 else 0
    step = matrices / 2.0**halvings
    total = np.eye(matrices.shape[-1]) + step
    term = step
    for k in range(2, _TERMS + 1):
        term = term @ step / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return np.asarray(total, dtype=np.float64)


def with_integral(generator: Array) -> Array:
    """Append to a generator one column that accumulates the time spent inside.

    The exponential of the result times t holds, in its last column, the expected time spent
    inside during the first t days by a person who starts in each phase.

    Parameters
    ----------
    generator : array (..., n, n)

    Returns
    -------
    array (..., n + 1, n + 1)
    """
    n = generator.shape[-1]
    bordered = np.zeros((*generator.shape[:-2], n + 1, n + 1))
    bordered[..., :n, :n] = generator
    bordered[..., :n, n] = 1.0
    return bordered


def spread_after(initial: Array, generator: Array, times: Array) -> tuple[Array, Array]:
    """Where people are after each time, and how long they have been inside so far.

    Parameters
    ----------
    initial : array (n,)
    generator : array (n, n), per day
    times : array (m,), days, finite

    Returns
    -------
    phases : array (m, n)
        Share of all who started that is in each phase; a row sums to the share still inside.
    inside : array (m,)
        Expected days inside up to each time (the integral of the share still inside).
    """
    n = len(initial)
    grown = exponential(with_integral(generator) * times[:, None, None])
    spread = np.einsum("i,mij->mj", initial, grown[:, :n, :])
    return spread[:, :n], spread[:, n]


def raw_moments(initial: Array, generator: Array) -> tuple[float, float]:
    """Mean (days) and mean square (days squared) of a stay: a(-T)^-1 1 and 2 a(-T)^-2 1."""
    time_left = np.linalg.solve(-generator, np.ones(len(initial)))
    square_left = 2.0 * np.linalg.solve(-generator, time_left)
    return float(initial @ time_left), float(initial @ square_left)


def phases_after(initial: Array, generator: Array, elapsed: float) -> Array:
    """Phases of people still inside after ``elapsed`` days, as shares that sum to one.

    Rates are shifted by the slowest rate of decay before the exponential is taken, so that the
    shares stay exact however unlikely it is that anyone is still inside.
    """
    n = len(initial)
    slowest = float(np.max(np.linalg.eigvals(generator).real))
    shares = initial @ exponential((generator - slowest * np.eye(n)) * elapsed)
    return np.asarray(shares / shares.sum(), dtype=np.float64)
