"""Every rule of the specification in the flow engine, on models with answers known by hand.

Most are read at the end of a run long enough to be in a steady state: then a fluid with ``f``
people a day through a time of mean ``d`` days holds ``f d`` people, a hazard ``h`` against a time
of mean ``d`` takes the share ``h d / (1 + h d)``, and a queue that gains ``g`` people a day and
loses them at a hazard ``h`` each holds ``g / h``.
"""

import math

import numpy as np
import pytest
from event_models import WEEKDAYS_8_TO_17
from flow_models import Ran, flow, model

from caresim.engines.flow.run import run_flow
from caresim.model import (
    Calendar,
    Census,
    Cycle,
    PlacesPerPerson,
    Queued,
    Timeline,
)
from caresim.stays import empirical, fixed, from_mean_and_cv, hyperexponential

FOREVER = 1e7
LONG = 600.0


def near(value, **kwargs):
    return pytest.approx(value, **({"rel": 1e-5, "abs": 1e-6} | kwargs))


# ---- arrivals -----------------------------------------------------------------------------------


def test_arrivals_follow_growth_weekdays_months_series_and_population():
    year = {"days": 365.0, "save_days": 1}
    grown = flow({"a": {"stay": 1.0}}, {"x": {"to": "a", "rate": 2.0, "growth": 0.1}}, **year)
    assert grown.total("arrivals", "a") == near(2 * 365 * 0.1 / math.log(1.1))

    weekday = (1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5)
    weekly = flow({"a": {"stay": 1.0}}, {"x": {"to": "a", "rate": 2.0, "weekday": weekday}}, **year)
    assert weekly.per_day("arrivals", "a")[:8] == near([3, 2, 2, 2, 2, 2, 1, 3])  # a Monday first

    month = tuple(float(i) for i in range(1, 13))
    monthly = flow({"a": {"stay": 1.0}}, {"x": {"to": "a", "rate": 1.0, "month": month}}, **year)
    assert monthly.per_day("arrivals", "a")[[0, 30, 31, 59, 60]] == near([1, 1, 2, 2, 3])

    series = Timeline(np.arange(14.0), np.arange(14.0), repeat_days=7.0)
    counted = flow({"a": {"stay": 1.0}}, {"x": {"to": "a", "rate": 2.0, "series": series}}, **year)
    expected = 2 * np.array([0, 1, 13, 7, 8, 13, 7])
    assert counted.per_day("arrivals", "a")[[0, 1, 13, 14, 15, 20, 21]] == near(expected)

    people = Timeline(np.array([0.0, 100.0]), np.array([1000.0, 2000.0]), kind="linear")
    rising = flow(
        {"a": {"stay": 1.0}}, {"x": {"to": "a", "rate": 0.01, "population": people}}, **year
    )
    assert rising.per_day("arrivals", "a")[[0, 99, 100]] == near([10.05, 19.95, 20.0])

    waves = flow(
        {"a": {"stay": 1.0}},
        {"x": {"to": "a", "rate": 3.0, "cycles": (Cycle(10.0, 0.5, 2.0),)}},
        days=15.0,
        save_days=5,
        steps_per_day=48,
    )
    half_wave = 3.0 * 0.5 * 10 / (2 * math.pi) * math.sin(2 * math.pi * 3 / 10) * 2
    assert waves.per_day("arrivals", "a")[0] * 5 == near(15 + half_wave, rel=1e-3)


def test_nobody_comes_at_a_rate_of_nothing_and_settings_out_of_reach_stay_empty():
    ran = flow(
        {"a": {"stay": 5.0, "capacity": 3.0}, "b": {"stay": 5.0, "capacity": 2.0}},
        {"x": {"to": "a", "rate": 0.0}},
    )
    for name in ("occupied", "waiting", "arrivals", "admissions", "places_used"):
        assert ran.total(name, "a") == 0.0
        assert ran.total(name, "b") == 0.0
    assert ran.total("capacity", "b") == 2.0


def test_a_model_without_anybody_runs():
    assert flow({"a": {"stay": 5.0}}).total("occupied", "a") == 0.0


def test_people_on_their_way_to_where_they_arrive_hold_a_place_there_and_wait():
    ran = flow(
        {"a": {"stay": 5.0, "capacity": 50.0}}, {"x": {"to": "a", "rate": 2.0, "transfer": 3.0}}
    )
    assert ran.last("occupied", "a") == near(10.0)
    assert ran.last("waiting", "a") == near(6.0)
    assert ran.last("places_used", "a") == near(16.0)
    assert ran.last("admissions", "a") == near(2.0)


