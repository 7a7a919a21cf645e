"""Budgets, as written."""

from __future__ import annotations

from typing import Annotated

from caresim.scenario.schema import amounts
from caresim.scenario.schema.fields import Name, Text
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.part import Part
from caresim.scenario.values import By, Quantity

Money = Annotated[Quantity, Leaf(amounts.MONEY, by=())]
LocalMoney = Annotated[Quantity | By[Quantity], Leaf(amounts.MONEY, by=("locality",))]


class Budget(Part):
    """Money of which what is not spent may be observed."""

    label: Text | None = None
    """Text for people; its name if left out."""
    amount: Money
    """How much there is, by time."""
    pays: dict[Name, LocalMoney]
    """Price of each person's day in a setting, by setting."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""
