"""The whole file, as written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field

from caresim.scenario.schema import kinds
from caresim.scenario.schema.arrival import Arrival
from caresim.scenario.schema.dated import Date, Month, PriceYear
from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import Name, OneOf, OneOrMore, Plain, Text
from caresim.scenario.schema.lazy import Rarely
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import PlainDuration, PlainFigure, PlainShare
from caresim.scenario.schema.part import Part, kind_of
from caresim.scenario.schema.people import Cohort, Locality
from caresim.scenario.schema.run import Run
from caresim.scenario.schema.setting import Setting
from caresim.scenario.schema.start import AnyInitial
from caresim.scenario.values import Quantity

RESPONSIBLE = ("nhs", "social_care", "both", "housing", "person")
"""Who can put an end to a delay."""

GROUPS = (
    "capacity",
    "interface_process",
    "hospital_process",
    "care_transfer_hub",
    "wellbeing",
)
"""Groups of reasons in NHS England's acute discharge situation report."""


AnyIntervention = Annotated[Any, Rarely("intervention", "Intervention")]
AnyFeedback = Annotated[Any, Rarely("feedback", "Feedback")]
AnyStaffGroup = Annotated[Any, Rarely("workforce", "StaffGroup")]
AnyPopulation = Annotated[Any, Rarely("population", "PopulationStocks")]
AnyBudget = Annotated[Any, Rarely("budget", "Budget")]
AnyOrganisation = Annotated[Any, Rarely("accounts", "Organisation")]
AnyPayment = Annotated[Any, Rarely("money", "Payment")]
AnyPool = Annotated[Any, Rarely("money", "Pool")]
AnyAppraisal = Annotated[Any, Rarely("money", "Appraisal")]
AnyCalibration = Annotated[Any, Rarely("calibration", "Calibration")]


class Place(Part):
    """The place modelled."""

    name: Text | None = None
    """Its name."""
    code: Text | None = None
    """Its code."""
    kind: Annotated[str, OneOf(("board", "council", "trust", "neighbourhood", "abstract"))] = (
        "abstract"
    )
    """What kind of place it is."""


class Source(Part):
    """Where figures come from."""

    title: Text | None = None
    """Title."""
    publisher: Text | None = None
    """Who published it."""
    year: Text | None = None
    """When."""
    url: Text | None = None
    """Where it can be read."""
    status: Annotated[str | None, OneOf(("read", "derived", "unverified"))] = None
    """Whether the figures were read there, derived from it, or are not verified."""
    population: Text | None = None
    """Whom shares from this source are of, such as `adults 18+`."""


class Reason(Part):
    """A reason for delay."""

    label: Text | None = None
    """Text for people."""
    responsible: Annotated[str, OneOf(RESPONSIBLE)] = "both"
    """Who can put an end to it."""
    group: Annotated[str, OneOf(GROUPS)] = "interface_process"
    """Its group in the acute discharge situation report."""


class Option(Part):
    """Something that might be done instead."""

    label: Text | None = None
    """Text for people; its name if left out."""
    interventions: Annotated[list[Text], OneOrMore] = Field(default_factory=list)
    """What is done in it, by name."""
    set: Annotated[dict[str, Any] | None, Field()] = None
    """Values to replace, by their path in this file."""
    plan: dict[Text, dict[Month, PlainFigure]] = Field(default_factory=dict)
    """Planned change of indicators from doing nothing, by month."""


class Published(Part):
    """A published figure to print beside the simulated one."""

    indicator: Text
    """Id of the indicator, with the setting after a dot where it has one."""
    value: Annotated[Quantity, Leaf(kinds.FIGURE, by=())]
    """The figure."""
    from_: Annotated[Date, Field(alias="from")]
    """The first day it is of."""
    to: Date
    """The first day it is no longer of."""
    source: Text | None = None
    """Where it is from."""
    note: Text | None = None
    """Anything to add."""

    def inconsistencies(self) -> list[Fault]:
        """See that the dates are in order."""
        if self.to <= self.from_:
            return [(("to",), fault("C506", f"{self.to} is not after {self.from_}"))]
        return []


