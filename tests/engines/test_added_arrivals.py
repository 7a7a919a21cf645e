"""People whom an intervention adds to arrivals of nobody, in every engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from event_models import Network

from caresim.engines.event.run import run as run_event
from caresim.engines.flow.run import run_flow
from caresim.engines.simpy.run import run as run_simpy
from caresim.model import Change, Changed, Intervention, Ramp, RunSettings
from caresim.traffic import arrivals_per_day, equilibrium

BEGINS, DAYS = 40.0, 240.0
ENGINES = {"event": run_event, "flow": run_flow, "simpy": run_simpy}


def opened(engine, *amounts, kind="absolute", growth=0.0, members=1, begins=BEGINS):
    """A ward to which nobody comes but those whom each of some interventions adds."""
    run = RunSettings(engine="event" if engine == "simpy" else engine, seed=5, members=members)
    network = Network(
        {"ward": {"stay": 4.0}}, {"door": {"to": "ward", "rate": 1.0}}, days=DAYS, run=run
    )
    model = network.model()
    nobody = replace(model.arrivals[0], only_added=True, growth=growth)
    acts = tuple(
        Intervention(f"act {k}", "", Ramp(begins), (Change(Changed("arrival_rate", 0), kind, a),))
        for k, a in enumerate(amounts)
    )
    return replace(model, arrivals=(nobody,), interventions=acts)


def coming(engine, *amounts, **more):
    output = ENGINES[engine](opened(engine, *amounts, **more))
    assert [check.name for check in output.checks if not check.passed] == []
    return output.totals["arrivals"][:, 0].sum(axis=(1, 2))


@pytest.mark.parametrize("engine", ENGINES)
def test_people_come_at_the_rate_that_is_added(engine):
    came = coming(engine, 6.0)[0]
    assert came == pytest.approx(6.0 * (DAYS - BEGINS), rel=1e-9 if engine == "flow" else 0.1)
    assert came > 0


def test_additions_add_up_and_can_be_taken_back():
    assert coming("flow", 6.0, -2.0)[0] == pytest.approx(4.0 * (DAYS - BEGINS))
    assert coming("event", 6.0, -2.0, members=8).mean() == pytest.approx(800.0, rel=0.05)


def test_what_is_added_grows_as_the_rate_would():
    grown = coming("flow", 6.0, growth=0.5, begins=0.0)[0]
    years = DAYS / 365.0
    assert grown == pytest.approx(6.0 * DAYS * (1.5**years - 1) / (years * np.log(1.5)), rel=1e-3)


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_comes_before_nor_by_a_share_of_nobody(engine):
    assert coming(engine, 0.5, kind="relative")[0] == 0.0
    assert coming(engine, 6.0, begins=DAYS + 1.0)[0] == 0.0


def test_nobody_is_expected_where_nobody_comes_yet():
    model = opened("flow", 6.0)
    assert arrivals_per_day(model.arrivals[0]) == 0.0
    assert equilibrium(model).people.sum() == 0.0


def test_simpy_has_the_same_people():
    assert coming("event", 3.0)[0] == coming("simpy", 3.0)[0] > 0
