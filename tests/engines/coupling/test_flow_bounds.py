"""The step of the flow engine follows what interventions make shorter or faster."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flow_models import model
from slow_models import STAY, absolute, done, loop, relative

from caresim.engines.flow.compile import compile_model
from caresim.engines.flow.compile.bounds import LEAST_FACTOR, ChangeBounds
from caresim.engines.flow.run import run_flow
from caresim.model import Changed, Intervention, Ramp, Target, UncertainInput

SETTINGS = {
    "ward": {"capacity": 50.0, "stay": 5.0, "then": {"beds": 0.5, "home": 0.5}},
    "beds": {"capacity": 8.0, "stay": 6.0, "leaving": {"home": 0.1}},
}
DOOR = {"door": {"to": "ward", "rate": 4.0}}


def place(*interventions, **more):
    return model(SETTINGS, DOOR, days=60.0, more={"interventions": interventions, **more})


def steps(*interventions, **more):
    return compile_model(place(*interventions, **more)).steps_per_day


def test_a_stay_that_becomes_much_shorter_asks_for_a_shorter_step():
    assert steps() == steps(done(relative(STAY, -0.1))) == 4
    # 5 days become half a day: 2 a day still suit steps of six hours.
    assert steps(done(relative(STAY, -0.9))) == 4
    short = {**SETTINGS, "ward": {**SETTINGS["ward"], "stay": 0.5}}
    shorter = {"interventions": (done(relative(STAY, -0.8)),)}
    assert compile_model(model(short, DOOR, more=shorter)).steps_per_day == 12
    assert compile_model(model(short, DOOR)).steps_per_day == 4


def test_a_run_with_a_much_shorter_stay_agrees_with_half_the_step():
    short = {**SETTINGS, "ward": {**SETTINGS["ward"], "stay": 0.5}}
    act = done(relative(STAY, -0.85), ramp=Ramp(20.0))
    output = run_flow(model(short, DOOR, days=60.0, more={"interventions": (act,)}))
    assert [check.name for check in output.checks if not check.passed] == []


def test_a_written_step_stays_as_written():
    given = place(done(relative(STAY, -0.9)))
    given = replace(given, run=replace(given.run, steps_per_day=2))
    assert compile_model(given).steps_per_day == 2


def test_interventions_multiply_and_effects_of_one_add_up():
    halves = relative(STAY, -0.5, reach=0.6)
    bounds = ChangeBounds(place(done(halves, relative(STAY, -0.25, reach=0.4)), done(halves)))
    assert bounds.shortest(STAY) == pytest.approx((1 - 0.3 - 0.1) * (1 - 0.3))
    assert bounds.shortest(Changed("stay", 1, 0)) == 1.0


def test_what_makes_a_time_longer_does_not_make_up_for_what_makes_it_shorter():
    first, second = done(relative(STAY, -0.5)), done(relative(STAY, 1.0), ramp=Ramp(30.0))
    assert ChangeBounds(place(first, second)).shortest(STAY) == pytest.approx(0.5)


def test_no_time_at_all_is_not_followed():
    assert ChangeBounds(place(done(relative(STAY, -1.0)))).shortest(STAY) == LEAST_FACTOR


def test_rates_of_leaving_count_at_their_highest():
    of = Changed("waiting_hazard", 1, 0, 0)
    bounds = ChangeBounds(place(done(relative(of, 2.0), absolute(of, 0.3))))
    assert bounds.highest(of, 0.1) == pytest.approx(0.1 * 3.0 + 0.3)


def test_the_correction_for_optimism_is_taken_off_what_is_hoped_for():
    act = done(relative(STAY, -0.5, discount=0.4, hoped=-1))
    given = place(act)
    assert ChangeBounds(given).shortest(STAY) == pytest.approx(1 - 0.5 * 0.6)
    plain = replace(given, run=replace(given.run, optimism=False))
    assert ChangeBounds(plain).shortest(STAY) == pytest.approx(0.5)


def test_an_uncertain_amount_counts_at_a_rare_draw():
    act = Intervention("it", "It", Ramp(0.0), (relative(STAY, -0.3),))
    item = UncertainInput(
        path="a", shape="uniform", nominal=-0.3, low=-0.5, high=-0.1, level=1.0, centre=-0.3,
        spread_low=0.0, spread_high=0.0, least=-1.0, most=1.0,
        targets=(Target("intervention_amount", 0, 0),),
    )  # fmt: skip
    bounds = ChangeBounds(place(act, inputs=(item,)))
    assert bounds.shortest(STAY) == pytest.approx(0.5, abs=1e-3)


def test_feedbacks_leave_the_step_alone():
    crowding = loop("occupancy", relative(STAY, -0.5))
    assert steps(feedbacks=(crowding,)) == 4
