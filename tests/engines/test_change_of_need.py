"""People delayed for one setting who come to need another: both engines mean the same by it.

The event engine, ever larger in people and places alike, approaches the flow engine: the law of
large numbers (T. Kurtz, Solutions of ordinary differential equations as limits of pure jump
Markov processes, Journal of Applied Probability 7 (1970), doi:10.2307/3212147).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from event_models import Network

from caresim.engines.event.run import run as run_event
from caresim.engines.flow.run import run_flow
from caresim.engines.output import Output
from caresim.model import Model, RunSettings

WARD, HOMES = 0, 2
SAVE_DAYS, LAST, SCALE = 20, 5, 30

# What is needed at first has an arrangement and a transfer. The ward is short of room in no case;
# beds and homes both are, unless said otherwise.
HAZARDS = {"beds": 0.02, "homes": 0.05, "home": 0.03, "died": 0.01, "ward": 0.02}
CASES = {
    "both settings are full": (12.0, 30.0),
    "there is room in the second": (12.0, 200.0),
    "there is room in the first": (40.0, 12.0),
}


def place(beds: float, homes: float, scale: float, engine: str, members: int) -> Model:
    first = {"share": 0.5, "steps": [(2.0, 0.5)], "transfer": 0.5}
    return Network(
        {
            "ward": {
                "capacity": 60.0 * scale,
                "stay": 4.0,
                "then": {"beds": first, "home": 0.5},
                "while_delayed": HAZARDS,
            },
            "beds": {"capacity": beds * scale, "stay": 8.0},
            "homes": {"capacity": homes * scale, "stay": 60.0},
        },
        {"door": {"to": "ward", "rate": 5.0 * scale}},
        days=300.0,
        run=RunSettings(engine=engine, members=members, save_days=SAVE_DAYS),
    ).model()


def figures(output: Output, scale: float) -> dict[str, float]:
    """People, and people a day, over the last periods of a run, in units of the scale."""
    given = output.model
    mean = {name: values[-LAST:].mean(axis=0) / scale for name, values in output.mean.items()}
    found = {}
    for s, setting in enumerate(given.settings):
        for name in ("occupied", "delayed"):
            found[f"{name} {setting.name}"] = mean[name][s].sum()
        for name in ("admissions", "left_delayed", "home", "died"):
            found[f"{name} {setting.name}"] = mean[name][s].sum() / SAVE_DAYS
        found[f"moves to {setting.name}"] = mean["moves"][WARD, s] / SAVE_DAYS
    for r, reason in enumerate(given.reasons):
        found[f"delayed by {reason.name}"] = mean["delayed_by_reason"][WARD, r]
    return {name: float(value) for name, value in found.items()}


def simulated(case: str, scale: float, members: int) -> dict[str, float]:
    return figures(run_event(place(*CASES[case], scale, "event", members), threads=1), scale)


def fluid(case: str) -> dict[str, float]:
    return figures(run_flow(place(*CASES[case], 1.0, "flow", 1), threads=1), 1.0)


def differences(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """What is more than 3% and more than a tenth of a person, or 0.02 people a day, apart."""
    return [
        f"{name}: {ours[name]:.4f} and {theirs[name]:.4f}"
        for name in ours
        if abs(ours[name] - theirs[name])
        > max(0.1 if name.startswith(("occupied", "delayed")) else 0.02, 0.03 * theirs[name])
    ]


@pytest.mark.parametrize("case", CASES)
def test_a_large_place_follows_the_fluid(case):
    assert not differences(simulated(case, SCALE, 8), fluid(case))


def test_a_small_place_does_not_and_nor_does_another_rule():
    case = "both settings are full"
    assert differences(simulated(case, 1.0, 40), fluid(case))
    # As if nobody's need had changed to homes.
    model = place(*CASES[case], SCALE, "event", 8)
    routes = tuple(
        replace(route, leaving=tuple(rule for rule in route.leaving if rule.to != HOMES))
        for route in model.routes
    )
    found = figures(run_event(replace(model, routes=routes), threads=1), SCALE)
    assert differences(found, fluid(case))
