"""Intervals of the mean, the members that a precision takes, and the tables that tell of them."""

import functools
import math

import numpy as np
import pytest

import caresim as cs
import made_up
from caresim.results.confidence import (
    LONGEST_MEMORY,
    batch_interval,
    intervals,
    members_needed,
    student,
)
from caresim.results.option import OptionResults
from caresim.results.precision import precision_table, precisions


def test_the_interval_of_a_mean_by_hand():
    """Members 1 to 5, not skewed: s = sqrt(2.5), t(4) = 2.776, half-width 2.776 sqrt(0.5)."""
    low, high = intervals(np.array([[1.0, 2, 3, 4, 5]]))
    assert low[0] == pytest.approx(3 - 1.963, abs=1e-3)
    assert high[0] == pytest.approx(3 + 1.963, abs=1e-3)
    assert math.isnan(intervals(np.array([[1.0, 2.0]]))[0][0])
    assert intervals(np.full((1, 5), 7.0)) == (7.0, 7.0)


def test_the_interval_of_a_skewed_sample_reaches_further_to_the_long_tail():
    low, high = intervals(np.array([[1.0, 1, 1, 1, 1, 1, 1, 1, 1, 11]]))
    assert high[0] - 2.0 > 2.0 - low[0]


@pytest.mark.parametrize("precision", [0.2, 0.05, 0.01])
def test_the_number_of_members_is_the_least_that_is_enough(precision):
    mean, spread, members = 50.0, 20.0, 12
    half = student(members - 1) * spread / math.sqrt(members)
    n = members_needed(mean, half, members, precision)

    def relative(count):
        return student(count - 1) * spread / math.sqrt(count) / mean

    assert relative(n) <= precision < relative(n - 1)


def test_nothing_is_promised_of_what_is_not_known():
    assert members_needed(0.0, 1.0, 10, 0.05) is None
    assert members_needed(1.0, math.nan, 1, 0.05) is None
    assert members_needed(1e-9, 1.0, 10, 0.001) is None


def covered(values, members, truth):
    """Share of intervals, of so many members each, that cover the truth."""
    rows = values[: values.size // members * members].reshape(-1, members)
    low, high = intervals(rows)
    return float(((low <= truth) & (truth <= high)).mean())


def test_intervals_of_normal_figures_cover_as_often_as_they_say():
    values = np.random.default_rng(3).normal(10.0, 2.0, 40_000)
    assert covered(values, 10, 10.0) == pytest.approx(0.95, abs=0.01)
    # The test of coverage can fail: against a mean a standard error off, they cover less often.
    assert covered(values, 10, 10.0 + 2.0 / math.sqrt(10)) < 0.9


@pytest.mark.parametrize("members", [10, 30])
def test_intervals_of_skewed_figures_cover(members):
    """Exponential figures, of skewness 2; Student's own interval of 10 covers 90%."""
    values = np.random.default_rng(4).exponential(1.0, members * 8000)
    assert 0.93 <= covered(values, members, 1.0) <= 0.97


def autoregressive(n, memory, random):
    values = random.normal(size=n)
    for k in range(1, n):
        values[k] += memory * values[k - 1]
    return values


def test_batches_of_a_long_course_cover_and_a_short_one_is_called_too_short():
    random = np.random.default_rng(5)
    spans = np.ones(2000)
    long = [batch_interval(autoregressive(2000, 0.8, random), spans) for _ in range(300)]
    assert 0.92 <= np.mean([abs(mean) <= half for mean, half, _ in long]) <= 0.98
    # Batches of 10 that remember 100.
    short = [batch_interval(autoregressive(200, 0.99, random), spans[:200]) for _ in range(100)]
    assert np.mean([abs(mean) <= half for mean, half, _ in short]) < 0.8
    assert np.mean([memory > LONGEST_MEMORY for _, _, memory in short]) > 0.9
    assert math.isnan(batch_interval(np.ones(19), np.ones(19))[1])


def test_the_table_tells_the_interval_of_the_mean_from_the_range_of_futures():
    option = OptionResults.from_output(made_up.output(members=12, engine="event"))
    text = precision_table(option, 0.05)
    for phrase in ("95% interval", "9 of 10 futures", "members for", "±5.0%", "delayed"):
        assert phrase in text
    found = {one.indicator: one for one in precisions(option, 0.05)}["delayed"]
    assert found.mean_high - found.mean_low < found.high - found.low
    assert found.needed >= 2


def test_few_members_are_called_few():
    option = OptionResults.from_output(made_up.output(members=3, engine="event"))
    assert "too few to know their own spread" in precision_table(option, 0.05)


def test_one_member_is_told_of_by_its_batches():
    option = OptionResults.from_output(made_up.output(members=1, engine="event"))
    text = precision_table(option, 0.05)
    assert "20 batches" in text
    flow = OptionResults.from_output(made_up.output(members=1, engine="flow"))
    assert "not left to chance" in precision_table(flow, 0.05)


THEORY = {
    # Mean number waiting: 0.8^2 / 0.2 in closed form, and by the exact Markov chain of T4.
    "mm1": ("scenarios/theory/mm1.yaml", 3.2),
    "c1_t4": ("scenarios/theory/c1_t4.yaml", 1.008840234),
}


def covered_of_many(values, members, truth):
    """Share of 20,000 intervals that cover, each of members drawn from a pool of thousands.

    It estimates the same as intervals of members that no two share, with a standard error of 0.2%
    where 600 of those have 0.9%.
    """
    drawn = np.random.default_rng(1).choice(values, 20_000 * members)
    return covered(drawn, members, truth)


@pytest.mark.slow
@pytest.mark.parametrize("case", THEORY)
@pytest.mark.parametrize("members", [10, 20])
def test_intervals_of_long_members_cover_the_exact_answer(case, members, request):
    """Over 60 years, in which the waits of T4 still have a skewness of 2: 93% to 97% cover."""
    path, truth = THEORY[case]
    waiting = waits_of(request.config.rootpath / path, "60 years")
    assert 0.93 <= covered_of_many(waiting, members, truth) <= 0.97


@pytest.mark.slow
def test_intervals_of_short_members_that_mix_slowly_cover_too_seldom(request):
    """Where the docstring warns: T4 over one year, whose waits few members have at all."""
    path, truth = THEORY["c1_t4"]
    assert covered_of_many(waits_of(request.config.rootpath / path, "1 year"), 10, truth) < 0.93


@functools.cache
def waits_of(path, duration):
    """Mean number waiting in each of 6,000 members."""
    overrides = [("duration", duration), ("run.members", "6000"), ("run.save_every", "365 days")]
    return cs.run(cs.load(path, overrides), seed=7)["do_nothing"].totals["waiting"][:, 0, 0, 0]
