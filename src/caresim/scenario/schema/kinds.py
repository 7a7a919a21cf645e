"""Kinds of value: how each is read, written in base units, and what range a draw may have."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from caresim.scenario import dates, quantities
from caresim.scenario.numerals import QuantityError
from caresim.scenario.quantities import Rate
from caresim.scenario.values import Mark, Quantity

WEEKDAYS = dates.WEEKDAYS
MONTHS = dates.MONTHS

SHORTEST_STAY = 1 / 1440
"""Days: no draw of an uncertain duration is below one minute, because a person who stays for no
time at all is a person whose place is never used."""


@dataclass(frozen=True)
class Kind:
    """What is measured.

    Attributes
    ----------
    name
        In words; with underscores, the name of its definition in the JSON Schema.
    a
        With its article, for messages.
    example
        How one is written.
    read
        Reads a scalar into base units, and what marks it; raises QuantityError.
    write
        Writes a number in base units as a scenario has it.
    least, most
        The admissible range, to which draws are clipped.
    unit
        Base unit, for messages about numbers already read.
    keys
        Keys that only values of this kind take.
    """

    name: str
    a: str
    example: str
    read: Callable[[Any], tuple[float, Mark]]
    write: Callable[[float], Any]
    least: float = 0.0
    most: float = math.inf
    unit: str = ""
    keys: tuple[str, ...] = ()

    @property
    def said_in(self) -> str:
        """Say the base unit, to follow a sentence with bare numbers."""
        if self.name == "share":
            return " (0.1 is 10%)"
        return f" (numbers in {self.unit})" if self.unit else ""

    def text(self, quantity: Quantity, value: float) -> Any:
        """Write one of the numbers of a quantity."""
        if quantity.rest:
            return "rest"
        if quantity.per_person:
            text = quantities.format_rate(Rate(abs(value), per_person=True))
            return f"-{text}" if value < 0 else text
        if quantity.mark == "of vacancies":
            return quantities.format_growth(value).replace("year", "day")
        return self.write(value)


def _unmarked(read: Callable[[object], float]) -> Callable[[Any], tuple[float, Mark]]:
    return lambda written: (read(written), "")


def _rate(written: Any) -> tuple[float, Mark]:
    rate = quantities.rate(written)
    return rate.per_day, "per person" if rate.per_person else ""


def _route_share(written: Any) -> tuple[float, Mark]:
    return (0.0, "rest") if written == "rest" else (quantities.share(written), "")


def _max_wait(written: Any) -> tuple[float, Mark]:
    return (0.0, "same day") if written == "same day" else (quantities.duration(written), "")


def _figure(written: object) -> float:
    """Read a published figure: a number, a percentage or a duration."""
    text = str(written)
    if text.rstrip().endswith("%"):
        return quantities.number(text.rstrip()[:-1]) / 100
    return quantities.duration(written) if text[-1:].isalpha() else quantities.number(written)


def plain(value: float) -> int | float | str:
    """Write a number without a unit: whole numbers without a point, infinity as a word."""
    if value == math.inf:
        return "unlimited"
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _write_rate(per_day: float) -> str:
    return quantities.format_rate(Rate(per_day))


NUMBER = Kind("number", "a number", "`1.5`", _unmarked(quantities.number), plain, -math.inf)
COUNT = Kind("count", "a count", "`900`", _unmarked(quantities.count), plain)
PLACES = Kind("places", "a count or `unlimited`", "`900`", _unmarked(quantities.places), plain)
DURATION = Kind(
    "duration",
    "a duration",
    "`14 days`",
    _unmarked(quantities.duration),
    quantities.format_duration,
    least=SHORTEST_STAY,
    unit="days",
)
MAX_WAIT = Kind(
    "wait", "a duration or `same day`", "`14 days`", _max_wait, quantities.format_duration
)
RATE = Kind("rate", "a rate", "`150 per day`", _rate, _write_rate, unit="people per day")
SHARE = Kind("share", "a share", "`12%`", _unmarked(quantities.share), plain, most=1.0)
ROUTE_SHARE = Kind(
    "route share", "a share or `rest`", "`12%`", _route_share, plain, most=1.0, keys=("of",)
)
HAZARD = Kind(
    "hazard",
    "a hazard",
    "`10% per day`",
    _unmarked(quantities.hazard),
    quantities.format_hazard,
    unit="per day",
)
GROWTH = Kind(
    "growth",
    "growth",
    "`2% per year`",
    _unmarked(quantities.growth),
    quantities.format_growth,
    least=-0.99,
    unit="per year, as a share",
)
POPULATION = Kind("population", "a count of people", "`812,000`", COUNT.read, plain, unit="people")
FIGURE = Kind("figure", "a number", "`45.2`", _unmarked(_figure), plain, -math.inf)


def date(written: Any) -> str:
    """Read a date; give it as text, year-month-day."""
    return dates.calendar_date(written).isoformat()


def hours(written: Any) -> str:
    """Read hours of one day; give them as text, tidied.

    Raises
    ------
    QuantityError
        If they are not hours, or run past midnight.
    """
    opens, closes = dates.hours(written)
    if closes < opens:
        message = f"`{written}` runs past midnight"
        raise QuantityError("C502", message, "hours of admission lie within one day")
    return f"{_clock(opens)}-{_clock(closes)}"


def _clock(part: float) -> str:
    minutes = round(part * 1440)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def weekday(written: Any) -> str:
    """Read a day of the week; give its short name."""
    return WEEKDAYS[dates.weekday(written)]


def name_in(written: Any, names: tuple[str, ...]) -> str:
    """Read a day of the week or a month, whichever the names are; give its short name."""
    if names == WEEKDAYS:
        return weekday(written)
    return MONTHS[dates.month(written) - 1]
