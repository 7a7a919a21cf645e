"""Stays: closed forms against quadrature and published answers, and what the checks refuse."""

import dataclasses
import doctest
import json
import math
import pickle
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from caresim import stays

EXACT = Path(__file__).resolve().parents[2] / "shared" / "cases" / "exact.json"

SMOOTH = {
    "exponential": stays.exponential(5.5),
    "erlang": stays.erlang(8.0, 4),
    "gamma, many short": stays.gamma(7.0, 0.4),
    "gamma": stays.gamma(7.0, 3.3),
    "lognormal": stays.from_mean_and_cv("lognormal", 5.5, 1.2),
    "hyperexponential": stays.hyperexponential((0.6, 0.3, 0.1), (1.0, 6.0, 40.0)),
    "phase_type": stays.phase_type((0.7, 0.3, 0.0), [[-1, 0.6, 0], [0, -0.5, 0.5], [0, 0, -0.1]]),
}
JUMPS = {
    "empirical": stays.empirical([9.0, 0.0, 2.0, 2.0, 31.0]),
    "fixed": stays.fixed(4.0),
}
LIMITED = {f"{name}, limited": stay.limited(6.0) for name, stay in (SMOOTH | JUMPS).items()}
ALL = SMOOTH | JUMPS | LIMITED


def of(stays_by_name):
    return pytest.mark.parametrize("stay", stays_by_name.values(), ids=stays_by_name.keys())


def integral(function, start, end, breaks=()):
    """Quadrature in pieces between the places where the function may jump."""
    edges = sorted({start, end, *(b for b in breaks if start < b < end)})
    return sum(
        quad(lambda t: float(function(t)), a, b, epsabs=1e-12, epsrel=1e-11, limit=200)[0]
        for a, b in pairwise(edges)
    )


def breaks_of(stay):
    values = stay.parameters[0] if stay.family == "empirical" else ()
    return (*np.atleast_1d(values), 4.0, stay.limit, 0.01, 0.5, 10.0, 100.0)


# --- closed forms against quadrature ------------------------------------------------------------


@of(ALL)
def test_the_integral_of_the_survival_is_the_mean_stay_up_to_a_time(stay):
    for t in (0.3, 2.0, 5.0, 7.0, 60.0):
        expected = integral(stay.survival, 0.0, t, breaks_of(stay))
        assert stay.integrated_survival(t) == pytest.approx(expected, rel=1e-8)


@of(ALL)
def test_mean_and_sd_are_those_of_the_survival(stay):
    end = min(stay.limit, 4000.0)
    mean = integral(stay.survival, 0.0, end, breaks_of(stay))
    square = integral(lambda t: 2 * t * stay.survival(t), 0.0, end, breaks_of(stay))
    assert stay.mean() == pytest.approx(mean, rel=1e-7)
    assert stay.sd() == pytest.approx(math.sqrt(max(square - mean**2, 0.0)), rel=1e-6, abs=1e-6)
    assert stay.integrated_survival(np.inf) == pytest.approx(stay.mean(), rel=1e-14)


@of(ALL)
def test_the_mean_residual_is_the_integral_of_the_residual_survival(stay):
    for elapsed in (0.0, 1.0, 3.5, 5.9):
        end = min(stay.limit, 4000.0)
        shifted = tuple(b - elapsed for b in breaks_of(stay))
        expected = integral(lambda t, e=elapsed: stay.survival_given(e, t), 0.0, end, shifted)
        assert stay.mean_residual(elapsed) == pytest.approx(expected, rel=1e-7)


@of(ALL)
def test_equilibrium_survival_is_what_is_left_of_the_mean(stay):
    t = np.array([0.0, 0.4, 2.0, 5.0, 20.0])
    left = 1 - stay.integrated_survival(t) / stay.mean()
    np.testing.assert_allclose(stay.equilibrium_survival(t), left, atol=1e-12)


@of(ALL)
def test_survival_given_a_time_elapsed_is_a_ratio_of_survivals(stay):
    elapsed, t = np.meshgrid([0.0, 1.0, 3.0], [0.0, 0.7, 2.5, 30.0])
    ratio = stay.survival(elapsed + t) / stay.survival(elapsed)
    np.testing.assert_allclose(stay.survival_given(elapsed, t), ratio, rtol=1e-10, atol=1e-15)


