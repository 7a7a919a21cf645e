"""Reading tables whose columns are dates and measures under merged headings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caresim.places.readers import dates
from caresim.places.readers.cells import is_number, key
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering
from caresim.places.readers.problems import Cell
from caresim.places.readers.rows import ROLES, area_of_row
from caresim.places.readers.tables import Table, is_note

_ABOVE = 6
"""Rows above the header in which dates and measures may stand."""

Named = Callable[[str, str], tuple[str, str] | None]
"""From a heading, and the ones above it parted by slashes from the nearest up, to the id of a
measure and how often it is given."""


@dataclass(frozen=True)
class Figures:
    """What a column of figures holds.

    Attributes
    ----------
    measure
        Id of the measure.
    period
        Its period, or None if that of the file.
    frequency
        How often it is given.
    heading
        As written.
    """

    measure: str
    period: Period | None
    frequency: str
    heading: str


def columns_of(table: Table, named: Named) -> Mapping[int, Figures]:
    """Return the columns of figures by position.

    A heading that spans several columns stands over the first of them, so every row of headings
    is filled to the right. The lowest date above a column is its date, and the lowest text that
    names a measure its measure.
    """
    width = max(len(row) for row in table.sheet.rows[table.top : table.top + 40])
    above = _filled(table, width)
    taken = {position for id, position in table.at.items() if id in ROLES}
    found: dict[int, Figures] = {}
    for position in range(width):
        if position in taken:
            continue
        cells = [row[position] for row in above if row[position] is not None]
        if not cells:
            continue
        when = next((p for cell in cells if (p := _date(cell)) is not None), None)
        texts = [str(cell) for cell in cells if _date(cell) is None]
        for depth, text in enumerate(texts):
            meant = named(text, " / ".join(key(above) for above in texts[depth + 1 :]))
            if meant is not None:
                found[position] = Figures(meant[0], when, meant[1], text)
                break
    return found


def matrix(
    gathering: Gathering,
    table: Table,
    named: Named,
    period: Period | None,
    known: set[tuple[str, str, Period]],
) -> None:
    """Read a table with a row for each area and a column for each date and measure.

    Parameters
    ----------
    gathering
        Where the figures go.
    table
        With columns ``code`` and ``name``.
    named
        What measure a heading means.
    period
        Of columns without a date.
    known
        Area, measure and period of what was read from other sheets, which is not read again;
        what is read here is added.
    """
    figures = _first_of_each(gathering, columns_of(table, named))
    fresh: set[tuple[str, str, Period]] = set()
    for line, cells in table.rows():
        filled = [at for at in figures if at < len(cells) and is_number(cells[at])]
        wrong = [at for at in figures if at < len(cells) and cells[at] is not None
                 and not is_number(cells[at])]  # fmt: skip
        area = area_of_row(gathering, table, cells, line, has_figures=bool(filled))
        if area is None:
            continue
        for at in (*filled, *wrong):
            column = figures[at]
            when = column.period or period
            if when is None:
                continue
            when = Period(
                when.first if column.frequency in ("day", "week") else when.first.replace(day=1),
                column.frequency,
            )
            mark = (area.code or area.name, column.measure, when)
            if mark in known:
                continue
            fresh.add(mark)
            still = gathering.still_there(area, when.first, Cell(table.sheet.name, line, at + 1))
            if still is not None:
                cell = Cell(table.sheet.name, line, at + 1, column.heading)
                gathering.figure(still, when, column.measure, cells[at], cell)
    known |= fresh


def _first_of_each(gathering: Gathering, figures: Mapping[int, Figures]) -> dict[int, Figures]:
    """Leave out columns whose headings mean what an earlier column holds."""
    kept: dict[int, Figures] = {}
    seen: set[tuple[str, Period | None, str]] = set()
    for position, column in figures.items():
        mark = (column.measure, column.period, column.frequency)
        if mark in seen:
            gathering.report.change(
                "dropped", "column headed like one before it", 1, "columns", (column.heading,)
            )
            continue
        seen.add(mark)
        kept[position] = column
    return kept


def _filled(table: Table, width: int) -> list[list[Any]]:
    """Return the header and the rows of headings above it, filled to the right; lowest first."""
    found: list[list[Any]] = []
    first = min(table.at.values(), default=0)
    for position in range(table.top, max(-1, table.top - _ABOVE), -1):
        row = table.sheet.rows[position]
        if is_note(row):
            break
        spans = position < table.top
        last: Any = None
        filled: list[Any] = []
        for column in range(width):
            cell = row[column] if column < len(row) else None
            last = cell if cell is not None else (last if spans else None)
            filled.append(last if column > first or not spans else None)
        found.append(filled)
    return found


def _date(cell: Any) -> Period | None:
    if isinstance(cell, int | float):
        return None
    return dates.period(cell)


def has_figures(table: Table, named: Named) -> bool:
    """Whether a table has any column of figures that is known."""
    return bool(columns_of(table, named))


def sheets_in_order(tables: Sequence[Table], first: str) -> list[Table]:
    """Return tables with those of sheets whose name begins so before all others."""
    return sorted(tables, key=lambda table: not key(table.sheet.name).startswith(first))
