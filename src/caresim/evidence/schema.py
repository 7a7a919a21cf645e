"""An entry of the library as its file holds it, checked when it is read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from caresim.evidence.measures import UNUSABLE
from caresim.evidence.vocabulary import (
    DESIGNS,
    OUTCOMES,
    Design,
    Finding,
    Grade,
    IntervalKind,
    Kind,
    Measure,
    Status,
)

if TYPE_CHECKING:
    from caresim.evidence.effect import Effect

Words = Annotated[str, Field(min_length=3)]


class Part(BaseModel):
    """Frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Study(Part):
    """A study or report, and how far it can be trusted.

    ``status`` is ``read`` if its figures were read in it or in a page about it, ``derived`` if
    they were worked out from such figures, ``unverified`` if written down from memory.
    """

    title: Words
    year: int | None = None
    link: str = ""
    status: Status = "read"
    population: Words
    design: Design
    grade: Grade

    @model_validator(mode="after")
    def _grade_fits_design(self) -> Self:
        best = DESIGNS[self.design].best_grade
        if self.grade < best:
            raise ValueError(f"grade {self.grade} is better than {self.design} can be ({best})")
        return self

    @property
    def cited(self) -> str:
        """Title, year and link in one line."""
        when = f" ({self.year})" if self.year is not None else ""
        return f"{self.title}{when}{', ' if self.link else ''}{self.link}"


class Reported(Part):
    """One effect, in the measure of its study.

    ``of`` narrows the outcome (a group, a period); ``says`` is a sentence in place of numbers;
    ``use`` marks the one to use where a study reports an outcome several times; ``base_risk``
    and ``base_rate`` are levels without the service; ``like`` names the effects whose spread an
    interval of kind ``like`` was set by; ``most`` bounds a reduction, in per cent.
    """

    id: str = ""
    outcome: str
    study: str
    measure: Measure
    of: str = ""
    central: float | None = None
    low: float | None = None
    high: float | None = None
    level: Annotated[float, Field(gt=0, lt=1)] = 0.95
    interval: IntervalKind = "confidence"
    like: tuple[str, ...] = ()
    unit: str = ""
    base_risk: Annotated[float, Field(gt=0, lt=1)] | None = None
    base_rate: Annotated[float, Field(gt=0)] | None = None
    most: Annotated[float, Field(gt=0, le=100)] = 100.0
    says: str = ""
    note: str = ""
    finding: Finding | None = None
    status: Status | None = None
    use: bool = False

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"no outcome {self.outcome}")
        if (self.central is None) != (self.measure == "stated"):
            raise ValueError("a number stands in every measure but `stated`")
        if (self.central is None) and not self.says:
            raise ValueError("without a number, `says` is needed")
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends")
        if self.central is not None and self.low is not None and self.high is not None:
            if not self.low <= self.central <= self.high:
                raise ValueError(f"{self.central:g} is outside {self.low:g} to {self.high:g}")
        elif self.finding is None:
            raise ValueError("without an interval, `finding` must be stated")
        if bool(self.like) != (self.interval == "like"):
            raise ValueError("`like` belongs to intervals of that kind")
        return self

    @property
    def usable(self) -> bool:
        """Whether a distribution can be made of it."""
        return self.measure not in UNUSABLE and self.low is not None


class Pool(Part):
    """Effects of one outcome that are combined into one; ``says`` tells why they may be."""

    outcome: str
    effects: Annotated[tuple[str, ...], Field(min_length=3)]
    says: Words


class Ramp(Part):
    """How soon effects show: years until all of it, if known, and what is known."""

    years: float | None = None
    says: Words


class Entry(Part):
    """What is known about one way to change care.

    ``acts_on`` are the inputs of a scenario that it usually changes, ``unknown`` says plainly
    what nobody knows, ``not_combined`` why several figures are not made into one.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Words
    kind: Kind
    what: Words
    acts_on: tuple[str, ...] = ()
    cost: Words
    ramp: Ramp
    unknown: Words
    why_not: str = ""
    not_combined: str = ""
    studies: dict[str, Study]
    effects: tuple[Reported, ...]
    combined: tuple[Pool, ...] = ()

    @model_validator(mode="after")
    def _names_meet(self) -> Self:
        for reported in self.effects:
            if reported.study not in self.studies:
                raise ValueError(f"no study {reported.study}")
        ids = {reported.id for reported in self.effects if reported.id}
        for pool in self.combined:
            if not ids.issuperset(pool.effects):
                raise ValueError(f"{pool.outcome}: no effect of one of the ids to combine")
            if any(self._with_id(name).outcome != pool.outcome for name in pool.effects):
                raise ValueError(f"{pool.outcome}: effects of another outcome are combined")
        if (self.kind == "not_supported") != bool(self.why_not):
            raise ValueError("`why_not` belongs to what is not supported")
        pooled = {pool.outcome for pool in self.combined}
        usable = Counter(r.outcome for r in self.effects if r.usable)
        marked = Counter(r.outcome for r in self.effects if r.use)
        for outcome, count in usable.items():
            expected = 0 if outcome in pooled or count == 1 else 1
            if marked[outcome] != expected and self.kind != "not_supported":
                raise ValueError(f"{outcome}: {marked[outcome]} effects marked `use: true`")
        return self

    def _with_id(self, name: str) -> Reported:
        return next(reported for reported in self.effects if reported.id == name)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes for which there is a distribution, in the order of the file."""
        if self.kind == "not_supported":
            return ()
        return tuple(dict.fromkeys(r.outcome for r in self.effects if r.usable))

    def chosen(self, outcome: str) -> Reported | tuple[Reported, ...]:
        """Return the reported effect that is used for an outcome, or all that are combined."""
        for pool in self.combined:
            if pool.outcome == outcome:
                return tuple(self._with_id(name) for name in pool.effects)
        usable = [r for r in self.effects if r.outcome == outcome and r.usable]
        return next((r for r in usable if r.use), usable[0])

    def effect(self, outcome: str) -> Effect:
        """Return the effect on an outcome as a distribution.

        Raises
        ------
        EvidenceError
            If there is none; the message says which outcomes have one.
        """
        from caresim.evidence.distribution import effect_of  # NumPy and SciPy, only if asked for

        return effect_of(self, outcome)
