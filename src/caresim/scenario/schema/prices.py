"""Prices: amounts of money for a day of something, for a person, or in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from caresim.scenario.money import Money, format_money, money
from caresim.scenario.numerals import QuantityError, cut
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.values import Mark, Quantity

_EVENTS: Mapping[Mark, str] = {
    "admission": "admission",
    "stay": "stay",
    "arrival": "arrival",
    "delayed day": "delayed day",
}
"""Marks of prices that are for something that happens."""


@dataclass(frozen=True)
class Price(Kind):
    """An amount of money for something.

    Attributes
    ----------
    basis
        What it may be for: marks of `Quantity`; ``time`` is an amount by time (of a person), and
        ``place`` one of a place by time.
    """

    basis: tuple[Mark, ...] = field(default=())

    def text(self, quantity: Quantity, value: float) -> Any:
        """Write one of the numbers of a price."""
        mark = quantity.mark
        if mark == "time":
            return format_money(Money(value, ("day",)))
        if mark == "place":
            return format_money(Money(value, ("place", "day")))
        return format_money(Money(value, (mark,) if mark else ()))


def _read(basis: tuple[Mark, ...], example: str) -> Callable[[Any], tuple[float, Mark]]:
    events = [_EVENTS[mark] for mark in basis if mark in _EVENTS]
    things = [*events, *(["place"] if "place" in basis else [])]

    def read(written: Any) -> tuple[float, Mark]:
        amount = money(written, things)
        by_day = amount.gbp_per_day
        thing = amount.per[0] if amount.per and amount.per[0] in things else ""
        if amount.gbp == 0 and not amount.per:
            return 0.0, basis[0]
        if by_day is None and thing in events:
            return amount.gbp, thing  # type: ignore[return-value]
        if by_day is None and not thing and "" in basis:
            return amount.gbp, ""
        if by_day is not None and thing == "place":
            return by_day, "place"
        if by_day is not None and not thing and "time" in basis:
            return by_day, "time"
        said = f"`{cut(str(written))}` does not say what it is for"
        if by_day is not None or thing:
            said = f"`{cut(str(written))}` is for something that this price cannot be for"
        raise QuantityError("C342", said, f"write it as `{example}`")

    return read


def _price(name: str, a: str, example: str, basis: tuple[Mark, ...]) -> Price:
    return Price(
        name,
        a,
        f"`{example}`",
        _read(basis, example),
        lambda value: format_money(Money(value)),  # never used: `text` knows what it is for
        unit="GBP",
        basis=basis,
    )


FIXED = _price("cost of a place", "a cost of a place by time", "250 GBP per day", ("place", "time"))
VARIABLE = _price("cost of use", "a cost of use by time", "96 GBP per day", ("time", "place"))
PER_STAY = _price("cost of a stay", "a cost of each stay", "120 GBP", ("", "stay"))
BY_YEAR = _price("cost by time", "an amount of money by time", "45000 GBP per year", ("time",))
SUM = _price("sum of money", "a sum of money", "15 million GBP", ("",))
TARIFF = _price(
    "price of activity",
    "a price of activity",
    "3200 GBP per admission",
    ("time", "place", "admission", "stay", "arrival", "delayed day", ""),
)

KINDS = (FIXED, VARIABLE, PER_STAY, BY_YEAR, SUM, TARIFF)
"""Every kind of price."""
