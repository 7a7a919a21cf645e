"""The population as stocks, as written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from caresim.scenario.schema import kinds
from caresim.scenario.schema.dated import ByDate
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Name, OneOf, Text
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.part import Part
from caresim.scenario.values import By, Dated, Quantity

NOBODY = Quantity(0.0)

PlainHazard = Annotated[Quantity | By[Quantity], Leaf(kinds.HAZARD)]
Joins = Annotated[Quantity | By[Quantity], Leaf(kinds.RATE, by=("locality",))]
Projection = Annotated[
    Quantity | Dated[Quantity] | By[Quantity | Dated[Quantity]],
    ByDate(Leaf(kinds.POPULATION, by=("locality",)), Leaf(kinds.POPULATION, by=())),
]


class Move(Part):
    """People at home who change cohort."""

    from_: Annotated[Text, Field(alias="from")]
    """The cohort they leave."""
    to: Text
    """The cohort they join."""
    rate: Annotated[Quantity | By[Quantity], Leaf(kinds.HAZARD, by=("locality",))]
    """Share of those at home who do, per time."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that they go elsewhere."""
        if self.from_ == self.to:
            return [(("to",), fault("C327", f"people move from `{self.to}` to itself"))]
        return []


class PopulationStocks(Part):
    """People as stocks, who are born, age, fall ill, move and die."""

    kind: Annotated[str, OneOf(("open", "closed"))] = "open"
    """Whether people may leave the place and be projected."""
    deaths: PlainHazard = NOBODY
    """Share of people at home who die, per time."""
    joins: dict[Name, Joins] = Field(default_factory=dict)
    """People born, reaching the youngest age or moving in, per time, by cohort."""
    leaves: PlainHazard = NOBODY
    """Share of people at home who move away, per time."""
    moves: dict[Name, Move] = Field(default_factory=dict)
    """People at home who change cohort."""
    ageing: Annotated[str, OneOf(("none", "bands"))] = "none"
    """`bands`: people at home move to the cohort of the next ages."""
    projection: dict[Name, Projection] = Field(default_factory=dict)
    """Projected people by date, by cohort: migration makes up what the flows leave out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that nobody leaves a closed population."""
        if self.kind == "open":
            return []
        message = "a closed population has no `{}`"
        why = "in a closed population people come and go by birth and death alone"
        hint = "write `kind: open`, or delete it"
        given = {"leaves": self.leaves != NOBODY, "projection": bool(self.projection)}
        return [
            ((key,), fault("C316", message.format(key), why=why, hint=hint))
            for key, is_given in given.items()
            if is_given
        ]
