"""With loops between them, people in ever larger places approach the flow engine.

Arrivals, places and staff are multiplied by a scale, and results divided by it: the law of large
numbers (T. Kurtz, Solutions of ordinary differential equations as limits of pure jump Markov
processes, Journal of Applied Probability 7 (1970), doi:10.2307/3212147) holds for the loops too,
since what they observe is averaged over many people.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from event_models import Network

from caresim.engines.event.run import run as run_event
from caresim.engines.flow.run import run_flow
from caresim.engines.output import Output
from caresim.model import (
    Change,
    Changed,
    Feedback,
    Intervention,
    Model,
    Ramp,
    RunSettings,
    Signal,
    Staff,
    Timeline,
)

WARD, BEDS = 0, 1
HOME_FROM_WARD, AGAIN_FROM_BEDS = 1, 3
SAVE_DAYS, FIRST = 20, 5
CLOSE, SCALES = 0.04, (1, 4, 10, 30)


def shorter() -> Change:
    return Change(Changed("stay", WARD), "relative", -0.02, per=0.01, most=0.5)


def back() -> Change:
    return Change(Changed("route_share", AGAIN_FROM_BEDS), "absolute", 0.02, per=0.01, most=0.3)


EACH = {
    "crowding": Feedback("crowding", "", Signal("occupancy", WARD, 0.6, 2.0), (shorter(), back())),
    "unmet need": Feedback(
        "unmet",
        "",
        Signal("unmet", BEDS, 0.0, 5.0),
        (Change(Changed("arrival_rate", 0), "relative", 0.1, per=0.1),),
    ),
    "deconditioning": Feedback(
        "worse",
        "",
        Signal("delay_days", WARD),
        (Change(Changed("stay", BEDS), "relative", 0.01, per=1.0),),
    ),
    "staff": Feedback(
        "strain",
        "",
        Signal("workload", 0, 1.0, 5.0),
        (Change(Changed("leavers", 0), "relative", 1.0, per=0.5, most=2.0),),
    ),
}

TOGETHER = ("crowding", "unmet need", "staff")
"""Loops that act at once, with staff and interventions on stays, arrivals and places."""

LOOPS = {**{name: (loop,) for name, loop in EACH.items()}, "all": tuple(EACH[k] for k in TOGETHER)}


def place(loop: str, scale: float, engine: str, members: int) -> Model:
    """A ward whose people wait for beds; arrivals are lost when it is full.

    Some go home while they wait. Not where each person's own delay matters: whoever moves has
    waited for as long as anybody if those who have waited longest go first, while in the fluid
    anybody who waits may be the next to move, or to give up.
    """
    delayed = {} if loop == "deconditioning" else {"while_delayed": {"home": 0.05}}
    model = Network(
        {
            "ward": {
                "capacity": 40.0 * scale,
                "stay": 4.0,
                "then": {"beds": 0.5, "home": 0.5},
                "room": 0.0,
                **delayed,
            },
            "beds": {"capacity": 12.0 * scale, "stay": 7.0, "then": {"home": 0.9, "ward": 0.1}},
        },
        {"door": {"to": "ward", "rate": 5.0 * scale}},
        days=400.0,
        run=RunSettings(engine=engine, members=members, save_days=SAVE_DAYS),
    ).model()
    nurses = Staff(
        name="nurses",
        label="Nurses",
        posts=Timeline.constant(16.0 * scale),
        in_post=15.0 * scale,
        leavers=0.001,
        recruitment=0.03 * scale,
        fills=0.0,
        training_days=20.0,
        sickness=0.05,
        runs=((BEDS, 1.0),),
    )
    closer = Change(Changed("capacity", BEDS), "absolute", 1.5 * scale)
    more_beds = Intervention("more", "", Ramp(100.0, "linear", 100.0), (closer,))
    home_first = Intervention(
        "home first",
        "",
        Ramp(60.0, "s_curve", 120.0),
        (
            Change(Changed("stay", BEDS), "relative", -0.3, reach=0.5),
            Change(Changed("arrival_rate", 0), "absolute", 0.5 * scale),
            Change(Changed("route_share", HOME_FROM_WARD), "absolute", 0.1, reach=0.4),
        ),
        staff=((0, 1.0 * scale),) if loop == "all" else (),
    )
    return replace(
        model,
        feedbacks=LOOPS[loop],
        staff=(nurses,) if loop in ("staff", "all") else (),
        interventions=(more_beds, home_first) if loop == "all" else (more_beds,),
    )


def figures(output: Output, scale: float) -> dict[str, float]:
    """People, and people a day, after the first periods of a run, in units of the scale."""
    mean = {name: values[FIRST:] for name, values in output.mean.items()}
    found = {}
    for s, name in enumerate(("ward", "beds")):
        found[f"occupied {name}"] = mean["occupied"][:, s].sum(axis=1).mean() / scale
        found[f"admissions {name}"] = mean["admissions"][:, s].sum(axis=1).mean() / scale
    found["delayed"] = mean["delayed"][:, WARD].sum(axis=1).mean() / scale
    found["home"] = mean["home"].sum(axis=(1, 2)).mean() / scale
    found["places"] = mean["capacity"][:, BEDS].mean() / scale
    return {name: float(value) for name, value in found.items()}


def simulated(loop: str, scale: float, members: int) -> dict[str, float]:
    return figures(run_event(place(loop, scale, "event", members), threads=1), scale)


def fluid(loop: str) -> dict[str, float]:
    return figures(run_flow(place(loop, 1.0, "flow", 1), threads=1), 1.0)


def furthest(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """The largest relative difference between two sets of figures."""
    return max(abs(ours[name] / theirs[name] - 1.0) for name in theirs)


@pytest.mark.slow
@pytest.mark.parametrize("loop", LOOPS)
def test_larger_places_come_ever_closer_to_the_fluid(loop):
    limit = fluid(loop)
    apart = [furthest(simulated(loop, n, 320 // n), limit) for n in SCALES]
    assert apart[-1] < CLOSE / 2.0, apart
    # Close to the limit what is left is chance.
    assert all(b < a or b < CLOSE for a, b in itertools.pairwise(apart)), apart


@pytest.mark.parametrize("loop", ["crowding", "deconditioning", "all"])
def test_a_large_place_follows_the_fluid(loop):
    assert furthest(simulated(loop, 30, 4), fluid(loop)) < CLOSE


def test_it_would_be_seen_if_a_loop_did_not_act():
    model = place("crowding", 30, "event", 4)
    without = figures(run_event(replace(model, feedbacks=()), threads=1), 30)
    assert furthest(without, fluid("crowding")) > 3.0 * CLOSE
    assert np.isfinite(list(without.values())).all()
