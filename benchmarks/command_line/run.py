"""Times the commands people wait for, beside an interpreter that does nothing.

Each command is run in turn with the empty interpreter, several times, so that a machine that slows
down slows both. The goals are in seconds on a quiet machine of two processors; the ratios are what
can be compared between machines.

Run it with ``python benchmarks/command_line/run.py [--repeats 7]``, caresim being installed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = str(ROOT / "scenarios" / "bristol" / "bristol.yaml")
NOTHING = [sys.executable, "-c", "pass"]
ONE_MEMBER = ["--members", "1", "--option", "do_nothing"]


def seconds(command: list[str]) -> float:
    """Return how long a command takes; a command that fails ends the benchmark."""
    # Without byte code on disk every start would compile every module again.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        runs = iter(range(10**6))
        commands = {
            "caresim --help": (0.15, lambda: ["--help"]),
            "caresim validate bristol.yaml": (0.5, lambda: ["validate", PLACE]),
            "caresim run bristol.yaml, one option, one member": (
                2.0,
                lambda: ["run", PLACE, *ONE_MEMBER, "-o", f"{folder}/{next(runs)}"],
            ),
        }
        print(f"{'medians':50} seconds   goal   times an empty interpreter")
        slow = 0
        for name, (goal, arguments) in commands.items():
            caresim = [sys.executable, "-m", "caresim"]
            seconds([*caresim, *arguments()])  # compiles, and fills the caches
            pairs = [(seconds([*caresim, *arguments()]), seconds(NOTHING)) for _ in range(repeats)]
            taken = statistics.median(own for own, _ in pairs)
            ratio = statistics.median(own / empty for own, empty in pairs)
            slow += taken > goal
            print(f"{name:50} {taken:7.2f} {goal:6.2f} {ratio:8.1f}")
    print("all within their goals" if not slow else f"{slow} above the goal on this machine now")
    return 0


if __name__ == "__main__":
    sys.exit(main())
