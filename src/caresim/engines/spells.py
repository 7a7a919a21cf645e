"""How long waits, delays and stays last: counts in narrow bins, and what is told from them.

A distribution over all people of all members must not take more memory with more members, so
lengths are counted in bins. Each doubling of the length has 64 bins of equal width, the scheme
of G. Tene's HdrHistogram: a bin is at most 1/64 = 1.6% wide, and reading off its number takes a
shift of the bits of the length. Bins also keep the days in them. So

- means are exact;
- a quantile is the mean of the lengths in the bin it falls in: at most 1.6% off, and exact where
  all in the bin are of one length;
- shares of 7, 14 and 21 days and more are exact, since every whole number of days up to 128
  begins a bin.

Lengths below 2^-10 of a day (84 seconds) share one bin, and so do those beyond 2^14 days.
"""

from __future__ import annotations

import numpy as np

from caresim.model import Model

KINDS = ("wait", "delay", "stay", "delay_by_reason")
"""What has a length: the wait outside a setting, of those who asked and were not turned away at
once, 0 for those who found a place at once; the delay in a setting, of those who were delayed;
the stay in a setting, delay included; the time for which people were delayed for one reason."""

STATISTICS = ("count", "mean", "p50", "p95", "share_7", "share_14", "share_21")
"""What is told of each: how many ended; their mean, median and 95th percentile in days; the
shares that lasted 7, 14 and 21 days and more."""

SHIFT = 46
"""Bits of a number below those that choose its bin: the exponent and six bits behind it."""
FIRST = int(np.float64(2.0**-10).view(np.int64)) >> SHIFT
N_BINS = 2 + ((int(np.float64(2.0**14).view(np.int64)) >> SHIFT) - FIRST)
"""Bins: one below 2^-10 days, 64 to each doubling, one from 2^14 days."""
ROUNDING = 1e-9
"""Days added to a length before it is put in a bin, so that what lasts exactly 7 days counts as 7
days and more in spite of rounding."""
LEVELS = (0.5, 0.95)
"""Shares of people whose longest length is told: median and 95th percentile."""
LONG = (7.0, 14.0, 21.0)
"""Days for which shares of long lengths are told."""


def bin_of(days: float) -> int:
    """Return the bin of a length.

    Examples
    --------
    >>> bin_of(0.0), bin_of(7.0) - bin_of(3.5), bin_of(1e9) == N_BINS - 1
    (0, 64, True)
    """
    place = (int(np.float64(days + ROUNDING).view(np.int64)) >> SHIFT) - FIRST + 1
    return min(max(place, 0), N_BINS - 1)


LONG_BINS = tuple(bin_of(days) for days in LONG)
"""The bins that they begin."""


def rows_of(model: Model) -> dict[str, slice]:
    """Return where the rows of each kind lie: first waits, then delays, stays and reasons."""
    n, reasons = len(model.settings), len(model.reasons)
    return {
        "wait": slice(0, n),
        "delay": slice(n, 2 * n),
        "stay": slice(2 * n, 3 * n),
        "delay_by_reason": slice(3 * n, 3 * n + reasons),
    }


def n_rows(model: Model) -> int:
    """Return the number of rows of all kinds."""
    return 3 * len(model.settings) + len(model.reasons)
