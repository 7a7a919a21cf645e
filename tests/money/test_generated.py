"""Any web of payments and pools sums to zero to a penny, and organisations to the system."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import ORGANISATIONS, cost, money, results

from caresim.model.money import Drawn, Payment, Pool
from caresim.money import ledger

NAMES = [one.name for one in ORGANISATIONS]
SETTINGS = ("acute", "home_care", "care_home")
GBP = st.floats(0.0, 50_000.0)


@st.composite
def shares(draw, names):
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    weights = [draw(st.floats(0.01, 1.0)) for _ in chosen]
    return tuple((name, w / sum(weights)) for name, w in zip(chosen, weights, strict=True))


@st.composite
def webs(draw):
    pools = draw(st.integers(0, 2))
    payments, listed = [], [[] for _ in range(pools)]
    for n in range(draw(st.integers(1, 6))):
        payee = draw(st.sampled_from(NAMES))
        pool = draw(st.integers(-1, pools - 1))
        others = [name for name in NAMES if name != payee]
        payers = draw(shares(others + ([f"pool{pool}"] if pool >= 0 else [])))
        if pool >= 0:
            listed[pool].append(f"p{n}")
        kind = draw(st.sampled_from(["tariff", "block", "blended", "outcome"]))
        payments.append(
            Payment(
                f"p{n}", f"Payment {n}", kind, payers, payee, (draw(st.sampled_from(SETTINGS)),),
                price=Drawn(draw(GBP)), amount=Drawn(draw(GBP)), baseline=draw(GBP) / 1000,
                above=draw(st.floats(0, 1)), below=draw(st.floats(0, 1)),
                indicator="delayed" if kind == "outcome" else "", target=draw(st.floats(0, 50)),
                both_ways=draw(st.booleans()),
            )
        )  # fmt: skip
    made = tuple(
        Pool(
            f"pool{n}", f"Pool {n}",
            tuple((name, Drawn(draw(GBP))) for name in draw(st.lists(
                st.sampled_from(NAMES), min_size=1, unique=True))),
            tuple((name, draw(GBP)) for name in listed[n]),
            draw(st.sampled_from(["single", "separate"])),
            draw(st.sampled_from(["need", "priority"])),
            draw(st.one_of(st.just(()), shares(NAMES))),
            draw(shares(NAMES)),
        )
        for n in range(pools)
    )  # fmt: skip
    costs = tuple(
        cost(setting, kind, draw(GBP), provider=draw(st.sampled_from(NAMES)))
        for setting in SETTINGS[:2]
        for kind in ("fixed", "variable")
    )
    activity = {
        variable: {setting: [draw(st.floats(0, 300)) for _ in range(2)] for setting in SETTINGS}
        for variable in ("occupied", "places_used", "delayed")
    }
    return money(costs=costs, payments=tuple(payments), pools=made), activity


@settings(max_examples=60)
@given(webs())
def test_any_web_of_payments_adds_up_to_the_penny(web):
    made, activity = web
    found = ledger(results(made, members=2, days=500.0, **activity))
    assert [check.name for check in found.check() if not check.passed] == []
    between = [line for line in found.lines if line.payee != "suppliers"]
    balance = sum(
        found.sum(line for line in between if line.payer == account.name)
        - found.sum(line for line in between if line.payee == account.name)
        for account in found.accounts
    )
    assert not np.any(balance)
    organisations = sum(found.net(name) for name in NAMES)
    assert np.array_equal(organisations, found.costs())
    assert all(line.pence.dtype == np.int64 for line in found.lines)


@settings(max_examples=20)
@given(webs())
def test_pools_that_bear_no_overspend_pay_no_more_than_they_take_in(web):
    made, activity = web
    found = ledger(results(made, members=2, days=500.0, **activity))
    for pool in made.pools:
        lines = [line for line in found.lines if line.payer == pool.name]
        paid = found.sum(line for line in lines if line.kind == "payment")
        given_in = found.sum(
            line for line in found.lines if line.payee == pool.name and line.kind == "contribution"
        )
        if not pool.overspend and pool.pots == "single":
            assert (paid <= np.maximum(given_in, paid * 0)).all()
