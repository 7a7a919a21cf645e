"""Sweeps, waterfalls, onsets, courses and figures as text."""

import math
import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_runs import made_option

from caresim.comparison.courses import courses, months, saved_periods
from caresim.comparison.differences import Difference
from caresim.comparison.entries import ComparisonError
from caresim.comparison.figures import scale_of, signed
from caresim.comparison.onset import first_for_good, onsets
from caresim.comparison.sweep import MOST, Sweep, made_options, read_sweep
from caresim.comparison.waterfall import waterfall_of
from caresim.engines.output import Window
from caresim.results.indicators import by_member
from caresim.results.option import OptionResults

FIGURES = st.floats(-1e6, 1e6, allow_subnormal=False)
ANY = st.floats(-1e300, 1e300)


def differences(values):
    return [
        (f"part {n}", Difference("o", "delayed", "people", "lower", *[value] * 11, "lower"))
        for n, value in enumerate(values)
    ]


@given(ANY | FIGURES, st.lists(ANY | FIGURES, min_size=1, max_size=6), st.randoms())
@example(710727.0, [-337849.1932491738], random.Random(1))
@example(1e-300, [5e-324, 1e300, -1e300], random.Random(1))
def test_the_parts_of_a_waterfall_sum_to_the_whole_to_the_last_bit(total, parts, order):
    found = waterfall_of("o", "delayed", "people", differences(parts), total)
    sizes = [part.difference for _, part in found.parts]
    moved = [abs(a - b) for a, b in zip([found.total, *sizes], [total, *parts], strict=True)]
    # Nothing is rounded by more than it takes.
    assert max(moved) <= 2e-15 * math.fsum(map(abs, [total, *parts]))
    added = [*sizes, found.interaction]
    for _ in range(4):
        so_far = 0.0
        for part in added:
            so_far += part
        assert so_far == found.total
        order.shuffle(added)


@given(FIGURES, st.lists(FIGURES, min_size=1, max_size=6), st.integers(0, 4))
def test_the_printed_parts_sum_to_the_printed_whole(total, parts, digits):
    found = waterfall_of("o", "delayed", "people", differences(parts), total)
    figures, left, whole = found.rounded(digits)
    assert sum(figures) + left == whole
    assert abs(float(whole) - total) <= 0.5 * 10.0**-digits + 1e-8
    scaled = found.scaled(1e-3)
    assert scaled.total == pytest.approx(total * 1e-3, abs=1e-11)
    assert math.fsum(p.difference for _, p in scaled.parts) + scaled.interaction == scaled.total


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=8:10", ("8", "9", "10")),
        ("a.b = 1:2:0.5", ("1", "1.5", "2")),
        ("a.b=0.1:0.3:0.1", ("0.1", "0.2", "0.3")),
        ("a.b=2 days,3 days", ("2 days", "3 days")),
        ("a.b=7", ("7",)),
    ],
)
def test_sweeps_are_read(text, values):
    assert read_sweep(text) == Sweep("a.b", values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.b", "is not of the form"),
        ("a.b=", "is not of the form"),
        ("a.b=9:8", "goes up from"),
        ("a.b=1:2:0", "goes up from"),
        ("a.b=1:2:3:4", "goes up from"),
        ("a.b=1 day:2 days", "plain numbers"),
        ("a.b=nan:2", "goes up from"),
        ("a.b=1:1000", "more than 99"),
        ("a.b=1,,2", "empty value"),
    ],
)
def test_sweeps_that_cannot_be(text, said):
    with pytest.raises(ComparisonError, match=said):
        read_sweep(text)


def test_sweeps_of_several_inputs_are_combined():
    found = made_options(
        [
            Sweep("settings.a.capacity", ("1", "2")),
            Sweep("settings.b.stay", ("2 days", "1.5 days")),
        ],
        ["a_capacity_1_b_stay_2_days"],
    )
    assert list(found) == [
        "a_capacity_1_b_stay_2_days_2", "a_capacity_1_b_stay_1_5_days",
        "a_capacity_2_b_stay_2_days", "a_capacity_2_b_stay_1_5_days",
    ]  # fmt: skip
    with pytest.raises(ComparisonError, match="swept twice"):
        made_options([Sweep("a.b", ("1",)), Sweep("a.b", ("2",))], [])
    ten = tuple(str(n) for n in range(10))
    with pytest.raises(ComparisonError, match=f"more than {MOST}"):
        made_options([Sweep("a.b", ten), Sweep("a.c", ten)], [])


def test_an_effect_that_goes_away_again_does_not_show():
    low, high = np.array([-2.0, -2.0, -1.0]), np.array([-1.0, -1.0, 1.0])
    assert first_for_good(low, high) == (None, "")
    assert first_for_good(low[:2], high[:2]) == (0, "lower")
    # From one side to the other: it counts from the last change on.
    assert first_for_good(np.array([-2.0, 1.0]), np.array([-1.0, 2.0])) == (1, "higher")


def test_onset_is_the_start_of_the_period():
    base = OptionResults.from_output(made_option(days=140.0))
    before = np.random.default_rng(1).normal(9.0, 1.0, (50, 20))
    change = np.where(np.arange(20) < 7, 0.0, -5.0) + np.random.default_rng(2).normal(
        0.0, 0.2, (50, 20)
    )
    (found,) = onsets(base, "x", {"delayed": before}, {"delayed": before + change}, "futures")
    assert (found.day, found.way) == (49.0, "lower")
    assert found.date == base.labels.date(49)


def test_courses_over_the_whole_run_are_the_figures_of_the_run():
    results = OptionResults.from_output(made_option(members=4, days=365.0))
    whole = [Window("all", 0.0, 365.0)]
    wanted = [
        "delayed", "waiting", "admissions_per_day.acute", "occupancy.acute",
        "care_days_outside_share", "occupancy.care_home",
    ]  # fmt: skip
    found = courses(results, whole, wanted)
    expected = dict(by_member(results.labels, results.totals, 0))
    assert set(found) == set(wanted) - {"occupancy.care_home"}
    for name, values in found.items():
        assert values[:, 0] == pytest.approx(expected[name], rel=1e-12), name


def test_courses_by_period_are_what_was_saved():
    results = OptionResults.from_output(made_option(members=3, days=30.0))
    found = courses(results, saved_periods(results), ["delayed", "lost_per_day"])
    assert found["delayed"] == pytest.approx(results.series["delayed"].sum(axis=(2, 3)))
    days = np.diff(results.times)
    assert found["lost_per_day"] == pytest.approx(results.series["lost"].sum(axis=(2, 3)) / days)


def test_months_are_of_the_calendar():
    results = OptionResults.from_output(made_option(members=3, days=365.0))
    found = months(results)
    assert [found[0].name, found[-1].name, len(found)] == ["2024-04", "2025-03", 12]


def test_figures_have_units_and_signs():
    assert scale_of("GBP per year", [2e7]).unit == "million GBP per year"
    assert scale_of("GBP", [99.0, math.inf]).text(5.0) == "5"
    assert scale_of("share of places", [0.5]).change(0.021) == "+2.10"
    assert [signed(x) for x in (1e-9, math.nan, -0.5)] == ["0", "-", "-0.500"]
