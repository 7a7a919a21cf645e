"""Beds by sector and by length of stay: from headings to measures."""

from __future__ import annotations

import re

from caresim.places.readers.cells import key

SECTORS = {
    "adult_general_acute": r"adult (g and a|general (and )?acute)",
    "paediatric_general_acute": r"paediatric (g and a|general (and )?acute)",
    "general_acute": r"(core |total )?(g and a|general (and )?acute)",
    "adult_critical_care": r"adult critical care",
    "paediatric_intensive_care": r"paediatric intensive cared?",
    "neonatal_intensive_care": r"neonatal (intensive|critical) care( cots?)?( bed)?",
    "learning_disability": r"learning disabilit(y|ies)",
    "maternity": r"maternity",
    "mental_illness": r"mental illness",
}
"""Sectors by id, and the pattern of their names after reduction."""

_STAY = re.compile(r"length of stay.*?\b(7|14|21)\b|\b(7|14|21) (or more|plus) days")


def sector_of(words: str) -> str | None:
    """Return the id of a sector; empty for all sectors together, None if it is none.

    Examples
    --------
    >>> sector_of("general and acute"), sector_of("total"), sector_of("surgery")
    ('general_acute', '', None)
    """
    if words in ("total", "all", "all sectors"):
        return ""
    return next((id for id, names in SECTORS.items() if re.fullmatch(names, words)), None)


def bed_metric(heading: str, group: str) -> str | None:
    """Return the id of the measure that a heading means.

    Parameters
    ----------
    heading
        As in the file: a sector, or a sector with ``beds available`` and the like.
    group
        The headings above it, reduced: ``available``, ``occupied``, ``percent occupied``.

    Examples
    --------
    >>> bed_metric("General & Acute", "percent occupied")
    'bed_occupancy.general_acute'
    >>> bed_metric("Adult G&A beds occupied", "")
    'beds_occupied.adult_general_acute'
    """
    words = key(heading)
    stay = _STAY.search(words)
    if stay is not None:
        return (
            None if words.startswith("percent") else f"long_stay_patients.{stay[1] or stay[2]}_plus"
        )
    sector = sector_of(words)
    if sector is not None:
        head = _head(group)
        return None if head is None else f"{head}.{sector}" if sector else head
    found = re.fullmatch(
        r"(.*?) ?(?:beds?|cots?)? ?(available|open|occupied|occupancy rate)", words
    )
    sector = sector_of(found[1]) if found else None
    if found is None or sector is None:
        return None
    head = {"available": "beds_available", "open": "beds_available", "occupied": "beds_occupied",
            "occupancy rate": "bed_occupancy"}[found[2]]  # fmt: skip
    return f"{head}.{sector}" if sector else head


def _head(group: str) -> str | None:
    """Return the measure of the nearest heading above that says one."""
    for above in group.split(" / "):
        if "percent" in above or "rate" in above:
            return "bed_occupancy"
        if "occupied" in above:
            return "beds_occupied"
        if "available" in above:
            return "beds_available"
    return None
