"""Amounts of money, as written, into pounds and what they are for."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from caresim.problems import nearest
from caresim.scenario.numerals import QuantityError, as_text, cut, format_number, split
from caresim.scenario.units import DAYS_IN, TIME

_KIND, _EXAMPLE = "an amount of money", "346 GBP per day"
_POUNDS = frozenset(("gbp", "£", "pound", "pounds"))
_OTHER_CURRENCIES = frozenset(("$", "usd", "dollar", "dollars", "€", "eur", "euro", "euros"))
_POWERS = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in pounds and what it is paid for.

    Parameters
    ----------
    gbp
        Pounds, 0 or more, per whatever `per` names.
    per
        What each amount is for: empty for a single sum, ``("day",)``, ``("visit",)``,
        ``("place", "year")``. A unit of time comes last.
    """

    gbp: float
    per: tuple[str, ...] = ()

    @property
    def gbp_per_day(self) -> float | None:
        """Pounds per day, or None if it is not paid by time."""
        if not self.per or self.per[-1] not in DAYS_IN:
            return None
        times, parts = DAYS_IN[self.per[-1]]
        return self.gbp * parts / times


def money(written: object, things: Collection[str] = ()) -> Money:
    """Read an amount of money, 0 or more.

    Parameters
    ----------
    written
        Such as ``346 GBP per day``, ``£900 per week``, ``15 million GBP``, ``£1.2m``.
    things
        What besides a unit of time it may be paid for, such as ``("visit", "place")``.

    Raises
    ------
    QuantityError
        If the currency is missing (0 needs none) or not pounds, what it is for is not
        known here, or it is negative.

    Examples
    --------
    >>> money("£23.50 per hour")
    Money(gbp=23.5, per=('hour',))
    >>> money("900 GBP per week").gbp_per_day
    128.57142857142858
    """
    text = as_text(written, _KIND, _EXAMPLE)
    amount, *per = f" {_currency_last(text)} ".replace("/", " per ").split(" per ")
    number, rest = split(amount.strip(), _KIND, _EXAMPLE)
    words = rest.split()
    power = _POWERS[words.pop(0)] if words and words[0] in _POWERS else 0
    pounds = number.value(power)
    if not math.isfinite(pounds):
        raise QuantityError("C306", f"`{cut(text)}` is too large")
    if pounds < 0:
        raise QuantityError("C305", f"must be 0 or more, got `{cut(text)}`")
    if words and _OTHER_CURRENCIES & set(words):
        raise QuantityError("C304", f"`{cut(text)}` is not in pounds", "convert it to GBP")
    if not words and pounds != 0:
        raise QuantityError("C302", f"`{cut(text)}` has no currency", f"write it as `{_EXAMPLE}`")
    if len(words) > 1 or not _POUNDS.issuperset(words):
        raise QuantityError("C304", f"`{cut(text)}` is not {_KIND}", f"write it as `{_EXAMPLE}`")
    return Money(abs(pounds), _paid_for([part.strip().lower() for part in per], text, things))


def format_money(amount: Money) -> str:
    """Write an amount of money.

    Examples
    --------
    >>> format_money(Money(346, ("place", "day")))
    '346 GBP per place per day'
    """
    return " per ".join((f"{format_number(amount.gbp)} GBP", *amount.per))


def _currency_last(text: str) -> str:
    """Put a currency that stands before the amount behind it."""
    for sign in ("£", "gbp ", "$", "€"):
        if text.lower().startswith(sign):
            amount, per, basis = text[len(sign) :].replace("/", " per ").partition(" per ")
            return f"{amount} {sign}{per}{basis}"
    return text


def _paid_for(per: list[str], text: str, things: Collection[str]) -> tuple[str, ...]:
    known = [*things, *DAYS_IN]
    for word in per:
        if word not in things and word not in TIME:
            meant = nearest(word, known)
            hint = f"did you mean `{meant}`? " if meant else ""
            message = f"`{cut(text)}` is not {_KIND}: `per {cut(word)}` is not known here"
            raise QuantityError("C303", message, f"{hint}it may be per {', '.join(known)}")
    time = [TIME[word] for word in per if word in TIME and word not in things]
    thing = [word for word in per if word in things]
    if len(time) > 1 or len(thing) > 1:
        message = f"`{cut(text)}` is paid for more than one thing, or per more than one time"
        raise QuantityError("C303", message, f"write it as `{_EXAMPLE}`")
    return (*thing, *time)
