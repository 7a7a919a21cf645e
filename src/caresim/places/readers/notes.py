"""The notes at the head of a sheet: title, period, source and the like."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from caresim.places.readers import dates
from caresim.places.readers.cells import key
from caresim.places.readers.files import Book, Sheet
from caresim.places.readers.reading import Source
from caresim.places.readers.tables import NOTE_LABELS

_WITHIN = 40


def notes_of(sheet: Sheet) -> Mapping[str, Any]:
    """Return what stands behind labels such as ``Period:``, by label in small letters."""
    found: dict[str, Any] = {}
    for cells in sheet.rows[:_WITHIN]:
        for position, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            label, colon, rest = cell.partition(":")
            name = key(label)
            if name not in NOTE_LABELS or not (colon or name == cell.strip().lower()):
                continue
            behind = [value for value in cells[position + 1 :] if value is not None]
            value = rest.strip() or (behind[0] if behind else None)
            if value is not None and value != "-":
                found.setdefault(name, value)
    return found


def all_notes(book: Book, limit: int = 6) -> Mapping[str, Any]:
    """Return the notes of the first sheets taken together; the first that says something wins."""
    found: dict[str, Any] = {}
    if book.form != "csv":
        for name in book.sheet_names[:limit]:
            for label, value in notes_of(book.sheet(name)).items():
                found.setdefault(label, value)
    return found


def source_of(publisher: str, title: str, notes: Mapping[str, Any]) -> Source:
    """Return the source of a file from its notes.

    Parameters
    ----------
    publisher, title
        Of files of this kind, where the notes do not say.
    notes
        Of :func:`all_notes`.
    """

    def said(*labels: str) -> str:
        for label in labels:
            value = notes.get(label)
            if isinstance(value, datetime.datetime):
                return value.date().isoformat()
            if value is not None:
                return " ".join(str(value).split())
        return ""

    return Source(
        publisher,
        said("title") or title,
        said("period", "reporting period", "data period"),
        said("published", "publication date"),
        said("revised"),
        said("basis"),
        said("contact"),
        said("source"),
    )


def period_of(book: Book, notes: Mapping[str, Any]) -> tuple[dates.Period | None, str]:
    """Find the period of a file in its notes, or else in its name.

    Returns
    -------
    tuple of Period and str
        The period, and ``notes`` or ``name``; None and empty if neither says.
    """
    for label in ("period", "reporting period", "data period", "title", "summary"):
        found = dates.period_within(notes.get(label))
        if found is not None:
            return found, "notes"
    name = re.sub(r"[-_](?=\d{2}[-_])", " ", book.path.stem)
    found = dates.period_within(name) or dates.period_within(book.path.stem)
    return found, "name" if found else ""
