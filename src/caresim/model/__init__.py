"""The resolved model: the only thing the engines know.

A :class:`Model` is one option of one scenario, fully explicit: every default filled in, every
unit converted (days, people, places), every name replaced by a position, every cohort spelled
out. Names are kept beside the positions so that results can be labelled. Everything is frozen,
and arrays are read-only.

Positions: ``cohort`` indexes :attr:`Model.cohorts`, ``setting`` indexes :attr:`Model.settings`,
``reason`` indexes :attr:`Model.reasons` and ``stay`` indexes :attr:`Model.stays`. A destination
is a setting's position, or one of the negative codes of :class:`Exit`. A **source** is where
someone who waits for a setting comes from: positions ``0 .. len(arrival_names) - 1`` are the
arrivals, and the settings follow.
"""

from caresim.model.change import (
    LEAST_STAY,
    MOST_STAY,
    Change,
    Changed,
    Feedback,
    Intervention,
    Ramp,
    Signal,
)
from caresim.model.people import (
    ArrangementStep,
    Arrivals,
    Census,
    Cycle,
    Queued,
    Route,
)
from caresim.model.places import (
    EXIT_NAMES,
    Exit,
    Leaving,
    MaxWait,
    PlacesPerPerson,
    PlannedMove,
    Reserved,
    Setting,
)
from caresim.model.slow import (
    Budget,
    Opening,
    Population,
    Staff,
    Transition,
)
from caresim.model.time import (
    DAYS_PER_YEAR,
    Calendar,
    FloatArray,
    Timeline,
)
from caresim.model.uncertainty import (
    GivenDraws,
    Target,
    UncertainInput,
)
from caresim.model.whole import (
    Model,
    PublishedFigure,
    Reason,
    RunSettings,
)

__all__ = [
    "DAYS_PER_YEAR",
    "EXIT_NAMES",
    "LEAST_STAY",
    "MOST_STAY",
    "ArrangementStep",
    "Arrivals",
    "Budget",
    "Calendar",
    "Census",
    "Change",
    "Changed",
    "Cycle",
    "Exit",
    "Feedback",
    "FloatArray",
    "GivenDraws",
    "Intervention",
    "Leaving",
    "MaxWait",
    "Model",
    "Opening",
    "PlacesPerPerson",
    "PlannedMove",
    "Population",
    "PublishedFigure",
    "Queued",
    "Ramp",
    "Reason",
    "Reserved",
    "Route",
    "RunSettings",
    "Setting",
    "Signal",
    "Staff",
    "Target",
    "Timeline",
    "Transition",
    "UncertainInput",
]
