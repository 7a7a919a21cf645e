"""The rules by which a figure passes: each must be able to fail."""

import math

import numpy as np
import pytest

from caresim.bench.statistics import Allowed, Estimate, distance, estimate, judge, largest_error

EXACT = Allowed()


def found(value, error, members=100):
    return Estimate(value, error, members)


def test_a_mean_has_the_usual_standard_error():
    values = np.array([[1.0], [2.0], [6.0]])
    got = estimate(values, lambda m: m[0])
    assert got.value == pytest.approx(3.0)
    assert got.standard_error == pytest.approx(np.std([1, 2, 6], ddof=1) / math.sqrt(3))


def test_the_error_of_a_ratio_is_that_over_many_repetitions():
    """The delta method against the spread of the ratio itself over 2,000 repetitions."""
    rng = np.random.default_rng(3)
    repeated, errors = [], []
    for _ in range(2000):
        below = rng.gamma(20.0, 1.0, 60)
        above = 0.3 * below + rng.normal(0.0, 1.0, 60)
        got = estimate(np.stack([above, below], axis=1), lambda m: m[0] / m[1])
        repeated.append(got.value)
        errors.append(got.standard_error)
    assert np.mean(errors) == pytest.approx(np.std(repeated), rel=0.06)


def test_one_member_has_no_standard_error():
    got = estimate(np.array([[2.0]]), lambda m: m[0])
    assert math.isnan(got.standard_error)
    assert math.isnan(distance(got, 1.0))


@pytest.mark.parametrize(("value", "verdict"), [(10.19, "pass"), (10.21, "miss"), (9.79, "miss")])
def test_four_standard_errors_are_the_limit(value, verdict):
    assert judge(found(value, 0.05), 10.0, EXACT) == verdict


def test_a_wide_standard_error_is_no_pass_unless_the_run_is_quick():
    wide = found(10.1, 0.06)
    assert judge(wide, 10.0, EXACT) == "too wide"
    assert judge(wide, 10.0, EXACT, quick=True) == "pass"
    assert judge(found(11.0, 0.06), 10.0, EXACT, quick=True) == "miss"


def test_the_largest_error_is_absolute_for_small_values():
    assert largest_error(0.39) == 0.002
    assert largest_error(0.4) == pytest.approx(0.002)
    assert largest_error(-10.0) == pytest.approx(0.05)


@pytest.mark.parametrize("error", [0.0, math.nan])
def test_figures_without_chance_have_to_be_exact(error):
    assert judge(found(2.0 + 1e-12, error), 2.0, EXACT) == "pass"
    assert judge(found(2.001, error), 2.0, EXACT) == "miss"


def test_a_figure_that_is_not_a_number_misses():
    for allowed in (EXACT, Allowed(relative=0.1), Allowed(absolute=1.0), Allowed(at_least=True)):
        assert judge(found(math.nan, 0.001), 2.0, allowed) == "miss"


def test_stated_tolerances_take_the_place_of_standard_errors():
    assert judge(found(10.9, 5.0), 10.0, Allowed(relative=0.1)) == "pass"
    assert judge(found(11.1, 5.0), 10.0, Allowed(relative=0.1)) == "miss"
    assert judge(found(12.9, 0.0), 10.0, Allowed(relative=0.1, absolute=3.0)) == "pass"
    assert judge(found(13.1, 0.0), 10.0, Allowed(relative=0.1, absolute=3.0)) == "miss"
    assert judge(found(9.9, 0.0), 10.0, Allowed(at_least=True)) == "miss"
    assert judge(found(10.1, 0.0), 10.0, Allowed(at_least=True)) == "pass"
