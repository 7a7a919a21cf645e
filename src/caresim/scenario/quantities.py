"""Quantities with their unit, as written, into base units: days, people, shares.

Each function takes text (or a bare number where that is clear) and gives a value, or raises
`QuantityError` with the code, message and hint of the problem. Formatting is the inverse:
``duration(format_duration(x)) == x`` for every x, and so on. Amounts of money are read in
`caresim.scenario.money`, dates and times of day in `caresim.scenario.dates`.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

from caresim.scenario.numerals import QuantityError, format_number, split
from caresim.scenario.units import PEOPLE, TIME, UNITS_OF_TIME, Written, is_known

__all__ = [
    "QuantityError",
    "Rate",
    "count",
    "duration",
    "format_duration",
    "format_growth",
    "format_hazard",
    "format_number",
    "format_rate",
    "growth",
    "hazard",
    "number",
    "places",
    "rate",
    "share",
]


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happens: a number per day, per person if `per_person`."""

    per_day: float
    per_person: bool = False


def number(written: object) -> float:
    """Read a plain number: ``-0.5``, ``"812,000"``, ``10_000``.

    Raises
    ------
    QuantityError
        If it is not a finite number, or has a unit.
    """
    return _plain(written).number.value()


def count(written: object) -> float:
    """Read a number of people or places, 0 or more.

    Raises
    ------
    QuantityError
        If it is not a finite number of 0 or more, or has a unit.
    """
    return _plain(written).not_negative()


def places(written: object) -> float:
    """Read a capacity: a count, or ``unlimited`` (infinity).

    Raises
    ------
    QuantityError
        If it is neither.
    """
    return math.inf if written == "unlimited" else count(written)


def duration(written: object) -> float:
    """Read a length of time in days, 0 or more: ``5.5 days``, ``4 hours``, ``6 weeks``.

    Raises
    ------
    QuantityError
        If it has no unit (0 needs none), another kind of unit, or is negative.

    Examples
    --------
    >>> duration("6 weeks"), duration("36 hours"), duration("2 years")
    (42.0, 1.5, 730.0)
    """
    given = Written.read(written, "a duration", "5.5 days")
    value = given.not_negative()
    if given.is_bare_zero:
        return 0.0
    if not given.rest:
        given.refuse_bare(f"write `{given.text} days`; units are {UNITS_OF_TIME}")
    return given.days(value, given.rest)


def rate(written: object) -> Rate:
    """Read a rate: ``150 per day``, ``1 per 1.2 days``, ``120 per 1000 per year``.

    Returns
    -------
    Rate
        Per day; the last form is a population rate, per person and day.

    Raises
    ------
    QuantityError
        If it has no unit of time (0 needs none), another kind of unit, or is negative.

    Examples
    --------
    >>> rate("1 per 4 hours").per_day
    6.0
    >>> rate("73 per 1,000 people per year")
    Rate(per_day=0.0002, per_person=True)
    """
    given = Written.read(written, "a rate", "150 per day")
    value = given.not_negative()
    if given.is_bare_zero:
        return Rate(0.0)
    what, *per = given.parts()
    if what == "%":
        given.refuse_unit("write arrivals as a number, such as `150 per day`")
    if what and what not in PEOPLE:
        if not is_known(what):
            given.unit_of_time(what)
        given.refuse_unit("write a number per time, such as `150 per day`")
    population = _population(per[0]) if per else None
    times = per if population is None else per[1:]
    if not times:
        given.refuse_bare("say per what time, such as `150 per day` or `120 per 1000 per year`")
    if len(times) > 1:
        given.refuse_unit("write `150 per day`, or `120 per 1000 per year` of a population")
    per_day = given.per_day(value, times[0])
    if population is None:
        return Rate(per_day)
    return Rate(given.finite(per_day / population), per_person=True)


