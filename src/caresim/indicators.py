"""What caresim reports of a run: the ids of the indicators, their units and what they mean.

Only the definitions stand here, so that a scenario file can be checked for the ids it names;
:mod:`caresim.results.indicators` works them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Per = Literal["place", "setting", "pathway", "reason", "responsible", "group"]
"""What an indicator is stated for: the whole place modelled, or each of something in it."""

HOSPITAL_KINDS = ("emergency", "acute")
"""Kinds of setting that are hospital care."""

OUTSIDE_KINDS = ("clinic", "intermediate", "community", "home")
"""Kinds of setting whose care-days count as care outside hospital and residential care."""


@dataclass(frozen=True)
class Indicator:
    """A figure reported of every run.

    Attributes
    ----------
    id
        Its name. The id of a figure for one setting, reason or pathway is this, a dot, and
        that name: ``occupancy.acute``.
    per
        What it is stated for.
    total
        Whether it is stated for the whole place as well, under the bare id.
    unit
        Unit of the figure.
    meaning
        The definition, in words.
    """

    id: str
    per: Per
    total: bool
    unit: str
    meaning: str

    @property
    def pattern(self) -> str:
        """How the ids of this indicator are written, such as ``occupancy.SETTING``."""
        if self.per == "place":
            return self.id
        each = f"{self.id}.{self.per.upper()}"
        return f"{self.id}, {each}" if self.total else each


_ALL = (
    Indicator("admissions_per_day", "setting", False, "people per day", "People who begin a stay."),
    Indicator(
        "occupied",
        "setting",
        True,
        "people",
        "Mean number of people who hold a place, in care or delayed.",
    ),
    Indicator(
        "occupancy",
        "setting",
        False,
        "share of places",
        "Mean places in use, places held for people on their way included, divided by the mean "
        "number of places open. Only where capacity is limited.",
    ),
    Indicator(
        "mean_stay_days",
        "setting",
        False,
        "days",
        "Mean number of people who hold a place divided by admissions a day (Little's law). It "
        "includes days of delay. In a window in which the setting fills or empties it differs "
        "from the mean stay of the people admitted.",
    ),
    Indicator(
        "delayed",
        "setting",
        True,
        "people",
        "Mean number of people who have ended their stay and not moved: in arrangement, waiting "
        "for a place, or in transfer.",
    ),
    Indicator(
        "delayed_by_reason",
        "reason",
        False,
        "people",
        "Mean number of people delayed, in all settings, by what they wait for.",
    ),
    Indicator(
        "delayed_by_responsible",
        "responsible",
        False,
        "people",
        "Mean number of people delayed, in all settings, by who is responsible for the reason.",
    ),
    Indicator(
        "delayed_by_group",
        "group",
        False,
        "people",
        "Mean number of people delayed, in all settings, by the group of reasons used in the "
        "acute discharge situation report.",
    ),
    Indicator(
        "bed_days_lost_per_year",
        "setting",
        True,
        "bed-days per year",
        "Days that people spend delayed in a place, in a year of 365 days: 365 times `delayed`.",
    ),
    Indicator(
        "waiting", "setting", True, "people", "Mean number of people who wait outside any setting."
    ),
    Indicator(
        "mean_wait_days",
        "setting",
        False,
        "days",
        "Mean number of people waiting outside divided by the people a day who ask from outside "
        "(Little's law); those who find a place at once count as a wait of 0 days. Only where "
        "somebody asks from outside.",
    ),
    Indicator(
        "lost_per_day", "setting", True, "people per day", "People turned away for want of room."
    ),
    Indicator(
        "lost_share",
        "setting",
        False,
        "share of arrivals",
        "People turned away divided by the people who ask from outside.",
    ),
    Indicator(
        "diverted_per_day",
        "setting",
        True,
        "people per day",
        "People sent to another setting because this one was full.",
    ),
    Indicator(
        "left_waiting_per_day",
        "setting",
        True,
        "people per day",
        "People who leave the wait outside before a place is free.",
    ),
    Indicator(
        "discharges_per_day",
        "pathway",
        True,
        "people per day",
        "People who leave settings of kind acute alive, except to another acute setting. "
        "By pathway: those whose route counts as pathway 0, 1, 2 or 3.",
    ),
    Indicator(
        "discharge_share",
        "pathway",
        False,
        "share of discharges",
        "Discharges from settings of kind acute on a pathway, divided by those on any pathway.",
    ),
    Indicator(
        "deaths_per_year",
        "setting",
        True,
        "people per year",
        "People who die in the setting or waiting for it, in a year of 365 days. People who "
        "are in no setting are not followed.",
    ),
    Indicator(
        "care_home_admissions_per_year",
        "place",
        False,
        "people per year",
        "Permanent admissions to care homes: admissions to settings of kind residential in a "
        "year of 365 days.",
    ),
    Indicator(
        "care_days_outside_share",
        "place",
        False,
        "share of care-days",
        "The shift: care-days in settings of kind clinic, intermediate, community and home, "
        "divided by the care-days in all settings.",
    ),
    Indicator(
        "no_criteria_to_reside",
        "place",
        False,
        "people",
        "People in acute settings who no longer meet the criteria to reside, as England counts "
        "them each day: those who remain delayed, and all who are discharged that day, on "
        "whatever pathway and delayed or not, since the count is taken before the day's "
        "discharges. Mean delayed in settings of kind acute plus `discharges_per_day`.",
    ),
    Indicator(
        "no_criteria_to_reside_day_end",
        "place",
        False,
        "people",
        "People in acute settings who no longer meet the criteria to reside and remain there "
        "when the day's discharges are done: mean delayed in settings of kind acute. The time "
        "average stands for the count at the end of the day.",
    ),
    Indicator(
        "discharge_ready_bed_days_per_day",
        "place",
        False,
        "bed-days per day",
        "Bed-days after the discharge ready date, by day. The published figure counts midnights "
        "between the date a person is ready and the date they leave; its mean is the number of "
        "people delayed at midnight, for which the mean number delayed over the whole day in "
        "settings of kind acute stands here (approximation: too high if people leave by day "
        "and become ready by day, since fewer are delayed at midnight than at noon).",
    ),
    Indicator(
        "wait_days_p50",
        "setting",
        False,
        "days",
        "Median wait outside of the people who ask for the setting from outside and are not "
        "turned away at once; those who find a place at once wait 0 days. Of waits that end in "
        "the window, with a place or without. Quantiles here are within 1.6%. Not from the flow "
        "engine.",
    ),
    Indicator(
        "wait_days_p95",
        "setting",
        False,
        "days",
        "95th percentile of the same waits. Not from the flow engine.",
    ),
    Indicator(
        "delayed_share",
        "setting",
        False,
        "share of stays",
        "People who leave after a delay divided by all stays that end. Not from the flow engine.",
    ),
    *(
        Indicator(
            f"delay_days_{name}",
            "setting",
            False,
            "days",
            f"{words} delay, from the end of the stay to the move, of the people who are delayed "
            "at all, in the setting they are delayed in. Not from the flow engine.",
        )
        for name, words in (("mean", "Mean"), ("p50", "Median"), ("p95", "95th percentile of the"))
    ),
    *(
        Indicator(
            f"delay_days_{name}_by_reason",
            "reason",
            False,
            "days",
            f"{words} time for which people are delayed for the reason without a break, in all "
            "settings; one delay may have several reasons in turn. Not from the flow engine.",
        )
        for name, words in (("mean", "Mean"), ("p50", "Median"), ("p95", "95th percentile of the"))
    ),
    Indicator(
        "stay_days_p50",
        "setting",
        False,
        "days",
        "Median length of the stays that end in the window, days of delay included. Not from the "
        "flow engine.",
    ),
    Indicator(
        "stay_days_p95",
        "setting",
        False,
        "days",
        "95th percentile of the same lengths. Not from the flow engine.",
    ),
    *(
        Indicator(
            f"stays_{days}_plus_share",
            "setting",
            False,
            "share of stays",
            f"Stays that end in the window after {days} days or more, days of delay included, "
            "divided by all that end. Not from the flow engine.",
        )
        for days in (7, 14, 21)
    ),
    Indicator(
        "swaps_per_year",
        "place",
        False,
        "people per year",
        "People who change places because each holds the place that another needs.",
    ),
)

INDICATORS: Mapping[str, Indicator] = {indicator.id: indicator for indicator in _ALL}
"""Every indicator by its id, in the order in which they are printed."""


def split_id(full_id: str) -> tuple[str, str]:
    """Split an id into the indicator and what it is stated for.

    Examples
    --------
    >>> split_id("occupancy.acute")
    ('occupancy', 'acute')
    >>> split_id("waiting")
    ('waiting', '')
    """
    indicator, _, of = full_id.partition(".")
    return indicator, of


def unit_of(full_id: str) -> str:
    """Return the unit of an indicator, such as that of ``occupancy.acute``.

    Raises
    ------
    KeyError
        If there is no such indicator.
    """
    return INDICATORS[split_id(full_id)[0]].unit


def is_indicator(
    full_id: str, *, settings: tuple[str, ...] = (), reasons: tuple[str, ...] = ()
) -> bool:
    """Whether an id names an indicator of a place with these settings and reasons.

    Examples
    --------
    >>> is_indicator("occupancy.acute", settings=("acute",))
    True
    >>> is_indicator("occupancy", settings=("acute",))
    False
    """
    name, of = split_id(full_id)
    indicator = INDICATORS.get(name)
    if indicator is None:
        return False
    if not of:
        return indicator.per == "place" or indicator.total
    known: Mapping[Per, tuple[str, ...]] = {
        "place": (),
        "setting": settings,
        "reason": reasons,
        "pathway": ("pathway_0", "pathway_1", "pathway_2", "pathway_3"),
        "responsible": RESPONSIBLE,
        "group": GROUPS,
    }
    return of in known[indicator.per]


RESPONSIBLE = ("nhs", "social_care", "both", "housing", "person")
"""Who may be responsible for a reason for delay (scenario specification, 3)."""

GROUPS = ("capacity", "interface_process", "hospital_process", "care_transfer_hub", "wellbeing")
"""Groups of reasons for delay of the acute discharge situation report."""
