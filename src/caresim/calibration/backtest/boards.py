"""Boards of the back-test: people with no criteria to reside, discharges and beds.

The scenario knows nothing of the years foretold: intervals are those of England, as wide as boards
differ, times the adults of the board. Definitions changed on 27 May 2022 and 27 May 2024; no fit
crosses either.
"""

from __future__ import annotations

import csv
import datetime
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

from caresim.calibration.backtest.cases import Case
from caresim.places.boards.table import Board, boards

FIRST, CHANGED, LAST = (
    datetime.date(2022, 6, 1),
    datetime.date(2024, 5, 27),
    datetime.date(2025, 9, 1),
)
"""First day of the one definition, of the next, and the day after the last figure read."""

ORIGINS = (
    *((FIRST, datetime.date(2023, 6, 1), CHANGED), (FIRST, datetime.date(2023, 9, 1), CHANGED)),
    *((FIRST, datetime.date(2023, 12, 1), CHANGED), (FIRST, datetime.date(2024, 2, 1), CHANGED)),
    (datetime.date(2024, 6, 1), datetime.date(2025, 6, 1), LAST),
)
"""First day fitted, first day foretold, and first day of another definition or of no figures."""

LEAST_DAYS = 250
"""Days with figures that a board needs before the first day foretold."""

PER_100_000 = 49.0
"""Adult discharges a day for each 100,000 adults, England 2024-25: 22,000 for 45 million. The
interval is from half to twice that."""

TEMPLATE = """\
caresim: 1
title: {name}
start_date: {start}
end_date: {end}
initial: steady_state
settings:
  acute:
    kind: acute
    stay: {{mean: 6 days, cv: 1.7}}
    then:
      supported: {{to: home_support, share: 14%, arrangement: 6 days}}
      home: {{share: rest, arrangement: 0.5 days}}
  home_support: {{kind: home, stay: 20 days}}
arrivals:
  admissions: {{to: acute, rate: {rate:.4g} per day, growth: 1% per year}}
run: {{warm_up: 120 days}}
calibration:
  inputs:
    arrivals.admissions.rate: {{low: {low:.4g} per day, high: {high:.4g} per day, level: 90%, shape: lognormal}}
    arrivals.admissions.growth: {{low: -1% per year, high: 3% per year}}
    settings.acute.stay.mean: {{low: 3.5 days, high: 9 days, level: 90%, shape: lognormal}}
    settings.acute.then.supported.share: {{low: 8%, high: 20%, level: 90%}}
    settings.acute.then.supported.arrangement: {{low: 2 days, high: 15 days, level: 90%, shape: lognormal}}
    settings.acute.then.home.arrangement: {{low: 0.1 days, high: 1.5 days, level: 90%, shape: lognormal}}
  observed:
    delayed: {{measure: no_criteria_to_reside, csv: observed.csv}}
    discharges: {{csv: observed.csv}}
  fit_to: {fit_to}
"""  # noqa: E501 - lines of YAML


def cases(data: Path) -> Iterator[Case]:
    """Give every board and date for which there are figures."""
    folder = data / "nhs_england"
    delayed = _daily(
        folder / "england_icb_criteria_to_reside.csv", "do_not_meet_criteria_to_reside"
    )
    discharged = _daily(folder / "england_icb_discharged_patients.csv", "discharged_total")
    local = _local_codes(folder / "icb_codes.csv")
    for ons in sorted(delayed):
        board = boards().get(local.get(ons, ""))
        if board is None:
            continue
        for start, fit_to, end in ORIGINS:
            days = [start + datetime.timedelta(days=n) for n in range((end - start).days)]
            known = [d for d in days if d in delayed[ons] and d < fit_to]
            if len(known) < LEAST_DAYS or not any(d in delayed[ons] for d in days if d >= fit_to):
                continue
            yield Case(
                "board", board.code, board.name, start, fit_to,
                _scenario(board, start, fit_to, end),
                {
                    "date": [str(d) for d in days],
                    "delayed": [_cell(delayed[ons].get(d)) for d in days],
                    "discharges": [_cell(discharged[ons].get(d)) for d in days],
                },
                "delayed",
            )  # fmt: skip


def _scenario(board: Board, start: datetime.date, fit_to: datetime.date, end: datetime.date) -> str:
    rate = PER_100_000 * board["adults"] / 1e5
    name = yaml.safe_dump(board.name, default_flow_style=True, width=1000).splitlines()[0]
    return TEMPLATE.format(
        name=name, start=start, end=end, fit_to=fit_to, rate=rate, low=rate / 2, high=rate * 2
    )


def _daily(path: Path, column: str) -> dict[str, dict[datetime.date, float]]:
    """Read a figure by board and day; a day on which England shows none or 0 is missing."""
    found: dict[str, dict[datetime.date, float]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = float(row[column] or 0)
            if value > 0:
                found[row["icb22_code"]][datetime.date.fromisoformat(row["date"])] = value
    return found


def _local_codes(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["icb_ons_code"]: row["icb_code"] for row in csv.DictReader(file)}


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
