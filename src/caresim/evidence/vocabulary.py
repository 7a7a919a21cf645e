"""The words of the library: outcomes, measures, study designs and grades of strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Better = Literal["lower", "higher", "neither"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something a study measures.

    Attributes
    ----------
    label
        For people.
    better
        Which way is a benefit; ``neither`` where fewer is not clearly good or bad.
    """

    label: str
    better: Better = "lower"


OUTCOMES = {
    "emergency_admissions": Outcome("Emergency admissions"),
    "avoidable_admissions": Outcome("Potentially avoidable emergency admissions"),
    "admissions": Outcome("Hospital admissions of any kind"),
    "elective_admissions": Outcome("Elective admissions", "neither"),
    "admission_or_death": Outcome("First emergency admission or death"),
    "admissions_growth": Outcome("Level of emergency admissions after five years of growth"),
    "outpatient_attendances": Outcome("Outpatient attendances", "neither"),
    "emergency_attendances": Outcome("Emergency department attendances"),
    "bed_days": Outcome("Hospital bed-days"),
    "length_of_stay": Outcome("Length of hospital stay"),
    "delayed_days": Outcome("Days of delayed transfers of care"),
    "social_care_delayed_days": Outcome("Delayed days attributed to social care"),
    "readmission": Outcome("Readmission to hospital"),
    "care_home_admission": Outcome("Admission to long-term residential care"),
    "at_home": Outcome("Living at home", "higher"),
    "not_at_home": Outcome("No longer living at home"),
    "alive_at_home": Outcome("Alive and living at home", "higher"),
    "mortality": Outcome("Death"),
    "falls": Outcome("Falls"),
    "fallers": Outcome("People who fall"),
    "fractures": Outcome("Fractures"),
    "home_care_use": Outcome("Use of home care"),
    "care_packages": Outcome("Long-term care packages"),
    "cost": Outcome("Cost to the public purse"),
    "strength": Outcome("Muscle strength", "higher"),
    "experience": Outcome("Experience, quality of life and wellbeing", "higher"),
}
"""Every outcome by id."""

Measure = Literal[
    "percent_change",
    "rate_ratio",
    "risk_ratio",
    "odds_ratio",
    "hazard_ratio",
    "rate_difference",
    "mean_difference",
    "percent_reduction",
    "growth_percent",
    "amount",
    "stated",
]

MEASURES: dict[Measure, str] = {
    "percent_change": "change in per cent of the level without it",
    "rate_ratio": "rate with it divided by rate without it",
    "risk_ratio": "share of people with it divided by share without it",
    "odds_ratio": "odds with it divided by odds without it",
    "hazard_ratio": "hazard with it divided by hazard without it",
    "rate_difference": "rate with it minus rate without it",
    "mean_difference": "mean with it minus mean without it",
    "percent_reduction": "reduction in per cent, as elicited from experts",
    "growth_percent": "growth in per cent over the period; not itself an effect",
    "amount": "an amount, with no comparison that would make it an effect",
    "stated": "reported in words",
}
"""What each measure is; the last three never become a distribution."""

IntervalKind = Literal[
    "confidence", "range", "scaled", "experts", "just_significant", "reported_or_less", "like"
]

INTERVALS: dict[IntervalKind, str] = {
    "confidence": "confidence interval as published",
    "range": "range of the published estimates, read as an interval of the stated level",
    "scaled": (
        "worked out from the p value, or from the interval of the same estimate in other units"
    ),
    "experts": "10th to 90th percentile of the judgements of experts",
    "just_significant": (
        "reported as significant without an interval: taken as only just so, the widest "
        "interval that excludes no change (from none to twice the estimate)"
    ),
    "reported_or_less": (
        "no controlled study: an 80% interval from no gain to all that was reported (or that the "
        "proxy gains), centred half way"
    ),
    "like": (
        "no controlled study: centred on no change, and as wide as the 80% prediction interval "
        "across like services that have been studied (case management, telehealth, support to "
        "care homes)"
    ),
}
"""How the interval of an effect came about."""

Design = Literal[
    "review_of_trials",
    "trial",
    "matched_controls",
    "area_controls",
    "panel",
    "review",
    "cohort",
    "before_after",
    "observed",
    "model",
    "proxy",
    "experts",
    "none",
]


@dataclass(frozen=True, slots=True)
class DesignInfo:
    """A kind of study.

    Attributes
    ----------
    label
        For people.
    best_grade
        The best grade that a study of this kind may be given.
    """

    label: str
    best_grade: int


DESIGNS: dict[Design, DesignInfo] = {
    "review_of_trials": DesignInfo("pooled randomised trials", 1),
    "trial": DesignInfo("randomised trial", 1),
    "matched_controls": DesignInfo("matched controls, not randomised", 3),
    "area_controls": DesignInfo("areas with and without it, before and after", 3),
    "panel": DesignInfo("regression over areas and years", 3),
    "review": DesignInfo("review of studies of many kinds", 3),
    "cohort": DesignInfo("people followed over time, compared without matching", 4),
    "before_after": DesignInfo("before and after, without controls", 5),
    "observed": DesignInfo("figures observed, no comparison", 5),
    "model": DesignInfo("calculated by a model", 5),
    "proxy": DesignInfo("taken from a like service that was studied", 5),
    "experts": DesignInfo("judgement of experts", 6),
    "none": DesignInfo("no controlled study", 6),
}
"""Every kind of study."""

Grade = Literal[1, 2, 3, 4, 5, 6]

GRADES: dict[int, str] = {
    1: "very strong",
    2: "strong",
    3: "moderate",
    4: "weak",
    5: "very weak",
    6: "no study",
}
"""Strength by grade; 6 is also for judgement alone."""

Finding = Literal["adverse", "null", "benefit", "unclear", "opinion", "unknown", "not_supported"]

FINDINGS: dict[Finding, str] = {
    "adverse": "worse, and more than chance",
    "null": "no effect could be shown",
    "benefit": "better, and more than chance",
    "unclear": "a figure whose chance error is not stated, or that shows no cause",
    "opinion": "judgement of experts, not measured",
    "unknown": "no controlled study; the width is an assumption",
    "not_supported": "a claim that its sources do not carry: not for use",
}
"""What was found, in the order in which lists show it."""

MARKS: dict[Finding, str] = {
    "adverse": "ADVERSE",
    "null": "NULL",
    "benefit": "benefit",
    "unclear": "unclear",
    "opinion": "opinion",
    "unknown": "NOT KNOWN",
    "not_supported": "DO NOT USE",
}
"""How lists mark each finding."""

Status = Literal["read", "derived", "unverified"]
Kind = Literal["intervention", "programme", "supply", "mechanism", "expert", "not_supported"]
