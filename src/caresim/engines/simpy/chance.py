"""What is left to chance, read from each person's own numbers.

The numbers are those of :mod:`caresim.engines.event.purposes`, so the same people come, with the
same stays and the same choices, as in the event engine.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from caresim.engines.event import sequence
from caresim.stays import Stay

PART = int(sequence.PART)
VISIT = int(sequence.VISIT)
_WORD = 1 << 64


# The kernel's functions have no way in from Python; these are it.


@njit(cache=True)
def word(key: np.uint64, place: np.uint64) -> np.uint64:
    """Return the word at a place of the sequence that starts at ``key``."""
    bits: np.uint64 = sequence.word(key, place)
    return bits


@njit(cache=True)
def _uniform(key: np.uint64, place: np.uint64) -> float:
    value: float = sequence.uniform(key, place)
    return value


@njit(cache=True)
def _exponential(key: np.uint64, place: np.uint64) -> float:
    value: float = sequence.exponential(key, place)
    return value


@njit(cache=True)
def _normal(key: np.uint64, place: np.uint64) -> float:
    value: float = sequence.normal(key, place)
    return value


@njit(cache=True)
def _gamma(key: np.uint64, place: np.uint64, shape: float) -> float:
    value: float = sequence.gamma(key, place, shape)
    return value


class Chance:
    """The random numbers of one person.

    Parameters
    ----------
    key
        Where their sequence starts.
    """

    def __init__(self, key: int) -> None:
        self._key = np.uint64(key)

    def uniform(self, place: int) -> float:
        """Return the number in (0, 1) at a place."""
        return float(_uniform(self._key, np.uint64(place % _WORD)))

    def exponential(self, place: int) -> float:
        """Return the exponential number of mean one at a place."""
        return float(_exponential(self._key, np.uint64(place % _WORD)))

    def normal(self, place: int) -> float:
        """Return the standard normal number at a place."""
        return float(_normal(self._key, np.uint64(place % _WORD)))

    def gamma(self, place: int, shape: float) -> float:
        """Return the gamma number of scale one at a place."""
        return float(_gamma(self._key, np.uint64(place % _WORD), shape))


Length = Callable[[Chance, int], float]
"""Draws a length in days from the numbers at a place."""


def length_of(stay: Stay, factor: float) -> Length:
    """Return how to draw a stay: the factor multiplies the draw, and the limit cuts it."""
    draw = _whole_length(stay.family, stay.parameters)
    return lambda chance, place: min(draw(chance, place) * factor, stay.limit)


def _whole_length(family: str, parameters: tuple[Any, ...]) -> Length:
    if family == "exponential":
        (mean,) = parameters
        return lambda chance, place: chance.exponential(place) * mean
    if family == "fixed":
        (days,) = parameters
        return lambda chance, place: days
    if family == "lognormal":
        mu, sigma = parameters
        return lambda chance, place: math.exp(mu + sigma * chance.normal(place))
    if family in ("gamma", "erlang"):
        mean, shape = parameters
        return lambda chance, place: chance.gamma(place, float(shape)) * (mean / shape)
    if family == "empirical":
        (sample,) = parameters
        return lambda chance, place: sample[int(chance.uniform(place) * len(sample))]
    if family == "hyperexponential":
        shares, means = parameters
        return lambda chance, place: (
            chance.exponential(place + 1) * means[choose(shares, chance.uniform(place))]
        )
    initial, generator = parameters
    return _phases(np.array(initial), np.array(generator))


def _phases(initial: NDArray[np.float64], generator: NDArray[np.float64]) -> Length:
    rates = -np.diag(generator)
    moves = generator / rates[:, None]
    np.fill_diagonal(moves, 0.0)
    # What a row lacks to one is the chance that the stay ends.
    onward = [[*row.tolist(), max(0.0, 1.0 - float(row.sum()))] for row in moves]
    first = [*initial.tolist(), max(0.0, 1.0 - float(initial.sum()))]

    def draw(chance: Chance, place: int) -> float:
        phase, days, place = choose(first, chance.uniform(place)), 0.0, place + 1
        while phase < len(rates):
            days += chance.exponential(place) / float(rates[phase])
            phase = choose(onward[phase], chance.uniform(place + 15))
            place += 16
        return days

    return draw


def choose(shares: Sequence[float], u: float) -> int:
    """Return which of several shares a uniform number falls in.

    Shares sum to one but for rounding; what rounding leaves over goes to the last of any size.
    """
    for position, reached in enumerate(itertools.accumulate(shares)):
        if u < reached and shares[position] > 0.0:
            return position
    return max((k for k, share in enumerate(shares) if share > 0.0), default=0)