@of(SMOOTH)
def test_quantiles_invert_the_survival_into_both_tails(stay):
    u = np.array([1e-9, 1e-3, 0.2, 0.5, 0.9, 0.999, 1 - 1e-9])
    t = stay.quantile(u)
    assert np.all(np.diff(t) > 0)
    np.testing.assert_allclose(stay.survival(t), 1 - u, rtol=1e-7)
    assert stay.quantile(0.0) == 0.0
    assert stay.quantile(1.0) == np.inf


@of(ALL)
def test_draws_by_inversion_have_the_mean_of_the_stay(stay):
    u = (np.arange(4000) + 0.5) / 4000
    assert stay.quantile(u).mean() == pytest.approx(stay.mean(), rel=0.01)
    assert np.all(stay.quantile(u) <= stay.limit)


def test_draws_from_a_sample_take_each_value_equally_often():
    sample = stays.empirical([5.0, 1.0, 1.0, 3.0, 8.0, 8.0, 9.0, 2.0, 2.5, 7.0])
    u = (np.arange(1000) + 0.5) / 1000
    counts = {v: int(np.sum(sample.quantile(u) == v)) for v in (1.0, 3.0, 8.0, 9.0)}
    assert counts == {1.0: 200, 3.0: 100, 8.0: 200, 9.0: 100}
    # Shares that fall on the edge of a value belong to it, whatever the rounding of 1 - u.
    np.testing.assert_array_equal(
        sample.quantile(np.arange(1, 11) / 10), sorted(sample.parameters[0])
    )


@of(ALL)
def test_a_scaled_stay_has_every_time_multiplied(stay):
    scaled = stay.scaled(2.5)
    t = np.array([0.1, 1.3, 4.7, 11.0])
    assert scaled.mean() == pytest.approx(2.5 * stay.mean(), rel=1e-12)
    assert scaled.sd() == pytest.approx(2.5 * stay.sd(), rel=1e-9)
    assert scaled.limit == 2.5 * stay.limit
    np.testing.assert_allclose(scaled.survival(2.5 * t), stay.survival(t), rtol=1e-9)


@of(ALL)
def test_curves_keep_the_shape_they_are_asked_in_and_hold_at_the_ends(stay):
    assert stay.survival(1.0).shape == ()
    assert stay.integrated_survival([[1.0, 2.0]]).shape == (1, 2)
    assert stay.survival(-1.0) == 1.0
    assert stay.survival(np.inf) == 0.0
    assert stay.survival_given(1.0, np.inf) == 0.0
    assert stay.integrated_survival(0.0) == 0.0
    assert stay.survival(stay.limit) == 0.0
    assert stay.equilibrium_survival(0.0) == pytest.approx(1.0, rel=1e-14)


def test_nobody_is_left_after_the_longest_stay():
    for stay in (stays.fixed(4.0), stays.empirical([1.0, 4.0]), stays.exponential(9.0).limited(4)):
        assert stay.mean_residual(4.0) == 0.0
        assert stay.survival_given(5.0, 0.0) == 0.0


def test_a_stay_without_memory_keeps_its_residual_however_late():
    late = np.array([0.0, 10.0, 1e6])
    np.testing.assert_allclose(stays.exponential(2.0).mean_residual(late), 2.0, rtol=1e-12)
    branches = stays.hyperexponential((0.999, 0.001), (1.0, 50.0))
    assert branches.mean_residual(1e5) == pytest.approx(50.0, rel=1e-12)
    phases = stays.phase_type((1.0, 0.0), [[-1.0, 1.0], [0.0, -0.1]])
    assert phases.mean_residual(1e5) == pytest.approx(10.0, rel=1e-9)


