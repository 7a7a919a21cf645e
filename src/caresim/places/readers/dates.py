"""Days, months, quarters and years as official files write them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

FREQUENCIES = ("day", "week", "month", "quarter", "year", "span", "moment")

_MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        (
            "january", "february", "march", "april", "may", "june", "july", "august",
            "september", "october", "november", "december",
        ),
        start=1,
    )
}  # fmt: skip
_NAME = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"

_SLASHED = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?")
_ISO_DAY = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?Z?"
)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})|((?:19|20)\d\d)(0[1-9]|1[0-2])")
_DAY_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s\-]+{_NAME}[\s\-,]+{_YEAR}", re.IGNORECASE
)
_MONTH_NAMED = re.compile(
    rf"(?:msitae[\s\-_]*)?{_NAME}[\s\-_,']*(?:{_YEAR}|(?P<short>\d\d))", re.IGNORECASE
)
_QUARTER = re.compile(
    rf"(?:(?P<first>jan|apr|jul|oct)[a-z]*\s*(?:to|-|–)\s*(?:mar|jun|sep|dec)[a-z]*[\s,]+{_YEAR})"
    r"|(?:q(?:uarter)?\s*(?P<number>[1-4])[\s,\-]+(?P<start>(?:19|20)\d\d)\s*[-/–]\s*\d\d(?:\d\d)?)"
    r"|(?:(?P<start2>(?:19|20)\d\d)\s*[-/–]\s*\d\d(?:\d\d)?[\s,]*q(?:uarter)?\s*(?P<number2>[1-4]))",
    re.IGNORECASE,
)
_TWELVE = re.compile(
    r"(?:1(?:st)?\s+)?apr[a-z]*\s+(?P<start>(?:19|20)\d\d)\s*(?:to|-|–)\s*"
    r"(?:31(?:st)?\s+)?mar[a-z]*\s+(?:19|20)\d\d",
    re.IGNORECASE,
)
_FINANCIAL = re.compile(r"(?P<start>(?:19|20)\d\d)\s*[-/–]\s*(?P<end>\d\d(?:\d\d)?)")
_MID = re.compile(rf"(?:mid[\s\-]*|(?:30(?:th)?\s+)?june\s+)?{_YEAR}", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """A stretch of time: its first day, and how long it is.

    Attributes
    ----------
    first
        First day.
    frequency
        One of :data:`FREQUENCIES`.
    """

    first: datetime.date
    frequency: str


def period(cell: Any, *, day_first: bool = True) -> Period | None:
    """Read a day, month, quarter or financial year; None if it is none of these.

    Parameters
    ----------
    cell
        A date or text; numbers are not taken for dates, except ``202404``.
    day_first
        Whether 05/04/2024 is the fifth of April, the order of all official files.

    Examples
    --------
    >>> period("MSitAE-APRIL-2023")
    Period(first=datetime.date(2023, 4, 1), frequency='month')
    >>> period("Q1 2024-25").first, period("19/06/2022").first
    (datetime.date(2024, 4, 1), datetime.date(2022, 6, 19))
    """
    if isinstance(cell, datetime.datetime):
        return Period(cell.date(), "day")
    if isinstance(cell, datetime.date):
        return Period(cell, "day")
    text = " ".join(str(int(cell) if isinstance(cell, float) else cell).split())
    if not text or len(text) > 60:
        return None
    try:
        return _read(text, day_first)
    except ValueError:
        return None  # such as the 31st of June


def _read(text: str, day_first: bool) -> Period | None:
    if found := _ISO_DAY.fullmatch(text):
        return Period(datetime.date(*map(int, found.groups())), "day")
    if found := _SLASHED.fullmatch(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if day_first else (second, first)
        return Period(datetime.date(_full(year), month, day), "day")
    if found := _DAY_NAMED.fullmatch(text):
        month = _MONTHS[found["month"].lower()]
        return Period(datetime.date(int(found["year"]), month, int(found["day"])), "day")
    if found := _ISO_MONTH.fullmatch(text):
        year, month = (int(part) for part in found.groups() if part)
        if month <= 12:
            return Period(datetime.date(year, month, 1), "month")
    if found := _QUARTER.fullmatch(text):
        return _quarter(found)
    if found := _MONTH_NAMED.fullmatch(text):
        year = int(found["year"]) if found["year"] else _full(int(found["short"]))
        return Period(datetime.date(year, _MONTHS[found["month"].lower()], 1), "month")
    if found := _TWELVE.fullmatch(text):
        return Period(datetime.date(int(found["start"]), 4, 1), "year")
    if found := _FINANCIAL.fullmatch(text):
        start, end = int(found["start"]), int(found["end"]) % 100
        if end == (start + 1) % 100:
            return Period(datetime.date(start, 4, 1), "year")
    return None


def _quarter(found: re.Match[str]) -> Period:
    if found["first"]:
        first = datetime.date(int(found["year"]), _MONTHS[found["first"].lower()], 1)
        return Period(first, "quarter")
    number = int(found["number"] or found["number2"])
    start = int(found["start"] or found["start2"])
    month = (4, 7, 10, 1)[number - 1]
    return Period(datetime.date(start + (number == 4), month, 1), "quarter")


def _full(year: int) -> int:
    """Return a year of four digits; two-digit ones are of this century."""
    return year if year > 99 else 2000 + year


def mid_year(cell: Any) -> datetime.date | None:
    """Read the year of a population figure, which is for 30 June.

    Examples
    --------
    >>> mid_year("Mid-2019"), mid_year(2025.0)
    (datetime.date(2019, 6, 30), datetime.date(2025, 6, 30))
    """
    if isinstance(cell, datetime.date):
        return datetime.date(cell.year, 6, 30)
    text = str(int(cell) if isinstance(cell, float) else cell).strip()
    found = _MID.fullmatch(text)
    if found is None:
        return None
    return datetime.date(int(found["year"]), 6, 30)


def period_within(text: Any) -> Period | None:
    """Find a period somewhere in a sentence or in the name of a file.

    Examples
    --------
    >>> period_within("Beds open overnight, Quarter 1, 2024-25").first
    datetime.date(2024, 4, 1)
    >>> period_within("LA-Type-B-March_18.xls").first
    datetime.date(2018, 3, 1)
    """
    if text is None:
        return None
    if isinstance(text, datetime.date):
        return period(text)
    sentence = str(text).replace("_", " ")
    for pattern in (_TWELVE, _QUARTER, _DAY_NAMED, _MONTH_NAMED, _FINANCIAL):
        for found in pattern.finditer(sentence):
            if pattern is _MONTH_NAMED and sentence[: found.start()][-1:].isalpha():
                continue  # the end of another word
            read = period(found.group())
            if read is not None:
                return read
    return None


def orders(cells: list[Any]) -> tuple[list[int], list[int]]:
    """Tell which dates of a column can only be day/month, and which only month/day.

    Parameters
    ----------
    cells
        Of one column.

    Returns
    -------
    tuple of list of int
        Positions of the former and of the latter.
    """
    day_first: list[int] = []
    month_first: list[int] = []
    for position, cell in enumerate(cells):
        found = _SLASHED.fullmatch(cell) if isinstance(cell, str) else None
        if found:
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second:
                day_first.append(position)
            elif second > 12 >= first:
                month_first.append(position)
    return day_first, month_first


def slashed(cells: list[Any]) -> bool:
    """Whether a column has dates of three numbers at all."""
    return any(isinstance(cell, str) and _SLASHED.fullmatch(cell) for cell in cells)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the first day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)
