import json
import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from caresim.engines.output import Check
from caresim.results.store import read_results


def folders(place):
    runs = place.parent / "runs"
    return sorted(path.name for path in runs.iterdir()) if runs.is_dir() else []


def test_a_run_prints_a_summary_and_saves(caresim, place, quick):
    said = caresim("run", place)
    assert (said.code, said.err) == (0, "")
    (name,) = folders(place)
    assert name.startswith("place-")
    assert f"Saved in {os.path.join('runs', name)}" in said.out
    assert "A small place" in said.out
    saved = read_results(place.parent / "runs" / name)
    assert saved.names == ("do_nothing", "more")
    assert saved.manifest.command == ("caresim", "run", str(place))
    assert saved.manifest.scenario["title"] == "A small place"
    assert [file.sha256 for file in saved.manifest.inputs]


def test_two_runs_in_the_same_second_are_both_kept(caresim, place, quick, monkeypatch):
    monkeypatch.setattr("caresim.api.now", lambda: "2026-01-02T03:04:05+00:00")
    assert [caresim("run", place).code for _ in range(2)] == [0, 0]
    assert folders(place) == ["place-20260102-030405", "place-20260102-030405-2"]


def test_json_alone_is_on_standard_output(caresim, place, quick):
    said = caresim("run", place, "--json", "--members", "3", "--seed", "5", "-o", "out")
    data = json.loads(said.out, parse_constant=pytest.fail)
    assert said.code == 0
    assert (data["engine"], data["members"], data["seed"]) == ("flow", 3, 5)
    assert data["manifest"] == os.path.join("out", "manifest.json")
    assert set(data["options"]) == {"do_nothing", "more"}
    assert data["elapsed_seconds"] >= 0


def test_what_is_asked_for_reaches_the_engine(caresim, place, quick):
    said = caresim(
        "run", place, "--engine", "event", "--option", "more", "--set",
        "settings.step_down.capacity=7", "--seed", "9",
    )  # fmt: skip
    assert said.code == 0, said.err
    (model,) = quick["models"]
    assert (model.option, model.run.engine, model.run.seed) == ("more", "event", 9)
    assert model.run.members == 200
    assert model.settings[1].capacity.at(0.0) == 7


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["--option", "mroe"], 2, "did you mean 'more'?"),
        (["--set", "settings.acute.capacty=7"], 3, "capacity"),
        (["--set", "settings.acute.capacity=-7"], 3, "-7"),
        (["--engine", "flow", "-o", "place.yaml"], 2, "exists already"),
        (["-o", "place.yaml/deeper"], 4, "cannot write in"),
    ],
)
def test_what_cannot_be_asked_for(caresim, place, quick, arguments, code, text):
    said = caresim("run", place.name, *arguments)
    assert (said.code, said.out) == (code, "")
    assert text in said.err
    assert folders(place) == []
    assert "models" not in quick


def test_an_invalid_file_is_not_run(caresim, place, quick):
    place.write_text(place.read_text().replace("capacity: 20", "capacity: -20"))
    said = caresim("run", place)
    assert (said.code, said.out) == (3, "")
    assert "Nothing was run" in said.err
    assert "models" not in quick


def test_a_breach_of_the_audit_is_saved_and_is_exit_code_4(caresim, place, quick):
    quick["checks"] = (Check("people_conserved", False, 0.1, 1e-9, "people lost"),)
    said = caresim("run", place)
    assert said.code == 4
    assert "AUDIT FAILED" in said.out
    assert len(folders(place)) == 1


@pytest.mark.parametrize("name", ['it\'s "quoted".yaml', "a b é 日本.yaml", "-dash.yaml"])
def test_names_with_quotes_spaces_and_dashes(caresim, place, quick, name):
    file = place.with_name(name)
    place.rename(file)
    said = caresim("run", "--", file.name)
    assert said.code == 0, said.err
    (folder,) = folders(place)
    assert folder.startswith(file.stem)
    again = caresim("run", "--from", os.path.join("runs", folder))
    assert again.code == 0, again.err


def test_a_full_folder_is_refused_before_the_work(caresim, place, quick):
    (place.parent / "out").mkdir()
    (place.parent / "out" / "mine.txt").write_text("mine")
    said = caresim("run", place, "-o", "out")
    assert said.code == 2
    assert "models" not in quick


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused_before_the_work(caresim, place, quick):
    locked = place.parent / "locked"
    locked.mkdir(mode=stat.S_IREAD | stat.S_IEXEC)
    said = caresim("run", place, "-o", locked / "out")
    assert said.code == 4
    assert "cannot write" in said.err
    assert "models" not in quick


