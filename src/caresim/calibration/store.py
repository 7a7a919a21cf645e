"""Saving a fit: its draws, what it says of every figure, and how it came about."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.calibration.forecast import QUANTILES, Foretold
from caresim.calibration.units import unit_of_input
from caresim.results.posterior import write_posterior

if TYPE_CHECKING:
    from caresim.calibration.run import Calibrated

MANIFEST, SUMMARY, FIGURES, INPUTS = "manifest.json", "summary.txt", "fit.csv", "inputs.csv"

_PERCENT = [f"p{round(100 * q):02}" for q in QUANTILES]
FIGURE_COLUMNS = (
    *("series", "measure", "from", "to", "observed", "use", "residual"),
    *(f"model_{p}" for p in _PERCENT),
    *(f"expected_{p}" for p in _PERCENT),
)
"""Columns of fit.csv. ``residual`` is observed less the model's median."""


def save(done: Calibrated, folder: Path) -> None:
    """Save a fit to its folder.

    The folder then holds ``posterior.parquet`` (``.csv`` where Parquet cannot be written),
    ``fit.csv`` (a row for each figure), ``inputs.csv``, ``summary.txt`` and ``manifest.json``.
    Everything is written apart first, so that an interruption leaves no half of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".saving-", dir=folder))
    try:
        z = done.fit.z
        names = done.unknowns.names
        write_posterior(partial, names, done.unknowns.values(z), done.unknowns.quantiles(z))
        _table(partial / FIGURES, FIGURE_COLUMNS, figure_rows(done))
        rows = input_rows(done)
        _table(partial / INPUTS, list(rows[0]), [list(row.values()) for row in rows])
        (partial / SUMMARY).write_text(done.summary() + "\n", encoding="utf-8")
        text = json.dumps(done.manifest | to_dict(done), indent=1, ensure_ascii=False)
        (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")
        for path in sorted(partial.iterdir()):
            os.replace(path, folder / path.name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def figure_rows(done: Calibrated) -> list[list[Any]]:
    """Return a row for each figure, in the order of :data:`FIGURE_COLUMNS`."""
    import datetime

    start = done.unknowns.model.start_date
    rows = []
    for one in done.foretold:
        s = one.series
        for n in range(s.values.size):
            first = s.date(n, start)
            last = first + datetime.timedelta(days=int(s.last[n] - s.first[n]) - 1)
            model, expected = one.model[:, n].tolist(), one.expected[:, n].tolist()
            use = "fitted" if s.fitted[n] else "held_out"
            off = float(s.values[n]) - model[2]
            figures = [*map(_short, (s.values[n], off)), *map(_short, [*model, *expected])]
            rows.append([s.name, s.measure, first, last, figures[0], use, *figures[1:]])
    return rows


def _short(value: float) -> float:
    return float(f"{float(value):.6g}")


def input_rows(done: Calibrated) -> list[dict[str, Any]]:
    """Return what is known of each input before and after, in base units."""
    values = done.unknowns.values(done.fit.z)
    prior = done.unknowns.values(_at(QUANTILES, len(done.unknowns)))
    rows = []
    for i, known in enumerate(done.learnt):
        after = np.quantile(values[:, i], QUANTILES).tolist()
        rows.append({
            "input": known.name,
            "unit": unit_of_input(done.unknowns.first_input(known.name)),
            **{f"prior_{p}": _short(v) for p, v in zip(_PERCENT, prior[:, i], strict=True)},
            **{f"posterior_{p}": _short(v) for p, v in zip(_PERCENT, after, strict=True)},
            "narrowed": _short(known.narrowed),
            "pulled": _short(known.pulled),
        })  # fmt: skip
    return rows


def _at(probabilities: Sequence[float], n: int) -> Any:
    from scipy.special import ndtri

    return np.repeat(ndtri(np.array(probabilities))[:, None], n, axis=1)


def to_dict(done: Calibrated) -> dict[str, Any]:
    """Return the fit as plain data that JSON can hold; what is not defined is None."""
    return {
        "fitted": input_rows(done),
        "series": [_series(one, done, n) for n, one in enumerate(done.foretold)],
        "warnings": list(done.warnings),
        "effective_draws": _short(done.fit.effective),
        "pareto_shape": _finite(done.fit.pareto),
        "draws": len(done.fit.z),
    }


def _series(one: Foretold, done: Calibrated, number: int) -> dict[str, Any]:
    s, found = one.series, done.scores[number]
    return {
        "name": s.name,
        "measure": s.measure,
        "period": s.period,
        "figures_fitted": int(s.fitted.sum()),
        "figures_held_out": int(s.held.sum()),
        "figures_left_out": s.left_out,
        "compared_by": "ratio" if s.by_ratio else "difference",
        **{key: _finite(value) for key, value in residuals(one).items()},
        "score": None if found is None else {
            key: [_finite(v) for v in value] if isinstance(value, tuple) else _finite(value)
            for key, value in asdict(found).items()
        },
    }  # fmt: skip


def residuals(one: Foretold) -> dict[str, float]:
    """Return how far the model's median is from the figures fitted: mean, mean size, as shares.

    ``lag_1`` is the correlation of a residual with the one before.
    """
    s = one.series
    off = s.values[s.fitted] - one.model[2][s.fitted]
    about = off - off.mean()
    squares = float((about**2).sum())
    lag = float((about[1:] * about[:-1]).sum() / squares) if off.size > 2 and squares else math.nan
    return {
        "mean_residual": float(off.mean()),
        "mean_residual_share": float(off.mean() / s.scale),
        "mean_size_share": float(np.abs(off).mean() / s.scale),
        "lag_1": lag,
    }


def _finite(value: float) -> float | None:
    return _short(value) if math.isfinite(value) else None
