"""Reports of interventions, and of two runs of one place."""

import pytest

import caresim as cs
from caresim.report import page, report

PLACE = """
caresim: 1
title: "Beds & <script>alert('one')</script>"
start_date: 2025-04-01
duration: 1 year
settings:
  acute:
    label: Beds 'A'
    kind: acute
    capacity: 20
    stay: {{mean: 5 days, cv: 1}}
    then: {{home: 80%, step_down: {{share: 20%, arrangement: 3 days}}}}
  step_down:
    kind: intermediate
    capacity: 10
    stay: {{distribution: exponential, mean: 10 days}}
arrivals:
  emergency: {{to: acute, rate: 3 per day}}
interventions:
  matrons:
    label: Matrons "of Evercare"
    evidence: case_management
    effects: [{{on: arrivals.emergency.rate, outcome: emergency_admissions}}]
  hub:
    label: Hub
    strength: 5
    effects: [{{on: settings.acute.then.step_down.arrangement, change: {{low: -60%, high: -20%}}}}]
  sure:
    label: As if certain
    effects: [{{on: settings.step_down.stay, change: -10%}}]
options:
  matrons: {{label: Matrons, interventions: [matrons]}}
  rest: {{label: The rest, interventions: [hub, sure]}}
run: {{engine: {engine}, members: {members}}}
"""


def run(folder, engine, members):
    path = folder / f"{engine}.yaml"
    path.write_text(PLACE.format(engine=engine, members=members), encoding="utf-8")
    return cs.run(path)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("both")
    return run(folder, "flow", 40), run(folder, "event", 12)


@pytest.fixture(scope="module")
def made(both):
    return report(*both)


def section(made, name):
    return next(one for one in made.sections if one.name == name)


def rows(made, name):
    table = next(one for one in made.tables if one.name == name)
    return [dict(zip((c.head for c in table.columns), row, strict=True)) for row in table.rows]


def test_the_evidence_says_what_is_known_of_each_effect(made):
    known = {row["intervention"]: row for row in rows(made, "evidence")}
    matrons, hub, sure = (known[n] for n in ('Matrons "of Evercare"', "Hub", "As if certain"))
    assert matrons["what is known of it"].startswith("no effect shown: its interval includes none")
    assert matrons["what is known of it"].endswith("its middle goes the wrong way")
    assert matrons["effect"] == "change +16.5%, -5.7% to +38.7% (95% sure)"
    assert "moderate" in matrons["strength of evidence"]
    assert hub["what is known of it"] == "an effect, of uncertain size"
    assert hub["strength of evidence"] == "5, very weak"
    assert sure["effect"] == "change -10.0%"
    assert sure["what is known of it"] == "one figure, as if it were certain"
    assert sure["strength of evidence"] == "not graded"
    points = " ".join(
        text for b in section(made, "evidence").blocks for text in getattr(b, "lines", ())
    )
    assert "what nobody knows" in points


def test_uncertain_inputs_of_all_options_are_counted(made):
    (line,) = (text for a in made.answers for text in a.lead if "futures were run" in text)
    assert "2 inputs are uncertain" in line


def test_the_engines_stand_side_by_side(both, made):
    found = {(row["option"], row["what"]): row for row in rows(made, "beside")}
    row = found["Do nothing", "delayed"]
    means = [run["do_nothing"].indicators()["delayed"].mean for run in both]
    assert [row["flow, 40 members: mean"], row["event, 12 members: mean"]] == means
    assert row["difference of means"] == means[1] - means[0]
    assert {option for option, _ in found} == {"Do nothing", "Matrons", "The rest"}
    # Only the event engine knows queues: they come from the other run.
    assert rows(made, "lengths")
    written = page(made)
    assert "The flow engine beside the event engine" in written
    assert "<script" not in written


def test_without_another_run_nothing_stands_beside(both):
    assert "beside" not in [one.name for one in report(both[0]).sections]


def test_runs_that_are_not_of_one_place_are_told(both, tmp_path):
    text = PLACE.format(engine="flow", members=3)
    path = tmp_path / "other.yaml"
    path.write_text(text.replace("duration: 1 year", "duration: 200 days"), encoding="utf-8")
    said = page(report(both[0], cs.run(path)))
    assert "The other run is of other dates" in said
    path.write_text(text.replace("capacity: 20", "capacity: 25"), encoding="utf-8")
    assert "scenario of the other run is not the same" in page(report(both[0], cs.run(path)))
    path.write_text(text.replace('title: "Beds', 'title: "Wards'), encoding="utf-8")
    assert "The other run is of another place: Wards" in page(report(both[0], cs.run(path)))
