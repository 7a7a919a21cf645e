"""Loops, interventions and slow stocks in the flow engine, against answers by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from flow_models import Ran, flow, model
from slow_models import (
    ARRIVALS,
    DOOR,
    STAY,
    TWO,
    absolute,
    done,
    every,
    loop,
    relative,
)

from caresim.engines.draws import apply, nominal_inputs
from caresim.engines.flow.compile import compile_model
from caresim.engines.flow.run import run_flow
from caresim.engines.flow.slow import population_check, slow_side
from caresim.engines.output import VARIABLES
from caresim.model import (
    Arrivals,
    Changed,
    Opening,
    Population,
    Ramp,
    Staff,
    Target,
    Timeline,
    Transition,
    UncertainInput,
)

BIG = {"ward": {"capacity": 100.0, "stay": 8.0}}
TO_WARD = {"door": {"to": "ward", "rate": 10.0}}


def same_bits(one, other, members=slice(None)):
    return all(
        np.array_equal(one.totals[name][members], other.totals[name][members]) for name in VARIABLES
    )


def uncertain(field, *at):
    shape = {"shape": "uniform", "nominal": 0.1, "low": 0.0, "high": 0.2, "level": 1.0}
    rest = {"centre": 0.1, "spread_low": 0.0, "spread_high": 0.0, "least": 0.0, "most": 1.0}
    return UncertainInput(path=field, targets=(Target(field, *at),), **shape, **rest)


def test_loops_of_no_strength_leave_every_bit_as_it_was():
    off = (
        loop("occupancy", relative(STAY, 0.0), relative(Changed("route_share", 0), 0.0)),
        loop("delay_days", relative(Changed("stay", 1, 0), 0.0)),
    )
    idle = done(relative(ARRIVALS, -0.5, reach=0.0))
    plain = run_flow(model(TWO, DOOR))
    assert same_bits(plain, run_flow(model(TWO, DOOR, more={"feedbacks": off})))
    assert same_bits(plain, run_flow(model(TWO, DOOR, more={"interventions": (idle,)})))


def test_what_has_not_begun_leaves_nearly_every_bit():
    late = done(relative(ARRIVALS, -0.5), ramp=Ramp(1e6))
    ran = run_flow(model(TWO, DOOR, more={"interventions": (late,)}))
    assert same_bits(run_flow(model(TWO, DOOR)), ran)


def test_members_have_the_same_bits_beside_any_others():
    parts = {
        "feedbacks": (loop("occupancy", relative(STAY, -0.1, per=0.1), above=0.5),),
        "interventions": (done(relative(ARRIVALS, -0.1)),),
        "inputs": (uncertain("intervention_amount", 0, 0), uncertain("feedback_amount", 0, 0)),
    }
    runs = [
        run_flow(model(TWO, DOOR, days=30.0, members=n, more=parts), threads=threads)
        for n, threads in ((70, 1), (70, 2), (3, 1))
    ]
    assert same_bits(runs[0], runs[1])
    first = slice(0, 3)
    assert all(np.array_equal(runs[0].totals[n][first], runs[2].totals[n]) for n in VARIABLES)
    assert len(np.unique(runs[0].totals["occupied"][:, 0, 0, 0])) == 70


def test_crowding_settles_where_the_line_of_the_loop_meets_that_of_the_stay():
    crowding = loop("occupancy", relative(Changed("stay", 0, 0), -0.02, per=0.01), above=0.7)
    ran = flow(BIG, TO_WARD, days=400.0, more={"feedbacks": (crowding,)})
    # N = 80 (1 - 2 (N / 100 - 0.7))
    people = 80 * (1 + 1.4) / (1 + 1.6)
    assert ran.last("occupied", "ward") == pytest.approx(people, rel=1e-9)
    signal = ran.output.mean["signal_at"][-1, 0]
    assert signal == pytest.approx(people / 100, rel=1e-9)
    assert ran.output.mean["answer_at"][-1, 0] == pytest.approx(people / 100 - 0.7, rel=1e-8)


def test_a_loop_of_unmet_need_grows_as_its_equation_says_and_an_interval_of_half_errs_half():
    closed = {"ward": {"capacity": 0.0, "stay": 8.0}}
    vicious = loop("waiting", relative(ARRIVALS, 0.004))
    exact = (np.exp(0.004 * 2.0 * 100) - 1) / 0.004  # W' = 2 (1 + 0.004 W)
    errors = []
    for days in (4.0, 2.0, 1.0):
        given = model(closed, {"door": {"to": "ward", "rate": 2.0}}, more={"feedbacks": (vicious,)})
        ran = Ran(run_flow(every(given, days)))
        errors.append(ran.last("waiting", "ward") / exact - 1)
    assert abs(errors[2]) < 0.015
    assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.15)
    assert errors[1] / errors[2] == pytest.approx(2.0, abs=0.15)


def deconditioned(*changes, **signal):
    ward = {"stay": 10.0, "then": {"home": 0.9, "home_care": 0.1}}
    hospital = {"stay": 5.0, "then": {"home": 0.5, "ward": {"share": 0.5, "steps": [(4.0, 1.0)]}}}
    settings = {"acute": hospital, "ward": ward, "home_care": {"stay": 3.0}}
    more = {"feedbacks": (loop("delay_days", *changes, **signal),)}
    arrivals = {**DOOR, "direct": {"to": "ward", "rate": 0.5}}
    return flow(settings, arrivals, days=500.0, more=more)


def test_delay_lengthens_the_stay_that_follows():
    ran = deconditioned(relative(Changed("stay", 1, 0), 0.05))
    # 1.5 a day come after 4 days of delay: 1.2 times as long; 0.5 come without.
    assert ran.last("occupied", "ward") == pytest.approx(10 * (1.5 * 1.2 + 0.5), rel=1e-7)


def test_delay_shifts_the_routes_that_follow():
    ran = deconditioned(absolute(Changed("route_share", 3), 0.02))
    shares = (1.5 * 0.18 + 0.5 * 0.1) / 2.0
    assert ran.last("moves", "ward", "home_care") == pytest.approx(2.0 * shares, rel=1e-7)


def test_those_kept_away_from_one_door_come_through_another():
    def both(share):
        base = model(TWO, DOOR, days=200.0)
        away = Arrivals("displaced", 0, 0, 1, 3.0, displaced_from=0)
        act = done(relative(ARRIVALS, -0.25, displaced_to=1, displaced_share=share))
        arrivals = (base.arrivals[0], away)
        return Ran(run_flow(dataclasses.replace(base, arrivals=arrivals, interventions=(act,))))

    ran = both(0.8)
    assert ran.total("arrivals", "acute") == pytest.approx(600 * 0.75)
    assert ran.total("arrivals", "ward") == pytest.approx(600 * 0.25 * 0.8)
    assert ran.total("displaced", "ward") == pytest.approx(600 * 0.25 * 0.8)


def test_people_are_conserved_between_the_population_and_care():
    people = Population(
        "open",
        (5000.0, 800.0),
        home_deaths=(0.0001, 0.0004),
        leaves=(0.0001, 0.0),
        joins=(0.5, 0.0),
        transitions=(Transition(0, 1, 0.0002),),
    )
    line = Timeline.constant(800.0)
    doors = {
        "young": {"to": "acute", "rate": 2.0, "cohort": 0},
        "old": {"to": "acute", "rate": 0.001, "cohort": 1, "population": line},
    }
    given = model(TWO, doors, days=730.0, cohorts=("young", "old"), more={"population": people})
    ran = Ran(run_flow(given))
    assert ran.failed() == []
    check = next(c for c in ran.output.checks if c.name == "population_conserved")
    assert check.worst < 1e-12
    old = ran.output.mean["population_at"][:, 1]
    assert old[-1] > 900.0
    # As many come for each person as before.
    rate = ran.output.mean["arrivals"][-1, 0, 1] / np.diff(ran.output.times)[-1]
    assert rate == pytest.approx(0.001 * old[-1], rel=0.001)


def test_the_audit_finds_people_who_are_lost():
    people = Population("closed", (500.0,), (0.001,), (0.0,), (0.0,))
    given = model(TWO, DOOR, more={"population": people})
    ran = run_flow(given)
    compiled, draws = compile_model(given), nominal_inputs(given)
    slow = slow_side(given, compiled, apply(given, draws), draws)
    found = type("Found", (), {"slow_state": np.zeros((compiled.slow.parts.state.n_rows, 1))})()
    (check,) = population_check(given, compiled, slow, found, ran.totals)
    assert not check.passed


def test_a_feedback_acts_in_the_warm_up_and_goes_on_from_there():
    crowding = loop(
        "occupancy", relative(Changed("stay", 0, 0), -0.02, per=0.01), above=0.7, delay_days=5.0
    )
    more = {"feedbacks": (crowding,), "steady_start": True}
    ran = flow(BIG, TO_WARD, days=30.0, warm_up_days=400.0, more=more)
    people = ran.at("occupied", "ward")
    assert people == pytest.approx(np.full(people.size, 80 * 2.4 / 2.6), rel=1e-9)


def test_capacity_that_is_worked_out_is_kept_and_reported():
    nurses = Staff(
        "nurses", "Nurses", Timeline.constant(60.0), 60.0, 0.004, 0.0, 0.0, 0.0, 0.0, ((0, 4.0),)
    )
    ran = flow(TWO, DOOR, days=365.0, more={"staff": (nurses,)})
    usable = ran.output.mean["capacity_at"][:, 0]
    assert usable == pytest.approx(15 * np.exp(-0.004 * ran.output.times), rel=1e-9)
    assert (np.diff(ran.at("waiting", "acute")) >= -1e-9).all()


# ---- directions, under the same random numbers -------------------------------------------------

CHAIN = {
    "acute": {"capacity": 300.0, "stay": 6.0, "then": {"home": 0.8, "beds": 0.2}},
    "beds": {"capacity": 80.0, "stay": 20.0, "then": {"home": 0.7, "long_term": 0.3}},
}


def chain(places, long_term, days=365.0):
    settings = {
        **CHAIN,
        "beds": {**CHAIN["beds"], "capacity": places},
        "long_term": {"capacity": long_term, "stay": 700.0},
    }
    return flow(settings, {"door": {"to": "acute", "rate": 25.0}}, days=days)


def test_more_intermediate_places_help_while_long_term_care_has_room_and_not_when_it_is_full():
    with_room = [chain(n, 5000.0).total("delayed", "acute") for n in (80, 90, 100, 120, 140)]
    assert (np.diff(with_room) <= 1e-9).all()
    assert with_room[-1] < 0.1 * with_room[0]
    # Long-term care turns over 0.1 places a day where 1.5 people need one: the beds fill with them.
    full = [chain(n, 70.0, days=1460.0).total("delayed", "acute", window=4) for n in (80, 140)]
    assert full[1] > 0.8 * full[0]


def test_a_vacancy_share_that_falls_from_a_half_to_nothing_clears_the_queue():
    def ran(recruitment):
        carers = Staff(
            "carers", "Carers", Timeline.constant(200.0), 100.0, 0.0, recruitment, 0.0, 0.0, 0.0,
            ((1, 1.0),),
        )  # fmt: skip
        settings = {**CHAIN, "beds": {"capacity": 200.0, "stay": 30.0}}
        return flow(
            settings, {"door": {"to": "acute", "rate": 25.0}}, days=730.0, more={"staff": (carers,)}
        )

    assert ran(0.0).last("delayed", "acute") > 100.0
    assert ran(0.5).last("delayed", "acute") == pytest.approx(0.0, abs=1e-6)


def test_preventing_a_few_percent_of_older_peoples_admissions_a_year_lowers_occupancy_by_a_point():
    """A published direction: 3 to 6% fewer a year, about one point of occupancy a year."""
    hospital = {"acute": {"capacity": 900.0, "stay": 6.0}}
    doors = {
        "old": {"to": "acute", "rate": 45.0, "cohort": 0},
        "young": {"to": "acute", "rate": 95.0, "cohort": 1},
    }

    def occupancy(yearly):
        ramp = Ramp(0.0, "linear", 1095.0)
        act = done(relative(ARRIVALS, -3 * yearly), ramp=ramp)
        more = {"interventions": (act,)}
        ran = flow(hospital, doors, cohorts=("old", "young"), days=1095.0, more=more)
        return ran.last("occupied", "acute") / 900.0

    per_year = [(occupancy(0.0) - occupancy(share)) / 3 for share in (0.03, 0.06)]
    assert 0.005 < per_year[0] < per_year[1] < 0.02


def test_a_horizon_of_one_year_hides_what_three_show():
    """C8 of the published cases: 20 referrals a day, 5% need a package of 730 days."""
    settings = {
        "hospital": {"stay": 5.0, "then": {"home": 0.95, "package": 0.05}},
        "package": {"capacity": 288.0, "stay": 730.0},
    }
    ran = flow(settings, {"door": {"to": "hospital", "rate": 20.0}}, days=1095.0)
    assert ran.total("delayed", "hospital", window=1) == pytest.approx(0.0, abs=1e-3)
    assert ran.total("delayed", "hospital", window=3) > 200.0


def test_halving_interval_and_step_moves_figures_little_where_many_things_change():
    more = {
        "feedbacks": (
            loop("occupancy", relative(STAY, -0.02, per=0.01, most=0.1), above=0.6, delay_days=2.0),
            loop("delay_days", relative(Changed("stay", 1, 0), 0.02)),
        ),
        "interventions": (done(relative(ARRIVALS, -0.2), ramp=Ramp(30.0, "s_curve", 90.0)),),
        "openings": (Opening(1, 6.0, 60.0, phases=2, every=30.0),),
    }
    ran = flow(TWO, DOOR, days=365.0, more=more)
    check = next(c for c in ran.output.checks if c.name == "step_short_enough")
    assert check.worst < 0.005
