"""Event logs as tables and files, and as other programs open them."""

import dataclasses
import datetime
import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from caresim.engines.event.log import OUTCOMES
from caresim.engines.event.run import run
from caresim.model import Census, RunSettings
from caresim.results.event_log import log_table, spells
from caresim.results.log_formats import bupar_log, vidigi_log, write_log
from caresim.stays import Stay
from engines.event_models import Network

DAYS = 60.0
ONE_DAY = Stay("fixed", (1.0,))


@pytest.fixture(scope="module")
def ran():
    """A ward with a queue, and beds that people are delayed for or wait for at home."""
    then = {
        "beds": {"share": 0.4, "steps": [(0.5, 1.0)]},
        "clinic": {"share": 0.2, "wait_at_home": True},
        "home": 0.3,
        "died": 0.1,
    }
    model = Network(
        {
            "ward": {"capacity": 6, "stay": 3.0, "then": then, "leaving": {"elsewhere": 0.2}},
            "beds": {"capacity": 3, "stay": 3.0},
            "clinic": {"capacity": 1, "stay": 1.0},
        },
        {"door": {"to": "ward", "rate": 2.0}},
        cohorts=("young", "old"),
        days=DAYS,
        run=RunSettings(engine="event", members=2),
        more={"census": (Census(0, 1, 3.0, (2.0,)),)},
    ).model()
    return model, run(model, log=True, threads=1).log


def by_hand():
    """One person, every length known: asks at day 0, stays 1 day, waits 1 for the bed taken."""
    model = Network(
        {
            "ward": {"stay": ONE_DAY, "then": {"bed": 1.0}},
            "bed": {"capacity": 1, "stay": Stay("fixed", (2.0,))},
        },
        days=10.0,
        start_date=datetime.date(2024, 5, 1),
        more={"census": (Census(0, 0, 1.0, (0.0,)), Census(1, 0, 1.0, (0.0,)))},
    ).model()
    return model, run(model, log=True, threads=1).log


def test_the_table_holds_what_the_log_holds_by_name(ran):
    model, log = ran
    frame = log_table(model, log).recorded
    assert len(frame) == len(log)
    for name in ("requested", "started", "ready", "left", "member", "person"):
        assert np.array_equal(frame[name], getattr(log, name), equal_nan=name[0] not in "mp")
    assert set(frame["outcome"]) <= set(OUTCOMES)
    assert set(frame["setting"]) == {"ward", "beds", "clinic"}
    assert set(frame["next_setting"].dropna()) == {
        *("ward", "beds", "clinic", "home", "died", "elsewhere")
    } - {"ward"}
    assert frame["censored"].any()
    assert frame.loc[frame["censored"], ["left", "next_setting"]].isna().all(axis=None)
    assert set(frame["reason"].dropna()) == {"arranging", "capacity_beds"}


def test_what_ended_in_the_warm_up_is_left_out_of_the_table(ran):
    model, _ = ran
    steady = dataclasses.replace(
        model,
        census=(),
        steady_start=True,
        run=dataclasses.replace(model.run, warm_up_days=20.0),
    )
    log = run(steady, log=True, threads=1).log
    assert (log.left < 0.0).any()
    assert log_table(steady, log).recorded["left"].min() >= 0.0
    assert len(log_table(steady, log).rows) == len(log)
    assert spells(log_table(steady, log))["complete"].min() >= 0.0


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_files_give_the_table_back(ran, tmp_path, ending):
    if ending == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    model, log = ran
    path = write_log(log_table(model, log), tmp_path / f"log.{ending}", ending)
    found = pd.read_csv(path) if ending == "csv" else pd.read_parquet(path)
    expected = log_table(model, log).recorded
    if ending == "csv":
        names = expected.select_dtypes("category").columns
        expected = expected.astype(dict.fromkeys(names, object))
    pd.testing.assert_frame_equal(found, expected, check_dtype=ending == "parquet")


def test_spells_of_one_person_by_hand():
    model, log = by_hand()
    found = spells(log_table(model, log))
    first = found[found["person"] == found["person"].min()].reset_index()
    assert first["setting"].tolist() == ["ward", "ward", "bed", "home"]
    assert first["doing"].tolist() == ["care", "delayed", "care", "gone"]
    assert first["start"].tolist() == [0.0, 1.0, 2.0, 4.0]
    assert first["complete"].tolist() == [1.0, 2.0, 4.0, 4.0]
    assert first["reason"][1] == "capacity_bed"


def test_spells_of_a_person_follow_one_another(ran):
    found = spells(log_table(*ran))
    assert set(found["doing"]) == {"care", "delayed", "waiting", "gone"}
    for _, own in found.groupby(["member", "person"]):
        assert np.array_equal(own["complete"][:-1], own["start"][1:])
        assert (own["doing"][:-1] != "gone").all()


def test_time_in_care_and_delayed_is_that_of_the_log(ran):
    model, log = ran
    found = spells(log_table(model, log))
    lengths = (found["complete"] - found["start"]).groupby(found["doing"]).sum()
    assert lengths["care"] == pytest.approx(np.nansum(log.ready - log.started))
    assert lengths["delayed"] == pytest.approx(np.nansum(log.left - log.ready))


