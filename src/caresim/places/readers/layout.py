"""A layout: how one kind of file is laid out, and how it is recognised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from caresim.places.readers.cells import key
from caresim.places.readers.dates import Period
from caresim.places.readers.files import Book
from caresim.places.readers.gather import Gathering
from caresim.places.readers.problems import Cell, Report
from caresim.places.readers.tables import Column, Table, find_table


@dataclass(frozen=True)
class Context:
    """What a layout needs to know of the file beside its tables.

    Attributes
    ----------
    book
        The file.
    notes
        Notes at its head.
    period
        The period that these or its name state; None if neither does.
    """

    book: Book
    notes: Mapping[str, Any]
    period: Period | None


Read = Callable[[Gathering, Sequence[Table], Context], None]


@dataclass(frozen=True)
class Layout:
    """How one form of one kind of file is laid out.

    Attributes
    ----------
    kind
        Kind of file.
    name
        Such as ``workbook by council``.
    columns
        Columns by which its tables are found.
    read
        Adds the figures of the tables found.
    sheets
        Pattern of the names of sheets, reduced; None if any sheet will do.
    forms
        ``csv``, ``workbook``, or both.
    sheet_titles
        Names of the sheets as published, for messages.
    signature
        Pattern of a title or sheet that only this kind of file has.
    area_hint
        Kind of area that its rows are for.
    after_end
        As in :class:`caresim.places.readers.gather.Gathering`.
    exact_duplicates
        Whether published files of this layout are known to repeat rows.
    """

    kind: str
    name: str
    columns: tuple[Column, ...]
    read: Read
    sheets: str | None = None
    forms: tuple[str, ...] = ("csv", "workbook")
    sheet_titles: tuple[str, ...] = ()
    signature: str = ""
    area_hint: str = ""
    after_end: bool = False
    exact_duplicates: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """The compiled pattern of the names of sheets."""
        return None if self.sheets is None else re.compile(self.sheets)

    def named(self, sheet: str) -> bool:
        """Whether a sheet has a name of this layout."""
        return self.pattern is None or self.pattern.fullmatch(key(sheet)) is not None


@dataclass(frozen=True)
class Fit:
    """How well a file fits a layout.

    Attributes
    ----------
    layout
        The layout.
    tables
        Complete tables found.
    nearly
        The incomplete table that comes nearest, if none is complete.
    named
        Whether the sheet of any of these has a name of the layout.
    signed
        Whether the file has the signature of the kind.
    """

    layout: Layout
    tables: tuple[Table, ...]
    nearly: Table | None
    named: bool
    signed: bool
    columns: int = field(default=0)

    @property
    def complete(self) -> bool:
        """Whether the file can be read in this layout."""
        return bool(self.tables)

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """What makes one fit better than another: the larger, the better."""
        return (self.complete, self.signed, self.named, self.columns)

    @property
    def share(self) -> float:
        """Share of the needed columns found in the nearest table."""
        if self.complete or self.nearly is None:
            return float(self.complete)
        needed = sum(column.needed for column in self.layout.columns)
        return 1 - len(self.nearly.missing) / needed


def fit(layout: Layout, book: Book, signs: str) -> Fit | None:
    """Say how well a file fits a layout; None if not at all.

    Parameters
    ----------
    layout, book
        The layout and the file.
    signs
        Titles and names of sheets of the file, reduced.
    """
    form = "csv" if book.form == "csv" else "workbook"
    if form not in layout.forms:
        return None
    signed = bool(layout.signature) and re.search(layout.signature, signs) is not None
    named = [name for name in book.sheet_names if form == "workbook" and layout.named(name)]
    found = _tables(layout, book, named)
    if not any(table.complete for table in found) and form == "workbook" and layout.sheets:
        # A renamed sheet is recognised by its columns.
        found += _tables(layout, book, [n for n in book.sheet_names if n not in named][:12])
    if form == "csv":
        found = _tables(layout, book, list(book.sheet_names))
    complete = tuple(table for table in found if table.complete)
    if not complete and not found and not signed:
        return None
    nearly = min(found, key=lambda table: len(table.missing), default=None)
    sheets = {table.sheet.name for table in complete or ((nearly,) if nearly else ())}
    columns = max((len(table.at) for table in complete or found), default=0)
    return Fit(
        layout, complete, None if complete else nearly, bool(sheets & set(named)), signed, columns
    )


def _tables(layout: Layout, book: Book, names: Sequence[str]) -> list[Table]:
    found = [find_table(book.sheet(name), layout.columns) for name in names]
    return [table for table in found if table is not None]


def tell_missing(report: Report, table: Table, what: str) -> None:
    """Add a problem for every needed column that a table lacks.

    Parameters
    ----------
    report
        Where the problems go.
    table
        An incomplete table.
    what
        Title of the kind of file or table, for the messages.
    """
    there = ", ".join(repr(heading) for heading in table.headings if heading)
    for lacking in table.missing:
        meant = table.meant(lacking)
        hint = f"rename the column {meant!r} to {lacking.shown!r}" if meant else None
        report.add(
            "R201", Cell(table.sheet.name, table.line, 1),
            f"{what} needs a column {lacking.shown!r}; this row has {there[:300]}", hint,
        )  # fmt: skip


def column(id: str, names: str, title: str = "", *, group: str | None = None) -> Column:
    """Return a column that a table may have."""
    return Column(id, names, title, False, group)


def needed(id: str, names: str, title: str = "", *, group: str | None = None) -> Column:
    """Return a column without which a table cannot be read."""
    return Column(id, names, title, True, group)
