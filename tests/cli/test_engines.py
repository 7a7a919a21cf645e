"""The whole way from a file to saved results, with the real engines."""

import json
import os

import pytest

from caresim import api
from caresim.results.store import read_results


@pytest.mark.parametrize("engine", sorted(api.ENGINES))
def test_a_run_passes_its_audit_and_is_repeated_bit_for_bit(caresim, place, engine):
    given = ("--engine", engine, "--members", "3", "--json")
    said = caresim("run", place, *given, "--threads", "1", "-o", "first")
    assert said.code == 0, said.err
    again = caresim("run", "--from", "first", "--threads", "2", "-o", "second")
    assert again.code == 0, again.err
    assert "Every bit is the same" in again.err

    option = json.loads(said.out)["options"]["do_nothing"]
    assert option["audit"]["passed"]
    acute = option["settings"]["acute"]
    # 3 people a day who stay 5 days hold 15 beds, fewer while the place fills from empty.
    assert acute["admissions_per_day"] == pytest.approx(3, rel=0.1)
    assert 12 < acute["mean_occupancy"] < 16
    assert acute["mean_stay_days"] * acute["admissions_per_day"] == pytest.approx(
        acute["mean_occupancy"]
    )


def test_what_varies_between_members_is_seen_in_the_spread(caresim, place):
    place.write_text(
        place.read_text().replace("rate: 3 per day", "rate: {low: 2 per day, high: 3.5 per day}")
    )
    said = caresim("run", place, "--members", "30", "-o", "run")
    assert said.code == 0, said.err
    results = read_results("run")
    assert results.members == 30
    assert results.options[0].labels.inputs == ("arrivals.emergency.rate",)
    found = results["do_nothing"].indicators()["admissions_per_day.acute"]
    assert found.p05 < 2.5 < found.p95
    # The same draws meet every option.
    assert (results["do_nothing"].draws == results["more"].draws).all()


def test_the_first_compilation_is_said(process, place, tmp_path):

    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    done = process("run", "place.yaml", "--option", "do_nothing", env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("compiling the engine for this computer")
