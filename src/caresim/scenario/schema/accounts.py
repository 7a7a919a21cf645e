"""Who pays, and in which year's prices: fields that several blocks about money have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ValidationError

from caresim.scenario.schema import kinds, prices
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.fields import OneOf, Plain, Text
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.part import Part, kind_of
from caresim.scenario.values import Quantity

TOLERANCE = 1e-9
"""How far shares may be from summing to one."""

Payers = dict[str, Quantity]
"""Accounts with their shares."""

_SHARE = Leaf(kinds.SHARE, by=())
_BY_YEAR = Leaf(prices.BY_YEAR, by=())
_ALL = Quantity(1.0)


@dataclass(frozen=True)
class _Payers(Plain):
    """One account, or several with their shares.

    Attributes
    ----------
    words
        Words that may stand there in place of accounts.
    """

    words: tuple[str, ...] = ()

    def read(self, data: Any) -> Payers | str:
        """Read it, or raise its faults."""
        if isinstance(data, str) and data in self.words:
            return data
        if isinstance(data, str) and data:
            return {data: _ALL}
        if not isinstance(data, dict) or not data:
            hint = "write `council`, or `{board: 40%, council: 60%}`"
            raise fault("C203", f"who pays is expected here, got {kind_of(data)}", hint=hint)
        return self._shares(data)

    def _shares(self, data: dict[str, Any]) -> Payers:
        shares: Payers = {}
        faults: list[Fault] = []
        for name, value in data.items():
            try:
                shares[name] = _SHARE.read(value)  # type: ignore[assignment]
            except ValidationError as error:
                faults += below((name,), error)
        total = sum(share.value for share in shares.values())
        if not faults and abs(total - 1) > TOLERANCE:
            message = f"the shares of those who pay sum to {total:.10g}, not to 1"
            faults.append(((), fault("C340", message)))
        if faults:
            raise raised(faults)
        return shares

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        shares = {"type": "object", "additionalProperties": _SHARE.json_schema()}
        return {"anyOf": [{"type": "string"}, {**shares, "minProperties": 1}]}


@dataclass(frozen=True)
class _Pays(Plain):
    """Payments in order of priority, or payments with what is set aside for each."""

    def read(self, data: Any) -> Mapping[str, Quantity | None]:
        """Read it, or raise its faults."""
        if isinstance(data, str):
            data = [data]
        if not isinstance(data, dict | list) or not data:
            hint = "list payments, or write `{PAYMENT: 12 million GBP per year}`"
            raise fault("C203", f"payments are expected here, got {kind_of(data)}", hint=hint)
        if isinstance(data, list):
            return self._listed(data)
        found: dict[str, Quantity | None] = {}
        faults: list[Fault] = []
        for name, value in data.items():
            try:
                found[name] = _BY_YEAR.read(value)  # type: ignore[assignment]
            except ValidationError as error:
                faults += below((name,), error)
        if faults:
            raise raised(faults)
        return found

    def _listed(self, data: list[Any]) -> Mapping[str, Quantity | None]:
        faults: list[Fault] = []
        for place, name in enumerate(data):
            if not isinstance(name, str):
                faults.append(((place,), fault("C205", f"text is expected, got {kind_of(name)}")))
            elif name in data[:place]:
                faults.append(((place,), fault("C344", f"`{name}` is named twice")))
        if faults:
            raise raised(faults)
        return dict.fromkeys(data)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        aside = {"type": "object", "additionalProperties": _BY_YEAR.json_schema()}
        return {"anyOf": [{"type": "string"}, names, {**aside, "minProperties": 1}]}


def price(kind: Kind) -> Leaf:
    """Return a price that may be uncertain."""
    return Leaf(kind, uncertain=True, by=())


AnyPayers = Annotated[Any, _Payers()]
AnyPays = Annotated[Any, _Pays()]
PayersOrUnpaid = Annotated[Any, _Payers(("unpaid",))]

Fixed = Annotated[Quantity, price(prices.FIXED)]
Use = Annotated[Quantity, price(prices.VARIABLE)]
PerStay = Annotated[Quantity, price(prices.PER_STAY)]
ByYear = Annotated[Quantity, price(prices.BY_YEAR)]
Sum = Annotated[Quantity, price(prices.SUM)]
Tariff = Annotated[Quantity, price(prices.TARIFF)]

ORGANISATION_KINDS = ("trust", "provider", "board", "council", "person", "other")
"""Kinds of organisation."""


class Organisation(Part):
    """Someone who pays or is paid."""

    label: Text | None = None
    """Text for people; its name if left out."""
    kind: Annotated[str, OneOf(ORGANISATION_KINDS)] = "other"
    """What it is; `person` stands for people who pay for themselves."""