def hazard(written: object) -> float:
    """Read the rate per day at which each person leaves: ``0.25 per day``, ``5% per week``.

    It is a simple rate: 5% per week is 0.05/7 per day, not the daily probability that
    compounds to 5%.

    Raises
    ------
    QuantityError
        If it is not a number or percentage per unit of time, or is negative.
    """
    given = Written.read(written, "a hazard", "10% per day")
    given.not_negative()
    if given.is_bare_zero:
        return 0.0
    what, *per = given.parts()
    if what not in ("", "%"):
        given.refuse_unit("write the share that leaves per time, such as `10% per day`")
    if len(per) != 1:
        given.refuse_bare("write it per unit of time, such as `10% per day`")
    return given.per_day(given.not_negative(-2 if what else 0), per[0])


def share(written: object) -> float:
    """Read a part of a whole, from 0 to 1: ``12%`` or ``0.12``.

    Raises
    ------
    QuantityError
        If it is outside 0 to 1 or has another unit.
    """
    given = Written.read(written, "a share", "12%")
    if given.rest not in ("", "%"):
        given.refuse_unit("write `12%` or `0.12`")
    part = given.number.value(-2 if given.rest else 0)
    if not 0 <= part <= 1:
        hint = f"did you mean `{given.text}%`?" if not given.rest and 1 < part <= 100 else None
        message = f"a share lies between 0 and 1 (0% and 100%), got `{given.text}`"
        raise QuantityError("C305", message, hint)
    return abs(part)


def growth(written: object) -> float:
    """Read growth as a share per year: ``2% per year`` or ``-1.5% per year``.

    Raises
    ------
    QuantityError
        If it is not a percentage per year, or is -100% or less.
    """
    given = Written.read(written, "growth", "2% per year")
    if given.is_bare_zero:
        return 0.0
    if given.rest in ("", "%"):
        given.refuse_bare("write a percentage per year, such as `2% per year`")
    what, *per = given.parts()
    if what != "%" or [TIME.get(unit) for unit in per] != ["year"]:
        given.refuse_unit("write a percentage per year, such as `2% per year`")
    part = given.number.value(-2)
    if part <= -1:
        raise QuantityError("C305", f"growth must be above -100% per year, got `{given.text}`")
    return part


def format_duration(days: float) -> str:
    """Write a duration in days.

    Examples
    --------
    >>> format_duration(5.5), format_duration(1)
    ('5.5 days', '1 day')
    """
    return f"{format_number(days)} {'day' if days == 1 else 'days'}"


def format_rate(value: Rate) -> str:
    """Write a rate per day; a population rate per 1000 per year where that is exact.

    Examples
    --------
    >>> format_rate(Rate(1.5)), format_rate(Rate(0.0002, per_person=True))
    ('1.5 per day', '73 per 1000 per year')
    """
    if not value.per_person:
        return f"{format_number(value.per_day)} per day"
    # Rounding hides the error of the multiplication; only an exact result is used.
    yearly = float(f"{value.per_day * 365_000:.12g}")
    if math.isfinite(yearly):
        text = f"{format_number(yearly)} per 1000 per year"
        if rate(text) == value:
            return text
    return f"{format_number(value.per_day)} per person per day"


def format_hazard(per_day: float) -> str:
    """Write a hazard.

    Examples
    --------
    >>> format_hazard(0.1)
    '0.1 per day'
    """
    return f"{format_number(per_day)} per day"


def format_growth(per_year: float) -> str:
    """Write growth as a percentage per year.

    Examples
    --------
    >>> format_growth(-0.015)
    '-1.5% per year'
    """
    percent = Decimal(format_number(per_year)).scaleb(2).normalize()
    plain = f"{percent:f}"
    return f"{plain if len(plain) < 30 else percent}% per year"


def _plain(written: object) -> Written:
    given = Written.read(written, "a number", "812,000")
    if given.rest:
        given.refuse_unit("write the number alone: this input has no unit")
    return given


def _population(per: str) -> float | None:
    """Read ``1000``, ``1,000 people`` or ``person``; None if it is no number of people."""
    if per == "person":
        return 1.0
    if not per[:1].isdigit():
        return None
    people, rest = split(per, "a population rate", "120 per 1000 per year")
    if rest and rest not in PEOPLE:
        return None
    if people.value() <= 0:
        raise QuantityError("C305", "a population rate is per 1 person or more")
    return people.value()
