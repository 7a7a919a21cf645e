"""What each kind of change does to people in the flow engine, against Little's law by hand."""

from __future__ import annotations

import pytest
from flow_models import flow
from slow_models import absolute, done, relative

from caresim.model import Changed

DAYS = 300.0


def near(value):
    return pytest.approx(value, rel=1e-6)


def delays(*changes, **route):
    """Ten days in the first setting, of 2 people a day, of whom half go on to the second."""
    settings = {
        "first": {
            "stay": 10.0,
            "then": {"next": {"to": "second", "share": 0.5, **route}, "home": 0.5},
        },
        "second": {"stay": 4.0},
    }
    more = {"interventions": (done(*changes),)}
    return flow(settings, {"door": {"to": "first", "rate": 2.0}}, days=DAYS, more=more)


def test_a_shorter_arrangement_takes_less_time_and_a_longer_one_more():
    step = {"steps": [(4.0, 1.0)]}
    of = Changed("step_time", 0, 0)
    assert delays(relative(of, -0.75), **step).last("delayed", "first") == near(1.0)
    assert delays(relative(of, 0.5), **step).last("delayed", "first") == near(6.0)


def test_one_step_of_two_changes_alone():
    ran = delays(relative(Changed("step_time", 0, 1), -0.5), steps=[(4.0, 1.0), (6.0, 0.5)])
    assert ran.last("delayed", "first") == near(4.0 + 1.5)


def test_fewer_people_need_a_step():
    ran = delays(absolute(Changed("step_share", 0, 0), -0.3), steps=[(4.0, 0.8)])
    assert ran.last("delayed", "first") == near(4.0 * 0.5)


def test_those_reached_have_a_shorter_stay():
    ran = delays(relative(Changed("stay", 0, 0), -0.4, reach=0.5))
    assert ran.last("occupied", "first") == near(2.0 * 8.0)


def test_a_share_of_a_route_takes_from_the_other():
    ran = delays(absolute(Changed("route_share", 0), 0.2))
    assert ran.last("occupied", "second") == near(2.0 * 0.7 * 4.0)
    assert ran.last("home", "first") == near(2.0 * 0.3)


def test_a_route_that_nobody_took_is_opened():
    settings = {"first": {"stay": 5.0, "then": {"second": 0.0, "home": 1.0}}, "second": {}}
    settings["second"] = {"stay": 4.0}
    opens = done(absolute(Changed("route_share", 0), 0.25))
    ran = flow(
        settings,
        {"door": {"to": "first", "rate": 2.0}},
        days=DAYS,
        more={"interventions": (opens,)},
    )
    assert ran.last("occupied", "second") == near(2.0)


def test_a_hazard_of_a_delay_takes_people_out_of_it():
    at_risk = {"steps": [(4.0, 1.0)], "while_delayed": {"died": 0.05}}
    ran = delays(absolute(Changed("delayed_hazard", 0, 0), 0.2), **at_risk)
    # 1 a day is at risk, leaves at 0.25 a day and is arranged for at 0.25 a day.
    assert ran.last("delayed", "first") == near(2.0)
    assert ran.last("died", "first") == near(0.5)


def test_a_hazard_of_a_wait_takes_people_out_of_the_queue():
    settings = {"first": {"capacity": 0.0, "stay": 5.0, "leaving": {"home": 0.02}}}
    more = {"interventions": (done(relative(Changed("waiting_hazard", 0, 0, 0), 1.0)),)}
    ran = flow(settings, {"door": {"to": "first", "rate": 2.0}}, days=800.0, more=more)
    assert ran.last("waiting", "first") == near(2.0 / 0.04)


def test_places_are_added_to_a_full_setting():
    settings = {"first": {"capacity": 6.0, "stay": 5.0}}
    more = {"interventions": (done(absolute(Changed("capacity", 0), 2.0)),)}
    ran = flow(settings, {"door": {"to": "first", "rate": 2.0}}, days=DAYS, more=more)
    assert ran.last("occupied", "first") == near(8.0)
    assert ran.last("admissions", "first") == near(1.6)
