"""Gathering figures from tables into one tidy table, with the place of each in the file."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from caresim.places.readers import dates
from caresim.places.readers.areas import Area, councils, identify, text
from caresim.places.readers.cells import Not, number
from caresim.places.readers.dates import Period
from caresim.places.readers.measures import is_share, unit_of
from caresim.places.readers.problems import Cell, Report
from caresim.places.readers.reading import COLUMNS
from caresim.places.readers.tables import Table
from caresim.problems import nearest

if TYPE_CHECKING:
    import pandas as pd

_LATE = datetime.timedelta(days=92)
"""How long after its end returns may still come under the code of an abolished council."""


class Figure(NamedTuple):
    """A figure, what it is for, and where it stands; light, as there can be a million."""

    area: Area
    period: Period
    measure: str
    value: float
    note: str
    variant: str
    unit: str | None
    cell: Cell


@dataclass
class Gathering:
    """The figures found so far.

    Attributes
    ----------
    report
        Where problems and changes go.
    area_hint
        Kind of area that the file is about.
    after_end
        Whether figures under the code of a council after its end are in order, as in
        projections.
    figures
        What was found, in the order of the file.
    unknown
        Councils that are not in the table of councils.
    """

    report: Report
    area_hint: str = ""
    after_end: bool = False
    figures: list[Figure] = field(default_factory=list)
    unknown: set[Area] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.figures)

    def area(self, code: Any, name: Any, hint: str = "") -> Area:
        """Find the area of a row, and note how if not by its own code."""
        area, how = identify(text(code), text(name), hint or self.area_hint)
        if how == "local_code":
            self.report.change(
                "changed", "local code replaced by the national one", 1, "rows", (text(code),)
            )
        elif how == "name":
            self.report.change(
                "changed", "area given by name alone, code added", 1, "rows", (text(name),)
            )
        if area.kind == "council" and area.code not in councils():
            self._unknown(area)
        return area

    def _unknown(self, area: Area) -> None:
        """Warn once of a council that is not in the table of councils."""
        if area in self.unknown:
            return
        self.unknown.add(area)
        close = nearest(area.name, [known.name for known in councils().values()])
        self.report.add(
            "R503",
            None,
            f"no council {area.code or area.name!r} is known",
            hint=f"{close!r} is, if that is meant" if close and not area.code else None,
        )

    def still_there(self, area: Area, day: datetime.date, cell: Cell) -> Area | None:
        """Check that a council existed on a day.

        Returns
        -------
        Area or None
            The area; that of its successor where one council took over the same area; None,
            with a problem, if its figures belong to no area that can be named.
        """
        council = councils().get(area.code)
        if council is None or council.until is None or day < council.until or self.after_end:
            return area
        heirs = [councils()[code] for code in council.became if code in councils()]
        if council.same_area and heirs:
            self.report.change(
                "changed", "code of an abolished council replaced by that of its successor on the "
                "same area", 1, "rows", (area.code,),
            )  # fmt: skip
            return Area(heirs[0].code, heirs[0].name, "council")
        if day < council.until + _LATE:
            return area
        now = " and ".join(f"{heir.name} ({heir.code})" for heir in heirs)
        self.report.add(
            "R305", cell,
            f"{council.name} ({area.code}) was abolished on {council.until}, and this row is for "
            f"{day}",
            hint=f"use the council that took its place: {now}",
        )  # fmt: skip
        return None

    def figure(
        self,
        area: Area,
        period: Period,
        measure: str,
        raw: Any,
        cell: Cell,
        *,
        variant: str = "",
        unit: str | None = None,
        scale: float = 1.0,
    ) -> None:
        """Add the figure of a cell, or a problem if it is none.

        Parameters
        ----------
        area, period, measure
            What it is for.
        raw
            The cell's content.
        cell
            Where it is.
        variant
            Scenario or sex.
        unit
            In place of the measure's.
        scale
            What to multiply by.
        """
        # The quick way first: large files have a million cells, nearly all whole numbers.
        read = (float(raw), "") if type(raw) is str and raw.isdecimal() else number(raw)
        if read is Not.A_NUMBER:
            self.report.add("R301", cell, f"{str(raw)[:60]!r} is not a number")
            return
        value, note = read
        if note:
            self.report.change(
                "missing", _CAUSE.get(note, note), 1, "values", (cell.name or f"row {cell.row}",)
            )
        else:
            value *= scale
            self._possible(value, measure, raw, cell)
        self.figures.append(Figure(area, period, measure, value, note, variant, unit, cell))

    def _possible(self, value: float, measure: str, raw: Any, cell: Cell) -> None:
        if 0 <= value <= 1:
            return
        if value < 0 and unit_of(measure) not in ("none", "as in the file", "as named"):
            self.report.add("R307", cell, f"{raw} is below 0")
        elif value > 1.5 and is_share(measure):
            # Occupancy can be somewhat above 1: beds for a day are counted as occupied.
            self.report.add("R307", cell, f"{raw} is not a share between 0 and 1")

    def cell(self, position: int) -> Cell:
        """Return where the figure at a position stands."""
        return self.figures[position].cell

    def frame(self) -> pd.DataFrame:
        """Return the tidy table, with the position of each figure as the index."""
        import pandas as pd

        found = self.figures
        return pd.DataFrame(
            {
                "area_code": _words([figure.area.code for figure in found]),
                "area_name": _words([figure.area.name for figure in found]),
                "area_kind": _words([figure.area.kind for figure in found]),
                "date": _days([figure.period.first for figure in found]),
                "frequency": _words([figure.period.frequency for figure in found]),
                "measure": _words([figure.measure for figure in found]),
                "value": np.array([figure.value for figure in found], dtype=np.float64),
                "unit": _words([figure.unit or unit_of(figure.measure) for figure in found]),
                "definition": _words([""] * len(found)),
                "variant": _words([figure.variant for figure in found]),
                "note": _words([figure.note for figure in found]),
            },
            columns=list(COLUMNS),
        )


_CAUSE = {
    "suppressed": "suppressed: too few people to publish (*, c and the like)",
    "not_available": "not returned or not available (-, .., blank and the like)",
    "not_applicable": "not applicable (z and the like)",
}


def _days(days: Sequence[datetime.date]) -> Any:
    """Return dates as an array; each different one is converted once."""
    different = {day: n for n, day in enumerate(dict.fromkeys(days))}
    known = np.array(list(different), dtype="datetime64[s]")
    return known[np.array([different[day] for day in days], dtype=np.intp)]


def _words(words: Sequence[str]) -> Any:
    return np.array(words, dtype=object)


def read_period(
    gathering: Gathering, raw: Any, cell: Cell, *, day_first: bool = True
) -> Period | None:
    """Read the period of a row, or add a problem and return None."""
    found = None if raw is None else dates.period(raw, day_first=day_first)
    if found is None:
        said = (
            "the period is blank" if raw is None else f"{str(raw)[:60]!r} is not a date or period"
        )
        gathering.report.add("R302", cell, said)
    return found


def check_orders(gathering: Gathering, table: Table, id: str) -> bool:
    """Check that the dates of a column are in one order.

    Returns
    -------
    bool
        Whether the day comes first. If both orders occur, a problem is added.
    """
    rows = list(table.rows())
    cells = [table.cell(row, id) for _, row in rows]
    day_first, month_first = dates.orders(cells)
    if not day_first and not month_first:
        if dates.slashed(cells) and len(set(cells)) > 1:
            _tell_ambiguous(gathering, table, id, cells, rows[0][0])
        return True
    if day_first and month_first:
        few, many = sorted((day_first, month_first), key=len)
        at, other = rows[few[0]][0], rows[many[0]][0]
        gathering.report.add(
            "R303",
            place(table, at, id),
            f"{cells[few[0]]} and {cells[many[0]]} (row {other}) are in different orders; "
            f"{len(day_first)} dates can only be day/month, {len(month_first)} only month/day",
        )
    return bool(day_first) or not month_first


def _tell_ambiguous(
    gathering: Gathering, table: Table, id: str, cells: list[Any], line: int
) -> None:
    """Warn where the order of day and month makes a difference, as it does not in 01/01."""
    told = [cell for cell in cells if isinstance(cell, str) and dates.slashed([cell])]
    same = [
        dates.period(cell, day_first=True) == dates.period(cell, day_first=False) for cell in told
    ]
    firsts = {read.first.day for cell in told if (read := dates.period(cell))}
    if not all(same) and firsts != {1}:
        gathering.report.add("R501", place(table, line, id), "dates were read as day/month/year")


def place(table: Table, line: int, id: str) -> Cell:
    """Return the cell of a row in a column of a table."""
    position = table.at.get(id, 0)
    return Cell(table.sheet.name, line, position + 1, table.headings[position])
