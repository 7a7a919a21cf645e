"""The whole file, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationError

from caresim.scenario.schema import kinds
from caresim.scenario.schema.arrival import Arrival
from caresim.scenario.schema.dated import ByDate, Date
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.leaf import Leaf, PlainDuration
from caresim.scenario.schema.part import Name, OneOf, OneOrMore, Part, Plain, Text, Whole, kind_of
from caresim.scenario.schema.setting import Setting
from caresim.scenario.schema.start import AnyInitial
from caresim.scenario.values import By, Dated, Quantity

RESPONSIBLE = ("nhs", "social_care", "both", "housing", "person")
"""Who can put an end to a delay."""

GROUPS = (
    "capacity",
    "interface_process",
    "hospital_process",
    "care_transfer_hub",
    "wellbeing",
)
"""Groups of reasons in NHS England's acute discharge situation report."""


class Place(Part):
    """The place modelled."""

    name: Text | None = None
    """Its name."""
    code: Text | None = None
    """Its code."""
    kind: Annotated[str, OneOf(("board", "council", "trust", "neighbourhood", "abstract"))] = (
        "abstract"
    )
    """What kind of place it is."""


class Source(Part):
    """Where figures come from."""

    title: Text | None = None
    """Title."""
    publisher: Text | None = None
    """Who published it."""
    year: Text | None = None
    """When."""
    url: Text | None = None
    """Where it can be read."""
    status: Annotated[str | None, OneOf(("read", "derived", "unverified"))] = None
    """Whether the figures were read there, derived from it, or are not verified."""
    population: Text | None = None
    """Whom shares from this source are of, such as `adults 18+`."""


class Reason(Part):
    """A reason for delay."""

    label: Text | None = None
    """Text for people."""
    responsible: Annotated[str, OneOf(RESPONSIBLE)] = "both"
    """Who can put an end to it."""
    group: Annotated[str, OneOf(GROUPS)] = "interface_process"
    """Its group in the acute discharge situation report."""


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
    population: Annotated[Population | None, _Population()] = None
    """How many there are: a count, a count with growth, or counts by date."""


class Locality(Part):
    """A part of the place, with people of its own."""

    label: Text | None = None
    """Text for people; its name if left out."""
    share: Annotated[Quantity | By[Quantity], Leaf(kinds.SHARE, by=("cohort",))]
    """Share of population and arrivals."""


class Option(Part):
    """Something that might be done instead."""

    label: Text | None = None
    """Text for people; its name if left out."""
    set: Annotated[dict[str, Any] | None, Field()] = None
    """Values to replace, by their path in this file."""


@dataclass(frozen=True)
class _Step(Plain):
    def read(self, data: Any) -> Quantity | str:
        """Read it, or raise its faults."""
        if data == "auto":
            return "auto"
        return Leaf(kinds.DURATION, by=()).read(data)  # type: ignore[return-value]

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"anyOf": [{"const": "auto"}, Leaf(kinds.DURATION, by=()).json_schema()]}


class Run(Part):
    """How to run."""

    engine: Annotated[str, OneOf(("flow", "event", "simpy"))] = "flow"
    """Averages (flow) or single people (event; simpy is the same, easy to extend)."""
    members: Annotated[int | None, Whole(1, 10_000_000)] = None
    """Draws of the uncertain inputs, and in the event engine of the people."""
    seed: Annotated[int, Whole(0, 2**63 - 1)] = 1
    """Number that settles all draws."""
    step: Annotated[Quantity | str, _Step()] = "auto"
    """Flow engine: length of a step, which must divide a day."""
    method: Annotated[str, OneOf(("euler", "heun", "rk3"))] = "heun"
    """Flow engine: how steps are made: first, second or third order."""
    save_every: PlainDuration = Quantity(7.0)
    """Days between two saved times."""
    warm_up: PlainDuration = Quantity(730.0)
    """Time before the start, for `initial: steady_state`."""
    deadlock: Annotated[str, OneOf(("swap", "stop"))] = "swap"
    """Event engine: people who block each other change places, or the run stops."""

    def inconsistencies(self) -> list[Fault]:
        """See that times are whole days, or divide one."""
        found: list[Fault] = []
        days = self.save_every.value
        if days < 1 or not days.is_integer():
            found.append((("save_every",), fault("C504", f"{days:g} days are not whole days")))
        if isinstance(self.step, Quantity):
            parts = 1 / self.step.value if self.step.value > 0 else 0.0
            if not 1 <= round(parts) <= 1440 or abs(parts - round(parts)) > 1e-9 * parts:
                message = f"a day is not a whole number of steps of {self.step.value * 24:g} hours"
                found.append((("step",), fault("C505", message)))
        return found


class Published(Part):
    """A published figure to print beside the simulated one."""

    indicator: Text
    """Id of the indicator, with the setting after a dot where it has one."""
    value: Annotated[Quantity, Leaf(kinds.FIGURE, by=())]
    """The figure."""
    from_: Annotated[Date, Field(alias="from")]
    """The first day it is of."""
    to: Date
    """The first day it is no longer of."""
    source: Text | None = None
    """Where it is from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that the dates are in order."""
        if self.to <= self.from_:
            return [(("to",), fault("C506", f"{self.to} is not after {self.from_}"))]
        return []


VERSION = 1
"""The version of the language that this caresim reads."""


@dataclass(frozen=True)
class _Version(Plain):
    def read(self, data: Any) -> int:
        """Read it, or raise its faults."""
        if data == VERSION and isinstance(data, int) and not isinstance(data, bool):
            return VERSION
        message = f"{kind_of(data)} is not a version of the language that can be read here"
        why = "what keys mean differs between versions"
        hint = f"write `caresim: {VERSION}`, or use the caresim that the file was written for"
        raise fault("C321", message, why=why, hint=hint)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"const": VERSION}


class ScenarioFile(Part):
    """A scenario: a place, its people, settings and arrivals, options, and how to run."""

    reserved: ClassVar[frozenset[str]] = frozenset(
        {"feedbacks", "interventions", "workforce", "organisations", "payments", "calibration"}
    )

    caresim: Annotated[int, _Version()]
    """Version of the language; 1."""
    title: Text | None = None
    """What is modelled; the file's name if left out."""
    description: Text | None = None
    """More about it."""
    import_: Annotated[list[Text], OneOrMore, Field(alias="import")] = Field(default_factory=list)
    """Files merged before this one."""
    place: Place | None = None
    """The place modelled."""
    start_date: Date = "2024-01-01"
    """First day."""
    duration: PlainDuration | None = None
    """How long."""
    end_date: Date | None = None
    """First day not simulated, in place of `duration`."""
    sources: dict[Name, Source] = Field(default_factory=dict)
    """Where figures come from, by the ids used elsewhere in the file."""
    reasons: dict[Name, Reason] = Field(default_factory=dict)
    """Reasons for delay, added to the built-in ones."""
    cohorts: dict[Name, Cohort] = Field(default_factory=dict)
    """Groups of people; one, `everyone`, if left out."""
    localities: dict[Name, Locality] = Field(default_factory=dict)
    """Parts of the place, into which every cohort is split."""
    settings: dict[Name, Setting]
    """Where care happens."""
    arrivals: dict[Name, Arrival] = Field(default_factory=dict)
    """People who come from outside."""
    initial: AnyInitial = "empty"
    """Who is there at the start."""
    options: dict[Name, Option] = Field(default_factory=dict)
    """What might be done instead."""
    run: Run = Run()
    """How to run."""
    published: dict[Name, Published] = Field(default_factory=dict)
    """Published figures to print beside the simulated ones."""
