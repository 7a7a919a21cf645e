"""What holds for every run: the same bits however it is run, and an audit without a breach."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from event_models import WEEKDAYS_8_TO_17, Network
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caresim.engines.event import run as run_module
from caresim.engines.event.run import EventOutput, run
from caresim.engines.output import VARIABLES, save_times, windows_of
from caresim.model import (
    Census,
    Model,
    PlacesPerPerson,
    Queued,
    RunSettings,
    Target,
    Timeline,
    UncertainInput,
)
from caresim.stays import fixed, from_mean_and_cv


def place(members=20, **more) -> Network:
    """A place that uses most rules at once."""
    delayed = {"died": 0.02, "home": 0.05, "care_home": 0.01, "acute": 0.01}
    return Network(
        {
            "acute": {
                "capacity": Timeline(np.array([0.0, 30.0]), np.array([40.0, 36.0])),
                "stay": from_mean_and_cv("lognormal", 5.5, 1.2),
                "while_delayed": delayed,
                "leaving": {"home": 0.1, "died": 0.02},
                "then": {
                    "home": 0.6,
                    "home_care": {"share": 0.2, "steps": [(1.0, 1.0), (3.0, 0.4)], "transfer": 0.2},
                    "unit": {"share": 0.12, "transfer": fixed(0.1), "pathway": 2},
                    "care_home": {"share": 0.06, "wait_at_home": True},
                    "died": 0.02,
                },
                "reserved": [{"rule": "keep_free", "for": ["emergency"], "places": 1}],
                "priority": [["emergency"], ["unit", "home_care"]],
            },
            "home_care": {
                "capacity": 60,
                "places": PlacesPerPerson("share_of_stay", (0.0, 0.5), (2.0, 1.0)),
                "stay": 20.0,
                "then": {"home": 0.8, "acute": 0.2},
                "calendar": WEEKDAYS_8_TO_17,
            },
            "unit": {
                "capacity": 10,
                "stay": 14.0,
                "then": {"home": 0.6, "acute": 0.2, "care_home": 0.2},
                "max_waits": [{"days": 3.0, "to": "home_care", "for": ["acute"]}],
                "reserved": [{"rule": "ring_fenced", "for": ["community"], "places": 2}],
                "room": 5,
                "overflow": "acute",
            },
            "care_home": {
                "capacity": 30,
                "stay": 90.0,
                "then": {"died": 0.7, "acute": 0.3},
                "room": 6,
                "planned_moves": [(20.0, 2, "unit")],
            },
        },
        {
            "emergency": {"to": "acute", "rate": 7.0, "weekday": (1.2,) * 5 + (0.5, 0.5)},
            "planned": {"to": "acute", "rate": 1.0, "cohort": 1, "growth": 0.3},
            "community": {"to": "unit", "rate": 0.3, "transfer": 0.1},
        },
        cohorts=("older", "younger"),
        days=70.0,
        run=RunSettings(engine="event", members=members, seed=4, save_days=7),
        **more,
    )


def same(first: EventOutput, second: EventOutput, members: slice = slice(None)) -> bool:
    return all(
        np.array_equal(first.totals[name][members], second.totals[name]) for name in first.totals
    )


def test_a_place_with_every_rule_passes_its_audit():
    output = run(place(members=60).model(), log=True)
    assert [check.name for check in output.checks if not check.passed] == []
    for name in ("delayed", "waiting", "moves", "diverted", "left_delayed", "rerouted", "swaps"):
        assert output.totals[name].sum() > 0, name


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_bits_do_not_depend_on_threads(threads):
    model = place(members=33).model()
    first, second = run(model, threads=1, log=True), run(model, threads=threads, log=True)
    assert same(first, second)
    for group in ("mean", "series"):
        for name, values in getattr(first, group).items():
            np.testing.assert_array_equal(values, getattr(second, group)[name])
    np.testing.assert_array_equal(first.log.left, second.log.left)


def test_a_member_does_not_depend_on_the_others(monkeypatch):
    model = place(members=20).model()
    whole = run(model)
    few = run(replace(model, run=replace(model.run, members=5)))
    assert same(whole, few, slice(0, 5))
    monkeypatch.setattr(run_module, "CHUNK", 3)
    assert same(whole, run(model))


def test_another_seed_is_another_run():
    model = place(members=2).model()
    other = replace(model, run=replace(model.run, seed=5))
    assert not same(run(model), run(other))


def test_the_log_does_not_change_the_run_and_agrees_with_the_counts():
    model = place(members=4).model()
    output = run(model, log=True)
    assert same(output, run(model))
    log = output.log
    stays = (log.started > 0.0) & ~np.isnan(log.started)
    for s in range(len(model.settings)):
        for member in range(4):
            mine = stays & (log.setting == s) & (log.member == member)
            assert mine.sum() == output.totals["admissions"][member, 0, s].sum()
    inside = log.started[stays]
    assert np.all(log.requested[stays] <= inside)
    ended = ~np.isnan(log.ready)
    assert np.all(log.started[ended] <= log.ready[ended])
    assert np.all(~(log.ready > log.left))
    in_time = np.diff(log.left[(log.member == 0) & ~log.censored])
    assert np.all(in_time >= 0.0)


def test_shapes_and_names_are_those_of_every_engine():
    model = place(members=9).model()
    output = run(model, series=4)
    sizes = {"setting": 4, "cohort": 2, "reason": len(model.reasons), "pathway": 4, "to": 4}
    n_times, n_windows = save_times(model).size, len(windows_of(model))
    for name, variable in VARIABLES.items():
        shape = tuple(sizes[dim] for dim in variable.dims)
        assert output.totals[name].shape == (9, n_windows, *shape), name
        assert output.mean[name].shape == (n_times - 1, *shape), name
        assert output.series[name].shape == (4, n_times - 1, *shape), name
        if variable.kind == "stock":
            assert output.mean[f"{name}_at"].shape == (n_times, *shape), name
            assert output.series[f"{name}_at"].shape == (4, n_times, *shape), name
    assert set(output.totals) == set(VARIABLES)
    assert output.members == 9


def test_means_and_series_agree_with_totals():
    model = place(members=12).model()
    output = run(model)
    days = np.diff(output.times)
    for name, variable in VARIABLES.items():
        series = output.series[name]
        weight = days / days.sum() if variable.kind == "stock" else np.ones(days.size)
        whole = np.tensordot(series, weight, axes=(1, 0))
        np.testing.assert_allclose(whole, output.totals[name][:, 0], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(series.mean(axis=0), output.mean[name], rtol=1e-12, atol=1e-12)


def test_the_same_people_meet_every_option():
    """With one more place, most people have the same stays as before."""

    def acute_only(beds):
        return Network(
            {"acute": {"capacity": beds, "stay": from_mean_and_cv("lognormal", 5.5, 1.2)}},
            {"calls": {"to": "acute", "rate": 5.0}}, days=60.0,
            run=RunSettings(engine="event", members=1)).model()  # fmt: skip

    logs = [run(acute_only(beds), log=True).log for beds in (28, 40)]
    lengths = [
        dict(zip(log.person.tolist(), (log.ready - log.started).tolist(), strict=True))
        for log in logs
    ]
    shared = [p for p in lengths[0] if p in lengths[1]]
    assert len(shared) > 200
    ended = [p for p in shared if np.isfinite(lengths[0][p] + lengths[1][p])]
    for person in ended:
        assert lengths[0][person] == pytest.approx(lengths[1][person], abs=1e-9)


def test_changing_one_day_leaves_the_arrivals_of_all_others():
    def arrivals(rate_of_day_5):
        rates = np.array([10.0, rate_of_day_5, 10.0])
        series = Timeline(np.array([0.0, 5.0, 6.0]), rates)
        network = Network(
            {"ward": {"stay": 1.0}},
            {"calls": {"to": "ward", "rate": 1.0, "series": series}},
            days=12.0,
            run=RunSettings(engine="event", members=1),
        )
        return run(network.model(), log=True).log

    few, many = arrivals(2.0).requested, arrivals(40.0).requested
    other_days = [np.sort(times[np.floor(times) != 5]) for times in (few, many)]
    np.testing.assert_array_equal(*other_days)
    assert np.count_nonzero(np.floor(few) == 5) < 10 < np.count_nonzero(np.floor(many) == 5)


def test_uncertain_inputs_reach_the_kernel():
    shape = {"shape": "uniform", "level": 1.0, "centre": 0.0, "spread_low": 0.0,
             "spread_high": 0.0, "least": 0.0, "most": np.inf}  # fmt: skip
    model = Network({"ward": {"stay": 4.0, "capacity": 100}},
                    {"calls": {"to": "ward", "rate": 50.0}}, days=200.0,
                    run=RunSettings(engine="event", members=30)).model()  # fmt: skip
    inputs = (
        UncertainInput("rate", nominal=50.0, low=10.0, high=90.0,
                       targets=(Target("arrival_rate", 0),), **shape),
        UncertainInput("stay", nominal=4.0, low=2.0, high=6.0, targets=(Target("stay", 0),),
                       **shape),
        UncertainInput("places", nominal=100.0, low=50.0, high=150.0,
                       targets=(Target("capacity", 0),), **shape),
    )  # fmt: skip
    output = run(replace(model, inputs=inputs))
    rate, stay, places = output.draws.T
    assert output.totals["arrivals"][:, 0, 0, 0] / 200 == pytest.approx(rate, rel=0.06)
    np.testing.assert_allclose(output.totals["capacity"][:, 0, 0], places)
    free = rate * stay < 0.8 * places
    inside = output.totals["occupied"][free, 0, 0, 0]
    assert free.sum() > 3
    assert inside == pytest.approx((rate * stay * (1 - stay / 200))[free], rel=0.12)


def test_growth_population_months_and_repeats():
    population = Timeline(np.array([0.0, 365.0]), np.array([1000.0, 2000.0]), kind="linear")
    month = (2.0, *(10.0 / 11.0,) * 11)
    year = Network(
        {"ward": {"stay": 0.1}},
        {"grown": {"to": "ward", "rate": 0.05, "population": population, "growth": 0.2,
                   "month": month}},
        days=365.0, run=RunSettings(engine="event", members=40, save_days=5)).model()  # fmt: skip
    counts = run(year).series["arrivals"][:, :, 0, 0]
    t = np.arange(0.0, 365.0, 0.01) + 0.005
    rate = 0.05 * (1000.0 + 1000.0 * t / 365.0) * 1.2 ** (t / 365.0)
    rate *= np.where(t < 31.0, 2.0, 10.0 / 11.0)
    expected = (rate * 0.01).reshape(73, -1).sum(axis=1)
    error = np.sqrt(expected / 40)
    assert np.abs((counts.mean(axis=0) - expected) / error).max() < 4.5


@st.composite
def small_models(draw) -> Model:
    """Networks of up to four settings with any of the rules."""
    n = draw(st.integers(1, 4))
    names = [f"s{k}" for k in range(n)]
    exits = ["home", "died", "elsewhere"]
    number = st.sampled_from([0.05, 0.3, 1.0, 4.0])
    stays = st.one_of(number, number.map(fixed), number.map(lambda m: from_mean_and_cv(
        "lognormal", m, 1.3)))  # fmt: skip
    hazards = st.dictionaries(st.sampled_from(names + exits), number, max_size=2)
    sources = st.lists(st.sampled_from([*names, "x", "y"]), min_size=1, max_size=3, unique=True)
    settings_of = {}
    for name in names:
        targets = draw(st.lists(st.sampled_from(names + exits), min_size=1, max_size=3,
                                unique=True))  # fmt: skip
        shares = np.array(draw(st.lists(st.integers(1, 5), min_size=len(targets) + 1,
                                        max_size=len(targets) + 1)), dtype=float)  # fmt: skip
        shares /= shares.sum()
        then = {"out": {"to": "home", "share": shares[-1]}}
        own_stay = draw(st.booleans())
        for target, share in zip(targets, shares, strict=False):
            then[target] = {
                "share": share,
                "steps": draw(st.lists(st.tuples(stays, st.sampled_from([0.5, 1.0])), max_size=2)),
                "transfer": draw(st.none() | stays),
                "wait_at_home": draw(st.booleans()),
                "while_delayed": draw(hazards),
                "pathway": draw(st.none() | st.integers(0, 3)),
            } | ({"stay": draw(stays)} if own_stay else {})
        settings_of[name] = {
            "capacity": draw(st.sampled_from([0.0, 1.0, 2.0, 5.0, np.inf])),
            "stay": draw(stays),
            "then": then,
            "room": draw(st.sampled_from([0.0, 1.0, 3.0, np.inf])),
            "overflow": draw(st.sampled_from([*names, "lost", "home"])),
            "leaving": draw(hazards),
            "priority": draw(st.lists(sources, max_size=1)),
            "calendar": draw(st.sampled_from([None, WEEKDAYS_8_TO_17])),
            "places": draw(st.sampled_from([
                PlacesPerPerson(),
                PlacesPerPerson("constant", (0.0,), (2.0,)),
                PlacesPerPerson("share_of_stay", (0.0, 0.4), (2.0, 1.0)),
                PlacesPerPerson("elapsed", (0.0, 0.5, 2.0), (1.5, 1.0, 0.5)),
            ])),
            "max_waits": draw(st.lists(st.fixed_dictionaries({
                "days": number, "to": st.sampled_from(names + exits),
                "same_day": st.booleans()}), max_size=1)),
            "reserved": draw(st.lists(st.fixed_dictionaries({
                "rule": st.sampled_from(["ring_fenced", "keep_free"]),
                "for": sources, "places": st.sampled_from([1.0, 2.0])}), max_size=2)),
            "planned_moves": draw(st.lists(st.tuples(
                st.sampled_from([3.0, 9.0]), st.integers(1, 4), st.sampled_from(names)),
                max_size=1)),
        }  # fmt: skip
    arrivals = {
        name: {"to": draw(st.sampled_from(names)), "rate": draw(st.sampled_from([0.5, 3.0])),
               "transfer": draw(st.none() | stays)}
        for name in ("x", "y")
    }  # fmt: skip
    network = Network(
        settings_of, arrivals, days=14.0,
        run=RunSettings(engine="event", members=2, seed=draw(st.integers(0, 99)),
                        deadlock=draw(st.sampled_from(["swap", "swap", "stop"]))))  # fmt: skip
    model = network.model()
    census = tuple(Census(k, 0, draw(st.integers(0, 4)), draw(st.sampled_from([(), (1.0,)])))
                   for k in range(n))  # fmt: skip
    queued = tuple(Queued(k, 0, draw(st.integers(0, 1)), draw(st.integers(0, 2)))
                   for k in range(n))  # fmt: skip
    return replace(model, census=census, queued=queued)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(small_models())
def test_any_small_model_passes_its_audit(model):
    output = run(model, log=True, threads=1)
    breaches = [check for check in output.checks if not check.passed]
    assert breaches == []
    for name, values in output.totals.items():
        assert np.all(values >= -1e-9), name
    inside = output.mean["occupied_at"]
    assert np.all(inside >= 0)
    log = output.log
    times = np.fmax.reduce([log.requested, log.started, log.ready, log.left])
    assert times.max(initial=0.0) <= model.days


def test_a_warm_up_has_the_mean_of_the_first_week_of_a_series():
    """Nobody comes on the first day, 700 on the second, and so on: 100 a day before the start."""
    series = Timeline(days=[0.0, 1.0, 2.0], values=[0.0, 700.0, 0.0])
    model = Network(
        {"ward": {"stay": 0.25}},
        {"door": {"to": "ward", "rate": 1.0, "series": series}},
        days=3.0,
        run=RunSettings(engine="event", warm_up_days=40.0),
        more={"steady_start": True},
    ).model()
    log = run(model, log=True, threads=1).log
    before = np.count_nonzero((log.requested > -40.0) & (log.requested < 0.0))
    assert abs(before - 4000) < 4 * np.sqrt(4000)
    assert not np.any((log.requested >= 0.0) & (log.requested < 1.0))
