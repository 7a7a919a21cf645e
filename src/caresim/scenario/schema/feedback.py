"""Feedbacks, as written: what is observed, and which inputs answer."""

from __future__ import annotations

from typing import Annotated

from pydantic_core import PydanticCustomError

from caresim.scenario.schema import amounts
from caresim.scenario.schema.change import Amount, AmountValue, Change
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Text
from caresim.scenario.schema.intervention import NO_TIME, PlainTime
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.part import Part
from caresim.scenario.values import Quantity

SIGNALS = {
    "occupancy": "share",
    "delayed": "",
    "waiting": "",
    "unmet": "share",
    "delay_days": "time",
    "vacancies": "share",
    "workload": "share",
    "underspend": "money",
}
"""What each signal is measured in, by the mark of its levels."""

UNITS = {
    "share": "a share, such as `92%`",
    "": "people, such as `12`",
    "time": "days, such as `5 days`",
    "money": "money by time, such as `1000 GBP per day`",
}
"""What the levels of a signal are, for messages."""

Level = Annotated[Quantity, Leaf(amounts.LEVEL, by=())]


class Signal(Part):
    """Something observed in the running model."""

    occupancy: Text | None = None
    """Setting whose places used, of places open, are observed."""
    delayed: Text | None = None
    """Setting whose delayed people are counted."""
    waiting: Text | None = None
    """Setting whose people waiting outside are counted."""
    unmet: Text | None = None
    """Setting whose share of people waiting, of these and those in it, is observed."""
    delay_days: Text | None = None
    """Setting in which each person's days of delay are counted."""
    vacancies: Text | None = None
    """Staff group whose share of posts without a person is observed."""
    workload: Text | None = None
    """Staff group whose work, as a share of those at work, is observed."""
    underspend: Text | None = None
    """Budget of which what is not spent is observed."""
    above: Level = Quantity(0.0)
    """What is answered is the excess over this."""
    delay: PlainTime = NO_TIME
    """Time constant of the smoothing between what is observed and the answer."""

    @property
    def of(self) -> str:
        """Which signal it is."""
        return next(key for key in SIGNALS if getattr(self, key) is not None)

    @property
    def where(self) -> str:
        """The setting, staff group or budget observed."""
        name: str = getattr(self, self.of)
        return name

    def inconsistencies(self) -> list[Fault]:
        """See that there is one signal, and that its level is of its kind."""
        given = [key for key in SIGNALS if getattr(self, key) is not None]
        if len(given) != 1:
            said = "no signal is given" if not given else f"both `{given[0]}` and `{given[1]}`"
            hint = f"write one of {', '.join(f'`{key}`' for key in SIGNALS)}"
            return [((), fault("C325", said, hint=hint))]
        return [(("above",), f) for f in level_faults(self.above, given[0])]


def level_faults(level: Quantity, signal: str) -> list[PydanticCustomError]:
    """Give the fault of a level that is of another kind than a signal."""
    kind = SIGNALS[signal]
    bare = level.value == 0 or kind in ("share", "")
    if level.mark == kind or (level.mark == "" and bare):
        return []
    message = f"the signal `{signal}` is not measured like this"
    return [fault("C325", message, hint=f"write {UNITS[kind]}")]


class Answer(Change):
    """An input that answers a signal."""

    per: Level
    """The rise of the signal that brings one `change` or `by`."""
    most: Annotated[AmountValue | None, Amount("most")] = None
    """The largest change, as a magnitude."""

    def inconsistencies(self) -> list[Fault]:
        """See that the amount is settled."""
        found = super().inconsistencies()
        if (self.change is None) == (self.by is None):
            said = "it does not say by how much" if self.by is None else "`change` and `by` both"
            hint = "write `change: -2%` or `by: …`, one of them"
            found.append(((), fault("C324", said, hint=hint)))
        if self.per.value <= 0:
            found.append((("per",), fault("C305", "must be above 0")))
        return found


class Feedback(Part):
    """A loop: something observed, and the inputs that answer."""

    label: Text | None = None
    """Text for people; its name if left out."""
    signal: Signal
    """What is observed."""
    effects: list[Answer]
    """The inputs that answer."""
    source: Text | None = None
    """Where its strength comes from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that answers are measured like the signal."""
        found: list[Fault] = []
        if not self.effects:
            found.append((("effects",), fault("C317", "there is no effect here")))
        for place, answer in enumerate(self.effects):
            faults = level_faults(answer.per, self.signal.of)
            found += [(("effects", place, "per"), f) for f in faults]
        return found
