"""A plain CSV for one's own figures: date, area, measure, value."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.places.readers.areas import text
from caresim.places.readers.cells import slug
from caresim.places.readers.dates import FREQUENCIES, Period, period
from caresim.places.readers.gather import Gathering, check_orders, place, read_period
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.kind import Kind
from caresim.places.readers.tables import Table

if TYPE_CHECKING:
    import pandas as pd


def _rows(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    for table in tables:
        _table(gathering, table)


def _table(gathering: Gathering, table: Table) -> None:
    monthly = _monthly(table)
    day_first = check_orders(gathering, table, "date")
    for line, cells in table.rows():
        raw = table.cell(cells, "value")
        name = text(table.cell(cells, "measure"))
        if not name:
            gathering.report.add("R302" if raw is None else "R306", place(table, line, "measure"),
                                 "the row does not say what was measured")  # fmt: skip
            continue
        where = place(table, line, "date")
        when = read_period(gathering, table.cell(cells, "date"), where, day_first=day_first)
        code, said = table.cell(cells, "code"), table.cell(cells, "name")
        if code is None and said is None:
            gathering.report.add("R306", place(table, line, "code"), "the row has no area")
            continue
        if when is None:
            continue
        stated = text(table.cell(cells, "frequency")).lower()
        if stated and stated not in FREQUENCIES:
            gathering.report.add("R302", place(table, line, "frequency"),
                                 f"{stated!r} is none of {', '.join(FREQUENCIES)}")  # fmt: skip
            continue
        frequency = stated or ("month" if name in monthly else when.frequency)
        # The area may be a code or a name, whichever stands in the one column.
        area = gathering.area(code, said if said is not None else code)
        still = gathering.still_there(area, when.first, place(table, line, "code"))
        if still is not None:
            gathering.figure(
                still, Period(when.first, frequency), _measure(name), raw,
                place(table, line, "value"), unit=text(table.cell(cells, "unit")) or None,
                variant=text(table.cell(cells, "variant")),
            )  # fmt: skip


def _measure(name: str) -> str:
    """Return the id of a measure: dots part it, all else is evened out."""
    return ".".join(slug(part) for part in name.split("."))


def _monthly(table: Table) -> set[str]:
    """Return the measures that are given for months though by days: each date is a first."""
    days: dict[str, set[datetime.date]] = defaultdict(set)
    for _, cells in table.rows():
        raw = table.cell(cells, "date")
        found = None if raw is None else period(raw)
        if found is not None:
            days[text(table.cell(cells, "measure"))].add(found.first)
    return {
        name
        for name, found in days.items()
        if len(found) > 1 and all(day.day == 1 for day in found)
    }


OWN_COLUMNS = {
    "date": "date",
    "frequency": "frequency",
    "area_code": "area",
    "area_name": "area_name",
    "area_kind": "area_kind",
    "measure": "measure",
    "value": "value",
    "unit": "unit",
    "definition": "definition",
    "variant": "variant",
    "note": "note",
}
"""Columns of a tidy table as a plain CSV has them, in its order."""


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write the table of a reading as a plain CSV, which can be read again.

    Parameters
    ----------
    frame
        With the columns :data:`caresim.places.readers.reading.COLUMNS`.
    path
        Where to; replaced if there is one.
    """
    table = frame.rename(columns=OWN_COLUMNS)[list(OWN_COLUMNS.values())]
    # Areas without a code, such as people resident outside England, are known by their name.
    table["area"] = table["area"].where(table["area"] != "", table["area_name"])
    table.to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n")


KIND = Kind(
    id="own",
    title="Plain table of one's own figures",
    publisher="whoever made the file",
    page="",
    layouts=(
        Layout(
            "own",
            "a row for each figure",
            (
                needed("date", "date|month|period", "date"),
                needed("code", "area|area code|code", "area"),
                column("name", "area name|name", "area_name"),
                column("kind", "area kind", "area_kind"),
                needed("measure", "measure|metric|indicator", "measure"),
                needed("value", "value|figure", "value"),
                column("unit", "unit", "unit"),
                column("frequency", "frequency", "frequency"),
                column("variant", "variant|scenario", "variant"),
                column("aside", "note|definition|source", "note"),
            ),
            _rows,
        ),
    ),
    measures=(),
    scope="As the file says; measures named as those of the other kinds are taken for the same.",
)
