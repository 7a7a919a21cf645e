"""What change costs: interventions, and places that open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from caresim.model.money import SUPPLIERS, BuildingCost, Money, ProgrammeCost
from caresim.money.activity import Activity, Amount
from caresim.money.entries import MEANINGS, FloatArray, Posting
from caresim.money.prices import Prices
from caresim.money.timing import overlap, periods, spread


def change_costs(money: Money, activity: Activity, prices: Prices) -> Iterator[Posting]:
    """Yield the costs of interventions and of openings.

    Parameters
    ----------
    money
        Of the option.
    activity
        What happened.
    prices
        Of its members.
    """
    for building in money.buildings:
        yield _building(building, activity, prices)
    for cost in money.programmes:
        posting = _programme(cost, activity, prices)
        yield posting
        if cost.allowance:
            reason = f"{cost.allowance:.0%} on {posting.reason}, for the weakness of the figure"
            yield replace(
                posting, kind="allowance", reason=reason, gbp=cost.allowance * posting.gbp
            )


def _building(cost: BuildingCost, activity: Activity, prices: Prices) -> Posting:
    """Capital from the decision to each phase; transition on the day of each phase."""
    late = prices.number(cost.slippage)
    parts = np.zeros((activity.members, len(activity.years)))
    course = np.zeros(activity.period_days.size)
    for phase in cost.phases:
        opens = phase + late
        first = np.full_like(opens, cost.decided) if cost.kind == "capital" else opens
        parts += spread(first, opens, activity.years) / len(cost.phases)
        course += spread(first, opens, periods(activity.results.times)).mean(axis=0)
    return Posting(
        cost.payers,
        SUPPLIERS,
        cost.kind,
        cost.setting,
        MEANINGS[cost.kind],
        prices.number(cost.price)[:, None] * parts,
        course,
    )


def _programme(cost: ProgrammeCost, activity: Activity, prices: Prices) -> Posting:
    begins = prices.begins(cost.decided, cost.lead)
    if cost.kind == "per_person":
        amount = _reached(cost, begins, activity, prices)
    elif cost.kind == "running":
        amount = _running(cost, begins, activity)
    else:
        decided = np.full_like(begins, cost.decided)
        amount = Amount(
            spread(decided, begins, activity.years),
            spread(decided, begins, periods(activity.results.times)).mean(axis=0),
        )
    return Posting(
        cost.payers,
        cost.payee,
        cost.kind,
        cost.intervention,
        MEANINGS[cost.kind],
        prices.number(cost.price)[:, None] * amount.by_year,
        amount.course,
    )


def _running(cost: ProgrammeCost, begins: FloatArray, activity: Activity) -> Amount:
    """Return the days on which an intervention runs, whatever its strength."""
    ends = np.maximum(np.full_like(begins, min(cost.ramp.end, activity.labels.days)), begins)
    return Amount(
        overlap(begins, ends, activity.years),
        overlap(begins, ends, periods(activity.results.times)).mean(axis=0),
    )


def _reached(cost: ProgrammeCost, begins: FloatArray, activity: Activity, prices: Prices) -> Amount:
    """Return people reached: admissions x reach x strength, over settings and cohorts."""
    total = activity.none()
    strength = prices.strength(cost.ramp, begins)
    over_time = Prices(prices.money, prices.draws, periods(activity.results.times))
    course = over_time.strength(cost.ramp, begins).mean(axis=0)
    for one in cost.reached:
        share = prices.number(one.share)
        people = activity.of("admission", one.setting, (one.cohort,))
        total += Amount(
            people.by_year * share[:, None] * strength, people.course * share.mean() * course
        )
    return total
