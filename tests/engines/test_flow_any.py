"""Models of any kind in the flow engine: what must hold whatever the rules."""

import dataclasses

import numpy as np
import pytest
from any_models import models
from flow_models import Ran, flow, model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caresim.engines.flow.run import run_flow
from caresim.engines.output import VARIABLES
from caresim.model import DAYS_PER_YEAR

MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ALWAYS_PASS = {
    "people_conserved",
    "no_negative_stock",
    "capacity_kept",
    "mean_stays",
    "outflows_within_stocks",
}
"""The checks that no model may fail. The step check may: these models change within hours."""


def people_come(given_model, numbers=400):
    """Return how many people come in a run, by the formula of the specification."""
    t = (np.arange(int(given_model.days) * numbers) + 0.5) / numbers
    day = np.floor(t).astype(int)
    dates = np.datetime64(given_model.start_date, "D") + day
    months = dates.astype("datetime64[M]").astype(int) % 12
    total = 0.0
    for arrival in given_model.arrivals:
        rate = arrival.rate * (1 + arrival.growth) ** (t / DAYS_PER_YEAR)
        if arrival.series is not None:
            rate = rate * arrival.series.at(day.astype(float))
        if arrival.population is not None:
            rate = rate * arrival.population.at(t)
            rate = rate * (1 + arrival.population_growth) ** (t / DAYS_PER_YEAR)
        rate = rate * np.array(arrival.weekday)[(given_model.start_date.weekday() + day) % 7]
        rate = rate * np.array(arrival.month)[months]
        for cycle in arrival.cycles:
            wave = np.cos(2 * np.pi * (t - cycle.peak) / cycle.period)
            rate = rate * (1 + cycle.amplitude * wave)
        total += float(rate.sum()) / numbers
    return total


def accounts(output):
    """Return people there at the start, those who left, and those there at the end."""
    there = output.mean["occupied_at"].sum(axis=(1, 2)) + output.mean["waiting_at"].sum(axis=(1, 2))
    ways_out = ("home", "died", "elsewhere", "lost")
    left = sum(float(output.totals[name][:, 0].sum(axis=(1, 2)).mean()) for name in ways_out)
    return float(there[0]), left, float(there[-1])


@given(models(), st.sampled_from(["euler", "heun", "heun", "rk3"]))
@MANY
def test_any_model_keeps_its_books_and_passes_its_audit(any_model, method):
    run = dataclasses.replace(any_model.run, engine="flow", method=method)
    output = run_flow(dataclasses.replace(any_model, run=run), threads=1)

    failed = [c for c in output.checks if c.name in ALWAYS_PASS and not c.passed]
    assert failed == []
    assert all(np.isfinite(c.worst) for c in output.checks)
    for name in VARIABLES:
        figures = output.totals[name]
        assert not np.isnan(figures).any(), name
        assert figures.min(initial=0.0) >= -1e-9, name

    begun = output.totals["admissions"] - output.totals["stays_ended"]
    in_care = output.series["occupied_at"] - output.series["delayed_at"]
    assert begun[:, 0] == pytest.approx(in_care[:, -1] - in_care[:, 0], abs=1e-6)
    assert output.totals["delayed_by_reason"].sum(axis=-1) == pytest.approx(
        output.totals["delayed"].sum(axis=-1), abs=1e-9
    )

    certain = dataclasses.replace(any_model, run=dataclasses.replace(run, members=1))
    if not certain.inputs:
        before, left, after = accounts(output)
        assert before + people_come(certain) == pytest.approx(left + after, rel=0.01, abs=0.05)


def test_books_that_do_not_balance_would_be_found():
    ran = flow({"a": {"stay": 5.0}}, {"x": {"to": "a", "rate": 3.0}})
    before, left, after = accounts(ran.output)
    assert before + people_come(ran.output.model) == pytest.approx(left + after, rel=1e-6)
    assert before + 1.02 * people_come(ran.output.model) != pytest.approx(left + after, rel=0.01)


@given(
    places=st.floats(2.0, 40.0),
    more=st.floats(0.0, 20.0),
    beds=st.floats(5.0, 60.0),
    share=st.floats(0.05, 0.9),
    died=st.floats(0.0, 0.2),
)
@settings(max_examples=25, deadline=None)
def test_more_places_downstream_mean_no_fewer_admissions_and_no_more_delay(
    places, more, beds, share, died
):
    """In settings that feed one another in one direction only.

    It need not hold for the settings that people go on to (see below), nor where people come
    back, nor for each source where classes differ in who may use the places.
    """

    def run(capacity):
        return Ran(run_flow(_pair(capacity, beds, share, died), threads=1))

    fewer, wider = run(places), run(places + more)
    for setting in ("a", "b"):
        a, b = (r.total("admissions", setting) for r in (fewer, wider))
        assert b >= a * (1 - 1e-6) - 1e-6
    assert wider.total("delayed", "a") <= fewer.total("delayed", "a") * (1 + 1e-6) + 1e-6
    assert wider.total("waiting", "a") <= fewer.total("waiting", "a") * (1 + 1e-6) + 1e-6


def _pair(capacity, beds, share, died):
    return model(
        {
            "a": {
                "stay": 6.0,
                "capacity": beds,
                "then": {"b": {"share": share, "while_delayed": {"died": died}}, "home": 1 - share},
            },
            "b": {"stay": 12.0, "capacity": capacity},
        },
        {"x": {"to": "a", "rate": 5.0}},
        days=200.0,
    )


def test_more_places_upstream_mean_more_waiting_downstream():
    def waiting(capacity):
        return flow(
            {
                "a": {"stay": 5.0, "capacity": 20.0},
                "b": {"stay": 5.0, "capacity": capacity, "room": 0.0, "then": {"a": 1.0}},
            },
            {"x": {"to": "a", "rate": 3.5}, "y": {"to": "b", "rate": 4.0}},
            days=400.0,
        ).total("waiting", "a")

    assert waiting(12.0) > waiting(6.0)
