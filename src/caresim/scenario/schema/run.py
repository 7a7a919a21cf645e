"""How to run, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from caresim.scenario.schema import kinds
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Flag, OneOf, Plain, Whole
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import PlainDuration
from caresim.scenario.schema.part import Part
from caresim.scenario.values import Quantity


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

    coupling: PlainDuration = Quantity(1.0)
    """Time between two exchanges of the slow stocks, feedbacks and interventions with the rest."""
    optimism: Flag = True
    """Whether the hoped-for part of effects is reduced where their evidence is weak."""

    def inconsistencies(self) -> list[Fault]:
        """See that times are whole days, or divide one."""
        found: list[Fault] = []
        if not _divides(self.coupling.value):
            message = f"{self.coupling.value:g} days are neither whole days nor a part of one"
            why = "exchanges come at the same times of every day"
            hint = "write whole days, or a part of a day such as `12 hours`"
            found.append((("coupling",), fault("C504", message, why=why, hint=hint)))
        days = self.save_every.value
        if days < 1 or not days.is_integer():
            found.append((("save_every",), fault("C504", f"{days:g} days are not whole days")))
        if isinstance(self.step, Quantity):
            parts = 1 / self.step.value if self.step.value > 0 else 0.0
            if not 1 <= round(parts) <= 1440 or abs(parts - round(parts)) > 1e-9 * parts:
                message = f"a day is not a whole number of steps of {self.step.value * 24:g} hours"
                found.append((("step",), fault("C505", message)))
        return found


def _divides(days: float) -> bool:
    """Whether a time is a whole number of days, or goes into a day a whole number of times."""
    if days >= 1:
        return days.is_integer()
    parts = 1 / days if days > 0 else 0.0
    return 1 <= round(parts) <= 1440 and abs(parts - round(parts)) <= 1e-9 * parts
