"""What is fitted to observed figures, and how, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, ValidationError

from caresim.scenario.schema.dated import Date
from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.schema.fields import Name, OneOf, Plain, Text
from caresim.scenario.schema.measures import PlainFigure, PlainShare
from caresim.scenario.schema.part import Part, kind_of

STATED = "stated"
"""What stands for the interval that the file states already."""

PERIODS = ("day", "week", "month", "quarter", "year")
"""What a figure may be of."""


@dataclass(frozen=True)
class _Prior(Plain):
    """What is believed of an input before anything is observed: an interval, or `stated`.

    The interval is read where it belongs, as a value of that input.
    """

    def read(self, data: Any) -> Any:
        """Read it, or raise its faults."""
        if data == STATED or (isinstance(data, dict) and {"low", "high"} <= set(data)):
            return data
        message = f"an interval or `{STATED}` is expected here, got {kind_of(data)}"
        hint = "write `{low: 4 days, high: 6 days, level: 90%}` in the unit of that input"
        raise fault("C447", message, hint=hint)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"anyOf": [{"const": STATED}, {"type": "object", "required": ["low", "high"]}]}


class _One(Part):
    """A figure and its date."""

    date: Date
    """First day."""
    value: PlainFigure
    """The figure."""


@dataclass(frozen=True)
class _Figures(Plain):
    """Figures by the first day of what they are of."""

    def read(self, data: Any) -> dict[str, float]:
        """Read them, or raise every fault found."""
        if not isinstance(data, dict) or not data:
            raise fault("C203", f"figures by date are expected here, got {kind_of(data)}")
        found: dict[str, float] = {}
        faults: list[Fault] = []
        for key, value in data.items():
            try:
                figure = _One.model_validate({"date": key, "value": value})
                found[figure.date] = figure.value.value
            except ValidationError as error:
                faults += [((key, *path[1:]), said) for path, said in below((), error)]
        if faults:
            raise raised(faults)
        return dict(sorted(found.items()))

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"type": "object", "minProperties": 1}


class Observed(Part):
    """A series of observed figures."""

    measure: Text | None = None
    """The indicator or observation that the figures are of; the name of the series if left out."""
    csv: Text | None = None
    """The file that holds them; `--observed` on the command line takes its place."""
    column: Text | None = None
    """The column of the figures; the name of the series if left out."""
    date: Text = "date"
    """The column of the dates."""
    values: Annotated[dict[str, float] | None, _Figures()] = None
    """The figures by date, in place of a file."""
    period: Annotated[str | None, OneOf(PERIODS)] = None
    """What each figure is of; told from the dates if left out."""
    counted: Annotated[str, OneOf(("per_day", "per_period"))] = "per_day"
    """Whether figures are means over the period and rates per day, or sums over the period."""
    error: PlainShare | None = None
    """Standard error of measurement, as a share of the figure; estimated if left out."""
    source: Text | None = None
    """Where the figures come from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that the figures stand in one place, and can be off by something."""
        found: list[Fault] = []
        if self.csv is not None and self.values is not None:
            message = "figures stand in a file or here, not both"
            found.append((("values",), fault("C316", message, hint="delete `csv` or `values`")))
        if self.error is not None and not 0 < self.error.value < 1:
            message = "an error of measurement lies between 0% and 100%"
            found.append((("error",), fault("C321", message, hint="write a share such as `5%`")))
        return found


class Calibration(Part):
    """Inputs to be fitted to observed figures."""

    inputs: dict[Text, Annotated[Any, _Prior()]] = Field(default_factory=dict)
    """Inputs by their path, each with what is believed before; all uncertain ones if left out."""
    observed: dict[Name, Observed] = Field(default_factory=dict)
    """What was observed."""
    fit_from: Date | None = None
    """The first day fitted; that of the run if left out."""
    fit_to: Date | None = None
    """The first day no longer fitted."""
    hold_out_from: Date | None = None
    """The first day kept to test the fit; `fit_to` if left out."""

    def inconsistencies(self) -> list[Fault]:
        """See that the dates are in order."""
        found: list[Fault] = []
        if self.fit_from and self.fit_to and self.fit_to <= self.fit_from:
            message = f"{self.fit_to} is not after {self.fit_from}"
            found.append((("fit_to",), fault("C506", message)))
        last = self.fit_to or self.fit_from
        if self.hold_out_from and last and self.hold_out_from < last:
            message = f"{self.hold_out_from} is before {last}: those figures are fitted"
            found.append((("hold_out_from",), fault("C506", message)))
        return found
