"""Every table of a report as an Excel workbook that screen readers can use.

One table on each sheet from cell A1 on, heads in the first row, no merged cells, a frozen first
row, and a first sheet that says what is where (Government Analysis Function, Releasing statistics
in spreadsheets).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from caresim.report.document import Form, Report, Table
from caresim.report.tables import plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST_NAME = 31
"""Characters that the name of a sheet may have."""

WIDEST = 60
"""Characters across the widest column."""

FORMATS: dict[Form, str] = {
    "share": "0.0%",
    "points": "0.0%",
    "pounds": "#,##0",
    "pounds_change": "+#,##0;-#,##0;0",
    "number": "#,##0.0##",
    "change": "+#,##0.0##;-#,##0.0##;0",
}
"""How Excel shows the numbers, which are held in full."""


class MissingPackageError(Exception):
    """A workbook needs a package that is not installed."""


def workbook(report: Report, path: str | Path) -> Path:
    """Write a workbook; one that is there already is replaced.

    Raises
    ------
    MissingPackageError
        If openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise MissingPackageError(
            "a workbook needs the package openpyxl: pip install 'caresim[data]'"
        ) from error
    book = Workbook()
    book.properties.title = report.title
    notes = book.active
    assert notes is not None
    notes.title = "notes"
    names = sheet_names([table.name for table in report.tables])
    _fill(notes, _contents(report, names))
    for table, name in zip(report.tables, names, strict=True):
        _fill(book.create_sheet(name), table)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def sheet_names(wanted: list[str]) -> list[str]:
    """Return names that fit, each once whatever the case of letters."""
    found: list[str] = []
    taken = {"notes"}
    for name in wanted:
        short, n = name[:LONGEST_NAME], 1
        while short.lower() in taken:
            n += 1
            short = f"{name[: LONGEST_NAME - len(str(n)) - 1]}_{n}"
        taken.add(short.lower())
        found.append(short)
    return found


def _contents(report: Report, names: list[str]) -> Table:
    from caresim.report.document import Column

    rows: list[tuple[str, ...]] = [("this workbook", report.title, report.subtitle)]
    rows += [(n, t.title, t.note) for n, t in zip(names, report.tables, strict=True)]
    heads = (Column("sheet"), Column("what it shows"), Column("notes"))
    return Table("notes", "Notes", heads, tuple(rows))


def _fill(sheet: Worksheet, table: Table) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append([plain(column.head) for column in table.columns])
    for row in table.rows:
        sheet.append([plain(cell) for cell in row])
    for n, column in enumerate(table.columns, start=1):
        head = sheet.cell(1, n)
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        widest = max((len(row[n - 1]) for row in table.written), default=0)
        wide = min(max(widest, len(column.head) // 2, 10), WIDEST) + 2
        sheet.column_dimensions[get_column_letter(n)].width = wide
        for m in range(2, len(table.rows) + 2):
            cell = sheet.cell(m, n)
            if column.numeric:
                cell.number_format = FORMATS[column.form]
            else:
                # Never a formula, whatever the text begins with.
                cell.data_type = "s" if cell.value is not None else cell.data_type
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
