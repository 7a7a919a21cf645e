"""Finding out what a file is, and reading it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.places.readers import checks
from caresim.places.readers.breaks import breaks_in, name_definitions
from caresim.places.readers.cells import key
from caresim.places.readers.files import Book, open_book
from caresim.places.readers.gather import Gathering
from caresim.places.readers.layout import Context, Fit, fit, tell_missing
from caresim.places.readers.layouts import KINDS, Kind
from caresim.places.readers.notes import all_notes, period_of, source_of
from caresim.places.readers.problems import Cell, DataError, Report, stop
from caresim.places.readers.reading import Reading
from caresim.problems import Problem, Severity, SourceLines, nearest

if TYPE_CHECKING:
    import pandas as pd

_ENOUGH = 0.5
"""Share of the needed columns from which a file is taken for a faulty one of a kind."""


@dataclass(frozen=True, eq=False)
class Examined:
    """What is known of a file, whether it can be read or not.

    Attributes
    ----------
    path
        The file.
    kind
        Its kind; empty if it is of none.
    reading
        Its content; None if it cannot be read as it is.
    problems
        Everything found.
    source_lines
        Gives the lines of the file, for excerpts.
    """

    path: Path
    kind: str
    reading: Reading | None
    problems: tuple[Problem, ...]
    source_lines: SourceLines

    @property
    def sound(self) -> bool:
        """Whether the file can be read and nothing in it cannot be right."""
        return self.reading is not None and self.reading.sound


def kinds() -> tuple[Kind, ...]:
    """Return the kinds of file that can be read."""
    return KINDS


def read(path: str | Path, kind: str | None = None) -> Reading:
    """Read an official data file, or a plain CSV of one's own.

    Parameters
    ----------
    path
        CSV, .xlsx or .xls.
    kind
        What the file is, one of :func:`kinds`; found out if None.

    Returns
    -------
    Reading
        Its figures in one tidy table, its source, what was dropped or changed, and warnings.

    Raises
    ------
    DataError
        If the file cannot be read or has figures that cannot be: every problem at once.
    ValueError
        If there is no such kind.
    """
    found = examine(path, kind)
    if found.reading is None:
        raise DataError(found.problems, found.source_lines)
    return found.reading


def examine(path: str | Path, kind: str | None = None) -> Examined:
    """Read a file as :func:`read` does, and give the problems in place of raising them.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    path = Path(path)
    wanted = _wanted(kind)
    try:
        book = open_book(path)
        best = _recognise(book, wanted)
    except DataError as error:
        return Examined(path, kind or "", None, error.problems, error.source_lines)
    report = Report(path, book.source_lines)
    try:
        reading = _read(book, best, report)
    except DataError as error:
        problems = (*report.finished(), *error.problems)
        return Examined(path, best.layout.kind, None, problems, book.source_lines)
    problems = report.finished()
    if report.errors:
        return Examined(path, best.layout.kind, None, problems, book.source_lines)
    return Examined(path, best.layout.kind, reading, problems, book.source_lines)


def _wanted(kind: str | None) -> tuple[Kind, ...]:
    if kind is None:
        return KINDS
    found = tuple(known for known in KINDS if known.id == kind)
    if not found:
        close = nearest(kind, [known.id for known in KINDS])
        raise ValueError(
            f"no kind {kind!r} of data file; "
            + (f"did you mean {close!r}?" if close else "see caresim.places.readers.kinds()")
        )
    return found


def _recognise(book: Book, wanted: tuple[Kind, ...]) -> Fit:
    """Return the best fit; raise if nothing fits."""
    signs = _signs(book)
    fits = [
        found
        for known in wanted
        for layout in known.layouts
        if (found := fit(layout, book, signs)) is not None
    ]
    best = max(fits, key=lambda found: found.rank, default=None)
    if best is not None and best.complete:
        return best
    raise _unrecognised(book, fits, wanted)


def _signs(book: Book) -> str:
    words = [book.path.stem, *book.sheet_names]
    if book.form != "csv":
        notes = all_notes(book)
        words += [str(notes.get(label, "")) for label in ("title", "summary", "source")]
        for name in book.sheet_names[:4]:
            for row in book.sheet(name).rows[:4]:
                words += [cell for cell in row[:3] if isinstance(cell, str)]
    return " | ".join(key(word) for word in words)


