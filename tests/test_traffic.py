"""Flows, people and loads without limits, worked out by hand."""

import numpy as np
import pytest
from scipy.integrate import quad

from caresim import traffic
from caresim.model import Arrivals, PlacesPerPerson, Timeline
from caresim.stays import exponential, fixed, from_mean_and_cv
from engines.event_models import Network


def equilibrium(settings, arrivals, **kwargs):
    return traffic.equilibrium(Network(settings, arrivals, **kwargs).model())


def test_flows_solve_the_traffic_equations():
    found = equilibrium(
        {
            "a": {"stay": 5.0, "then": {"b": 0.3, "home": 0.7}},
            "b": {"stay": 20.0, "then": {"a": 0.25, "home": 0.75}},
            "c": {"stay": 9.0},
        },
        {"x": {"to": "a", "rate": 10.0}, "y": {"to": "b", "rate": 1.0}},
    )
    a = 10.25 / 0.925  # a = 10 + b / 4, b = 1 + 3 a / 10
    assert found.stays_per_day[:, 0] == pytest.approx([a, 1 + 0.3 * a, 0.0])
    assert found.people[:, 0] == pytest.approx([5 * a, 20 * (1 + 0.3 * a), 0.0])
    assert found.places == pytest.approx([5 * a, 20 * (1 + 0.3 * a), 0.0])
    assert found.delayed.sum() == 0.0
    assert found.gain[0] == pytest.approx(np.sqrt(0.3 * 0.25))


def test_cohorts_have_flows_of_their_own():
    found = equilibrium(
        {"a": {"stay": 5.0}},
        {"x": {"to": "a", "rate": 1.0}, "y": {"to": "a", "rate": 3.0, "cohort": 1}},
        cohorts=("first", "second"),
    )
    assert found.people.tolist() == [[5.0, 15.0]]
    assert found.places == pytest.approx([20.0])


def test_people_in_arrangement_and_transfer_hold_places():
    routes = {
        "b": {"share": 0.5, "steps": [(3.0, 1.0), (4.0, 0.25)], "transfer": 2.0},
        "c": {"share": 0.25, "steps": [(9.0, 1.0)], "transfer": 1.0, "wait_at_home": True},
        "home": {"share": 0.25, "steps": [(8.0, 0.5)]},
    }
    found = equilibrium(
        {"a": {"stay": 5.0, "then": routes}, "b": {"stay": 1.0}, "c": {"stay": 1.0}},
        {"x": {"to": "a", "rate": 4.0}},
    )
    # Two a day are 4 days in arrangement and 2 on the way; one a day 4 days in arrangement.
    assert found.delayed[:, 0] == pytest.approx([2 * 4 + 2 * 2 + 4, 0.0, 0.0])
    assert found.places == pytest.approx([20 + 16, 2 * 1 + 2 * 2, 1 * 1 + 1 * 1])


def test_whoever_comes_back_for_ever_makes_flows_infinite_where_they_can_get():
    found = equilibrium(
        {
            "a": {"stay": 5.0, "then": {"b": {"share": 1.0, "steps": [(2.0, 0.0)]}}},
            "b": {"stay": 2.0, "then": {"a": 1.0}},
            "c": {"stay": 1.0},
        },
        {"x": {"to": "a", "rate": 1.0}, "y": {"to": "c", "rate": 1.0}},
    )
    assert found.gain[0] == pytest.approx(1.0)
    assert found.stays_per_day[:, 0].tolist() == [np.inf] * 3
    assert not np.isnan(found.places).any()
    assert found.delayed[0, 0] == 0.0


def test_a_setting_nobody_reaches_is_empty_even_beside_a_loop():
    found = equilibrium(
        {"a": {"stay": 5.0, "then": {"a": 1.0}}, "b": {"stay": 5.0}},
        {"x": {"to": "a", "rate": 1.0}},
    )
    assert found.places.tolist() == [np.inf, 0.0]


def test_rates_at_the_start_count_population_and_the_first_week():
    people = Timeline(np.array([0.0, 10.0]), np.array([200.0, 900.0]), kind="linear")
    assert traffic.arrivals_per_day(Arrivals("x", 0, 0, 0, 0.01, population=people)) == 2.0
    series = Timeline(np.arange(14.0), np.arange(14.0))
    assert traffic.arrivals_per_day(Arrivals("x", 0, 0, 0, 2.0, series=series)) == 6.0


@pytest.mark.parametrize(
    "stay", [exponential(10.0), fixed(12.0), from_mean_and_cv("lognormal", 8.0, 1.5).limited(20.0)]
)
def test_places_by_time_since_the_start_are_weighed_by_who_is_still_there(stay):
    use = PlacesPerPerson("elapsed", (0.0, 3.0, 14.0), (4.0, 2.0, 0.5))
    places = (4.0, 2.0, 0.5)
    parts = [(0.0, 3.0), (3.0, 14.0), (14.0, 400.0)]
    used = sum(
        n * quad(lambda t: float(stay.survival(t)), a, b, limit=200, points=[12.0, 20.0])[0]
        for n, (a, b) in zip(places, parts, strict=True)
    )
    assert traffic.mean_places(use, stay) == pytest.approx(used / stay.mean(), rel=1e-6)


def test_places_by_share_of_the_stay_are_the_mean_whatever_the_stay():
    use = PlacesPerPerson("share_of_stay", (0.0, 0.25, 0.5, 0.75), (4.0, 3.0, 2.0, 1.0))
    assert traffic.mean_places(use, exponential(3.0)) == 2.5
    assert traffic.mean_places(PlacesPerPerson(places=(2.0,)), fixed(9.0)) == 2.0
