"""Which way of each indicator is better for people, where one is by itself."""

from __future__ import annotations

from typing import Literal

from caresim.indicators import INDICATORS, split_id, unit_of

Better = Literal["lower", "higher"]

LOWER = frozenset(
    {
        "delayed",
        "delayed_by_reason",
        "delayed_by_responsible",
        "delayed_by_group",
        "bed_days_lost_per_year",
        "waiting",
        "mean_wait_days",
        "lost_per_day",
        "lost_share",
        "diverted_per_day",
        "left_waiting_per_day",
        "care_home_admissions_per_year",
        "no_criteria_to_reside",
        "no_criteria_to_reside_day_end",
        "discharge_ready_bed_days_per_day",
        "wait_days_p50",
        "wait_days_p95",
        "delayed_share",
        "delay_days_mean",
        "delay_days_p50",
        "delay_days_p95",
        "delay_days_mean_by_reason",
        "delay_days_p50_by_reason",
        "delay_days_p95_by_reason",
        "swaps_per_year",
    }
)
"""Indicators of which less is better."""

HIGHER = frozenset({"care_days_outside_share"})
"""Indicators of which more is better. Of all others (admissions, occupancy, stays) neither more
nor less is better by itself; nor of deaths, since only people in care are followed: an option
that lets more of them in counts more deaths, and saves nobody or costs no life thereby."""

MONEY: dict[str, tuple[str, Better]] = {
    "cost_per_year": ("GBP per year", "lower"),
    "net_present_cost": ("GBP", "lower"),
    "net_present_value": ("GBP", "higher"),
}
"""What is compared of money beside the indicators: unit, and which way is better."""


def better_way(measure: str) -> Better | None:
    """Return which way of an indicator or a sum of money is better; None where neither is.

    Examples
    --------
    >>> better_way("delayed.acute"), better_way("occupancy.acute")
    ('lower', None)
    """
    if measure in MONEY:
        return MONEY[measure][1]
    indicator = split_id(measure)[0]
    if indicator in LOWER:
        return "lower"
    return "higher" if indicator in HIGHER else None


def unit(measure: str) -> str:
    """Return the unit of an indicator or a sum of money."""
    return MONEY[measure][0] if measure in MONEY else unit_of(measure)


def is_known(measure: str) -> bool:
    """Whether there is such an indicator, of any setting, or such a sum of money."""
    return measure in MONEY or split_id(measure)[0] in INDICATORS
