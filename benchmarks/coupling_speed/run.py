"""What feedbacks cost both engines: the same place with and without them, in one run.

    python benchmarks/coupling_speed/run.py [--members 192] [--event-members 4] [--repeats 25]

The place is scenarios/bristol, with three loops: crowding (occupancy shortens stays and brings
people back), unmet need at home (arrivals at the door) and deconditioning (each day of delay
lengthens the stay that follows). Their strengths are made up: only the time counts. Both run on
one thread and take turns; the figure is the median over turns of the ratio of their times, since
what else the machine does mostly slows both of a turn. Exit code 5 if the target is missed.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from caresim.engines.draws import apply, member_inputs
from caresim.engines.event.run import run as run_event
from caresim.engines.flow.compile import compile_model
from caresim.engines.flow.kernel import advance
from caresim.engines.flow.slow import slow_side
from caresim.model import Change, Changed, Feedback, Model, Signal
from caresim.scenario.load import load

PLACE = Path(__file__).resolve().parents[2] / "scenarios" / "bristol" / "bristol.yaml"
MOST_TIMES = {"flow": 1.3, "event": 1.2}
TARGET_MISSED = 5


def main() -> int:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=192)
    parser.add_argument("--event-members", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=25)
    options = parser.parse_args()
    plain = load(PLACE).model()
    missed = False
    for engine, members, prepare in (
        ("flow", options.members, prepared),
        ("event", options.event_members, prepared_event),
    ):
        model = with_members(plain, engine, members)
        runs = {"without feedbacks": prepare(model), "with three": prepare(with_feedbacks(model))}
        taken = seconds(runs, options.repeats)
        for name, each in taken.items():
            per_year = min(each) / members / (model.days / 365.0)
            print(f"{engine:6} {name:20} {per_year * 1e6:10.1f} microseconds a member-year")
        turns = zip(taken["with three"], taken["without feedbacks"], strict=True)
        ratio = statistics.median(with_three / without for with_three, without in turns)
        missed |= ratio > MOST_TIMES[engine]
        print(f"{engine:6} ratio {ratio:.2f}, at most {MOST_TIMES[engine]}")
    return TARGET_MISSED if missed else 0


def with_members(model: Model, engine: str, members: int) -> Model:
    """Return the model for an engine and so many members."""
    return dataclasses.replace(
        model, run=dataclasses.replace(model.run, engine=engine, members=members)
    )


def seconds(runs: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Return the processor seconds of each run, a figure a turn."""
    for run in runs.values():
        run()  # compiled, and in the caches
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            begun = time.process_time()
            run()
            taken[name].append(time.process_time() - begun)
    return taken


def with_feedbacks(model: Model) -> Model:
    """Return the model with three loops."""
    names = [setting.name for setting in model.settings]
    acute, home = names.index("acute"), names.index("home_support")
    beds = names.index("community_beds")
    shorter = Change(Changed("stay", acute, 0), "relative", -0.01, per=0.01, most=0.1)
    back = Change(
        Changed("route_share", model.routes_of[home][0][0]), "relative", -0.01, per=0.01, most=0.1
    )
    more = Change(Changed("arrival_rate", 0), "relative", 0.01, per=0.01, most=0.1)
    longer = Change(Changed("stay", beds, 0), "relative", 0.01, per=1.0, most=0.5)
    loops = (
        Feedback("crowding", "", Signal("occupancy", acute, 0.9, 1.0), (shorter, back)),
        Feedback("unmet_need", "", Signal("unmet", home), (more,)),
        Feedback("deconditioning", "", Signal("delay_days", acute), (longer,)),
    )
    return dataclasses.replace(model, feedbacks=loops)


def prepared(model: Model) -> Callable[[], object]:
    """Return a function that runs all members of a model once, from its start."""
    compiled = compile_model(model)
    draws = member_inputs(model, 0, model.run.members)
    numbers = apply(model, draws)
    table = compiled.lanes.table(numbers)
    slow = slow_side(model, compiled, numbers, draws)
    network = compiled.network
    if compiled.warm_up is not None:
        before = advance(compiled.warm_up, table, slow=slow)
        table = np.concatenate([table, before.series[: network.n_rows, -1, :]])
        if slow is not None:
            slow = dataclasses.replace(slow, first_day=0.0, state=before.slow_state)
    return lambda: advance(network, table, n_series=0, slow=slow)


def prepared_event(model: Model) -> Callable[[], object]:
    """Return a function that runs all members of a model in the event engine."""
    return lambda: run_event(model, series=0)


if __name__ == "__main__":
    sys.exit(main())
