"""Intervals of a fit hold the truth as often as they say, on places whose truth is known.

Truths are drawn from the priors, figures from the flow engine at the truth, and their differences
from the drifts, seasons and noises that the fit supposes (S. Talts and others, Validating Bayesian
inference algorithms with simulation-based calibration, arXiv:1804.06788), or from others. With 100
problems of 4 inputs, the share of 90% intervals that hold is known within about 3 points, of 50%
within 5 (two standard errors if inputs of a problem erred alone).
"""

import numpy as np
import pytest
from small_place import PLACE, months

import caresim as cs
from caresim.calibration.discrepancy import settings
from caresim.calibration.emulate import fit_event
from caresim.calibration.fit import fit
from caresim.calibration.forecast import foretell, score
from caresim.calibration.series import series_of, span_of
from caresim.calibration.simulate import Simulator
from caresim.calibration.target import Target
from caresim.calibration.unknowns import Unknowns

PROBLEMS = 100

UNCERTAIN = (
    PLACE.replace("mean: 6 days", "mean: {low: 5 days, high: 8 days}")
    .replace("share: 20%", "share: {low: 12%, high: 28%}")
    .replace("arrangement: 5 days", "arrangement: {low: 3 days, high: 8 days, shape: lognormal}")
    .replace("rate: 30 per day", "rate: {low: 24 per day, high: 36 per day}, growth: 2% per year")
)
MEASURES = ("occupied.acute", "delayed.acute", "occupied.home_care")


def problem_of(place, values):
    """Return the series of 24 months with the last 6 held out."""
    model = place.model()
    block = {"hold_out_from": "2023-07-01"}
    span = span_of(block, model.start_date, model.days)
    return [
        series_of(
            measure,
            {
                "measure": measure,
                "period": "month",
                "values": {
                    day.isoformat(): float(value)
                    for day, value in zip(months(model.start_date, 24), column, strict=True)
                },
            },
            model.start_date,
            model.days,
            span,
        )
        for measure, column in zip(MEASURES, values, strict=True)
    ]


def off_as_supposed(chance, days, size):
    grid = settings(None)
    weights = np.array([one.weight for one in grid])
    one = grid[chance.choice(len(grid), p=weights / weights.sum())]
    covariance = one.covariance(days, days) + one.noise**2 * np.eye(days.size)
    return chance.multivariate_normal(np.zeros(days.size), covariance, method="cholesky")[:size]


def off_otherwise(chance, days, size):
    """Noise of 3% that follows the month before, and a step of 5% half-way."""
    found = np.zeros(days.size)
    for n in range(1, days.size):
        found[n] = 0.6 * found[n - 1] + chance.normal(0, 0.03)
    return found + np.where(np.arange(days.size) > 9, 0.05 * chance.normal(), 0.0)


def coverage(tmp_path, off, problems, engine="flow", members=60):
    """Return shares of truths inside 50% and 90% intervals, of inputs and of held-out figures."""
    path = tmp_path / "place.yaml"
    path.write_text(UNCERTAIN, encoding="utf-8")
    place = cs.load(path)
    unknowns = Unknowns(place.model(), tuple(one.path for one in place.model().inputs))
    blank = problem_of(place, np.full((3, 24), 100.0))
    true = Simulator(unknowns, blank, engine, seed=10**6)
    chance = np.random.default_rng(77)
    truths = chance.standard_normal((problems, len(unknowns)))
    inside, ranks, foretold = [], [], []
    for number, truth in enumerate(truths):
        figures = [column[0] for column in true(truth[None])]
        days = blank[0].middle
        observed = [f * np.exp(off(chance, days, f.size)) for f in figures]
        series = problem_of(place, observed)
        simulate = Simulator(unknowns, series, seed=number)
        if engine == "flow":
            found = fit(simulate, Target.of(series), len(unknowns), draws=500, seed=number)
        else:
            people = Simulator(unknowns, series, "event", seed=number)
            found = fit_event(
                people, simulate, series, len(unknowns), members=members, draws=500, seed=number
            )
        below = (found.z < truth).mean(axis=0)
        ranks.append(below)
        inside.append([abs(below - 0.5) < 0.25, abs(below - 0.5) < 0.45])
        foretold.append([score(one).covered for one in foretell(found, number)])
    inputs = np.mean(inside, axis=(0, 2))
    figures = np.mean(foretold, axis=(0, 1))
    print(f"\ninputs {inputs.round(3)}, figures {figures.round(3)}, ranks {np.mean(ranks):.3f}")
    return inputs, figures


@pytest.mark.slow
def test_intervals_hold_as_often_as_they_say(tmp_path):
    inputs, figures = coverage(tmp_path, off_as_supposed, PROBLEMS)
    assert 0.43 < inputs[0] < 0.57
    assert 0.85 < inputs[1] < 0.95
    assert 0.42 < figures[0] < 0.58
    assert 0.84 < figures[1] < 0.95


@pytest.mark.slow
def test_intervals_hold_where_figures_are_off_in_another_way(tmp_path):
    inputs, figures = coverage(tmp_path, off_otherwise, PROBLEMS)
    assert 0.43 < inputs[0] < 0.75
    assert 0.85 < inputs[1] <= 1.0
    assert 0.40 < figures[0] < 0.75
    assert 0.82 < figures[1] <= 1.0


@pytest.mark.slow
def test_intervals_of_the_event_engine_hold(tmp_path):
    inputs, figures = coverage(tmp_path, off_as_supposed, 10, engine="event", members=40)
    # 40 intervals: two standard errors are 16 and 10 points.
    assert 0.34 < inputs[0] < 0.70
    assert 0.80 < inputs[1] <= 1.0
    assert 0.78 < figures[1] <= 1.0
