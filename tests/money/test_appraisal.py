"""Appraisals worked out by hand."""

import dataclasses
import json
import math

import numpy as np
import pytest
from made_results import cost, money, results

from caresim.model import Ramp
from caresim.model.money import (
    SUPPLIERS,
    AppraisalTerms,
    Drawn,
    OutcomeValue,
    Payment,
    ProgrammeCost,
)
from caresim.money import NotAlikeError, appraise
from caresim.money.appraisal import Range
from caresim.money.discounting import factors, payback_years, present

BED_DAYS = OutcomeValue("bed_days_lost_per_year", Drawn(50.0), "lower")
COSTS = (cost("acute", "fixed", 250.0), cost("acute", "variable", 400.0))


def help_costs(setup, per_day):
    about = (("council", 1.0),), SUPPLIERS, 0.0, Ramp(0.0), Drawn(0.0)
    return (
        ProgrammeCost("help", "Help", "setup", Drawn(setup), *about),
        ProgrammeCost("help", "Help", "running", Drawn(per_day), *about),
    )


def pair(*, setup=300_000.0, per_day=1000.0, saved=(1.0, 2.0), terms=None, days=1095.0, **more):
    """A base run, and one in which acute care has fewer people, at the cost of some help."""
    terms = {"terms": terms} if terms else {}
    base = results(
        money(costs=COSTS, **terms, **more), days=days, members=len(saved),
        occupied={"acute": [90.0] * len(saved)}, places_used={"acute": [90.0] * len(saved)},
        delayed={"acute": [15.0] * len(saved)}, admissions={"acute": [12.0] * len(saved)},
    )  # fmt: skip
    option = results(
        money(costs=COSTS, programmes=help_costs(setup, per_day), **terms, **more),
        days=days, members=len(saved), option="help",
        occupied={"acute": [90.0 - s for s in saved]},
        places_used={"acute": [90.0 - s for s in saved]},
        delayed={"acute": [15.0 - s for s in saved]},
        admissions={"acute": [12.0 - s / 10 for s in saved]},
    )  # fmt: skip
    return base, option


def test_present_cost_is_discounted_from_the_second_year_on():
    found = appraise(*pair())
    flows = [300_000 + 365_000 - 146_000, 365_000 - 146_000, 365_000 - 146_000]
    assert found.cost[0] == pytest.approx(flows)
    expected = flows[0] + flows[1] / 1.035 + flows[2] / 1.035**2
    assert found.net_present_cost[0] == pytest.approx(expected)
    assert found.net_present_value()[0] == pytest.approx(-expected)
    assert appraise(*pair(), discount=0.0).net_present_cost[0] == pytest.approx(sum(flows))
    assert appraise(*pair(), years=1).net_present_cost[0] == pytest.approx(flows[0])


def test_capacity_that_is_freed_but_open_is_no_cash():
    found = appraise(*pair(saved=(2.0,)))
    assert found.not_cashable[0] == pytest.approx([250 * 2 * 365] * 3)
    # Needs: variable and fixed cost of two people; cash: the variable cost alone.
    needed = found.cost - found.not_cashable
    assert needed[0, 1] == pytest.approx(365_000 - (400 + 250) * 2 * 365)


def test_who_pays_is_told_apart():
    found = appraise(*pair(saved=(2.0,)))
    assert found.by_payer["council"][0] == pytest.approx([665_000, 365_000, 365_000])
    assert found.by_payer["hospital"][0] == pytest.approx([-292_000] * 3)
    assert sum(found.by_payer.values())[0] == pytest.approx(found.cost[0])


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([100.0, -40.0, -120.0], 2.5),
        ([100.0, -40.0, -40.0], math.inf),
        ([-10.0, -10.0, -10.0], 0.0),
        ([100.0, -100.0, 0.0], 2.0),
        ([50.0, -100.0, 100.0], math.inf),
        ([50.0, -100.0, 50.0], 1.5),
    ],
)
def test_payback_is_when_savings_have_made_up_for_good(costs, expected):
    found = payback_years(np.array([costs]), np.full(3, 365.0))
    assert found.tolist() == [pytest.approx(expected)]


def test_payback_counts_days_of_a_short_year():
    assert payback_years(np.array([[73.0, -73.0]]), np.array([365.0, 73.0])).tolist() == [1.2]


def test_benefits_and_costs_are_told_by_what_they_are_for():
    found = appraise(*pair(saved=(2.0,)))
    costs, benefits = found.costs_and_benefits("fiscal")
    weights = factors(0.035, 3)
    assert costs[0] == pytest.approx(300_000 + 365_000 * weights.sum())
    assert benefits[0] == pytest.approx(292_000 * weights.sum())
    assert found.benefit_cost("fiscal") == pytest.approx(benefits[0] / costs[0])
    dearer, cheaper = found.parts()
    assert [item.subject for item in dearer] == ["help"]
    assert [item.subject for item in cheaper] == ["acute"]
    assert costs[0] - benefits[0] == pytest.approx(found.net_present_cost[0])


