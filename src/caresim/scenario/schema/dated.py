"""Dates, times of day, and values by date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from caresim.scenario import dates
from caresim.scenario.numerals import QuantityError
from caresim.scenario.price_years import price_year
from caresim.scenario.schema import kinds
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.fields import Plain
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.part import kind_of
from caresim.scenario.values import By, Dated, Quantity

CapacityValue = Quantity | Dated[Quantity] | By[Quantity | Dated[Quantity]]


def as_fault(error: QuantityError) -> PydanticCustomError:
    """Give a fault of a quantity as one of the schema."""
    return fault(error.code, error.message, hint=error.hint)


@dataclass(frozen=True)
class Parsed(Plain):
    """A text read by a function of `caresim.scenario.quantities`, such as a date."""

    parse: Callable[[str], Any]
    schema: tuple[tuple[str, Any], ...]

    def read(self, data: Any) -> Any:
        """Read it, or raise its faults."""
        if isinstance(data, bool | dict | list):
            raise fault("C205", f"a single text is expected here, got {kind_of(data)}")
        try:
            return self.parse(str(data))
        except QuantityError as error:
            raise as_fault(error) from None

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return dict(self.schema)


def is_dated(data: object) -> bool:
    """Whether something written is a block of values by date."""
    return isinstance(data, dict) and any(key[:1].isdigit() for key in data)


@dataclass(frozen=True)
class ByDate(Plain):
    """A value, or values by date, which may differ by locality.

    Attributes
    ----------
    leaf
        A single value that does not change.
    dated
        Each of the values by date.
    """

    leaf: Leaf
    dated: Leaf

    def read(self, data: Any) -> CapacityValue:
        """Read it, or raise its faults."""
        if isinstance(data, dict) and list(data) == ["by_locality"]:
            inner = data["by_locality"]
            if isinstance(inner, dict) and inner:
                return By("locality", self._each(inner, "by_locality"))
        if is_dated(data):
            return self._dated(data)
        if isinstance(data, dict) and is_dated(data.get("value")):
            return self._about(data)
        value: CapacityValue = self.leaf.read(data)  # type: ignore[assignment]
        return value

    def _about(self, data: dict[str, Any]) -> Dated[Quantity]:
        """Read values by date that carry a source or note."""
        faults: list[Fault] = []
        about: dict[str, str] = {}
        for key, value in data.items():
            if key in ("source", "note") and isinstance(value, str):
                about[key] = value
            elif key in ("source", "note"):
                faults.append(((key,), fault("C205", "text is expected here")))
            elif key != "value":
                faults.append(((key,), fault("C201", f"there is no key `{key}` here")))
        try:
            dated = self._dated(data["value"])
        except ValidationError as error:
            faults += below(("value",), error)
        if faults:
            raise raised(faults)
        return Dated(dated.values, about.get("source"), about.get("note"))

    def _each(self, inner: dict[str, Any], key: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, data in inner.items():
            try:
                values[name] = self.read(data)
            except ValidationError as error:
                faults += below((key, name), error)
        if faults:
            raise raised(faults)
        return values

    def _dated(self, data: dict[str, Any]) -> Dated[Quantity]:
        values: dict[str, Quantity] = {}
        faults: list[Fault] = []
        for key, value in data.items():
            try:
                date = kinds.date(key)
                values[date] = self.dated.read(value)  # type: ignore[assignment]
            except QuantityError as error:
                faults.append(((key, "[key]"), as_fault(error)))
            except ValidationError as error:
                faults += below((key,), error)
        if faults:
            raise raised(faults)
        return Dated(tuple(sorted(values.items())))

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        by_date = {
            "type": "object",
            "propertyNames": {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "additionalProperties": self.dated.json_schema(),
            "minProperties": 1,
        }
        by_locality = {
            "type": "object",
            "properties": {"by_locality": {"type": "object", "minProperties": 1}},
            "required": ["by_locality"],
            "additionalProperties": False,
        }
        return {"anyOf": [self.leaf.json_schema(), by_date, by_locality]}


_PLACES = kinds.PLACES
AnyCapacity = Annotated[
    CapacityValue,
    ByDate(
        Leaf(_PLACES, uncertain=True, by=("locality",)),
        Leaf(_PLACES, by=()),
    ),
]
"""Places: a count, `unlimited`, or counts by date."""

Date = Annotated[str, Parsed(kinds.date, (("type", "string"), ("format", "date")))]
Month = Annotated[
    str,
    Parsed(dates.calendar_month, (("type", "string"), ("pattern", "^[0-9]{4}-(0[1-9]|1[0-2])$"))),
]
"""A calendar month, such as `2025-04`."""
PriceYear = Annotated[
    str, Parsed(price_year, (("type", "string"), ("pattern", "^[0-9]{4}[-/–]([0-9]{2}|[0-9]{4})$")))
]
"""A financial year, such as `2024-25`."""
Hours = Annotated[str, Parsed(kinds.hours, (("type", "string"),))]
Weekday = Annotated[str, Parsed(kinds.weekday, (("type", "string"),))]
