"""The verdict on a warm-up, where the answer is known."""

import dataclasses

import numpy as np
import pytest

import caresim as cs
import made_up
from caresim.results.option import OptionResults
from caresim.results.steadiness import settlings, truncation, verdict


def autoregressive(n, memory, seed):
    random = np.random.default_rng(seed)
    values = np.empty(n)
    values[0] = random.normal() / np.sqrt(1 - memory**2)
    for k in range(1, n):
        values[k] = memory * values[k - 1] + random.normal()
    return values


@pytest.mark.parametrize("ramp", [100, 200])
def test_the_end_of_a_ramp_is_found(ramp):
    """A ramp from 0 to 50 before an AR(1) about 50: cut within a fifth of the ramp's length."""
    cuts = []
    for seed in range(20):
        level = np.minimum(np.arange(1000) / ramp, 1.0) * 50.0
        cuts.append(truncation(level + autoregressive(1000, 0.5, seed)))
    assert None not in cuts
    assert 0.8 * ramp <= np.median(cuts) <= 1.2 * ramp


def test_a_course_that_is_steady_from_the_start_is_mostly_left_whole():
    cuts = [truncation(100.0 + autoregressive(1000, 0.5, seed)) for seed in range(40)]
    assert np.mean([cut is not None and cut <= 100 for cut in cuts]) >= 0.75


def test_a_course_that_rises_to_the_end_has_no_cut():
    assert truncation(np.arange(500.0)) is None


def option_with(levels, *, members=4, seed=1, at_start=0.0):
    """Results of a run in which people in the first setting follow given levels, with noise."""
    made = made_up.model(settings=made_up.SETTINGS[:1], days=7.0 * len(levels))
    output = made_up.output(made, members=members)
    noise = np.random.default_rng(seed).normal(size=(members, len(levels), 1, 2))
    series = np.asarray(levels, dtype=float).reshape(1, -1, 1, 1) / 2 + noise
    nobody = np.zeros_like(series)
    output = made_up.changed(output, "series", occupied=series, delayed=nobody, waiting=nobody)
    start = np.full_like(output.mean["occupied_at"], at_start)
    output = made_up.changed(
        output, "mean", occupied=series.mean(axis=0), delayed=nobody[0], waiting=nobody[0],
        occupied_at=start,
    )  # fmt: skip
    return OptionResults.from_output(output)


def test_a_run_that_fills_is_told_from_which_day_it_is_steady():
    option = option_with(np.minimum(np.arange(200) / 50, 1.0) * 100)
    (found,) = settlings(option)
    assert found.stock == "occupied"
    assert 250 <= found.from_day <= 420
    assert found.rest == pytest.approx(100, abs=2)
    assert "steady from day" in verdict(option)
    assert "starts empty" in verdict(option)


def test_a_run_still_filling_is_told_so():
    text = verdict(option_with(np.arange(200.0)))
    assert "still changing at the end" in text
    assert "still filling" in text


def test_growth_from_a_census_is_no_fault():
    text = verdict(option_with(100 + np.arange(200.0), at_start=50.0))
    assert "still changing" in text
    assert "filling" not in text
    assert "as it should be" in text


def test_a_steady_run_is_told_so():
    assert "steady from the start" in verdict(option_with(np.full(200, 100.0), at_start=50.0))


def test_too_few_periods_say_nothing():
    assert "not looked at" in verdict(option_with(np.full(8, 100.0)))


def test_a_single_member_has_no_chance_to_compare():
    option = option_with(np.minimum(np.arange(200) / 50, 1.0) * 100, members=1)
    assert settlings(option)[0].from_day > 0.0


QUEUE = """
caresim: 1
duration: 6 years
settings:
  clinic: {capacity: 1, stay: 10 days}
arrivals:
  people: {to: clinic, rate: 0.09 per day}
run: {engine: event, members: 200}
"""


def test_a_queue_from_empty_fills_within_a_few_relaxation_times(tmp_path):
    """M/M/1 with load 0.9, whose relaxation time is 10 / (1 - sqrt(0.9))^2 = 3,800 days.

    Abate and Whitt, Transient behavior of the M/M/1 queue (1987): the mean from empty is within a
    few percent of its limit after one to two relaxation times, which this run is shorter than.
    """
    (path := tmp_path / "queue.yaml").write_text(QUEUE)
    short = cs.run(cs.load(path))["do_nothing"]
    waiting = {found.stock: found for found in settlings(short)}["waiting"]
    assert waiting.from_day is None or waiting.from_day > 365.0
    quick = cs.run(cs.load(path, [("arrivals.people.rate", "0.06 per day")]))["do_nothing"]
    # With load 0.6 the relaxation time is 197 days.
    people = {found.stock: found for found in settlings(quick)}["occupied"]
    assert people.from_day is not None
    assert people.from_day < 600.0
    assert dataclasses.asdict(people)["setting"] == "clinic"
