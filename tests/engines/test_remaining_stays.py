"""People there at the start who are told how much longer they stay, in both engines."""

import dataclasses

import numpy as np
import pytest
from event_models import Network
from flow_models import Ran

from caresim.engines.event.run import run as run_event
from caresim.engines.flow.run import run_flow
from caresim.model import Census, PlacesPerPerson, RunSettings, Target, UncertainInput
from caresim.stays import empirical, fixed, from_mean_and_cv

PEOPLE = 2000.0


def left_of(then, remaining, *, engine, places=None, factor=None, members=1):
    """Run a ward from a census with remaining stays and nobody else; return the run."""
    ward = {"stay": fixed(40.0), "then": then}
    if places is not None:
        ward["places"] = places
    network = Network(
        {"ward": ward, "unit": {"stay": 30.0}},
        days=20.0,
        run=RunSettings(engine=engine, members=members, seed=3, save_days=1),
    )
    model = network.model()
    stays = (*model.stays, remaining)
    census = (Census(network.to("ward"), 0, PEOPLE, (), len(stays) - 1),)
    model = dataclasses.replace(model, stays=stays, census=census)
    if factor is not None:
        model = dataclasses.replace(model, inputs=(_uncertain(len(stays) - 1, factor),))
    run = run_event(model, log=True, threads=1, series=members) if engine == "event" else None
    return Ran(run if run is not None else run_flow(model, threads=1, series=members))


def _uncertain(stay, spread):
    return UncertainInput(
        path="remaining",
        shape="uniform",
        nominal=1.0,
        low=1.0 - spread,
        high=1.0 + spread,
        level=1.0,
        centre=1.0,
        spread_low=0.0,
        spread_high=0.0,
        least=0.0,
        most=2.0,
        targets=(Target("stay", stay),),
    )


@pytest.mark.parametrize("engine", ["event", "flow"])
def test_they_leave_as_their_remaining_stay_says(engine):
    stay = from_mean_and_cv("lognormal", 6.0, 0.9)
    ran = left_of({"home": 1.0}, stay, engine=engine)
    expected = PEOPLE * stay.survival(np.arange(21.0))
    # 5 standard errors of a binomial count, or what phases are held to.
    assert ran.at("occupied", "ward") == pytest.approx(expected, abs=5 * np.sqrt(PEOPLE) / 2)


def test_listed_times_are_equally_likely_and_exact():
    ran = left_of({"home": 1.0}, empirical([0.0, 3.0, 3.0, 12.0]), engine="event")
    log = ran.output.log
    assert set(np.unique(log.left)) == {0.0, 3.0, 12.0}
    assert np.mean(log.left == 3.0) == pytest.approx(0.5, abs=0.05)
    assert (log.started == 0.0).all()


@pytest.mark.parametrize("engine", ["event", "flow"])
def test_routes_are_taken_as_by_those_found_in_equilibrium(engine):
    """A quarter of those who come, but half of those found there, have the long stay."""
    then = {"home": {"share": 0.75, "stay": 5.0}, "unit": {"share": 0.25, "stay": 15.0}}
    ran = left_of(then, fixed(2.0), engine=engine)
    assert ran.last("occupied", "ward") == pytest.approx(0.0, abs=0.5)
    assert ran.total("admissions", "unit") == pytest.approx(PEOPLE / 2, abs=5 * np.sqrt(PEOPLE) / 2)


def test_use_of_places_begins_as_that_of_a_new_stay():
    places = PlacesPerPerson("elapsed", (0.0, 3.0), (4.0, 1.0))
    ran = left_of({"home": 1.0}, fixed(5.0), engine="event", places=places)
    assert list(ran.at("places_used", "ward")[:7:2]) == [4 * PEOPLE, 4 * PEOPLE, PEOPLE, 0.0]


@pytest.mark.parametrize("engine", ["event", "flow"])
def test_an_uncertain_remaining_stay_differs_by_member(engine):
    ran = left_of({"home": 1.0}, fixed(6.0), engine=engine, factor=0.5, members=4)
    area = ran.output.totals["occupied"][:, 0].sum(axis=(1, 2)) * 20.0 / PEOPLE
    assert np.ptp(area) > 0.3
    assert area.min() > 2.9
    assert area.max() < 9.1
