"""Dates, times of day and the names of days and months, as written."""

import datetime
import math
import re
from calendar import monthrange
from collections.abc import Sequence

from caresim.problems import nearest
from caresim.scenario.numerals import QuantityError, as_text, cut

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week in order; Monday is 0, as in `datetime`."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""Months in order; January is the first, number 1."""

_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_TIME_OF_DAY = re.compile(r"([0-9]{1,2}):([0-9]{2})")


_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def calendar_month(written: object) -> str:
    """Read a month such as ``2025-04``.

    Raises
    ------
    QuantityError
        If it is written otherwise.

    Examples
    --------
    >>> calendar_month("2025-04")
    '2025-04'
    """
    text = as_text(written, "a month", "2025-04")
    if _MONTH.fullmatch(text) is None:
        raise QuantityError("C520", f"`{cut(text)}` is not a month", "write it as `2025-04`")
    return text


def calendar_date(written: object) -> datetime.date:
    """Read a date such as ``2024-04-01``.

    Raises
    ------
    QuantityError
        If it is written otherwise or there is no such day.
    """
    text = as_text(written, "a date", "2024-04-01")
    found = _DATE.fullmatch(text)
    if found is None:
        other = _DAY_FIRST.fullmatch(text)
        hint = None
        if other:
            day, month, year = other.groups()
            hint = f"write `{year}-{month:>02}-{day:>02}` if the day comes first here"
        raise QuantityError("C501", f"`{cut(text)}` is not a date", hint)
    year, month, day = (int(part) for part in found.groups())
    try:
        return datetime.date(year, month, day)
    except ValueError:
        hint = None
        if 1 <= month <= 12 and year >= 1:
            name, days = _MONTH_NAMES[month - 1].capitalize(), monthrange(year, month)[1]
            hint = f"{name} {year} has {days} days"
        raise QuantityError("C501", f"there is no day `{text}`", hint) from None


def time_of_day(written: object) -> float:
    """Read a time of day as a fraction of the day: ``06:00`` is 0.25, ``24:00`` is 1.

    Raises
    ------
    QuantityError
        If it is not hours and minutes on the 24-hour clock.
    """
    text = as_text(written, "a time of day", "08:00")
    found = _TIME_OF_DAY.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else math.inf
    if minutes > 24 * 60:
        raise QuantityError("C502", f"`{cut(text)}` is not a time of day")
    return minutes / (24 * 60)


def hours(written: object) -> tuple[float, float]:
    """Read hours of the day such as ``08:00-17:00``.

    Returns
    -------
    float, float
        Start and end as fractions of the day. An end before the start is on the next day.

    Raises
    ------
    QuantityError
        If it is not two different times of day joined by a hyphen.

    Examples
    --------
    >>> hours("06:00-18:00")
    (0.25, 0.75)
    """
    text = as_text(written, "hours of the day", "08:00-17:00")
    start, hyphen, end = text.replace("\N{EN DASH}", "-").partition("-")
    if not hyphen:
        raise QuantityError("C502", f"`{cut(text)}` are not hours such as 08:00-17:00")
    opens, closes = time_of_day(start), time_of_day(end)
    if opens == closes:
        hint = "write 00:00-24:00 for the whole day"
        raise QuantityError("C502", f"`{cut(text)}` has no length", hint)
    return opens, closes


def weekday(written: object) -> int:
    """Read a day of the week, ``mon`` or ``Monday``, as 0 (Monday) to 6.

    Raises
    ------
    QuantityError
        If it is no day of the week.
    """
    return _name(written, "a day of the week", WEEKDAYS, _WEEKDAY_NAMES)


def month(written: object) -> int:
    """Read a month, ``jan`` or ``January``, as 1 (January) to 12.

    Raises
    ------
    QuantityError
        If it is no month.
    """
    return 1 + _name(written, "a month", MONTHS, _MONTH_NAMES)


def _name(written: object, kind: str, short: Sequence[str], full: Sequence[str]) -> int:
    text = as_text(written, kind, full[0].capitalize())
    for names in (short, full):
        if text.lower() in names:
            return names.index(text.lower())
    meant = nearest(text, (*short, *full))
    hint = f"did you mean `{meant}`?" if meant else None
    raise QuantityError("C503", f"`{cut(text)}` is not {kind}", hint)
