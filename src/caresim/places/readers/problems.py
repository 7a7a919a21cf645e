"""How problems of a data file are gathered, all of them before any is reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import caresim.places.data_codes  # noqa: F401  (adds the codes)
from caresim.places.readers.reading import Change
from caresim.problems import Location, Problem, ScenarioError, Severity, SourceLines, render
from caresim.scenario.codes import problem as of_code

_EXAMPLES = 5
_OF_A_KIND = 20
"""Problems of one code kept; the rest are counted in the last one's message."""


class DataError(ScenarioError):
    """A data file cannot be read as it is; see :class:`caresim.problems.ScenarioError`."""

    def __str__(self) -> str:
        return render(self.problems, self.source_lines, nothing="Nothing was read.")


def _no_lines(_file: str) -> Sequence[str]:
    return ()


def stop(
    code: str,
    path: Path,
    message: str,
    *,
    line: int | None = None,
    where: str = "",
    why: str | None = None,
    hint: str | None = None,
) -> DataError:
    """Make the error of a file that cannot be read at all.

    Parameters
    ----------
    code
        A key of the catalogue.
    path
        The file.
    message
        What is wrong, with the file as its subject.
    line
        Where in the file; None for all of it.
    where
        Sheet or column.
    why, hint
        In place of the catalogue's.
    """
    place = Location(str(path), line or 1, 1)
    return DataError((of_code(code, where, message, place, why=why, hint=hint),))


class Cell(NamedTuple):
    """A place in a sheet; row and column count from 1."""

    sheet: str
    row: int
    column: int
    heading: str = ""

    @property
    def name(self) -> str:
        """Such as ``sheet 'LA - by reason' cell E17``, or the column's name in a CSV file."""
        if not self.sheet:
            return f"column {self.heading!r}" if self.heading else ""
        return f"sheet {self.sheet!r} cell {column_letters(self.column)}{self.row}"


def column_letters(column: int) -> str:
    """Return a column as spreadsheets name it.

    Examples
    --------
    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass
class Report:
    """Gathers what is wrong with a file and what was done to it."""

    path: Path
    source_lines: SourceLines = _no_lines
    problems: list[Problem] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _changes: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, code: str, cell: Cell | None, message: str, hint: str | None = None) -> None:
        """Add a problem; beyond the first twenty of a code they are only counted."""
        self._counts[code] = self._counts.get(code, 0) + 1
        if self._counts[code] > _OF_A_KIND:
            return
        self.problems.append(
            of_code(code, cell.name if cell else "", message, self.place(cell), hint=hint)
        )

    def place(self, cell: Cell | None) -> Location:
        """Return where a cell is; in CSV the column is that of its first character."""
        if cell is None:
            return Location(str(self.path), 1, 1)
        column = cell.column
        if not cell.sheet:
            lines = self.source_lines(str(self.path))
            if 1 <= cell.row <= len(lines):
                column = field_start(lines[cell.row - 1], cell.column)
        return Location(str(self.path), cell.row, column)

    def change(
        self, what: str, cause: str, count: int, of: str, examples: Iterable[str] = ()
    ) -> None:
        """Note what was dropped or changed; the same cause is added up."""
        if count == 0:
            return
        key = (what, cause, of)
        self._numbers[key] = self._numbers.get(key, 0) + count
        known = self._changes.setdefault(key, [])
        for example in examples:
            if len(known) < _EXAMPLES and example not in known:
                known.append(example)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was dropped or changed, in the order it was met."""
        return tuple(
            Change(what, cause, self._numbers[what, cause, of], of, tuple(examples))
            for (what, cause, of), examples in self._changes.items()
        )

    @property
    def errors(self) -> bool:
        """Whether anything found cannot be read."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def finished(self) -> tuple[Problem, ...]:
        """Return the problems, with a last one for those that were only counted."""
        more = [
            of_code(code, "", f"and {count - _OF_A_KIND} more of this kind", None)
            for code, count in self._counts.items()
            if count > _OF_A_KIND
        ]
        return (*self.problems, *more)


def field_start(line: str, number: int) -> int:
    """Return the character, from 1, at which a field of a CSV line begins.

    Examples
    --------
    >>> field_start('a,"b,c",d', 3)
    9
    """
    quoted, at_field = False, 1
    for position, character in enumerate(line, start=1):
        if at_field == number:
            return position
        if character == '"':
            quoted = not quoted
        elif character in ",;\t|" and not quoted:
            at_field += 1
    return len(line) + 1 if at_field == number else 1
