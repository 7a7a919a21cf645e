"""What interventions cost, how their effects on prices act, and how prices move between years."""

import dataclasses

import numpy as np
import pytest
from made_results import cost, in_pounds, money, results

from caresim.engines.coupling.strength import strength as of_engines
from caresim.engines.output import Window
from caresim.model import Ramp
from caresim.model.money import SUPPLIERS, Drawn, PriceChange, ProgrammeCost, Reached
from caresim.money import ledger
from caresim.money.timing import mean_strength, spread, strength
from caresim.scenario.price_years import UnknownYearError, factor, price_year

YEAR = 365


def programme(kind, gbp, *, decided=0.0, lead=0.0, **more):
    return ProgrammeCost(
        "help", "Help", kind, Drawn(gbp), (("board", 0.4), ("council", 0.6)),
        **{"payee": SUPPLIERS, "decided": decided, "ramp": Ramp(decided + lead),
           "lead": Drawn(lead)} | more,
    )  # fmt: skip


def spent(*programmes, **activity):
    return ledger(results(money(programmes=programmes), **activity))


def by_kind(found, kind):
    return in_pounds(found.sum(line for line in found.lines if line.kind == kind))


def test_setup_is_paid_between_the_decision_and_the_work():
    found = spent(programme("setup", 100_000.0, decided=315.0, lead=100.0))
    assert by_kind(found, "setup") == [50_000.0, 50_000.0]
    assert in_pounds(found.net("board")) == [20_000.0, 20_000.0]
    at_once = spent(programme("capital", 100_000.0, decided=365.0))
    assert by_kind(at_once, "capital") == [0.0, 100_000.0]


def test_running_costs_go_on_from_the_work_to_the_end():
    found = spent(programme("running", 1000.0, decided=100.0, lead=65.0))
    assert by_kind(found, "running") == [200_000.0, 365_000.0]
    ended = programme("running", 1000.0, ramp=Ramp(0.0, end=500.0))
    assert by_kind(spent(ended), "running") == [365_000.0, 135_000.0]


def test_people_reached_are_a_share_of_admissions():
    reached = (Reached("acute", "younger", Drawn(0.3)),)
    ramp = Ramp(0.0, "linear", over=365.0)
    found = spent(
        programme("per_person", 50.0, ramp=ramp, reached=reached), admissions={"acute": 10.0}
    )
    assert by_kind(found, "per_person") == pytest.approx(
        [50 * 10 * YEAR * 0.3 * 0.5, 50 * 10 * YEAR * 0.3]
    )


def test_weak_cost_figures_are_raised_and_it_shows():
    found = spent(programme("running", 1000.0, allowance=0.15))
    assert by_kind(found, "running") == [365_000.0] * 2
    assert by_kind(found, "allowance") == pytest.approx([54_750.0] * 2)
    (reason,) = {line.reason for line in found.lines if line.kind == "allowance"}
    assert reason.startswith("15% on ")


def test_an_intervention_may_be_paid_to_an_organisation():
    found = spent(programme("running", 1000.0, payee="hospital"))
    assert not found.costs().any()
    assert in_pounds(found.received("hospital")) == [365_000.0] * 2


def change(amount, *, reach=1.0, discount=0.0, ramp=Ramp(0.0), of="settings.acute.costs.variable"):  # noqa: B008
    return PriceChange(
        "help", of, Drawn(amount), Drawn(reach), discount, 0.0, ramp, Drawn(ramp.start)
    )


def variable_cost(*changes, **more):
    made = money(costs=(cost("acute", "variable", 100.0),), price_changes=changes, **more)
    return in_pounds(ledger(results(made, occupied={"acute": 10.0})).costs())


def test_interventions_change_prices_for_those_they_reach():
    assert variable_cost(change(-0.17, reach=0.5)) == [100 * 10 * YEAR * 0.915] * 2
    both = variable_cost(change(-0.1), change(-0.2))
    assert both == pytest.approx([100 * 10 * YEAR * 0.9 * 0.8] * 2)
    assert variable_cost(change(-0.1, of="settings.care_home.costs.variable")) == [365_000.0] * 2


