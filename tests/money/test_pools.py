"""Pooled budgets worked out by hand."""

import dataclasses

import numpy as np
import pytest
from made_results import in_pounds, money, results

from caresim.model.money import Drawn, Payment, Pool
from caresim.money import ledger

YEAR = 365
HALF = (("board", 0.5), ("council", 0.5))

# Each asks for 365,000 a year for each person: home care for 3 people, the care home for 1.
CARE = Payment(
    "care", "Home care", "tariff", (("joint", 1.0),), "hospital", ("home_care",), price=Drawn(1e3)
)
HOME = Payment(
    "home", "Care home", "tariff", (("joint", 1.0),), "people", ("care_home",), price=Drawn(1e3)
)
NEEDED = {"occupied": {"home_care": 3.0, "care_home": 1.0}}

POOL = Pool(
    "joint",
    "Joint fund",
    (("board", Drawn(2000.0)), ("council", Drawn(2000.0))),
    (("care", 2000.0), ("home", 2000.0)),
    "single",
    "need",
    HALF,
    HALF,
)


def settled(pool=POOL, payments=(CARE, HOME), **activity):
    found = ledger(results(money(payments=payments, pools=(pool,)), **(activity or NEEDED)))
    assert all(check.passed for check in found.check())
    return found


def risk(found, payer, payee):
    lines = [line for line in found.lines if line.kind == "risk_share"]
    return in_pounds(
        found.sum(line for line in lines if line.payer == payer and line.payee == payee)
    )[0]


def test_in_a_single_pot_what_one_payment_leaves_pays_for_the_other():
    """Home care needs 3,000 a day and the care home 1,000: together what the pot holds."""
    found = settled()
    assert in_pounds(found.received("hospital")) == [3000 * YEAR] * 2
    assert not [line for line in found.lines if line.kind == "risk_share"]


def test_across_separate_pots_money_does_not_follow_the_bottleneck():
    """The same needs: one pot is 1,000 a day short while the other has 1,000 a day left."""
    found = settled(dataclasses.replace(POOL, pots="separate"))
    for name in ("board", "council"):
        assert risk(found, name, "joint") == 500 * YEAR
        assert risk(found, "joint", name) == 500 * YEAR


def test_pots_pay_no_more_than_they_hold_where_nobody_bears_the_rest():
    single = settled(dataclasses.replace(POOL, overspend=()))
    separate = settled(dataclasses.replace(POOL, overspend=(), pots="separate"))
    assert in_pounds(single.received("hospital")) == [3000 * YEAR] * 2
    assert in_pounds(separate.received("hospital")) == [2000 * YEAR] * 2
    assert (separate.unpaid["joint"] / 100).tolist() == [[1000 * YEAR] * 2]
    assert not single.unpaid["joint"].any()


def test_who_goes_short_where_the_pot_is_too_small():
    short = dataclasses.replace(POOL, overspend=(), contributions=(("board", Drawn(3000.0)),))
    need = settled(short)
    assert in_pounds(need.received("hospital")) == [0.75 * 3000 * YEAR] * 2
    assert in_pounds(need.received("people")) == [0.75 * 1000 * YEAR] * 2
    first = settled(dataclasses.replace(short, order="priority"))
    assert in_pounds(first.received("hospital")) == [3000 * YEAR] * 2
    assert in_pounds(first.received("people")) == [0.0] * 2
    turned = (POOL.pays[1], POOL.pays[0])
    other = settled(dataclasses.replace(short, order="priority", pays=turned))
    assert in_pounds(other.received("people")) == [1000 * YEAR] * 2
    assert in_pounds(other.received("hospital")) == [2000 * YEAR] * 2


def test_overspend_is_shared_by_the_rule():
    rule = dataclasses.replace(POOL, overspend=(("board", 0.7), ("council", 0.3)))
    found = settled(rule, occupied={"home_care": 5.0, "care_home": 1.0})
    assert risk(found, "board", "joint") == 0.7 * 2000 * YEAR
    assert risk(found, "council", "joint") == pytest.approx(0.3 * 2000 * YEAR)


def test_a_lead_bears_the_variance():
    lead = dataclasses.replace(POOL, overspend=(("council", 1.0),), underspend=(("council", 1.0),))
    over = settled(lead, occupied={"home_care": 5.0})
    assert risk(over, "council", "joint") == 1000 * YEAR
    under = settled(lead, occupied={"home_care": 1.0})
    assert risk(under, "joint", "council") == 3000 * YEAR
    assert in_pounds(under.net("board")) == [2000 * YEAR] * 2


def test_a_pool_ends_every_year_with_nothing():
    found = settled(occupied={"home_care": 2.37, "care_home": 0.41})
    assert not found.net("joint").any()
    assert np.array_equal(found.paid("joint"), found.received("joint"))


def test_money_that_a_payee_gives_back_stays_in_the_pool():
    outcome = Payment(
        "care", "Outcome", "outcome", (("joint", 1.0),), "hospital",
        indicator="delayed.acute", target=0.0, price=Drawn(1000.0), both_ways=True,
    )  # fmt: skip
    pool = dataclasses.replace(POOL, pays=(("care", 0.0),), overspend=())
    found = settled(pool, (outcome,), delayed={"acute": 3.0}, occupied={"acute": 9.0})
    assert in_pounds(found.net("hospital")) == [3000.0] * 2
    assert risk(found, "joint", "board") == 2000 * YEAR + 1500


def test_payments_that_a_pool_shares_with_others_are_settled_for_its_part():
    shared = dataclasses.replace(CARE, payers=(("joint", 0.6), ("people", 0.4)))
    found = settled(payments=(shared,), occupied={"home_care": 3.0})
    assert in_pounds(found.paid("people")) == [pytest.approx(1200 * YEAR)] * 2
    assert risk(found, "joint", "board") == pytest.approx((4000 - 1800) / 2 * YEAR)
