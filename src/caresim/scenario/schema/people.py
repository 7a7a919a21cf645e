"""Cohorts and localities, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ValidationError

from caresim.scenario.schema import kinds
from caresim.scenario.schema.dated import ByDate
from caresim.scenario.schema.faults import below, fault, raised
from caresim.scenario.schema.fields import Plain, Text
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.part import Part, kind_of
from caresim.scenario.values import By, Dated, Quantity

_POPULATION = ByDate(
    Leaf(kinds.POPULATION, uncertain=True, by=("locality",)),
    Leaf(kinds.POPULATION, by=()),
)


NO_GROWTH = Quantity(0.0)


@dataclass(frozen=True)
class Population:
    """People of a cohort, and how they grow."""

    people: Quantity | Dated[Quantity] | By[Quantity | Dated[Quantity]]
    growth: Quantity | By[Quantity] = NO_GROWTH


@dataclass(frozen=True)
class _Population(Plain):
    def read(self, data: Any) -> Population:
        """Read it, or raise its faults."""
        if not isinstance(data, dict) or "growth" not in data:
            return Population(_POPULATION.read(data))
        without = {key: value for key, value in data.items() if key != "growth"}
        people = _POPULATION.read(without)
        try:
            growth = Leaf(kinds.GROWTH, uncertain=True).read(data["growth"])
        except ValidationError as error:
            raise raised(below(("growth",), error)) from None
        if isinstance(people, Dated):
            message = "a population by date has its growth in its counts"
            raise raised([(("growth",), fault("C316", message))])
        return Population(people, growth)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        growth = Leaf(kinds.GROWTH, uncertain=True).json_schema()
        grows = {"type": "object", "properties": {"growth": growth}, "required": ["growth"]}
        return {"anyOf": [_POPULATION.json_schema(), grows]}


@dataclass(frozen=True)
class _Ages(Plain):
    def read(self, data: Any) -> str:
        """Read it, or raise its faults."""
        text = str(data).replace("\N{EN DASH}", "-").replace(" ", "")
        low, _, high = text.removesuffix("+").partition("-")
        plain = low.isdecimal() and text == f"{low}+"
        if plain or (low.isdecimal() and high.isdecimal() and int(low) <= int(high)):
            return text
        raise fault("C322", f"{kind_of(data)} is not a range of ages such as `65+` or `18-64`")

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"type": "string", "pattern": "^[0-9]+ ?([+]|[-–] ?[0-9]+)$"}


class Cohort(Part):
    """A group of people."""

    label: Text | None = None
    """Text for people; its name if left out."""
    ages: Annotated[str | None, _Ages()] = None
    """Ages, such as `65+`, compared with the population of sources."""
    need: Text | None = None
    """What they need, such as `frail`: people grow older within it where `ageing` is `bands`."""
    population: Annotated[Population | None, _Population()] = None
    """How many there are: a count, a count with growth, or counts by date."""


class Locality(Part):
    """A part of the place, with people of its own."""

    label: Text | None = None
    """Text for people; its name if left out."""
    share: Annotated[Quantity | By[Quantity], Leaf(kinds.SHARE, by=("cohort",))]
    """Share of population and arrivals."""