def test_a_price_changes_as_the_intervention_grows():
    halfway = variable_cost(change(-0.2, ramp=Ramp(0.0, "linear", over=365.0)))
    assert halfway == pytest.approx([365_000 * 0.9, 365_000 * 0.8])


def test_hoped_for_falls_of_prices_are_corrected_and_rises_are_not():
    assert variable_cost(change(-0.2, discount=0.25)) == pytest.approx([365_000 * 0.85] * 2)
    assert variable_cost(change(0.2, discount=0.25)) == pytest.approx([365_000 * 1.2] * 2)


def test_prices_are_drawn_for_each_member():
    uncertain = dataclasses.replace(cost("acute", "variable", 1.0), price=Drawn(1.0, 0, 1.1))
    made = money(costs=(uncertain,), columns=(1,))
    run = results(made, members=2, draws=[[9.0, 1.0], [9.0, 3.0]], occupied={"acute": [10, 10]})
    assert (ledger(run).costs() / 100)[:, 0] == pytest.approx([1.1 * 3650, 3.3 * 3650])


@pytest.mark.parametrize("shape", ["step", "linear", "front_loaded", "back_loaded", "s_curve"])
def test_strength_is_that_of_the_engines(shape):
    ramp = Ramp(30.0, shape, 0.0 if shape == "step" else 100.0, 350.0, 150.0, 90.0, 0.4)
    c = _coupling(ramp)
    days = np.arange(0.0, 400.0, 7.3)
    engines = [of_engines(c, 0, day - 30.0, day) for day in days]
    assert strength(ramp, np.array([30.0]), days)[0] == pytest.approx(engines)


def _coupling(ramp):
    """The slow side of a model in which one intervention does nothing but grow and fade."""
    from caresim.engines.coupling import coupling_layout
    from caresim.model import Change, Changed, Intervention
    from made_up import model

    nothing = Change(Changed("capacity", 0), "relative", 0.0)
    done = Intervention("a", "A", ramp, (nothing,))
    return coupling_layout(dataclasses.replace(model(), interventions=(done,))).coupling


def test_mean_strength_is_over_each_window():
    windows = (Window("a", 0.0, 100.0), Window("b", 100.0, 200.0))
    found = mean_strength(Ramp(0.0, "linear", 100.0), np.array([0.0, 100.0, 0.0]), windows)
    assert found.tolist() == [
        [pytest.approx(0.5), 1.0],
        [0.0, pytest.approx(0.5)],
        [pytest.approx(0.5), 1.0],
    ]


def test_sums_are_spread_over_what_they_overlap():
    windows = (Window("a", 0.0, 10.0), Window("b", 10.0, 20.0))
    first, last = np.array([5.0, 10.0, -10.0, 30.0]), np.array([15.0, 10.0, 10.0, 30.0])
    assert spread(first, last, windows).tolist() == [[0.5, 0.5], [0, 1], [0.5, 0], [0, 0]]


def test_pounds_of_one_year_in_those_of_another():
    assert factor("2021-22", "2023-24", {}) == pytest.approx(1.0732 * 1.0431)
    assert factor("2023-24", "2021-22", {}) == pytest.approx(1 / (1.0732 * 1.0431))
    assert factor("2023-24", "2023-24", {}) == 1.0
    assert factor("2023-24", "2024-25", {"2024-25": 0.03}) == pytest.approx(1.03)
    assert factor("2022-23", "2023-24", {"2023-24": 0.02}) == pytest.approx(1.02)
    with pytest.raises(UnknownYearError, match="2024-25"):
        factor("2023-24", "2026-27", {})


def test_a_price_year_may_be_written_in_several_ways():
    assert {price_year(text) for text in ("2024-25", "2024/25", "2024-2025")} == {"2024-25"}
    assert price_year("1999-00") == "1999-00"
