"""Results by locality: of the people who live there, wherever they are cared for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caresim.results.columns import number, table

if TYPE_CHECKING:
    from caresim.results.option import OptionResults

_HOSPITAL = ("emergency", "acute")


@dataclass(frozen=True)
class LocalityRow:
    """The people of one locality over the whole run, mean over members.

    Attributes
    ----------
    name
        Of the locality.
    in_hospital, in_other_care
        Mean people who hold a place in settings of kind emergency or acute, and in all others.
    delayed, waiting
        Mean people delayed in a place, and waiting outside any setting.
    admissions_per_day
        Stays begun, in all settings.
    """

    name: str
    in_hospital: float
    in_other_care: float
    delayed: float
    waiting: float
    admissions_per_day: float


def locality_rows(option: OptionResults) -> tuple[LocalityRow, ...]:
    """Return a row for each locality, in the order of their cohorts; none without localities.

    Everybody is of one locality, so the rows add up to the whole.
    """
    of: dict[str, list[int]] = {}
    for position, cohort in enumerate(option.labels.cohorts):
        _, at, locality = cohort.partition("@")
        if at:
            of.setdefault(locality, []).append(position)
    hospital = np.array([setting.kind in _HOSPITAL for setting in option.labels.settings])
    names = ("occupied", "delayed", "waiting", "admissions")
    # Shape (settings, cohorts): of the whole run, mean over members.
    mean = {name: option.totals[name][:, 0].mean(axis=0) for name in names}
    return tuple(
        LocalityRow(
            name=locality,
            in_hospital=float(mean["occupied"][hospital][:, cohorts].sum()),
            in_other_care=float(mean["occupied"][~hospital][:, cohorts].sum()),
            delayed=float(mean["delayed"][:, cohorts].sum()),
            waiting=float(mean["waiting"][:, cohorts].sum()),
            admissions_per_day=float(mean["admissions"][:, cohorts].sum()) / option.labels.days,
        )
        for locality, cohorts in of.items()
    )


def total_of(rows: tuple[LocalityRow, ...]) -> LocalityRow:
    """Return the sum of all localities."""
    return LocalityRow(
        name="all",
        in_hospital=sum(row.in_hospital for row in rows),
        in_other_care=sum(row.in_other_care for row in rows),
        delayed=sum(row.delayed for row in rows),
        waiting=sum(row.waiting for row in rows),
        admissions_per_day=sum(row.admissions_per_day for row in rows),
    )


def locality_table(option: OptionResults) -> str:
    """Return the localities and their total as a table; nothing without localities."""
    rows = locality_rows(option)
    if not rows:
        return ""
    heads = (
        "people of",
        "in\nhospital",
        "in other\ncare",
        "delayed",
        "waiting\noutside",
        "admitted\na day",
    )
    cells = [
        (
            row.name,
            number(row.in_hospital),
            number(row.in_other_care),
            number(row.delayed),
            number(row.waiting),
            number(row.admissions_per_day),
        )
        for row in (*rows, total_of(rows))
    ]
    return table(heads, cells)
