"""Observed figures in CSV files: dates as people write them, and figures of which some are missing.

A figure that is missing stays missing, never zero. A cell that is neither a figure nor a known
mark for a missing one is a problem with its line, because guessing would bend the fit.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caresim.problems import Location, Problem
from caresim.scenario.codes import problem
from caresim.scenario.dates import month
from caresim.scenario.numerals import QuantityError
from caresim.scenario.series import Column

MISSING = frozenset({"", "*", "-", "–", "..", ".", ":", "na", "n/a", "nan", "null", "none", "x"})
"""Cells that stand for a figure that is suppressed or was not returned."""

SHOWN_AT_MOST = 5
"""Problems shown of one column; the rest are counted."""

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}([, ]\d{3})+)(\.\d+)?([eE][+-]?\d+)?")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})([ T]\d{1,2}:\d{2}(:\d{2})?)?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{4})(\d{2})")
_DAY_NAMED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")
_SERIAL = re.compile(r"[34]\d{4}(\.\d+)?")
_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})[ -]'?(\d{4}|\d{2})")

DAYS_OF = {"day": 1, "week": 7, "month": 28, "quarter": 89, "year": 365}
"""Least days from one figure to the next, by what figures are of."""


@dataclass(frozen=True)
class Figures:
    """A series as it was observed.

    Attributes
    ----------
    values
        Figures by the first day of what they are of, in order; those missing are left out.
    period
        What each is of: day, week, month, quarter or year.
    missing
        Rows without a figure.
    """

    values: Mapping[str, float]
    period: str
    missing: int


def figures(
    dates: Column, cells: Column, file: str, path: str, period: str | None
) -> tuple[Figures | None, list[Problem]]:
    """Read a column of figures by date.

    Parameters
    ----------
    dates, cells
        The two columns.
    file
        The file, as named in messages.
    path
        Of the series in the scenario.
    period
        What figures are of, or None to tell it from the dates.

    Returns
    -------
    figures
        None if there are problems.
    problems
        All that was found, the first of each kind in full.
    """
    found = _Found(file, path)
    days: list[tuple[datetime.date, int]] = []
    values: dict[datetime.date, float] = {}
    lines: dict[datetime.date, int] = {}
    missing, months_only = 0, True
    for date, cell, line in zip(dates.cells, cells.cells, dates.lines, strict=True):
        try:
            day, whole_month = read_date(date)
        except QuantityError as error:
            found.say("C501", line, f"`{dates.name}`: {error.message}", error.hint)
            continue
        months_only &= whole_month
        if day in lines:
            found.say("C607", line, f"{day} comes twice, first on line {lines[day]}")
            continue
        lines[day] = line
        days.append((day, line))
        try:
            value = read_figure(cell)
        except ValueError:
            found.say("C603", line, f"`{cells.name}`: `{cell[:40]}` is not a number")
            continue
        if value is None:
            missing += 1
        else:
            values[day] = value
    days.sort()
    told = period or period_of([day for day, _ in days], months_only=months_only)
    if not found.problems and not values:
        found.say("C608", 2, f"the column `{cells.name}` holds no figure")
    if not found.problems:
        values = {_first(day, told): value for day, value in sorted(values.items())}
        found.spacing(days, told)
    if found.problems:
        return None, found.all()
    plain = {day.isoformat(): value for day, value in values.items()}
    return Figures(plain, told, missing), []


def read_date(text: str) -> tuple[datetime.date, bool]:
    """Read a day or a month; say whether it was a month.

    Days written with slashes have the day first, as in all official files of England.

    Raises
    ------
    QuantityError
        If it is neither.

    Examples
    --------
    >>> read_date("April 2024")
    (datetime.date(2024, 4, 1), True)
    >>> read_date("05/04/2024")
    (datetime.date(2024, 4, 5), False)
    """
    text = " ".join(text.split())
    try:
        if at := _ISO.fullmatch(text):
            return datetime.date(int(at[1]), int(at[2]), int(at[3])), False
        if at := _DAY_FIRST.fullmatch(text):
            return _day_first(at), False
        if at := _MONTH.fullmatch(text):
            return datetime.date(int(at[1] or at[3]), int(at[2] or at[4]), 1), True
        if at := _DAY_NAMED.fullmatch(text):
            return datetime.date(int(at[3]), month(at[2]), int(at[1])), False
        if at := _MONTH_NAMED.fullmatch(text):
            year = int(at[2]) if len(at[2]) == 4 else 2000 + int(at[2])
            return datetime.date(year, month(at[1]), 1), True
    except (ValueError, QuantityError) as error:
        hint = getattr(error, "hint", None)
        raise QuantityError("C501", f"there is no day `{text[:40]}`", hint) from None
    hint = "write dates as `2024-04-01`, and months as `2024-04` or `April 2024`"
    if _SERIAL.fullmatch(text):
        hint = (
            "this is a date as spreadsheets count days: format the column as dates and save again"
        )
    raise QuantityError("C501", f"`{text[:40]}` is not a date", hint)


def _day_first(at: re.Match[str]) -> datetime.date:
    day, month_, year = int(at[1]), int(at[2]), int(at[3])
    if month_ > 12 >= day:
        hint = f"the day comes first here; write it as `{year}-{day:02}-{month_:02}`"
        raise QuantityError("C501", "the month comes first", hint)
    return datetime.date(year, month_, day)


def read_figure(cell: str) -> float | None:
    """Read a figure; None if it is marked as missing.

    Raises
    ------
    ValueError
        If it is neither.

    Examples
    --------
    >>> read_figure("1,234"), read_figure("92.5%"), read_figure("*")
    (1234.0, 0.925, None)
    """
    text = cell.strip()
    if text.lower() in MISSING:
        return None
    share = text.endswith("%")
    text = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(text) or len(text) > 40:
        raise ValueError(cell)
    value = float(text.replace(",", "").replace(" ", ""))
    if value < 0 or value > 1e15:
        raise ValueError(cell)
    return value / 100 if share else value


def period_of(days: Sequence[datetime.date], *, months_only: bool) -> str:
    """Tell what figures are of from their dates, in order.

    Examples
    --------
    >>> period_of([datetime.date(2024, 4, 1), datetime.date(2024, 4, 8)], months_only=False)
    'week'
    """
    gaps = [(b - a).days for a, b in itertools.pairwise(days)]
    if not gaps:
        return "month" if months_only and days else "day"
    least = min(gaps)
    if least >= DAYS_OF["year"]:
        return "year"
    if least >= DAYS_OF["quarter"]:
        return "quarter"
    if least >= DAYS_OF["month"] and (months_only or any(gap % 7 for gap in gaps)):
        return "month"
    return "week" if all(gap % 7 == 0 for gap in gaps) else "day"


def _first(day: datetime.date, period: str) -> datetime.date:
    """Return the first day of what a figure is of: of calendar months, the first of the month."""
    return day.replace(day=1) if period in ("month", "quarter", "year") else day


class _Found:
    """Collects the problems of a column, the first few in full."""

    def __init__(self, file: str, path: str) -> None:
        self.file, self.path = file, path
        self.problems: list[Problem] = []
        self.more = 0

    def say(self, code: str, line: int, message: str, hint: str | None = None) -> None:
        if len(self.problems) < SHOWN_AT_MOST:
            place = Location(self.file, line, 1)
            self.problems.append(problem(code, self.path, message, place, hint=hint))
        else:
            self.more += 1

    def spacing(self, days: Sequence[tuple[datetime.date, int]], period: str) -> None:
        """Report dates nearer to each other than what figures are of."""
        for (before, _), (day, line) in itertools.pairwise(days):
            gap = (day - before).days
            if gap < DAYS_OF[period]:
                said = f"{gap} {'day' if gap == 1 else 'days'}"
                self.say("C607", line, f"{day} is {said} after {before}, within one {period}")

    def all(self) -> list[Problem]:
        """Return them, the last with the number of those not shown."""
        if self.more:
            last = self.problems[-1]
            more = f"{last.message} (and {self.more} more like these in this column)"
            self.problems[-1] = problem(last.code, self.path, more, last.location)
        return self.problems
