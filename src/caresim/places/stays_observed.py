"""How many people have been in hospital for 7, 14 or 21 days, from the lengths of their stays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from caresim.engines.spells import STATISTICS

FloatArray = NDArray[np.float64]

_STEPS = 50
"""Steps a day of the integral; its error is far below that of the interpolation."""


def people_by_stay(
    spells: Mapping[str, FloatArray],
    admissions_per_day: FloatArray,
    acute: NDArray[np.bool_],
    days: int,
) -> FloatArray:
    """Return people in acute settings whose stay has lasted so many days or more.

    With steady arrivals at rate a and stays of length T, the number whose stay has lasted d days
    is a E[(T - d)+], since a person adds to it for T - d days (Little's law). The mean of T is
    known exactly, so E[(T - d)+] = E[T] less the integral of P(T > t) from 0 to d. That is known
    at the median, 7, 14 and 21 days, and the 95th percentile; between and below these, its probit
    is linear in the logarithm of t. This is exact for lognormal stays; exponential ones of
    mean 8 days come out 4%, 8% and 17% too few at 7, 14 and 21 days.

    Parameters
    ----------
    spells
        Lengths by kind, of shape (members, n_windows, n_settings, statistics).
    admissions_per_day
        Shape (members, n_windows).
    acute
        Which settings are acute.
    days
        7, 14 or 21.

    Returns
    -------
    array
        Shape (members, n_windows).

    Raises
    ------
    ValueError
        If there are no lengths, or several acute settings, between which stays go on.
    """
    if "stay" not in spells:
        raise ValueError(
            "lengths of stay are kept by the event engine only, and by window (`totals`)"
        )
    if acute.sum() > 1:
        raise ValueError("lengths are by setting, and the scenario has several of kind acute")
    found = spells["stay"][:, :, : acute.size][:, :, acute][:, :, 0]
    mean = found[..., STATISTICS.index("mean")]
    below = np.apply_along_axis(_integral_below, -1, found, days)
    return np.asarray(admissions_per_day * np.maximum(mean - below, 0.0))


def _integral_below(row: FloatArray, days: int) -> float:
    """Return the integral of the share of stays longer than t, from 0 to ``days``."""
    from scipy.special import ndtr, ndtri  # only where lengths are asked for

    told = dict(zip(STATISTICS, row.tolist(), strict=True))
    if not np.isfinite(row).all():
        return float("nan")
    knots = {told["p50"]: 0.5, told["p95"]: 0.05}
    knots |= {7.0: told["share_7"], 14.0: told["share_14"], 21.0: told["share_21"]}
    times = np.array(sorted(time for time, share in knots.items() if time > 0 and 0 < share < 1))
    if times.size < 2:
        return float("nan")
    shares = np.minimum.accumulate(np.array([knots[time] for time in times]))
    # The head is drawn out from the first two knots: nothing is known of stays below the median.
    slope = (ndtri(shares[1]) - ndtri(shares[0])) / np.log(times[1] / times[0])
    grid = (np.arange(_STEPS * days) + 0.5) / _STEPS
    probit = np.where(
        grid < times[0],
        ndtri(shares[0]) + slope * np.log(grid / times[0]),
        np.interp(np.log(grid), np.log(times), ndtri(shares)),
    )
    return float(ndtr(probit).sum() / _STEPS)