def test_families_that_are_special_cases_of_each_other_agree():
    t = np.array([0.01, 0.5, 3.0, 12.0, 40.0])
    same = [
        (stays.exponential(3.0), stays.gamma(3.0, 1.0)),
        (stays.exponential(3.0), stays.phase_type((1.0,), ((-1 / 3,),))),
        (stays.erlang(6.0, 2), stays.phase_type((1.0, 0.0), ((-1 / 3, 1 / 3), (0.0, -1 / 3)))),
        (
            stays.hyperexponential((0.4, 0.6), (2.0, 9.0)),
            stays.phase_type((0.4, 0.6), ((-0.5, 0.0), (0.0, -1 / 9))),
        ),
    ]
    for one, other in same:
        for limit in (math.inf, 5.0):
            a, b = one.limited(limit), other.limited(limit)
            np.testing.assert_allclose(a.survival(t), b.survival(t), rtol=1e-11)
            np.testing.assert_allclose(
                a.integrated_survival(t), b.integrated_survival(t), rtol=1e-11
            )
            np.testing.assert_allclose(a.mean_residual([0.0, 2.0]), b.mean_residual([0.0, 2.0]))
            np.testing.assert_allclose(a.quantile([0.1, 0.7]), b.quantile([0.1, 0.7]), rtol=1e-10)
            assert a.sd() == pytest.approx(b.sd(), rel=1e-9)


# --- published answers --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exact():
    if not EXACT.exists():
        pytest.skip("the folder of exact cases is not beside this checkout")
    lines = EXACT.read_text(encoding="utf-8")
    return {case["name"]: case for case in json.loads(lines)}


ACUTE = stays.from_mean_and_cv("lognormal", 5.5, 1.2)


def test_the_census_from_empty_is_the_published_one(exact):
    case = exact["MGinf_transient_from_empty_lognormal"]
    census = case["inputs"]["lam"] * ACUTE.integrated_survival(case["inputs"]["times"])
    np.testing.assert_allclose(census, case["outputs"]["mean_census"], rtol=1e-9)


def test_fresh_and_residual_stays_at_the_start_give_the_published_censuses(exact):
    case = exact["MGinf_initial_census_fresh_vs_equilibrium_residual"]
    t, n0 = np.array(case["inputs"]["times"]), case["inputs"]["n0"]
    later = case["inputs"]["lam"] * ACUTE.integrated_survival(t)
    fresh = n0 * ACUTE.survival(t) + later
    residual = n0 * ACUTE.equilibrium_survival(t) + later
    out = case["outputs"]
    np.testing.assert_allclose(fresh, out["mean_if_n0_given_FRESH_full_stays"], rtol=1e-9)
    np.testing.assert_allclose(
        residual, out["mean_if_n0_given_EQUILIBRIUM_RESIDUAL_stays"], rtol=1e-9
    )
    mean_residual = (ACUTE.sd() ** 2 + ACUTE.mean() ** 2) / (2 * ACUTE.mean())
    assert mean_residual == pytest.approx(out["mean_equilibrium_residual"], rel=1e-9)


def test_residual_stays_given_time_elapsed_are_the_published_ones(exact):
    case = exact["lognormal_residual_given_elapsed"]
    elapsed, out = case["inputs"]["elapsed"], case["outputs"]
    np.testing.assert_allclose(ACUTE.mean_residual(elapsed), out["mean_residual"], rtol=1e-9)
    np.testing.assert_allclose(
        ACUTE.survival_given(elapsed, 5.0), out["P_residual_gt_5"], rtol=1e-9
    )


# --- ways of stating a stay ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "cv"),
    [
        ("lognormal", 0.3),
        ("lognormal", 2.5),
        ("gamma", 0.3),
        ("gamma", 1.7),
        ("erlang", 0.5),
        ("hyperexponential", 1.01),
        ("hyperexponential", 3.0),
        ("exponential", 1.0),
        ("fixed", 0.0),
    ],
)
def test_a_stay_has_the_mean_and_spread_it_was_given(family, cv):
    stay = stays.from_mean_and_sd(family, 12.0, 12.0 * cv)
    assert stay.family == family
    assert stay.mean() == pytest.approx(12.0, rel=1e-12)
    assert stay.cv() == pytest.approx(cv, rel=1e-9)


def test_an_erlang_stay_forgives_a_rounded_cv():
    assert stays.from_mean_and_cv("erlang", 6.0, 0.58).parameters == (6.0, 3)


def test_both_branches_of_a_balanced_stay_hold_as_many_people():
    shares, means = stays.from_mean_and_cv("hyperexponential", 5.0, 2.0).parameters
    assert shares[0] * means[0] == pytest.approx(shares[1] * means[1], rel=1e-12)


def test_a_stay_from_median_and_mean_has_both():
    stay = stays.from_median_and_mean(462.0, 801.0)
    assert stay.quantile(0.5) == pytest.approx(462.0, rel=1e-12)
    assert stay.mean() == pytest.approx(801.0, rel=1e-12)


