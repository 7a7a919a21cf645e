"""Openings and closings of places, as written."""

from __future__ import annotations

from typing import Annotated, Any

from caresim.scenario.schema.dated import Date
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Text, Whole
from caresim.scenario.schema.intervention import NO_TIME, PlainTime, UncertainTime
from caresim.scenario.schema.lazy import Rarely
from caresim.scenario.schema.measures import Count
from caresim.scenario.schema.part import Part

MOST_PHASES = 1000
"""Phases of one opening."""


AnySpending = Annotated[Any, Rarely("money", "Spending")]


class Replaces(Part):
    """Places of another setting that close as these open."""

    setting: Text
    """Which."""
    places: Count
    """How many, in all phases."""
    after: PlainTime = NO_TIME
    """How long after each phase; meanwhile both are open."""


class Closing(Part):
    """Places that close, as they empty."""

    places: Count
    """How many, in all phases."""
    decided: Date
    """The date of the decision."""
    lead_time: PlainTime = NO_TIME
    """Time from the decision to the first phase."""
    slippage: UncertainTime = NO_TIME
    """How much later than planned."""
    phases: Annotated[int, Whole(1, MOST_PHASES)] = 1
    """How many equal phases."""
    every: PlainTime = NO_TIME
    """Time between two phases."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that phases are apart."""
        if self.phases > 1 and self.every.value == 0:
            message = f"{self.phases} phases, and no time between them"
            return [(("phases",), fault("C202", message, hint="write `every: 6 months`"))]
        return []


class Opening(Closing):
    """Places that open, in phases."""

    replaces: Replaces | None = None
    """Places that close instead."""
    spending: AnySpending = None
    """What it costs to build and to open, and whom."""
