"""The metrics of the acute discharge situation report, from what they are called."""

from __future__ import annotations

import re
from functools import cache

from caresim.places.readers.cells import key, slug

GROUPS = {
    "hospital process": "hospital_process",
    "wellbeing concerns": "wellbeing",
    "care transfer hub process": "care_transfer_hub",
    "interface process": "interface_process",
    "capacity": "capacity",
}
"""Groups of reasons since May 2024, and as scenarios call them."""

_STAY = re.compile(r"\b(7|14|21)\b")
_PATHWAY = re.compile(r"(?:pathway|p) ?([0-3])\b(.*)")
_REASON = re.compile(r"(" + "|".join(GROUPS) + r")\b\s*(.*)")


@cache
def metric(name: str, group: str = "") -> tuple[str, str] | None:
    """Return the id of a metric and how often it is given, from its name in the report.

    Parameters
    ----------
    name
        As in the file, in any capitals.
    group
        The heading or group it stands under, reduced.

    Returns
    -------
    tuple of str, or None
        Id of the measure, and ``day``, ``week`` or ``month``; None if the name is of no metric
        known.

    Examples
    --------
    >>> metric("Number of patients discharged between 17:01 and 23:59")
    ('discharges.after_17_00', 'day')
    >>> metric("Pathway 3: Discharge to a care home as a new admission")[0]
    'pathway_discharges.pathway_3.discharge_to_a_care_home_as_a_new_admission'
    >>> metric("Capacity – Housing provision not yet available (Pathway 0 or 1)")[0]
    'delayed_by_reason.capacity.housing_provision_not_yet_available'
    """
    words = key(name)
    if found := _daily(words):
        return found, "month" if words.startswith(("daily average", "average")) else "day"
    if found := _stays(words, group):
        return found, "week"
    if at := _REASON.match(words):
        return _reason(GROUPS[at[1]], at[2]), "month"
    if at := _PATHWAY.match(words):
        rest = slug(at[2])
        return f"pathway_discharges.pathway_{at[1]}" + (f".{rest}" if rest else ""), "month"
    if "reason" in group and words:
        return f"delayed_by_reason.other.{slug(words)}", "month"
    if "destination" in group and words:
        return f"pathway_discharges.unassigned.{slug(words)}", "month"
    return None


def _daily(words: str) -> str | None:
    words = re.sub(r"^(daily )?average\b( (daily )?number of)?\s*", "mean ", words)
    mean, plain = words.startswith("mean "), words.removeprefix("mean ")
    if "reside" in plain:
        if re.search("remain|not discharged", plain):
            return "no_criteria_to_reside_day_end"
        if re.search("(no longer|not) meet", plain) and "discharged" not in plain:
            return "no_criteria_to_reside"
    if not re.match("(total )?(number of )?(patients )?discharged", plain):
        return None
    if re.search(r"by 17 ?00", plain):
        return "discharges.by_17_00"
    if re.search(r"17 ?01", plain):
        return "discharges.after_17_00"
    if re.fullmatch(r"(total )?(number of )?(patients )?discharged( total)?", plain):
        return "discharges_per_day" if mean else "discharges"
    return None


def _stays(words: str, group: str) -> str | None:
    stay = _STAY.search(words)
    if stay is None or not re.search("length of stay|stay of|los", f"{words} {group}"):
        return None
    if "additional bed days" in words or "additional bed days" in group:
        return f"additional_bed_days.{stay[1]}_plus"
    return f"long_stay_patients.{stay[1]}_plus" if "patients" in words or "beds" in words else None


def _reason(group: str, rest: str) -> str:
    # The pathways in brackets are written in several ways for the same reason.
    plain = re.sub(r"\s*pathways? [0-3].*$", "", rest)
    return f"delayed_by_reason.{group}" + (f".{slug(plain)}" if plain else "")