# ---- capacity and queues ------------------------------------------------------------------------


def full(days=LONG, **setting):
    """Ten places of five days: two people a day can be served; three a day come."""
    return flow(
        {"a": {"stay": 5.0, "capacity": 10.0, **setting}, "b": {"stay": 4.0}},
        {"x": {"to": "a", "rate": 3.0}},
        days=days,
    )


def test_whoever_finds_no_place_waits_without_limit():
    ran = full(days=105.0)
    fills = 5 * math.log(3)  # 15 (1 - e^(-t/5)) = 10
    assert ran.last("waiting", "a") == near(105 - fills, rel=2e-3)
    assert ran.at("occupied", "a")[-1] == near(10.0)


def test_room_to_wait_overflows_into_loss_or_elsewhere():
    lost = full(room=4.0)
    assert lost.last("waiting", "a") == near(4.0)
    assert lost.last("lost", "a") == near(1.0)
    assert lost.last("diverted", "a") == 0.0
    diverted = full(room=4.0, overflow="b")
    assert diverted.last("diverted", "a") == near(1.0)
    assert diverted.last("lost", "a") == 0.0
    assert diverted.last("occupied", "b") == near(4.0)
    assert diverted.last("waiting", "b") == near(0.0)


def test_nobody_waits_where_there_is_no_room():
    ran = full(room=0.0)
    assert ran.last("waiting", "a") == near(0.0)
    assert ran.last("lost", "a") == near(1.0)


def test_diversion_from_one_full_setting_to_the_next_happens_within_a_step():
    # Settings in the file's order and in the reverse: a diverts to b, b to c.
    for names in (("a", "b", "c"), ("c", "b", "a")):
        parts = {
            "a": {"stay": 5.0, "capacity": 10.0, "room": 0.0, "overflow": "b"},
            "b": {"stay": 5.0, "capacity": 5.0, "room": 0.0, "overflow": "c"},
            "c": {"stay": 5.0},
        }
        ran = flow({name: parts[name] for name in names}, {"x": {"to": "a", "rate": 4.0}})
        assert ran.last("admissions", "b") == near(1.0)
        assert ran.last("occupied", "c") == near(5.0)
        assert ran.last("waiting", "b") == near(0.0)


def test_a_closed_setting_admits_nobody():
    ran = full(capacity=0.0, days=10.0)
    assert ran.last("waiting", "a") == near(30.0)
    assert ran.total("admissions", "a") == 0.0


def test_classes_are_served_in_order_and_alike_within_one():
    arrivals = {name: {"to": "a", "rate": 1.5} for name in ("x", "y")}
    setting = {"stay": 5.0, "capacity": 10.0}
    first = flow({"a": {**setting, "priority": [["x"]]}, "b": {}}, arrivals, days=200.0)
    later = flow({"a": {**setting, "priority": [["y"]]}, "b": {}}, arrivals, days=200.0)
    alike = flow({"a": setting, "b": {}}, arrivals, days=200.0)
    assert first.last("waiting", "a") == near(alike.last("waiting", "a"))
    # All in one cohort, so who waits is seen by what each class loses to a hazard.
    for ran, waits in ((first, "y"), (later, "x")):
        assert ran.last("waiting", "a") > 100.0
        cohorts = flow(
            {"a": {**setting, "priority": [["x" if waits == "y" else "y"]]}, "b": {}},
            {"x": {"to": "a", "rate": 1.5}, "y": {"to": "a", "rate": 1.5, "cohort": 1}},
            cohorts=("first", "second"),
            days=200.0,
        )
        queue = [cohorts.last("waiting", "a", name) for name in ("first", "second")]
        assert queue[0 if waits == "y" else 1] == near(0.0)


def test_places_kept_free_are_used_by_those_they_are_for():
    reserved = [{"for": ["x"], "places": 2.0, "rule": "keep_free"}]
    ran = flow(
        {"a": {"stay": 5.0, "capacity": 10.0, "reserved": reserved}},
        {"x": {"to": "a", "rate": 0.2}, "z": {"to": "a", "rate": 9.0}},
        days=LONG,
    )
    assert ran.last("occupied", "a") == near(8.0)


