"""Money of the options compared: values by member beside the indicators, and appraisals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caresim.comparison.differences import FloatArray
from caresim.comparison.entries import Entry
from caresim.model import DAYS_PER_YEAR
from caresim.money import Appraisal, Ledger, NotAlikeError, appraise, ledger
from caresim.money.ledger import pounds


@dataclass(frozen=True, eq=False)
class Worth:
    """What money says of the options.

    Attributes
    ----------
    ledgers
        By option.
    appraisals
        Of every option but doing nothing, beside it.
    values
        Of :data:`caresim.comparison.directions.MONEY`: by option, for each member.
    """

    ledgers: dict[str, Ledger]
    appraisals: dict[str, Appraisal]
    values: dict[str, dict[str, FloatArray]]

    @property
    def price_year(self) -> str:
        """Financial year of all prices."""
        return next(iter(self.ledgers.values())).price_year


def worth(entries: Sequence[Entry]) -> tuple[Worth | None, str]:
    """Return the money of some options, or None and, in a sentence, why there is none.

    Nothing is said where no option has any money.
    """
    base, *others = entries
    without = [entry.name for entry in entries if entry.results.labels.money is None]
    if len(without) == len(entries):
        return None, ""
    if without:
        return None, f"Money is not compared: {', '.join(without)} says nothing of it."
    try:
        appraisals = {entry.name: appraise(base.results, entry.results) for entry in others}
    except NotAlikeError as error:
        return None, f"Money is not compared: {error}."
    ledgers = {entry.name: ledger(entry.results) for entry in entries}
    values = {name: _values(ledgers[name], appraisals.get(name)) for name in ledgers}
    if not any(appraisal.values for appraisal in appraisals.values()):
        # Without a value of outcomes it is nothing but the cost with the other sign.
        for found in values.values():
            del found["net_present_value"]
    return Worth(ledgers, appraisals, values), ""


def _values(made: Ledger, appraisal: Appraisal | None) -> dict[str, FloatArray]:
    years = made.labels.days / DAYS_PER_YEAR
    nothing = np.zeros(made.members)
    return {
        "cost_per_year": pounds(made.costs()).sum(axis=1) / years,
        "net_present_cost": nothing if appraisal is None else appraisal.net_present_cost,
        "net_present_value": nothing if appraisal is None else appraisal.net_present_value(),
    }
