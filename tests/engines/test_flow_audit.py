"""What the flow engine checks of its own runs, and that each check can fail."""

from dataclasses import replace

import numpy as np
import pytest
from flow_models import Ran, flow, model

from caresim.engines.draws import apply, nominal_inputs
from caresim.engines.flow.audit import checks, step_check, warm_up_verdict
from caresim.engines.flow.compile import compile_model
from caresim.engines.flow.kernel import FlowAudit, advance
from caresim.engines.flow.phases import phase_type
from caresim.engines.flow.run import run_flow
from caresim.model import Cycle
from caresim.stays import exponential

WARD = {"a": {"stay": 5.0, "capacity": 10.0}}
ARRIVALS = {"x": {"to": "a", "rate": 3.0}}


@pytest.fixture(scope="module")
def checked():
    chosen = model(WARD, ARRIVALS)
    compiled = compile_model(chosen)
    numbers = apply(chosen, nominal_inputs(chosen))
    return chosen, compiled, advance(compiled.network, compiled.lanes.table(numbers)).audit


def failed(checked, **changes):
    chosen, compiled, audit = checked
    values = {name: np.full(1, float(value)) for name, value in changes.items()}
    return [c.name for c in checks(chosen, compiled, replace(audit, **values)) if not c.passed]


def test_a_sound_run_passes(checked):
    assert isinstance(checked[2], FlowAudit)
    assert failed(checked) == []


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("residual", 1e-8, "people_conserved"),
        ("smallest_stock", -1e-8, "no_negative_stock"),
        ("capacity_excess", 1e-5, "capacity_kept"),
        ("largest_fraction", 1.001, "outflows_within_stocks"),
    ],
)
def test_every_check_can_fail_and_none_passes_what_is_no_number(checked, field, value, name):
    assert failed(checked, **{field: value}) == [name]
    assert failed(checked, **{field: np.nan}) == [name]


def test_a_mean_stay_that_is_not_as_declared_fails(checked):
    chosen, compiled, audit = checked
    off = replace(compiled, phases={0: phase_type(exponential(5.001))})
    names = [c.name for c in checks(chosen, off, audit) if not c.passed]
    assert names == ["mean_stays"]


# ---- the step -----------------------------------------------------------------------------------


def daily_peak(method, steps_per_day):
    """Arrivals that come at one time of the day, to a ward that overflows then."""
    return Ran(
        run_flow(
            model(
                {"a": {"stay": 1.0, "capacity": 10.0, "room": 0.0}},
                {"x": {"to": "a", "rate": 9.0, "cycles": (Cycle(1.0, 1.0, 0.5),)}},
                method=method,
                steps_per_day=steps_per_day,
            ),
            threads=1,
        )
    )


def worst_step(ran):
    return next(c.worst for c in ran.output.checks if c.name == "step_short_enough")


def test_a_step_too_long_for_what_happens_within_a_day_fails():
    assert daily_peak("euler", 1).failed() == ["step_short_enough"]
    assert daily_peak("heun", 48).failed() == []


def test_what_the_step_check_finds_shrinks_with_the_step_so_it_is_no_noise():
    worst = [worst_step(daily_peak("heun", steps)) for steps in (12, 24, 48)]
    assert worst[0] > 2.5 * worst[1] > 6.25 * worst[2] > 0


def figures(ran, **changes):
    totals = {name: value.copy() for name, value in ran.output.totals.items()}
    for name, by in changes.items():
        totals[name][0, 0, 0] += by
    return totals


@pytest.mark.parametrize("by", [0.3, -0.3, np.nan])
def test_one_figure_in_one_window_that_moves_is_found(by):
    ran = flow(WARD, ARRIVALS)
    chosen, totals = ran.output.model, ran.output.totals
    assert step_check(chosen, totals, figures(ran), 4).passed
    assert not step_check(chosen, totals, figures(ran, occupied=by), 4).passed
    assert not step_check(chosen, totals, figures(ran, home=30 * by), 4).passed


def test_figures_too_small_to_act_on_do_not_fail_the_step():
    ran = flow(WARD, ARRIVALS)
    # 2% of one person: of none delayed, half as much more is none.
    moved = figures(ran, delayed=0.015)
    assert step_check(ran.output.model, ran.output.totals, moved, 4).passed
    assert step_check(ran.output.model, ran.output.totals, moved, 4).worst == pytest.approx(0.015)


# ---- the warm-up --------------------------------------------------------------------------------


def verdict(**kwargs):
    warm_up_days = kwargs.pop("warm_up_days", 730.0)
    stay, capacity = kwargs.pop("stay", 10.0), kwargs.pop("capacity", 100.0)
    ran = flow(
        {"a": {"stay": stay, "capacity": capacity}},
        {"x": {"to": "a", "rate": 5.0, **kwargs}},
        days=7.0,
        warm_up_days=warm_up_days,
        more={"steady_start": True},
    )
    return next(note for note in ran.output.notes if "warm-up" in note)


def test_a_warm_up_that_ends_in_a_steady_state_says_so():
    sentence = verdict(weekday=(1.4, 1.4, 1.4, 1.4, 1.4, 0.0, 0.0))
    assert sentence.startswith("After the warm-up of 730 days the people in no setting change")


def test_a_queue_that_grows_is_named_with_its_growth():
    # Two a day can be served of five: 1,095 more are waiting after each year.
    assert "a +1,095 of " in verdict(capacity=20.0)


def test_a_warm_up_too_short_to_tell_says_so():
    assert "too short to say" in verdict(warm_up_days=50.0)
    assert "After the warm-up of 60 days" in verdict(warm_up_days=59.5)


def test_a_run_without_a_warm_up_has_no_verdict(checked):
    chosen, compiled, _ = checked
    assert warm_up_verdict(chosen, compiled, None) == ()
