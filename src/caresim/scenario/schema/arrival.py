"""Arrivals, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, ValidationError

from caresim.scenario.numerals import QuantityError
from caresim.scenario.schema import kinds
from caresim.scenario.schema.dated import ByDate, Date, as_fault
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.fields import OneOf, OneOrMore, Plain, Text, named
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import Growth, PlainCount, PlainDuration, PlainShare
from caresim.scenario.schema.part import Part, kind_of
from caresim.scenario.schema.route import Destination
from caresim.scenario.schema.stay import AnyStay
from caresim.scenario.values import By, Dated, Quantity

_SERIES_FORMS = ([True, True, False, False], [False, False, True, True])


class Series(Part):
    """Counts of people by day, from a CSV file or in place."""

    csv: Text | None = None
    """The file."""
    column: Text | None = None
    """The column with the counts."""
    date: Text = "date"
    """The column with the dates."""
    from_: Annotated[Date | None, Field(alias="from")] = None
    """The date of the first of `values`."""
    values: list[PlainCount] | None = None
    """The counts, day by day, in place of a file."""
    beyond: Annotated[str | None, OneOf(("hold", "repeat"))] = None
    """What follows after the last day: its value (`hold`), or the last year again (`repeat`)."""
    source: Text | None = None
    """Where it comes from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that the counts come from a file or stand here."""
        given = [self.csv, self.column, self.from_, self.values or None]
        if [one is not None for one in given] not in _SERIES_FORMS:
            message = "a series is `csv` and `column`, or `from` and `values`"
            return [((), fault("C318", message))]
        return []


RateValue = Quantity | Dated[Quantity] | By[Quantity | Dated[Quantity]] | Series

_RATE = ByDate(Leaf(kinds.RATE, uncertain=True), Leaf(kinds.RATE, by=()))


@dataclass(frozen=True)
class _Rate(Plain):
    def read(self, data: Any) -> RateValue:
        """Read it, or raise its faults."""
        if isinstance(data, dict) and ("csv" in data or "values" in data):
            return Series.model_validate(data)
        rate = _RATE.read(data)
        if isinstance(rate, Dated):
            per_person = [date for date, value in rate.values if value.per_person]
            if per_person:
                message = "a population rate cannot change by date"
                hint = "give the population by date instead"
                why = "a rate that changes and a population that changes would both be by date"
                raise raised(
                    [((date,), fault("C308", message, hint=hint, why=why)) for date in per_person]
                )
        return rate

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"anyOf": [_RATE.json_schema(), named("Series")]}


@dataclass(frozen=True)
class Factors(Plain):
    """One factor for each day of the week, or each month."""

    names: tuple[str, ...]

    def read(self, data: Any) -> tuple[float, ...]:
        """Read it, or raise its faults."""
        if not isinstance(data, dict):
            raise fault("C203", f"a factor for each of {self._all} is expected")
        faults: list[Fault] = []
        factors: dict[str, float] = {}
        for key, value in data.items():
            try:
                name = kinds.name_in(key, self.names)
            except QuantityError as error:
                faults.append(((key, "[key]"), as_fault(error)))
                continue
            if name in factors:
                faults.append(((key, "[key]"), fault("C319", f"`{name}` is given twice")))
            try:
                factors[name] = _FACTOR.read(value).value  # type: ignore[union-attr]
            except ValidationError as error:
                faults += below((key,), error)
                factors[name] = 1.0
        missing = [name for name in self.names if name not in factors]
        if missing and not faults:
            faults.append(((), fault("C319", f"{', '.join(missing)} missing: give all")))
        if not faults and not any(factors.values()):
            faults.append(((), fault("C319", "all factors are 0: nobody would ever arrive")))
        if faults:
            raise raised(faults)
        return tuple(factors[name] for name in self.names)

    @property
    def _all(self) -> str:
        return f"`{self.names[0]}` to `{self.names[-1]}`"

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {
            "type": "object",
            "additionalProperties": {"type": ["number", "string"]},
            "minProperties": len(self.names),
            "maxProperties": len(self.names),
        }


_FACTOR = Leaf(kinds.COUNT, by=())


class Cycle(Part):
    """A sine in the rate: factor 1 + amplitude cos(2 pi (t - peak) / period)."""

    period: PlainDuration
    """How long until it comes again."""
    amplitude: PlainShare
    """Share of the mean."""
    peak: PlainDuration = Quantity(0.0)
    """Time of the peak, from the start."""

    def inconsistencies(self) -> list[Fault]:
        """See that the period is some time."""
        return [] if self.period.value > 0 else [(("period",), fault("C305", "is 0"))]


CohortShares = dict[str, Quantity]


@dataclass(frozen=True)
class _Cohorts(Plain):
    def read(self, data: Any) -> str | list[str] | CohortShares:
        """Read it, or raise its faults."""
        if isinstance(data, str):
            return data
        if isinstance(data, list) and data and all(isinstance(name, str) for name in data):
            return list(data)
        if isinstance(data, dict) and data:
            return self._shares(data)
        message = f"a cohort, a list of cohorts, or shares by cohort: got {kind_of(data)}"
        raise fault("C203", message)

    def _shares(self, data: dict[str, Any]) -> CohortShares:
        shares: CohortShares = {}
        faults: list[Fault] = []
        for name, value in data.items():
            try:
                shares[name] = Leaf(kinds.SHARE, by=()).read(value)  # type: ignore[assignment]
            except ValidationError as error:
                faults += below((name,), error)
        total = sum(share.value for share in shares.values())
        if not faults and abs(total - 1) > 1e-9:
            message = f"the shares of the cohorts sum to {total:.10g}, not to 1"
            faults.append(((), fault("C312", message, hint="correct the shares")))
        if faults:
            raise raised(faults)
        return shares

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        share = Leaf(kinds.SHARE, by=()).json_schema()
        names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        return {"anyOf": [{"type": "string"}, names, {"additionalProperties": share}]}


class Arrival(Part):
    """People who come to a setting from outside."""

    to: Destination
    """The setting."""
    rate: Annotated[RateValue, _Rate()]
    """How many: a rate, a population rate, rates by date, or a series."""
    cohort: Annotated[str | list[str] | CohortShares | None, _Cohorts()] = None
    """Who: a cohort, shares by cohort, or a list of cohorts each with the whole rate."""
    growth: Growth = Quantity(0.0)
    """Growth per year, from the start."""
    weekday: Annotated[tuple[float, ...], Factors(kinds.WEEKDAYS)] = (1.0,) * 7
    """Factors by day of the week, all seven."""
    month: Annotated[tuple[float, ...], Factors(kinds.MONTHS)] = (1.0,) * 12
    """Factors by month, all twelve."""
    cycle: Annotated[list[Cycle], OneOrMore] = Field(default_factory=list)
    """Sines in the rate."""
    transfer: AnyStay | None = None
    """Time between the grant of the place and the arrival; the place is held."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""
