"""Speed of the event engine on the reference network, beside hand-written C and its peers.

    python benchmarks/event_speed/run.py [--rounds 7] [--members 400] [--peers PYTHON]

Everything is measured in one run and interleaved, in time of the processor except for threads, so
that the ratios hold whatever else the machine does; medians of rounds are given. Threads need an
idle machine. ``--peers`` is a Python that has simpy, ciw and salabim (all are optional; those
missing are left out). Ciw and salabim are too slow for two years and run for ``--peer-days`` days;
their ratios are to those same days. Exits with 5 if a threshold is missed.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from caresim.engines.event.run import run
from caresim.model import (
    Arrivals,
    Exit,
    Model,
    PlacesPerPerson,
    Reason,
    Route,
    RunSettings,
    Setting,
    Timeline,
)
from caresim.stays import exponential, from_mean_and_cv

HERE = Path(__file__).parent
PEERS = {
    "SimPy": ("plain_simpy.py", ">= 150"),
    "Ciw": ("with_ciw.py", ">= 1"),
    "salabim": ("with_salabim.py", ">= 1"),
}
DOWNSTREAM = {
    "home_care": (700.0, 35.0, 0.12),
    "intermediate": (330.0, 27.0, 0.08),
    "residential": (4200.0, 700.0, 0.03),
}


def reference(members: int, days: float = 730.0) -> Model:
    """Return the reference network: see reference.c."""
    names = ["acute", *DOWNSTREAM]
    stays = [from_mean_and_cv("lognormal", 5.5, 1.2)]
    stays += [exponential(stay) for _, stay, _ in DOWNSTREAM.values()]
    settings = tuple(
        Setting(
            name=name,
            label=name,
            kind="acute" if name == "acute" else "community",
            pathway=None,
            capacity=Timeline.constant(900.0 if name == "acute" else DOWNSTREAM[name][0]),
            calendar=None,
            places_per_person=PlacesPerPerson(),
            queue_class=(0,) * (1 + len(names)),
            room=float("inf"),
            overflow=Exit.LOST,
            max_waits=(),
            leaving=((),),
            reserved=(),
            delay_reason=k,
        )
        for k, name in enumerate(names)
    )
    ways = [(Exit.HOME, 0.75), *((k + 1, v[2]) for k, v in enumerate(DOWNSTREAM.values()))]
    routes = [_route(0, to, share) for to, share in [*ways, (Exit.DIED, 0.02)]]
    routes += [_route(k, Exit.HOME, 1.0) for k in range(1, len(names))]
    return Model(
        title="reference network",
        option="do_nothing",
        option_label="Do nothing",
        start_date=datetime.date(2024, 1, 1),
        days=days,
        cohorts=("everyone",),
        settings=settings,
        arrivals=(Arrivals("emergency", source=0, cohort=0, to=0, rate=150.0),),
        arrival_names=("emergency",),
        routes=tuple(routes),
        stays=tuple(stays),
        reasons=tuple(Reason(f"capacity_{n}", n, "both", "capacity") for n in names),
        route_drawn_at_start=(False,) * len(names),
        run=RunSettings(engine="event", members=members, seed=1),
    )


def _route(setting: int, to: int, share: float) -> Route:
    return Route(
        name=str(int(to)),
        setting=setting,
        cohort=0,
        to=int(to),
        share=share,
        is_rest=False,
        of_survivors=False,
        stay=setting,
    )


def compile_c(folder: Path, *options: str) -> Path | None:
    """Compile the C program; None without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    program = folder / f"reference{len(options)}"
    source = str(HERE / "reference.c")
    subprocess.run(
        [compiler, "-O3", "-march=native", *options, source, "-o", str(program), "-lm"], check=True
    )
    return program


def c_milliseconds(program: Path, replications: int) -> float:
    """Return milliseconds a replication of the C program."""
    found = subprocess.run(
        [program, str(replications)], check=True, capture_output=True, text=True
    ).stdout
    return statistics.median(float(line.split()[0]) for line in found.splitlines())


