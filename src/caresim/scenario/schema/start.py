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
from caresim.scenario.schema.stay import Stay, long_stay
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


def _long_remaining(data: Any) -> Any:
    """Write out the short forms: observed times, and those of a stay."""
    if isinstance(data, list):
        return {"distribution": "empirical", "values": data}
    if isinstance(data, dict) and data and set(data) <= {"csv", "column"}:
        return {"distribution": "empirical", **data}
    return long_stay(data)


AnyRemaining = Annotated[
    Stay | By[Stay],
    Scoped(
        Stay,
        _long_remaining,
        short=(
            named("duration_uncertain_by_cohort_by_locality"),
            {"type": "array", "items": {"type": ["number", "string"]}, "minItems": 1},
            named("SampleFile"),
        ),
    ),
]


_TOLD_ONCE = "each says how much longer those there will stay"


class CensusEntry(Part):
    """People who hold a place in a setting at the start."""

    people: CountByCohort | None = None
    """How many; the number of times listed in `elapsed` or `remaining` if left out."""
    elapsed: Annotated[Elapsed | None, _Elapsed()] = None
    """How long they have been there."""
    remaining: AnyRemaining | None = None
    """How much longer they will stay."""
    stays: Annotated[str | None, OneOf(("equilibrium",))] = None
    """`equilibrium`: remaining stays of people found there in the long run."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that people can be counted, and that their stays are told once."""
        if self.people is None and not self._lists_people():
            return [((), fault("C202", "`people` is missing", hint="write how many there are"))]
        told = [key for key in ("remaining", "elapsed", "stays") if getattr(self, key) is not None]
        if len(told) > 1:
            first, second = told[1], told[0]
            said = f"`{first}` and `{second}` cannot both be given"
            return [((first,), fault("C316", said, why=_TOLD_ONCE))]
        return []

    def _lists_people(self) -> bool:
        """Whether there are times, each of a person."""
        listed = isinstance(self.remaining, Stay) and self.remaining.lists_times
        return listed or not (self.elapsed is None or isinstance(self.elapsed, Quantity))


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
