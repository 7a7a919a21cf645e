"""Rules by which organisations pay each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caresim.model.money import Money, Payment
from caresim.money.activity import Activity, Amount
from caresim.money.entries import FloatArray, Posting
from caresim.money.prices import Prices


def payments(money: Money, activity: Activity, prices: Prices) -> Iterator[Posting]:
    """Yield every payment as its rule asks, before pools are settled.

    Parameters
    ----------
    money
        Of the option.
    activity
        What happened.
    prices
        Of its members.
    """
    wanted = {rule.indicator for rule in money.payments if rule.indicator}
    found = activity.indicators(wanted) if wanted else {}
    for rule in money.payments:
        gbp, course = _due(rule, money, activity, prices, found)
        yield Posting(rule.payers, rule.payee, "payment", rule.name, _reason(rule), gbp, course)


def _due(
    rule: Payment,
    money: Money,
    activity: Activity,
    prices: Prices,
    indicators: dict[str, FloatArray],
) -> tuple[FloatArray, FloatArray | None]:
    """Return what is due in each year, and its course within the run."""
    amount = prices.number(rule.amount)[:, None] * activity.days
    if rule.kind == "block":
        return amount, None
    price = prices.price(f"payments.{rule.name}.price", rule.price)
    if rule.kind == "capitation":
        heads = activity.residents(rule.cohorts, money.residents)
        return price * heads.by_year, heads.course
    if rule.kind == "outcome":
        return _outcome(rule, price, activity, indicators[rule.indicator]), None
    units = activity.none()
    for setting in rule.settings:
        units += _units(rule, setting, activity)
    if rule.kind == "tariff":
        return price * units.by_year, units.course
    beyond = units.by_year - rule.baseline * activity.days
    more = rule.above * np.maximum(beyond, 0.0) - rule.below * np.maximum(-beyond, 0.0)
    return amount + price * more, None


def _units(rule: Payment, setting: str, activity: Activity) -> Amount:
    if rule.per == "open place":
        return activity.open_days(setting)
    return activity.of(rule.per, setting, rule.cohorts)


def _outcome(rule: Payment, price: FloatArray, activity: Activity, value: FloatArray) -> FloatArray:
    """Return the price times how much better than its target the indicator was in each year.

    The price is of one unit over a year of 365 days; a year cut short by the end of the run pays
    in proportion. Where the indicator is undefined nothing is paid.
    """
    better = rule.target - value if rule.better == "lower" else value - rule.target
    better = np.nan_to_num(better, nan=0.0)
    if not rule.both_ways:
        better = np.maximum(better, 0.0)
    part = activity.days / 365.0
    most = rule.at_most * activity.days
    return np.clip(price * better * part, -most, most)


def _reason(rule: Payment) -> str:
    where = ", ".join(rule.settings)
    what = {
        "tariff": f"{_UNITS[rule.per]} of {where}",
        "block": f"block for {where}" if where else "block",
        "capitation": "people of the population",
        "blended": f"block and activity of {where}",
        "outcome": f"{rule.indicator} against {rule.target:g}",
    }[rule.kind]
    return f"{rule.label}: {what}"


_UNITS = {
    "open place": "open places",
    "place": "days of places in use",
    "person": "days of people in care",
    "delayed day": "days of people delayed",
    "admission": "admissions",
    "stay": "stays",
    "arrival": "arrivals",
    "resident": "people",
}
