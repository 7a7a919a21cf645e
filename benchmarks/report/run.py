"""Times the report of a run of 1,000 members and 4 options, and says how large the page is.

The place is scenarios/bristol with prices (priced.yaml): 5 settings of a board over 5 years, doing
nothing and 4 options. The run is made once; then `caresim report` is timed several times, each
beside an interpreter that does nothing, since what can be compared between machines is the ratio.
Processor time is given too: on a machine that is busy it is what a quiet one would take at most.

Run it with ``python benchmarks/report/run.py [--repeats 5] [--members 1000]``, caresim being
installed.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BRISTOL = HERE.parents[1] / "scenarios" / "bristol" / "bristol.yaml"
OPTIONS = ("do_nothing", "hub", "faster_assessment", "more_community_beds", "limited_home_support")
SECONDS, MEGABYTES = 5.0, 3.0


def timed(command: list[str]) -> tuple[float, float]:
    """Return wall-clock and processor seconds of a command; one that fails ends the benchmark."""
    # Without byte code on disk every start would compile every module again.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--members", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for file in (BRISTOL, HERE / "priced.yaml"):
            shutil.copy(file, folder)
        caresim, run = [sys.executable, "-m", "caresim"], f"{folder}/run"
        options = [part for name in OPTIONS for part in ("--option", name)]
        members = ["--members", str(asked.members)]
        timed([*caresim, "run", f"{folder}/priced.yaml", *members, *options, "-o", run])
        saved = sum(file.stat().st_size for file in Path(run).iterdir()) / 1e6
        report = [*caresim, "report", run]
        timed(report)  # compiles, and fills the caches
        found = [
            (*timed(report), *timed([sys.executable, "-c", "pass"])) for _ in range(asked.repeats)
        ]
        page = (Path(run) / "report.html").stat().st_size / 1e6
    taken, processor = (statistics.median(row[n] for row in found) for n in (0, 1))
    ratio = statistics.median(row[0] / row[2] for row in found)
    print(f"saved run of {asked.members:,} members, {len(OPTIONS)} options: {saved:.0f} MB")
    print(f"report: {taken:.2f} s (goal {SECONDS:g}), {processor:.2f} s of processor time,")
    print(
        f"        {ratio:.0f} times an empty interpreter; page {page:.2f} MB (goal {MEGABYTES:g})"
    )
    met = taken <= SECONDS and page <= MEGABYTES
    print("within the goals" if met else "above a goal on this machine now")
    return 0


if __name__ == "__main__":
    sys.exit(main())
