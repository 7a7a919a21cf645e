"""Phases that stand for stays: exact where they can be, close and few where they cannot."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.optimize import nnls

from caresim import stays
from caresim.engines.flow.phases import (
    PhaseType,
    equilibrium_phases,
    phase_fit,
    phase_type,
    phases_given_elapsed,
)
from caresim.engines.flow.phases import chain as phase_chain
from caresim.engines.flow.phases import fit as fitting

EXACT = Path(__file__).resolve().parents[3] / "shared" / "cases" / "exact.json"
ACUTE = stays.from_mean_and_cv("lognormal", 5.5, 1.2)


def frequency_response(phase_type_, per_day):
    """Integral of survival(u) exp(-i g u) du: a (i g I - T)^-1 1."""
    resolvent = 1j * per_day * np.eye(phase_type_.n_phases) - phase_type_.generator
    return phase_type_.initial @ np.linalg.solve(resolvent, np.ones(phase_type_.n_phases))


def sound(phase_type_):
    assert phase_type_.initial.sum() == pytest.approx(1.0, abs=1e-13)
    for array in (phase_type_.initial, phase_type_.rates, phase_type_.exits):
        assert np.all(np.isfinite(array))
        assert np.all(array >= 0)
        assert not array.flags.writeable
    assert np.all(np.diag(phase_type_.rates) == 0)


# --- stays made of phases -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stay", "n_phases"),
    [
        (stays.exponential(3.0), 1),
        (stays.gamma(3.0, 1.0), 1),
        (stays.erlang(6.0, 4), 4),
        (stays.gamma(6.0, 4.0), 4),
        (stays.hyperexponential((0.2, 0.5, 0.3), (1.0, 5.0, 30.0)), 3),
        (stays.phase_type((0.6, 0.4), ((-1.0, 0.7), (0.2, -0.5))), 2),
    ],
)
def test_a_stay_made_of_phases_becomes_those_phases(stay, n_phases):
    found = phase_type(stay)
    sound(found)
    assert found.n_phases == n_phases
    fit = phase_fit(stay)
    assert max(fit.mean_error, fit.variance_error, fit.census_error) < 1e-11
    t = np.array([0.0, 0.3, 2.0, 9.0, 40.0])
    np.testing.assert_allclose(found.survival(t), stay.survival(t), rtol=1e-10, atol=1e-14)


# --- other stays --------------------------------------------------------------------------------

CLOSE = [
    *((f"lognormal cv {cv}", stays.from_mean_and_cv("lognormal", 5.5, cv), n) for cv, n in (
        (0.3, 15), (0.4, 9), (0.5, 7), (0.6, 6), (0.7, 5), (0.8, 5), (0.9, 5), (1.0, 5), (1.1, 5),
        (1.2, 4), (1.35, 4), (1.5, 4), (2.0, 5), (2.5, 5), (3.0, 5),
    )),
    *((f"gamma shape {k}", stays.gamma(27.0, k), n) for k, n in (
        (0.3, 5), (0.327, 5), (0.4, 4), (0.5, 4), (0.6, 4), (0.8, 3), (1.5, 2), (2.5, 3),
        (4.5, 5), (7.3, 8), (19.5, 20),
    )),
    ("days", stays.from_mean_and_cv("lognormal", 0.1, 0.9), 5),
    ("years", stays.from_mean_and_cv("lognormal", 2000.0, 0.9), 5),
    ("sample", stays.empirical(ACUTE.quantile((np.arange(400) + 0.5) / 400)), 4),
    ("late limit", stays.from_mean_and_cv("lognormal", 30.0, 0.7).limited(90.0), 7),
    ("fitted erlang", stays.erlang(5.0, 3).limited(40.0), 4),
]  # fmt: skip


@pytest.mark.parametrize(("stay", "n"), [c[1:] for c in CLOSE], ids=[c[0] for c in CLOSE])
def test_few_phases_have_the_mean_variance_and_census_of_a_stay(stay, n):
    sound(phase_type(stay))
    fit = phase_fit(stay)
    assert fit.mean_error < 1e-9
    assert fit.variance_error < 1e-6
    assert fit.census_error <= 0.01
    assert fit.survival_error <= 0.01
    assert fit.n_phases <= n


SAMPLE = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 20.0, 21.0, 25.0, 28.0, 40.0]
# Where many people end on one day no chain of this length follows; the errors are what it is.
JUMPS = [
    ("limit", stays.from_mean_and_cv("lognormal", 30.0, 1.0).limited(42.0), 0.032),
    ("wide, limit", stays.from_mean_and_cv("lognormal", 30.0, 1.5).limited(42.0), 0.03),
    ("exponential, limit", stays.exponential(30.0).limited(42.0), 0.03),
    ("two peaks and zeros", stays.empirical(SAMPLE), 0.06),
    ("whole days", stays.empirical(np.floor(ACUTE.quantile((np.arange(300) + 0.5) / 300))), 0.05),
    ("two values", stays.empirical([1.0, 10.0]), 0.1),
]


@pytest.mark.parametrize(("stay", "error"), [c[1:] for c in JUMPS], ids=[c[0] for c in JUMPS])
def test_stays_with_jumps_keep_mean_and_variance_and_say_their_error(stay, error):
    sound(phase_type(stay))
    fit = phase_fit(stay)
    assert fit.mean_error < 1e-9
    assert fit.variance_error < 1e-6
    assert 0.01 < fit.census_error < error
    assert fit.n_phases <= 12


def test_a_fixed_stay_becomes_as_many_equal_phases_as_allowed():
    fit = phase_fit(stays.fixed(3.0))
    assert fit.n_phases == 40
    assert fit.mean_error < 1e-12
    assert fit.variance_error == pytest.approx(1 / 40, rel=1e-9)
    # E[(m - S)+] of an Erlang stay S of k stages, over its mean m: k^k e^-k / k!.
    kink = math.exp(40 * math.log(40) - 40 - math.lgamma(41))
    at_mean = phase_type(stays.fixed(3.0)).integrated_survival(3.0) / 3.0
    assert at_mean == pytest.approx(1 - kink, rel=1e-9)
    assert phase_fit(stays.fixed(3.0), max_phases=9).n_phases == 9
    # Not variable enough for so few phases, though gamma stays of this shape could be had.
    fit = phase_fit(stays.gamma(3.0, 20.5), max_phases=10)
    assert (fit.n_phases, fit.variance_error) == (10, pytest.approx(1.05, rel=1e-9))


def test_the_census_error_would_show_a_wrong_stay(monkeypatch):
    wrong = phase_type(stays.exponential(5.5))
    monkeypatch.setattr(fitting, "phase_type", lambda *arguments: wrong)
    fit = fitting.phase_fit.__wrapped__(ACUTE)
    assert fit.mean_error < 1e-12
    assert fit.variance_error > 0.3
    assert fit.census_error > 0.05


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["lognormal", "gamma"]),
    st.floats(0.1, 2000.0),
    st.floats(0.25, 3.0).filter(lambda cv: abs(cv - 1) > 1e-3),
)
def test_any_smooth_stay_has_few_phases(family, mean, cv):
    # Gamma stays above this cv have many of hardly any length.
    stay = stays.from_mean_and_cv(family, mean, min(cv, 1.8 if family == "gamma" else 3.0))
    sound(phase_type(stay))
    fit = phase_fit(stay)
    assert fit.mean_error < 1e-9
    assert fit.variance_error < 1e-6
    assert fit.census_error < 0.01
    assert fit.survival_error < 0.02
    assert fit.n_phases <= max(8, math.ceil(1 / cv**2) + 4)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.floats(0.0, 100.0), min_size=2, max_size=12).filter(lambda v: max(v) > 0.1),
    st.floats(0.3, 3.0),
)
def test_any_sample_with_any_limit_keeps_its_mean_and_variance(values, limit_in_means):
    sample = stays.empirical(values)
    stay = sample.limited(limit_in_means * sample.mean())
    sound(phase_type(stay))
    fit = phase_fit(stay)
    assert fit.mean_error < 1e-9
    if stay.cv() ** 2 > 1 / 40:
        assert fit.variance_error < 1e-6


# --- what the flow engine asks of them ----------------------------------------------------------


@pytest.mark.parametrize("max_rate", [1.0, 4.0, 24.0])
@pytest.mark.parametrize(
    "stay",
    [
        ACUTE,
        stays.from_mean_and_cv("lognormal", 0.6, 1.3),
        stays.gamma(0.75, 0.5),
        stays.gamma(3.0, 0.3),
        stays.fixed(2.0),
        stays.erlang(1.0, 30),
        stays.exponential(0.1),
        stays.hyperexponential((0.9, 0.1), (0.02, 3.0)),
    ],
    ids=lambda stay: f"{stay.family} {stay.mean():.3g}",
)
def test_no_phase_is_shorter_than_a_step_when_asked(stay, max_rate):
    found = phase_type(stay, max_rate=max_rate)
    sound(found)
    assert found.fastest_rate() <= max(max_rate, 1 / stay.mean()) * (1 + 1e-12)
    fit = phase_fit(stay, max_rate=max_rate)
    assert fit.mean_error < 1e-9
    # The variance of a short stay gives way only where short phases would be needed for it.
    if stay.cv() ** 2 * int(min(40, max_rate * stay.mean())) > 1:
        assert fit.variance_error < 1e-6


def test_stays_that_differ_by_a_factor_have_stretched_phases():
    one, three = phase_type(ACUTE), phase_type(ACUTE.scaled(3.0))
    for name in ("initial", "rates", "exits"):
        stretched = getattr(one.stretched(3.0), name)
        np.testing.assert_allclose(getattr(three, name), stretched, rtol=1e-12)


def test_the_same_stay_gives_the_same_bits_when_fitted_again():
    first = phase_type(ACUTE)
    phase_type.cache_clear()
    fitting._fitted.cache_clear()
    again = phase_type(ACUTE)
    assert again is not first
    np.testing.assert_array_equal(again.generator, first.generator)
    np.testing.assert_array_equal(again.initial, first.initial)


PHASED = [ACUTE, stays.erlang(6.0, 5), stays.gamma(9.0, 0.5), stays.fixed(4.0)]


@pytest.mark.parametrize("stay", PHASED, ids=lambda s: s.family)
def test_people_found_inside_in_equilibrium_leave_as_they_should(stay):
    found = phase_type(stay)
    shares = equilibrium_phases(found)
    assert shares.sum() == pytest.approx(1.0, rel=1e-13)
    # In equilibrium the flow out of each phase equals the flow into it.
    np.testing.assert_allclose(
        shares @ found.generator, -found.initial / found.mean(), rtol=1e-9, atol=1e-12
    )
    t = np.array([0.5, 3.0, 9.0])
    left = PhaseType(shares, found.rates, found.exits).survival(t)
    np.testing.assert_allclose(left, 1 - found.integrated_survival(t) / found.mean(), atol=1e-12)


@pytest.mark.parametrize("stay", PHASED, ids=lambda s: s.family)
def test_people_who_have_been_inside_a_while_leave_as_they_should(stay):
    found = phase_type(stay)
    np.testing.assert_allclose(phases_given_elapsed(found, 0.0), found.initial, atol=1e-15)
    t = np.array([0.5, 3.0, 9.0])
    for elapsed in (0.7, 5.0, 20.0):
        shares = phases_given_elapsed(found, elapsed)
        assert shares.sum() == pytest.approx(1.0, rel=1e-13)
        left = PhaseType(shares, found.rates, found.exits).survival(t)
        ratio = found.survival(elapsed + t) / found.survival(elapsed)
        np.testing.assert_allclose(left, ratio, rtol=1e-7)
    # However late, those still inside are in the phases that are left most slowly.
    late = phases_given_elapsed(found, 1e5)
    assert np.all(late >= -1e-12)
    assert late.sum() == pytest.approx(1.0, rel=1e-13)


def test_curves_of_phases_are_those_of_the_matrix_exponential():
    found = phase_type(stays.from_mean_and_cv("lognormal", 5.5, 0.4))
    t = np.array([0.05, 1.0, 6.0, 50.0])
    expected = [(found.initial @ expm(found.generator * s)).sum() for s in t]
    np.testing.assert_allclose(found.survival(t), expected, rtol=1e-9, atol=1e-16)
    days = [quad(lambda s: found.survival(s)[0], 0, end, epsrel=1e-11)[0] for end in t]
    np.testing.assert_allclose(found.integrated_survival(t), days, rtol=1e-9)


# --- published answers --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exact():
    if not EXACT.exists():
        pytest.skip("the folder of exact cases is not beside this checkout")
    return {case["name"]: case for case in json.loads(EXACT.read_text(encoding="utf-8"))}


def test_the_census_from_empty_is_the_published_one_within_one_in_a_hundred(exact):
    case = exact["MGinf_transient_from_empty_lognormal"]
    t = np.array(case["inputs"]["times"])
    census = case["inputs"]["lam"] * phase_type(ACUTE).integrated_survival(t)
    np.testing.assert_allclose(census, case["outputs"]["mean_census"], rtol=0.01)


@pytest.mark.parametrize("kind", ["exponential", "lognormal"])
def test_a_weekly_wave_of_arrivals_gives_the_published_wave_of_census(exact, kind):
    case = exact[f"MtGinf_sinusoidal_{kind}"]
    given_, out = case["inputs"], case["outputs"]
    found = phase_type(ACUTE if kind == "lognormal" else stays.exponential(5.5))
    response = given_["beta"] * frequency_response(found, 2 * math.pi / given_["period"])
    assert abs(response) == pytest.approx(out["amplitude"], rel=0.02)
    t = np.array(given_["times"])
    wave = (response * np.exp(2j * math.pi * t / given_["period"])).imag
    mean = given_["lam_bar"] * found.mean()
    assert mean == pytest.approx(825.0, rel=1e-9)
    # Within 2% of the amplitude at every time, so the wave is neither early nor late.
    np.testing.assert_allclose(
        mean + wave, out["mean_census"], atol=0.02 * out["amplitude"], rtol=0
    )


@pytest.mark.parametrize("cv", [0.5, 0.8, 1.2, 2.0])
def test_waves_of_a_week_and_a_year_pass_through_phases_as_through_the_stay(cv):
    stay = stays.from_mean_and_cv("lognormal", 5.5, cv)
    for period in (7.0, 365.0):
        g = 2 * math.pi / period
        wave = [
            quad(stay.survival, 0, 3000.0, weight=weight, wvar=g, limit=400)[0]
            for weight in ("cos", "sin")
        ]
        true = complex(wave[0], -wave[1])
        assert abs(frequency_response(phase_type(stay), g) - true) < 0.025 * abs(true)


# --- the arithmetic of the search ---------------------------------------------------------------


def test_nonnegative_shares_are_those_of_scipy():
    rng = np.random.default_rng(7)
    left, right = rng.normal(size=(50, 12, 6)), rng.normal(size=(50, 12))
    transposed = np.swapaxes(left, 1, 2)
    found = phase_chain.nonnegative_shares(
        transposed @ left, (transposed @ right[..., None])[..., 0]
    )
    expected = np.array([nnls(a, b)[0] for a, b in zip(left, right, strict=True)])
    assert np.any(expected == 0)
    assert np.any(expected > 0)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_a_nudged_chain_has_exact_moments_and_keeps_below_the_highest_rate():
    rates, initial = phase_chain.with_exact_moments(
        np.array([0.5, 1.5, 6.0]), np.array([0.1, 0.8, 0.1]), 2.4, 6.0
    )
    mean, square = (m[0] for m in phase_chain.moments(rates[None]))
    assert [initial.sum(), initial @ mean, initial @ square] == pytest.approx(
        [1, 1, 2.4], rel=1e-13
    )
    assert np.max(rates) <= 6.0 * (1 + 1e-14)


def test_curves_of_a_batch_of_chains_are_those_of_each_chain():
    rates = np.array([[0.4, 2.0, 9.0], [1.0, 1.0, 1.0]])
    survival, integral = phase_chain.curves(rates, 0.1, 5, 3)
    times = phase_chain.time_grid(0.1, 5, 3)
    for chain in range(2):
        generator = phase_chain.generators(rates)[chain]
        for at in (0, 7, 14):
            inside = expm(generator * times[at]).sum(axis=1)
            np.testing.assert_allclose(survival[chain, at], inside, rtol=1e-11)
            days = np.linalg.solve(-generator, 1 - inside)
            np.testing.assert_allclose(integral[chain, at], days, rtol=1e-11)
