"""Whole fits of a small place."""

import json

import numpy as np
import pandas as pd
import pytest

import caresim as cs
from caresim.calibration.run import CalibrationError
from caresim.calibration.simulate import Simulator
from caresim.cli import main


def said(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_fit_finds_what_the_figures_were_made_with(place):
    found = cs.calibrate(place, seed=4, folder="fit")
    values = found.unknowns.values(found.fit.z)
    for column, truth in enumerate((7.0, 4.0)):
        low, high = np.quantile(values[:, column], (0.01, 0.99))
        assert low < truth < high
        assert high - low < 2.5
    assert found.scores[0].covered[1] >= 0.5
    table = pd.read_csv("fit/fit.csv")
    assert len(table) == 48
    assert set(table.use) == {"fitted", "held_out"}
    assert "Look at" not in found.summary() or found.warnings
    again = cs.calibrate(place, seed=4)
    assert np.array_equal(again.fit.z, found.fit.z)
    assert not np.array_equal(cs.calibrate(place, seed=5).fit.z, found.fit.z)


def test_draws_of_a_fit_feed_later_runs_which_can_be_repeated(place):
    found = cs.calibrate(place, folder="fit", draws=60)
    results = cs.run(place, draws="fit").save("run")
    assert results.members == 60
    beds = results["do_nothing"].totals["occupied"][:, 0, :, 0]
    model = found.unknowns.values(found.fit.z)
    acute = [s.name for s in results["do_nothing"].labels.settings].index("acute")
    assert beds[:, acute] == pytest.approx(30 * model[:, 0] + 6 * model[:, 1], rel=0.01)
    assert cs.rerun("run").identical
    assert cs.run(place, draws="fit", engine="event", members=2).members == 2


DELAY = "settings.acute.then.home_care.arrangement: {low: 3 days, high: 8 days, level: 90%}"
STAY = "settings.acute.stay.mean: {low: 4 days, high: 9 days, level: 90%}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("high: 9 days", "high: 10 days", "the interval of `settings.acute.stay.mean`"),
        (DELAY, "settings.home_care.stay: {low: 9 days, high: 30 days}", "is no uncertain input"),
    ],
)
def test_draws_of_another_scenario_are_refused(place, before, after, expected):
    cs.calibrate(place, folder="fit", draws=30)
    place.write_text(place.read_text().replace(before, after))
    with pytest.raises(cs.ChoiceError, match=expected):
        cs.run(place, draws="fit")


def test_more_members_than_draws_are_refused(place):
    cs.calibrate(place, folder="fit", draws=30)
    with pytest.raises(cs.ChoiceError, match="there are 30 draws"):
        cs.run(place, draws="fit", members=31)


def also_fitted(place, entry):
    place.write_text(place.read_text().replace("  observed:\n", f"    {entry}\n  observed:\n"))


def test_an_input_that_no_figure_depends_on_is_named(place):
    also_fitted(place, "settings.home_care.stay: {low: 10 days, high: 30 days}")
    found = cs.calibrate(place)
    assert any("say nothing of settings.home_care.stay" in text for text in found.warnings)


def test_inputs_that_cannot_be_told_apart_are_named(place):
    also_fitted(place, "arrivals.emergency.rate: {low: 15 per day, high: 45 per day}")
    found = cs.calibrate(place)
    assert any("do not tell these apart" in text for text in found.warnings)


def test_figures_that_no_inputs_can_meet_are_named(place):
    place.write_text(place.read_text().replace(STAY, STAY.replace("4", "2.9").replace("9 ", "3 ")))
    found = cs.calibrate(place)
    assert any("figures of beds: it is off by" in text for text in found.warnings)


