"""Figures foretold from the posterior, and how well, beside forecasts that need no model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.calibration.fit import Fit
from caresim.calibration.series import Series
from caresim.calibration.unknowns import standard_normals

FloatArray = NDArray[np.float64]

LEVELS = (0.5, 0.9)
"""Probabilities of the intervals whose coverage is counted."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles kept of what is foretold."""
NEAR_A_YEAR = 16.0
"""Days by which last year's figure may be off the same day of last year."""


@dataclass(frozen=True, eq=False)
class Foretold:
    """What a fit says of one series.

    Attributes
    ----------
    series
        The series.
    model
        The model alone: quantiles of the figures of the draws, shape (5, figures).
    expected
        With the discrepancy: for the figures held out, quantiles of what may be observed; for the
        fitted ones, the model and everything it may be off by, as if they had not been seen.
    draws
        Of the figures held out, shape (draws, held).
    """

    series: Series
    model: FloatArray
    expected: FloatArray
    draws: FloatArray


@dataclass(frozen=True)
class Score:
    """How well held-out figures were foretold, and how well without a model.

    Attributes
    ----------
    figures
        Figures held out.
    error, crps
        Mean absolute error of the median, and mean continuous ranked probability score (T. Gneiting
        and A. E. Raftery, J. Am. Stat. Assoc. 102 (2007) 359-378,
        doi:10.1198/016214506000001437), in the unit of the figures; less is better.
    last_value, last_year
        Mean absolute error, which for a single number is its CRPS too, of the last figure fitted
        and of the figure of the same time a year earlier; NaN where there is none.
    covered
        Shares of the figures inside the 50% and the 90% intervals.
    """

    figures: int
    error: float
    crps: float
    last_value: float
    last_year: float
    covered: tuple[float, float]


def foretell(fit: Fit, seed: int) -> list[Foretold]:
    """Draw what may be observed of every series."""
    found = []
    for number, (series, one) in enumerate(
        zip(fit.target.series, fit.target.discrepancies, strict=True)
    ):
        figures = fit.simulated[number]
        compared = series.transformed(figures)
        differences = series.transformed(series.values)[series.fitted] - compared[:, series.fitted]
        generator = np.random.Generator(np.random.Philox(key=[seed, 20_000 + number]))
        chosen = one.drawn(differences, generator.uniform(size=len(differences)))
        outer = int((~series.fitted).sum())
        normals = standard_normals(seed, 30_000 + number, (len(differences), outer))
        off = one.foretold(differences, chosen, normals)
        ahead = series.back(compared[:, ~series.fitted] + off)
        expected = np.empty((len(QUANTILES), series.values.size))
        expected[:, ~series.fitted] = np.quantile(ahead, QUANTILES, axis=0)
        spread = np.array([
            np.hypot(np.hypot(s.drift, s.season), s.noise) for s in one.settings
        ])[chosen]  # fmt: skip
        again = standard_normals(seed, 40_000 + number, compared[:, series.fitted].shape)
        loose = series.back(compared[:, series.fitted] + spread[:, None] * again)
        expected[:, series.fitted] = np.quantile(loose, QUANTILES, axis=0)
        found.append(Foretold(series, np.quantile(figures, QUANTILES, axis=0), expected, ahead))
    return found


def crps(draws: FloatArray, observed: FloatArray) -> FloatArray:
    """Return the continuous ranked probability score of each figure.

    The form of order statistics of E|X - y| - E|X - X'| / 2, shape of ``observed``.

    Parameters
    ----------
    draws
        Shape (draws, figures).
    observed
        Shape (figures,).
    """
    n = draws.shape[0]
    ordered = np.sort(draws, axis=0)
    weights = (2.0 * np.arange(1, n + 1) - n - 1.0) / n**2
    return np.asarray(np.abs(draws - observed).mean(axis=0) - weights @ ordered)


def naive(series: Series) -> tuple[FloatArray, FloatArray]:
    """Return the last figure fitted, and last year's of the same time, for every one held out.

    Last year's is the latest figure fitted that is whole years earlier: of the same month, or for
    weeks and days the one nearest in time. NaN where there is none within 16 days.
    """
    held = int(series.held.sum())
    if not series.fitted.any():
        return np.full(held, np.nan), np.full(held, np.nan)
    known, values = series.middle[series.fitted], series.values[series.fitted]
    last = np.full(held, values[np.argmax(known)])
    year = np.full(held, np.nan)
    for place, middle in enumerate(series.middle[series.held]):
        for back in range(1, 12):
            apart = np.abs(known - (middle - 365.25 * back))
            if apart.min() <= NEAR_A_YEAR:
                year[place] = values[int(np.argmin(apart))]
                break
    return last, year


def score(foretold: Foretold) -> Score:
    """Score what was foretold of the figures of a series that were held out."""
    series = foretold.series
    observed, draws = series.values[series.held], foretold.draws
    last, year = naive(series)
    low = np.quantile(draws, [(1 - level) / 2 for level in LEVELS], axis=0)
    high = np.quantile(draws, [(1 + level) / 2 for level in LEVELS], axis=0)
    inside = ((low <= observed) & (observed <= high)).mean(axis=1)
    return Score(
        figures=observed.size,
        error=float(np.abs(np.median(draws, axis=0) - observed).mean()),
        crps=float(crps(draws, observed).mean()),
        last_value=float(np.abs(last - observed).mean()),
        last_year=float(np.abs(year - observed).mean()),
        covered=(float(inside[0]), float(inside[1])),
    )
