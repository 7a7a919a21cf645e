"""The compiled random numbers: published vectors, distributions and independence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit

from caresim.engines.event import sequence
from caresim.engines.event.start import words_at

N = 400_000
KEYS = words_at(np.uint64(99), np.arange(N, dtype=np.uint64))


@njit
def _words(key, places):
    return [sequence.word(key, place) for place in places]


def _draw(kind):
    @njit
    def draw(keys, place, shape):
        values = np.empty(keys.size)
        for i in range(keys.size):
            if kind == 0:
                values[i] = sequence.uniform(keys[i], place)
            elif kind == 1:
                values[i] = sequence.normal(keys[i], place)
            elif kind == 2:
                values[i] = sequence.exponential(keys[i], place)
            else:
                values[i] = sequence.gamma(keys[i], place, shape)
        return values

    return draw


UNIFORM, NORMAL, EXPONENTIAL, GAMMA = (_draw(kind) for kind in range(4))
PLACE = np.uint64(5 << 40)


def distance(values, distribution):
    """Kolmogorov-Smirnov distance times the root of the count; above 1.95 once in 1,000."""
    ordered = np.sort(values)
    grid = (np.arange(values.size) + 0.5) / values.size
    return np.max(np.abs(distribution(ordered) - grid)) * math.sqrt(values.size)


def test_splitmix64_published_vectors():
    """The first outputs from the seed 1234567, as in the Rosetta Code of SplitMix64."""
    places = np.arange(1, 6, dtype=np.uint64)
    expected = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert _words(np.uint64(1234567), places) == expected
    assert words_at(np.uint64(1234567), places).tolist() == expected


def test_distributions():
    from scipy.special import gammainc, ndtr

    assert distance(UNIFORM(KEYS, PLACE, 0.0), lambda x: x) < 1.95
    assert distance(NORMAL(KEYS, PLACE, 0.0), ndtr) < 1.95
    assert distance(EXPONENTIAL(KEYS, PLACE, 0.0), lambda x: -np.expm1(-x)) < 1.95
    for shape in (0.4, 1.0, 7.5):
        found = GAMMA(KEYS, PLACE, shape)
        assert distance(found, lambda x, a=shape: gammainc(a, x)) < 1.95


def test_tails_of_the_ziggurats():
    """Beyond the last layer there are as many as there must be."""
    normal, exponential = NORMAL(KEYS, PLACE, 0.0), EXPONENTIAL(KEYS, PLACE, 0.0)
    for count, share in (
        (np.count_nonzero(np.abs(normal) > 3.6541528853610088), 2.58e-4),
        (np.count_nonzero(exponential > 7.69711747013104972), math.exp(-7.69711747013104972)),
    ):
        assert abs(count - N * share) < 4 * math.sqrt(N * share)


@pytest.mark.parametrize("lag", [1, 2, 64])
def test_neighbours_are_independent(lag):
    """Persons with neighbouring numbers, and neighbouring places, parts and visits of a person."""
    values = UNIFORM(KEYS, PLACE, 0.0)
    limit = 4 / math.sqrt(N)
    assert abs(np.corrcoef(values[lag:], values[:-lag])[0, 1]) < limit
    for step in (1, 1 << 16, 1 << 24, 1 << 48):
        other = UNIFORM(KEYS, PLACE + np.uint64(lag * step), 0.0)
        assert abs(np.corrcoef(values, other)[0, 1]) < limit


def test_bits_are_fair():
    words = words_at(KEYS, np.array([PLACE]))
    for bit in range(64):
        ones = np.count_nonzero(words & np.uint64(1 << bit))
        assert abs(ones - N / 2) < 4.5 * math.sqrt(N) / 2
