"""The indicators that are shown where there is no room for all, and their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from caresim.comparison.directions import is_known
from caresim.comparison.entries import ComparisonError
from caresim.indicators import split_id
from caresim.problems import nearest
from caresim.results.columns import cut

if TYPE_CHECKING:
    from caresim.comparison.comparison import Comparison

WORDS = {
    "delayed": "people delayed",
    "waiting": "people waiting outside",
    "bed_days_lost_per_year": "bed-days lost a year",
    "lost_per_day": "people turned away a day",
    "care_home_admissions_per_year": "care-home admissions a year",
    "deaths_per_year": "deaths a year",
    "care_days_outside_share": "care-days outside hospital and care homes",
    "cost_per_year": "cost a year, whoever pays",
    "net_present_cost": "net present cost",
    "net_present_value": "net present value, outcomes included",
}
"""The headlines, in order, and what they are called in tables."""

PER_SETTING = ("admissions_per_day", "occupied", "delayed")
"""Indicators that are shown of hospital settings beside."""

MOST = 4
"""Hospital settings shown by themselves."""


def headlines(comparison: Comparison) -> tuple[str, ...]:
    """Return the ids of the headlines that a comparison has."""
    known = comparison.values[comparison.base.name]
    found = [name for name in WORDS if name in known]
    settings = comparison.base.results.labels.settings
    hospital = [s.name for s in settings if s.kind == "acute"][:MOST]
    for setting in hospital:
        found += [name for name in (f"{name}.{setting}" for name in PER_SETTING) if name in known]
    # Where people are delayed in one place only, its figure is that of the whole place.
    total = known["delayed"]
    return tuple(
        name
        for name in found
        if not name.startswith("delayed.") or not np.array_equal(known[name], total)
    )


def told(comparison: Comparison) -> tuple[str, ...]:
    """Return the headlines without those that say the same as another in another unit."""
    return tuple(name for name in headlines(comparison) if name != "bed_days_lost_per_year")


def chosen(comparison: Comparison, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the ids asked for.

    Raises
    ------
    ComparisonError
        If the comparison has no such indicator.
    """
    known = comparison.values[comparison.base.name]
    for name in wanted:
        if name not in known:
            near = nearest(name, known)
            said = f"; did you mean {near!r}?" if near else ""
            why = "does not apply here" if is_known(name) else "is not known"
            raise ComparisonError(f"the indicator {name!r} {why}{said}")
    return tuple(wanted)


def labels(comparison: Comparison, width: int) -> dict[str, str]:
    """Return labels of all options that fit a column, no two of them alike.

    Where labels are alike once they are cut, the ends of the options' names stand for them, which
    is where the names of options made by a sweep differ.
    """
    short = {entry.name: cut(entry.label, width) for entry in comparison.entries}
    said = list(short.values())
    return {
        name: label if said.count(label) == 1 else _ending(name, width)
        for name, label in short.items()
    }


def _ending(name: str, width: int) -> str:
    return name if len(name) <= width else f"…{name[1 - width :]}"


def words(comparison: Comparison, indicator: str) -> str:
    """Return what an indicator is called in tables.

    An id of a setting is named with the setting's label.
    """
    if indicator in WORDS:
        return WORDS[indicator]
    name, of = split_id(indicator)
    said = WORDS.get(name, name.replace("_", " "))
    labels = {s.name: s.label for s in comparison.base.results.labels.settings}
    return f"{said}, {labels.get(of, of)}" if of else said
