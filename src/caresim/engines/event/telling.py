"""From lengths in bins to their mean, quantiles and shares; compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.engines.compiled import compiled
from caresim.engines.output import local_groups
from caresim.engines.spells import LEVELS, LONG_BINS, STATISTICS, rows_of
from caresim.model import Model

FloatArray = NDArray[np.float64]

_LEVELS, _LONG_BINS = np.array(LEVELS), np.array(LONG_BINS)


@compiled
def _tell(bins: FloatArray, found: FloatArray) -> None:
    """Fill each row of statistics from its bins; those of nobody stay as they are."""
    for row in range(bins.shape[0]):
        people = days = 0.0
        for k in range(bins.shape[1]):
            people += bins[row, k, 0]
            days += bins[row, k, 1]
        found[row, 0] = people
        if people == 0.0:
            continue
        found[row, 1] = days / people
        below = 0.0
        level = long = 0
        for k in range(bins.shape[1]):
            if long < _LONG_BINS.size and k == _LONG_BINS[long]:
                found[row, 2 + _LEVELS.size + long] = 1.0 - below / people
                long += 1
            here = bins[row, k, 0]
            if here == 0.0:
                continue
            below += here
            # The least length that this share of people do not exceed; a hair less, for rounding.
            while level < _LEVELS.size and below >= _LEVELS[level] * people * (1.0 - 1e-12):
                found[row, 2 + level] = bins[row, k, 1] / here
                level += 1


@compiled
def pour(bins: FloatArray, pool: FloatArray) -> None:
    """Add lengths in bins to others of the same shape, (n, n_rows, N_BINS, 2), and empty them."""
    for i in range(bins.shape[0]):
        for row in range(bins.shape[1]):
            for k in range(bins.shape[2]):
                if bins[i, row, k, 0] != 0.0:
                    pool[i, row, k, 0] += bins[i, row, k, 0]
                    pool[i, row, k, 1] += bins[i, row, k, 1]
                    bins[i, row, k, 0] = 0.0
                    bins[i, row, k, 1] = 0.0


def statistics_of(bins: FloatArray) -> FloatArray:
    """Tell the statistics from counts in bins.

    Parameters
    ----------
    bins
        Shape (..., N_BINS, 2): people, and the days they took.

    Returns
    -------
    numpy.ndarray
        Shape (..., 7), as in :data:`caresim.engines.spells.STATISTICS`; NaN, save the count,
        where there is nobody.
    """
    found = np.full((*bins.shape[:-2], len(STATISTICS)), np.nan)
    rows = np.ascontiguousarray(bins).reshape(-1, *bins.shape[-2:])
    _tell(rows, found.reshape(-1, len(STATISTICS)))
    return found


def told(model: Model, bins: FloatArray) -> dict[str, FloatArray]:
    """Tell the statistics of every kind.

    Parameters
    ----------
    model
        What was run.
    bins
        Shape (..., n_rows, N_BINS, 2): people, and the days they took, in the rows of
        :func:`caresim.engines.spells.rows_of`.

    Returns
    -------
    dict
        From each of :data:`caresim.engines.spells.KINDS` to an array of shape (..., n, 7): a row
        for each setting, and behind them one for each local setting over all localities
        (:func:`caresim.engines.output.local_groups`); or for each reason.
    """
    groups = local_groups(model.settings).values()
    every = statistics_of(bins)
    found = {}
    for kind, rows in rows_of(model).items():
        own = every[..., rows, :]
        if groups and kind != "delay_by_reason":
            part = bins[..., rows, :, :]
            sums = [part[..., list(of), :, :].sum(axis=-3) for of in groups]
            own = np.concatenate([own, statistics_of(np.stack(sums, axis=-3))], axis=-2)
        found[kind] = np.ascontiguousarray(own)
    return found
