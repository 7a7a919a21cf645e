"""Beds available and occupied: the quarterly return KH03, and monthly situation reports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from caresim.places.readers.areas import text
from caresim.places.readers.cells import key
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering, check_orders, place, read_period
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.bed_names import SECTORS, bed_metric, sector_of
from caresim.places.readers.layouts.kind import NHS_ENGLAND, STATISTICS, Kind
from caresim.places.readers.matrix import matrix
from caresim.places.readers.problems import stop
from caresim.places.readers.rows import long, must_have_period, wide
from caresim.places.readers.tables import Table

_BEDS = "bed_availability"


def _quarterly(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the workbook of a quarter: available, occupied and share, by sector."""
    known: set[tuple[str, str, Period]] = set()
    found = False
    for table in tables:
        title = f"{context.notes.get('title', '')} {context.notes.get('summary', '')}"
        if "day only" in key(f"{title} {context.book.path.stem}"):
            raise stop(
                "R102", context.book.path, "is of beds for the day; caresim reads beds open "
                "overnight", hint="use the workbook 'Beds Open Overnight'",
            )  # fmt: skip
        period = must_have_period(context.period, table, gathering)
        before = len(gathering)
        matrix(gathering, table, _of_quarter, _quarter(period), known)
        found = found or len(gathering) > before
    if not found:
        names = ", ".join(repr(name) for name in context.book.sheet_names)
        raise stop("R104", context.book.path, "has no sheet 'NHS Trust by Sector' with beds by "
                   f"sector; there are {names}")  # fmt: skip


def _of_quarter(heading: str, group: str) -> tuple[str, str] | None:
    found = bed_metric(heading, group)
    return None if found is None else (found, "quarter")


def _quarter(period: Period) -> Period:
    """Return the quarter of a period: a month named is the last of it, as in "Period End"."""
    first = period.first
    month = first.month - (first.month - 1) % 3
    return Period(datetime.date(first.year, month, 1), "quarter")


