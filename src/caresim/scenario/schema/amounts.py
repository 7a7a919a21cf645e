"""What changes are measured in: values that may be negative, and signals of feedbacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from caresim.scenario import money, quantities
from caresim.scenario.numerals import QuantityError, format_number, split
from caresim.scenario.quantities import Rate
from caresim.scenario.schema import kinds
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.values import Mark

Read = Callable[[Any], tuple[float, Mark]]


def signed(read: Read) -> Read:
    """Return a reader of values below 0 too, from one of values of 0 or more."""

    def either(written: Any) -> tuple[float, Mark]:
        text = str(written).replace("\N{MINUS SIGN}", "-").strip()
        if isinstance(written, bool) or not text.startswith("-"):
            return read(written)
        rest = text[1:].lstrip()
        try:
            value, mark = read(rest)
        except QuantityError as error:
            # The sign belongs to what was written.
            message = error.message.replace(f"`{rest}", f"`-{rest}")
            hint = error.hint and error.hint.replace(f"`{rest}", f"`-{rest}")
            raise QuantityError(error.code, message, hint) from None
        return -value, mark

    return either


def _signed_text(write: Callable[[float], Any]) -> Callable[[float], Any]:
    def either(value: float) -> Any:
        written = write(abs(value))
        if value >= 0:
            return written
        return f"-{written}" if isinstance(written, str) else -written

    return either


def _change(written: Any) -> tuple[float, Mark]:
    """Read a relative change: `-10%`, `5%` or `-0.1`; not below -100%."""
    number, rest = split(written, "a change", "-10%")
    if rest not in ("", "%"):
        raise QuantityError("C304", f"`{written}` is not a change", "write it as `-10%`")
    value = number.value(-2 if rest else 0)
    if value < -1:
        raise QuantityError("C305", f"nothing falls by more than 100%, got `{written}`")
    return value, ""


def _most(written: Any) -> tuple[float, Mark]:
    """Read the magnitude of a relative change, which may be above 100%."""
    value, mark = _change(written)
    if value < 0:
        raise QuantityError("C305", f"must be 0 or more, got `{written}`", "leave the sign out")
    return value, mark


def _difference(kind: Kind, name: str, a: str, example: str) -> Kind:
    return Kind(
        name,
        a,
        example,
        signed(kind.read),
        _signed_text(kind.write),
        least=-math.inf,
        unit=kind.unit,
    )


def _more_count(written: Any) -> tuple[float, Mark]:
    """Read a difference of places or posts: `-20`, `15`."""
    try:
        return signed(COUNT.read)(written)
    except QuantityError as error:
        hint = "write how many more or fewer, without a unit: `15` or `-20`"
        raise QuantityError(error.code, error.message, hint) from None


def _recruits(written: Any) -> tuple[float, Mark]:
    """Read recruitment: people per time, or a share of vacancies per time."""
    if isinstance(written, str) and "%" in written:
        return quantities.hazard(written), "of vacancies"
    return quantities.rate(written).per_day, ""


def _level(written: Any) -> tuple[float, Mark]:
    """Read a level of some signal; its mark says of which kind, nothing if it may be of any."""
    text = str(written).strip().lower()
    if text.endswith("%"):
        number, _ = split(written, "a level", "92%")
        if number.value() < 0:
            raise QuantityError("C305", f"must be 0 or more, got `{written}`")
        return number.value(-2), "share"
    if "gbp" in text or "£" in text or "pound" in text:
        return gbp_per_day(written), "money"
    if text[-1:].isalpha():
        return quantities.duration(written), "time"
    return quantities.count(written), ""


def gbp_per_day(written: Any) -> float:
    """Read an amount of money by time, in pounds a day.

    Raises
    ------
    QuantityError
        If it is none, or is not paid by time.
    """
    amount = money.money(written)
    per_day = amount.gbp_per_day
    if per_day is None and amount.gbp:
        message = f"`{written}` is not an amount of money by time"
        raise QuantityError("C302", message, "say per what time: `400 GBP per day`")
    return per_day or 0.0


def _write_money(per_day: float) -> str:
    return f"{format_number(per_day)} GBP per day"


def _write_rate(per_day: float) -> str:
    return quantities.format_rate(Rate(per_day))


CHANGE = Kind("change", "a change", "`-10%`", _change, kinds.plain, least=-1.0)
MOST = Kind("largest change", "a change", "`10%`", _most, kinds.plain)
TIME = Kind(
    "time",
    "a duration",
    "`2 days`",
    lambda written: (quantities.duration(written), ""),
    quantities.format_duration,
    unit="days",
)
ANY_RATE = kinds.RATE
SHARE = kinds.SHARE
HAZARD = kinds.HAZARD
COUNT = kinds.COUNT
MONEY = Kind(
    "money by time",
    "an amount of money by time",
    "`400 GBP per day`",
    lambda written: (gbp_per_day(written), ""),
    _write_money,
    unit="GBP per day",
)
RECRUITS = Kind("recruitment", "a rate", "`5 per month`", _recruits, _write_rate)
MORE_TIME = _difference(TIME, "difference of time", "a difference of time", "`-4.5 hours`")
MORE_RATE = _difference(kinds.RATE, "difference of rate", "a difference of a rate", "`-2 per day`")
MORE_COUNT = replace(
    _difference(COUNT, "difference of count", "a difference", "`-20`"), read=_more_count
)
MORE_SHARE = _difference(SHARE, "difference of share", "points of a share", "`-5%`")
MORE_HAZARD = _difference(
    HAZARD, "difference of hazard", "a difference of a hazard", "`-1% per day`"
)
MORE_RECRUITS = _difference(RECRUITS, "difference of recruitment", "a rate", "`2 per month`")
LEVEL = Kind("level", "a level of a signal", "`92%`", _level, kinds.plain)

KINDS = (
    CHANGE,
    MOST,
    TIME,
    MONEY,
    RECRUITS,
    MORE_TIME,
    MORE_RATE,
    MORE_COUNT,
    MORE_SHARE,
    MORE_HAZARD,
    MORE_RECRUITS,
    LEVEL,
)
"""Every kind of value that only these blocks have."""
