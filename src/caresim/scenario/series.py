"""Columns of CSV files: counts by day, and samples of observed times.

Nothing is guessed: a cell that is blank or no number is a problem with its line, because one
wrong cell makes every later result wrong.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from caresim.problems import Location, Problem, dotted, nearest
from caresim.scenario.codes import problem
from caresim.scenario.dates import calendar_date
from caresim.scenario.merge import Merged, inside
from caresim.scenario.numerals import QuantityError
from caresim.scenario.quantities import count
from caresim.scenario.schema.faults import place_of
from caresim.scenario.values import Path

MAX_BYTES = 50_000_000
"""Largest CSV file read."""

SHOWN_AT_MOST = 5
"""Problems shown of one column; the rest are counted."""

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


class SeriesError(Exception):
    """A column cannot be used; carries its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems)


@dataclass(frozen=True)
class Column:
    """Cells of one column, with the line of each."""

    name: str
    cells: tuple[str, ...]
    lines: tuple[int, ...]


@dataclass
class Tables:
    """The CSV files of a scenario, each read once.

    Attributes
    ----------
    hashes
        SHA-256 of every file read, by its path.
    """

    hashes: dict[str, str] = field(default_factory=dict)
    _rows: dict[FilePath, tuple[list[list[str]], list[int]]] = field(default_factory=dict)

    def sample(self, merged: Merged, written: str, column: str, path: Path) -> list[float]:
        """Read a column of observed times in days.

        Parameters
        ----------
        merged
            The scenario that names the file.
        written, column
            The file as written, and the column.
        path
            Where that is written.

        Raises
        ------
        SeriesError
            With every problem found.
        """
        cells = self._column(merged, written, column, (*path, "csv"), (*path, "column"))
        return _numbers(cells, written, path)

    def series(
        self, merged: Merged, written: str, column: str, date: str, path: Path
    ) -> tuple[datetime.date, list[float]]:
        """Read a column of counts by day, and the date of the first; see `sample`.

        Raises
        ------
        SeriesError
            With every problem found.
        """
        dates = self._column(merged, written, date, (*path, "csv"), (*path, "date"))
        cells = self._column(merged, written, column, (*path, "csv"), (*path, "column"))
        found: list[Problem] = []
        first: datetime.date | None = None
        try:
            first = _first_of_days(dates, written, path)
        except SeriesError as error:
            found += error.problems
        try:
            counts = _numbers(cells, written, path)
        except SeriesError as error:
            found += error.problems
        if found or first is None:
            raise SeriesError(found)
        return first, counts

    def pair(
        self, merged: Merged, written: str, column: str, date: str, path: Path
    ) -> tuple[Column, Column]:
        """Read a column of dates and another beside it, as they are written; see `sample`.

        Raises
        ------
        SeriesError
            With every problem found.
        """
        found: list[Column] = []
        problems: list[Problem] = []
        for name, key in ((date, "date"), (column, "column")):
            try:
                found.append(self._column(merged, written, name, (*path, "csv"), (*path, key)))
            except SeriesError as error:
                problems += [one for one in error.problems if one not in problems]
        if problems:
            raise SeriesError(problems)
        return found[0], found[1]

    def _column(self, merged: Merged, written: str, name: str, path: Path, named: Path) -> Column:
        rows, lines = self._table(merged, written, path)
        found = column_of(rows, lines, name)
        if isinstance(found, Column):
            return found
        message, hint = found
        said = f"{message} in `{written}`"
        raise SeriesError([_problem(merged, "C602", named, said, hint)])

    def _table(self, merged: Merged, written: str, path: Path) -> tuple[list[list[str]], list[int]]:
        found = inside(merged.folder, merged.beside(path), written)
        if found is None:
            message = f"`{written}` does not lie in the scenario's folder"
            raise SeriesError([_problem(merged, "C010", path, message)])
        if found not in self._rows:
            try:
                rows, lines, digest = read_table(found)
            except (OSError, ValueError, csv.Error) as error:
                reason = getattr(error, "strerror", None) or str(error)
                message = f"`{written}`: {reason}"
                raise SeriesError([_problem(merged, "C601", path, message)]) from None
            self._rows[found] = rows, lines
            self.hashes[str(found)] = digest
        return self._rows[found]


