"""Ledgers worked out by hand: what care costs, when, and whom."""

import dataclasses

import numpy as np
import pytest
from made_results import cost, in_pounds, money, results

from caresim.model.money import BuildingCost, Drawn, StaffCost
from caresim.money import NoMoneyError, ledger
from caresim.money.entries import split, to_pence
from caresim.results.labels import Labels

YEAR = 365


def of_kind(made, kind):
    return made.sum(line for line in made.lines if line.kind == kind)


def test_fixed_cost_follows_open_places_and_variable_cost_follows_use():
    made = money(
        costs=(
            cost("acute", "fixed", 250.0),
            cost("acute", "variable", 96.5),
            cost("acute", "per_stay", 120.25),
        )
    )
    found = ledger(
        results(
            made,
            places_used={"acute": 90},
            occupied={"acute": 90},
            admissions={"acute": 12},
        )
    )
    assert in_pounds(of_kind(found, "fixed")) == [250 * 90 * YEAR] * 2
    assert in_pounds(of_kind(found, "idle")) == [250 * 10 * YEAR] * 2
    assert in_pounds(of_kind(found, "variable")) == [96.5 * 90 * YEAR] * 2
    assert in_pounds(of_kind(found, "per_stay")) == [120.25 * 12 * YEAR] * 2
    assert in_pounds(found.costs()) == in_pounds(found.net("hospital"))
    assert all(line.payee == "suppliers" and line.payer == "hospital" for line in found.lines)


def test_a_saved_bed_day_saves_the_variable_part_until_the_bed_closes():
    made = money(costs=(cost("acute", "fixed", 250.0), cost("acute", "variable", 96.0)))
    before = ledger(results(made, places_used={"acute": 90}, occupied={"acute": 90}))
    after = ledger(results(made, places_used={"acute": 89}, occupied={"acute": 89}))
    assert in_pounds(before.costs() - after.costs()) == [96 * YEAR] * 2
    freed = in_pounds(of_kind(after, "idle") - of_kind(before, "idle"))
    assert freed == [250 * YEAR] * 2
    assert {line.kind for line in after.lines if not line.cashable} == {"idle"}


def test_places_in_use_cost_though_they_have_closed():
    made = money(costs=(cost("acute", "fixed", 100.0),))
    found = ledger(results(made, places_used={"acute": 103}))
    assert in_pounds(found.costs()) == [100 * 103 * YEAR] * 2
    assert not of_kind(found, "idle").any()


@pytest.mark.parametrize(("built", "open_"), [({"home_care": 50.0}, 100), ({"acute": 120.0}, 120)])
def test_places_that_staff_cannot_run_cost_all_the_same(built, open_):
    made = money(costs=(cost("acute", "fixed", 100.0),))
    found = ledger(results(made, places_built=built))
    assert in_pounds(found.costs()) == [100 * open_ * YEAR] * 2


def test_people_delayed_may_cost_less():
    made = money(costs=(cost("acute", "variable", 500.0), cost("acute", "delayed", 346.0)))
    found = ledger(results(made, occupied={"acute": 90}, delayed={"acute": 15}))
    assert in_pounds(found.costs()) == [(500 * 75 + 346 * 15) * YEAR] * 2


def test_a_price_may_be_of_places_in_use():
    made = money(costs=(cost("home_care", "variable", 20.0, per="place", provider="council"),))
    found = ledger(results(made, places_used={"home_care": 45}, occupied={"home_care": 20}))
    assert in_pounds(found.net("council")) == [20 * 45 * YEAR] * 2


def test_a_year_cut_short_costs_what_its_days_do():
    made = money(costs=(cost("acute", "variable", 100.0),))
    found = ledger(results(made, days=465.0, occupied={"acute": 10}))
    assert in_pounds(found.costs()) == [100 * 10 * 365, 100 * 10 * 100]


