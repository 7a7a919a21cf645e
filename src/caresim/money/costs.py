"""What care costs those who provide it: places, use, stays and staff."""

from __future__ import annotations

from collections.abc import Iterator

from caresim.model.money import SUPPLIERS, Money, SettingCost, StaffCost
from caresim.money.activity import Activity, Amount
from caresim.money.entries import MEANINGS, FloatArray, Kind, Posting
from caresim.money.prices import Prices


def care_costs(money: Money, activity: Activity, prices: Prices) -> Iterator[Posting]:
    """Yield the costs of settings and of staff.

    Parameters
    ----------
    money
        Of the option.
    activity
        What happened.
    prices
        Of its members.
    """
    for cost in money.costs:
        price = prices.price(f"settings.{cost.setting}.costs.{cost.kind}", cost.price)
        if cost.kind == "fixed":
            yield from _fixed(cost, price, activity)
        else:
            kind: Kind = "per_stay" if cost.kind == "per_stay" else "variable"
            yield _posting(cost, kind, price, _used(cost, money, activity), _reason(cost))
    for pay in money.staff:
        yield from _staff(pay, activity, prices)


def _fixed(cost: SettingCost, price: FloatArray, activity: Activity) -> Iterator[Posting]:
    """Divide the cost of open places: in use, running beside their successors, and idle.

    Only what is in use is what people need; the rest goes on whether or not they need it, until
    the places close, and for `cash_lag` after that.
    """
    there = activity.open_days(cost.setting)
    used = activity.of("place", cost.setting).least(there)
    double = activity.none()
    if "double_running" in activity.results.totals:
        place = activity.labels.setting_names.index(cost.setting)
        double = activity.stock("double_running", place).least(there)
        used = used.least(there - double)
    parts: tuple[tuple[Kind, Amount], ...] = (
        ("fixed", used),
        ("double_running", double),
        ("idle", there - double - used),
        ("stranded", activity.stranded_days(there, cost.cash_lag)),
    )
    for kind, amount in parts:
        if kind in ("fixed", "idle") or amount.by_year.any():
            yield _posting(cost, kind, price, amount, MEANINGS[kind])


def _used(cost: SettingCost, money: Money, activity: Activity) -> Amount:
    amount = activity.of(cost.per, cost.setting)
    own_delayed = any(c.setting == cost.setting and c.kind == "delayed" for c in money.costs)
    if cost.kind == "variable" and own_delayed:
        return amount - activity.of("delayed day", cost.setting)
    return amount


def _reason(cost: SettingCost) -> str:
    if cost.kind == "delayed":
        return "days of people delayed"
    if cost.kind == "per_stay":
        return MEANINGS["per_stay"]
    return "days of places in use" if cost.per == "place" else MEANINGS["variable"]


def _posting(
    cost: SettingCost, kind: Kind, price: FloatArray, amount: Amount, reason: str
) -> Posting:
    return Posting(
        ((cost.provider, 1.0),),
        SUPPLIERS,
        kind,
        cost.setting,
        reason,
        price * amount.by_year,
        amount.course,
    )


def _staff(pay: StaffCost, activity: Activity, prices: Prices) -> Iterator[Posting]:
    """Yield what a staff group costs: people in post and in training, or vacancies covered."""
    wanted = (
        ("staff_vacancies",) if pay.kind == "agency" else ("staff_in_post", "staff_in_training")
    )
    if [variable for variable in wanted if not activity.has(variable)]:
        return  # the audit says what is missing
    amount = activity.none()
    for variable in wanted:
        amount += activity.stock(variable, pay.place)
    yield Posting(
        ((pay.employer, 1.0),),
        SUPPLIERS,
        pay.kind,
        pay.group,
        MEANINGS[pay.kind],
        prices.number(pay.price)[:, None] * amount.by_year,
        amount.course,
    )
