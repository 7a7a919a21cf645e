"""How many places a person uses as their stay goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ValidationError

from caresim.scenario.numerals import QuantityError
from caresim.scenario.schema import kinds
from caresim.scenario.schema.dated import as_fault
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.fields import Plain, Whole
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.values import By, Quantity

MOST_PLACES = 1000
"""Places one person may use where the use falls one by one."""

_COUNT = Leaf(kinds.COUNT, by=())


@dataclass(frozen=True, slots=True)
class Falling:
    """Use that falls by one place in equal parts of the person's own stay."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ByElapsed:
    """Use by time since the start of the stay: (days, places), in order."""

    steps: tuple[tuple[float, float], ...]


PlacesForm = Quantity | Falling | ByElapsed
PlacesValue = PlacesForm | By[PlacesForm]


@dataclass(frozen=True)
class _Places(Plain):
    def read(self, data: Any) -> PlacesValue:
        """Read it, or raise its faults."""
        if isinstance(data, dict) and list(data) == ["by_locality"]:
            return self._by_locality(data["by_locality"])
        if isinstance(data, dict) and ("from" in data or "to" in data):
            return self._falling(data)
        if isinstance(data, dict) and any(key[:1].isdigit() for key in data):
            return self._by_elapsed(data)
        places = _COUNT.read(data)
        if isinstance(places, Quantity) and places.value <= 0:
            raise fault("C305", "a person uses more than 0 places")
        return places  # type: ignore[return-value]

    def _by_locality(self, inner: Any) -> By[PlacesForm]:
        if not isinstance(inner, dict) or not inner:
            raise raised([(("by_locality",), fault("C203", "one for each locality is expected"))])
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, data in inner.items():
            try:
                values[name] = self.read(data)
            except ValidationError as error:
                faults += below(("by_locality", name), error)
            except ValueError as error:  # a single fault
                faults.append((("by_locality", name), error))  # type: ignore[arg-type]
        if faults:
            raise raised(faults)
        return By("locality", values)

    def _falling(self, data: dict[str, Any]) -> Falling:
        faults: list[Fault] = []
        ends: dict[str, int] = {}
        for key in data:
            if key not in ("from", "to"):
                message = f"there is no key `{key}` here"
                faults.append(((key,), fault("C201", message, hint="write {from: 4, to: 1}")))
        for key, least in (("from", 1), ("to", 0)):
            try:
                ends[key] = Whole(least, MOST_PLACES).read(data.get(key))
            except ValueError as error:
                faults.append(((key,), error))  # type: ignore[arg-type]
        if not faults and ends["to"] >= ends["from"]:
            message = f"{ends['to']} is not below {ends['from']}: the use of places only falls"
            faults.append((("to",), fault("C305", message)))
        if faults:
            raise raised(faults)
        return Falling(ends["from"], ends["to"])

    def _by_elapsed(self, data: dict[str, Any]) -> ByElapsed:
        steps: list[tuple[float, float]] = []
        faults: list[Fault] = []
        for key, value in data.items():
            try:
                days = kinds.DURATION.read(key)[0]
                steps.append((days, _COUNT.read(value).value))  # type: ignore[union-attr]
            except QuantityError as error:
                faults.append(((key, "[key]"), as_fault(error)))
            except ValidationError as error:
                faults += below((key,), error)
        if not faults:
            steps.sort()
            places = [count for _, count in steps]
            if steps[0][0] != 0:
                faults.append(((), fault("C305", "the use at the start, `0 days`, is missing")))
            elif len({days for days, _ in steps}) < len(steps):
                faults.append(((), fault("C305", "two of these times are the same")))
            elif places != sorted(places, reverse=True) or places[0] <= 0:
                faults.append(((), fault("C305", "the use of places only falls, from above 0")))
        if faults:
            raise raised(faults)
        return ByElapsed(tuple(steps))

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        ends = {"from": {"type": "integer"}, "to": {"type": "integer"}}
        falling = {"type": "object", "properties": ends, "required": ["from", "to"]}
        by_elapsed = {"type": "object", "propertyNames": {"pattern": "^[0-9]"}}
        by_locality = {"type": "object", "required": ["by_locality"]}
        return {"anyOf": [_COUNT.json_schema(), falling, by_elapsed, by_locality]}


AnyPlaces = Annotated[PlacesValue, _Places()]
"""Places a person uses: a count, falling over the stay, or by time since its start."""
