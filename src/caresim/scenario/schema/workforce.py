"""Staff groups, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, ValidationError

from caresim.scenario.schema import amounts, kinds
from caresim.scenario.schema.dated import ByDate
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.fields import Name, Plain, Text
from caresim.scenario.schema.intervention import NO_TIME, PlainTime
from caresim.scenario.schema.lazy import Rarely
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import PlainCount
from caresim.scenario.schema.part import Part, kind_of
from caresim.scenario.values import Dated, Quantity

NONE = Quantity(0.0)
TOLERANCE = 1e-9

_RECRUITS = Leaf(amounts.RECRUITS, uncertain=True, by=())
_VACANCIES = Leaf(kinds.HAZARD, uncertain=True, by=())
_SHARE = Leaf(kinds.SHARE, by=())


@dataclass(frozen=True)
class _Recruitment(Plain):
    def read(self, data: Any) -> Quantity:
        """Read it, or raise its faults."""
        if not (isinstance(data, dict) and "of_vacancies" in data):
            return _RECRUITS.read(data)  # type: ignore[return-value]
        faults: list[Fault] = [
            ((key,), fault("C201", f"there is no key `{key}` here"))
            for key in data
            if key != "of_vacancies"
        ]
        try:
            share = _VACANCIES.read(data["of_vacancies"])
        except ValidationError as error:
            raise raised([*faults, *below(("of_vacancies",), error)]) from None
        if faults:
            raise raised(faults)
        assert isinstance(share, Quantity)
        return Quantity(
            share.value, "of vacancies", share.interval, share.source, share.note, share.draw
        )

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        share = {"of_vacancies": _VACANCIES.json_schema()}
        filled = {"type": "object", "properties": share, "required": ["of_vacancies"]}
        return {"anyOf": [_RECRUITS.json_schema(), filled]}


@dataclass(frozen=True)
class _Needed(Plain):
    """People needed for one place: a count, or `{per_place: 0.9}`."""

    def read(self, data: Any) -> Quantity:
        """Read it, or raise its faults."""
        if isinstance(data, dict) and list(data) == ["per_place"]:
            try:
                return _COUNT.read(data["per_place"])  # type: ignore[return-value]
            except ValidationError as error:
                raise raised(below(("per_place",), error)) from None
        return _COUNT.read(data)  # type: ignore[return-value]

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        count = _COUNT.json_schema()
        block = {"type": "object", "properties": {"per_place": count}, "required": ["per_place"]}
        return {"anyOf": [count, block]}


_COUNT = Leaf(kinds.COUNT, by=())

AnyPay = Annotated[Any, Rarely("money", "Pay")]

Deployment = str | list[str] | dict[str, Quantity]


@dataclass(frozen=True)
class _Deployment(Plain):
    def read(self, data: Any) -> Deployment:
        """Read it, or raise its faults."""
        if data == "shared":
            return "shared"
        if isinstance(data, list) and data and all(isinstance(name, str) for name in data):
            return list(data)
        if isinstance(data, dict) and data:
            return self._shares(data)
        message = f"{kind_of(data)} is not `shared`, a list of settings, or shares of settings"
        raise fault("C204", message)

    def _shares(self, data: dict[str, Any]) -> dict[str, Quantity]:
        shares: dict[str, Quantity] = {}
        faults: list[Fault] = []
        for name, value in data.items():
            try:
                shares[name] = _SHARE.read(value)  # type: ignore[assignment]
            except ValidationError as error:
                faults += below((name,), error)
        total = sum(share.value for share in shares.values())
        if not faults and abs(total - 1) > TOLERANCE:
            message = f"the shares of the settings sum to {total:.10g}, not to 1"
            faults.append(((), fault("C312", message, hint="correct the shares")))
        if faults:
            raise raised(faults)
        return shares

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        shares = {"type": "object", "additionalProperties": _SHARE.json_schema()}
        return {"anyOf": [{"const": "shared"}, names, shares]}


class StaffGroup(Part):
    """A group of staff; people are full-time equivalents."""

    label: Text | None = None
    """Text for people; its name if left out."""
    posts: Annotated[
        Quantity | Dated[Quantity], ByDate(Leaf(kinds.COUNT, by=()), Leaf(kinds.COUNT, by=()))
    ]
    """Posts: a count, or counts by date."""
    in_post: PlainCount | None = None
    """People in post at the start; all posts are filled if left out."""
    leavers: Annotated[Quantity, Leaf(kinds.HAZARD, uncertain=True, by=())] = NONE
    """Share of those in post who leave, per time."""
    recruitment: Annotated[Quantity, _Recruitment()] = NONE
    """People recruited per time, or `{of_vacancies: 10% per month}`; never beyond the posts."""
    training: PlainTime = NO_TIME
    """Mean time from recruitment to work."""
    sickness: Annotated[Quantity, Leaf(kinds.SHARE, uncertain=True, by=())] = NONE
    """Share of time lost."""
    runs: dict[Name, Annotated[Quantity, _Needed()]] = Field(default_factory=dict)
    """People needed for one place, by setting whose capacity they limit."""
    deployment: Annotated[Deployment, _Deployment()] = "shared"
    """`shared`, settings in order of priority, or fixed shares of the staff by setting."""
    pay: AnyPay = None
    """What the staff cost, and whom."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that places need someone, and that deployment is of the settings it runs."""
        found: list[Fault] = []
        for name, needed in self.runs.items():
            if needed.value <= 0:
                found.append((("runs", name), fault("C305", "a place needs more than 0 people")))
        if self.deployment == "shared":
            return found
        named = list(self.deployment)
        for place, name in enumerate(named):
            if name not in self.runs:
                step = name if isinstance(self.deployment, dict) else place
                message = f"`{name}` is not among the settings that this group `runs`"
                found.append((("deployment", step), fault("C326", message)))
        missing = [name for name in self.runs if name not in named]
        if missing or len(set(named)) < len(named):
            said = f"`{missing[0]}` is missing" if missing else "a setting is named twice"
            found.append((("deployment",), fault("C326", f"{said} in the deployment")))
        return found
