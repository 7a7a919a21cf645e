from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.scenario.schema.interval import spread_of
from caresim.scenario.values import Interval

Z80 = NormalDist().inv_cdf(0.9)


def test_published_interval_without_mean_is_a_normal():
    # An 80% interval from 0.8 to 0.9 has mean 0.85 and sd 0.1 / 2.563103.
    spread = spread_of(Interval(0.8, 0.9, 0.8, "normal"))
    assert spread.mean == pytest.approx(0.85)
    assert spread.spread_low == spread.spread_high
    assert spread.spread_low == pytest.approx(0.1 / 2.563103, rel=1e-6)
    assert spread.spread_low == pytest.approx(0.039015, abs=5e-7)


@given(
    low=st.floats(-100, 100),
    width=st.floats(0.01, 100),
    level=st.floats(0.05, 0.99),
    at=st.floats(-0.999, 0.999),
)
def test_two_halves_meet_ends_and_mean(low, width, level, at):
    z = NormalDist().inv_cdf((1 + level) / 2)
    k = 1 / (z * math.sqrt(2 * math.pi))
    middle = low + width / 2
    mean = middle + at * abs(0.5 - k) * width
    spread = spread_of(Interval(low, low + width, level, "normal", mean=mean))
    assert spread.mean == mean
    # The ends are the quantiles (1 - level) / 2 and (1 + level) / 2 of the joined halves.
    assert spread.centre - z * spread.spread_low == pytest.approx(low, abs=1e-9 * width + 1e-12)
    assert spread.centre + z * spread.spread_high == pytest.approx(
        low + width, abs=1e-9 * width + 1e-12
    )
    assert spread.spread_low >= 0
    assert spread.spread_high >= 0
    # The mean of two halves of normals joined at the median, by its closed form.
    halves = (spread.spread_high - spread.spread_low) / math.sqrt(2 * math.pi)
    slack = 1e-6 * width / max(abs(1 - 2 * k), 1e-3)
    assert spread.centre + halves == pytest.approx(mean, abs=slack)


def test_impossible_mean_says_which_are_possible():
    # k = 1 / (z sqrt(2 pi)) = 0.311 at 80%: means within 0.189 of the width of the middle.
    with pytest.raises(ValueError, match=r"means from 4\.62259 to 5\.37741 are possible"):
        spread_of(Interval(4.0, 6.0, 0.8, "normal", mean=5.9))


def test_median_is_the_join():
    spread = spread_of(Interval(4.0, 9.0, 0.8, "normal", median=6.0))
    assert spread.centre == 6.0
    assert spread.spread_low == pytest.approx(2 / Z80)
    assert spread.spread_high == pytest.approx(3 / Z80)


@pytest.mark.parametrize("median", [3.9, 9.1])
def test_median_outside_is_refused(median):
    with pytest.raises(ValueError, match="outside the interval"):
        spread_of(Interval(4.0, 9.0, 0.8, "normal", median=median))


def test_lognormal_has_the_quantiles():
    spread = spread_of(Interval(1.0, 4.0, 0.8, "lognormal"))
    assert spread.centre == pytest.approx(math.log(2.0))
    assert math.exp(spread.centre + Z80 * spread.spread_high) == pytest.approx(4.0)
    assert spread.mean == pytest.approx(math.exp(spread.centre + spread.spread_high**2 / 2))
    with pytest.raises(ValueError, match="above 0"):
        spread_of(Interval(0.0, 4.0, 0.8, "lognormal"))


def test_uniform_and_triangular():
    assert spread_of(Interval(2.0, 4.0, 1.0, "uniform")).mean == 3.0
    spread = spread_of(Interval(20.0, 40.0, 1.0, "triangular", mode=28.0))
    assert spread.centre == 28.0
    assert spread.mean == pytest.approx(88 / 3)
    assert spread_of(Interval(20.0, 40.0, 1.0, "triangular")).centre == 30.0