def test_ring_fenced_places_are_kept_from_others():
    def fenced(*rules):
        reserved = [
            {"for": list(names), "places": float(n), "rule": "ring_fenced"} for names, n in rules
        ]
        rates = {"x": 0.2, "y": 0.2, "z": 9.0}
        return flow(
            {"a": {"stay": 5.0, "capacity": 10.0, "reserved": reserved}},
            {name: {"to": "a", "rate": rate} for name, rate in rates.items()},
            days=LONG,
        ).last("occupied", "a")

    # One person of x and one of y are there; z fills what is not set aside for others.
    assert fenced((("x",), 2)) == near(9.0)  # y and z: 8, x: 1
    assert fenced((("x",), 2), (("y",), 3)) == near(7.0)  # z: 10 - 2 - 3
    assert fenced((("x", "y"), 5)) == near(7.0)  # z: 5


def test_capacity_that_falls_evicts_nobody():
    timeline = Timeline(np.array([0.0, 50.0]), np.array([10.0, 4.0]))
    ran = flow(
        {"a": {"stay": 5.0, "capacity": timeline}},
        {"x": {"to": "a", "rate": 9.0}},
        days=71.0,
        save_days=1,
        steps_per_day=24,
    )
    assert ran.at("occupied", "a")[50:53] == near(10 * np.exp(-np.arange(3) / 5), rel=1e-3)
    assert ran.last("occupied", "a") == near(4.0)
    assert ran.at("capacity", "a")[[49, 50]] == pytest.approx([10.0, 4.0])
    assert ran.total("capacity", "a") == near((50 * 10 + 21 * 4) / 71)


def test_unlimited_capacity_is_reported_as_such():
    timeline = Timeline(np.array([0.0, 50.0]), np.array([10.0, np.inf]))
    ran = flow(
        {"a": {"stay": 5.0, "capacity": timeline}, "b": {"stay": 1.0}},
        {"x": {"to": "a", "rate": 3.0}},
        days=100.0,
        save_days=25,
    )
    assert ran.output.mean["capacity"][:, 0].tolist() == [10.0, 10.0, np.inf, np.inf]
    assert ran.total("capacity", "a") == ran.total("capacity", "b") == np.inf
    assert ran.last("occupied", "a") == near(15.0, rel=1e-2)
    assert ran.last("waiting", "a") == near(0.0)


def test_doors_that_open_in_working_hours_make_people_wait_as_worked_out_by_hand():
    """Requests uniform over the week wait 14.49 hours for doors open Monday to Friday, 8 to 17.

    Closed stretches are four of 15 hours and one of 63: (4 x 15^2 + 63^2) / 2 / 168.
    """
    ran = flow(
        {"a": {"stay": 5.0, "calendar": WEEKDAYS_8_TO_17}},
        {"x": {"to": "a", "rate": 24.0}},
        days=140.0,
    )
    assert "The step was 1 hour." in ran.output.notes
    hours = (4 * 15**2 + 63**2) / 2 / 168
    weeks = ran.output.mean["waiting"][1:, 0, 0]  # nobody has waited since Friday in the first
    assert hours == pytest.approx(14.49, abs=0.005)
    assert weeks == near(np.full(19, hours), rel=1e-4)


def test_doors_stay_closed_on_days_named():
    closed = Calendar((True,) * 7, 0.0, 1.0, frozenset({3, 4}))
    ran = flow(
        {"a": {"stay": 5.0, "calendar": closed}},
        {"x": {"to": "a", "rate": 2.0}},
        days=7.0,
        save_days=1,
    )
    assert ran.per_day("admissions", "a") == near([2, 2, 2, 0, 0, 6, 2])


# ---- stays and routes ---------------------------------------------------------------------------


def test_routes_with_stays_of_their_own_are_taken_from_the_beginning():
    ran = flow(
        {
            "a": {"stay": 5.0, "then": {"b": {"share": 0.2, "stay": 30.0}, "home": 0.8}},
            "b": {"stay": 1.0},
        },
        {"x": {"to": "a", "rate": 10.0}},
        days=LONG,
    )
    assert ran.last("occupied", "a") == near(10 * (0.2 * 30 + 0.8 * 5))
    assert ran.last("admissions", "b") == near(2.0)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_nobody_or_everybody(share):
    ran = flow(
        {
            "a": {"stay": 5.0, "then": {"b": {"share": share, "stay": 9.0}, "home": 1 - share}},
            "b": {"stay": 3.0},
        },
        {"x": {"to": "a", "rate": 2.0}},
        days=LONG,
    )
    assert ran.last("occupied", "a") == near(18.0 if share else 10.0)
    assert ran.last("occupied", "b") == near(6.0 * share)
    assert ran.last("home", "a") == near(2 * (1 - share))


