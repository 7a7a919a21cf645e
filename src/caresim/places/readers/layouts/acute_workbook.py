"""Acute discharge situation report: the monthly workbook and the national time series."""

from __future__ import annotations

from collections.abc import Sequence

from caresim.places.readers.areas import ENGLAND, Area
from caresim.places.readers.cells import key
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering, place, read_period
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.metrics import metric
from caresim.places.readers.matrix import columns_of, matrix, sheets_in_order
from caresim.places.readers.problems import Cell, stop
from caresim.places.readers.tables import Table, find_table

_PLACE = (
    column("region", r"region( name)?", "Region"),
    column("aside", r"icb( name)?|integrated care board", "ICB"),
    needed("code", r"(org(anisation)?|icb|trust|provider)? ?code", "Org Code"),
    needed("name", r"(org(anisation)?|icb|trust|provider)? ?name", "Org Name"),
)


def _workbook(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read every table of the workbook, that of daily figures first."""
    known: set[tuple[str, str, Period]] = set()
    wanted = sheets_in_order([*tables, *_others(tables, context)], "table 2")
    daily = False
    for table in wanted:
        heading = _title(table)

        def named(text: str, group: str, heading: str = heading) -> tuple[str, str] | None:
            found = metric(text, f"{heading} {group}")
            if found and found[0].startswith(("no_criteria", "discharges")):
                return found
            return found if found and len(key(text)) < 250 else None

        figures = columns_of(table, named)
        daily = daily or any(f.frequency == "day" and f.period for f in figures.values())
        matrix(gathering, table, named, _month(context.period), known)
    if not daily:
        names = ", ".join(repr(name) for name in context.book.sheet_names)
        raise stop(
            "R104", context.book.path, "has no sheet 'Table 2' with people with no criteria to "
            f"reside by date and organisation; there are {names}",
        )  # fmt: skip


def _others(tables: Sequence[Table], context: Context) -> list[Table]:
    """Return tables of sheets whose names are not those expected."""
    seen = {table.sheet.name for table in tables}
    found = [find_table(s, _PLACE) for s in context.book.sheets if s.name not in seen]
    return [table for table in found if table is not None and table.complete]


def _title(table: Table) -> str:
    """Return the first lines of the sheet, which say what the table is about."""
    words = [str(cell) for row in table.sheet.rows[: min(8, table.top)] for cell in row
             if isinstance(cell, str)]  # fmt: skip
    return " ".join(key(word) for word in words)[:400]


def _month(period: Period | None) -> Period | None:
    return None if period is None else Period(period.first.replace(day=1), "month")


def _series(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the national series: a row for each day or week, a column for each metric."""
    england = Area(ENGLAND, "England", "country")
    weekly = [find_table(sheet, _WEEKLY) for sheet in context.book.sheets]
    for table in (*tables, *(t for t in weekly if t is not None and t.complete)):
        for line, cells in table.rows():
            raw = table.cell(cells, "date")
            if raw is None or (isinstance(raw, str) and len(raw) > 30):
                continue  # a note below the table
            when = read_period(gathering, raw, place(table, line, "date"))
            if when is None:
                continue
            for at, heading in enumerate(table.headings):
                meant = metric(heading, key(table.groups[at])) if heading else None
                if at == table.at["date"] or meant is None or at >= len(cells):
                    continue
                frequency = meant[1] if meant[1] != "day" or "week" not in key(
                    table.headings[table.at["date"]]) else "week"  # fmt: skip
                cell = Cell(table.sheet.name, line, at + 1, heading)
                gathering.figure(england, Period(when.first, frequency), meant[0], cells[at], cell)


WORKBOOK = Layout(
    "acute_discharge",
    "monthly workbook",
    _PLACE,
    _workbook,
    sheets=r"table \d.*",
    forms=("workbook",),
    sheet_titles=("Table 2",),
    signature=r"discharge sitrep|discharge situation|criteria to reside|discharge delays acute",
)
"""Sheets ``Table 1`` to ``Table 7``; in Table 2 dates over three or four metrics each."""

_WEEKLY = (
    needed("date", r"week (commencing|beginning).*", "Week commencing"),
    needed("first", r"number of .*length of stay of 7 days or over.*", "stays of 7 days or over"),
)

SERIES = Layout(
    "acute_discharge",
    "national time series",
    (
        needed("date", r"date", "Date"),
        needed("first", r"number of patients who no longer meet the criteria to reside.*",
               "Number of patients who no longer meet the criteria to reside"),
    ),
    _series,
    sheets=r"daily series.*",
    forms=("workbook", "csv"),
    sheet_titles=("Daily Series",),
    signature=r"discharge sitrep timeseries|timeseries",
)  # fmt: skip
