"""Routes: where people go when a stay ends, and what happens before they have moved."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from caresim.scenario.schema.fields import Name, OneOf, OneOrMore, Text, Whole, named
from caresim.scenario.schema.leaf import is_leaf
from caresim.scenario.schema.measures import Hazard, RouteShare, UncertainShare
from caresim.scenario.schema.part import Part
from caresim.scenario.schema.scoped import Scoped
from caresim.scenario.schema.stay import AnyStay
from caresim.scenario.values import By, Quantity

Hazards = dict[Name, Hazard]


Destination = Annotated[str | By[str], Scoped(Text)]
"""A destination, which may differ by cohort."""


class Step(Part):
    """Time that passes between the end of a stay and the request for a place."""

    time: AnyStay
    """How long it takes those who need it."""
    reason: Text = "arrangement"
    """The reason for delay recorded meanwhile."""
    share: UncertainShare = Quantity(1.0)
    """Share of people who need it."""


def long_step(data: Any) -> Any:
    """Write out the short form: a time alone."""
    return data if isinstance(data, dict) and "time" in data else {"time": data}


TIME_FORMS: tuple[dict[str, Any], ...] = (
    named("Stay"),
    named("duration_uncertain_by_cohort_by_locality"),
    *({"type": "object", "required": [f"by_{axis}"]} for axis in ("cohort", "locality")),
)
"""JSON Schema of a time in place of a step."""

Steps = Annotated[
    list[Annotated[Step, Scoped(Step, long_step, by=(), short=TIME_FORMS)]],
    OneOrMore,
]


class Route(Part):
    """Where a share of people go when their stay ends."""

    share: RouteShare
    """Share of the stays that end this way, or `rest`."""
    to: Destination | None = None
    """Destination: a setting, `home`, `died` or `elsewhere`; the route's key if left out."""
    stay: AnyStay | None = None
    """The stay of the people who will take this route."""
    arrangement: Steps = Field(default_factory=list)
    """Time that passes after the stay, whatever the capacity, before a place is asked for."""
    transfer: AnyStay | None = None
    """Time during which both places are held, once one is granted."""
    wait_at: Annotated[str, OneOf(("place", "home"))] = "place"
    """Where people wait meanwhile: `place` (where they are, delayed) or `home`."""
    while_delayed: Hazards | None = None
    """Rates of leaving during arrangement and wait, by destination, in place of the setting's."""
    pathway: Annotated[int | None, Whole(0, 3)] = None
    """The discharge pathway this route counts as; that of the destination if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""


def long_route(data: Any) -> Any:
    """Write out the short form: a share alone."""
    return {"share": data} if is_leaf(data) else data


AnyRoute = Annotated[
    Route,
    Scoped(Route, long_route, by=(), short=(named("route_share_uncertain_by_cohort_by_locality"),)),
]
