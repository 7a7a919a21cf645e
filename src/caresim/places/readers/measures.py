"""The measures that readers give: ids, units and what they mean.

The id of a part of a measure is that of the measure, a dot and the part:
``delayed_transfer_days.acute``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Measure:
    """A measure.

    Attributes
    ----------
    id
        Its name.
    unit
        Unit of its figures.
    meaning
        What is counted, and over whom.
    parts
        What its parts tell apart.
    never_zero
        Whether its total is far from 0 in any area of the usual size, so that a month of
        zeros is a missing return.
    """

    id: str
    unit: str
    meaning: str
    parts: str = ""
    never_zero: bool = False


_STAYS = "stays of 7, 14 and 21 days or more: 7_plus, 14_plus, 21_plus"
_BANDS = "days of delay: no_delay, one_day, two_three, four_six, seven_thirteen, fourteen_twenty, \
twenty_one_plus"
_SECTORS = "general_acute, learning_disability, maternity, mental_illness; in monthly figures \
also adult_general_acute, paediatric_general_acute and critical care"
_TYPES = "type_1 (major departments), type_2 (single specialty), type_3 (minor injury and other), \
booked appointments"

_ALL = (
    Measure(
        "delayed_transfer_days",
        "bed-days in the period",
        "Days of delayed transfer of care: adults (18 or over) in NHS-funded acute and non-acute "
        "beds who were ready for transfer and still in the bed, one for each person and day.",
        "acute, non_acute; nhs, social_care, both (responsible); reason.NAME",
        True,
    ),
    Measure(
        "delayed_transfer_patients",
        "people",
        "People whose transfer was delayed at midnight on the last Thursday of the month (until "
        "March 2017).",
        "as delayed_transfer_days",
    ),
    Measure(
        "no_criteria_to_reside",
        "people",
        "Adults in acute hospital beds of trusts with a major emergency department who no longer "
        "meet the criteria to reside, counted before the discharges of the day; the mean over "
        "days in monthly figures.",
        never_zero=True,
    ),
    Measure(
        "no_criteria_to_reside_day_end",
        "people",
        "Those of them who remain in hospital at the end of the day.",
        never_zero=True,
    ),
    Measure(
        "discharges",
        "people in the period",
        "Adults discharged from these beds who no longer met the criteria to reside.",
        "by_17_00, after_17_00",
        True,
    ),
    Measure("discharges_per_day", "people per day", "Mean of `discharges` over the days."),
    Measure(
        "pathway_discharges",
        "people in the period",
        "Discharges by pathway 0 to 3 and destination. Shares are of all adult discharges, "
        "unlike the split of people over 65 that policy states.",
        "pathway_0 to pathway_3, then the destination",
    ),
    Measure(
        "delayed_by_reason",
        "people",
        "People with no criteria to reside who stay, by main reason; mean over the days of the "
        "month. Asked only of those with stays over a number of days that changed in time.",
        "the group of the reason, then the reason",
    ),
    Measure(
        "additional_bed_days",
        "bed-days",
        "Days since people in beds today no longer met the criteria to reside, summed; a weekly "
        "snapshot.",
        _STAYS,
    ),
    Measure("long_stay_patients", "people", "People in general and acute beds by stay.", _STAYS),
    Measure(
        "ready_date_discharges",
        "people in the period",
        "Adults discharged from acute beds of trusts with acceptable data on discharge ready "
        "dates.",
        "same_day, delayed (a day or more after); " + _BANDS,
        True,
    ),
    Measure(
        "ready_date_bed_days",
        "bed-days in the period",
        "Days between the discharge ready date and the date of discharge, of those discharged "
        "in the period.",
        _BANDS,
    ),
    Measure(
        "ready_date_mean_delay_days",
        "days",
        "Mean days between the discharge ready date and discharge.",
        "excluding_zero (of those delayed), including_zero",
    ),
    Measure("ready_date_share", "share", "Share of discharges.", "same_day, delayed; " + _BANDS),
    Measure("ready_date_share_of_delayed", "share", "Share of those delayed.", _BANDS),
    Measure(
        "ready_date_coverage",
        "share",
        "Share of discharges, or of trusts, with acceptable data.",
        "discharges, providers",
    ),
    Measure("ready_date_providers", "organisations", "Trusts with acceptable data."),
    Measure(
        "beds_available",
        "beds",
        "Beds open overnight, mean over the days of the period.",
        _SECTORS,
        True,
    ),
    Measure("beds_occupied", "beds", "Those of them that were occupied.", _SECTORS, True),
    Measure("bed_occupancy", "share", "Occupied beds divided by available beds.", _SECTORS),
    Measure(
        "emergency_attendances",
        "people in the period",
        "Attendances at accident and emergency departments, all ages.",
        _TYPES,
        True,
    ),
    Measure(
        "emergency_attendances_over_4_hours",
        "people in the period",
        "Those who spent more than 4 hours from arrival to admission, transfer or discharge.",
        _TYPES,
    ),
    Measure(
        "emergency_admissions",
        "people in the period",
        "Emergency admissions, through an emergency department or otherwise, all ages.",
        "type_1, type_2, type_3, through_department, otherwise",
        True,
    ),
    Measure(
        "waits_for_admission",
        "people in the period",
        "People who waited from the decision to admit to admission.",
        "over_4_hours, 4_to_12_hours, over_12_hours",
    ),
    Measure("emergency_share", "share", "Share of attendances or admissions.", "as named"),
    Measure("consultant_episodes", "episodes in the period", "Finished consultant episodes."),
    Measure(
        "admission_episodes",
        "admissions in the period",
        "Finished admission episodes, all ages.",
        "emergency, waiting_list, planned, other",
    ),
    Measure("emergency_share_of_admissions", "share", "Emergency admissions of all admissions."),
    Measure("episode_bed_days", "bed-days in the period", "Bed-days of finished episodes."),
    Measure("mean_stay_days", "days", "Mean length of stay of admitted people."),
    Measure("median_stay_days", "days", "Median length of stay."),
    Measure("day_cases", "episodes in the period", "Episodes of people admitted for the day."),
    Measure(
        "population",
        "people",
        "People resident, at mid-year (30 June).",
        "age_0 to age_90_plus",
    ),
    Measure("community_beds", "beds", "Beds of intermediate care on the day of the audit.", "use"),
    Measure("community_stay_days", "days", "Mean stay in them.", "use"),
    Measure(
        "urgent_response_referrals",
        "people in the period",
        "Referrals to urgent community response.",
    ),
    Measure("urgent_response_contacts", "contacts in the period", "Its care contacts."),
    Measure("urgent_response_within_2_hours", "share", "Share reached within two hours."),
    Measure("referrals_per_day", "people per day", "Referrals to a pathway, expected.", "pathway"),
    Measure("places", "places", "Capacity of a pathway: slots for visits, or beds.", "pathway"),
    Measure("stay_days", "days", "Stay on a pathway.", "pathway, then mean or median"),
    Measure(
        "stay_parameter",
        "none",
        "Parameter of the distribution of the stay.",
        "pathway, then mu, sigma (lognormal), initial_visits, final_visits",
    ),
    Measure("people_in_service", "people", "People on a pathway at the start.", "pathway"),
    Measure("people_waiting", "people", "People waiting in hospital for it.", "pathway"),
    Measure("cost_per_day", "GBP per day", "Price of a day.", "pathway, then community or acute"),
    Measure("simulated", "as named", "Output of the published model.", "pathway, then the output"),
)

MEASURES: Mapping[str, Measure] = {measure.id: measure for measure in _ALL}
"""Every measure by id."""


def head(id: str) -> str:
    """Return the measure that an id is part of.

    Examples
    --------
    >>> head("delayed_transfer_days.reason.choice")
    'delayed_transfer_days'
    """
    return id.partition(".")[0]


@cache
def unit_of(id: str) -> str:
    """Return the unit of a measure or of its part; ``as in the file`` for any other."""
    measure = MEASURES.get(head(id))
    return measure.unit if measure else "as in the file"


def is_share(id: str) -> bool:
    """Whether figures of a measure lie between 0 and 1."""
    return unit_of(id) == "share"
