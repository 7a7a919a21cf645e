"""Settings and their queues, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from pydantic_core import core_schema
from pydantic_core.core_schema import CoreSchema

from caresim.scenario.schema import kinds
from caresim.scenario.schema.dated import AnyCapacity, Date, Hours, Weekday
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Flag, Name, OneOf, OneOrMore, Text, Whole, WordOr
from caresim.scenario.schema.lazy import Rarely
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import Count, Duration, PlainCount
from caresim.scenario.schema.part import Part
from caresim.scenario.schema.places import AnyPlaces
from caresim.scenario.schema.route import AnyRoute, Hazards, Route
from caresim.scenario.schema.scoped import Scoped
from caresim.scenario.schema.stay import AnyStay
from caresim.scenario.values import By, Quantity

KINDS = ("emergency", "acute", "clinic", "intermediate", "community", "residential", "home")
"""Kinds of setting."""

ALL_HOME = Route.model_validate({"share": "rest"})
"""The route of everyone where a setting has no `then`."""

Sources = Annotated[list[Text], OneOrMore]
"""Names of the arrivals and settings that people who wait come from."""


AnyOpening = Annotated[Any, Rarely("opening", "Opening")]
AnyClosing = Annotated[Any, Rarely("opening", "Closing")]
AnyCosts = Annotated[Any, Rarely("money", "Costs")]


class Divert(Part):
    """Another setting, where those who find no place arrive as if from outside."""

    divert: Text
    """Its name."""


WhenFull = Annotated[
    str | Divert | By[str | Divert],
    Scoped(Annotated[str | Divert, WordOr(("wait", "lost"), Divert)], by=("locality",)),
]
Overflow = Annotated[
    str | Divert | By[str | Divert],
    Scoped(Annotated[str | Divert, WordOr(("lost",), Divert)], by=("locality",)),
]


class MaxWait(Part):
    """After how long people give up a queue, and where they go instead."""

    time: Annotated[Quantity | By[Quantity], Leaf(kinds.MAX_WAIT, by=("locality",))]
    """The longest wait, or `same day` for the end of the day they asked."""
    to: Text
    """A setting, `home`, `died` or `elsewhere`."""
    for_: Annotated[Sources | None, Field(alias="for")] = None
    """The sources whose people the rule is for; all if left out."""


class Queue(Part):
    """The people who wait for a setting."""

    priority: list[Sources] = Field(default_factory=list)
    """Classes of sources, the first served first; sources not named form the last."""
    room: Annotated[Quantity | By[Quantity], Leaf(kinds.PLACES, by=("locality",))] | None = None
    """How many may wait outside any other setting."""
    overflow: Overflow | None = None
    """What an arrival does that finds no place and no room."""
    max_wait: Annotated[list[MaxWait], OneOrMore] = Field(default_factory=list)
    """Rules that end a wait."""
    leaving: Hazards = Field(default_factory=dict)
    """Rates at which people who wait outside leave, by destination."""


class Reserve(Part):
    """Places kept for some sources."""

    for_: Annotated[Sources, Field(alias="for")]
    """Who may use them."""
    places: Count
    """How many."""


@dataclass(frozen=True)
class _Reserves:
    """Lets `{SOURCE: n}` stand for a list of places kept for single sources."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        listed = handler(schema)
        count = Leaf(kinds.COUNT, by=("locality",)).json_schema()
        by_source = {"type": "object", "additionalProperties": count}
        return {"anyOf": [listed, listed["items"], by_source]}

    @staticmethod
    def listed(data: Any) -> Any:
        """Write out the short form."""
        if isinstance(data, dict) and "for" not in data:
            return [{"for": [source], "places": places} for source, places in data.items()]
        return data if isinstance(data, list) else [data]


class Admits(Part):
    """Hours of admission; outside them nobody is admitted."""

    days: Annotated[list[Weekday], OneOrMore] = Field(default_factory=lambda: list(kinds.WEEKDAYS))
    """Days of the week."""
    hours: Hours = "00:00-24:00"
    """From and until when, such as `08:00-17:00`."""
    closed: Annotated[list[Date], OneOrMore] = Field(default_factory=list)
    """Dates on which nobody is admitted."""


def _long_admits(data: Any) -> Any:
    return {} if data == "always" else data


class PlannedMoves(Part):
    """People who on some dates end their stay, longest there first, to move elsewhere."""

    to: Text
    """The setting they then need."""
    on: dict[Date, PlainCount]
    """How many, by date."""


class Setting(Part):
    """Somewhere care happens."""

    label: Text | None = None
    """Text for people; its name if left out."""
    kind: Annotated[str, OneOf(KINDS)] = "community"
    """What kind of care it is."""
    pathway: Annotated[int | None, Whole(0, 3)] = None
    """The discharge pathway that a move into this setting counts as."""
    local: Flag = False
    """Whether there is one for each locality."""
    capacity: AnyCapacity = Quantity(float("inf"))
    """Places: a count, `unlimited`, or counts by date."""
    places_per_person: AnyPlaces = Quantity(1.0)
    """Places a person uses, which may fall as their stay goes on."""
    stay: AnyStay | None = None
    """How long people stay."""
    stay_limit: Duration | None = None
    """The longest stay."""
    then: dict[Name, AnyRoute] = Field(default_factory=lambda: {"home": ALL_HOME})
    """Where people go when their stay ends, as shares."""
    when_full: WhenFull | None = None
    """What becomes of an arrival that finds no place: `wait`, `lost` or `{divert: SETTING}`."""
    queue: Queue = Field(default_factory=Queue)
    """Order, room and endings of the wait."""
    admits: Annotated[
        Admits, Scoped(Admits, _long_admits, by=("locality",), short=({"const": "always"},))
    ] = Admits()
    """Hours of admission; always, if left out."""
    ring_fenced: Annotated[list[Reserve], _Reserves()] = Field(default_factory=list)
    """Places that only some sources may use."""
    keep_free: Reserve | None = None
    """The last free places, given only to some sources."""
    while_delayed: Hazards = Field(default_factory=dict)
    """Rates at which people delayed here leave, by destination."""
    delay_reason: Text | None = None
    """The reason recorded for people who wait for a place here; `capacity_` and the kind."""
    planned_moves: PlannedMoves | None = None
    """People moved on given dates, as when a place closes in phases."""
    openings: list[AnyOpening] = Field(default_factory=list)
    """Places that open later, perhaps in phases."""
    closings: list[AnyClosing] = Field(default_factory=list)
    """Places that close later, as they empty."""
    costs: AnyCosts = None
    """What it costs, and whom."""
    source: Text | None = None
    """Where its figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that the parts of the setting go together."""
        found: list[Fault] = []
        if not self.then:
            found.append((("then",), fault("C317", "there is no route here")))
        if self.when_full is not None and (
            self.queue.room is not None or self.queue.overflow is not None
        ):
            message = "`when_full` and the queue's `room` or `overflow` say the same thing twice"
            found.append((("when_full",), fault("C316", message)))
        if self.stay is None and any(route.stay is None for route in self.then.values()):
            message = "`stay` is missing"
            hint = "write `stay: 14 days`, or give every route in `then` a stay of its own"
            found.append(((), fault("C202", message, hint=hint)))
        return found