def test_a_disk_that_fills_up_leaves_nothing_and_is_exit_code_4(caresim, place, quick, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("caresim.results.archive.npy.write_array", full)
    said = caresim("run", place)
    assert said.code == 4
    assert "no space left" in said.err
    assert folders(place) == []


def test_a_run_is_repeated_from_its_manifest_alone(caresim, place, quick):
    assert caresim("run", place, "--members", "3", "--seed", "7", "-o", "first").code == 0
    place.unlink()
    said = caresim("run", "--from", "first", "-o", "second")
    assert said.code == 0, said.err
    assert "Every bit is the same" in said.err
    first, second = read_results("first"), read_results("second")
    assert first.manifest.results_hash == second.manifest.results_hash
    assert first.manifest.scenario_hash == second.manifest.scenario_hash
    assert second.manifest.scenario_path == str(place)


def test_a_repeated_run_that_differs_is_said_and_is_exit_code_4(caresim, place, quick):
    assert caresim("run", place, "-o", "first").code == 0
    manifest = place.parent / "first" / "manifest.json"
    data = json.loads(manifest.read_text())
    data["versions"]["numba"] = "0.1"
    manifest.write_text(json.dumps(data))
    quick["changes"] = {"times": quick["models"] and _shifted(first=place.parent / "first")}
    said = caresim("run", "--from", "first", "-o", "second")
    assert said.code == 4
    assert "the bits are not those of the first run" in said.err
    assert "numba 0.1 then" in said.err


def _shifted(first):
    return read_results(first).options[0].times + 1e-12


def test_a_manifest_whose_scenario_was_changed_is_refused(caresim, place, quick):
    assert caresim("run", place, "-o", "first").code == 0
    manifest = place.parent / "first" / "manifest.json"
    data = json.loads(manifest.read_text())
    data["scenario"]["settings"]["acute"]["capacity"] = 21
    manifest.write_text(json.dumps(data))
    said = caresim("run", "--from", "first")
    assert said.code == 2
    assert "not the one that was run" in said.err


def test_series_are_kept_with_the_run(caresim, place, quick):
    lines = ["date,people", *(f"2024-01-{day:02d},{day}" for day in range(1, 29))]
    (place.parent / "arrivals.csv").write_text("\n".join(lines) + "\n")
    series = "{csv: arrivals.csv, column: people, date: date, beyond: repeat}"
    place.write_text(place.read_text().replace("rate: 3 per day", f"rate: {series}"))
    assert caresim("run", place, "-o", "first").code == 0
    (place.parent / "arrivals.csv").unlink()
    said = caresim("run", "--from", "first", "-o", "second")
    assert said.code == 0, said.err
    assert "Every bit is the same" in said.err


def test_warnings_are_said_but_do_not_stop_a_run(caresim, place, quick):
    place.write_text(place.read_text().replace("rate: 3 per day", "rate: 30 per day"))
    said = caresim("run", place)
    assert said.code == 0
    assert "warning P1" in said.err
    assert caresim("run", place, "--quiet").err == ""


def test_validate_lists_every_problem_and_runs_nothing(caresim, place, quick):
    bad = place.with_name("bad.yaml")
    bad.write_text(place.read_text().replace("20", "-20").replace("emergency:", "Emergency:"))
    said = caresim("validate", place.name, "bad.yaml", "absent.yaml")
    assert (said.code, said.err) == (3, "")
    assert "place.yaml: valid" in said.out
    assert said.out.count("bad.yaml:") >= 3
    assert "absent.yaml" in said.out
    assert "models" not in quick


def test_validate_as_json(caresim, place):
    bad = place.with_name("bad.yaml")
    bad.write_text(place.read_text().replace("capacity: 20", "capacity: -20"))
    said = caresim("validate", "--json", place.name, "bad.yaml")
    assert said.code == 3
    good, wrong = json.loads(said.out)
    assert good == {"file": "place.yaml", "valid": True, "problems": []}
    assert wrong["valid"] is False
    assert wrong["problems"][0]["location"]["line"] == 7
    assert caresim("validate", "--json", place.name).code == 0


def test_export_of_a_saved_run(caresim, place, quick):
    assert caresim("run", place, "-o", "run").code == 0
    said = caresim("export", "run", "--variable", "delayed")
    assert said.code == 0, said.err
    assert said.out.split() == [
        os.path.join("run", "csv", name) for name in ("delayed.csv", "indicators.csv")
    ]
    assert caresim("export", "run", "--variable", "delay").code == 2
    assert caresim("export", "nowhere").code == 2


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupted_run_leaves_nothing(place):
    """The engine waits in Python, so that the signal comes in the middle of the run."""
    script = (
        "import signal, sys, time; from caresim import api; from caresim.cli import main\n"
        # Whoever starts the tests in the background may have the signal ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def wait(*a, **k): print('running', flush=True); time.sleep(60)\n"
        "api._run_engine = wait\n"
        f"sys.exit(main(['run', {str(place)!r}]))"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with running:
        assert running.stdout.readline() == "running\n"
        time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert err == "interrupted; nothing was saved\n"
    assert folders(place) == []