def _unrecognised(book: Book, fits: list[Fit], wanted: tuple[Kind, ...]) -> DataError:
    nearly = max(fits, key=lambda f: (f.signed, f.share, f.columns), default=None)
    if nearly is None or (not nearly.signed and nearly.share < _ENOUGH and len(wanted) > 1):
        names = ", ".join(known.title for known in wanted)
        first = book.sheet(book.sheet_names[0]).rows[:1]
        seen = ", ".join(str(cell) for cell in first[0][:8] if cell is not None) if first else ""
        return stop(
            "R102", book.path, "has no table of a known kind"
            + (f"; its first row is: {seen[:200]}" if seen else ""),
            hint=f"known are: {names}; or bring it into the plain table of docs/reference/"
            "data-files.md",
        )  # fmt: skip
    title = next(known.title for known in wanted if known.id == nearly.layout.kind)
    table = nearly.nearly
    sheets = ", ".join(repr(name) for name in book.sheet_names)
    expected = " or ".join(repr(name) for name in nearly.layout.sheet_titles)
    if book.form != "csv" and not nearly.named and (table is None or nearly.share < 1):
        return stop(
            "R104", book.path, f"looks like {title} ({nearly.layout.name}), but has no sheet "
            f"{expected or 'with its figures'}; there are {sheets}",
        )  # fmt: skip
    report = Report(book.path, book.source_lines)
    if table is None:
        return stop("R104", book.path, f"looks like {title}, but none of its sheets has a table")
    tell_missing(report, table, f"{title} ({nearly.layout.name})")
    return DataError(report.finished(), book.source_lines)


def _read(book: Book, best: Fit, report: Report) -> Reading:
    layout = best.layout
    known = next(kind for kind in KINDS if kind.id == layout.kind)
    notes = all_notes(book)
    period, said_by = period_of(book, notes)
    gathering = Gathering(report, layout.area_hint, layout.after_end)
    for table in best.tables:
        for column in table.double:
            report.add(
                "R202", Cell(table.sheet.name, table.line, table.at[column.id] + 1),
                f"two columns are named {table.headings[table.at[column.id]]!r}",
            )  # fmt: skip
        if book.form != "csv" and not layout.named(table.sheet.name):
            report.change(
                "changed", "sheet recognised by its columns, not by its name", 1, "sheets",
                (table.sheet.name,),
            )  # fmt: skip
    layout.read(gathering, best.tables, Context(book, notes, period))
    if period is not None and said_by == "name" and "date" not in best.tables[0].at:
        report.change(
            "changed", f"period {period.first:%Y-%m} taken from the name of the file", 1, "files"
        )
    if not len(gathering) and not report.errors:
        raise stop("R105", book.path, "no row has both an area and a figure",
                   line=best.tables[0].line)  # fmt: skip
    frame = _checked(gathering, known, exact=layout.exact_duplicates)
    return Reading(
        kind=known.id,
        layout=layout.name,
        path=book.path,
        frame=frame,
        source=source_of(known.publisher, known.title, notes),
        changes=report.changes,
        breaks=breaks_in(frame),
        warnings=tuple(p for p in report.finished() if p.severity is Severity.WARNING),
    )


def _checked(gathering: Gathering, known: Kind, *, exact: bool) -> pd.DataFrame:
    frame: Any = gathering.frame()
    frame = checks.drop_duplicates(gathering, frame, known=exact)
    if not frame.duplicated(["area_code", "area_name", "date", "frequency", "measure",
                             "variant"]).any():  # fmt: skip
        frame = checks.zeros_are_missing(gathering, frame, own=known.id == "own")
        checks.check_sums(gathering, frame, known.sums)
        for part, whole in known.not_more:
            checks.check_not_more(gathering, frame, part, whole)
        checks.check_gaps(gathering, frame)
    found: pd.DataFrame = name_definitions(frame).reset_index(drop=True)
    return found
