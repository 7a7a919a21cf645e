"""From the results of two options to the appraisal of one beside the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from caresim.model.money import SUPPLIERS
from caresim.money.activity import Activity
from caresim.money.appraisal import Appraisal, Item
from caresim.money.build import ledger
from caresim.money.entries import NOT_CASHABLE, FloatArray, Line
from caresim.money.ledger import Ledger, pounds
from caresim.money.prices import Prices
from caresim.results.option import OptionResults

ACUTE = ("acute",)
"""Kinds of setting whose admissions and days are hospital admissions and bed-days."""


class NotAlikeError(ValueError):
    """Two options cannot be set beside each other."""


def appraise(
    base: OptionResults,
    option: OptionResults,
    *,
    discount: float | None = None,
    years: int | None = None,
    outcomes: Iterable[str] = (),
) -> Appraisal:
    """Appraise an option beside a base option, member by member.

    Parameters
    ----------
    base, option
        Results of the same run: the same members meet both.
    discount
        Share per year in place of what the scenario says.
    years
        How many years of the run count, in place of what it says.
    outcomes
        Ids of indicators whose gains are wanted besides those that have a value.

    Returns
    -------
    Appraisal
        With a value for each member, so that intervals and chances can be given.

    Raises
    ------
    NoMoneyError
        If the scenario says nothing of money.
    NotAlikeError
        If members, years or price years differ.
    """
    before, after = ledger(base), ledger(option)
    _check_alike(before, after)
    terms = after.money.terms
    count = min(years or terms.years or len(after.years), len(after.years))
    rate = terms.discount if discount is None else discount
    happened = Activity(base), Activity(option)
    gains = _gains(happened, after, {*outcomes, *(value.indicator for value in terms.outcomes)})
    prices = Prices(after.money, option.draws, after.years)
    values = {
        value.indicator: prices.number(value.value)[:, None] * gains[value.indicator]
        for value in terms.outcomes
    }

    def cut(array: FloatArray) -> FloatArray:
        return array[:, :count]

    names = dict.fromkeys(account.name for one in (before, after) for account in one.accounts)
    return Appraisal(
        base=base.name,
        option=option.name,
        price_year=after.price_year,
        discount=rate,
        days=happened[1].days[:count],
        cost=cut(pounds(after.costs() - before.costs())),
        not_cashable=cut(_sum(after, _idle) - _sum(before, _idle)),
        by_payer={name: cut(pounds(after.net(name) - before.net(name))) for name in names},
        public_cost=cut(_public(after) - _public(before)),
        items=tuple(_items(before, after, count)),
        gains={name: cut(gain) for name, gain in gains.items()},
        values={name: cut(value) for name, value in values.items()},
        avoided={
            name: (found[0] - found[1])[:, :count].sum(axis=1)
            for name, found in _counted(happened).items()
        },
        corrections=terms.corrections,
    )


def _check_alike(before: Ledger, after: Ledger) -> None:
    alike = (
        ("members", before.members, after.members),
        ("years", before.years, after.years),
        ("price years", before.price_year, after.price_year),
        ("start dates", before.start_date, after.start_date),
    )
    for what, one, other in alike:
        if one != other:
            raise NotAlikeError(f"options {before.option} and {after.option} have different {what}")


def _idle(line: Line) -> bool:
    return line.kind in NOT_CASHABLE


def _sum(made: Ledger, wanted: Callable[[Line], bool]) -> FloatArray:
    return pounds(made.sum(line for line in made.lines if wanted(line)))


def _public(made: Ledger) -> FloatArray:
    total = made.sum(())
    for account in made.accounts:
        if account.public:
            total = total + made.net(account.name)
    return pounds(total)


def _items(before: Ledger, after: Ledger, count: int) -> Iterable[Item]:
    subjects = sorted({line.subject for one in (before, after) for line in one.lines})
    for subject in subjects:
        both = [_of_subject(one, subject) for one in (before, after)]
        item = Item(
            subject,
            (both[1][0] - both[0][0])[:, :count],
            (both[1][1] - both[0][1])[:, :count],
        )
        if item.all.any() or item.public.any():
            yield item


def _of_subject(made: Ledger, subject: str) -> tuple[FloatArray, FloatArray]:
    """Return what a subject costs everyone, and public bodies."""
    public = {account.name for account in made.accounts if account.public}
    lines = [line for line in made.lines if line.subject == subject]
    paid = made.sum(line for line in lines if line.payer in public)
    received = made.sum(line for line in lines if line.payee in public)
    costs = made.sum(line for line in lines if line.payee == SUPPLIERS)
    return pounds(costs), pounds(paid - received)


def _gains(
    happened: tuple[Activity, Activity], after: Ledger, wanted: set[str]
) -> dict[str, FloatArray]:
    """Return by how much indicators are better; a year cut short counts in proportion."""
    if not wanted:
        return {}
    better = {value.indicator: value.better for value in after.money.terms.outcomes}
    found = [one.indicators(wanted) for one in happened]
    gains = {}
    for name in sorted(wanted):
        difference = found[0][name] - found[1][name]
        sign = -1.0 if better.get(name) == "higher" else 1.0
        gains[name] = np.nan_to_num(sign * difference) * happened[1].days / 365.0
    return gains


def _counted(happened: tuple[Activity, Activity]) -> dict[str, list[FloatArray]]:
    """Return admissions, bed-days and delayed days of both options, by year."""
    found: dict[str, list[FloatArray]] = {"admissions": [], "bed_days": [], "delayed_days": []}
    for one in happened:
        totals = {name: one.none() for name in found}
        for setting in one.labels.settings:
            if setting.kind in ACUTE:
                totals["admissions"] += one.of("admission", setting.name)
                totals["bed_days"] += one.of("person", setting.name)
            totals["delayed_days"] += one.of("delayed day", setting.name)
        for name, amount in totals.items():
            found[name].append(amount.by_year)
    return found
