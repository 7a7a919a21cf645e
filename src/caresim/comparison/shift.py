"""The shift, year by year: how much of care and of spending is outside hospital and care homes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caresim.comparison.differences import FloatArray, clear, spread
from caresim.comparison.entries import Entry
from caresim.indicators import HOSPITAL_KINDS, OUTSIDE_KINDS
from caresim.model.money import SUPPLIERS
from caresim.money import Ledger
from caresim.money.ledger import pounds
from caresim.results.indicators import by_member

INSIDE_KINDS = (*HOSPITAL_KINDS, "residential")
"""Kinds of setting that care is to be shifted from."""


@dataclass(frozen=True)
class Shift:
    """Shares of one year in one option, means over members; None where there is none.

    Attributes
    ----------
    option, year, first_day, date
        Which: ``year_1`` and so on, and where it begins.
    care_days_outside_share
        The indicator of that name.
    care_days_change, care_days_low_95, care_days_high_95
        The same less that of doing nothing, and what 95% of futures lie between.
    spend_outside_share, spend_change
        Of the costs of all settings, those of clinics, intermediate, community and home care;
        and less that of doing nothing. What interventions cost is in neither part.
    """

    option: str
    year: str
    first_day: float
    date: str
    care_days_outside_share: float | None
    care_days_change: float | None
    care_days_low_95: float | None
    care_days_high_95: float | None
    spend_outside_share: float | None
    spend_change: float | None


def shifts(base: Entry, option: Entry, ledgers: Mapping[str, Ledger] | None) -> tuple[Shift, ...]:
    """Return the shift of an option in each year of the run."""
    spending = None
    if ledgers is not None:
        spending = _spending(ledgers[base.name]), _spending(ledgers[option.name])
    found = []
    labels = option.results.labels
    for n, year in enumerate(labels.years[: len(base.results.labels.years)]):
        before, after = (_care(entry, year.name) for entry in (base, option))
        apart = clear(after - before, before, after)
        low, high = (end.item() for end in spread(apart[None], 0.95))
        spent = [math.nan] * 2 if spending is None else [one[:, n].mean() for one in spending]
        figures = [after.mean(), apart.mean(), low, high, spent[1], spent[1] - spent[0]]
        found.append(
            Shift(
                option.name,
                year.name,
                year.first_day,
                labels.date(year.first_day).isoformat(),
                *(float(x) if math.isfinite(x) else None for x in figures),
            )
        )
    return tuple(found)


def _care(entry: Entry, year: str) -> FloatArray:
    results = entry.results
    position = [window.name for window in results.labels.windows].index(year)
    values = dict(by_member(results.labels, results.totals, position))
    undefined = np.full(results.members, np.nan)
    return values.get("care_days_outside_share", undefined)


def _spending(made: Ledger) -> FloatArray:
    """Return the share of costs of settings that is outside, shape (members, years)."""
    kinds = {setting.name: setting.kind for setting in made.labels.settings}

    def spent(*wanted: str) -> FloatArray:
        return pounds(
            made.sum(
                line
                for line in made.lines
                if line.payee == SUPPLIERS and kinds.get(line.subject) in wanted
            )
        )

    outside = spent(*OUTSIDE_KINDS)
    total = outside + spent(*INSIDE_KINDS)
    share: FloatArray = np.divide(
        outside, total, out=np.full(total.shape, np.nan), where=total > 0.0
    )
    return share
