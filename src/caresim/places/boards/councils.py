"""Councils and their delayed transfers of care, 2011-12 to 2018-19.

A delayed transfer was someone ready to leave acute or other NHS hospital care and still there, by
the council they lived in. The return ended in February 2020. Later counts (no criteria to reside)
are of other people, so these figures do not go into scenarios of boards.

>>> councils()["E06000023"].name
'Bristol'
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from caresim.results.columns import cut, number, table, wrapped

COUNCILS_CSV = Path(__file__).parent / "councils.csv"
LAST_YEAR = 2018
"""First year of the last whole financial year of the return that is held: April 2018 on."""
YEARS = {start: f"{start}_{(start + 1) % 100:02d}" for start in range(2011, LAST_YEAR + 1)}
"""Financial years by the calendar year in which they begin."""
SPLITS = (
    *("acute", "non_acute", "nhs", "social_care", "both"),
    *("assessment", "public_funding", "nhs_non_acute", "residential", "nursing", "home_care"),
    *("equipment", "choice", "disputes", "housing", "other"),
)
"""Of the last year: by hospital, by who is responsible, and by reason."""
SOURCE = {
    "title": "Monthly Delayed Transfers of Care, by local authority, April 2011 to March 2019",
    "publisher": "NHS England",
    "year": 2019,
    "status": "read",
    "population": "adults 18+, delayed days divided by the days of the year",
}


@dataclass(frozen=True)
class Council:
    """An upper-tier council with social care duties, as in 2018-19, and its figures."""

    code: str
    name: str
    figures: Mapping[str, float]

    @property
    def per_100_000(self) -> float | None:
        """People delayed in 2018-19 for each 100,000 adults; None if either is not known."""
        delayed = self.figures.get(f"delayed_{YEARS[LAST_YEAR]}")
        adults = self.figures.get("adults")
        return None if delayed is None or adults is None else 1e5 * delayed / adults


@cache
def councils() -> dict[str, Council]:
    """Return the councils by code."""
    names: dict[str, str] = {}
    found: dict[str, dict[str, float]] = {}
    with COUNCILS_CSV.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[row["code"]] = row["name"]
            found.setdefault(row["code"], {})[row["figure"]] = float(row["value"])
    return {code: Council(code, names[code], MappingProxyType(found[code])) for code in found}


def list_text() -> str:
    """Return all councils as a table."""
    rows = []
    for council in councils().values():
        values = [
            council.figures.get("adults"),
            *(council.figures.get(f"delayed_{YEARS[year]}") for year in (2011, 2016, 2018)),
            council.per_100_000,
            *(council.figures.get(split) for split in ("acute", "nhs", "social_care", "both")),
        ]
        shown = ["-" if value is None else number(value) for value in values]
        rows.append([council.code, cut(council.name, 30), *shown])
    heads = ["code", "council", "adults", "delayed\n2011-12", "\n2016-17", "\n2018-19"]
    heads += ["per 100,000\nadults", "in acute\nhospital", "NHS", "social\ncare", "both"]
    note = (
        "People delayed on an average day (delayed transfers of care: days divided by the days of "
        "the year), 2018-19 by hospital and by who is responsible. Adults of mid-2019. Never set "
        "these beside people with no criteria to reside: they were counted otherwise. Councils "
        f"that are not listed are not in the copy read. Source: {SOURCE['publisher']}, "
        f"{SOURCE['title']}, {SOURCE['year']}, {SOURCE['status']}."
    )
    return f"{table(heads, rows)}\n\n{wrapped(note)}"


def list_values() -> dict[str, Any]:
    """Return all councils for JSON."""
    return {
        "source": SOURCE,
        "unit": "people on an average day; adults: people in mid-2019",
        "councils": [
            {"code": council.code, "name": council.name, "figures": dict(council.figures)}
            for council in councils().values()
        ],
    }
