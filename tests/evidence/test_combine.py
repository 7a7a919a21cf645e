"""Random effects against published answers and against what must hold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.evidence import entry
from caresim.evidence.combine import combine, standard_error

# Thirteen trials of BCG vaccine (Colditz and others 1994, JAMA 271:698): cases and others
# among vaccinated, cases and others among controls.
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]
ESTIMATES = [math.log((a / (a + b)) / (c / (c + d))) for a, b, c, d in BCG]
ERRORS = [math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) for a, b, c, d in BCG]


def test_vaccine_trials_as_published():
    """tau² 0.3132, I² 92.22%, log risk ratio -0.7145: the R package metafor, method REML."""
    found = combine(ESTIMATES, ERRORS)
    assert found.tau**2 == pytest.approx(0.3132, abs=5e-5)
    assert found.share_of_differences == pytest.approx(0.9222, abs=5e-5)
    assert found.mean == pytest.approx(-0.7145, abs=5e-5)


def test_the_likelihood_is_greatest_there():
    found = combine(ESTIMATES, ERRORS)

    def restricted(tau2):
        weights = [1 / (e**2 + tau2) for e in ERRORS]
        mean = sum(w * y for w, y in zip(weights, ESTIMATES, strict=True)) / sum(weights)
        return (
            sum(math.log(w) for w in weights)
            - math.log(sum(weights))
            - sum(w * (y - mean) ** 2 for w, y in zip(weights, ESTIMATES, strict=True))
        )

    best = restricted(found.tau**2)
    assert best > restricted(found.tau**2 * 1.01)
    assert best > restricted(found.tau**2 * 0.99)


def test_studies_that_agree_have_no_differences():
    found = combine([0.2, 0.2, 0.2], [0.1, 0.1, 0.1])
    assert found.tau == 0
    assert found.share_of_differences == 0
    assert found.error == pytest.approx(0.1 / math.sqrt(3))  # not narrower than the plain one
    assert found.prediction(0.8) == found.interval(0.8)


def test_intervals_use_students_t():
    found = combine([0.2, 0.2, 0.2], [0.1, 0.1, 0.1])
    low, high = found.interval(0.95)
    assert (high - low) / 2 == pytest.approx(4.302653 * found.error, rel=1e-6)


@pytest.mark.parametrize(
    ("estimates", "errors", "why"),
    [
        ([0.1, 0.2], [0.1, 0.1], "at least 3"),
        ([0.1, 0.2, 0.3], [0.1, 0.1], "at least 3"),
        ([0.1, 0.2, 0.3], [0.1, 0.0, 0.1], "above 0"),
    ],
)
def test_what_cannot_be_combined(estimates, errors, why):
    with pytest.raises(ValueError, match=why):
        combine(estimates, errors)


STUDIES = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.05, 1.0)), min_size=3, max_size=8)


@given(STUDIES, st.floats(-3, 3))
def test_order_does_not_matter_and_a_shift_only_shifts(studies, shift):
    estimates, errors = zip(*studies, strict=True)
    one = combine(estimates, errors)
    back = combine(estimates[::-1], errors[::-1])
    moved = combine([y + shift for y in estimates], errors)
    assert back.mean == pytest.approx(one.mean, abs=1e-6)
    assert moved.mean == pytest.approx(one.mean + shift, abs=1e-6)
    assert moved.tau == pytest.approx(one.tau, abs=1e-4)
    assert min(estimates) - 1e-9 <= one.mean <= max(estimates) + 1e-9
    wide, narrow = one.prediction(0.95), one.interval(0.95)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


def test_standard_error_of_an_interval():
    assert standard_error(-1.96, 1.96, 0.95) == pytest.approx(1.0, abs=1e-4)


def test_the_combined_effect_of_the_library():
    home = entry("enhanced_care_homes")
    effect = home.effect("avoidable_admissions")
    three = [(0.50, 0.30, 0.82), (1.17, 0.76, 1.81), (0.73, 0.55, 0.98)]
    found = combine(
        [math.log(x) for x, _, _ in three],
        [standard_error(math.log(a), math.log(b), 0.95) for _, a, b in three],
    )
    assert effect.median == pytest.approx(math.expm1(found.mean))
    assert effect.low == pytest.approx(math.expm1(found.prediction(0.8)[0]))
    assert effect.level == 0.8
    assert effect.finding == "null"
    assert effect.status == "derived"
    assert "I²" in effect.warnings[0]
