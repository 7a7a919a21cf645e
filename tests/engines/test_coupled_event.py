"""What changes slowly acts on people of the event engine as the specification says."""

import dataclasses
import math

import numpy as np
import pytest
from event_models import Network

from caresim.engines.event.run import run
from caresim.model import (
    Arrivals,
    Change,
    Changed,
    Feedback,
    Intervention,
    Opening,
    PlacesPerPerson,
    Population,
    Queued,
    Ramp,
    RunSettings,
    Signal,
    Staff,
    Timeline,
)
from caresim.stays import Stay

DAY = 20.0


def does(*changes, start=DAY, **more):
    return Intervention("it", "It", Ramp(start), tuple(changes), **more)


def ward(stay=4.0, rate=3.0, days=60.0, *, other=None, run_=None, **setting):
    settings = {"ward": {"stay": stay, **setting}, **(other or {})}
    run_ = run_ or RunSettings(engine="event", seed=3)
    return Network(settings, {"door": {"to": "ward", "rate": rate}}, days=days, run=run_).model()


def logged(model, **more):
    return run(dataclasses.replace(model, **more), log=True, threads=1)


def passed(output):
    return [check.name for check in output.checks if not check.passed] == []


def in_ward(output, setting=0):
    rows = output.log.rows
    return rows[rows["setting"] == setting]


def people(rows):
    return set(rows["person"].tolist())


def test_fewer_arrivals_are_some_of_the_same_people():
    model = ward(days=400.0)
    without = logged(model)
    fewer = Change(Changed("arrival_rate", 0), "relative", -0.3)
    found = logged(model, interventions=(does(fewer),))
    before, after = in_ward(without), in_ward(found)
    assert people(after) < people(before)
    late = before["requested"] >= DAY
    assert people(before[~late]) <= people(after)
    kept = np.isin(before["person"][late], after["person"]).mean()
    assert kept == pytest.approx(0.7, abs=5.0 * math.sqrt(0.21 / late.sum()))


def with_displaced(model, share):
    """People whom an intervention keeps away from the ward come to the hub instead."""
    away = dataclasses.replace(model.arrivals[0], to=1, displaced_from=0)
    fewer = Change(
        Changed("arrival_rate", 0), "relative", -0.4, displaced_to=1, displaced_share=share
    )
    given = {"arrivals": (*model.arrivals, away), "interventions": (does(fewer),)}
    return dataclasses.replace(model, **given)


def test_displaced_people_are_those_kept_away():
    model = ward(days=300.0, other={"hub": {"stay": 2.0}})
    without, found = logged(model), logged(with_displaced(model, 1.0))
    at_ward, at_hub = in_ward(found), in_ward(found, 1)
    assert people(at_ward).isdisjoint(people(at_hub))
    assert people(at_ward) | people(at_hub) == people(in_ward(without))
    assert found.totals["displaced"][0, 0, 1, 0] == at_hub.size > 100
    assert found.totals["displaced"][0, 0, 0, 0] == 0
    assert passed(found)


def test_displaced_people_are_a_share_of_those_kept_away():
    model = ward(days=2000.0, other={"hub": {"stay": 2.0}})
    found = run(with_displaced(model, 0.25), threads=1)
    expected = 3.0 * 0.4 * 0.25 * (2000.0 - DAY)
    assert found.totals["displaced"][0, 0].sum() == pytest.approx(expected, rel=0.1)


def test_arrivals_that_rise_keep_their_rate_and_their_people():
    model = ward(days=1000.0)
    more = Change(Changed("arrival_rate", 0), "relative", 0.5)
    without, found = in_ward(logged(model)), in_ward(logged(model, interventions=(does(more),)))
    assert people(without) <= people(found)
    late = (found["requested"] >= DAY).sum()
    assert late == pytest.approx(4.5 * (1000.0 - DAY), rel=0.06)


def test_a_change_of_stays_acts_on_the_clock_of_those_who_are_there():
    model = ward(Stay("fixed", (10.0,)))
    half = Change(Changed("stay", 0, 0), "relative", -0.5)
    rows = in_ward(logged(model, interventions=(does(half),)))
    rows = rows[~np.isnan(rows["left"])]
    before = np.clip(DAY - rows["started"], 0.0, 10.0)
    expected = np.where(rows["started"] + 10.0 <= DAY, 10.0, before + (10.0 - before) / 2.0)
    assert np.allclose(rows["left"] - rows["started"], expected, atol=1e-9)
    assert ((before > 0.0) & (before < 10.0)).sum() > 10


def test_stays_that_grow_longer_and_end_late():
    model = ward(Stay("fixed", (10.0,)))
    twice = Change(Changed("stay", 0, 0), "relative", 1.0)
    rows = in_ward(logged(model, interventions=(does(twice),)))
    rows = rows[~np.isnan(rows["left"])]
    before = np.clip(DAY - rows["started"], 0.0, 10.0)
    assert np.allclose(rows["left"] - rows["started"], before + 2.0 * (10.0 - before), atol=1e-9)