def test_stays_whatever_their_shape_hold_as_many_as_their_mean_says():
    for stay in (
        fixed(6.0),
        from_mean_and_cv("lognormal", 6.0, 2.0),
        from_mean_and_cv("lognormal", 12.0, 1.5).limited(10.0),
        empirical([1.0, 2.0, 15.0]),
        fixed(0.01),
    ):
        ran = flow({"a": {"stay": stay}}, {"x": {"to": "a", "rate": 2.0}}, days=LONG)
        assert ran.last("occupied", "a") == near(2 * stay.mean(), rel=1e-4)


def test_places_that_fall_over_the_stay_are_used_as_on_average():
    falling = PlacesPerPerson("share_of_stay", (0.0, 0.25, 0.5, 0.75), (4.0, 3.0, 2.0, 1.0))
    ran = flow(
        {
            "a": {
                "stay": 5.0,
                "capacity": 100.0,
                "places": falling,
                "then": {"b": 0.1, "home": 0.9},
            },
            "b": {"stay": 10.0, "capacity": 6.0},
        },
        {"x": {"to": "a", "rate": 50.0}},
        days=3000.0,
    )
    # 100 = 2.5 in care + 1 delayed; 0.1 in care / 5 = 6 / 10, so 30 are in care and 25 delayed.
    assert ran.last("delayed", "a") == near(25.0)
    assert ran.last("occupied", "a") == near(55.0)
    assert ran.last("places_used", "a") == near(100.0)


def test_cohorts_share_the_places_and_keep_their_own_stays():
    ran = flow(
        {"a": {"stay": 5.0, "capacity": 10.0}},
        {"x": {"to": "a", "rate": 1.0}, "y": {"to": "a", "rate": 3.0, "cohort": 1}},
        cohorts=("first", "second"),
        days=2000.0,
    )
    # Served in proportion to those waiting, who are in proportion to those who come.
    assert ran.last("occupied", "a", "first") == near(2.5, rel=1e-3)
    assert ran.last("admissions", "a", "second") == near(1.5, rel=1e-3)


# ---- between ready and moved --------------------------------------------------------------------


def delays(route, days=LONG, more=None, **settings):
    """Two people a day of whom half take a route from a to b."""
    return flow(
        {
            "a": {
                "stay": 5.0,
                "then": {"b": {"share": 0.5, **route}, "home": {"share": 0.5, "pathway": 0}},
            },
            "b": {"stay": 10.0, "pathway": 2, **settings.pop("b", {})},
            "c": {"stay": 3.0},
        },
        {"x": {"to": "a", "rate": 2.0}},
        days=days,
        more=more or {},
    )


def test_arrangement_keeps_the_place_for_its_steps_mean_times():
    ran = delays(
        {"steps": [(2.0, 1.0), (from_mean_and_cv("lognormal", 8.0, 1.3), 0.25)], "pathway": 2}
    )
    assert ran.last("delayed", "a") == near(2.0 + 2.0)
    assert ran.last("delayed_by_reason", "a", "arranging") == near(4.0)
    assert ran.last("occupied", "a") == near(14.0)
    assert ran.last("moves", "a", "b") == near(1.0)
    assert ran.last("pathway_discharges", "a", "2") == near(1.0)
    assert ran.last("pathway_discharges", "a", "0") == near(1.0)


def test_a_transfer_holds_both_places():
    ran = delays({"transfer": 2.0, "pathway": 2}, b={"capacity": 50.0})
    assert ran.last("delayed_by_reason", "a", "transfer") == near(2.0)
    assert ran.last("places_used", "a") == near(12.0)
    assert ran.last("places_used", "b") == near(12.0)
    assert ran.last("occupied", "b") == near(10.0)
    early = delays({"transfer": 2.0, "pathway": 2}, days=1.0, b={"capacity": 50.0})
    for name in ("moves", "pathway_discharges"):
        assert early.total(name, "a", "b" if name == "moves" else "2") == near(
            early.total("admissions", "b")
        )


def test_want_of_a_place_is_the_reason_of_those_who_wait_for_it():
    ran = delays({}, b={"capacity": 4.0}, days=100.0)
    assert ran.last("delayed_by_reason", "a", "capacity_b") == ran.last("delayed", "a") > 20.0


