"""Paired differences, what is shown, how often each is best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.comparison.choice import chances, standings
from caresim.comparison.differences import clear, judge, paired, spread
from caresim.comparison.directions import HIGHER, LOWER, better_way
from caresim.indicators import INDICATORS

RANDOM = np.random.default_rng(7)
WAYS = {"delayed": "lower"}


def difference(change, basis="futures", base=None):
    base = RANDOM.normal(100.0, 20.0, len(change)) if base is None else base
    return paired("x", {"delayed": base}, {"delayed": base + change}, basis, WAYS)["delayed"]


def test_pairing_removes_what_both_have_in_common():
    change = RANDOM.normal(-3.0, 1.0, 20_000)
    found = difference(change)
    assert found.difference == pytest.approx(-3.0, abs=0.05)
    # Of a normal distribution, not of the far wider one of the values themselves.
    assert (found.low_95, found.high_95) == pytest.approx((-4.96, -1.04), abs=0.07)
    assert (found.low_80, found.high_80) == pytest.approx((-4.28, -1.72), abs=0.07)
    assert found.mean_high - found.mean_low == pytest.approx(2 * 1.96 / np.sqrt(20_000), rel=0.03)
    assert (found.finding, found.effect) == ("lower", "better")


def test_more_members_do_not_turn_weak_evidence_into_a_finding():
    change = RANDOM.normal(-0.5, 2.0, 100_000)
    found = difference(change)
    assert found.mean_high < 0.0
    assert (found.finding, found.effect) == ("no difference shown", "")
    assert difference(change, "mean").finding == "lower"


def test_rounding_is_no_difference():
    base = np.array([0.1, 12.0, 3.0])
    found = difference(np.array([1e-17, 1e-12, 0.0]), base=base)
    assert found.finding == "no difference"
    assert found.difference == found.chance_lower == found.chance_higher == 0.0
    assert clear(np.array([1e-5]), np.array([1.0]), np.array([1.0])).item() == 1e-5


def test_too_few_members_say_so():
    found = difference(np.array([-1.0, -2.0]))
    assert np.isnan(found.low_95)
    assert found.finding == "too few members"
    assert difference(np.array([-1.0]), "certain").finding == "lower"


def test_the_interval_of_few_members_covers_the_next():
    inside = 0
    for _ in range(2000):
        rows = RANDOM.normal(size=(1, 9))
        low, high = spread(rows[:, :8], 0.95)
        inside += low[0] <= rows[0, 8] <= high[0]
    assert 0.93 <= inside / 2000 <= 0.97


def test_members_without_a_figure_are_left_out():
    base = {"delayed": np.array([1.0, np.nan, 3.0, 4.0])}
    other = {"delayed": np.array([2.0, 5.0, np.nan, 6.0]), "waiting": np.zeros(4)}
    found = paired("x", base, other, "futures", WAYS)
    assert list(found) == ["delayed"]
    assert found["delayed"].difference == 1.5


@given(st.lists(st.lists(st.floats(-9, 9), min_size=4, max_size=4), min_size=1, max_size=6))
def test_chances_sum_to_one_and_regret_is_never_negative(rows):
    values = np.array(rows)
    for better in ("lower", "higher"):
        often, regret = chances(values, better)
        assert often.sum() == pytest.approx(1.0)
        assert (regret >= 0.0).all()
        assert (regret[often == 1.0] == 0.0).all()


def test_what_is_not_shown_is_not_ranked_above_doing_nothing():
    base = RANDOM.normal(100.0, 5.0, 1000)
    values = {
        "do_nothing": base,
        "null": base + RANDOM.normal(-0.5, 2.0, 1000),
        "good": base + RANDOM.normal(-9.0, 2.0, 1000),
        "bad": base + RANDOM.normal(9.0, 2.0, 1000),
    }
    differences = {
        name: paired(name, {"delayed": base}, {"delayed": value}, "futures", WAYS)["delayed"]
        for name, value in values.items()
        if name != "do_nothing"
    }
    found = standings("delayed", "people", "lower", values, differences)
    assert {one.option: one.rank for one in found} == {
        "good": 1, "do_nothing": 2, "null": 2, "bad": 4,
    }  # fmt: skip
    assert differences["null"].chance_lower > 0.5


def test_judging_reads_the_interval_and_nothing_else():
    half = {"lower": 0.5, "higher": 0.5}
    assert judge(1.0, 0.5, 2.0, "mean", **half) == "higher"
    assert judge(1.0, 0.0, 2.0, "mean", **half) == "no difference shown"
    assert judge(0.0, 0.0, 0.0, "certain", lower=0.0, higher=0.0) == "no difference"


def test_what_helps_only_where_it_is_needed():
    """More places change nothing in futures in which there are enough."""
    random = np.random.default_rng(3)
    needed = random.random(1000) < 0.8
    found = difference(np.where(needed, random.normal(-30.0, 5.0, 1000), 0.0))
    assert found.high_95 == 0.0
    assert (found.finding, found.effect) == ("lower or the same", "better")
    # Needed in few futures it is not shown; nor is what harms in some.
    seldom = difference(np.where(needed, 0.0, -30.0))
    assert (seldom.finding, seldom.effect) == ("no difference shown", "")
    harms = np.where(needed, -30.0, np.where(random.random(1000) < 0.2, 5.0, 0.0))
    assert difference(harms).finding == "no difference shown"


def test_every_direction_is_of_an_indicator_there_is():
    assert set(INDICATORS) >= (LOWER | HIGHER)
    assert not LOWER & HIGHER
    assert better_way("net_present_cost") == "lower"
    assert better_way("admissions_per_day.acute") is None