def test_the_activity_log_of_bupar_has_its_columns():
    model, log = by_hand()
    found = bupar_log(log_table(model, log))
    case = found[found["case_id"] == found["case_id"].min()]
    assert case["activity"].tolist() == ["ward", "ward: delayed", "bed", "home"]
    assert case["start"].iloc[1] == pd.Timestamp("2024-05-02", tz="UTC")
    assert case["complete"].iloc[2] == pd.Timestamp("2024-05-05", tz="UTC")
    assert (found["complete"] >= found["start"]).all()


def test_bupar_opens_its_activity_log(ran, tmp_path):
    rscript = shutil.which("Rscript")
    code = "quit(status = !requireNamespace('bupaR', quietly = TRUE))"
    if rscript is None or subprocess.run([rscript, "-e", code], check=False).returncode:
        pytest.skip("needs R with the package bupaR")
    path = tmp_path / "log.csv"
    found = bupar_log(log_table(*ran))
    found.to_csv(path, index=False)
    script = f"""
        log <- read.csv("{path}")
        log$start <- as.POSIXct(log$start, tz = "UTC", format = "%Y-%m-%d %H:%M:%OS")
        log$complete <- as.POSIXct(log$complete, tz = "UTC", format = "%Y-%m-%d %H:%M:%OS")
        log <- bupaR::activitylog(log, case_id = "case_id", activity_id = "activity",
            resource_id = "resource", timestamps = c("start", "complete"))
        cat(bupaR::n_cases(log))
    """
    said = subprocess.run([rscript, "-e", script], check=True, capture_output=True, text=True)
    assert int(said.stdout.split()[-1]) == found["case_id"].nunique()


def test_xes_holds_a_trace_for_each_person(ran, tmp_path):
    model, log = ran
    tree = ET.parse(write_log(log_table(model, log), tmp_path / "log.xes", "xes")).getroot()
    found = spells(log_table(model, log))
    traces = tree.findall("trace")
    assert len(traces) == len(found.drop_duplicates(["member", "person"]))
    events = tree.findall("trace/event")
    assert len(events) == len(found) + found["complete"].notna().sum()
    for trace in traces:
        moments = [date.get("value") for date in trace.findall("event/date")]
        assert moments == sorted(moments)


@pytest.mark.filterwarnings("ignore")
def test_pm4py_opens_xes(ran, tmp_path):
    pm4py = pytest.importorskip("pm4py", reason="needs the package pm4py")
    model, log = ran
    frame = pm4py.read_xes(str(write_log(log_table(model, log), tmp_path / "log.xes", "xes")))
    found = spells(log_table(model, log))
    assert frame["case:concept:name"].nunique() == found.groupby(["member", "person"]).ngroups
    done = frame[frame["lifecycle:transition"] == "complete"]
    follows, _, ends = pm4py.discover_dfg(done)
    assert follows["ward", "ward: delayed"] > 0
    assert ends["home"] == ((found["doing"] == "gone") & (found["setting"] == "home")).sum()


def test_nobody_is_in_two_places_in_the_layout_of_vidigi(ran):
    model, log = ran
    found = vidigi_log(log_table(model, log), member=1)
    assert found["time"].is_monotonic_increasing
    assert set(found["event_type"]) == {
        *("arrival_departure", "queue", "resource_use", "resource_use_end")
    }
    frame = log_table(model, log).recorded
    stays = frame[(frame["member"] == 1) & frame["started"].notna()]
    used = found[found["event_type"] == "resource_use"]
    assert len(used) == len(stays)
    most = {setting.name: setting.capacity.at(0.0) for setting in model.settings}
    for name, events in found[found["event_type"].str.startswith("resource")].groupby("event"):
        setting = name.removesuffix(": left")
        assert events["resource_id"].between(1, most[setting]).all()
    arrivals = found[found["event"] == "arrival"]
    assert arrivals["entity_id"].is_unique
    assert (found.groupby("entity_id")["event"].first() == "arrival").all()


def test_no_two_hold_the_same_place(ran):
    found = vidigi_log(log_table(*ran))
    taken = set()
    for event in found[found["event_type"].str.startswith("resource")].itertuples():
        place = (event.event.removesuffix(": left"), event.resource_id)
        if event.event_type == "resource_use":
            assert place not in taken
            taken.add(place)
        else:
            taken.remove(place)


@pytest.mark.filterwarnings("ignore")
def test_vidigi_opens_its_layout(ran):
    prep = pytest.importorskip("vidigi.prep", reason="needs the package vidigi")
    found = vidigi_log(log_table(*ran))
    snapshots = prep.reshape_for_animations(
        found, every_x_time_units=5, limit_duration=int(DAYS), pathway_col_name="pathway"
    )
    at_20 = snapshots[(snapshots["snapshot_time"] == 20) & (snapshots["event"] == "ward")]
    frame = log_table(*ran).recorded
    inside = (frame["started"] <= 20.0) & ~(frame["left"] <= 20.0)
    there = frame[inside & (frame["setting"] == "ward") & (frame["member"] == 0)]
    assert set(at_20["entity_id"]) == set(there["person"])
