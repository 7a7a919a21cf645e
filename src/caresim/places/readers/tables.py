"""Finding a table in a sheet by the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from caresim.places.readers.cells import key
from caresim.places.readers.files import Sheet
from caresim.problems import nearest

_HEADER_WITHIN = 130
"""Rows in which a header is looked for: in the discharge report trusts come below boards."""

_GROUP_WITHIN = 3
"""Rows above the header in which merged headings of several columns may stand."""


ONCE = ("date", "measure", "value")
"""Ids of columns of which a table cannot have two; of any other the first is meant, as in
workbooks that give the same headings again for a part of the figures."""


NOTE_LABELS = frozenset(
    (
        "title",
        "summary",
        "period",
        "source",
        "basis",
        "published",
        "revised",
        "status",
        "contact",
        "publication date",
        "reporting period",
        "data period",
    )
)
"""Labels of the notes at the head of a sheet, reduced."""


@dataclass(frozen=True)
class Column:
    """A column that a table may have.

    Attributes
    ----------
    id
        What it holds: a role such as ``code``, or the id of a measure.
    names
        Pattern of its heading after :func:`caresim.places.readers.cells.key`.
    title
        How it is written in published files, for messages.
    needed
        Whether the table cannot be read without it.
    group
        Pattern of the heading above it that spans several columns; any if None.
    """

    id: str
    names: str
    title: str = ""
    needed: bool = False
    group: str | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern of the heading."""
        return re.compile(self.names)

    def fits(self, heading: str, group: str) -> bool:
        """Whether a heading and the one above it, both reduced, are this column's."""
        if not self.pattern.fullmatch(heading):
            return False
        return self.group is None or re.fullmatch(self.group, group) is not None

    @property
    def shown(self) -> str:
        """How the column is named in messages."""
        return self.title or self.id


@dataclass(frozen=True)
class Table:
    """A table found in a sheet.

    Attributes
    ----------
    sheet
        The sheet.
    top
        Position of the header among the rows.
    at
        Position of each column found, by id.
    headings, groups
        As written, and those above them.
    missing
        Needed columns that were not found.
    double
        Columns found twice that cannot be.
    """

    sheet: Sheet
    top: int
    at: Mapping[str, int]
    headings: tuple[str, ...]
    groups: tuple[str, ...]
    missing: tuple[Column, ...]
    double: tuple[Column, ...]
    unknown: tuple[int, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether every needed column was found."""
        return not self.missing

    @property
    def line(self) -> int:
        """Row of the header in the file."""
        return self.sheet.lines[self.top]

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield the row number and the cells of every row below the header."""
        header = tuple(self.headings)
        for position in range(self.top + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[position]
            first = self.at.get("code", self.at.get("name", 0))
            if first < len(cells) and str(cells[first] or "") == header[first]:
                continue  # the header again, above another part of the table
            yield self.sheet.lines[position], cells

    def cell(self, cells: Sequence[Any], id: str) -> Any:
        """Return the cell of a row in a column; None if the column or cell is absent."""
        position = self.at.get(id)
        return cells[position] if position is not None and position < len(cells) else None

    def meant(self, column: Column) -> str | None:
        """Return the heading that is probably meant by a missing column."""
        spare = {key(self.headings[n]): self.headings[n] for n in self.unknown if self.headings[n]}
        found = nearest(key(column.shown), spare)
        return spare[found] if found else None


def find_table(sheet: Sheet, columns: Sequence[Column]) -> Table | None:
    """Find the row of a sheet that has most of the columns.

    Parameters
    ----------
    sheet
        Where to look.
    columns
        What to look for. A heading that fits several columns is taken for the first.

    Returns
    -------
    Table or None
        None if no row has any of the needed columns.
    """
    best: tuple[tuple[int, int, int], int] | None = None
    for top, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        headings = [key(cell) if isinstance(cell, str | float | int) else "" for cell in cells]
        if sum(1 for heading in headings if heading) < 2:
            continue
        found = {column.id for column in columns if any(map(column.pattern.fullmatch, headings))}
        needed = sum(1 for column in columns if column.needed and column.id in found)
        score = (needed, len(found), -top)
        if needed and (best is None or score > best[0]):
            best = (score, top)
    return None if best is None else _table(sheet, best[1], columns)


def _table(sheet: Sheet, top: int, columns: Sequence[Column]) -> Table:
    cells = sheet.rows[top]
    headings = tuple("" if cell is None else str(cell) for cell in cells)
    groups = _groups(sheet, top, len(cells))
    at: dict[str, int] = {}
    double: list[Column] = []
    unknown: list[int] = []
    for position, cell in enumerate(cells):
        if cell is None:
            continue
        heading, group = key(cell), key(groups[position])
        for column in columns:
            if column.fits(heading, group):
                if column.id not in at:
                    at[column.id] = position
                elif column.id in ONCE:
                    double.append(column)
                elif column.id not in ("any", "aside"):
                    unknown.append(position)
                break
        else:
            unknown.append(position)
    missing = tuple(column for column in columns if column.needed and column.id not in at)
    return Table(sheet, top, at, headings, groups, missing, tuple(double), tuple(unknown))


def is_note(cells: Sequence[Any]) -> bool:
    """Whether a row is one of the notes at the head of a sheet, such as ``Period: May 2024``."""
    first = next((cell for cell in cells if isinstance(cell, str)), "")
    return ":" in first and key(first.partition(":")[0]) in NOTE_LABELS


def _groups(sheet: Sheet, top: int, width: int) -> tuple[str, ...]:
    """Return the heading above each column; one that spans several stands over the first."""
    groups = [""] * width
    for position in range(top - 1, max(-1, top - 1 - _GROUP_WITHIN), -1):
        above = sheet.rows[position]
        if sheet.lines[top] - sheet.lines[position] > _GROUP_WITHIN:
            break
        texts = [cell for cell in above if isinstance(cell, str)]
        if is_note(above):
            break
        if not texts:
            continue
        last = ""
        for column in range(width):
            cell = above[column] if column < len(above) else None
            last = str(cell) if isinstance(cell, str) else last
            groups[column] = last
        break
    return tuple(groups)
