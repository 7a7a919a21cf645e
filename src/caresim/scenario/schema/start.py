"""Who is there at the start, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, ValidationError

from caresim.scenario.schema import kinds
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.fields import Name, OneOf, Plain, Text, WordOr, named
from caresim.scenario.schema.leaf import Leaf, is_leaf
from caresim.scenario.schema.measures import CountByCohort
from caresim.scenario.schema.part import Part
from caresim.scenario.schema.scoped import Scoped
from caresim.scenario.values import By, Quantity


class SampleFile(Part):
    """Observed times in days, from a CSV file."""

    csv: Text
    """The file."""
    column: Text
    """Its column."""


Elapsed = Quantity | tuple[float, ...] | SampleFile


@dataclass(frozen=True)
class _Elapsed(Plain):
    def read(self, data: Any) -> Elapsed:
        """Read it, or raise its faults."""
        if isinstance(data, list):
            return self._sample(data)
        if isinstance(data, dict) and "csv" in data:
            return SampleFile.model_validate(data)
        return Leaf(kinds.DURATION, by=()).read(data)  # type: ignore[return-value]

    def _sample(self, data: list[Any]) -> tuple[float, ...]:
        days: list[float] = []
        faults: list[Fault] = []
        for place, value in enumerate(data):
            try:
                days.append(Leaf(kinds.COUNT, by=()).read(value).value)  # type: ignore[union-attr]
            except ValidationError as error:
                faults += below((place,), error)
        if not data:
            faults.append(((), fault("C317", "the list of times is empty")))
        if faults:
            raise raised(faults)
        return tuple(days)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        sample = {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 1}
        file = named("SampleFile")
        return {"anyOf": [Leaf(kinds.DURATION, by=()).json_schema(), sample, file]}


class CensusEntry(Part):
    """People who hold a place in a setting at the start."""

    people: CountByCohort | None = None
    """How many; the number of times in `elapsed` if left out."""
    elapsed: Annotated[Elapsed | None, _Elapsed()] = None
    """How long they have been there."""
    stays: Annotated[str | None, OneOf(("equilibrium",))] = None
    """`equilibrium`: remaining stays of people found there in the long run."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that people can be counted, and that their stays are told once."""
        if self.people is None and (self.elapsed is None or isinstance(self.elapsed, Quantity)):
            return [((), fault("C202", "`people` is missing", hint="write how many there are"))]
        if self.elapsed is not None and self.stays is not None:
            return [(("stays",), fault("C316", "`stays` and `elapsed` cannot both be given"))]
        return []


def _long_entry(data: Any) -> Any:
    return {"people": data} if is_leaf(data) else data


AnyEntry = Annotated[
    CensusEntry | By[CensusEntry],
    Scoped(CensusEntry, _long_entry, short=(named("count_by_cohort_by_locality"),)),
]


@dataclass(frozen=True)
class _Queued(Plain):
    """People who wait for one setting: by source, or a count if it has one source."""

    def read(self, data: Any) -> dict[str, Quantity | By[Quantity]] | Quantity | By[Quantity]:
        """Read it, or raise its faults."""
        count = Leaf(kinds.COUNT)
        if not isinstance(data, dict) or is_leaf(data):
            return count.read(data)
        by_source: dict[str, Quantity | By[Quantity]] = {}
        faults: list[Fault] = []
        for source, value in data.items():
            try:
                by_source[source] = count.read(value)
            except ValidationError as error:
                faults += below((source,), error)
        if faults:
            raise raised(faults)
        return by_source

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        count = Leaf(kinds.COUNT).json_schema()
        return {"anyOf": [count, {"type": "object", "additionalProperties": count}]}


class Initial(Part):
    """A count of who is there at the start."""

    census: dict[Name, AnyEntry] = Field(default_factory=dict)
    """People who hold a place, by setting."""
    queue: dict[Name, Annotated[Any, _Queued()]] = Field(default_factory=dict)
    """People who wait for a setting, by source."""


AnyInitial = Annotated[str | Initial, WordOr(("empty", "steady_state"), Initial)]
"""The start: `empty`, `steady_state`, or a count of who is there."""
