"""Effects as distributions: intervals met, ratios converted, only benefits discounted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.evidence import CORRECTIONS, correction, entries, entry
from caresim.evidence.measures import change, risk_ratio
from caresim.evidence.schema import Reported
from caresim.evidence.spread import with_mean, with_median

# Mean and 10th to 90th percentile of the reductions, in per cent.
EXPERTS = {
    "expert_frailty_high": ("emergency_admissions", 5.7, 0.4, 16.4),
    "expert_frailty_intermediate": ("emergency_admissions", 8.6, 0.9, 20.8),
    "expert_falls": ("emergency_admissions", 14.1, 1.3, 43.1),
    "expert_readmission": ("readmission", 16.4, 4.1, 36.6),
    "expert_chronic_conditions": ("emergency_admissions", 24.9, 2.9, 59.0),
    "expert_acute_conditions": ("emergency_admissions", 23.8, 2.9, 56.4),
    "expert_older_stay": ("length_of_stay", 17.4, 4.0, 39.3),
    "expert_stroke_stay": ("length_of_stay", 18.0, 3.3, 44.6),
}
MANY = (np.arange(400_000) + 0.5) / 400_000


@pytest.mark.parametrize("name", EXPERTS)
def test_expert_ranges_meet_mean_and_percentiles(name):
    outcome, mean, low, high = EXPERTS[name]
    effect = entry(name).effect(outcome)
    reductions = -100 * effect.quantile(MANY)
    assert float(reductions.mean()) == pytest.approx(mean, abs=1e-3)
    assert np.quantile(reductions, [0.1, 0.9]) == pytest.approx([low, high], abs=1e-3)
    assert effect.mean == pytest.approx(-mean / 100, abs=1e-6)
    assert reductions.min() > 0
    assert reductions.max() < 100
    assert effect.finding == "opinion"


def test_one_range_needs_a_bound_below_all():
    with pytest.raises(ValueError, match=r"means from -0\.1034 to -0\.06041"):
        with_mean("logitnormal", -0.164, -0.057, -0.004, 0.8)


def test_a_plain_normal():
    spread = with_median("normal", -0.05, 0.1, 0.25, 0.95)
    assert spread.mean() == pytest.approx(0.1)
    assert [spread.below, spread.above] == pytest.approx([0.15 / 1.959964] * 2)


@given(
    st.floats(0.2, 1.8), st.floats(0.01, 0.8), st.floats(0.01, 0.8), st.sampled_from([0.8, 0.95])
)
def test_ratios_meet_their_interval_whatever_its_skew(middle, down, up, level):
    low, high = middle * np.exp(-down) - 1, middle * np.exp(up) - 1
    spread = with_median("lognormal", low, middle - 1, high, level)
    ends = spread.quantile(np.array([(1 - level) / 2, 0.5, (1 + level) / 2]))
    assert ends == pytest.approx([low, middle - 1, high], abs=1e-9)
    assert spread.mean() == pytest.approx(float(spread.quantile(MANY).mean()), abs=2e-3)


def test_the_middle_must_lie_inside():
    with pytest.raises(ValueError, match="outside the interval"):
        with_median("normal", 0.0, 1.5, 1.0, 0.8)


def test_odds_ratios_need_the_risk():
    # Deaths in the trial of telehealth: 4.6% against 8.3%.
    assert risk_ratio(0.54, 0.083) == pytest.approx(4.6 / 8.3, abs=0.01)
    assert risk_ratio(1.0, 0.3) == 1.0
    kept = entry("falls_after_discharge").effect("fallers")
    assert kept.median == pytest.approx(0.74)
    assert any("odds ratio is used as a ratio of risks" in w for w in kept.warnings)
    converted = entry("telehealth").effect("mortality")
    assert converted.median == pytest.approx(risk_ratio(0.54, 0.083) - 1)
    assert not converted.warnings


def _reported(**fields):
    return Reported.model_validate(
        {"outcome": "falls", "study": "s", "measure": "percent_change", **fields}
    )


def test_percentages_stand_on_the_scale_they_were_estimated_on():
    assert change(_reported(central=-23, low=-39, high=-3)).shape == "lognormal"
    assert change(_reported(central=16.5, low=-5.7, high=38.7)).shape == "normal"
    assert change(_reported(central=-50, low=-120, high=20)).shape == "normal"


def test_rates_become_relative_by_their_base():
    fields = {"measure": "rate_difference", "central": -0.6, "low": -0.9, "high": 0.3}
    relative = change(_reported(**fields, base_rate=6.0))
    assert (relative.kind, relative.low, relative.high) == pytest.approx(("relative", -0.15, 0.05))
    assert change(_reported(**fields, unit="a month")).kind == "difference"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"central": -20, "finding": "unclear"}, "no interval"),
        ({"measure": "amount", "central": 5, "finding": "unclear"}, "no effect"),
        ({"measure": "stated", "says": "nothing", "finding": "null"}, "no effect"),
    ],
)
def test_what_is_no_effect_gives_none(fields, why):
    with pytest.raises(ValueError, match=why):
        change(_reported(**fields))


@pytest.mark.parametrize("one", entries(), ids=lambda one: one.id)
def test_only_benefits_are_discounted(one):
    from caresim.evidence.vocabulary import OUTCOMES

    for outcome in one.outcomes:
        effect = one.effect(outcome)
        share = correction(effect.strength)
        before, after = (e.quantile(MANY[::4000]) for e in (effect, effect.corrected()))
        sign = {"lower": -1, "higher": 1, "neither": 0}[OUTCOMES[outcome].better]
        benefit = before * sign > 0
        assert after[benefit] == pytest.approx(before[benefit] * (1 - share))
        assert np.array_equal(after[~benefit], before[~benefit])


def test_the_mean_of_a_discounted_effect():
    effect = entry("case_management").effect("emergency_admissions").corrected(0.4)
    assert effect.mean == pytest.approx(float(effect.quantile(MANY).mean()), abs=1e-5)
    assert effect.mean > 0.165
    assert effect.high == pytest.approx(0.387)
    assert effect.low == pytest.approx(-0.057 * 0.6)
    with pytest.raises(ValueError, match="between 0 and 1"):
        effect.corrected(1.2)


def test_grades():
    assert [correction(grade) for grade in range(1, 7)] == [0, 0.05, 0.1, 0.15, 0.25, 0.4]
    assert list(CORRECTIONS) == [1, 2, 3, 4, 5, 6]
    with pytest.raises(ValueError, match="from 1 to 6"):
        correction(0)


def test_a_difference_in_days_becomes_relative_by_the_stay():
    days = entry("early_supported_discharge_older").effect("length_of_stay")
    relative = days.relative_to(12.08)
    assert relative.median == pytest.approx(-0.5)
    assert relative.low == pytest.approx(-9.76 / 12.08)
    # A stay shorter than the gain cannot become negative.
    short = days.relative_to(5.0)
    assert float(short.quantile(MANY).min()) == -1.0
    assert short.mean == pytest.approx(float(short.quantile(MANY).mean()), abs=1e-4)
    with pytest.raises(ValueError, match="already"):
        relative.relative_to(12.0)
    with pytest.raises(ValueError, match="above 0"):
        days.relative_to(0.0)


def test_chance_of_benefit():
    harm = entry("telehealth_routine").effect("admission_or_death")
    assert harm.chance_of_benefit < 0.001
    null = entry("case_management").effect("emergency_admissions")
    assert null.chance_of_benefit == pytest.approx(
        float((null.quantile(MANY) < 0).mean()), abs=1e-4
    )
    better = entry("geriatric_assessment").effect("alive_at_home")
    assert better.chance_of_benefit > 0.95
