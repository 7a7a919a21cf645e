"""The parts of a fit, each against what is known of it."""

import datetime

import numpy as np
import pytest
from scipy import stats

import caresim as cs
from caresim.calibration.discrepancy import Discrepancy, Setting, settings
from caresim.calibration.fit import Fit, fit, smoothed
from caresim.calibration.forecast import Foretold, crps, naive, score
from caresim.calibration.identify import learnt, warnings
from caresim.calibration.proposal import Proposal, log_mixture
from caresim.calibration.series import series_of, span_of
from caresim.calibration.target import Target
from caresim.calibration.unknowns import Unknowns
from caresim.places.observation import OBSERVATIONS
from caresim.scenario.calibration import OBSERVATIONS as NAMED

START = datetime.date(2024, 1, 1)


def laid(values, period="month", **more):
    spec = {"measure": "occupied.acute", "values": values, "period": period, **more}
    return series_of("beds", spec, START, 366.0, span_of({}, START, 366.0))


def test_the_language_knows_every_observation():
    assert set(NAMED) == set(OBSERVATIONS)


def test_sums_over_a_month_are_divided_by_its_days():
    series = laid({"2024-02-01": 290.0, "2024-04-01": 300.0}, counted="per_period")
    assert series.values.tolist() == [10.0, 10.0]
    assert series.first.tolist() == [31.0, 91.0]
    assert (series.last - series.first).tolist() == [29.0, 30.0]


def test_figures_outside_the_run_are_left_out():
    series = laid({"2023-12-01": 5.0, "2024-01-01": 6.0, "2024-12-01": 7.0, "2025-01-01": 8.0})
    assert series.values.tolist() == [6.0, 7.0]
    assert series.left_out == 2


def test_daily_figures_are_averaged_by_week_and_short_weeks_left_out():
    days = [START + datetime.timedelta(days=n) for n in range(80)]
    values = {day.isoformat(): float(day.weekday()) for day in days}
    for n in (7, 8, 9, 10):
        del values[days[n].isoformat()]
    series = laid(values, "day")
    assert series.period == "week"
    assert series.first.tolist() == [0.0, *(7.0 * n for n in range(2, 11))]
    assert np.allclose(series.values, 3.0)


def test_span_and_hold_out():
    block = {"fit_from": "2024-02-01", "hold_out_from": "2024-05-01"}
    span = span_of(block, START, 366.0)
    values = {f"2024-{m:02}-01": 1.0 * m for m in range(1, 8)}
    spec = {"measure": "occupied.acute", "values": values, "period": "month"}
    series = series_of("beds", spec, START, 366.0, span)
    assert series.values[series.fitted].tolist() == [2.0, 3.0, 4.0]
    assert series.values[series.held].tolist() == [5.0, 6.0, 7.0]
    assert series.left_out == 1


def test_small_numbers_are_compared_by_difference():
    assert laid({"2024-02-01": 0.0, "2024-03-01": 4.0}).by_ratio is False
    series = laid({"2024-02-01": 3.0, "2024-03-01": 4.0})
    assert series.by_ratio
    assert np.allclose(series.back(series.transformed(series.values)), series.values)


def test_the_likelihood_is_that_of_the_normal_distribution():
    days = np.array([0.0, 30.0, 60.0, 91.0])
    one = Setting(0.1, 45.0, 0.05, 0.02)
    found = Discrepancy(days, np.ones(4, dtype=bool), known=(one,))
    covariance = one.covariance(days, days) + 0.02**2 * np.eye(4)
    difference = np.array([[0.1, -0.05, 0.0, 0.2]])
    exact = stats.multivariate_normal(np.zeros(4), covariance).logpdf(difference[0])
    constant = 2.0 * np.log(2 * np.pi)
    assert found.log_likelihood(difference)[0] == pytest.approx(exact + constant, rel=1e-9)
    assert found.precision(difference[0]) == pytest.approx(np.linalg.inv(covariance), rel=1e-6)


def test_a_stated_error_takes_the_place_of_the_grid():
    assert {one.noise for one in settings(0.03)} == {0.03}
    assert len({one.noise for one in settings(None)}) > 4


def test_what_is_foretold_of_a_drift_is_its_conditional_distribution():
    days, fitted = np.array([0.0, 30.0, 60.0]), np.array([True, True, False])
    one = Setting(0.1, 180.0, 0.0, 0.02)
    found = Discrepancy(days, fitted, known=(one,))
    differences = np.tile([0.2, 0.1], (40_000, 1))
    normals = np.random.default_rng(1).standard_normal((40_000, 1))
    drawn = found.foretold(differences, np.zeros(40_000, dtype=np.int64), normals)[:, 0]
    whole = one.covariance(days, days) + 0.02**2 * np.eye(3)
    gain = whole[2, :2] @ np.linalg.inv(whole[:2, :2])
    assert drawn.mean() == pytest.approx(gain @ [0.2, 0.1], abs=0.002)
    assert drawn.std() == pytest.approx(np.sqrt(whole[2, 2] - gain @ whole[:2, 2]), rel=0.02)


