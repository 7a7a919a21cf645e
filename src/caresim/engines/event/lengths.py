"""Lengths of stays, arrangements and transfers, drawn as declared; compiled."""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import math

import numpy as np

from caresim.engines.event.memory import compiled, inlined, number_at, stay_at
from caresim.engines.event.records import Record
from caresim.engines.event.sequence import exponential, gamma, normal, uniform

FIXED, EXPONENTIAL, LOGNORMAL, GAMMA, HYPEREXPONENTIAL, PHASE_TYPE, EMPIRICAL = range(7)
"""Families. ``a`` and ``b`` of the record are: days; the mean; mu and sigma; mean and shape; and
for the last three nothing, as their numbers lie in ``the table of numbers`` from ``start``:

- hyperexponential, n branches: cumulative shares (n), means (n);
- phase-type, n phases: cumulative shares of starting in each (n), rates of leaving each (n), and
  for each the cumulative probabilities of the phase after it (n, n), the end having the rest;
- empirical, n values: the values (n).
"""


@compiled
def _tabled(m: Record, key: np.uint64, place: np.uint64, family: int, start: int, n: int) -> float:
    """Draw a length whose family has tables."""
    if family == EMPIRICAL:
        at = np.int64(uniform(key, place) * n)
        return number_at(m, start + at).value
    u = uniform(key, place)
    at = 0
    while at < n - 1 and u >= number_at(m, start + at).value:
        at += 1
    i = place + np.uint64(1)
    if family == HYPEREXPONENTIAL:
        return exponential(key, i) * number_at(m, start + n + at).value
    total = 0.0
    while at < n:
        # A ziggurat number hardly ever takes more than 15 words; the next uniform is the 16th.
        total += exponential(key, i) / number_at(m, start + n + at).value
        u = uniform(key, i + np.uint64(15))
        i += np.uint64(16)
        row = start + 2 * n + at * n
        at = 0
        while at < n and u >= number_at(m, row + at).value:
            at += 1
    return total


@inlined
def length(m: Record, which: int, key: np.uint64, place: np.uint64) -> float:
    """Draw a length in days.

    The factor of the member multiplies the distribution, and the limit cuts the result.
    """
    stay = stay_at(m, which)
    family = stay.family
    if family == EXPONENTIAL:
        days = exponential(key, place) * stay.a
    elif family == LOGNORMAL:
        days = math.exp(stay.a + stay.b * normal(key, place))
    elif family == FIXED:
        days = stay.a
    elif family == GAMMA:
        days = gamma(key, place, stay.b) * (stay.a / stay.b)
    else:
        days = _tabled(m, key, place, family, stay.start, stay.n)
    return min(days * stay.factor, stay.limit)
