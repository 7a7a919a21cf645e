"""Times a fit of a board to its figures, and a run of all boards.

    python benchmarks/places_speed/run.py [--board QOX] [--members 1000]

The fit is `caresim calibrate` with the flow engine: the board's ready-made scenario moved to the
years 2022 to 2025, three weekly series of three years, and ten inputs. The figures are made up
around the board's level (drift, season and noise, seed 3), since only the time counts. All boards:
the ready-made scenarios as they are, doing nothing, five years and two to warm up, the flow engine
with its audit, nothing saved. Wall-clock and processor seconds are given, beside those of an
interpreter that does nothing. Exit code 5 if a goal is missed.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from caresim.places.boards import board, boards
from caresim.places.template import scenario_text

GOALS = {"fit": 20.0, "all boards": 120.0}
FIRST, WEEKS = datetime.date(2022, 4, 4), 156
LEVELS = {"no_criteria_to_reside": 400.0, "discharges": 150.0, "occupied_beds": 1440.0}
INPUTS = """
calibration:
  inputs:
    arrivals.admissions.rate: {low: 140 per day, high: 180 per day, level: 90%}
    settings.acute.stay.mean: {low: 6 days, high: 9 days, level: 90%}
    settings.home_support.stay.mean: {low: 12 days, high: 19 days, level: 90%}
    settings.community_beds.stay.mean: {low: 27 days, high: 38 days, level: 90%}
    settings.residential.stay.mean: {low: 600 days, high: 1000 days, level: 90%}
    arrivals.care_home_admissions.rate: {low: 5 per day, high: 8 per day, level: 90%}
    settings.acute.then.home_support.share: {low: 8%, high: 11%, level: 90%}
    settings.acute.then.community_beds.share: {low: 2%, high: 4%, level: 90%}
    settings.acute.then.residential.share: {low: 0.8%, high: 1.6%, level: 90%}
    settings.acute.then.died: {low: 4%, high: 5.5%, level: 90%}
"""


def made_up(path: Path) -> None:
    """Write three weekly series."""
    random = np.random.default_rng(3)
    drift = np.cumsum(random.normal(0.0, 0.01, (WEEKS, len(LEVELS))), axis=0)
    season = 0.04 * np.sin(2.0 * np.pi * np.arange(WEEKS) / 52.0)
    noise = random.normal(0.0, 0.02, drift.shape)
    figures = np.exp(drift + season[:, None] + noise) * list(LEVELS.values())
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["date", *LEVELS])
        for week, row in enumerate(figures.tolist()):
            writer.writerow([FIRST + datetime.timedelta(weeks=week), *(f"{x:.1f}" for x in row)])


def timed(command: list[str]) -> tuple[float, float]:
    """Return wall-clock and processor seconds of a command; one that fails ends the benchmark."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--board", default="QOX")
    parser.add_argument("--members", type=int, default=1000)
    options = parser.parse_args()
    caresim = [sys.executable, "-m", "caresim"]
    found: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = folder / "place.yaml"
        place.write_text(scenario_text(board(options.board)) + INPUTS, encoding="utf-8")
        made_up(folder / "figures.csv")
        moved = ["--set", f"start_date={FIRST - datetime.timedelta(days=3)}"]
        moved += ["--set", "duration=3 years"]
        fit = [*caresim, "calibrate", str(place), "--observed", str(folder / "figures.csv"), *moved]
        timed([*fit, "--draws", "20", "-o", str(folder / "first")])  # compiles
        found["fit"] = timed([*fit, "-o", str(folder / "fit")])
        paths = {code: folder / f"{code}.yaml" for code in boards()}
        for code, path in paths.items():
            path.write_text(scenario_text(board(code)), encoding="utf-8")
        code = (
            "import sys, caresim as cs\n"
            "for path in sys.argv[2:]:\n"
            "    cs.run(cs.load(path), members=int(sys.argv[1]), options=['do_nothing'])\n"
        )
        every = [sys.executable, "-c", code, str(options.members), *map(str, paths.values())]
        found["all boards"] = timed(every)
        nothing, _ = timed([sys.executable, "-c", "pass"])
    for what, (wall, processor) in found.items():
        print(
            f"{what:10} {wall:7.1f} s, {processor:.1f} s of processor time "
            f"({wall / nothing:,.0f} times an empty interpreter), goal {GOALS[what]:g} s"
        )
    return 5 if any(found[what][0] > goal for what, goal in GOALS.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