def _sectors(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the collected CSV: a row for each trust, sector and quarter."""
    stem = key(context.book.path.stem)
    for table in tables:
        heading = key(table.headings[table.at["value"]])
        head = "beds_occupied" if "occupied" in f"{stem} {heading}" else "beds_available"
        day_first = check_orders(gathering, table, "date")
        for line, cells in table.rows():
            where = place(table, line, "date")
            when = read_period(gathering, table.cell(cells, "date"), where, day_first=day_first)
            sector = sector_of(key(table.cell(cells, "measure")))
            if sector is None:
                gathering.report.change("dropped", "sector not known", 1, "rows",
                                        (text(table.cell(cells, "measure")),))  # fmt: skip
            if when is None or sector is None:
                continue
            area = gathering.area(table.cell(cells, "code"), table.cell(cells, "name"), "provider")
            id = f"{head}.{sector}" if sector else head
            gathering.figure(area, _quarter(when), id, table.cell(cells, "value"),
                             place(table, line, "value"))  # fmt: skip


def _monthly(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the monthly workbook: a column for each measure."""
    known: set[tuple[str, str, Period]] = set()
    for table in tables:
        period = must_have_period(context.period, table, gathering)
        matrix(gathering, table, _of_month, Period(period.first.replace(day=1), "month"), known)


def _of_month(heading: str, group: str) -> tuple[str, str] | None:
    found = bed_metric(heading, group)
    return None if found is None else (found, "month")


def _metrics(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    """Read the monthly CSV: a row for each organisation and metric."""
    for table in tables:

        def named(name: str, cells: Sequence[Any], table: Table = table) -> tuple[str, str] | None:
            if key(table.cell(cells, "kind")) in ("type 1", "other"):
                return None  # parts of the figure for all types of trust
            return _of_month(name, "")

        long(gathering, table, named)


def _extract(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    for table in tables:
        wide(gathering, table, None, frequency="month")


def _year(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read a table of means over a year, percentages as shares."""
    for table in tables:
        period = must_have_period(context.period, table, gathering)
        wide(gathering, table, period,
             scales=lambda id: 0.01 if id.startswith("bed_occupancy") else 1.0)  # fmt: skip


_ORG = (
    column("year", "year", "Year"),
    column("end", "period end", "Period End"),
    column("region_code", "region code", "Region Code"),
    column("region", "region( name)?", "Region"),
    column("aside", "icb( name)?", "ICB"),
)
_PART = {"general_acute": "general acute", "adult_general_acute": "adult general acute",
         "paediatric_general_acute": "paediatric general acute"}  # fmt: skip


def _extract_columns() -> list[Any]:
    found = []
    for id, words in _PART.items():
        must = id == "general_acute"
        make = needed if must else column
        found += [
            make(f"beds_available.{id}", f"{words} beds available", f"{id}_beds_available"),
            make(f"beds_occupied.{id}", f"{words} beds occupied", f"{id}_beds_occupied"),
            column(f"bed_occupancy.{id}", f"{words} (beds )?occupancy rate"),
        ]
    for id, words in SECTORS.items():
        if "critical" in id or "intensive" in id:
            found += [
                column(f"beds_available.{id}", f"({words}) beds? available"),
                column(f"beds_occupied.{id}", f"({words}) beds? occupied"),
                column(f"bed_occupancy.{id}", f"({words}) (beds? )?occupancy rate"),
            ]
    return found


KIND = Kind(
    id=_BEDS,
    title="Bed availability and occupancy",
    publisher=NHS_ENGLAND,
    page=STATISTICS + "bed-availability-and-occupancy/",
    layouts=(
        Layout(
            _BEDS,
            "quarterly workbook (KH03)",
            (
                *_ORG,
                needed("code", "(org|provider) code|code", "Org Code"),
                needed("name", "(org|provider) name|name", "Org Name"),
                needed("any", "general and acute|general acute", "General & Acute"),
            ),
            _quarterly,
            sheets=r"nhs trusts?( by sector)?|nhs trust.*|.*by sector|open overnight|trust.*",
            forms=("workbook",),
            sheet_titles=("NHS Trust by Sector",),
            signature=r"beds? open overnight|bed availability|kh03|available and occupied",
        ),
        Layout(
            _BEDS,
            "quarterly CSV (KH03)",
            (
                needed("code", "org(anisation)? code", "Organisation_Code"),
                column("name", "org(anisation)? name", "Organisation_Name"),
                needed("measure", "sector", "Sector"),
                needed("value", "number of beds|beds( available| occupied)?", "Number_Of_Beds"),
                needed(
                    "date", "effective snapshot date|date|period( end)?", "Effective_Snapshot_Date"
                ),
            ),
            _sectors,
            area_hint="provider",
        ),
        Layout(
            _BEDS,
            "monthly workbook",
            (
                column("region", "region", "Region"),
                needed("code", "(org )?code|trust code", "Code"),
                needed("name", "(org|trust)? ?name", "Name"),
                needed("any", "g and a beds available", "G&A beds available"),
            ),
            _monthly,
            sheets=r".*(acute trusts?|type 1).*",
            forms=("workbook",),
            sheet_titles=("All acute trusts",),
            signature=r"sitrep|situation report",
        ),
        Layout(
            _BEDS,
            "monthly CSV",
            (
                needed("date", "period", "Period"),
                needed("level", "level", "Level"),
                column("region", "region", "Region"),
                column("aside", "icb", "ICB"),
                needed("code", "org code", "Org Code"),
                column("name", "org name", "Org Name"),
                needed("measure", "metric", "Metric"),
                needed("kind", "type", "Type"),
                needed("value", "value", "Value"),
            ),
            _metrics,
            signature=r"\bbeds?\b",
        ),
        Layout(
            _BEDS,
            "monthly table by trust",
            (
                needed("code", "nhs trust22 code|(trust|org|provider)? ?code", "nhs_trust22_code"),
                needed("date", "date|month|period", "date"),
                *_extract_columns(),
            ),
            _extract,
            area_hint="provider",
        ),
        Layout(
            _BEDS,
            "yearly table by trust",
            (
                column("level", "level", "level"),
                needed("code", "code", "code"),
                column("name", "name", "name"),
                needed(
                    "beds_available.general_acute",
                    "available overnight beds",
                    "available-overnight-beds",
                ),
                needed(
                    "beds_occupied.general_acute",
                    "occupied overnight beds",
                    "occupied-overnight-beds",
                ),
                column(
                    "bed_occupancy.general_acute",
                    "overnight bed occupancy",
                    "overnight-bed-occupancy",
                ),
            ),
            _year,
            signature=r"\bkh03\b",
        ),
    ),
    measures=("beds_available", "beds_occupied", "bed_occupancy", "long_stay_patients"),
    scope=(
        "KH03: consultant-led beds open overnight in NHS trusts, all ages, mean over the days of "
        "the quarter, by sector. Situation report: general and acute beds of acute trusts at "
        "8 in the morning, mean over the days of the month, adults and children apart. The two "
        "differ in what they count and are not mixed."
    ),
    not_more=(("beds_occupied.general_acute", "beds_available.general_acute"),),
)