def test_the_value_of_outcomes_counts_in_the_public_view_only():
    terms = AppraisalTerms(0.035, None, (BED_DAYS,))
    found = appraise(*pair(saved=(2.0,), terms=terms))
    # Two people fewer are delayed: 730 bed-days a year, at 50 GBP.
    assert found.gains["bed_days_lost_per_year"][0] == pytest.approx([730.0] * 3)
    assert found.outcome_value[0] == pytest.approx(36_500 * factors(0.035, 3).sum())
    assert found.net_present_value("public")[0] == pytest.approx(
        found.outcome_value[0] - found.net_present_cost[0]
    )
    assert found.net_present_value("fiscal")[0] == pytest.approx(-found.net_present_cost[0])
    assert found.benefit_cost("public") > found.benefit_cost("fiscal")


def test_fees_that_people_pay_save_public_money_and_nothing_at_all():
    fee = Payment(
        "fee", "Fee", "tariff", (("people", 1.0),), "hospital", ("acute",), price=Drawn(100.0)
    )
    free, charged = pair(setup=0.0, per_day=0.0, saved=(0.0,))
    asked = dataclasses.replace(
        charged,
        labels=dataclasses.replace(charged.labels, money=money(costs=COSTS, payments=(fee,))),
    )
    found = appraise(free, asked)
    assert found.net_present_cost.tolist() == [0.0]
    assert found.net_present_value("fiscal")[0] == pytest.approx(
        100 * 90 * 365 * factors(0.035, 3).sum()
    )


def test_switching_values_make_the_cost_nothing():
    found = appraise(*pair(saved=(2.0, 3.0)))
    switching = found.switching_values()
    for item in found.items:
        worth = found.present(item.all).mean()
        others = found.net_present_cost.mean() - worth
        assert others + worth * (1 + switching[item.subject]) == pytest.approx(0.0, abs=1e-6)
    assert switching["acute"] > 0 > switching["help"]


def test_switching_values_of_outcomes():
    base, option = pair(saved=(2.0,))
    found = appraise(base, option, outcomes=["delayed", "mean_stay_days.acute"])
    (per_person, _) = found.switching_outcomes().values()
    gained = found.present(found.gains["delayed"])[0]
    assert per_person * gained == pytest.approx(found.net_present_cost[0])
    assert found.values == {}


def test_cost_of_what_is_avoided():
    found = appraise(*pair(saved=(1.0, 2.0)))
    days = found.cost_per("delayed_days")
    assert days.avoided == pytest.approx(1.5 * 1095)
    assert days.chance_avoided == 1.0
    assert days.gbp == pytest.approx(found.net_present_cost.mean() / (1.5 * 1095))
    assert days.verdict == "fewer delayed days, for more money"
    assert found.cost_per("bed_days").avoided == pytest.approx(1.5 * 1095)
    assert found.cost_per("admissions").avoided == pytest.approx(0.15 * 1095)
    cheap = appraise(*pair(setup=0.0, per_day=0.0)).cost_per("bed_days")
    assert (cheap.gbp, cheap.verdict) == (None, "fewer bed days, for less")
    none = appraise(*pair(saved=(0.0,))).cost_per("bed_days")
    assert (none.gbp, none.verdict) == (None, "as many bed days")
    worse = appraise(*pair(saved=(-1.0,))).cost_per("bed_days")
    assert (worse.gbp, worse.verdict) == (None, "more bed days, for more money")


def test_everything_can_be_told_as_plain_data():
    terms = AppraisalTerms(0.035, None, (BED_DAYS,))
    told = appraise(*pair(terms=terms)).to_dict()
    again = json.loads(json.dumps(told, allow_nan=False))
    assert again["optimism"]["status"] == "unverified"
    assert again["payback_years"]["mean"] is None
    assert again["chance_pays_back"] == 0.0
    assert again["chance_saves_money"] == 0.0
    assert set(again["by_payer"]) == {"hospital", "council", "board", "people"}


def test_options_that_were_not_run_alike_are_refused():
    base, option = pair()
    with pytest.raises(NotAlikeError, match="different members"):
        appraise(base, pair(saved=(1.0,))[1])
    with pytest.raises(NotAlikeError, match="different years"):
        appraise(base, pair(days=400.0)[1])
    other = dataclasses.replace(option.labels.money, price_year="2022-23")
    labels = dataclasses.replace(option.labels, money=other)
    changed = dataclasses.replace(option, labels=labels)
    with pytest.raises(NotAlikeError, match="different price years"):
        appraise(base, changed)


def test_present_values_over_the_last_axis():
    assert present(np.ones((2, 3)), 0.0).tolist() == [3.0, 3.0]
    assert present(np.array([0.0, 103.5]), 0.035) == pytest.approx(100.0)


def test_a_range_of_members():
    found = Range.of(np.array([1.0, 2.0, 3.0, np.nan]))
    assert (found.mean, found.low, found.median, found.high) == (2.0, 1.0, 2.0, 3.0)
    assert Range.of(np.array([np.nan])).to_dict() == dict.fromkeys(
        ("mean", "low", "median", "high")
    )