VERSION = 1
"""The version of the language that this caresim reads."""


@dataclass(frozen=True)
class _Version(Plain):
    def read(self, data: Any) -> int:
        """Read it, or raise its faults."""
        if data == VERSION and isinstance(data, int) and not isinstance(data, bool):
            return VERSION
        message = f"{kind_of(data)} is not a version of the language that can be read here"
        why = "what keys mean differs between versions"
        hint = f"write `caresim: {VERSION}`, or use the caresim that the file was written for"
        raise fault("C321", message, why=why, hint=hint)

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of what may be written."""
        return {"const": VERSION}


class ScenarioFile(Part):
    """A scenario: a place, its people, settings and arrivals, options, and how to run."""

    reserved: ClassVar[frozenset[str]] = frozenset({"study"})

    caresim: Annotated[int, _Version()]
    """Version of the language; 1."""
    title: Text | None = None
    """What is modelled; the file's name if left out."""
    description: Text | None = None
    """More about it."""
    import_: Annotated[list[Text], OneOrMore, Field(alias="import")] = Field(default_factory=list)
    """Files merged before this one."""
    place: Place | None = None
    """The place modelled."""
    start_date: Date = "2024-01-01"
    """First day."""
    duration: PlainDuration | None = None
    """How long."""
    end_date: Date | None = None
    """First day not simulated, in place of `duration`."""
    sources: dict[Name, Source] = Field(default_factory=dict)
    """Where figures come from, by the ids used elsewhere in the file."""
    reasons: dict[Name, Reason] = Field(default_factory=dict)
    """Reasons for delay, added to the built-in ones."""
    cohorts: dict[Name, Cohort] = Field(default_factory=dict)
    """Groups of people; one, `everyone`, if left out."""
    localities: dict[Name, Locality] = Field(default_factory=dict)
    """Parts of the place, into which every cohort is split."""
    settings: dict[Name, Setting]
    """Where care happens."""
    arrivals: dict[Name, Arrival] = Field(default_factory=dict)
    """People who come from outside."""
    initial: AnyInitial = "empty"
    """Who is there at the start."""
    options: dict[Name, Option] = Field(default_factory=dict)
    """What might be done instead."""
    run: Run = Run()
    """How to run."""
    published: dict[Name, Published] = Field(default_factory=dict)
    """Published figures to print beside the simulated ones."""
    interventions: dict[Name, AnyIntervention] = Field(default_factory=dict)
    """What may be done, with its effects over time."""
    feedbacks: dict[Name, AnyFeedback] = Field(default_factory=dict)
    """Loops: what is observed in the running model, and which inputs answer."""
    workforce: dict[Name, AnyStaffGroup] = Field(default_factory=dict)
    """Staff groups, whose people at work limit what places can be used."""
    population: AnyPopulation = None
    """The population as stocks."""
    budgets: dict[Name, AnyBudget] = Field(default_factory=dict)
    """Money that feedbacks observe."""
    price_year: PriceYear | None = None
    """Financial year of the prices in results."""
    deflator: dict[PriceYear, PlainShare] = Field(default_factory=dict)
    """Rise of prices from the year before, by financial year, where it is not known here."""
    organisations: dict[Name, AnyOrganisation] = Field(default_factory=dict)
    """Who pays and is paid."""
    payments: dict[Name, AnyPayment] = Field(default_factory=dict)
    """Rules by which organisations pay each other."""
    pools: dict[Name, AnyPool] = Field(default_factory=dict)
    """Pooled budgets."""
    appraisal: AnyAppraisal = None
    """How options are appraised."""
    calibration: AnyCalibration = None
    """Inputs to be fitted to observed figures."""
