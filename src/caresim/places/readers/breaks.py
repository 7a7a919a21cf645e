"""Definitions that changed: from when a figure does not mean what it meant before."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np

from caresim.places.readers.measures import head
from caresim.places.readers.reading import Break

if TYPE_CHECKING:
    import pandas as pd

_DISCHARGE = (
    "no_criteria_to_reside", "no_criteria_to_reside_day_end", "discharges", "discharges_per_day",
    "pathway_discharges", "delayed_by_reason", "additional_bed_days",
)  # fmt: skip

_SPECIFICATION = "Acute discharge situation report, technical specification, NHS England"

BREAKS = (
    Break(
        datetime.date(2022, 5, 27),
        _DISCHARGE,
        "The acute discharge situation report took the place of the discharge return of the "
        "pandemic: who is counted and what the criteria to reside are was defined anew.",
        _SPECIFICATION + ", 2022",
    ),
    Break(
        datetime.date(2024, 5, 27),
        _DISCHARGE,
        "New specification: reasons for delay and destinations were defined anew, and who counts "
        "as meeting the criteria to reside changed.",
        _SPECIFICATION + ", May 2024",
    ),
    Break(
        datetime.date(2017, 4, 1),
        ("delayed_transfer_patients",),
        "The count of people on the last Thursday of the month ended in March 2017; days are "
        "counted throughout.",
        "Delayed transfers of care, statistics for England, NHS England",
    ),
    Break(
        datetime.date(2019, 5, 1),
        ("delayed_transfer_days",),
        "Bournemouth, Christchurch, Dorset and Poole were reorganised: two councils in place of "
        "three, on other boundaries (in the return from May 2019).",
        "Bournemouth, Dorset and Poole (Structural Changes) Order 2018",
    ),
)
"""Changes of definition, in the order they are told."""

_NAMES = {
    _DISCHARGE: ("pandemic_return", "situation_report_2022", "situation_report_2024"),
}
"""What the definitions on the two sides of the breaks of a group of measures are called."""

_DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365, "span": 28, "moment": 1}


def _heads(frame: pd.DataFrame) -> pd.Series[str]:
    return frame["measure"].map({id: head(id) for id in frame["measure"].unique()})


def breaks_in(frame: pd.DataFrame) -> tuple[Break, ...]:
    """Return the changes of definition that the figures of a table straddle."""
    heads = _heads(frame)
    found = []
    for known in BREAKS:
        chosen = frame[heads.isin(known.measures)]
        if chosen.empty:
            continue
        last = (chosen["date"] + _lengths(chosen)).max()
        if chosen["date"].min() < np.datetime64(known.date) <= last:
            found.append(known)
    return tuple(found)


def name_definitions(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill the column ``definition`` where definitions changed.

    A period that straddles a change has the names of both definitions with a plus.
    """
    heads = _heads(frame)
    frame = frame.copy()
    for measures, names in _NAMES.items():
        chosen = heads.isin(measures)
        if not chosen.any():
            continue
        dates = [np.datetime64(b.date) for b in BREAKS if b.measures == measures]
        first = frame.loc[chosen, "date"].to_numpy()
        last = (frame.loc[chosen, "date"] + _lengths(frame[chosen])).to_numpy()
        before = np.searchsorted(dates, first, side="right")
        after = np.searchsorted(dates, last, side="right")
        both = np.array([[a if a == b else f"{a}+{b}" for b in names] for a in names])
        frame.loc[chosen, "definition"] = both[before, after].astype(object)
    return frame


def _lengths(frame: pd.DataFrame) -> pd.Series[pd.Timedelta]:
    """Return how long after the first day the last day of each period is."""
    days = {f: np.timedelta64(n - 1, "D") for f, n in _DAYS.items()}
    return frame["frequency"].map(days)