def closing(kept, lag):
    """A hundred places of which some close after half a year."""
    made = money(costs=(cost("acute", "fixed", 100.0, cash_lag=lag),))
    plain = results(made, days=728.0)
    half = 182.0
    times = plain.times
    places = np.where(times[:-1] < half, 100.0, float(kept))
    mean = dict(plain.mean) | {"capacity": plain.mean["capacity"].copy()}
    mean["capacity"][:, 0] = places
    totals = dict(plain.totals) | {"capacity": plain.totals["capacity"].copy()}
    totals["capacity"][:, 1, 0] = (100 * half + kept * (365 - half)) / 365
    totals["capacity"][:, 2, 0] = kept
    return ledger(dataclasses.replace(plain, mean=mean, totals=totals))


def test_cash_is_released_some_time_after_places_close():
    found = closing(80, lag=91.0)
    assert in_pounds(of_kind(found, "stranded")) == pytest.approx([100 * 20 * 91, 0.0])
    assert {line.kind for line in found.lines if not line.cashable} == {"idle", "stranded"}
    assert not of_kind(closing(80, lag=0.0), "stranded").any()
    across = in_pounds(of_kind(closing(80, lag=200.0), "stranded"))
    assert across == pytest.approx([100 * 20 * 183, 100 * 20 * 17])


def test_places_that_open_again_are_not_paid_for_twice():
    found = closing(100, lag=91.0)
    assert not of_kind(found, "stranded").any()
    assert in_pounds(found.costs()) == pytest.approx([100 * 100 * 365, 100 * 100 * 363])


def test_double_running_is_told_apart():
    made = money(costs=(cost("acute", "fixed", 100.0),))
    found = ledger(
        results(made, places_used={"acute": 60}, places_built={"acute": 100},
                double_running={"acute": 30})
    )  # fmt: skip
    assert in_pounds(of_kind(found, "double_running")) == [100 * 30 * YEAR] * 2
    assert in_pounds(of_kind(found, "fixed")) == [100 * 60 * YEAR] * 2
    assert in_pounds(found.costs()) == [100 * 100 * YEAR] * 2


STAFF = (
    StaffCost("nurses", "Nurses", "hospital", 0, "staff", Drawn(45000 / 365)),
    StaffCost("nurses", "Nurses", "hospital", 0, "agency", Drawn(70000 / 365)),
)


def test_staff_costs_follow_people_in_post_and_in_training():
    run = results(
        money(staff=STAFF),
        staff_in_post={0: 340.0},
        staff_in_training={0: 10.0},
        staff_vacancies={0: 50.0},
    )
    found = ledger(run)
    assert in_pounds(of_kind(found, "staff")) == [45000 * 350] * 2
    assert in_pounds(of_kind(found, "agency")) == [70000 * 50] * 2


def test_figures_that_results_lack_fail_the_audit():
    found = ledger(results(money(staff=STAFF)))
    assert found.missing == ("staff_in_post", "staff_in_training", "staff_vacancies")
    failed = [check.name for check in found.check() if not check.passed]
    assert failed == ["figures_for_costs"]


ON_TIME = Drawn(0.0)


def opening(kind, gbp, *, slippage=ON_TIME):
    payers = (("board", 0.4), ("council", 0.6))
    return BuildingCost(
        "care_home", kind, Drawn(gbp), payers, 100.0, (300.0, 400.0), slippage, "plan"
    )


def test_capital_is_paid_while_building_and_transition_when_places_open():
    made = money(
        buildings=(opening("capital", 1_000_000.0), opening("transition", 50_000.0)),
    )
    found = ledger(results(made))
    # The second phase is built from day 100 to 400: 265 of its 300 days lie in the first year.
    first = 500_000 + 500_000 * 265 / 300
    assert in_pounds(of_kind(found, "capital")) == pytest.approx([first, 1e6 - first], abs=0.01)
    assert in_pounds(of_kind(found, "transition")) == [25_000.0, 25_000.0]
    board = [0.4 * (first + 25_000), 0.4 * (1e6 - first + 25_000)]
    assert in_pounds(found.net("board")) == pytest.approx(board, abs=0.01)


def test_what_opens_late_is_paid_late():
    made = money(buildings=(opening("transition", 50_000.0, slippage=Drawn(0.0, 0)),), columns=(0,))
    found = ledger(results(made, members=2, draws=[[0.0], [100.0]]))
    assert (of_kind(found, "transition") / 100).tolist() == [[25_000, 25_000], [0, 50_000]]