def test_two_quantiles_are_met_exactly_and_more_as_well_as_can_be():
    fit = stays.from_quantiles({0.5: 7.0, 0.9: 28.0})
    np.testing.assert_allclose(fit.stay.quantile([0.5, 0.9]), [7.0, 28.0], rtol=1e-12)
    assert fit.residual == 0.0

    truth = stays.lognormal(1.7, 0.9)
    shares = [0.1, 0.25, 0.5, 0.75, 0.95]
    fit = stays.from_quantiles(dict(zip(shares, truth.quantile(shares), strict=True)))
    np.testing.assert_allclose(fit.stay.parameters, truth.parameters, rtol=1e-12)
    assert fit.residual < 1e-12

    # The middle quantile of three, 10% off what the others say, cannot be met.
    fit = stays.from_quantiles({0.1: 1.0, 0.5: 1.1 * math.sqrt(10.0), 0.9: 10.0})
    assert fit.residual == pytest.approx(math.log(1.1) * math.sqrt(2) / 3, rel=1e-9)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: stays.exponential(0.0), "more than 0 days"),
        (lambda: stays.exponential(math.nan), "finite number"),
        (lambda: stays.exponential("long"), "must be a number, got 'long'"),
        (lambda: stays.exponential(1e12), "check its unit"),
        (lambda: stays.erlang(3.0, 2.5), "gamma stay, whose shape need not be whole"),
        (lambda: stays.gamma(3.0, -1.0), "shape must be more than 0"),
        (lambda: stays.lognormal(2.0, 0.0), "use a fixed stay"),
        (lambda: stays.lognormal(90.0, 1.0), "logarithm of days, not of days"),
        (lambda: stays.hyperexponential((0.5, 0.5), (1.0,)), "2 shares and 1 means"),
        (lambda: stays.hyperexponential((0.5, 0.4), (1.0, 2.0)), "must sum to 1, got 0.9"),
        (lambda: stays.hyperexponential((1.0, 0.0), (1.0, 2.0)), "leave out what nobody takes"),
        (lambda: stays.hyperexponential((), ()), "give at least one"),
        (lambda: stays.phase_type((1.0,), ((-1.0, 0.0),)), "1 rows of 1 numbers"),
        (lambda: stays.phase_type((1, 0), ((-1, -0.5), (0, -1))), "from phase 1 to phase 2"),
        (lambda: stays.phase_type((1, 0), ((-1, 1), (0, 0))), "diagonal of phase 2"),
        (lambda: stays.phase_type((1, 0), ((-1, 1.5), (0, -1))), "out of phase 1 sum to 0.5 more"),
        (lambda: stays.phase_type((1, 0), ((-1, 1), (1, -1))), "can ever leave"),
        (lambda: stays.empirical([]), "at least one stay"),
        (lambda: stays.empirical([3.0, -1.0]), "discharge dates before admission dates"),
        (lambda: stays.empirical([0.0, 0.0]), "mean of the sample must be more than 0"),
        (lambda: stays.fixed(-2.0), "a fixed stay must be more than 0 days"),
        (lambda: stays.exponential(3.0).limited(0.0), "leave the limit out"),
        (lambda: stays.exponential(3.0).limited(math.nan), "leave the limit out"),
        (lambda: stays.exponential(3.0).scaled(0.0), "above 0"),
        (lambda: stays.exponential(3.0).quantile([1.5]), "from 0 to 1"),
        (lambda: stays.Stay("weibull", (1.0,)), "no family of stays is called 'weibull'"),
        (lambda: stays.Stay("gamma", (1.0,)), "needs mean and shape"),
        (lambda: stays.from_mean_and_cv("weibull", 1.0, 1.0), "do not settle"),
        (lambda: stays.from_mean_and_cv("empirical", 1.0, 0.0), "do not settle"),
        (lambda: stays.from_mean_and_cv("lognormal", 5.0, -1.0), "less than 0"),
        (lambda: stays.from_mean_and_sd("lognormal", 5.0, 0.0), "use family fixed"),
        (lambda: stays.from_mean_and_cv("fixed", 5.0, 0.5), "has no spread"),
        (lambda: stays.from_mean_and_cv("exponential", 5.0, 1.2), "always has cv 1"),
        (lambda: stays.from_mean_and_cv("erlang", 5.0, 0.85), "nearest is 1.000 with 1 stages"),
        (lambda: stays.from_mean_and_cv("hyperexponential", 5.0, 0.9), "cv above 1"),
        (lambda: stays.from_median_and_mean(10.0, 8.0), "not above the median"),
        (lambda: stays.from_quantiles({0.5: 3.0}), "at least two quantiles"),
        (lambda: stays.from_quantiles({0.5: 3.0, 90: 9.0}), "write the 90th percentile as 0.9"),
        (lambda: stays.from_quantiles({0.5: 9.0, 0.9: 3.0}), "stays must rise with the shares"),
    ],
)
def test_what_cannot_be_a_stay_is_refused_with_cause_and_cure(make, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        make()


# --- what kind of object a stay is --------------------------------------------------------------


@of(ALL)
def test_stays_are_values(stay):
    again = stays.Stay(stay.family, stay.parameters, stay.limit)
    assert again == stay
    assert hash(again) == hash(stay)
    assert pickle.loads(pickle.dumps(stay)) == stay
    assert stay.limited(1.0) != stay
    with pytest.raises(dataclasses.FrozenInstanceError):
        stay.limit = 3.0


def test_samples_in_any_order_are_the_same_stay():
    assert stays.empirical([3, 1, 2]) == stays.empirical(np.array([1.0, 2.0, 3.0]))


def test_stating_stays_does_not_wait_for_scipy():
    code = (
        "import sys, caresim.stays as s; a = s.from_mean_and_cv('lognormal', 5.5, 1.2).limited(42);"
        "a.mean(); a.sd(); a.survival([1, 2]); s.from_quantiles({0.5: 2, 0.9: 9});"
        "sys.exit(any(m.split('.')[0] == 'scipy' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("module", [stays.stay, stays.stated], ids=lambda m: m.__name__)
def test_examples_in_docstrings_hold(module):
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)


# --- any stay at all ----------------------------------------------------------------------------

means = st.floats(0.05, 2000.0)
any_stay = st.one_of(
    st.builds(stays.exponential, means),
    st.builds(stays.erlang, means, st.integers(1, 30)),
    st.builds(stays.gamma, means, st.floats(0.2, 30.0)),
    st.builds(stays.from_mean_and_cv, st.just("lognormal"), means, st.floats(0.05, 4.0)),
    st.builds(stays.from_mean_and_cv, st.just("hyperexponential"), means, st.floats(1.01, 5.0)),
    st.builds(stays.empirical, st.lists(st.floats(0.01, 500.0), min_size=1, max_size=20)),
    st.builds(stays.fixed, means),
)


@settings(max_examples=150, deadline=None)
@given(any_stay, st.one_of(st.just(math.inf), st.floats(0.1, 5.0)))
def test_curves_of_any_stay_hang_together(whole, limit_in_means):
    stay = whole.limited(limit_in_means * whole.mean())
    mean = stay.mean()
    t = mean * np.array([0.0, 0.01, 0.2, 0.7, 1.0, 1.6, 4.0, 25.0])
    survival, census = stay.survival(t), stay.integrated_survival(t)
    assert 0 < mean <= whole.mean() * (1 + 1e-12)
    assert stay.sd() <= whole.sd() * (1 + 1e-9) + 1e-7 * mean
    assert np.all(np.diff(survival) <= 1e-15)
    assert np.all((survival >= 0) & (survival <= 1))
    # The census grows by no more than the share inside at the start of each interval, and no
    # less than that at its end.
    grown, span = np.diff(census), np.diff(t)
    assert np.all(grown <= survival[:-1] * span + 1e-11 * mean)
    assert np.all(grown >= survival[1:] * span - 1e-11 * mean)
    assert np.all(np.diff(stay.equilibrium_survival(t)) <= 1e-11)
    inside = survival > 1e-6
    rest = stay.mean_residual(t[inside]) * survival[inside]
    np.testing.assert_allclose(rest + census[inside], mean, rtol=1e-9)
    u = np.array([0.05, 0.5, 0.95])
    drawn = stay.quantile(u)
    assert np.all(stay.survival(drawn) <= 1 - u + 1e-9)