def test_hazards_act_throughout_arrangement_and_wait_but_not_in_transfer():
    ran = delays({"steps": [(4.0, 1.0)], "transfer": 3.0, "while_delayed": {"died": 0.25}})
    # 1 a day is at risk for 4 days: half die, and 0.5 a day are moved for 3 days.
    assert ran.last("died", "a") == near(0.5)
    assert ran.last("left_delayed", "a") == near(0.5)
    assert ran.last("delayed", "a") == near(2.0 + 1.5)
    assert ran.last("pathway_discharges", "a", "0") == near(1.0)


def test_leaving_a_delay_for_home_counts_on_the_pathway_home():
    ran = delays({"steps": [(4.0, 1.0)], "while_delayed": {"home": 0.25}, "pathway": 2})
    assert ran.last("pathway_discharges", "a", "0") == near(1.5)
    assert ran.last("pathway_discharges", "a", "2") == near(0.5)


def test_people_arranging_to_go_home_may_leave_at_once():
    ran = flow(
        {
            "a": {
                "stay": 5.0,
                "then": {
                    "home": {"share": 1.0, "steps": [(4.0, 1.0)], "while_delayed": {"home": 0.25}}
                },
            }
        },
        {"x": {"to": "a", "rate": 2.0}},
        days=LONG,
    )
    assert ran.last("delayed", "a") == near(4.0)
    assert ran.last("home", "a") == near(2.0)


def test_a_need_that_changes_is_a_delay_until_the_other_place_is_free():
    ran = delays({"while_delayed": {"c": 0.1, "died": 0.1}}, b={"capacity": 4.0})
    # 0.4 a day find a place in b; of the other 0.6 half die and half need c, which has places.
    assert ran.last("delayed", "a") == near(3.0)
    assert ran.last("moves", "a", "c") == near(0.3)
    assert ran.last("died", "a") == near(0.3)
    assert ran.last("left_delayed", "a") == near(0.3)


def test_hazards_go_on_when_the_need_has_changed():
    ran = flow(
        {
            "a": {
                "stay": 5.0,
                "then": {"b": {"share": 1.0, "while_delayed": {"c": 0.3, "died": 0.1}}},
            },
            "b": {"stay": 5.0, "capacity": 0.0},
            "c": {"stay": 5.0, "capacity": 0.0},
        },
        {"x": {"to": "a", "rate": 2.0}},
        days=LONG,
    )
    assert ran.last("died", "a") == near(2.0)
    assert ran.last("delayed", "a") == near(20.0)
    assert ran.last("delayed_by_reason", "a", "capacity_c") == near(15.0)


def test_a_hazard_towards_what_is_awaited_changes_nothing():
    plain = delays({"steps": [(4.0, 1.0)]}, b={"capacity": 4.0}, days=50.0)
    same = delays(
        {"steps": [(4.0, 1.0)], "while_delayed": {"b": 0.5}}, b={"capacity": 4.0}, days=50.0
    )
    assert same.last("delayed", "a") == plain.last("delayed", "a")


def test_whoever_falls_ill_again_begins_a_new_stay_in_the_same_place():
    ran = delays({"while_delayed": {"a": 0.2}}, b={"capacity": 4.0})
    # Stays begun in a: 2 + 0.2 q; half of them need b, which takes 0.4 a day: q = (1 - 0.4) / 0.1.
    assert ran.last("delayed", "a") == near(6.0)
    assert ran.last("admissions", "a") == near(2.0 + 1.2)
    assert ran.last("occupied", "a") == near(3.2 * 5 + 6)
    assert ran.last("moves", "a", "a") == 0.0


def test_a_route_back_is_a_new_stay_in_the_place_held():
    ran = flow(
        {"a": {"stay": 5.0, "capacity": 20.0, "then": {"a": 0.5, "home": 0.5}}},
        {"x": {"to": "a", "rate": 9.0}},
        days=LONG,
    )
    assert ran.last("admissions", "a") == near(4.0)
    assert ran.last("moves", "a", "a") == near(2.0)
    assert ran.last("delayed", "a") == 0.0


def test_a_new_stay_in_the_place_held_awaits_the_hours_of_admission():
    ran = flow(
        {"a": {"stay": 5.0, "calendar": WEEKDAYS_8_TO_17, "then": {"a": 0.5, "home": 0.5}}},
        {"x": {"to": "a", "rate": 24.0}},
        days=140.0,
    )
    # Those who begin again do so in hours, and ask at any hour of the week, nearly evenly.
    again = ran.total("moves", "a", "a") / 140
    hours = (4 * 15**2 + 63**2) / 2 / 168
    assert ran.total("delayed", "a") == near(again * hours / 24, rel=0.1)
    assert ran.total("delayed_by_reason", "a", "capacity_a") == ran.total("delayed", "a")


