"""One fit of the back-test, and what is scored of it."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caresim.calibration.forecast import Foretold, crps
from caresim.calibration.run import calibrate

FloatArray = NDArray[np.float64]

HORIZONS = (1, 3, 6, 12)
"""Months ahead that are scored: the first whole month after the last figure fitted is 1."""

SEED = 20_240_401


@dataclass(frozen=True)
class Case:
    """A place and a date before which it is fitted.

    Attributes
    ----------
    kind
        board or council.
    code, name
        Of the place.
    fit_from, fit_to
        First day fitted, and first day no longer fitted.
    scenario
        Text of the scenario, with a ``calibration`` block that names ``observed.csv``.
    observed
        Columns of ``observed.csv`` by name; the first is ``date``.
    scored
        The series that is scored.
    """

    kind: str
    code: str
    name: str
    fit_from: datetime.date
    fit_to: datetime.date
    scenario: str
    observed: Mapping[str, list[str]]
    scored: str


@dataclass(frozen=True)
class Row:
    """One month foretold.

    Attributes
    ----------
    kind, code, name, fit_to
        Of the case.
    ahead
        Months ahead.
    observed, foretold
        Mean people of the month, and the median of the draws.
    low_90, low_50, high_50, high_90
        Ends of the intervals.
    crps
        Continuous ranked probability score of the draws.
    last_value, last_year
        Mean of the last month fitted, and of the same month a year earlier (NaN if not fitted).
    """

    kind: str
    code: str
    name: str
    fit_to: str
    ahead: int
    observed: float
    foretold: float
    low_90: float
    low_50: float
    high_50: float
    high_90: float
    crps: float
    last_value: float
    last_year: float


def rows_of(case: Case) -> list[Row]:
    """Fit a case, and return the months foretold that were observed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(case.scenario, encoding="utf-8")
        lines = [",".join(case.observed), *map(",".join, zip(*case.observed.values(), strict=True))]
        (Path(folder) / "observed.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = calibrate(path, seed=SEED, threads=1)
    start = found.unknowns.model.start_date
    one = next(one for one in found.foretold if one.series.name == case.scored)
    return list(_months(case, one, start))


def _months(case: Case, one: Foretold, start: datetime.date) -> list[Row]:
    s = one.series
    month = [_month(s.date(n, start), float(s.last[n] - s.first[n])) for n in range(s.values.size)]
    held = [m for m, is_held in zip(month, s.held, strict=True) if is_held]
    fitted = {
        m: float(np.mean([v for v, k, f in zip(s.values, month, s.fitted, strict=True)
                          if f and k == m]))
        for m in {m for m, f in zip(month, s.fitted, strict=True) if f}
    }  # fmt: skip
    first = _month(case.fit_to, 1.0)
    last = max(m for m in fitted if m < first)
    rows = []
    for ahead in HORIZONS:
        at = [n for n, m in enumerate(held) if m == first + ahead - 1]
        if not at:
            continue
        observed = float(s.values[s.held][at].mean())
        draws = one.draws[:, at].mean(axis=1)
        quantiles = np.quantile(draws, (0.05, 0.25, 0.5, 0.75, 0.95)).tolist()
        rows.append(
            Row(
                case.kind, case.code, case.name, case.fit_to.isoformat(), ahead, observed,
                quantiles[2], quantiles[0], quantiles[1], quantiles[3], quantiles[4],
                float(crps(draws[:, None], np.array([observed]))[0]),
                fitted[last], fitted.get(first + ahead - 13, np.nan),
            )
        )  # fmt: skip
    return rows


def _month(first: datetime.date, days: float) -> int:
    """Return the calendar month that holds the middle of a period, as a count of months."""
    middle = first + datetime.timedelta(days=int(days) // 2)
    return 12 * middle.year + middle.month - 1
