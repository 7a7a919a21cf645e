"""Changes of inputs: which, and by how much; what interventions and feedbacks have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic_core import core_schema
from pydantic_core.core_schema import CoreSchema, ValidationInfo

from caresim.problems import nearest
from caresim.scenario.schema import amounts
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import OneOf, OneOrMore, Plain, Text, Whole
from caresim.scenario.schema.inputs import FORMS, Input, parsed
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.part import Part, kind_of
from caresim.scenario.schema.route import Destination
from caresim.scenario.values import By, Quantity

AmountValue = Quantity | By[Quantity]

BLOCKS = ("arrivals", "settings", "workforce", "population")


@dataclass(frozen=True)
class _Input(Plain):
    def read(self, data: Any) -> Input:
        """Read it, or raise its faults."""
        found = parsed(data)
        if found is None:
            known = [form.pattern for form in FORMS]
            first = str(data).split(".")[0]
            near = nearest(str(data), [k.lower() for k in known if k.startswith(f"{first}.")])
            may = next((k for k in known if k.lower() == near), None)
            listed = may or ", ".join(f"`{k}`" for k in known if k.startswith(f"{first}."))
            hint = f"did you mean `{may}`?" if may else f"of these there are {listed}"
            if first not in BLOCKS:
                hint = f"write the path of an input, such as `{known[1]}`"
            raise fault("C323", f"{kind_of(data)} is not an input that can be changed", hint=hint)
        return found

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"type": "string", "examples": [form.pattern for form in FORMS]}


@dataclass(frozen=True)
class Amount:
    """An amount whose kind depends on the input that `on` names.

    Attributes
    ----------
    what
        ``change``, ``by``, ``to``, or ``most``: the largest change in either direction.
    """

    what: Literal["change", "by", "to", "most"]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"anyOf": [self.leaf(form, None).json_schema() for form in _one_of_each(self.what)]}

    def read(self, data: Any, info: ValidationInfo) -> Any:
        """Read it, or raise its faults; None where it is not settled of what kind it is."""
        inputs = info.data.get("on")
        if not inputs:
            return None  # the fault in `on` is reported
        return self.leaf(inputs[0], info.data).read(data)

    def leaf(self, of: Input | Any, data: dict[str, Any] | None) -> Leaf:
        """Return the kind of value that is read."""
        form = of.form if isinstance(of, Input) else of
        if self.what == "change":
            return Leaf(amounts.CHANGE, uncertain=True)
        if self.what == "most":
            relative = data is None or data.get("change") is not None
            return Leaf(amounts.MOST if relative else form.to, by=())
        return Leaf(form.by if self.what == "by" else form.to, uncertain=True)


def _one_of_each(what: str) -> list[Any]:
    """Return forms whose differences, or values, are of kinds that differ."""
    key = "by" if what == "by" else "to"
    kinds = {getattr(form, key).name: form for form in FORMS}
    return list(kinds.values())[: 1 if what == "change" else None]


Inputs = Annotated[list[Annotated[Input, _Input()]], OneOrMore]


class Change(Part):
    """A change of an input."""

    on: Inputs
    """The input, by its path; or several of one kind."""
    change: Annotated[AmountValue | None, Amount("change")] = None
    """A relative change, such as `-10%`."""
    by: Annotated[AmountValue | None, Amount("by")] = None
    """A difference, such as `-4.5 hours`."""
    cohorts: Annotated[list[Text], OneOrMore] | None = None
    """Whom it is for; all cohorts if left out."""
    localities: Annotated[list[Text], OneOrMore] | None = None
    """Where they live; all localities if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that the inputs are of one kind."""
        kinds = {one.form.to.name for one in self.on} | {one.form.by.name for one in self.on}
        if len(kinds) > 2:
            return [(("on",), fault("C324", "these inputs are not measured in the same unit"))]
        paths = [one.path for one in self.on]
        twice = [place for place, path in enumerate(paths) if path in paths[:place]]
        if twice:
            hint = "delete it here; two effects on one input are written as two effects"
            message = f"`{paths[twice[0]]}` is in this list already"
            why = "its change would count once, whatever is meant"
            return [(("on", twice[0]), fault("C324", message, why=why, hint=hint))]
        return [] if self.on else [(("on",), fault("C317", "there is no input here"))]


class Displaced(Part):
    """Where people who are kept away are cared for instead."""

    to: Destination
    """A setting, which may differ by cohort."""
    share: Annotated[Quantity, Leaf(amounts.SHARE, by=())] = Quantity(1.0)
    """Their share."""


REACH = Leaf(amounts.SHARE, uncertain=True)


class Effect(Change):
    """An effect of an intervention."""

    to: Annotated[AmountValue | None, Amount("to")] = None
    """The value at full strength, for those reached."""
    reach: Annotated[AmountValue | None, REACH] = None
    """Share of these people who are reached; that of the intervention if left out."""
    hoped: Annotated[str | None, OneOf(("lower", "higher"))] = None
    """Which direction is a benefit."""
    displaced: Displaced | None = None
    """For arrivals: where the people who are kept away are cared for instead."""
    outcome: Text | None = None
    """Which of the effects of the entry in `evidence` this is."""
    strength: Annotated[int | None, Whole(1, 6)] = None
    """Grade of its evidence; that of the intervention if left out."""

    def inconsistencies(self) -> list[Fault]:
        """See that the amount is settled."""
        found = super().inconsistencies()
        given = [key for key in ("change", "by", "to") if getattr(self, key) is not None]
        if len(given) > 1:
            message = f"`{given[0]}` and `{given[1]}` both say by how much"
            found.append(((given[1],), fault("C324", message, hint="delete one of them")))
        elif not given and self.outcome is None:
            hint = "write `change: -10%`, `by: …` or `to: …`; or `outcome` with `evidence`"
            found.append(((), fault("C324", "it does not say by how much", hint=hint)))
        if self.displaced is not None and any(o.field != "arrival_rate" for o in self.on):
            message = "only people who arrive can be displaced"
            why = "who is kept away is known only of an arrival"
            hint = "delete `displaced`, or let the effect be on `arrivals.NAME.rate`"
            found.append((("displaced",), fault("C324", message, why=why, hint=hint)))
        return found