def test_people_sent_home_wait_outside_through_arrangement():
    route = {"wait_at_home": True, "steps": [(4.0, 1.0)], "transfer": 2.0, "pathway": 3}
    ran = delays(route, b={"capacity": 50.0})
    assert ran.last("delayed", "a") == 0.0
    assert ran.last("occupied", "a") == near(10.0)
    assert ran.last("waiting", "b") == near(4.0 + 2.0)
    assert ran.last("arrivals", "b") == near(1.0)
    assert ran.last("moves", "a", "b") == near(1.0)
    assert ran.last("pathway_discharges", "a", "3") == near(1.0)
    first = delays(route, days=1.0)
    # They count as arrived, and as discharged, when they leave.
    left = first.total("stays_ended", "a") / 2
    assert first.total("arrivals", "b") == near(left)
    assert first.total("pathway_discharges", "a", "3") == near(left)
    assert first.total("moves", "a", "b") < left / 10


def test_people_sent_home_leave_the_list_at_its_hazards_even_while_arranging():
    route = {"wait_at_home": True, "steps": [(4.0, 1.0)], "while_delayed": {"home": 9.0}}
    ran = delays(route, b={"leaving": {"died": 0.25}})
    assert ran.last("died", "b") == near(0.5)
    assert ran.last("left_waiting", "b") == near(0.5)
    assert ran.last("waiting", "b") == near(2.0)


def test_nobody_sent_home_is_turned_away():
    ran = delays({"wait_at_home": True}, b={"capacity": 4.0, "room": 1.0}, days=100.0)
    assert ran.last("lost", "b") == 0.0
    assert ran.last("waiting", "b") > 20.0
    assert any("sent home" in note for note in ran.output.notes)


def test_whoever_waits_at_home_to_go_home_has_gone():
    ran = flow(
        {
            "a": {
                "stay": 5.0,
                "then": {"home": {"share": 1.0, "wait_at_home": True, "steps": [(9.0, 1.0)]}},
            }
        },
        {"x": {"to": "a", "rate": 2.0}},
    )
    assert ran.total("delayed", "a") == 0.0


def test_people_who_hold_each_others_places_change_them():
    ran = flow(
        {
            "a": {"stay": 10.0, "capacity": 300.0, "then": {"b": 0.5, "home": 0.5}},
            "b": {"stay": 10.0, "capacity": 160.0, "then": {"a": 0.5, "home": 0.5}},
        },
        {"x": {"to": "a", "rate": 28.0}},
        days=LONG,
    )
    # Both are full. Nobody in a need wait for b, since as many in b need a: so 300 are in care in
    # a, 15 a day of them go to b, and 150 are in care there; the other 10 places hold people who
    # wait for a, and change places with those who come from it.
    assert ran.last("delayed", "a") == near(0.0, abs=0.1)
    assert ran.last("delayed", "b") == near(10.0, abs=0.1)
    assert ran.last("admissions", "b") == near(15.0, rel=0.01)
    assert ran.output.mean["swaps"][-1] > 0.0


def test_nobody_is_on_the_way_while_places_are_changed():
    then = {"b": {"share": 0.5, "transfer": 3.0}, "home": 0.5}
    ran = flow(
        {
            "a": {"stay": 10.0, "capacity": 300.0, "then": then},
            "b": {"stay": 10.0, "capacity": 160.0, "then": {"a": 0.5, "home": 0.5}},
        },
        {"x": {"to": "a", "rate": 28.0}},
        days=LONG,
    )
    assert ran.output.mean["swaps"][-1] > 0.0


def test_the_places_of_no_fence_are_for_all_of_a_class_alike():
    reserved = [{"for": ["x"], "places": 50.0, "rule": "ring_fenced"}]
    ran = flow(
        {"a": {"stay": 10.0, "capacity": 300.0, "reserved": reserved, "leaving": {"home": 0.2}}},
        {"x": {"to": "a", "rate": 20.0}, "z": {"to": "a", "rate": 20.0, "cohort": 1}},
        cohorts=("first", "second"),
        days=LONG,
    )
    assert ran.last("admissions", "a", "first") == near(15.0)
    assert ran.last("admissions", "a", "second") == near(15.0)


