"""Every entry is sound, and what must not be lost is there."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import yaml

from caresim import evidence
from caresim.evidence import library
from caresim.evidence.combine import combine, standard_error
from caresim.evidence.findings import finding, overall
from caresim.evidence.words import in_order

ENTRIES = evidence.entries()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_usable_outcome_gives_an_effect_that_meets_its_interval(entry):
    for outcome in entry.outcomes:
        effect = entry.effect(outcome)
        assert effect.low < effect.median < effect.high
        assert effect.low < effect.mean < effect.high
        assert effect.kind == "relative" or effect.unit
        chosen = entry.chosen(outcome)
        if not isinstance(chosen, tuple) and chosen.measure == "percent_change":
            reported = (chosen.low, chosen.central, chosen.high)
            found = [100 * x for x in (effect.low, effect.median, effect.high)]
            assert found == pytest.approx(reported, abs=1e-9)


HEADLINES = [
    ("case_management", "emergency_admissions", 0.165, -0.057, 0.387, "null"),
    ("integrated_care_pilots", "emergency_admissions", 0.09, 0.0, 0.18, "adverse"),
    ("telehealth_routine", "admission_or_death", 0.34, 0.16, 0.56, "adverse"),
    ("enhanced_care_homes", "emergency_admissions", -0.23, -0.39, -0.03, "benefit"),
    ("care_home_beds", "social_care_delayed_days", -0.075, -0.09, -0.06, "benefit"),
    ("falls_exercise", "falls", -0.23, -0.29, -0.17, "benefit"),
    ("hospital_at_home", "care_home_admission", -0.42, -0.55, -0.24, "benefit"),
    ("social_care_spending", "emergency_admissions", 0.009, -0.035, 0.056, "null"),
    ("early_supported_discharge_older", "length_of_stay", -6.04, -9.76, -2.32, "benefit"),
]


@pytest.mark.parametrize(("name", "outcome", "middle", "low", "high", "found"), HEADLINES)
def test_headline_effects(name, outcome, middle, low, high, found):
    effect = evidence.entry(name).effect(outcome)
    assert (effect.median, effect.low, effect.high) == pytest.approx((middle, low, high), abs=1e-9)
    assert effect.finding == found


def test_care_home_support_saves_no_bed_days():
    entry = evidence.entry("enhanced_care_homes")
    assert entry.effect("bed_days").finding == "null"
    assert overall(entry) == "null"


def test_one_more_home_care_provider():
    effect = evidence.entry("home_care_supply").effect("social_care_delayed_days")
    assert effect.median == pytest.approx(-0.149)
    # The saving per provider is the same estimate times a price: 12,600 (900 to 24,500).
    assert effect.low == pytest.approx(-0.149 * 24_500 / 12_600, abs=0.001)
    assert effect.high == pytest.approx(-0.149 * 900 / 12_600, abs=0.001)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("discharge_to_assess", "length_of_stay"),
        ("urgent_community_response", "emergency_admissions"),
        ("reablement", "home_care_use"),
    ],
)
def test_what_nobody_has_studied_is_wide_and_says_so(name, outcome):
    effect = evidence.entry(name).effect(outcome)
    assert effect.finding == "unknown"
    assert effect.strength >= 5
    assert effect.high >= 0 > effect.low
    assert any("no controlled study" in warning for warning in effect.warnings)


def _width_of_like(names):
    effects = [evidence.entry(a).effect(b) for a, b in (name.split(".") for name in names)]
    found = combine(
        [math.log1p(e.median) for e in effects],
        [standard_error(math.log1p(e.low), math.log1p(e.high), e.level) for e in effects],
    )
    low, high = found.prediction(0.8)
    return 100 * (high - low) / 2


LIKE = [(e, r) for e in ENTRIES for r in e.effects if r.interval == "like"]


@pytest.mark.parametrize(("entry", "reported"), LIKE, ids=lambda x: getattr(x, "id", ""))
def test_the_width_of_the_unstudied_follows_from_the_studied(entry, reported):
    assert reported.central == 0
    assert reported.high == -reported.low == round(_width_of_like(reported.like))


def test_some_width_follows_from_the_studied():
    assert {entry.id for entry, _ in LIKE} >= {"urgent_community_response", "reablement"}


def test_programmes_are_compared_by_their_growth():
    entry = evidence.entry("integration_programmes")
    growth = {r.of: r for r in entry.effects if r.measure == "growth_percent"}
    for against in (r for r in entry.effects if r.measure == "rate_ratio"):
        with_it, without = growth[against.of.split(" ")[0]], growth["in no programme"]
        logs = [math.log1p(g.central / 100) for g in (with_it, without)]
        errors = [
            standard_error(g.low, g.high, 0.95) / (100 + g.central) for g in (with_it, without)
        ]
        half = 1.959964 * math.hypot(*errors)
        middle = logs[0] - logs[1]
        expected = [math.exp(x) for x in (middle, middle - half, middle + half)]
        assert [against.central, against.low, against.high] == pytest.approx(expected, abs=6e-4)


def test_the_first_year_of_the_pioneers_follows_from_its_p_value():
    reported = evidence.entry("pioneers").effects[0]
    error = (4.84 - 1.93) / 2.0758  # |z| of p = 0.0379
    found = [100 * (x / 104.84) for x in (-2.91, -2.91 - 1.96 * error, -2.91 + 1.96 * error)]
    assert [reported.central, reported.low, reported.high] == pytest.approx(found, abs=0.05)


def test_a_slogan_is_no_input():
    entry = evidence.entry("ten_days_in_bed")
    assert entry.kind == "not_supported"
    assert entry.outcomes == ()
    with pytest.raises(evidence.EvidenceError, match="not for use"):
        entry.effect("strength")


def test_an_outcome_without_a_distribution_names_those_with_one():
    with pytest.raises(evidence.EvidenceError, match=r"only in words.*it has emergency_adm"):
        evidence.entry("case_management").effect("admissions")
    with pytest.raises(evidence.EvidenceError, match="no effect on falls"):
        evidence.entry("case_management").effect("falls")
    with pytest.raises(evidence.EvidenceError, match="no figure that could be used"):
        evidence.entry("three_conversations").effect("care_packages")


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(evidence.EvidenceError, match="did you mean virtual_ward"):
        evidence.entry("virtual_wards")
    with pytest.raises(evidence.EvidenceError, match=r"library; `caresim evidence`"):
        evidence.entry("zzzz")
    assert "discharge_to_assess" in evidence.nearest("assess-to-discharge")
    assert "telehealth" in evidence.nearest("telehealht")
    with pytest.raises(evidence.EvidenceError):
        evidence.entry("../__init__")


def test_one_entry_reads_one_file(monkeypatch):
    opened = []
    real = Path.open

    def spy(path, *args, **kwargs):
        opened.append(path.name)
        return real(path, *args, **kwargs)

    library.entry.cache_clear()
    monkeypatch.setattr(Path, "open", spy)
    evidence.entry("falls_exercise")
    evidence.entry("falls_exercise")
    assert opened == ["falls_exercise.yaml"]


def test_harms_and_nulls_come_before_benefits():
    found = [overall(entry) for entry in in_order(ENTRIES)]
    assert found.index("benefit") > max(i for i, f in enumerate(found) if f == "null")
    assert found.index("null") > max(i for i, f in enumerate(found) if f == "adverse")
    assert found[-1] == "not_supported"
    assert found.count("adverse") + found.count("null") >= 15


def test_a_file_that_is_not_valid_is_named(tmp_path):
    good = yaml.safe_load((library.FOLDER / "telecare.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "telecare.yaml"

    def fails(message):
        path.write_text(yaml.safe_dump(good), encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            library.read(path)

    good["mood"] = "fine"
    fails("telecare.yaml")
    del good["mood"]
    good["id"] = "telehealth"
    fails("the id is telehealth")
    good["id"] = "telecare"
    path.write_text(yaml.safe_dump(good), encoding="utf-8")
    assert library.read(path) == evidence.entry("telecare")


def test_unverified_figures_stay_unverified():
    seen = []
    for entry in ENTRIES:
        for outcome in entry.outcomes:
            chosen = entry.chosen(outcome)
            if not isinstance(chosen, tuple):
                status = chosen.status or entry.studies[chosen.study].status
                assert entry.effect(outcome).status == status
                seen.append(status)
    assert "unverified" in seen


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_findings_follow_from_the_figures(entry):
    for reported in entry.effects:
        found = finding(entry, reported)
        if found == "benefit" and reported.usable and reported.measure != "stated":
            ends = [reported.low, reported.high]
            no_change = 1 if reported.measure.endswith("ratio") else 0
            assert not (ends[0] < no_change < ends[1])
