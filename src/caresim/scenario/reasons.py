"""The reasons for delay that every scenario knows.

Groups, and the reasons behind them, follow the reason list of NHS England's acute discharge
situation report (technical specification of May 2024). Who is responsible is not published with
it: the attribution follows the one of the delayed transfers of care return that it replaced
(guidance of 2018), and is caresim's own where that return had no such reason. A scenario may
give its own for any of them under `reasons`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class BuiltIn(NamedTuple):
    """A reason for delay."""

    label: str
    responsible: str
    group: str


TRANSFER = "transfer"
"""Reason recorded while a person is on the way to a place that is held for them."""

BUILT_IN: Mapping[str, BuiltIn] = {
    # Want of a place, by the kind of setting waited for.
    "capacity_emergency": BuiltIn("No place in an emergency department", "nhs", "capacity"),
    "capacity_acute": BuiltIn("No acute bed", "nhs", "capacity"),
    "capacity_clinic": BuiltIn("No clinic appointment", "nhs", "capacity"),
    "capacity_intermediate": BuiltIn("No place in intermediate care", "both", "capacity"),
    "capacity_community": BuiltIn("No community service", "nhs", "capacity"),
    "capacity_residential": BuiltIn(
        "No residential or nursing home place", "social_care", "capacity"
    ),
    "capacity_home": BuiltIn("No package of care at home", "social_care", "capacity"),
    # Time that passes whatever the capacity.
    "arrangement": BuiltIn("Arrangements, not told apart", "both", "interface_process"),
    "assessment": BuiltIn("Assessment of needs and pathway", "both", "care_transfer_hub"),
    "referral": BuiltIn("Referral to the care transfer hub", "nhs", "hospital_process"),
    "funding": BuiltIn("Decision about funding", "both", "care_transfer_hub"),
    "brokerage": BuiltIn("Search for a provider", "social_care", "interface_process"),
    "provider_assessment": BuiltIn("Assessment by the provider", "both", "interface_process"),
    "package_arrangement": BuiltIn(
        "Arrangement of care at home", "social_care", "interface_process"
    ),
    "bedded_arrangement": BuiltIn(
        "Arrangement of bed-based rehabilitation", "nhs", "interface_process"
    ),
    "care_home_arrangement": BuiltIn(
        "Arrangement of a residential or nursing home place", "social_care", "interface_process"
    ),
    "self_funded_arrangement": BuiltIn(
        "Arrangement of care a person pays for", "person", "interface_process"
    ),
    "family_choice": BuiltIn("Choice by patient and family", "person", "interface_process"),
    "housing": BuiltIn("Housing or adaptations", "housing", "interface_process"),
    "equipment": BuiltIn("Equipment", "both", "capacity"),
    "therapy_review": BuiltIn("Therapy review", "nhs", "hospital_process"),
    "medical_review": BuiltIn("Medical decision to discharge", "nhs", "hospital_process"),
    "medicines": BuiltIn("Medicines and discharge documents", "nhs", "hospital_process"),
    "transport": BuiltIn("Patient transport", "nhs", "hospital_process"),
    "infection_control": BuiltIn("Infection control", "nhs", "hospital_process"),
    "safeguarding": BuiltIn("Safeguarding concern", "social_care", "wellbeing"),
    "mental_capacity": BuiltIn("Decision about mental capacity", "both", "wellbeing"),
    "wellbeing": BuiltIn("Other concerns about wellbeing at home", "person", "wellbeing"),
    TRANSFER: BuiltIn("On the way to the next place", "nhs", "hospital_process"),
}
"""By the id that scenarios use."""
