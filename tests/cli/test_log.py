"""The event log from the command line and from Python: kept, saved, read back, written out."""

import numpy as np
import pandas as pd
import pytest

import caresim as cs
from caresim.results.event_log import LogNotKeptError
from caresim.results.store import read_results

COLUMNS = [
    *("member", "person", "cohort", "setting", "requested", "started", "ready", "left"),
    *("next_setting", "outcome", "reason", "censored"),
]


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A run of two options with their logs, and its folder."""
    folder = tmp_path_factory.mktemp("logged")
    (path := folder / "place.yaml").write_text(
        """
caresim: 1
duration: 8 weeks
settings:
  acute: {kind: acute, capacity: 12, stay: 5 days, then: {step_down: 30%, home: rest}}
  step_down: {kind: intermediate, capacity: 8, stay: 12 days}
arrivals:
  emergency: {to: acute, rate: 2.5 per day}
options:
  more: {set: {settings.step_down.capacity: 16}}
"""
    )
    results = cs.run(cs.load(path), engine="event", members=3, log=True)
    return results.save(folder / "run")


def test_the_log_of_a_run_has_a_row_for_each_stay(logged):
    frame = logged["do_nothing"].event_log
    assert list(frame.columns) == COLUMNS
    totals = logged["do_nothing"].totals
    assert frame["started"].notna().sum() == totals["admissions"][:, 0].sum()
    assert frame["censored"].sum() == frame["left"].isna().sum() > 0
    assert set(frame["member"]) == {0, 1, 2}


def test_lengths_told_are_those_of_the_log(logged):
    """Median and 95th percentile within the width of a bin, the mean and shares exactly."""
    option = logged["do_nothing"]
    frame = option.event_log
    left = frame[frame["left"].notna() & (frame["setting"] == "acute") & frame["started"].notna()]
    stay = left["left"] - left["started"]
    told = option.pooled_spells["stay"][0, 0]
    assert told[0] == len(stay)
    assert told[1] == pytest.approx(stay.mean(), rel=1e-12)
    for column, level in ((2, 0.5), (3, 0.95)):
        exact = np.quantile(stay, level, method="inverted_cdf")
        assert told[column] == pytest.approx(exact, rel=1 / 64)
    for column, days in enumerate((7, 14, 21), start=4):
        assert told[column] == pytest.approx((stay >= days).mean())
    delay = (left["left"] - left["ready"])[left["left"] > left["ready"]]
    assert option.pooled_spells["delay"][0, 0, :2] == pytest.approx([len(delay), delay.mean()])


def test_a_saved_log_is_read_back_as_it_was(logged):
    again = read_results(logged.folder)
    for option in logged:
        pd.testing.assert_frame_equal(again[option.name].event_log, option.event_log)


@pytest.mark.parametrize("form", ["csv", "parquet", "xes", "bupar", "vidigi"])
def test_export_writes_the_log_of_every_option(caresim, logged, tmp_path, form):
    said = caresim("export", logged.folder, "--log", form, "-o", tmp_path / "out")
    assert said.code == 0
    files = said.out.split()
    assert len(files) == 2
    if form == "vidigi":
        assert "entity_id" in pd.read_csv(files[0]).columns
    if form == "bupar":
        assert "case_id" in pd.read_csv(files[0]).columns
    if form == "csv":
        assert len(pd.read_csv(files[1])) == len(logged["more"].event_log)


def test_a_member_that_was_not_run_is_refused(caresim, logged, tmp_path):
    out = tmp_path / "out"
    said = caresim("export", logged.folder, "--log", "vidigi", "--member", 3, "-o", out)
    assert said.code == 2
    assert "the run has 3" in said.err


def test_a_run_without_a_log_says_how_to_get_one(caresim, place):
    said = caresim("run", place, "--engine", "event", "--members", 2, "-q", "-o", "run")
    assert said.code == 0
    said = caresim("export", "run", "--log", "csv")
    assert said.code != 0
    assert "caresim run --log" in said.err
    with pytest.raises(LogNotKeptError, match="log=True"):
        read_results("run")["do_nothing"].event_log  # noqa: B018


def test_averages_have_no_log(caresim, place):
    said = caresim("run", place, "--log", "-o", "run")
    assert said.code == 2
    assert "use the event engine" in said.err


def test_the_command_keeps_a_log_and_tells_the_precision(caresim, place):
    said = caresim(
        "run", place, "--engine", "event", "--members", 12, "--log", "--precision", "5%",
        "--option", "do_nothing", "-q", "-o", "run",
    )  # fmt: skip
    assert said.code == 0
    assert "members for" in said.out
    assert "±5.0%" in said.out
    assert len(read_results("run")["do_nothing"].event_log) > 100


@pytest.mark.parametrize("text", ["0", "much", "100%", "-5%"])
def test_a_precision_that_cannot_be_is_refused(caresim, place, text):
    said = caresim("run", place, f"--precision={text}")
    assert said.code == 2
    assert "such as 5%" in said.err
