"""The page of the back-test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caresim.calibration.backtest.cases import HORIZONS, Row

PAGE = """\
# Back-test over time: how well fits foretell

This page is written by `python -m caresim.calibration.backtest --data DIR`; what it says is measured. Every month foretold is in [back-test.csv](back-test.csv).

Places are fitted to figures before a date and foretell those after it, which the fit has not seen. Nothing else local is given but the number of adults: intervals of inputs are as wide as places in England differ. So this measures the fit, and what a small model and its drift, season and noise make of a place's own past; not how well options are foretold, of which no data exist.

- **Boards**: people with no criteria to reside (before discharges) and discharges by day, averaged by week, June 2022 to August 2025. Fits never cross the changes of definition of 27 May 2022 and 27 May 2024. The figures read are those of {n_board} boards; the others' have no delays by day.
- **Councils**: days of delayed transfers of care, all and in acute beds, by month, 2011 to 2019; {n_council} councils, three years fitted each time.

Forecasts that need no model: the mean of the last month fitted stays (**last month**); the same month of the year before comes again (**last year**; 12 months ahead that is the last month fitted, so the two are one). The better of the two is the one with the smaller error over all places at that distance.

{tables}

**Error**: median over places of the mean absolute error, as a share of the people there. **Skill**: 1 less the fit's error over that of the better forecast without a model, median over places: above 0 is better than it. **At least as good**: share of places in which the fit's mean absolute error is no larger than that of the better forecast. **CRPS skill**: the same from the continuous ranked probability score summed over places; the score of a forecast without intervals is its absolute error. **Inside**: share of months inside the 50% and 90% intervals.

## What was aimed at, and what was reached

{verdicts}

Neighbouring months and places err alike (the winter of 2022, the rise of delayed transfers to 2017 and the fall after), so these shares are less certain than their number suggests. The weights of drift, season and noise were chosen on every 14th fit, 37 of them, which are left out here; the other fits are of the same places and years, so they are not wholly new to it.
"""  # noqa: E501 - paragraphs of Markdown


@dataclass(frozen=True)
class Summary:
    """What was measured of one kind of place at one distance."""

    ahead: int
    months: int
    places: int
    error: float
    error_month: float
    error_year: float
    better: str
    skill: float
    as_good: float
    crps_skill: float
    inside_50: float
    inside_90: float


def summarise(rows: Sequence[Row], ahead: int) -> Summary | None:
    """Summarise months so far ahead; None if there are none."""
    some = [row for row in rows if row.ahead == ahead and np.isfinite(row.last_year)]
    if not some:
        return None
    by_place: dict[str, list[Row]] = defaultdict(list)
    for row in some:
        by_place[row.code].append(row)

    def errors(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(
            [
                np.mean([abs(getattr(r, name) - r.observed) for r in own])
                / max(np.mean([r.observed for r in own]), 1e-9)
                for own in by_place.values()
            ]
        )

    fit, month, year = errors("foretold"), errors("last_value"), errors("last_year")
    total = {
        n: sum(abs(getattr(r, n) - r.observed) for r in some) for n in ("last_value", "last_year")
    }
    better = "last_value" if total["last_value"] <= total["last_year"] else "last_year"
    other = month if better == "last_value" else year
    skill = 1 - fit / np.maximum(other, 1e-9)
    return Summary(
        ahead, len(some), len(by_place),
        float(np.median(fit)), float(np.median(month)), float(np.median(year)),
        "last month" if better == "last_value" else "last year",
        float(np.median(skill)), float((fit <= other).mean()),
        1 - sum(r.crps for r in some) / total[better],
        float(np.mean([r.low_50 <= r.observed <= r.high_50 for r in some])),
        float(np.mean([r.low_90 <= r.observed <= r.high_90 for r in some])),
    )  # fmt: skip


def page(rows: Sequence[Row], fits: int) -> str:
    """Return the page."""
    parts, verdicts = [], []
    names = {"board": "Boards", "council": "Councils"}
    for kind, heading in names.items():
        own = [row for row in rows if row.kind == kind]
        found = [one for ahead in HORIZONS if (one := summarise(own, ahead)) is not None]
        if not found:
            continue
        dates = sorted({row.fit_to for row in own})
        parts.append(f"## {heading}\n\nFitted before {', '.join(dates)}.\n\n{_table(found)}")
        verdicts += _verdicts(heading, found, own)
    counts = {kind: len({r.code for r in rows if r.kind == kind}) for kind in names}
    text = PAGE.format(
        n_board=counts["board"], n_council=counts["council"], tables="\n\n".join(parts),
        verdicts="\n".join(f"- {one}" for one in verdicts),
    )  # fmt: skip
    return text.replace("Every month foretold", f"{fits} fits. Every month foretold")


def _table(found: Sequence[Summary]) -> str:
    heads = (
        "months ahead", "months (places)", "error of the fit", "last month", "last year", "better",
        "skill", "at least as good", "CRPS skill", "inside 50%", "inside 90%",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [
        f"| {s.ahead} | {s.months} ({s.places}) | {s.error:.1%} | {s.error_month:.1%} | "
        f"{s.error_year:.1%} | {s.better} | {s.skill:+.2f} | {s.as_good:.0%} | "
        f"{s.crps_skill:+.2f} | {s.inside_50:.0%} | {s.inside_90:.0%} |"
        for s in found
    ]
    return "\n".join(lines)


def _verdicts(heading: str, found: Sequence[Summary], rows: Sequence[Row]) -> list[str]:
    said = []
    inside = float(np.mean([r.low_90 <= r.observed <= r.high_90 for r in rows]))
    met = "reached" if 0.85 <= inside <= 0.95 else "**not reached**"
    said.append(f"{heading}: 90% intervals hold 85 to 95% of the months: {met} ({inside:.1%}).")
    for s in found:
        if s.ahead in (3, 12):
            met = "reached" if s.as_good > 0.5 else "**not reached**"
            said.append(
                f"{heading}, {s.ahead} months ahead: at least as good as the better forecast "
                f"without a model in most places: {met} ({s.as_good:.0%} of them, median skill "
                f"{s.skill:+.2f})."
            )
    return said
