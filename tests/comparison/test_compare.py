"""Whole comparisons: of scenarios, saved runs and results."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from made_runs import made_option, made_run

import caresim as cs
from caresim.cli import main
from caresim.comparison import Comparison, ComparisonError, compare
from caresim.comparison.figures import scale_of
from caresim.comparison.headlines import labels, told
from caresim.comparison.plan import _verdict

WIDTH = 100


def test_the_function_and_the_package_have_different_names():
    import caresim.comparison

    assert cs.compare is compare
    assert caresim.comparison.Comparison is Comparison is cs.Comparison


def test_differences_are_those_of_the_same_members(comparison):
    base, option = (comparison.values[name]["delayed"] for name in ("do_nothing", "both"))
    found = comparison.difference("both", "delayed")
    assert found.difference == pytest.approx((option - base).mean())
    assert (found.low_95, found.high_95) == pytest.approx(
        np.quantile(option - base, (0.025, 0.975))
    )
    assert (found.finding, found.effect) == ("lower", "better")


def test_null_evidence_is_not_ranked_above_doing_nothing(comparison):
    ranks = {one.option: one.rank for one in comparison.ranking("delayed")}
    assert ranks == {"both": 1, "do_nothing": 2, "null_evidence": 2}
    found = comparison.difference("null_evidence", "delayed")
    assert found.finding == "no difference shown"
    assert "no difference shown" in comparison.summary()


def test_chances_sum_to_one(comparison):
    for name, ranked in comparison.standings.items():
        assert sum(one.chance_best for one in ranked) == pytest.approx(1.0), name


def test_the_waterfall_adds_up_to_the_option(comparison):
    found = comparison.waterfall("both", "delayed")
    assert [label for label, _ in found.parts] == [
        "Shorter stays", "Transfer hub", "Values it sets",
    ]  # fmt: skip
    added = 0.0
    for _, part in found.parts:
        added += part.difference
    assert added + found.interaction == found.total
    whole = comparison.difference("both", "delayed").difference
    assert found.total == pytest.approx(whole, rel=1e-14)
    # Both shorten the same arrangement: together they do less than their sum.
    assert found.interaction > 0.0
    alone = found.parts[0][1].difference
    # 20% of 2 days of 20% of survivors, for about 8.5 arrivals a day, and the beds are enough.
    assert alone == pytest.approx(-0.2 * 2.0 * 0.2 * 8.5, rel=0.05)


def test_generated_parts_are_not_among_the_options(comparison):
    assert [entry.name for entry in comparison.entries] == ["do_nothing", "both", "null_evidence"]
    (run,) = comparison.runs
    assert run.names == run.manifest.options == ("do_nothing", "both", "null_evidence")


def test_effects_show_from_when_they_begin(comparison):
    (found,) = comparison.onsets("both", ["delayed"])
    assert found.date.isoformat() == "2024-04-01"
    assert comparison.onsets("null_evidence", ["delayed"])[0].date is None


def test_plans_beside_what_is_simulated(comparison):
    found = {one.month: one for one in comparison.plans["both"]}
    assert found["2024-05"].verdict == "less than planned"
    assert -1.0 < found["2024-05"].simulated < -0.3
    assert found["2024-12"].verdict == "more than planned"
    assert found["2030-01"].verdict == "not simulated"
    assert list(comparison.plans) == ["both"]
    assert _verdict(-1.0, 1.0, 0.5, 1.5) == "the other way"
    assert _verdict(-1.0, -1.0, math.nan, math.nan) == "as planned"


def test_money_is_that_of_the_appraisal(comparison):
    cost = comparison.difference("null_evidence", "net_present_cost")
    appraisal = comparison.appraisal("null_evidence")
    assert cost.difference == pytest.approx(appraisal.net_present_cost.mean())
    assert cost.base == 0.0
    # The programme itself, and a little for the days it adds.
    assert cost.difference == pytest.approx(50_000, rel=0.1)
    assert comparison.difference("null_evidence", "cost_per_year").effect == "worse"
    plane = comparison.plane("both")
    assert sum(plane.shares().values()) == pytest.approx(1.0)
    assert plane.chance_worth(1e9) == 1.0 > plane.chance_worth(0.0)
    assert plane.gain.mean() > 0.0


def test_the_shift_by_year_is_that_of_the_indicator(comparison):
    (year,) = comparison.shift["both"]
    values = comparison.values["both"]["care_days_outside_share"]
    assert year.care_days_outside_share == pytest.approx(values.mean())
    assert year.care_days_change == pytest.approx(
        comparison.difference("both", "care_days_outside_share").difference
    )
    assert 0.0 < year.spend_outside_share < 1.0
    assert year.spend_change > 0.0


def test_the_data_name_things_in_plain_words(comparison):
    data = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))
    both = data["options"]["both"]
    assert set(both["by_payer"]) == {"hospital", "board", "council"}
    assert both["net_present_cost"]["mean"] == pytest.approx(
        sum(one["present"]["mean"] for one in both["by_payer"].values())
    )
    assert {"payback_years", "plane", "plan", "waterfall", "shows_from"} <= set(both)
    assert data["options"]["do_nothing"]["chance_best"]["delayed"] == 0.0
    assert data["options"]["both"]["expected_regret"]["delayed"] == 0.0
    assert [one["year"] for one in both["shift"]] == ["year_1"]
    assert data["indicators"]["delayed"]["ranking"][0] == {"option": "both", "rank": 1}
    assert both["differences"]["delayed"]["unit"] == "people"
    assert len(both["plane"]["points"]) == comparison.members


def test_the_text_fits_the_page(comparison):
    text = comparison.summary()
    assert max(map(len, text.splitlines())) <= WIDTH
    for said in ("95% of", "interaction", "Planned and simulated", "who pays", "best in"):
        assert said in text
    assert "significant" not in text


def test_a_saved_comparison_can_be_compared_again(comparison, tmp_path):
    folder = comparison.save(tmp_path / "saved")
    assert {path.name for path in folder.iterdir()} == {
        "comparison.json", "comparison.txt", "differences.csv", "plane.csv", "run",
    }  # fmt: skip
    again = compare(folder / "run")
    assert again.differences["both"] == comparison.differences["both"]
    apart = compare(folder / "run", waterfall=["both"])
    assert apart.waterfall("both", "delayed") == comparison.waterfall("both", "delayed")
    with pytest.raises(FileExistsError):
        comparison.save(folder)


def test_a_sweep_makes_options(place):
    found = compare(place, sweep="settings.step_down.capacity=60:62", members=4)
    names = [entry.name for entry in found.entries]
    assert names == ["do_nothing", *(f"step_down_capacity_{n}" for n in (60, 61, 62))]
    places = [entry.results.totals["capacity"][0, 0, 1].item() for entry in found.entries]
    assert places == [80.0, 60.0, 61.0, 62.0]


def test_a_sweep_of_a_file_without_options(place, tmp_path):
    text = place.read_text(encoding="utf-8")
    start, end = text.index("options:"), text.index("run:")
    bare = tmp_path / "bare.yaml"
    bare.write_text(text[:start] + text[end:], encoding="utf-8")
    found = compare(bare, sweep=["settings.acute.capacity=95,100"], members=3)
    assert [entry.name for entry in found.options] == ["acute_capacity_95", "acute_capacity_100"]
    with pytest.raises(ComparisonError, match="only option"):
        compare(bare, members=3)
    with pytest.raises(cs.ScenarioError, match="acut"):
        compare(bare, sweep="settings.acut.capacity=95,100", members=3)


def test_runs_that_were_not_run_alike_are_told():
    one = made_run(made_option(inputs=1))
    other = made_run(
        made_option("more", members=40, engine="flow", days=365.0, seed=3, inputs=1),
        seed=2,
        scenario={"caresim": 1, "place": {"name": "Elsewhere"}, "options": {}},
    )
    found = compare(one, other)
    said = " ".join(found.warnings)
    for what in ("numbers of members (40, 50)", "seed (2", "engine (flow", "place (Elsewhere"):
        assert what in said
    assert "length in days (365 in place of 730)" in said
    assert found.members == 40
    assert found.difference("more", "delayed").indicator == "delayed"
    assert found.onsets("more", ["delayed"]) == []


def test_draws_that_are_not_the_same_are_told():
    one = made_run(made_option(inputs=1))
    other = made_option("more", inputs=1, seed=4)
    other.draws[:] += 0.5
    found = compare([one, made_run(other)])
    assert found.warnings == (
        "more: the draws of `settings.acute.stay.mean0` are not those of do_nothing: the "
        "uncertainty of these inputs is part of the difference.",
    )


def test_options_alike_are_taken_once_and_namesakes_keep_apart():
    base, more = made_option(), made_option("more", seed=5)
    one = made_run(base, more)
    two = made_run(base, made_option("more", seed=6))
    found = compare(one, two)
    assert [entry.name for entry in found.entries] == ["do_nothing", "more", "run_2/more"]
    # Labels that are alike once they are cut give way to names.
    assert labels(found, 12)["run_2/more"] == "More (run_2)"
    assert labels(found, 4) == {"do_nothing": "Do …", "more": "More", "run_2/more": "Mor…"}


def test_what_differs_by_chance_alone_is_judged_by_its_mean():
    found = compare(made_run(made_option(), made_option("more", seed=5)))
    assert found.basis == "mean"
    certain = compare(made_run(made_option(engine="flow"), made_option("more", engine="flow")))
    assert certain.basis == "certain"


@pytest.mark.parametrize(
    ("given", "asked", "said"),
    [
        ([made_run(made_option("more"))], {}, "none of these runs has the option do_nothing"),
        ([made_run(made_option())], {}, "nothing to compare"),
        ([], {}, "give a scenario file"),
        ([7], {}, "int is nothing"),
        ([made_run(made_option())], {"sweep": "a.b=1:2"}, "in a scenario file only"),
        ([made_run(made_option())], {"better": {"delayed": "more"}}, "is no indicator"),
    ],
)
def test_what_cannot_be_compared(given, asked, said):
    with pytest.raises(ComparisonError, match=said):
        compare(*given, **asked)


def test_what_cannot_be_taken_apart(place):
    with pytest.raises(ComparisonError, match="one intervention"):
        compare(place, waterfall="null_evidence", members=3)
    with pytest.raises(ComparisonError, match="no option 'absent'"):
        compare(place, waterfall="absent", members=3)


def test_the_command(place, tmp_path, capsys):
    arguments = ["compare", str(place), "--members", "5", "--option", "both", "-q"]
    assert main([*arguments, "--json", "-o", str(tmp_path / "out")]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data["options"]) == ["do_nothing", "both"]
    assert data["members"] == 5
    saved = str(tmp_path / "out" / "run")
    assert main(["compare", saved, "--indicator", "occupied.acute"]) == 0
    assert "Occupied, acute [occupied.acute]" in capsys.readouterr().out
    assert main(["compare", saved, "--members", "3"]) == 2
    assert "compared as it was run" in capsys.readouterr().err
    assert main(["compare", saved, "--indicator", "delayd"]) == 2
    assert "did you mean 'delayed'" in capsys.readouterr().err
    assert main(["compare", saved, "--better", "delayed"]) == 2
    assert main([*arguments, "-o", saved]) == 2
    assert main(["compare", saved, "--better", "occupied.acute=lower", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["indicators"]["occupied.acute"]["better"] == "lower"


def test_the_short_text_fits_two_screens_and_has_what_is_shown(comparison):
    text = comparison.brief()
    lines = text.splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 100
    shown = [
        one
        for name in told(comparison)
        if name != "net_present_cost"
        for of in comparison.differences.values()
        if name in of and not (one := of[name]).finding.startswith(("no ", "too few"))
    ]
    assert shown
    for one in shown:
        among = [of[one.indicator] for of in comparison.differences.values()]
        scale = scale_of(one.unit, [x for each in among for x in (each.base, each.mean)])
        assert f"{scale.change(one.low_95)} to {scale.change(one.high_95)}" in text
    assert "no difference shown in people delayed" in text
    assert "--full" in text
    assert len(comparison.summary().splitlines()) > len(lines)


def test_case_management_with_no_fewer_admissions_is_not_ranked_above_doing_nothing():
    """Nine trusts, Gravelle and others (2007): no fewer admissions, and the caseload costs."""
    scenarios = Path(__file__).parents[2] / "scenarios" / "systems"
    found = compare(
        scenarios / "evercare_community_matrons.yaml",
        members=60,
        better={"admissions_per_day.acute": "lower"},
    )
    admissions = found.difference("matrons", "admissions_per_day.acute")
    assert admissions.finding == "no difference shown"
    assert admissions.difference > 0.0
    ranks = {one.option: one for one in found.ranking("admissions_per_day.acute")}
    assert ranks["do_nothing"].rank == 1
    assert ranks["matrons"].rank == 1
    assert ranks["do_nothing"].chance_best > 0.8
    assert found.difference("matrons", "cost_per_year").difference > 0.0
    said = next(text for text in found.brief().split("\n\n") if "no difference shown in" in text)
    assert "admissions per day, Acute hospital" in said.replace("\n", " ")
