"""Staff, places and people against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm
from slow_models import ARRIVALS, Slow, absolute, done, every, loop, relative, two

from caresim.engines.coupling import Measure
from caresim.model import Changed, Opening, Population, Ramp, Staff, Timeline, Transition


def staff(**more):
    given = {
        "name": "nurses",
        "label": "Nurses",
        "posts": Timeline.constant(1e6),
        "in_post": 100.0,
        "leavers": 0.002,
        "recruitment": 0.5,
        "fills": 0.0,
        "training_days": 0.0,
        "sickness": 0.0,
        "runs": ((0, 5.0),),
    }
    return Staff(**{**given, **more})


@pytest.mark.parametrize("days", [1.0, 28.0])
def test_staff_follow_the_equation_of_recruitment_and_leaving(days):
    slow = Slow(every(two(staff=(staff(),)), days))
    for _ in range(int(280 / days)):
        slow.tick(days=days)
    steady = 0.5 / 0.002
    exact = steady + (100 - steady) * np.exp(-0.002 * 280)
    assert slow.held("in_post") == pytest.approx(exact, rel=1e-9)


def test_recruits_are_trained_before_they_are_in_post():
    slow = Slow(two(staff=(staff(training_days=30.0),)))
    for _ in range(90):
        slow.tick()
    # d(T, N, 1)/dt with a constant inflow.
    flows = np.array([[-1 / 30, 0, 0.5], [1 / 30, -0.002, 0], [0, 0, 0]])
    training, in_post, _ = expm(flows * 90) @ [0.0, 100.0, 1.0]
    assert slow.held("in_training") == pytest.approx(training, rel=1e-7)
    assert slow.held("in_post") == pytest.approx(in_post, rel=1e-7)


def test_a_share_of_vacancies_is_filled():
    slow = Slow(two(staff=(staff(posts=Timeline.constant(200.0), fills=0.01, leavers=0.0),)))
    for _ in range(100):
        slow.tick()
    assert slow.held("in_post") == pytest.approx(200 - 100 * np.exp(-1.0), rel=1e-9)


def test_nobody_is_recruited_beyond_the_posts():
    slow = Slow(two(staff=(staff(posts=Timeline.constant(110.0), training_days=10.0),)))
    for _ in range(200):
        slow.tick()
        assert slow.held("in_post") + slow.held("in_training") <= 110 * (1 + 1e-12)
    assert slow.held("in_post") + slow.held("in_training") == pytest.approx(110.0, rel=1e-9)


def test_usable_places_are_those_staff_can_run():
    slow = Slow(two(staff=(staff(sickness=0.1, leavers=0.0, recruitment=0.0),)))
    assert slow.lever("capacity") == pytest.approx(90 / 5)


@pytest.mark.parametrize(
    ("deployment", "shares", "usable"),
    [
        # 50 staff; 20 places need 2 each, and 10 need 4: 40 and 40 of 80.
        ("shared", (), (12.5, 6.25)),
        ("priority", (), (20.0, 2.5)),
        ("fixed", (0.2, 0.8), (5.0, 10.0)),
    ],
)
def test_staff_are_deployed_by_rule(deployment, shares, usable):
    group = staff(in_post=50.0, runs=((0, 2.0), (1, 4.0)), deployment=deployment, shares=shares)
    slow = Slow(two(staff=(group,)))
    assert [slow.lever("capacity", s) for s in (0, 1)] == pytest.approx(usable)


def test_staff_lent_to_an_intervention_and_places_it_uses_are_missed():
    lent = done(ramp=Ramp(0.0), staff=((0, 30.0),), uses=((0, 2.0),))
    slow = Slow(two(staff=(staff(leavers=0.0, recruitment=0.0),), interventions=(lent,)))
    assert slow.lever("capacity") == pytest.approx(70 / 5 - 2)


def test_workload_raises_leaving_and_leaving_costs_places():
    turnover = loop("workload", relative(Changed("leavers", 0), 1.0), above=1.0)
    slow = Slow(two(staff=(staff(recruitment=0.0),), feedbacks=(turnover,)))
    # 30 places in use and 10 people waiting need 200 staff, of 100 at work.
    slow.tick({Measure("used", 0): 30.0, Measure("waiting", 0): 10.0})
    before = slow.held("in_post")
    assert before == pytest.approx(100 * np.exp(-0.002), rel=1e-12)
    slow.tick()
    assert slow.held("in_post") == pytest.approx(before * np.exp(-0.004), rel=1e-6)


def test_phases_open_and_what_they_replace_closes_after():
    opening = Opening(
        1, 6.0, 10.0, slippage=2.0, phases=3, every=5.0, replaces=0, replaced_places=9.0, after=4.0
    )
    slow = Slow(two(openings=(opening,)))
    for day in range(1, 31):
        slow.tick()
        opened = sum(day >= 12 + 5 * k for k in range(3))
        closed = sum(day >= 16 + 5 * k for k in range(3))
        assert slow.lever("capacity", 1) == 10 + 2 * opened
        assert slow.lever("capacity", 0) == 20 - 3 * closed
        assert slow.held("double", 0) == 3 * (opened - closed)


def test_underspend_is_reinvested_in_places():
    from caresim.model import Budget

    given = two(
        budgets=(Budget("pool", "Pool", 1000.0, ((0, 50.0),)),),
        feedbacks=(loop("underspend", absolute(Changed("capacity", 1), 1.0, per=100.0)),),
    )
    slow = Slow(given)
    slow.tick({Measure("occupied", 0): 14.0})
    assert slow.lever("capacity", 1) == pytest.approx(10 + 300 / 100)
    slow.tick({Measure("occupied", 0): 30.0})
    assert slow.lever("capacity", 1) == 10.0


def population(**more):
    given = {
        "kind": "open",
        "start": (1000.0,),
        "home_deaths": (0.0001,),
        "leaves": (0.0,),
        "joins": (0.0,),
    }
    return Population(**{**given, **more})


def three_bands(days):
    from flow_models import model
    from slow_models import DOOR, TWO

    bands = ("young", "middle", "old")
    more = population(
        start=(900.0, 500.0, 100.0),
        home_deaths=(0.0, 0.0001, 0.0005),
        leaves=(0.0002, 0.0, 0.0),
        joins=(0.3, 0.0, 0.1),
        transitions=(Transition(0, 1, 0.001, "ageing"), Transition(1, 2, 0.002, "ageing")),
    )
    return every(model(TWO, DOOR, cohorts=bands, days=1000.0, more={"population": more}), days)


@pytest.mark.parametrize("days", [1.0, 91.0])
def test_an_ageing_population_is_a_matrix_exponential(days):
    slow = Slow(three_bands(days))
    for _ in range(int(364 / days)):
        slow.tick(days=days)
    flows = np.array(
        [[-0.0012, 0, 0, 0.3], [0.001, -0.0021, 0, 0], [0, 0.002, -0.0005, 0.1], [0, 0, 0, 0]]
    )
    exact = expm(flows * 364) @ [900.0, 500.0, 100.0, 1.0]
    people = [slow.held("people", j) for j in range(3)]
    assert people == pytest.approx(exact[:3], rel=1e-7)
    joined = sum(slow.held("joined", j) for j in range(3))
    gone = sum(slow.held("died_at_home", j) + slow.held("moved_away", j) for j in range(3))
    assert sum(people) == pytest.approx(1500 + joined - gone, rel=1e-14)


def test_people_in_care_neither_die_at_home_nor_come_back_when_they_die_there():
    slow = Slow(two(population=population()))
    slow.tick({Measure("away", cohort=0): 400.0, Measure("died", cohort=0): 7.0})
    at_home = 600 * (1 - np.exp(-0.0001))
    assert slow.held("people") == pytest.approx(1000 - 7 - at_home, rel=1e-12)


def test_migration_makes_up_what_the_flows_leave_of_a_projection():
    line = Timeline(days=[0.0, 100.0], values=[1000.0, 1100.0], kind="linear")
    slow = Slow(two(population=population(projection=(line,))))
    for _ in range(50):
        slow.tick()
    assert slow.held("people") == pytest.approx(1050.0)
    assert slow.held("migrated") - slow.held("died_at_home") == pytest.approx(50.0)


def test_slow_stocks_stand_still_in_a_warm_up():
    given = two(staff=(staff(),), population=population(), openings=(Opening(1, 5.0, 0.0),))
    slow = Slow(given, day=-2.0)
    slow.tick()
    slow.tick()
    assert (slow.held("in_post"), slow.held("people")) == (100.0, 1000.0)
    assert slow.lever("capacity", 1) == 15.0  # day 0: it opens
    slow.tick()
    assert slow.held("in_post") > 100.0


def test_what_nothing_sets_is_left_alone():
    slow = Slow(two(interventions=(done(relative(ARRIVALS, -0.1)),)))
    changes = slow.parts.changes
    assert changes[slow.parts.levers.arrival]
    assert changes.sum() == 1
