"""The SimPy engine and the compiled kernel give the same event log, event for event.

They share the model, the draws and the people at the start, and no rule: the kernel is compiled
code over records, this one is a process for each person.
"""

import dataclasses
import heapq
from pathlib import Path

import numpy as np
import pytest
from any_models import models
from event_models import WEEKDAYS_8_TO_17, Network
from hypothesis import HealthCheck, given, settings

from caresim.engines.event.log import OUTCOMES
from caresim.engines.event.run import run as run_kernel
from caresim.engines.output import VARIABLES
from caresim.engines.simpy import clock
from caresim.engines.simpy.run import run as run_simpy
from caresim.model import RunSettings
from caresim.stays import Stay

SCENARIOS = Path(__file__).parents[2] / "scenarios"
QUICK = (
    "systems/mill_rise",
    "systems/southend_localities",
    "theory/c10_opening_hours",
    "theory/c2_intermediate_care_capacity",
    "theory/h4_deaths_while_waiting_and_delayed",
    "theory/h7_time_to_deadlock",
    "theory/ring_fenced_places",
    "theory/two_way_blocking",
)
EVERYTHING = sorted(
    str(path.relative_to(SCENARIOS).with_suffix("")) for path in SCENARIOS.glob("*/*.yaml")
)


def in_order(log):
    """The rows, those cut short by the end of the run in order of person, which has no time."""
    rows = log.rows
    return rows[np.lexsort((np.where(log.censored, log.person, 0), log.censored, log.member))]


def differences(kernel, simpy):
    """Sentences on what is not the same: of the log every bit, of averages 1e-9."""
    found = []
    ours, theirs = in_order(kernel.log), in_order(simpy.log)
    if ours.size != theirs.size:
        found.append(f"{ours.size} rows in the kernel's log, {theirs.size} in SimPy's")
    n = min(ours.size, theirs.size)
    for name in ours.dtype.names:
        same = np.asarray(ours[name][:n] == theirs[name][:n])
        if ours[name].dtype.kind == "f":
            same |= np.isnan(ours[name][:n]) & np.isnan(theirs[name][:n])
        if not same.all():
            k = int(np.argmin(same))
            found.append(f"row {k}, {name}: {ours[k]} in the kernel's log, {theirs[k]} in SimPy's")
    for part in ("totals", "mean", "series", "spells", "pooled_spells"):
        for name, values in getattr(kernel, part).items():
            others = getattr(simpy, part)[name]
            if not np.allclose(values, others, rtol=1e-9, atol=1e-9, equal_nan=True):
                found.append(f"{part} of {name}")
    if not np.array_equal(kernel.deadlock_days, simpy.deadlock_days, equal_nan=True):
        found.append("the day of a deadlock")
    if not np.array_equal(kernel.events, simpy.events):
        found.append("the number of events")
    found += [f"{c.name} is {c.worst} in SimPy" for c in simpy.checks if not c.passed]
    return found


def both(model):
    return run_kernel(model, log=True, threads=1), run_simpy(model, log=True)


class Seen:
    """What happened in any of the runs, so that agreement about nothing is not taken for proof."""

    def __init__(self):
        self.counts = set()
        self.outcomes = set()
        self.deadlocks = 0

    def take(self, output):
        self.counts |= {name for name, total in output.totals.items() if np.any(total > 0.0)}
        self.outcomes |= {OUTCOMES[code] for code in np.unique(output.log.outcome)}
        self.deadlocks += np.count_nonzero(~np.isnan(output.deadlock_days))


def agree_on_any_model(examples):
    seen = Seen()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(models())
    def agree(model):
        kernel, simpy = both(model)
        assert not differences(kernel, simpy)
        seen.take(simpy)

    agree()
    return seen


def test_any_model_has_the_same_log():
    seen = agree_on_any_model(40)
    assert seen.outcomes == set(OUTCOMES)
    assert seen.counts >= set(VARIABLES) - {"swaps"}


@pytest.mark.slow
def test_many_models_have_the_same_log():
    seen = agree_on_any_model(1000)
    assert seen.counts == set(VARIABLES)
    assert seen.deadlocks


