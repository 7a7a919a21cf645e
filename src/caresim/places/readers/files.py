"""Opening a file: CSV, or a workbook of either Excel format, as sheets of cells.

What a file is, is told from its first bytes and not from its name: files named ``.xls`` are
often CSV or web pages. Sheets of a workbook are read when they are first asked for.
"""

from __future__ import annotations

import csv
import importlib.util
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from caresim.places.readers.problems import stop

Form = Literal["csv", "xls", "xlsx"]

_NEEDED = {"xlsx": "openpyxl", "xls": "xlrd"}

_LARGEST_FILE = 500_000_000
"""Bytes. The largest official file of these kinds has about 60 million."""

_MOST_COLUMNS = 20_000

_ENCODINGS = ("utf-8-sig", "cp1252")
"""Files of NHS England are in either; every byte string is valid in the second but for a few."""


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet.

    Attributes
    ----------
    name
        Name of the sheet; empty for CSV.
    rows
        Cells, blank ones None; rows may differ in length.
    lines
        Row number of each in the file, from 1; in CSV the line it begins at.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    lines: Sequence[int]


@dataclass
class Book:
    """An opened file."""

    path: Path
    form: Form
    content: bytes
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    @cached_property
    def sheet_names(self) -> tuple[str, ...]:
        """Names of the sheets in their order; one empty name for CSV."""
        if self.form == "csv":
            return ("",)
        return tuple(self._workbook.sheetnames if self.form == "xlsx" else self._old.sheet_names())

    def sheet(self, name: str) -> Sheet:
        """Return a sheet."""
        if name not in self._sheets:
            read = {"csv": self._csv, "xls": self._xls, "xlsx": self._xlsx}[self.form]
            self._sheets[name] = read(name)
        return self._sheets[name]

    @property
    def sheets(self) -> list[Sheet]:
        """All sheets."""
        return [self.sheet(name) for name in self.sheet_names]

    @cached_property
    def text(self) -> str:
        """The text of a CSV file."""
        for encoding in _ENCODINGS:
            try:
                return self.content.decode(encoding)
            except UnicodeDecodeError:
                continue
        return self.content.decode("latin-1")

    def source_lines(self, _file: str) -> Sequence[str]:
        """Return the lines of a CSV file, to show the one at fault; none for a workbook."""
        return self.text.splitlines() if self.form == "csv" else ()

    def _csv(self, name: str) -> Sheet:
        rows: list[list[str | None]] = []
        lines: list[int] = []
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=_delimiter(self.text))
        begin = 1
        try:
            for cells in reader:
                if any(cells):
                    rows.append([cell.strip() or None for cell in cells])
                    lines.append(begin)
                begin = reader.line_num + 1
        except csv.Error as error:
            raise stop("R101", self.path, f"cannot be read as CSV: {error}", line=begin) from error
        return Sheet(name, rows, lines)

    @cached_property
    def _workbook(self) -> Any:
        import openpyxl

        try:
            return openpyxl.load_workbook(
                io.BytesIO(self.content), read_only=True, data_only=True, keep_links=False
            )
        except Exception as error:  # openpyxl raises whatever broken XML leads to
            raise stop("R101", self.path, f"is not a workbook that can be read: {error}") from error

    @cached_property
    def _old(self) -> Any:
        import xlrd

        try:
            return xlrd.open_workbook(
                file_contents=self.content, logfile=io.StringIO(), on_demand=True
            )
        except Exception as error:  # as above; also for a file with a password
            raise stop("R101", self.path, f"is not a workbook that can be read: {error}") from error

    def _xlsx(self, name: str) -> Sheet:
        sheet = self._workbook[name]
        if not hasattr(sheet, "reset_dimensions"):
            return Sheet(name, (), ())  # a sheet that is a chart
        # The size that some files state is wrong, and then cells would be left out.
        sheet.reset_dimensions()
        rows: list[list[Any]] = []
        lines: list[int] = []
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            found = [_plain(cell) for cell in cells[:_MOST_COLUMNS]]
            while found and found[-1] is None:
                found.pop()
            if found:
                rows.append(found)
                lines.append(number)
        return Sheet(name, rows, lines)

    def _xls(self, name: str) -> Sheet:
        import xlrd

        sheet = self._old.sheet_by_name(name)
        mode = self._old.datemode
        rows: list[list[Any]] = []
        lines: list[int] = []
        for number in range(sheet.nrows):
            found: list[Any] = []
            for kind, value in zip(sheet.row_types(number), sheet.row_values(number), strict=True):
                if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    found.append(None)
                elif kind == xlrd.XL_CELL_DATE:
                    found.append(_excel_date(value, mode))
                elif kind == xlrd.XL_CELL_ERROR:
                    found.append(xlrd.error_text_from_code.get(value, "#ERROR"))
                else:
                    found.append(_plain(value))
            if any(cell is not None for cell in found):
                rows.append(found)
                lines.append(number + 1)
        return Sheet(name, rows, lines)


def open_book(path: Path) -> Book:
    """Open a file and find out in which format it is.

    Raises
    ------
    DataError
        If it is no file, empty, of another format, or needs a package that is not installed.
    """
    if not path.is_file():
        raise stop("R101", path, "there is no such file")
    if path.stat().st_size > _LARGEST_FILE:
        raise stop("R101", path, f"is larger than {_LARGEST_FILE // 1_000_000} million bytes")
    content = path.read_bytes()
    form = _form(path, content)
    package = _NEEDED.get(form)
    if package is not None and importlib.util.find_spec(package) is None:
        raise stop("R103", path, f"reading .{form} workbooks needs the package {package}")
    return Book(path, form, content)


def _form(path: Path, content: bytes) -> Form:
    if not content.strip():
        raise stop("R101", path, "is empty")
    if content.startswith(b"PK"):
        if b"xl/workbook" not in content:
            raise stop(
                "R101", path, "is a ZIP archive or a workbook of a format other than .xlsx",
                hint="unpack it, or save it as .xlsx or CSV",
            )  # fmt: skip
        return "xlsx"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    start = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise stop(
            "R101", path, "is a web page, not data",
            hint="follow the link on that page, and save the file behind it",
        )  # fmt: skip
    if b"\x00" in content[:2000] or start.startswith((b"%pdf", b"{\\rtf")):
        raise stop("R101", path, "is neither CSV nor an Excel workbook")
    return "csv"


def _delimiter(text: str) -> str:
    """Return what parts the cells: the sign found most in the first lines."""
    start = text[:4000]
    return max(",;\t|", key=start.count)


def _plain(cell: Any) -> Any:
    """Strip text; text that is blank, or that is the quote of an empty formula, is no cell."""
    if isinstance(cell, str):
        text = cell.replace("\xa0", " ").strip()
        if len(text) > 1 and text[0] == text[-1] == "'":
            text = text[1:-1].strip()  # some releases hold text in quotes
        return text or None
    return cell


def _excel_date(value: float, mode: int) -> Any:
    import xlrd

    try:
        return xlrd.xldate_as_datetime(value, mode)
    except (ValueError, OverflowError):
        return value
