"""Payment rules worked out by hand: the same activity, paid for in different ways."""

import dataclasses
import math

import numpy as np
import pytest
from made_results import cost, in_pounds, money, results

from caresim.model.money import Drawn, Payment, Residents
from caresim.money import ledger

YEAR = 365
ACTIVITY = {"occupied": {"acute": 90.0}, "admissions": {"acute": 10.0}, "delayed": {"acute": 12.0}}


def rule(kind, *, payers=(("board", 1.0),), payee="hospital", **more):
    known = {"settings": ("acute",)} | more
    return Payment("deal", "The deal", kind, payers, payee, **known)


def paid(payment, *, days=730.0, members=1, terms=(), **activity):
    made = money(payments=(payment,), costs=(cost("acute", "variable", 400.0),), **dict(terms))
    found = ledger(results(made, days=days, members=members, **(activity or ACTIVITY)))
    assert all(check.passed for check in found.check())
    payment_lines = found.sum(line for line in found.lines if line.kind == "payment")
    assert np.array_equal(found.net("hospital"), found.costs() - payment_lines)
    return in_pounds(payment_lines)


@pytest.mark.parametrize(
    ("per", "gbp", "units"),
    [
        ("admission", 3200.0, 10 * YEAR),
        ("person", 400.0, 90 * YEAR),
        ("delayed day", 346.0, 12 * YEAR),
        ("place", 300.0, 85 * YEAR),
    ],
)
def test_a_tariff_pays_for_activity(per, gbp, units):
    activity = ACTIVITY | {"places_used": {"acute": 85.0}}
    assert paid(rule("tariff", price=Drawn(gbp), per=per), **activity) == [gbp * units] * 2


def test_a_tariff_may_be_for_some_cohorts_only():
    run = results(money(payments=(rule("tariff", price=Drawn(100.0), cohorts=("older",)),)))
    occupied = run.totals["occupied"].copy()
    occupied[:, :, 0] = [30.0, 60.0]  # younger, older
    run = dataclasses.replace(run, totals=dict(run.totals) | {"occupied": occupied})
    assert in_pounds(ledger(run).received("hospital")) == [100 * 60 * YEAR] * 2


def test_a_block_pays_the_same_whatever_happens():
    block = rule("block", amount=Drawn(30e6 / 365))
    assert paid(block) == paid(block, occupied={"acute": 0.0}) == [30e6] * 2


def test_a_block_of_a_short_year_is_in_proportion():
    assert paid(rule("block", amount=Drawn(1000.0)), days=400.0) == [365_000.0, 35_000.0]


def test_capitation_pays_for_people():
    heads = rule("capitation", price=Drawn(1500 / 365), per="resident", cohorts=("older",))
    tables = (
        Residents("older", (0.0, 730.0), (60_000.0, 62_000.0)),
        Residents("younger", (0.0,), (240_000.0,)),
    )
    # Means over the first and the second year of a straight line.
    assert paid(heads, terms={"residents": tables}) == pytest.approx(
        [1500 * 60_500, 1500 * 61_500], abs=0.01
    )


def test_capitation_follows_the_population_where_it_is_a_stock():
    heads = rule("capitation", price=Drawn(2.0), per="resident")
    run = results(money(payments=(heads,)))
    stock = np.full((1, 3, 2), 1000.0)
    course = np.full((run.times.size - 1, 2), 1000.0)
    run = dataclasses.replace(
        run,
        totals=dict(run.totals) | {"population": stock},
        mean=dict(run.mean) | {"population": course},
    )
    assert in_pounds(ledger(run).received("hospital")) == [2 * 2000 * YEAR] * 2


@pytest.mark.parametrize(
    ("admissions", "expected"),
    [(10.0, 20e6), (12.0, 20e6 + 0.75 * 3200 * 2 * YEAR), (9.0, 20e6 - 0.5 * 3200 * YEAR)],
)
def test_a_blended_payment_shares_what_is_above_or_below_its_baseline(admissions, expected):
    blended = rule(
        "blended", amount=Drawn(20e6 / 365), price=Drawn(3200.0), per="admission",
        baseline=10.0, above=0.75, below=0.5,
    )  # fmt: skip
    assert paid(blended, admissions={"acute": admissions}) == pytest.approx([expected] * 2)


def outcome(**more):
    return rule(
        "outcome", settings=(), indicator="delayed.acute", target=15.0, price=Drawn(10_000.0),
        **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("delayed", "more", "expected"),
    [
        (12.0, {}, 30_000.0),
        (18.0, {}, 0.0),
        (18.0, {"both_ways": True}, -30_000.0),
        (5.0, {"at_most": 50_000 / 365}, 50_000.0),
        (18.0, {"better": "higher"}, 30_000.0),
    ],
)
def test_an_outcome_is_paid_for_against_its_target(delayed, more, expected):
    activity = {"delayed": {"acute": delayed}, "occupied": {"acute": 90.0}}
    assert paid(outcome(**more), **activity) == pytest.approx([expected] * 2)


def test_an_undefined_outcome_pays_nothing():
    undefined = dataclasses.replace(outcome(), indicator="mean_stay_days.acute")
    assert math.isclose(sum(paid(undefined, occupied={"acute": 5.0})), 0.0)


def test_several_may_pay_together():
    fees = rule("tariff", payers=(("council", 0.55), ("people", 0.45)), price=Drawn(900 / 7))
    found = ledger(results(money(payments=(fees,)), occupied={"acute": 40.0}))
    total = 900 / 7 * 40 * YEAR
    assert in_pounds(found.paid("council"))[0] == pytest.approx(0.55 * total, abs=0.01)
    both = found.paid("council") + found.paid("people")
    assert np.array_equal(both, found.received("hospital"))


def test_how_activity_is_paid_for_moves_money_and_costs_nothing():
    """Fewer bed-days save the hospital under a block, and the board under a tariff by the day."""
    tariff = rule("tariff", price=Drawn(400.0))
    block = rule("block", amount=Drawn(400.0 * 90))
    heads = rule("capitation", price=Drawn(1.0), per="resident")
    tables = {"residents": (Residents("older", (0.0,), (36_000.0,)),)}
    saved = {}
    for payment in (tariff, block, heads):
        made = money(
            payments=(payment,), costs=(cost("acute", "variable", 400.0),),
            **(tables if payment is heads else {}),
        )  # fmt: skip
        before, after = (ledger(results(made, occupied={"acute": days})) for days in (90.0, 80.0))
        assert in_pounds(before.costs() - after.costs()) == [400 * 10 * YEAR] * 2
        saved[payment.kind] = [
            in_pounds(before.net(name) - after.net(name))[0] for name in ("hospital", "board")
        ]
    assert saved["tariff"] == [0.0, 400 * 10 * YEAR]
    assert saved["block"] == saved["capitation"] == [400 * 10 * YEAR, 0.0]
