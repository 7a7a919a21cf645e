"""Members of a run of the flow engine: what is uncertain, and that every bit is theirs alone."""

from dataclasses import replace

import numpy as np
import pytest
from flow_models import Ran, model

from caresim.engines.draws import apply, draw_inputs, nominal_inputs
from caresim.engines.flow import variables
from caresim.engines.flow.compile import compile_model
from caresim.engines.flow.kernel import advance
from caresim.engines.flow.run import run_flow
from caresim.engines.output import VARIABLES
from caresim.model import Target, Timeline, UncertainInput
from caresim.stays import from_mean_and_cv

LOGNORMAL = from_mean_and_cv("lognormal", 6.0, 1.3)


def uniform(nominal, low, high, *targets):
    """An uncertain input that is anywhere between two values."""
    return UncertainInput(
        path=f"input {targets[0].field} {targets[0].i}",
        shape="uniform",
        nominal=nominal,
        low=low,
        high=high,
        level=1.0,
        centre=nominal,
        spread_low=0.0,
        spread_high=0.0,
        least=0.0,
        most=np.inf,
        targets=targets,
    )


def place(inputs=(), members=1, days=120.0, warm_up_days=60.0, **changes):
    """A hospital and a unit, with every kind of number that may be uncertain."""
    hazards = {"while_delayed": {"died": changes.get("delayed_hazard", 0.02)}}
    share = changes.get("route_share", 0.4)
    steps = [(3.0, changes.get("step_share", 0.5))]
    beds = changes.get("capacity", 30.0)
    return model(
        {
            "a": {
                "stay": changes.get("stay", LOGNORMAL),
                "capacity": beds,
                "then": {
                    "b": {"share": share, "steps": steps, "transfer": 0.5, **hazards},
                    "home": {"share": 1 - share, "is_rest": True},
                },
                "leaving": {"home": changes.get("waiting_hazard", 0.1)},
            },
            "b": {"stay": 10.0, "capacity": 15.0, "then": {"a": 0.2, "home": 0.8}},
        },
        {
            "x": {
                "to": "a",
                "rate": changes.get("arrival_rate", 5.0),
                "growth": changes.get("arrival_growth", 0.05),
                "population": Timeline.constant(changes.get("population", 1.0)),
            }
        },
        days=days,
        members=members,
        warm_up_days=warm_up_days,
        more={"inputs": tuple(inputs), "steady_start": True},
    )


RANGES = {
    "arrival_rate": (5.0, 4.0, 6.0),
    "arrival_growth": (0.05, 0.0, 0.2),
    "population": (1.0, 0.8, 1.3),
    "route_share": (0.4, 0.2, 0.6),
    "step_share": (0.5, 0.1, 0.9),
    "capacity": (30.0, 20.0, 40.0),
    "waiting_hazard": (0.1, 0.05, 0.4),
    "delayed_hazard": (0.02, 0.0, 0.2),
}


def stay_positions(given):
    return {stay: position for position, stay in enumerate(given.stays)}


def everything(members, **kwargs):
    """The place with all of its numbers uncertain."""
    plain = place()
    inputs = [uniform(*RANGES[field], Target(field, 0)) for field in RANGES]
    stay = Target("stay", stay_positions(plain)[LOGNORMAL])
    return place([*inputs, uniform(6.0, 4.0, 9.0, stay)], members, **kwargs)


def all_figures(output):
    return {
        **{f"total {name}": value for name, value in output.totals.items()},
        **{f"mean {name}": value for name, value in output.mean.items()},
        **{f"series {name}": value for name, value in output.series.items()},
    }


def differing(first, second):
    """Return the names of figures that are not the same to the last bit."""
    return [
        name
        for name, value in all_figures(first).items()
        if value.tobytes() != all_figures(second)[name].tobytes()
    ]