def test_an_interrupted_fit_goes_on_and_comes_to_the_same(place, monkeypatch, capsys):
    whole = cs.calibrate(place, folder="whole")
    run, calls = Simulator._run, []

    def interrupted(self, z):
        calls.append(len(z))
        if len(calls) == 4:
            raise KeyboardInterrupt
        return run(self, z)

    monkeypatch.setattr(Simulator, "_run", interrupted)
    code, _, err = said(capsys, "calibrate", place, "-o", "fit")
    assert code == 130
    assert "--resume -o fit" in err
    code, _, err = said(capsys, "calibrate", place, "-o", "fit")
    assert code == 2
    assert "go on with --resume" in err
    monkeypatch.setattr(Simulator, "_run", run)
    code, _, err = said(capsys, "calibrate", place, "-o", "fit", "--resume", "--seed", 9)
    assert code == 2
    assert "seed changed" in err
    assert said(capsys, "calibrate", place, "-o", "fit", "--resume")[0] == 0
    first, second = (pd.read_csv(f"{name}/fit.csv") for name in ("whole", "fit"))
    assert first.equals(second)
    assert whole.fit.members > 500
    assert not (place.parent / "fit" / ".unfinished").exists()


def test_json_and_the_manifest(place, capsys):
    code, out, _ = said(capsys, "calibrate", place, "-o", "fit", "--json", "--draws", 40)
    data = json.loads(out)
    assert code == 0
    assert [one["input"] for one in data["fitted"]] == sorted(
        ["settings.acute.stay.mean", "settings.acute.then.home_care.arrangement"]
    )
    assert data["series"][0]["figures_held_out"] == 6
    manifest = json.loads((place.parent / "fit" / "manifest.json").read_text())
    assert manifest["seed"] == 1
    assert manifest["scenario"]["calibration"]["observed"]["beds"]["values"]
    assert manifest["command"][:2] == ["caresim", "calibrate"]


def test_figures_of_the_command_line(place, capsys):
    text = "week,occupied.acute,sundries\n"
    text += "".join(f"2022-{m:02}-03,{230 + m},x\n" for m in range(1, 13))
    (place.parent / "other.csv").write_text(text)
    block = place.read_text().split("calibration:")[0]
    place.write_text(block.replace("mean: 6 days", "mean: {low: 4 days, high: 9 days}"))
    found = cs.calibrate(place, "other.csv", draws=30)
    assert found.unknowns.names == ("settings.acute.stay.mean",)
    assert found.foretold[0].series.period == "month"
    assert "sundries" in found.warnings[0]
    assert not any("neither fitted nor held out" in one for one in found.warnings)
    (place.parent / "other.csv").write_text("date,occupied.acute\n2021-01,230\n2022-01,240\n")
    found = cs.calibrate(place, "other.csv", draws=30)
    assert any("occupied.acute 1 figure is neither" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("csv", "expected", "code"),
    [
        ("month,beds,delayed\n2022-01,1,2\n2022-01,1,2\n", "comes twice", 3),
        ("month,beds,delayed\n2022-13,1,2\n", "there is no day", 3),
        ("month,beds,delayed\n2022-01,many,2\n", "`many` is not a number", 3),
        ("month,beds,delayd\n2022-01,1,2\n", "did you mean `delayd`?", 3),
        ("month,beds,delayed\n2021-01,1,2\n2021-02,1,2\n", "let the run start before", 3),
        ("month,beds,delayed\n", "no header line with rows", 3),
        ("\0\1", "is not text", 3),
        ("month;beds;delayed\n2022-01;1;2\n", "are parted by `;`: save it with commas", 3),
        ("month,beds,delayed\n44562,1,2\n", "as spreadsheets count days", 3),
        ("month,beds,delayed\n02/13/2022,1,2\n", "write it as `2022-02-13`", 3),
    ],
)
def test_faults_of_figures_are_said_with_their_line(place, capsys, csv, expected, code):
    (place.parent / "other.csv").write_text(csv)
    ended, _, err = said(capsys, "calibrate", place, "--observed", "other.csv", "-o", "fit")
    assert expected in err
    assert ended == code
    assert "bug" not in err
    assert not (place.parent / "fit").exists()


def test_nothing_to_fit_or_to_fit_to_is_refused(place, capsys):
    block = place.read_text().split("calibration:")[0]
    place.write_text(block)
    with pytest.raises(cs.ChoiceError, match="no observed figures"):
        cs.calibrate(place)
    (place.parent / "other.csv").write_text("date,occupied.acute\n2022-01-01,5\n2022-02-01,5\n")
    with pytest.raises(CalibrationError, match="no uncertain input"):
        cs.calibrate(place, "other.csv")
    code, _, err = said(capsys, "calibrate", place, "--observed", "absent.csv", "-o", "fit")
    assert (code, "absent.csv" in err) == (3, True)
