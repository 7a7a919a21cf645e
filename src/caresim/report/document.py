"""What a report consists of: sections of paragraphs, tables and charts, before they are written.

Every number that is shown stands in a table of a section; the page, the workbook and the CSV
files are three ways to write the same sections, so none of them can show what another lacks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from caresim.comparison.figures import signed
from caresim.results.columns import number, percent

Form = Literal["text", "number", "change", "share", "points", "pounds", "pounds_change"]
"""How the cells of a column are written: plain figures, differences with their sign, shares of
one as percentages, differences of shares as percentage points, and pounds."""

Cell = str | float | None
"""None is empty: undefined, or not in the run."""

NUMERIC: frozenset[Form] = frozenset(
    {"number", "change", "share", "points", "pounds", "pounds_change"}
)


@dataclass(frozen=True)
class Column:
    """The head of a column, and how its cells are written.

    Attributes
    ----------
    head
        In words, with the unit.
    form
        See :data:`Form`.
    """

    head: str
    form: Form = "text"

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.form in NUMERIC

    def write(self, cell: Cell) -> str:
        """Write a cell for reading.

        Examples
        --------
        >>> Column("share", "share").write(0.123), Column("cost", "pounds").write(-1234567.0)
        ('12.3%', '-1,234,567')
        """
        if cell is None:
            return "-"
        if isinstance(cell, str):
            return cell
        if math.isinf(cell):
            return "no limit" if cell > 0 else "-"
        if self.form == "share":
            return percent(cell)
        if self.form == "points":
            return signed(100.0 * cell)
        if self.form == "change":
            return signed(cell)
        if self.form in ("pounds", "pounds_change"):
            return _pounds(cell, sign=self.form == "pounds_change")
        return number(cell)


def _pounds(value: float, *, sign: bool) -> str:
    if not math.isfinite(value):
        return "-"
    if abs(value) < 0.5:
        return "0"
    return f"{value:+,.0f}" if sign else f"{value:,.0f}"


@dataclass(frozen=True)
class Table:
    """One table of one kind of thing.

    Attributes
    ----------
    name
        Of its sheet and its file: lower case, unique in the report.
    title
        What it shows.
    columns, rows
        The first column names the row.
    note
        What a reader must know to read it.
    folded
        Whether the page shows it only when it is opened, as the data of a chart or for detail.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    folded: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: {len(row)} cells under {len(self.columns)} heads")

    @property
    def written(self) -> list[list[str]]:
        """The cells as text for reading."""
        return [
            [column.write(cell) for column, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Chart:
    """A drawing with a text alternative and its data.

    Attributes
    ----------
    title
        What it shows.
    description
        What can be seen in it, for those who cannot.
    svg
        The drawing, of :mod:`caresim.report.charts`: text in it is escaped already.
    table
        The data.
    """

    title: str
    description: str
    svg: str
    table: Table


@dataclass(frozen=True)
class Words:
    """Paragraphs, or the points of a list.

    Attributes
    ----------
    lines
        Plain text.
    kind
        ``points`` for a list, ``warning`` for what must not be missed, ``code`` for commands.
    """

    lines: tuple[str, ...]
    kind: Literal["paragraphs", "points", "warning", "code"] = "paragraphs"


Block = Words | Table | Chart


@dataclass(frozen=True)
class Section:
    """A part of the report under one heading.

    Attributes
    ----------
    name
        Anchor on the page.
    title
        Heading.
    blocks
        In order.
    lead
        The answer in a few sentences, shown together with those of other questions on the first
        screen.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    lead: tuple[str, ...] = ()

    @property
    def tables(self) -> Iterator[Table]:
        """Every table, those of charts among them."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart):
                yield block.table


@dataclass(frozen=True)
class Report:
    """All of a report.

    Attributes
    ----------
    title, subtitle
        Of the scenario; and when, how long and how it was run.
    answers
        A section for each question of a board; their leads are the first screen.
    sections
        Everything behind them.
    files
        Tables in layouts of other people's files; not on the page.
    """

    title: str
    subtitle: str
    answers: tuple[Section, ...]
    sections: tuple[Section, ...]
    files: tuple[Table, ...] = field(default=())

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table in the order of the page, then those for other people's files."""
        shown = [t for section in (*self.answers, *self.sections) for t in section.tables]
        return (*shown, *self.files)


def words(*lines: str) -> Words:
    """Return paragraphs."""
    return Words(lines)


def points(lines: Sequence[str]) -> Words:
    """Return a list."""
    return Words(tuple(lines), "points")