@pytest.mark.parametrize("field", [*RANGES])
def test_a_member_is_as_if_its_draw_had_been_stated(field):
    # Warm-ups begin from one guess for all members, which must have been forgotten.
    drawn = place([uniform(*RANGES[field], Target(field, 0))], members=3, warm_up_days=900.0)
    output = run_flow(drawn, threads=1)
    for member in range(3):
        value = float(output.draws[member, 0])
        stated = run_flow(place(warm_up_days=900.0, **{field: value}), threads=1)
        for name in VARIABLES:
            assert output.totals[name][member] == pytest.approx(
                stated.totals[name][0], rel=1e-9, abs=1e-9
            ), name


def test_a_stay_drawn_longer_has_the_mean_drawn():
    position = stay_positions(place())[LOGNORMAL]
    item = uniform(6.0, 4.0, 9.0, Target("stay", position))
    steady = place([item], members=4, capacity=np.inf, arrival_growth=0.0)
    given = replace(steady, steady_start=False, days=2000.0)
    output = run_flow(given, threads=1)
    last = output.series["occupied_at"][:, -1, 0, 0] - output.series["delayed_at"][:, -1, 0, 0]
    begun = output.series["admissions"][:, -1, 0, 0] / np.diff(output.times)[-1]
    assert last / begun == pytest.approx(output.draws[:, 0], rel=1e-9)


def test_one_member_has_what_is_stated():
    stated, nominal = run_flow(place(), threads=1), run_flow(everything(1), threads=1)
    for name in VARIABLES:
        assert nominal.totals[name] == pytest.approx(stated.totals[name], rel=1e-9, abs=1e-9), name


def test_a_stay_drawn_too_short_to_follow_is_made_longer_and_said():
    position = stay_positions(place())[LOGNORMAL]
    item = uniform(6.0, 0.0, 0.02, Target("stay", position))  # all far below what is stated
    output = run_flow(place([item], members=5), threads=1)
    assert any(note.startswith("5 members drew a stay too short") for note in output.notes)
    assert Ran(output).failed() == []


def test_bits_do_not_depend_on_threads():
    given = everything(130)
    one = run_flow(given, threads=1)
    for threads in (2, 4):
        assert differing(one, run_flow(given, threads=threads)) == []


def test_bits_do_not_depend_on_who_else_is_run():
    many, few = run_flow(everything(130), threads=2), run_flow(everything(70), threads=2)
    for name in VARIABLES:
        assert many.totals[name][:70].tobytes() == few.totals[name].tobytes(), name
        assert many.series[name][:70].tobytes() == few.series[name].tobytes(), name


@pytest.mark.parametrize("member", [0, 63, 64, 129])
def test_a_member_alone_has_the_bits_it_has_among_others(member):
    given = everything(130)
    draws = draw_inputs(given, given.run.seed, member, 1)
    compiled, numbers = compile_model(given), apply(given, draws)
    lanes = compiled.lanes.table(numbers)
    before = advance(compiled.warm_up, lanes)
    left = before.series[: compiled.network.n_rows, -1]
    found = advance(compiled.network, np.concatenate([lanes, left]))
    alone = variables.totals(given, compiled, numbers, found)
    among = run_flow(given, threads=2)
    for name in VARIABLES:
        assert alone[name][0].tobytes() == among.totals[name][member].tobytes(), name


def test_an_option_that_changes_nothing_has_the_same_bits():
    given = everything(5)
    option = replace(given, option="other", option_label="Another")
    assert differing(run_flow(given, threads=1), run_flow(option, threads=1)) == []


def test_a_difference_of_bits_would_be_found():
    given = everything(5)
    other = replace(given, run=replace(given.run, seed=2))
    assert "total occupied" in differing(run_flow(given, threads=1), run_flow(other, threads=1))


def test_draws_that_are_nominal_are_not_random():
    given = everything(1)
    assert run_flow(given, threads=1).draws.tolist() == nominal_inputs(given).tolist()
