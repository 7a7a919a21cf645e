"""Every table of a report as a CSV file, with numbers in full."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from caresim.report.document import Cell, Report, Table

Rows = list[list[str | float | None]]

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters of text that spreadsheets would run as a formula."""


def csv_files(report: Report, folder: str | Path) -> list[Path]:
    """Write a file for each table, and ``contents.csv`` that says what each is.

    Parameters
    ----------
    report
        As made by :func:`caresim.report.report`.
    folder
        Made if it is not there. Files in it of the same names are replaced.

    Returns
    -------
    list of pathlib.Path
        What was written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows: Rows = [[table.name, table.title, table.note] for table in report.tables]
    rows = [[plain(cell) for cell in row] for row in rows]
    written = [_write(folder / "contents.csv", ["file", "title", "note"], rows)]
    for table in report.tables:
        heads = [plain(column.head) for column in table.columns]
        written.append(_write(folder / f"{table.name}.csv", heads, _cells(table)))
    return written


def plain(cell: Cell) -> str | float | None:
    """Return a cell as a spreadsheet can hold it: no infinite numbers, no text that is run."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(RISKY) and not _number(cell) else cell
    if cell is None or math.isnan(cell):
        return None
    return "no limit" if math.isinf(cell) else cell


def _number(said: str) -> bool:
    """Whether a text is nothing but a figure with a sign, or a dash."""
    return said == "-" or said.lstrip("+-").replace(",", "").replace(".", "").isdigit()


def _cells(table: Table) -> Rows:
    return [[plain(cell) for cell in row] for row in table.rows]


def _write(path: Path, heads: list[str | float | None], rows: Rows) -> Path:
    # With a byte order mark, without which Excel reads letters beyond ASCII wrongly.
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)
    return path