# ---- leaving and giving up ----------------------------------------------------------------------


def test_people_leave_the_wait_outside_at_its_hazards():
    ran = full(leaving={"home": 0.1, "died": 0.05, "b": 0.1})
    assert ran.last("waiting", "a") == near(4.0)
    assert ran.last("left_waiting", "a") == near(1.0)
    assert ran.last("home", "a") == near(2.0 + 0.4)
    assert ran.last("died", "a") == near(0.2)
    assert ran.last("occupied", "b") == near(0.4 * 4)


def test_a_maximum_wait_sends_on_those_who_cannot_be_served():
    ran = full(max_waits=[{"days": 3.0, "to": "b"}])
    assert ran.last("rerouted", "a") == near(1.0)
    assert ran.last("waiting", "a") == near(3.0)
    assert ran.last("occupied", "b") == near(4.0)
    same_day = full(max_waits=[{"same_day": True, "to": "elsewhere"}])
    assert same_day.last("waiting", "a") == near(0.5)
    assert same_day.last("elsewhere", "a") == near(1.0)
    others = full(max_waits=[{"for": ["b"], "days": 3.0, "to": "b"}], days=105.0)
    assert others.total("rerouted", "a") == 0.0


def test_a_short_maximum_wait_shortens_the_step():
    ran = full(max_waits=[{"days": 1 / 12, "to": "b"}])
    assert "The step was 2 hours." in ran.output.notes
    assert ran.last("rerouted", "a") == near(1.0)


def test_people_delayed_give_up_a_queue_and_keep_their_place():
    ran = delays({}, b={"capacity": 4.0, "max_waits": [{"days": 5.0, "to": "c"}]})
    assert ran.last("delayed", "a") == near(0.6 * 5)
    assert ran.last("rerouted", "b") == near(0.6)
    assert ran.last("moves", "a", "c") == near(0.6)
    home = delays({}, b={"capacity": 4.0, "max_waits": [{"days": 5.0, "to": "home"}]})
    assert home.last("home", "a") == near(1.6)
    assert home.last("left_delayed", "a") == 0.0


# ---- planned moves, the start -------------------------------------------------------------------


def test_planned_moves_end_stays_on_their_day_and_no_more_than_there_are():
    ran = flow(
        {
            "a": {"stay": FOREVER, "planned_moves": [(5.0, 7.0, "b"), (9.0, 7.0, "b")]},
            "b": {"stay": FOREVER, "capacity": 9.0},
        },
        days=12.0,
        save_days=1,
        more={"census": (Census(0, 0, 10.0),)},
    )
    assert ran.per_day("stays_ended", "a")[[4, 5, 8, 9]] == near([0, 7, 0, 3], abs=1e-4)
    assert ran.last("occupied", "b") == near(9.0, abs=1e-4)
    assert ran.last("delayed", "a") == near(1.0, abs=1e-4)
    assert ran.total("moves", "a", "b") == near(9.0, abs=1e-4)


def test_planned_moves_take_the_transfer_of_the_route_there():
    ran = flow(
        {
            "a": {
                "stay": FOREVER,
                "planned_moves": [(1.0, 10.0, "b")],
                "then": {"b": {"share": 0.5, "transfer": 4.0, "steps": [(9.0, 1.0)]}, "home": 0.5},
            },
            "b": {"stay": FOREVER},
        },
        days=5.0,
        save_days=1,
        steps_per_day=48,
        more={"census": (Census(0, 0, 10.0),)},
    )
    assert ran.last("delayed_by_reason", "a", "transfer") == near(10 / math.e, rel=1e-3)


def test_elapsed_stays_weigh_those_who_stay_long():
    """Half have stays of 5 days and half of 20; some have been there 0 days and some 20."""
    stay = hyperexponential([0.5, 0.5], [5.0, 20.0])
    routes = {"home": {"share": 0.5, "stay": 5.0}, "died": {"share": 0.5, "stay": 20.0}}
    long_at_20 = math.exp(-1) / (math.exp(-1) + math.exp(-4))
    long_stays = (0.5 + long_at_20) / 2
    t = np.arange(11.0)
    left = 100 * (long_stays * np.exp(-t / 20) + (1 - long_stays) * np.exp(-t / 5))
    more = {"census": (Census(0, 0, 100.0, (0.0, 20.0)),)}
    kwargs = {"days": 10.0, "save_days": 1, "steps_per_day": 24, "more": more}
    drawn_at_end = flow({"a": {"stay": stay}}, **kwargs)
    drawn_at_start = flow({"a": {"then": routes}}, **kwargs)
    assert drawn_at_end.at("occupied", "a") == near(left, rel=1e-4)
    assert drawn_at_start.at("occupied", "a") == near(left, rel=1e-4)


