"""Councils of the back-test: delayed transfers of care, April 2011 to December 2019.

Nothing local is known but adults; intervals are as wide as councils differ. Three years are fitted
each time.
"""

from __future__ import annotations

import csv
import datetime
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

from caresim.calibration.backtest.cases import Case
from caresim.places.boards.councils import Council, councils

ORIGINS = tuple(datetime.date(year, month, 1) for year, month in (
    (2014, 4), (2015, 10), (2017, 4), (2018, 10),
))  # fmt: skip
"""First days foretold: different seasons, and both the rise to 2017 and the fall after it."""

FITTED_YEARS = 3
AHEAD_MONTHS = 12
LEAST_MONTHS = 30
"""Months with figures, of 36, that a council needs."""

NEEDING = 1.2
"""Adults a day for each 100,000 who need something arranged after an acute stay; the interval is
from a third to three times that, and for other stays in hospital of a third of it."""

TEMPLATE = """\
caresim: 1
title: {name}
start_date: {start}
end_date: {end}
initial: steady_state
settings:
  hospital:
    kind: acute
    stay: 8 days
    then: {{support: {{to: home, share: rest, arrangement: 5 days}}}}
  community_hospital:
    kind: intermediate
    stay: 20 days
    then: {{support: {{to: home, share: rest, arrangement: 8 days}}}}
arrivals:
  acute: {{to: hospital, rate: {acute:.4g} per day, growth: 2% per year}}
  other: {{to: community_hospital, rate: {other:.4g} per day, growth: 2% per year}}
run: {{warm_up: 200 days}}
calibration:
  inputs:
    arrivals.acute.rate: {{low: {acute_low:.4g} per day, high: {acute_high:.4g} per day, level: 90%, shape: lognormal}}
    arrivals.acute.growth: {{low: -6% per year, high: 10% per year}}
    arrivals.other.rate: {{low: {other_low:.4g} per day, high: {other_high:.4g} per day, level: 90%, shape: lognormal}}
    arrivals.other.growth: {{low: -6% per year, high: 10% per year}}
    settings.hospital.then.support.arrangement: {{low: 1 day, high: 25 days, level: 90%, shape: lognormal}}
    settings.community_hospital.then.support.arrangement: {{low: 2 days, high: 40 days, level: 90%, shape: lognormal}}
  observed:
    all_delayed: {{measure: delayed_transfers, csv: observed.csv, counted: per_period, period: month}}
    acute_delayed: {{measure: delayed_transfers_acute, csv: observed.csv, counted: per_period, period: month}}
  fit_to: {fit_to}
"""  # noqa: E501 - lines of YAML


def cases(data: Path) -> Iterator[Case]:
    """Give every council and date for which there are figures."""
    table: dict[str, dict[datetime.date, tuple[str, str]]] = defaultdict(dict)
    path = data / "dtoc" / "dtoc_la_monthly_2011-04_2019-12.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = datetime.date.fromisoformat(f"{row['month']}-01")
            table[row["ons_code"]][day] = row["total"], row["acute"]
    for code, council in councils().items():
        if "adults" not in council.figures:
            continue
        for fit_to in ORIGINS:
            start = fit_to.replace(year=fit_to.year - FITTED_YEARS)
            end = fit_to.replace(year=fit_to.year + AHEAD_MONTHS // 12)
            months = sorted(day for day in table[code] if start <= day < end)
            if sum(day < fit_to for day in months) < LEAST_MONTHS:
                continue
            if not any(day >= fit_to for day in months):
                continue
            yield Case(
                "council", code, council.name, start, fit_to,
                _scenario(council, start, fit_to, end),
                {
                    "date": [str(day) for day in months],
                    "all_delayed": [table[code][day][0] for day in months],
                    "acute_delayed": [table[code][day][1] for day in months],
                },
                "all_delayed",
            )  # fmt: skip


def _scenario(
    council: Council, start: datetime.date, fit_to: datetime.date, end: datetime.date
) -> str:
    acute = NEEDING * council.figures["adults"] / 1e5
    other = acute / 3
    name = yaml.safe_dump(council.name, default_flow_style=True, width=1000).splitlines()[0]
    return TEMPLATE.format(
        name=name, start=start, end=end, fit_to=fit_to, acute=acute, other=other,
        acute_low=acute / 3, acute_high=acute * 3, other_low=other / 3, other_high=other * 3,
    )  # fmt: skip
