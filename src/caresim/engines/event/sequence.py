"""Random numbers of one person, compiled.

Every person owns a sequence of 64-bit words, and everything about them that is left to chance is
read at a fixed **place** of it, so that it does not matter what else happens, or in what order:

- the sequence is SplitMix64, started from the person's key: G. L. Steele, D. Lea and C. H. Flood,
  Fast splittable pseudorandom number generators, OOPSLA (2014), doi:10.1145/2660193.2660195. The
  word at place p is ``mix(key + p * GOLDEN)``, so it can be read without those before it;
- the key is itself the word at the person's number in a sequence of the same kind that belongs to
  their arrival and cohort, whose start is one word of Philox-4x64 keyed by seed and member
  (:mod:`caresim.engines.randomness`);
- a place is ``base + visit * 2^24 + part * 2^16 + i``, where ``base`` stands for the purpose (see
  :mod:`caresim.engines.event.purposes`), ``part`` says which of several numbers of a purpose, and
  ``i`` counts the words that one number takes: one, save where a rejection calls for more.

A block of Philox takes 17 to 24 ns where this takes 2 to 5, and an event takes about 40.

Normal and exponential numbers are drawn by the ziggurat method with 256 layers: G. Marsaglia and
W. W. Tsang, The ziggurat method for generating random variables, Journal of Statistical Software
5(8) (2000), doi:10.18637/jss.v005.i08, with the layer and the number taken from different bits as
J. A. Doornik (An improved ziggurat method, 2005) advises.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.memory import compiled, inlined

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_U11, _U12, _U27, _U30, _U31 = (np.uint64(n) for n in (11, 12, 27, 30, 31))
_U255, _U256 = np.uint64(255), np.uint64(256)

PART = np.uint64(1 << 16)
"""Distance between two parts of a purpose."""
VISIT = np.uint64(1 << 24)
"""Distance between two visits."""

_LAYERS = 256
# Where the tail begins, and the area of each layer, for 256 layers (Marsaglia and Tsang 2000).
_NORMAL_TAIL, _NORMAL_AREA = 3.6541528853610088, 0.00492867323399141
_EXPONENTIAL_TAIL, _EXPONENTIAL_AREA = 7.69711747013104972, 0.003949659822581572


def _ziggurat(
    tail: float, area: float, *, normal: bool
) -> tuple[NDArray[np.float64], NDArray[np.uint64], NDArray[np.float64]]:
    """Return the width, the accepted range and the height of each layer."""

    def height(x: float) -> float:
        return math.exp(-0.5 * x * x) if normal else math.exp(-x)

    def inverse(y: float) -> float:
        return math.sqrt(-2.0 * math.log(y)) if normal else -math.log(y)

    edges = np.zeros(_LAYERS + 1)
    edges[0], edges[1] = area / height(tail), tail
    for i in range(2, _LAYERS):
        edges[i] = inverse(area / edges[i - 1] + height(edges[i - 1]))
    within = edges[1:] / edges[:-1]
    heights = np.array([height(x) for x in edges])
    return edges[:-1] * 2.0**-53, (within * 2.0**53).astype(np.uint64), heights


_NORMAL_WIDTH, _NORMAL_WITHIN, _NORMAL_HEIGHT = _ziggurat(_NORMAL_TAIL, _NORMAL_AREA, normal=True)
_EXP_WIDTH, _EXP_WITHIN, _EXP_HEIGHT = _ziggurat(_EXPONENTIAL_TAIL, _EXPONENTIAL_AREA, normal=False)


@inlined
def word(key: np.uint64, place: np.uint64) -> np.uint64:
    """Return the word at a place of the sequence that starts at ``key``."""
    z = key + place * GOLDEN
    z = (z ^ (z >> _U30)) * _MIX_1
    z = (z ^ (z >> _U27)) * _MIX_2
    return z ^ (z >> _U31)


@inlined
def uniform(key: np.uint64, place: np.uint64) -> float:
    """Return a number in the open interval (0, 1)."""
    return (np.float64(word(key, place) >> _U12) + 0.5) * 2.0**-52


@compiled
def _normal_slow(key: np.uint64, place: np.uint64) -> float:
    """Return a normal number whose first word the fast test did not accept."""
    i = np.uint64(0)
    while True:
        bits = word(key, place + i)
        layer = np.int64(bits & _U255)
        x = np.float64(bits >> _U11) * _NORMAL_WIDTH[layer]
        sign = 1.0 if bits & _U256 else -1.0
        if (bits >> _U11) < _NORMAL_WITHIN[layer]:
            return sign * x
        if layer == 0:
            while True:
                x = -math.log(uniform(key, place + i + np.uint64(1))) / _NORMAL_TAIL
                y = -math.log(uniform(key, place + i + np.uint64(2)))
                i += np.uint64(2)
                if y + y > x * x:
                    return sign * (_NORMAL_TAIL + x)
        low, high = _NORMAL_HEIGHT[layer], _NORMAL_HEIGHT[layer + 1]
        u = uniform(key, place + i + np.uint64(1))
        if low + u * (high - low) < math.exp(-0.5 * x * x):
            return sign * x
        i += np.uint64(2)


@inlined
def normal(key: np.uint64, place: np.uint64) -> float:
    """Return a standard normal number."""
    bits = word(key, place)
    layer = np.int64(bits & _U255)
    if (bits >> _U11) < _NORMAL_WITHIN[layer]:
        x = np.float64(bits >> _U11) * _NORMAL_WIDTH[layer]
        return x if bits & _U256 else -x
    return _normal_slow(key, place)


@compiled
def _exponential_slow(key: np.uint64, place: np.uint64) -> float:
    """Return an exponential number whose first word the fast test did not accept."""
    i = np.uint64(0)
    while True:
        bits = word(key, place + i)
        layer = np.int64(bits & _U255)
        x = np.float64(bits >> _U11) * _EXP_WIDTH[layer]
        if (bits >> _U11) < _EXP_WITHIN[layer]:
            return x
        u = uniform(key, place + i + np.uint64(1))
        if layer == 0:
            return _EXPONENTIAL_TAIL - math.log(u)
        low, high = _EXP_HEIGHT[layer], _EXP_HEIGHT[layer + 1]
        if low + u * (high - low) < math.exp(-x):
            return x
        i += np.uint64(2)


@inlined
def exponential(key: np.uint64, place: np.uint64) -> float:
    """Return an exponential number of mean one."""
    bits = word(key, place)
    layer = np.int64(bits & _U255)
    if (bits >> _U11) < _EXP_WITHIN[layer]:
        return np.float64(bits >> _U11) * _EXP_WIDTH[layer]
    return _exponential_slow(key, place)


@compiled
def gamma(key: np.uint64, place: np.uint64, shape: float) -> float:
    """Return a gamma number of scale one.

    G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables, ACM
    Transactions on Mathematical Software 26 (2000), doi:10.1145/358407.358414; for a shape below
    one, a number of shape one more times a power of a uniform, as they advise.
    """
    whole = shape if shape >= 1.0 else shape + 1.0
    d = whole - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    # Each trial has 64 places: a normal that needs more would be one in 1e40.
    trial = place + np.uint64(64)
    while True:
        x = normal(key, trial)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            if math.log(uniform(key, trial + np.uint64(63))) < 0.5 * x * x + d - d * v + (
                d * math.log(v)
            ):
                value = d * v
                break
        trial += np.uint64(64)
    if shape < 1.0:
        value *= math.pow(uniform(key, place), 1.0 / shape)
    return value