def milliseconds(model: Model, *, log: bool = False, threads: int = 1, wall: bool = False) -> float:
    """Return milliseconds a member of a run, all that is done before and after included."""
    clock = time.perf_counter if wall else time.process_time
    begin = clock()
    run(model, series=0, log=log, threads=threads)
    return 1e3 * (clock() - begin) / model.run.members


def rounds(count: int, **measures: Callable[[], float]) -> dict[str, list[float]]:
    """Take every measure in turn, so many times."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(count):
        for name, measure in measures.items():
            found[name].append(measure())
    return found


def ratio(found: dict[str, list[float]], top: str, bottom: str) -> float:
    """Return the median over rounds of a ratio of two measures of the same round."""
    pairs = zip(found[top], found[bottom], strict=True)
    return statistics.median(a / b for a, b in pairs)


def peak_megabytes(members: int) -> float:
    """Return the peak memory of a process that runs so many members of 60 days."""
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import run as b, resource;"
        f"b.run(b.reference({members}, 60.0), series=0);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(found.stdout)


def peer_seconds(python: str, script: str, days: float) -> float | None:
    """Return seconds a peer takes for so many days, or None if it is not there."""
    found = subprocess.run(
        [python, str(HERE / script), str(days)], capture_output=True, text=True, check=False
    )
    return float(found.stdout.split()[0]) if found.returncode == 0 else None


def main(arguments: Sequence[str]) -> int:
    """Measure, print a table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--peer-days", type=float, default=30.0)
    given = parser.parse_args(arguments)
    run(reference(1, 10.0))  # Compiles, or reads from the cache.
    lines: list[tuple[str, float, str]] = []
    eight = reference(8)
    with tempfile.TemporaryDirectory() as folder:
        program = compile_c(Path(folder))
        streams = compile_c(Path(folder), "-DSTREAMS")
        measures = {
            "caresim": lambda: milliseconds(eight),
            "log": lambda: milliseconds(eight, log=True),
        }
        if program is not None and streams is not None:
            measures["c"] = lambda: c_milliseconds(program, 8)
            measures["streams"] = lambda: c_milliseconds(streams, 8)
        found = rounds(given.rounds, **measures)
    print(f"caresim      {statistics.median(found['caresim']):8.1f} ms a replication of two years")
    if "c" in found:
        print(f"C            {statistics.median(found['c']):8.1f} ms")
        lines.append(("caresim / C", ratio(found, "caresim", "c"), "<= 2"))
        lines.append(("own stream for each person (in C)", ratio(found, "streams", "c"), "<= 1.2"))
    lines.append(("with a log / without", ratio(found, "log", "caresim"), "<= 1.2"))
    many = reference(given.members)
    threads = rounds(
        max(1, given.rounds // 3),
        one=lambda: milliseconds(many, wall=True),
        two=lambda: milliseconds(many, threads=2, wall=True),
    )
    lines.append((f"{given.members} on one thread / two", ratio(threads, "one", "two"), ">= 1.8"))
    lines.append(
        (
            "peak memory of 400 / 40 replications",
            peak_megabytes(400) / peak_megabytes(40),
            "<= 1.05",
        )
    )
    for name, (script, limit) in PEERS.items():
        days = 730.0 if name == "SimPy" else given.peer_days
        seconds = peer_seconds(given.peers, script, days)
        if seconds is None:
            print(f"{name} is not installed in {given.peers}: left out")
            continue
        model = reference(8, days)
        own = statistics.median(milliseconds(model) for _ in range(given.rounds)) / 1e3
        lines.append((f"{name} / caresim, {days:g} days", seconds / own, limit))
    missed = False
    for what, value, limit in lines:
        bound = float(limit.split()[1])
        kept = value <= bound if limit.startswith("<=") else value >= bound
        missed |= not kept
        print(f"{what:40s} {value:9.2f}  {limit:8s} {'ok' if kept else 'MISSED'}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process {peak:.0f} MB")
    return 5 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
