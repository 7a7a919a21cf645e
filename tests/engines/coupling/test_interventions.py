"""Ramps, fades, reach, optimism, and how changes of one number combine."""

from __future__ import annotations

import numpy as np
import pytest
from slow_models import ARRIVALS, STAY, Slow, absolute, done, loop, relative, two

from caresim.engines.coupling import Measure
from caresim.model import Arrivals, Changed, Ramp, RunSettings

SHAPES = {
    "linear": lambda x: x,
    "front_loaded": lambda x: 1 - (1 - x) ** 2,
    "back_loaded": lambda x: x**2,
    "s_curve": lambda x: 3 * x**2 - 2 * x**3,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_ramp_rises_as_its_formula_says(shape):
    slow = Slow(two(interventions=(done(relative(ARRIVALS, -0.5), ramp=Ramp(10.0, shape, 40.0)),)))
    for day in range(1, 61):
        slow.tick()
        passed = np.clip((day + 0.5 - 10.0) / 40.0, 0.0, 1.0)  # the middle of the coming day
        assert slow.lever("arrival") == pytest.approx(1 - 0.5 * SHAPES[shape](passed), abs=1e-12)


def test_a_step_fades_in_a_straight_line_and_ends_at_once():
    ramp = Ramp(5.0, end=50.0, fade_from=10.0, fade_over=20.0, fade_to=0.25)
    slow = Slow(two(interventions=(done(relative(ARRIVALS, -1.0), ramp=ramp),)))
    strengths = []
    for _ in range(60):
        slow.tick()
        strengths.append(1 - slow.lever("arrival"))
    assert strengths[3] == 0.0  # day 4, whose middle is before the start
    assert strengths[4] == 1.0
    assert strengths[24] == pytest.approx(1 - 0.75 * 10.5 / 20)
    assert strengths[39] == pytest.approx(0.25)
    assert strengths[49] == 0.0


def test_what_begins_on_the_first_day_does_not_act_in_the_warm_up():
    given = two(
        interventions=(done(relative(ARRIVALS, -0.5)), done(relative(STAY, -0.5), ramp=Ramp(-9.0)))
    )
    slow = Slow(given, day=-3.0)
    for _ in range(2):
        assert slow.lever("arrival") == 1.0
        assert slow.lever("pace") == 2.0  # it began before
        slow.tick()
    slow.tick()
    assert slow.day == 0.0
    assert slow.lever("arrival") == 0.5


def test_effects_of_one_intervention_are_for_different_people():
    halves = done(relative(ARRIVALS, -0.5, reach=0.5), relative(ARRIVALS, -0.5, reach=0.5))
    assert Slow(two(interventions=(halves,))).lever("arrival") == pytest.approx(0.5)
    stays = done(relative(STAY, -0.4, reach=0.5), relative(STAY, 0.2, reach=0.5))
    more = done(relative(STAY, 0.5))
    assert 1 / Slow(two(interventions=(stays, more))).lever("pace") == pytest.approx(0.9 * 1.5)


def test_two_interventions_multiply_on_those_both_reach():
    both = (done(relative(ARRIVALS, -0.4, reach=0.5)), done(relative(ARRIVALS, -0.3, reach=0.2)))
    assert Slow(two(interventions=both)).lever("arrival") == pytest.approx(0.8 * 0.94)
    assert Slow(two(interventions=both[::-1])).lever("arrival") == pytest.approx(0.8 * 0.94)


@pytest.mark.parametrize(("amount", "left"), [(-0.4, 0.7), (0.4, 1.4)])
def test_only_hope_is_discounted(amount, left):
    given = done(relative(ARRIVALS, amount, hoped=-1, discount=0.25))
    assert Slow(two(interventions=(given,))).lever("arrival") == pytest.approx(left)


def test_without_optimism_correction_hope_is_taken_as_it_is():
    given = two(interventions=(done(relative(ARRIVALS, -0.4, hoped=-1, discount=0.25)),))
    run = RunSettings(engine="flow", optimism=False)
    assert Slow(type(given)(**{**vars(given), "run": run})).lever("arrival") == pytest.approx(0.6)


def test_an_absolute_change_of_arrivals_is_of_people_a_day():
    given = (done(relative(ARRIVALS, -0.5)), done(absolute(ARRIVALS, -0.6)))
    assert Slow(two(interventions=given)).lever("arrival") == pytest.approx(0.5 - 0.6 / 3.0)


def test_those_kept_away_come_elsewhere_and_nobody_is_lost():
    base = two()
    origin = base.arrivals[0]
    elsewhere = Arrivals("displaced", 0, 0, 1, origin.rate, displaced_from=0)
    first = done(relative(ARRIVALS, -0.4, displaced_to=1, displaced_share=1.0))
    second = done(relative(ARRIVALS, -0.2, displaced_to=1, displaced_share=1.0))
    given = type(base)(
        **{**vars(base), "arrivals": (origin, elsewhere), "interventions": (first, second)}
    )
    slow = Slow(given)
    assert slow.lever("arrival", 0) == pytest.approx(0.6 * 0.8)
    assert slow.lever("arrival", 1) == pytest.approx(1 - 0.6 * 0.8)


def test_shares_of_routes_move_from_the_others_in_proportion():
    slow = Slow(two(interventions=(done(absolute(Changed("route_share", 1), 0.1)),)))
    home, ward, died = (slow.lever("route_share", k) for k in range(3))
    assert ward == pytest.approx(0.3)
    assert home / died == pytest.approx(7.0)
    assert home + ward + died == pytest.approx(1.0, abs=1e-15)


def test_a_share_is_held_at_the_whole_and_the_run_can_say_so():
    slow = Slow(two(interventions=(done(absolute(Changed("route_share", 1), 2.0)),)))
    assert [slow.lever("route_share", k) for k in range(3)] == [0.0, 1.0, 0.0]
    assert slow.held("held") == 1.0
    assert slow.layout.number_names == ("route share of route ward from acute",)


def test_a_longer_stay_is_a_slower_clock():
    assert Slow(two(interventions=(done(relative(STAY, 0.25)),))).lever("pace") == pytest.approx(
        0.8
    )


def test_changes_of_nothing_leave_no_lever():
    given = two(
        interventions=(done(relative(ARRIVALS, 0.0)), done(relative(STAY, -0.1, reach=0.0)))
    )
    assert not Slow(given).parts.changes.any()


def test_an_answer_follows_the_excess_up_to_the_most():
    crowding = loop("occupancy", relative(STAY, -0.02, per=0.01, most=0.1), above=0.9)
    slow = Slow(two(feedbacks=(crowding,)))
    for used, factor in ((17.0, 1.0), (18.4, 0.96), (19.9, 0.9)):
        slow.tick({Measure("used", 0): used})
        assert 1 / slow.lever("pace") == pytest.approx(factor)


def test_smoothing_is_of_first_order_whatever_the_interval():
    signal = loop("waiting", relative(ARRIVALS, 0.01), delay_days=8.0)
    for days in (1.0, 4.0):
        slow = Slow(two(feedbacks=(signal,)))
        slow.tick({Measure("waiting", 0): 0.0}, days)
        for _ in range(int(16 / days)):
            slow.tick({Measure("waiting", 0): 50.0}, days)
        assert slow.held("signal") == pytest.approx(50 * (1 - np.exp(-2.0)))


def test_unmet_need_is_the_share_without_a_place():
    signal = loop("unmet", relative(ARRIVALS, 1.0), i=1)
    slow = Slow(two(feedbacks=(signal,)))
    slow.tick(
        {Measure("waiting", 1): 1.0, Measure("delayed_for", 1): 2.0, Measure("occupied", 1): 9.0}
    )
    assert slow.lever("arrival") == pytest.approx(1.25)


def test_columns_never_meet():
    crowding = loop("occupancy", relative(STAY, -0.013, per=0.01, most=0.3), above=0.7)
    given = two(feedbacks=(crowding,), interventions=(done(relative(ARRIVALS, -0.37)),))
    one, many = Slow(given), Slow(given, width=13)
    for _ in range(5):
        one.tick({Measure("used", 0): 17.3})
        many.tick({Measure("used", 0): 17.3})
    assert np.array_equal(np.repeat(one.levers, 13, axis=1), many.levers)