def test_places_taper_with_the_clock_or_with_days_as_they_are_written():
    half = does(Change(Changed("stay", 0, 0), "relative", -0.5), start=0.0)
    for by, at, mean in (("share_of_stay", 0.5, 1.5), ("elapsed", 2.0, (2 * 2 + 3 * 1) / 5)):
        places = PlacesPerPerson(by, (0.0, at), (2.0, 1.0))
        model = ward(Stay("fixed", (10.0,)), days=3000.0, places=places)
        found = run(dataclasses.replace(model, interventions=(half,)), threads=1)
        used, there = found.totals["places_used"][0, 0, 0], found.totals["occupied"][0, 0, 0, 0]
        assert there == pytest.approx(3.0 * 5.0, rel=0.03)
        assert used / there == pytest.approx(mean, rel=0.01)
        assert passed(found)


def test_places_that_fall_evict_nobody_and_places_that_rise_admit_at_midnight():
    model = ward(Stay("fixed", (10.0,)), capacity=20.0)
    fewer = does(Change(Changed("capacity", 0), "absolute", -12.0), start=10.0)
    again = does(Change(Changed("capacity", 0), "absolute", 12.0), start=30.0)
    found = logged(model, interventions=(fewer, dataclasses.replace(again, name="again")))
    rows = in_ward(found)
    stays = rows["left"] - rows["started"]
    assert np.allclose(stays[~np.isnan(stays)], 10.0)
    started = rows["started"][~np.isnan(rows["started"])]
    assert not ((started > 10.0) & (started < 12.0)).any()
    assert (started == 30.0).sum() >= 10
    assert passed(found)
    assert found.mean["capacity_at"][1:5, 0].tolist() == [20.0, 8.0, 8.0, 8.0]


def test_staff_limit_places():
    model = ward(days=100.0, capacity=20.0)
    nurses = Staff(
        name="nurses",
        label="Nurses",
        posts=Timeline.constant(10.0),
        in_post=10.0,
        leavers=0.0,
        recruitment=0.0,
        fills=0.0,
        training_days=0.0,
        sickness=0.2,
        runs=((0, 1.0),),
    )
    found = run(dataclasses.replace(model, staff=(nurses,)), threads=1)
    assert np.all(found.totals["capacity"] == 8.0)
    assert np.all(found.totals["places_built"] == 20.0)
    assert np.all(found.totals["staff_at_work"] == 8.0)
    assert found.mean["places_used_at"].max() == 8.0


def test_openings_open_in_phases_and_replaced_places_stand_by():
    model = ward(days=50.0, capacity=10.0, other={"old": {"capacity": 6.0}})
    opening = Opening(0, 4.0, 10.0, phases=2, every=10.0, replaces=1, replaced_places=6.0, after=5)
    found = run(dataclasses.replace(model, openings=(opening,)), threads=1)
    at = found.times
    assert found.mean["capacity_at"][:, 0].tolist() == [
        10.0 + 2.0 * (t >= 10.0) + 2.0 * (t >= 20.0) for t in at
    ]
    assert found.mean["capacity_at"][:, 1].tolist() == [
        6.0 - 3.0 * (t >= 15.0) - 3.0 * (t >= 25.0) for t in at
    ]
    assert found.totals["double_running"][0, 0].tolist() == [0.0, pytest.approx(2 * 15.0 / 50.0)]


def deconditioned(change):
    """People held up in a ward by the wait for a unit, and what that does to them there."""
    settings = {
        "ward": {"stay": 2.0, "then": {"unit": 1.0}},
        "unit": {
            "capacity": 5.0,
            "stay": Stay("fixed", (3.0,)),
            "then": {"home": 0.9, "died": 0.1},
        },
    }
    model = Network(settings, {"door": {"to": "ward", "rate": 1.4}}, days=400.0).model()
    loop = Feedback("worse", "", Signal("delay_days", 0, 1.0), (change,))
    return dataclasses.replace(model, feedbacks=(loop,))


def test_each_day_of_delay_lengthens_the_stay_that_follows():
    found = logged(deconditioned(Change(Changed("stay", 1, 0), "relative", 0.1, per=1.0, most=0.4)))
    first = {row["person"]: row["left"] - row["ready"] for row in in_ward(found)}
    rows = in_ward(found, 1)
    rows = rows[~np.isnan(rows["left"])]
    delays = np.array([first[person] for person in rows["person"]])
    expected = 3.0 * (1.0 + np.minimum(0.4, 0.1 * np.maximum(0.0, delays - 1.0)))
    assert np.allclose(rows["left"] - rows["started"], expected, atol=1e-9)
    assert ((delays > 1.0) & (delays < 5.0)).sum() > 20
    assert (delays > 5.0).sum() > 20