def cut(model, events):
    """The same option for so short a time that there are about so many events."""
    alone = dataclasses.replace(
        model.run,
        engine="event",
        members=1,
        warm_up_days=min(model.run.warm_up_days, 7.0),
    )
    found = int(run_kernel(dataclasses.replace(model, run=alone), threads=1).events[0])
    days = max(3.0, float(int(model.days * events / max(found, events))))
    return dataclasses.replace(model, days=days, run=alone)


def agree_on_scenario(name, events):
    from caresim import load

    scenario = load(SCENARIOS / f"{name}.yaml")
    for option in scenario.options:
        model = cut(scenario.model(option), events)
        assert not differences(*both(model)), option


@pytest.mark.parametrize("name", QUICK)
def test_scenarios_have_the_same_log(name):
    agree_on_scenario(name, 1500)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERYTHING)
def test_every_scenario_of_the_repository_has_the_same_log(name):
    agree_on_scenario(name, 20_000)


def test_members_with_inputs_of_their_own_have_the_same_logs():
    settings_ = {
        "ward": {"capacity": 6, "stay": 3.0, "then": {"beds": 0.4, "home": 0.6}},
        "beds": {"capacity": 3, "stay": Stay("lognormal", (1.0, 0.8), 20.0)},
    }
    model = Network(
        settings_,
        {"door": {"to": "ward", "rate": 2.0}},
        run=RunSettings(engine="event", members=5, seed=7),
    ).model()
    kernel, simpy = both(model)
    assert not differences(kernel, simpy)
    assert set(simpy.log.member) == set(range(5))


def test_ring_fences_with_sources_in_common_have_the_same_log():
    fences = [
        {"rule": "ring_fenced", "for": ["door", "beds"], "places": 2},
        {"rule": "ring_fenced", "for": ["gate", "beds"], "places": 1},
        {"rule": "ring_fenced", "for": ["lane"], "places": 1},
        {"rule": "keep_free", "for": ["road", "gate"], "places": 1},
    ]
    model = Network(
        {
            "ward": {"capacity": 9, "stay": 4.0, "reserved": fences, "leaving": {"beds": 0.2}},
            "beds": {"capacity": 4, "stay": 2.0, "then": {"ward": 0.5, "home": 0.5}},
        },
        {name: {"to": "ward", "rate": 0.6} for name in ("door", "gate", "lane", "road")},
        days=400.0,
    ).model()
    kernel, simpy = both(model)
    assert not differences(kernel, simpy)
    assert kernel.log.rows.size > 500


def small(rate=1.5):
    return Network(
        {"ward": {"capacity": 6, "stay": 3.0}}, {"door": {"to": "ward", "rate": rate}}
    ).model()


def test_a_difference_would_be_found():
    kernel, simpy = both(small())
    assert not differences(kernel, simpy)
    assert differences(kernel, run_simpy(small(rate=1.6), log=True))
    later = simpy.log.rows.copy()
    later["left"][3] = np.nextafter(later["left"][3], np.inf)
    changed = dataclasses.replace(simpy, log=dataclasses.replace(simpy.log, rows=later))
    assert len(differences(kernel, changed)) == 1
    more = simpy.totals | {"died": simpy.totals["died"] + 1e-6}
    assert differences(kernel, dataclasses.replace(simpy, totals=more)) == ["totals of died"]


def test_another_order_at_the_same_moment_would_be_found(monkeypatch):
    """Several are admitted as the doors open and stay as long: only order tells them apart."""
    model = Network(
        {
            "ward": {
                "capacity": 4,
                "stay": Stay("fixed", (1.5,)),
                "then": {"beds": 1.0},
                "calendar": WEEKDAYS_8_TO_17,
            },
            "beds": {"capacity": 2, "stay": 2.0},
        },
        {"door": {"to": "ward", "rate": 3.0}},
        days=30.0,
    ).model()
    assert not differences(*both(model))

    def last_first(queue, entry):
        heapq.heappush(queue, (*entry[:2], -entry[2], entry[3]))

    monkeypatch.setattr(clock, "heappush", last_first)
    assert differences(*both(model))
