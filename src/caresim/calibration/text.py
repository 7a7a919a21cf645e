"""A fit as text for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from caresim.calibration.store import input_rows, residuals
from caresim.results.columns import cut, number, table, wrapped

if TYPE_CHECKING:
    from caresim.calibration.forecast import Score
    from caresim.calibration.run import Calibrated


def summary(done: Calibrated) -> str:
    """Return what was fitted, how well, and how well held-out figures were foretold."""
    model = done.unknowns.model
    engine = done.manifest["engine"]
    head = (
        f"{model.title}: {len(done.unknowns)} inputs fitted to {len(done.foretold)} series\n"
        f"{engine} engine, {done.fit.members:,} members run, {len(done.fit.z)} draws, seed "
        f"{done.manifest['seed']}"
    )
    parts = [head, _inputs(done), _series(done)]
    if any(done.scores):
        parts.append(_scores(done))
    if done.warnings:
        parts.append("Look at\n" + "\n".join(wrapped(f"- {text}") for text in done.warnings))
    return "\n\n".join(parts)


def _inputs(done: Calibrated) -> str:
    rows = []
    for row in input_rows(done):
        rows.append([
            cut(row["input"], 52),
            row["unit"],
            f"{number(row['prior_p05'])} to {number(row['prior_p95'])}",
            number(row["posterior_p50"]),
            f"{number(row['posterior_p05'])} to {number(row['posterior_p95'])}",
            f"{max(row['narrowed'], 0.0):.0%}",
        ])  # fmt: skip
    heads = ["input", "unit", "believed\n90%", "fitted\nmedian", "\n90%", "narrowed\nby"]
    return table(heads, rows)


def _series(done: Calibrated) -> str:
    rows = []
    for one in done.foretold:
        s, off = one.series, residuals(one)
        rows.append([
            cut(s.name, 32), s.period, str(int(s.fitted.sum())), number(s.scale),
            f"{off['mean_residual_share']:+.1%}", f"{off['mean_size_share']:.1%}",
            "-" if math.isnan(off["lag_1"]) else f"{off['lag_1']:.2f}",
        ])  # fmt: skip
    heads = ["series", "each", "figures\nfitted", "mean", "residual\nmean", "\nmean size",
             "like the\none before"]  # fmt: skip
    note = (
        "Residuals are observed less the model's median, as shares of the mean. What the model "
        "cannot follow is taken as drift, season and noise about it, which widens the intervals of "
        "the inputs and of what is foretold."
    )
    return f"{table(heads, rows)}\n{wrapped(note)}"


def _scores(done: Calibrated) -> str:
    rows = []
    for one, score in zip(done.foretold, done.scores, strict=True):
        if score is not None:
            rows.append(_score(one.series.name, score))
    heads = ["held out", "figures", "mean error\nof the fit", "\nlast value", "\nlast year",
             "inside\n50%", "\n90%"]  # fmt: skip
    note = (
        "Mean absolute errors. Last value: the last figure fitted stays. Last year: the figure of "
        "the same time a year earlier comes again. Half of the figures should be inside the 50% "
        "intervals and nine in ten inside the 90% ones; neighbouring figures err alike, so few "
        "figures say little."
    )
    return f"{table(heads, rows)}\n{wrapped(note)}"


def _score(name: str, score: Score) -> list[str]:
    year = "-" if math.isnan(score.last_year) else number(score.last_year)
    return [
        cut(name, 32), str(score.figures), number(score.error), number(score.last_value), year,
        f"{score.covered[0]:.0%}", f"{score.covered[1]:.0%}",
    ]  # fmt: skip