def test_each_day_of_delay_shifts_routes_after_the_stay_that_follows():
    change = Change(Changed("route_share", 2), "absolute", 0.1, per=1.0, most=0.5)
    found = logged(deconditioned(change))
    first = {row["person"]: row["left"] - row["ready"] for row in in_ward(found)}
    rows = in_ward(found, 1)
    rows = rows[~np.isnan(rows["left"])]
    delays = np.array([first[person] for person in rows["person"]])
    shares = 0.1 + np.minimum(0.5, 0.1 * np.maximum(0.0, delays - 1.0))
    died = rows["next_setting"] == -2
    spread = math.sqrt(float((shares * (1.0 - shares)).sum()))
    assert abs(died.sum() - shares.sum()) < 4.0 * spread
    assert shares.sum() > 0.1 * rows.size + 4.0 * spread


def test_hazards_act_on_everyone_who_waits_without_new_draws():
    """Nobody is admitted; at day 20 everyone leaves twice as soon as they would have."""
    model = ward(capacity=0.0, leaving={"home": 0.05}, rate=20.0)
    twice = Change(Changed("waiting_hazard", 0, 0, 0), "relative", 1.0)
    before = {row["person"]: row for row in in_ward(logged(model))}
    rows = in_ward(logged(model, interventions=(does(twice),)))
    n = 0
    for row in rows[~np.isnan(rows["left"])]:
        other = before[row["person"]]
        asked = max(row["requested"], DAY)
        if not np.isnan(other["left"]) and row["left"] > DAY:
            assert row["left"] - asked == pytest.approx((other["left"] - asked) / 2.0, abs=1e-9)
            n += 1
    assert n > 50


def test_steps_of_arrangement_that_begin_take_another_time():
    then = {"home": {"share": 1.0, "steps": [(Stay("fixed", (2.0,)), 1.0)]}}
    model = ward(Stay("fixed", (1.0,)), then=then)
    half = Change(Changed("step_time", 0, 0), "relative", -0.5)
    rows = in_ward(logged(model, interventions=(does(half),)))
    rows = rows[~np.isnan(rows["left"])]
    expected = np.where(rows["ready"] < DAY, 2.0, 1.0)
    assert np.allclose(rows["left"] - rows["ready"], expected)


def test_populations_are_conserved_and_bring_arrivals():
    model = ward(days=400.0, then={"home": 0.5, "died": 0.5})
    come = Arrivals("door", 0, 0, 0, rate=0.01, population=Timeline.constant(300.0))
    people_ = Population("open", (300.0,), (0.001,), (0.0,), (0.0,))
    model = dataclasses.replace(model, arrivals=(come,), population=people_)
    found = run(model, threads=1)
    check = next(check for check in found.checks if check.name == "population_conserved")
    assert check.passed
    died = found.totals["died"][0, 0].sum() + found.totals["died_at_home"][0, 0].sum()
    left = found.mean["population_at"][-1, 0]
    assert 300.0 - died == pytest.approx(left, abs=1e-6)
    at = found.mean["population_at"][:-1, 0]
    expected = 0.01 * float(at @ np.diff(found.times))
    assert found.totals["arrivals"][0, 0].sum() == pytest.approx(expected, abs=60.0)
    assert left < 150.0


def test_a_part_of_a_day_between_exchanges_is_a_day_here_and_said_so():
    model = ward(run_=RunSettings(engine="event", coupling_days=0.25))
    loop = does(Change(Changed("stay", 0, 0), "relative", -0.5))
    with_note = run(dataclasses.replace(model, interventions=(loop,)), threads=1)
    assert any("every 1 day, at midnight, not every 0.25" in note for note in with_note.notes)
    daily = dataclasses.replace(model, run=RunSettings(engine="event"), interventions=(loop,))
    without = run(daily, threads=1)
    assert without.notes == ()
    for name, values in without.totals.items():
        assert np.array_equal(values, with_note.totals[name]), name


def test_numbers_held_at_the_end_of_their_range_are_told():
    none = Change(Changed("arrival_rate", 0), "absolute", -100.0)
    found = run(dataclasses.replace(ward(), interventions=(does(none),)), threads=1)
    assert "arrivals of door beyond its range" in found.notes[0]
    assert found.totals["arrivals"][0, 0].sum() == pytest.approx(3.0 * DAY, abs=40.0)


def test_people_at_the_start_have_the_same_numbers_in_every_option():
    model = ward(other={"hub": {"stay": 2.0}}, capacity=2.0)
    model = dataclasses.replace(model, queued=(Queued(0, 0, 0, 5.0),))
    at_start = [
        people(rows[rows["requested"] == 0.0])
        for rows in (in_ward(logged(model)), in_ward(logged(with_displaced(model, 1.0))))
    ]
    assert at_start[0] == at_start[1]
    assert len(at_start[0]) == 5


def test_threads_and_chunks_change_nothing():
    model = dataclasses.replace(
        deconditioned(Change(Changed("stay", 1, 0), "relative", 0.1)),
        run=RunSettings(engine="event", members=20),
    )
    one, two = run(model, log=True, threads=1), run(model, log=True, threads=2)
    assert np.array_equal(one.log.rows, two.log.rows, equal_nan=False) or (
        one.log.rows.tobytes() == two.log.rows.tobytes()
    )
    for name, values in one.totals.items():
        assert np.array_equal(values, two.totals[name]), name
