"""From results to the ledger."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caresim.model.money import SUPPLIERS, Money
from caresim.money.activity import Activity
from caresim.money.costs import care_costs
from caresim.money.entries import Line, Pence
from caresim.money.ledger import Account, Ledger
from caresim.money.payments import payments
from caresim.money.pools import settled
from caresim.money.prices import Prices
from caresim.money.programmes import change_costs
from caresim.results.option import OptionResults

AVERAGES = (
    "Prices meet the mean activity of each year: a price that an intervention changes within a "
    "year is its mean over the year, and places in use beyond those open are told from yearly "
    "means."
)
STRANDED = (
    "Costs that go on after places have closed are worked out from the mean of all members, and "
    "for closures within the run only."
)


class NoMoneyError(ValueError):
    """A scenario says nothing of money."""


def ledger(results: OptionResults) -> Ledger:
    """Return the ledger of one option.

    It is made from results alone, of any engine, run now or saved.

    Parameters
    ----------
    results
        Of the option.

    Raises
    ------
    NoMoneyError
        If its scenario says nothing of money.

    Examples
    --------
    >>> from caresim.money import ledger, NoMoneyError
    >>> import caresim as cs
    >>> try:
    ...     ledger(cs.run(example, members=1)["do_nothing"])
    ... except NoMoneyError as error:
    ...     print(error)
    the scenario of option do_nothing says nothing of money
    """
    money = results.labels.money
    if money is None:
        raise NoMoneyError(f"the scenario of option {results.name} says nothing of money")
    activity = Activity(results)
    prices = Prices(money, results.draws, activity.years)
    costs = [*care_costs(money, activity, prices), *change_costs(money, activity, prices)]
    lines = [line for posting in costs for line in posting.lines()]
    for posting in payments(money, activity, prices):
        lines += posting.lines()
    unpaid: dict[str, Pence] = {}
    for pool in money.pools:
        asked = [line for line in lines if line.payer == pool.name]
        done = settled(pool, asked, activity, prices)
        lines = [line for line in lines if line.payer != pool.name] + list(done.lines)
        if not pool.overspend:
            unpaid[pool.name] = done.unpaid
    leaving = [posting for posting in costs if posting.payee == SUPPLIERS]
    nothing = np.zeros((results.members, len(activity.years)))
    return Ledger(
        labels=results.labels,
        money=money,
        times=results.times,
        accounts=_accounts(money),
        lines=tuple(line for line in lines if line.pence.any()),
        costs_gbp=sum((posting.gbp for posting in leaving), nothing),
        roundings=len(leaving),
        unpaid=unpaid,
        missing=tuple(sorted(activity.missing)),
        notes=_notes(money, lines),
    )


def audited(results: OptionResults) -> OptionResults:
    """Return results with the audit of their ledger added to their own, if there is money."""
    if results.labels.money is None:
        return results
    made = ledger(results)
    return replace(
        results, audit=(*results.audit, *made.check()), notes=(*results.notes, *made.notes)
    )


def _accounts(money: Money) -> tuple[Account, ...]:
    organisations = tuple(Account(o.name, o.label, o.kind) for o in money.organisations)
    return (*organisations, *(Account(pool.name, pool.label, "pool") for pool in money.pools))


def _notes(money: Money, lines: list[Line]) -> tuple[str, ...]:
    notes = [f"All money is in pounds of {money.price_year}.", AVERAGES]
    if any(line.kind == "stranded" for line in lines):
        notes.append(STRANDED)
    notes += [
        f"Prices of {year} times {factor:.4f} are those of {money.price_year}."
        for year, factor in money.moved
    ]
    return tuple(notes)