def test_a_mixture_integrates_to_one():
    one = Proposal.about(np.array([1.0]), np.array([[0.25]]), np.array([[0.0], [2.0]]))
    grid = np.linspace(-12, 12, 20_001)[:, None]
    density = np.exp(log_mixture(grid, [one], [1])) / np.sqrt(2 * np.pi)
    assert np.trapezoid(density, grid[:, 0]) == pytest.approx(1.0, rel=1e-6)


def test_even_weights_stay_as_they_are_and_uneven_ones_are_found_out():
    log_weights, shape = smoothed(np.zeros(500))
    assert np.all(log_weights == 0)
    assert shape < 0.1
    heavy = -np.log(np.random.default_rng(2).uniform(size=2000))
    assert smoothed(1.5 * heavy)[1] > 0.9
    assert smoothed(0.3 * heavy)[1] < 0.6


def test_a_linear_model_has_the_posterior_that_theory_gives():
    values = {f"2024-{m:02}-01": 100.0 for m in range(1, 13)}
    series = laid(values)
    one = Setting(0.0, 45.0, 0.0, 0.05)
    target = Target((series,), (Discrepancy(series.middle, series.fitted, known=(one,)),))

    def simulate(z):
        # By ratio: the logarithm is 0.1 z0 + 0.1 z1 + 0.05.
        level = 100.0 * np.exp(0.1 * z[:, :1] + 0.1 * z[:, 1:2] + 0.05)
        return [np.repeat(level, 12, axis=1)]

    found = fit(simulate, target, 2, draws=4000, seed=3)
    precision = np.eye(2) + 12 * (0.1 / 0.05) ** 2 * np.ones((2, 2))
    covariance = np.linalg.inv(precision)
    mean = covariance @ (np.ones(2) * 12 * 0.1 * -0.05 / 0.05**2)
    assert found.z.mean(axis=0) == pytest.approx(mean, abs=0.06)
    assert np.cov(found.z.T) == pytest.approx(covariance, abs=0.06)
    assert found.pareto < 0.7


def test_the_score_is_known_for_a_normal_distribution():
    draws = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    exact = 2 * stats.norm.pdf(0) - 1 / np.sqrt(np.pi)
    assert crps(draws, np.zeros(1))[0] == pytest.approx(exact, rel=1e-3)
    assert crps(np.full((10, 1), 3.0), np.array([5.0]))[0] == pytest.approx(2.0)


def test_naive_forecasts_and_scores():
    values = {f"{2022 + (m // 12)}-{m % 12 + 1:02}-01": float(m) for m in range(36)}
    start = datetime.date(2022, 1, 1)
    spec = {"measure": "x", "values": values, "period": "month"}
    span = span_of({"hold_out_from": "2024-01-01"}, start, 1096.0)
    series = series_of("x", spec, start, 1096.0, span)
    last, year = naive(series)
    assert last.tolist() == [23.0] * 12
    assert year.tolist() == [float(m) for m in range(12, 24)]
    draws = np.tile(series.values[series.held], (100, 1)) + np.linspace(-1, 1, 100)[:, None]
    found = score(Foretold(series, np.zeros((5, 36)), np.zeros((5, 36)), draws))
    assert found.covered == (1.0, 1.0)
    assert found.error == pytest.approx(0.0, abs=0.02)
    assert (found.last_value, found.last_year) == (6.5, 12.0)
    assert score(Foretold(series, draws[:5], draws[:5], draws + 5)).covered == (0.0, 0.0)


def test_inputs_with_one_draw_move_together(place):
    place.write_text(
        place.read_text().replace("arrangement: 5 days", "arrangement: {low: 4 days, high: 6 days, "
                                  "draw: pace}, transfer: {low: 1 day, high: 2 days, draw: pace}"),
    )  # fmt: skip
    model = cs.load(place).model()
    unknowns = Unknowns(model, ("pace",))
    drawn = unknowns.draws(np.array([[0.0], [1.2815515655]]))
    assert np.allclose(drawn, [[1.5, 5.0], [2.0, 6.0]]) or np.allclose(drawn, [[5, 1.5], [6, 2]])


def test_what_was_learnt_is_said_in_words():
    series = laid({f"2024-{m:02}-01": 100.0 for m in range(1, 13)})
    target = Target((series,), (Discrepancy(series.middle, series.fitted, 0.05),))
    chance = np.random.default_rng(1).standard_normal((2000, 4))
    together = np.stack([chance[:, 0], -chance[:, 0]], axis=1) + 0.05 * chance[:, 1:3]
    z = np.column_stack([0.1 * chance[:, 3] + 2.0, 0.7 * together, chance[:, 1]])
    slopes = np.tile([0.1, 0.1, 0.1, 0.0], (12, 1))
    found = Fit(z, [np.full((2000, 12), 100.0)], target, z[0], [slopes], 500.0, 0.1, 1000)
    names = ("pulled", "one", "other", "silent")
    known = learnt(found, names)
    assert known[0].narrowed == pytest.approx(0.9, abs=0.01)
    said = warnings(found, names, known)
    assert len(said) == 3
    assert said[0].startswith("The figures pull pulled above")
    assert said[1].startswith("The figures say nothing of silent")
    assert "higher one with lower other" in said[2] or "higher other with lower one" in said[2]
    high = Fit(z, [np.full((2000, 12), 70.0)], target, z[0], [slopes], 500.0, 0.1, 1000)
    assert "off by 30%" in warnings(high, names, known)[-1]