def column_of(
    rows: list[list[str]], lines: list[int], name: str
) -> Column | tuple[str, str | None]:
    """Return a column of a table by its name; what to say if it has none, and a hint."""
    header = [cell.strip() for cell in rows[0]]
    if header.count(name) != 1:
        said = "is twice" if name in header else "is not"
        near = nearest(name, header)
        known = ", ".join(f"`{one}`" for one in header[:20])
        hint = f"did you mean `{near}`?" if near and near != name else f"it has {known}"
        mark = next((m for m in (";", "\t", "|") if len(header) == 1 and m in header[0]), None)
        if mark is not None:
            parted = "tabs" if mark == "\t" else f"`{mark}`"
            hint = f"its columns are parted by {parted}: save it with commas"
        return f"the column `{name}` {said}", hint
    at = header.index(name)
    return Column(
        name,
        tuple(row[at].strip() if at < len(row) else "" for row in rows[1:]),
        tuple(lines[1:]),
    )


def read_table(path: FilePath) -> tuple[list[list[str]], list[int], str]:
    """Read the rows of a CSV file that are not blank, with the line of each, and its SHA-256.

    Raises
    ------
    OSError, ValueError, csv.Error
        If it is no such file.
    """
    if path.exists() and not path.is_file():
        raise ValueError("is not an ordinary file")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"has more than {MAX_BYTES:,} bytes")
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"byte {error.start + 1:,} is not UTF-8 text; save it as CSV UTF-8"
        ) from None
    if "\0" in text:
        raise ValueError("is not text")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, lines = [], []
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append(row)
            lines.append(reader.line_num)
    if len(rows) < 2:
        raise ValueError("has no header line with rows below it")
    return rows, lines, hashlib.sha256(data).hexdigest()


def _problem(
    merged: Merged, code: str, path: Path, message: str, hint: str | None = None
) -> Problem:
    return problem(code, path, message, place_of(path, merged.tree), hint=hint)


def _numbers(column: Column, file: str, path: Path) -> list[float]:
    values: list[float] = []
    found = _Found(column, file, path)
    for cell, line in zip(column.cells, column.lines, strict=True):
        if _PLAIN.fullmatch(cell) and len(cell) < 16:
            values.append(float(cell))
            continue
        if not cell:
            found.say("C604", line, f"the cell of `{column.name}` is empty")
            continue
        try:
            values.append(count(cell))
        except QuantityError as error:
            found.say("C603", line, f"`{column.name}`: {error.message}")
    found.end()
    return values


def _first_of_days(column: Column, file: str, path: Path) -> datetime.date:
    found = _Found(column, file, path)
    before: datetime.date | None = None
    first: datetime.date | None = None
    for cell, line in zip(column.cells, column.lines, strict=True):
        if not cell:
            found.say("C604", line, f"the cell of `{column.name}` is empty")
            before = None
            continue
        try:
            # Time of day after the date, as some programs export it, must be midnight.
            day = calendar_date(cell.removesuffix("T00:00:00").removesuffix(" 00:00:00"))
        except QuantityError as error:
            found.say(error.code, line, f"`{column.name}`: {error.message}")
            before = None
            continue
        if before is not None and day != before + datetime.timedelta(days=1):
            gap = (day - before).days - 1
            said = (
                f"{day} comes twice"
                if day == before
                else f"{day} comes after {before}"
                if gap < 0
                else f"{gap} {'day is' if gap == 1 else 'days are'} missing before {day}"
            )
            found.say("C605", line, said)
        first = first or day
        before = day
    found.end()
    assert first is not None
    return first


class _Found:
    """Collects the problems of a column, the first few in full."""

    def __init__(self, column: Column, file: str, path: Path) -> None:
        self.column, self.file, self.path = column, file, dotted(path)
        self.problems: list[Problem] = []
        self.more = 0

    def say(self, code: str, line: int, message: str) -> None:
        if len(self.problems) < SHOWN_AT_MOST:
            place = Location(self.file, line, 1)
            self.problems.append(problem(code, self.path, message, place))
        else:
            self.more += 1

    def end(self) -> None:
        if self.more:
            last = self.problems[-1]
            more = f"{last.message} (and {self.more} more like these in this column)"
            self.problems[-1] = problem(last.code, self.path, more, last.location)
        if self.problems:
            raise SeriesError(self.problems)
