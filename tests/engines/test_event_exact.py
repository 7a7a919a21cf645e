"""The event engine against exact answers, with standard errors between members."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from event_cases import CASES, LOGNORMAL_15, average, measure, periods_after, weekly_census
from event_models import WEEKDAYS_8_TO_17, Network

from caresim.engines.event.run import run
from caresim.model import Census, RunSettings
from caresim.stays import (
    Stay,
    empirical,
    erlang,
    exponential,
    fixed,
    from_mean_and_cv,
    gamma,
    hyperexponential,
    phase_type,
)

ACUTE = from_mean_and_cv("lognormal", 5.5, 1.2)
DAYS = [1, 5, 10, 30, 90]


def agrees(values, expected, *, errors=4.0):
    """Whether the mean over members is within so many standard errors of the exact figure."""
    error = values.std(axis=0, ddof=1) / np.sqrt(values.shape[0])
    return bool(np.all(np.abs(values.mean(axis=0) - expected) <= errors * error + 1e-12))


@pytest.mark.parametrize("name", CASES)
def test_long_run_means(name):
    case = CASES[name]
    output = measure(case, members=60, seed=3)
    figures = case.figures(output, periods_after(output, case.warm_up))
    for figure, expected in case.expected.items():
        assert agrees(figures[figure], expected), figure
    assert all(check.passed for check in output.checks)


def test_the_comparison_can_fail():
    case = CASES["erlang_b_exponential"]
    output = measure(case, members=60, seed=3)
    figures = case.figures(output, periods_after(output, case.warm_up))
    assert not agrees(figures["P_loss"], 1.1 * case.expected["P_loss"])


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_long_run_means_to_half_a_percent(name):
    case = CASES[name]
    members = 2000 if name != "saturated_pair" else 600
    output = measure(case, members=members, seed=17, days=4 * case.days)
    figures = case.figures(output, periods_after(output, case.warm_up))
    for figure, expected in case.expected.items():
        values = figures[figure]
        error = values.std(ddof=1) / np.sqrt(values.size)
        assert abs(values.mean() - expected) < 4 * error, figure
        assert error < max(0.005 * expected, 0.002), figure


def test_cobham_priority_classes():
    expected = [0.325, 0.975, 3.9]
    names = ["one", "two", "three"]
    rates = {"one": 0.2, "two": 0.3, "three": 0.3}
    # A cohort for each class, so that their waits are told apart.
    model = Network(
        {"ward": {"capacity": 1, "stay": LOGNORMAL_15, "priority": [["one"], ["two"], ["three"]]}},
        {n: {"to": "ward", "rate": rates[n], "cohort": k} for k, n in enumerate(names)},
        cohorts=names,
        days=6000.0,
        run=RunSettings(engine="event", members=60, save_days=10),
    ).model()
    output = run(model)
    kept = periods_after(output, 400.0)
    for cohort, value in enumerate(expected):
        assert agrees(average(output, "waiting", kept, 0, cohort), value)


def from_start(census, members=60, **more):
    network = Network(
        {"ward": {"stay": ACUTE}},
        {"calls": {"to": "ward", "rate": 150.0}},
        days=90.0,
        run=RunSettings(engine="event", members=members, save_days=1, **more),
    )
    return run(replace(network.model(), census=census)).series["occupied_at"][:, DAYS, 0, 0]


def test_census_from_empty():
    exact = [145.69819368889705, 500.1025208307212, 666.982846059118, 800.9081413011102,
             823.7383107831819]  # fmt: skip
    values = from_start(())
    assert agrees(values, exact)
    # It is Poisson at every time.
    ratio = values.var(axis=0, ddof=1) / values.mean(axis=0)
    assert np.all(np.abs(ratio - 1.0) < 5 * np.sqrt(2 / values.shape[0]))


def test_census_found_in_equilibrium_stays_there():
    assert agrees(from_start((Census(0, 0, 825.0),)), [825.0] * 5)


def test_census_of_new_people_makes_a_bump():
    exact = [895.3735183965862, 793.1443843762538, 777.9711336061287, 810.5202370862846,
             823.9857623397157]  # fmt: skip
    assert agrees(from_start((Census(0, 0, 825.0, (0.0,)),)), exact)


def test_residual_stays_given_how_long_people_have_been_there():
    for elapsed, expected in ((0.5, 5.101408), (5.0, 6.097887), (20.0, 10.962355)):
        model = Network(
            {"ward": {"stay": ACUTE}},
            days=400.0,
            run=RunSettings(engine="event", members=2, save_days=100),
        ).model()
        output = run(replace(model, census=(Census(0, 0, 20_000.0, (elapsed,)),)), log=True)
        assert output.log is not None
        assert agrees(output.log.left[~output.log.censored], expected)


@pytest.mark.parametrize(
    "stay",
    [
        exponential(3.0),
        erlang(3.0, 4),
        gamma(3.0, 0.6),
        hyperexponential((0.7, 0.3), (1.0, 9.0)),
        phase_type((0.6, 0.4), ((-1.0, 0.6), (0.1, -0.4))),
        empirical((0.0, 1.0, 2.0, 2.0, 9.0)),
        fixed(3.0),
        from_mean_and_cv("lognormal", 30.0, 1.0).limited(42.0),
    ],
    ids=lambda stay: stay.family,
)
def test_every_family_is_drawn_as_declared_and_in_equilibrium(stay: Stay):
    model = Network(
        {"ward": {"stay": stay}},
        days=2000.0,
        run=RunSettings(engine="event", members=2, save_days=500),
    ).model()
    # Inverting the survival of phases takes long.
    n = 20_000.0 if stay.family != "phase_type" else 2_000.0
    new = run(replace(model, census=(Census(0, 0, n, (0.0,)),)), log=True).log
    # A census of new people has whole stays; those of the kernel come to people who arrive.
    assert agrees(new.left, stay.mean())
    found = run(replace(model, census=(Census(0, 0, n),)), log=True).log
    assert agrees(found.left, (stay.sd() ** 2 + stay.mean() ** 2) / (2 * stay.mean()))
    assert agrees(-found.started, (stay.sd() ** 2 + stay.mean() ** 2) / (2 * stay.mean()))
    arrivals = Network(
        {"ward": {"stay": stay}},
        {"calls": {"to": "ward", "rate": 400.0}},
        days=100.0,
        run=RunSettings(engine="event", members=2, save_days=50),
    )
    log = run(arrivals.model(), log=True).log
    early = log.started < 20.0
    drawn = (log.left - log.started)[early & ~log.censored]
    if stay.mean() < 10.0:
        assert agrees(drawn, stay.mean())
        assert drawn.std() == pytest.approx(stay.sd(), rel=0.1, abs=1e-9)
    inside = run(arrivals.model()).series["occupied_at"][:, 1, 0, 0]
    expected = 400.0 * float(stay.integrated_survival(50.0))
    assert np.abs(inside - expected).max() < 5 * np.sqrt(expected)


@pytest.mark.parametrize(
    ("stay", "exact"),
    [
        (exponential(5.5), [792.8947682643214, 810.0671708671963, 838.4842983812744,
                            856.7474741846933, 851.104154396585, 825.80387392014,
                            799.8982599857899]),
        (ACUTE, [788.8432471599027, 808.7216036074417, 840.8579245573491, 861.052904872863,
                 854.0993124738771, 825.2333442642631, 796.1916630643034]),
    ],
)  # fmt: skip
def test_weekly_rise_and_fall_of_arrivals(stay, exact):
    network = weekly_census(0.2, stay)
    network.days = 420.0
    network.run = RunSettings(engine="event", members=12, save_days=1)
    output = run(network.model())
    weeks = output.series["occupied_at"][:, 210:420, 0, 0].reshape(12, 30, 7).mean(axis=1)
    assert agrees(weeks, exact, errors=5.0)


def test_doors_open_weekdays_from_8_to_17():
    """Mean wait for the doors to open of requests uniform over the week: 14.49 hours."""
    model = Network(
        {"clinic": {"stay": fixed(0.01), "calendar": WEEKDAYS_8_TO_17}},
        {"calls": {"to": "clinic", "rate": 20.0}},
        days=364.0,
        run=RunSettings(engine="event", members=40),
    ).model()
    output = run(model)
    waits = output.totals["waiting"][:, 0, 0, 0] * 364 / output.totals["arrivals"][:, 0, 0, 0]
    assert agrees(24 * waits, 14.4940, errors=4.0)


def test_time_to_deadlock():
    exact = 1.6220293209876544
    again = {"to": "node", "share": 0.5, "wait_at_home": True}
    model = Network(
        {
            "node": {
                "capacity": 1,
                "room": 3.0,
                "stay": 0.2,
                "then": {"again": again, "home": 0.5},
            }
        },
        {"calls": {"to": "node", "rate": 6.0}},
        days=60.0,
        run=RunSettings(engine="event", members=3000, deadlock="stop"),
    ).model()
    days = run(model, series=0).deadlock_days
    assert not np.isnan(days).any()
    assert agrees(days, exact)


def test_a_steady_start_is_steady():
    network = Network(
        {
            "acute": {"capacity": 300, "stay": ACUTE, "then": {"unit": 0.3, "home": 0.7}},
            "unit": {"stay": 20.0},
        },
        {"calls": {"to": "acute", "rate": 40.0}},
        days=60.0,
        run=RunSettings(engine="event", members=100, warm_up_days=10.0),
        more={"steady_start": True},
    )
    output = run(network.model())
    inside = output.series["occupied_at"]
    assert agrees(inside[:, 0, 0, 0], 220.0)
    assert agrees(inside[:, 0, 1, 0], 240.0)
    assert agrees(inside[:, -1, 1, 0], 240.0)
    assert all(check.passed for check in output.checks)
