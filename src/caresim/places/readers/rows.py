"""Reading the two common forms of table: a column for each measure, or a row for each figure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from caresim.places.readers.areas import Area, text
from caresim.places.readers.cells import is_number
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering, check_orders, place, read_period
from caresim.places.readers.problems import Cell, stop
from caresim.places.readers.tables import Table

ROLES = frozenset(
    [
        "code",
        "local_code",
        "name",
        "region",
        "region_code",
        "level",
        "date",
        "year",
        "end",
        "measure",
        "value",
        "unit",
        "variant",
        "kind",
        "aside",
    ]
)
"""Ids of columns that are no measures; ``aside`` is for columns that are known and not kept."""

LEVELS = {
    "england": "country", "national": "country", "country": "country",
    "region": "region", "icb": "board", "board": "board", "integrated care board": "board",
    "provider": "provider", "trust": "trust",
    "utla": "council", "council": "council", "utla aggregate": "council",
    "local authority": "council", "la": "council", "sub icb": "sub_board",
}  # fmt: skip
"""Kinds of area by what files call them."""


def wide(
    gathering: Gathering,
    table: Table,
    period: Period | None,
    *,
    frequency: str | None = None,
    named: Callable[[str], str] = lambda id: id,
    scales: Callable[[str], float] = lambda _id: 1.0,
    skip: Collection[str] = (),
    variant: str = "",
    period_cell: Callable[[Any], Period | None] | None = None,
) -> None:
    """Read a table with a row for each area (and period) and a column for each measure.

    Parameters
    ----------
    gathering
        Where the figures go.
    table
        The table.
    period
        Of all rows, if there is no column ``date``.
    frequency
        Of the figures, whatever the form of their dates.
    named
        From the id of a column to that of the measure.
    scales
        What to multiply the figures of a column by.
    skip
        Ids of columns to leave out.
    variant
        Of all figures.
    period_cell
        Reads the period of a row in place of the usual way.
    """
    measures = [
        (id, position) for id, position in table.at.items() if id not in ROLES and id not in skip
    ]
    _tell_dropped_columns(gathering, table)
    day_first = check_orders(gathering, table, "date") if "date" in table.at else True
    for line, cells in table.rows():
        figures = [(id, at) for id, at in measures if at < len(cells) and cells[at] is not None]
        level = text(table.cell(cells, "level")).lower()
        hint = LEVELS.get(level, "")
        area = area_of_row(gathering, table, cells, line, bool(figures), hint)
        if area is None:
            continue
        if not any(is_number(cells[at]) for _, at in figures):
            if figures and not _is_heading(cells, figures):
                for id, at in figures:
                    gathering.report.add("R301", place(table, line, id), _not_number(cells[at]))
            continue
        when = period
        where = place(table, line, "date" if "date" in table.at else next(iter(table.at)))
        if period_cell is not None and "date" in table.at:
            when = period_cell(table.cell(cells, "date"))
            if when is None:
                read_period(gathering, table.cell(cells, "date") or None, where)
        elif "date" in table.at:
            when = read_period(gathering, table.cell(cells, "date"), where, day_first=day_first)
        if when is None:
            continue
        if frequency is not None:
            when = _with(when, frequency)
        still = gathering.still_there(area, when.first, where)
        if still is None:
            continue
        for id, at in figures:
            cell = Cell(table.sheet.name, line, at + 1, table.headings[at])
            gathering.figure(
                still, when, named(id), cells[at], cell, variant=variant, scale=scales(id)
            )


def long(
    gathering: Gathering,
    table: Table,
    named: Callable[[str, Sequence[Any]], tuple[str, str] | None],
    *,
    scales: Callable[[str], float] = lambda _id: 1.0,
    kinds: bool = True,
) -> None:
    """Read a table with a row for each figure.

    Parameters
    ----------
    gathering
        Where the figures go.
    table
        With columns ``measure`` and ``value``, and ``date`` and ``level`` where there are any.
    named
        From the name of a measure in the file, and the row, to its id and how often it is given
        (empty: as the dates say); None to leave it out.
    scales
        What to multiply the figures of a measure by.
    kinds
        Whether the column ``level`` says what kind of area a row is for.
    """
    day_first = check_orders(gathering, table, "date") if "date" in table.at else True
    _tell_dropped_columns(gathering, table)
    known: dict[tuple[Any, bool], Period | None] = {}
    for line, cells in table.rows():
        raw = table.cell(cells, "value")
        name = text(table.cell(cells, "measure"))
        if raw is None and not name:
            continue
        meant = named(name, cells)
        if meant is None:
            gathering.report.change("dropped", "measure not read", 1, "rows", (name,))
            continue
        id, frequency = meant
        level = text(table.cell(cells, "level")).lower() if kinds else ""
        area = area_of_row(gathering, table, cells, line, True, LEVELS.get(level, ""))
        if area is None:
            continue
        when_raw = table.cell(cells, "date")
        known_key = (when_raw, day_first)
        if known_key not in known:
            known[known_key] = read_period(
                gathering, when_raw, place(table, line, "date"), day_first=day_first
            )
        when = known[known_key]
        if when is None:
            continue
        if frequency:
            when = _with(when, frequency)
        where = place(table, line, "value")
        still = gathering.still_there(area, when.first, where)
        if still is not None:
            unit = text(table.cell(cells, "unit")) or None
            gathering.figure(still, when, id, raw, where, unit=unit, scale=scales(id))


def must_have_period(period: Period | None, table: Table, gathering: Gathering) -> Period:
    """Return the period of the file.

    Raises
    ------
    DataError
        If neither the notes nor the name of the file state one.
    """
    if period is None:
        raise stop(
            "R302", gathering.report.path, "neither the notes at the head nor the name of the "
            "file say which period it is for", line=table.line,
            hint="keep the notes at the head of the sheet, or name the file as it was published",
        )  # fmt: skip
    return period


def area_of_row(
    gathering: Gathering,
    table: Table,
    cells: Sequence[Any],
    line: int,
    has_figures: bool,
    hint: str = "",
) -> Area | None:
    """Return the area of a row; None for rows that are no data, with a note or problem."""
    code, name = table.cell(cells, "code"), table.cell(cells, "name")
    if code in (None, "-", "–"):
        local = table.cell(cells, "local_code")
        code = None if local in ("-", "–") else local
    if code is None and name is None:
        region = table.cell(cells, "region")
        if not has_figures or region is not None:
            if has_figures:
                gathering.report.change("dropped", "subtotal without code or name", 1, "rows")
            return None
        gathering.report.add(
            "R306", Cell(table.sheet.name, line, 1, ""), "the row has figures and no area"
        )
        return None
    if not has_figures:
        return None  # a note below the table, or the heading of a part of it
    area = gathering.area(code, name, hint)
    if area.kind == "outside":
        gathering.report.change(
            "changed", "people resident outside England have no code", 1, "rows", (area.name,)
        )
    return area


def _is_heading(cells: Sequence[Any], figures: Sequence[tuple[str, int]]) -> bool:
    """Whether the row repeats headings or is a note: only text, in most of its columns."""
    texts = [cells[at] for _, at in figures if isinstance(cells[at], str)]
    return len(texts) == len(figures) and (len(texts) > 1 or len(str(texts[0])) > 40)


def _not_number(raw: Any) -> str:
    return f"{str(raw)[:60]!r} is not a number"


def _tell_dropped_columns(gathering: Gathering, table: Table) -> None:
    aside = [table.headings[at] for id, at in table.at.items() if id == "aside"]
    unknown = [table.headings[at] for at in table.unknown]
    gathering.report.change(
        "dropped",
        "column not known for this kind of file, or headed like one before it",
        len(unknown),
        "columns",
        unknown,
    )
    gathering.report.change(
        "dropped", "column that follows from others", len(aside), "columns", aside
    )


def _with(period: Period, frequency: str) -> Period:
    """Return a period of another length; months and longer begin on the first."""
    first = period.first if frequency in ("day", "week", "moment") else period.first.replace(day=1)
    return Period(first, frequency)