def test_months_sum_to_the_year_and_follow_what_is_paid_for():
    made = money(costs=(cost("acute", "variable", 100.0),))
    run = results(made, days=365.0, occupied={"acute": 10})
    course = run.mean["occupied"].copy()
    course[: len(course) // 2] = 0.0
    run = dataclasses.replace(run, mean=dict(run.mean) | {"occupied": course})
    table = ledger(run).frame("month")
    by_month = table.groupby("month")["gbp"].sum()
    assert by_month.index[0] == "2024-04"
    assert len(by_month) == 12
    assert by_month.sum() == pytest.approx(100 * 10 * 365)
    assert by_month["2024-04":"2024-08"].sum() == 0.0
    assert (by_month["2024-11":] > 0).all()


def test_tables_agree_with_each_other():
    made = money(
        costs=(cost("acute", "variable", 96.0), cost("care_home", "variable", 70.0,
                                                     provider="council")),
    )  # fmt: skip
    found = ledger(
        results(made, members=3, occupied={"acute": [90, 91, 95], "care_home": [40, 41, 40]})
    )
    members = found.frame(statistic="members")
    assert len(members) == 2 * 2 * 3
    total = members.groupby(["member", "year"])["gbp"].sum().to_numpy().reshape(3, 2)
    assert np.allclose(total, found.costs() / 100)
    accounts = found.by_organisation().set_index(["account", "year"])["net"]
    years = ("year_1", "year_2")
    for year in years:
        parts = [accounts[account.name, year] for account in found.accounts]
        assert sum(parts) == pytest.approx(accounts["total", year], abs=0.005)
    kinds = found.by_year().set_index(["kind", "year"])["gbp"]
    assert kinds["total", "year_1"] == pytest.approx(accounts["total", "year_1"])
    with pytest.raises(ValueError, match="by year"):
        found.frame("month", "members")


def test_a_single_organisation_pays_the_sum_of_what_its_parts_would():
    parts = (cost("acute", "variable", 96.0), cost("care_home", "variable", 71.0,
                                                   provider="council"))  # fmt: skip
    whole = tuple(dataclasses.replace(one, provider="board") for one in parts)
    activity = {"occupied": {"acute": 88.4, "care_home": 37.1}}
    several, one = (ledger(results(money(costs=costs), **activity)) for costs in (parts, whole))
    apart = several.net("hospital") + several.net("council")
    assert np.array_equal(one.net("board"), apart)


def test_results_keep_their_money_as_plain_data():
    made = money(
        costs=(cost("acute", "fixed", 1.0, cash_lag=3.0),), buildings=(opening("capital", 5.0),)
    )
    labels = results(made).labels
    assert Labels.from_dict(labels.to_dict()) == labels
    assert "money" not in results().labels.to_dict()


def test_a_scenario_without_money_has_no_ledger():
    with pytest.raises(NoMoneyError, match="do_nothing says nothing of money"):
        ledger(results())


def test_parts_in_pence_sum_to_the_whole():
    whole = np.array([[100, 101, -7, 0]])
    parts = split(whole, (0.55, 0.25, 0.2))
    assert np.array_equal(sum(parts), whole)
    assert all(np.abs(part - whole * share).max() <= 1 for part, share in
               zip(parts, (0.55, 0.25, 0.2), strict=True))  # fmt: skip
    assert to_pence(np.array([12.34])).tolist() == [1234]


def test_the_audit_can_fail():
    made = money(costs=(cost("acute", "variable", 96.0),))
    found = ledger(results(made, occupied={"acute": 90}))
    assert all(check.passed for check in found.check())

    def failed(**changed):
        worse = dataclasses.replace(found, **changed)
        return {check.name for check in worse.check() if not check.passed}

    line = found.lines[0]
    stray = dataclasses.replace(line, payer="nobody")
    assert failed(lines=(stray,)) == {"money_adds_up", "payments_cancel"}
    penny = dataclasses.replace(line, pence=line.pence + 2)
    assert failed(lines=(penny,)) == {"costs_follow_activity"}
    gift = dataclasses.replace(line, payee="board", kind="payment")
    assert failed(lines=(gift,)) == {"costs_follow_activity"}
