"""What a file holds once it is read: one shape for every kind."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "area_code": "national code, such as E54000039 or RA7; empty if the file gives none",
    "area_name": "name, as in the table of areas where the area is known, or as in the file",
    "area_kind": "country, region, board, sub_board, trust, council, district, locality, outside "
    "(people resident outside England) or other",
    "date": "the day, or the first day of the period",
    "frequency": "day, week, month, quarter, year, span (another length, which `variant` says), or "
    "moment (a snapshot with no length)",
    "measure": "what was measured; the part behind the first dot says which part of it",
    "value": "the figure; missing where it was suppressed or not returned, never 0 for that",
    "unit": "unit of the value",
    "definition": "which definition was in force, where it changed; empty if it never did",
    "variant": "scenario, sex or span that the figure is for, where a file has several; else empty",
    "note": "why a value is missing: suppressed, not_available, not_applicable, missing_day, zeros",
}
"""The columns of :attr:`Reading.frame` and what they hold."""


@dataclass(frozen=True)
class Source:
    """Where the figures came from, as the file itself says.

    Attributes
    ----------
    publisher
        Who publishes files of this kind.
    title
        Title of the publication.
    period
        What the file says it covers; empty if it does not say.
    published, revised, basis, contact, collection
        As written in the notes at the head of the file; empty if absent.
    """

    publisher: str
    title: str
    period: str = ""
    published: str = ""
    revised: str = ""
    basis: str = ""
    contact: str = ""
    collection: str = ""


@dataclass(frozen=True)
class Change:
    """Something in the file that is not in the table as it stands, and why.

    Attributes
    ----------
    what
        ``dropped`` (not in the table), ``missing`` (in the table without a value) or
        ``changed`` (in the table with another value or name than in the file).
    cause
        Why, as a sentence.
    count
        How many rows, columns or values.
    of
        What is counted: rows, columns or values.
    examples
        The first few places or names.
    """

    what: str
    cause: str
    count: int
    of: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Break:
    """A date at which a figure stopped to mean the same.

    Attributes
    ----------
    date
        First day of the new definition.
    measures
        Measures it concerns, by the part before the first dot.
    what
        What changed, as a sentence.
    source
        Where that is stated.
    """

    date: datetime.date
    measures: tuple[str, ...]
    what: str
    source: str


@dataclass(frozen=True, eq=False)
class Reading:
    """The content of a file.

    Attributes
    ----------
    kind
        What the file is, one of :func:`caresim.places.readers.kinds`.
    layout
        Which of the layouts in which that kind is published.
    path
        The file.
    frame
        A row for each figure, with the columns :data:`COLUMNS`.
    source
        Publisher, title, period.
    changes
        What was dropped or changed, and why.
    breaks
        Changes of definition within the period covered.
    warnings
        What deserves a look; those with codes that begin with R4 mean that figures of the file
        cannot be right.
    """

    kind: str
    layout: str
    path: Path
    frame: pd.DataFrame
    source: Source
    changes: tuple[Change, ...]
    breaks: tuple[Break, ...]
    warnings: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found that cannot be right."""
        return not any(problem.code.startswith("R4") for problem in self.warnings)

    @property
    def first(self) -> datetime.date:
        """First date covered."""
        found: datetime.date = self.frame["date"].min().date()
        return found

    @property
    def last(self) -> datetime.date:
        """First day of the last period covered."""
        found: datetime.date = self.frame["date"].max().date()
        return found

    def wide(self, *, kind: str | None = None) -> pd.DataFrame:
        """Return a row for each area, date and variant, and a column for each measure.

        Parameters
        ----------
        kind
            Only areas of this kind.
        """
        frame = self.frame if kind is None else self.frame[self.frame["area_kind"] == kind]
        keys = ["area_code", "area_name", "area_kind", "date", "variant"]
        return frame.set_index([*keys, "measure"])["value"].unstack("measure").reset_index()
