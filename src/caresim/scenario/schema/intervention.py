"""Interventions, as written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from caresim.scenario.schema import amounts, kinds
from caresim.scenario.schema.change import REACH, AmountValue, Effect
from caresim.scenario.schema.dated import Date
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Name, OneOf, Text, Whole
from caresim.scenario.schema.lazy import Rarely
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import Count, PlainCount
from caresim.scenario.schema.part import Part
from caresim.scenario.values import Quantity

SHAPES = ("step", "linear", "front_loaded", "back_loaded", "s_curve")
"""Shapes of a ramp."""

NO_TIME = Quantity(0.0)

AnyCost = Annotated[Any, Rarely("money", "ProgrammeCost")]
PlainTime = Annotated[Quantity, Leaf(amounts.TIME, by=())]
UncertainTime = Annotated[Quantity, Leaf(amounts.TIME, uncertain=True, by=())]


class Ramp(Part):
    """How the strength of an intervention grows."""

    shape: Annotated[str, OneOf(SHAPES)] = "step"
    """Its shape."""
    over: PlainTime = NO_TIME
    """How long until full strength."""

    def inconsistencies(self) -> list[Fault]:
        """See that a ramp takes some time, and a step none."""
        if self.shape != "step" and self.over.value == 0:
            message = f"a {self.shape} ramp takes some time: `over` is missing"
            return [((), fault("C202", message, hint="write `over: 12 months`"))]
        if self.shape == "step" and self.over.value > 0:
            message = "a step takes no time"
            why = "the effect would be there at once and also grow"
            hint = "leave `over` out, or write another `shape`, such as `linear`"
            return [(("over",), fault("C316", message, why=why, hint=hint))]
        return []


class Fade(Part):
    """How an effect wears off."""

    after: PlainTime
    """How long after the ramp has begun."""
    over: PlainTime = NO_TIME
    """How long it takes, in a straight line."""
    to: Annotated[Quantity, Leaf(kinds.SHARE, by=())] = Quantity(0.0)
    """Share of the effect that stays."""

    def inconsistencies(self) -> list[Fault]:
        """See that it is said how the effect wears off."""
        if self.model_fields_set & {"over", "to"}:
            return []
        message = "it does not say how the effect fades: `over` and `to` are both missing"
        hint = "write `over: 2 years`, or `to: 50%`, or both; what stops at once has an `end`"
        return [((), fault("C202", message, hint=hint))]


class Intervention(Part):
    """Something done, with its effects over time."""

    label: Text | None = None
    """Text for people; its name if left out."""
    evidence: Text | None = None
    """An entry of the evidence library."""
    strength: Annotated[int | None, Whole(1, 6)] = None
    """Grade of the evidence, 1 (strongest) to 6."""
    effects: list[Effect]
    """What it changes."""
    reach: Annotated[AmountValue, REACH] = Quantity(1.0)
    """Share of the people concerned who are reached, where an effect has none of its own."""
    start: Date | None = None
    """The date on which it is decided; the first day if left out."""
    lead_time: UncertainTime = NO_TIME
    """Time between the decision and the first effect."""
    end: Date | None = None
    """The date on which it stops at once."""
    ramp: Ramp = Ramp()
    """How its strength grows."""
    fade: Fade | None = None
    """How it wears off."""
    staff: dict[Name, PlainCount] = Field(default_factory=dict)
    """Full-time equivalents it takes from other work at full strength, by staff group."""
    uses: dict[Name, Count] = Field(default_factory=dict)
    """Places it takes from others' use at full strength, by setting."""
    cost: AnyCost = None
    """What it costs, and whom."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that it does something, and ends after it begins."""
        found: list[Fault] = []
        if not self.effects:
            found.append((("effects",), fault("C317", "there is no effect here")))
        if self.end is not None and self.start is not None and self.end <= self.start:
            found.append((("end",), fault("C506", f"{self.end} is not after {self.start}")))
        return found
