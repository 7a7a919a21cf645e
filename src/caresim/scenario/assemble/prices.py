"""Prices of the explicit scenario as numbers of the model, in pounds of the results' year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from caresim.model import Target, UncertainInput
from caresim.model.money import Drawn, Per, Shares
from caresim.scenario.assemble.book import Book
from caresim.scenario.price_years import factor
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.values import Quantity

PER: dict[str, Per] = {
    "time": "person",
    "place": "place",
    "admission": "admission",
    "stay": "stay",
    "arrival": "arrival",
    "delayed day": "delayed day",
}
"""What a price is for, by the mark of its quantity."""


@dataclass
class Prices:
    """Turns prices into numbers of the model, and remembers which of them are drawn.

    Attributes
    ----------
    book
        Names and positions.
    moved
        Factors by which prices of other years were moved, by year.
    """

    book: Book
    moved: dict[str, float] = field(default_factory=dict)
    _drawn: int = 0

    @property
    def year(self) -> str:
        """The price year of results."""
        return self.book.file.price_year or ""

    def factor(self, block: Any) -> float:
        """Return what a pound in the prices of a block is in those of the results."""
        stated = block.price_year or self.year
        if stated == self.year:
            return 1.0
        own = {year: rise.value for year, rise in self.book.file.deflator.items()}
        self.moved[stated] = factor(stated, self.year, own)
        return self.moved[stated]

    def price(self, quantity: Quantity, kind: Kind, block: Any) -> Drawn:
        """Return a price of a block."""
        return self.number(quantity, kind, self.factor(block))

    def number(self, quantity: Quantity, kind: Kind, scale: float = 1.0) -> Drawn:
        """Return a number that may be uncertain, times a factor."""
        value = quantity.value * scale
        if quantity.interval is None:
            return Drawn(value)
        self.book.note(quantity, kind, Target("price", self._drawn))
        self._drawn += 1
        return Drawn(value, self._drawn - 1, scale)

    def columns(self, inputs: tuple[UncertainInput, ...]) -> tuple[int, ...]:
        """Return the position among the inputs of each number that is drawn."""
        found = [0] * self._drawn
        for column, one in enumerate(inputs):
            for target in one.targets:
                if target.field == "price":
                    found[target.i] = column
        return tuple(found)


def shares(payers: dict[str, Quantity]) -> Shares:
    """Return accounts with their shares, by name."""
    return tuple((name, share.value) for name, share in sorted(payers.items()) if share.value > 0)