def test_equilibrium_at_the_start_counts_routes_by_the_time_they_take():
    routes = {"home": {"share": 0.5, "stay": 5.0}, "died": {"share": 0.5, "stay": 20.0}}
    more = {"census": (Census(0, 0, 25.0),)}
    ran = flow({"a": {"then": routes}}, {"x": {"to": "a", "rate": 2.0}}, more=more)
    assert ran.at("occupied", "a") == near(np.full(16, 25.0))


def test_more_people_than_places_at_the_start_leave_as_they_may():
    more = {"census": (Census(0, 0, 20.0),), "queued": (Queued(0, 0, 0, 5.0),)}
    ran = flow(
        {"a": {"stay": 5.0, "capacity": 10.0}},
        {"x": {"to": "a", "rate": 0.0}},
        days=4.0,
        save_days=1,
        steps_per_day=24,
        more=more,
    )
    # 20 e^(-t/5) is 10 after 3.47 days; until then nobody is admitted.
    assert ran.at("occupied", "a")[:4] == near(20 * np.exp(-np.arange(4) / 5), rel=1e-4)
    assert ran.at("waiting", "a")[:4] == near(np.full(4, 5.0))
    assert ran.at("waiting", "a")[4] < 5.0


def steady(days=100.0, warm_up_days=400.0, **arrival):
    return flow(
        {"a": {"stay": 10.0, "capacity": arrival.pop("capacity", 1000.0)}},
        {"x": {"to": "a", "rate": 5.0, **arrival}},
        days=days,
        save_days=1,
        warm_up_days=warm_up_days,
        more={"steady_start": True},
    )


def test_a_warm_up_ends_in_the_steady_state_and_is_forgotten():
    ran = steady()
    assert ran.at("occupied", "a") == near(np.full(101, 50.0))
    assert ran.total("admissions", "a") == near(500.0)
    saturated = steady(capacity=20.0)
    # Three a day too many for 400 days, but for the time it took to fill from the guess.
    assert saturated.at("waiting", "a")[0] == near(3 * 400, rel=0.01)


def test_growth_dates_and_series_stand_still_before_the_start():
    growing = steady(growth=0.5, days=1.0)
    assert growing.at("occupied", "a")[0] == near(50.0)
    series = Timeline(np.arange(14.0), np.arange(14.0))
    assert steady(series=series, days=1.0).at("occupied", "a")[0] == near(150.0)
    people = Timeline(np.array([0.0, 10.0]), np.array([2.0, 9.0]), kind="linear")
    assert steady(population=people, days=1.0).at("occupied", "a")[0] == near(100.0)
    places = Timeline(np.array([-9.0, 50.0]), np.array([30.0, 100.0]))
    assert steady(capacity=places).at("occupied", "a")[0] == near(30.0)


def test_weekdays_go_on_before_the_start():
    ran = steady(weekday=(7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), days=14.0, warm_up_days=150.5)
    waves = ran.at("occupied", "a")
    assert waves[0] == near(waves[7], rel=1e-3)
    assert waves.max() > 1.5 * waves.min()


def test_those_who_never_leave_have_no_steady_state_to_begin_with():
    ran = flow(
        {"a": {"stay": 5.0, "then": {"a": 1.0}}},
        {"x": {"to": "a", "rate": 1.0}},
        days=10.0,
        warm_up_days=100.0,
        more={"steady_start": True},
    )
    assert ran.at("occupied", "a")[0] == near(100.0)
    assert any("still change within a year: a +365 of" in note for note in ran.output.notes)


# ---- rules that go wrong show -------------------------------------------------------------------


def test_a_comparison_by_hand_can_fail():
    ran = full(room=4.0)
    assert ran.last("lost", "a") != near(1.001)


def test_a_step_too_long_for_a_hazard_fails_the_audit():
    chosen = model(
        {"a": {"stay": 5.0, "capacity": 0.0, "leaving": {"home": 6.0}}},
        {"x": {"to": "a", "rate": 3.0}},
        steps_per_day=4,
    )
    assert "outflows_within_stocks" in Ran(run_flow(chosen, threads=1)).failed()
