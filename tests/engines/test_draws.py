from dataclasses import replace

import numpy as np
import pytest
from event_models import Network

from caresim.engines.draws import (
    apply,
    draw_inputs,
    member_inputs,
    nominal_inputs,
    quantile,
    step_starts,
)
from caresim.model import RunSettings, Target, UncertainInput

Z80 = 1.2815515655446004


def uncertain(path="x", shape="two_normals", low=0.8, high=0.9, *, targets=(), **more):
    middle = (low + high) / 2
    given = {
        "nominal": middle,
        "level": 0.8,
        "centre": middle,
        "spread_low": (middle - low) / Z80,
        "spread_high": (high - middle) / Z80,
        "least": 0.0,
        "most": 1.0,
    }
    return UncertainInput(
        path=path, shape=shape, low=low, high=high, targets=targets, **(given | more)
    )


def branching(then, inputs=(), cohorts=("everyone",), days=10.0, run=None):
    network = Network(
        {"ward": {"stay": 4.0, "then": then, "capacity": 5}, "unit": {"stay": 2.0}},
        {"calls": {"to": "ward", "rate": 2.0}},
        cohorts=cohorts,
        days=days,
        run=run or RunSettings(engine="event", members=200, seed=11),
    )
    return replace(network.model(), inputs=tuple(inputs))


def test_interval_at_80_percent_is_a_normal_of_known_mean_and_sd():
    u = (np.arange(200_000) + 0.5) / 200_000
    values = quantile(uncertain(), u)
    assert values.mean() == pytest.approx(0.85, abs=1e-6)
    assert values.std() == pytest.approx(0.039015, rel=2e-3)
    assert quantile(uncertain(), np.array([0.1, 0.9])) == pytest.approx([0.8, 0.9])
    model = branching({"home": 1.0}, [uncertain()])
    drawn = draw_inputs(model, 1, 0, 40_000)[:, 0]
    assert drawn.mean() == pytest.approx(0.85, abs=4 * 0.039 / 200)
    assert drawn.std() == pytest.approx(0.039015, rel=0.02)


def test_two_halves_meet_the_interval_and_the_stated_mean():
    skewed = uncertain(
        low=4.0, high=9.0, centre=5.0, spread_low=1.0 / Z80, spread_high=4.0 / Z80, most=np.inf
    )
    u = (np.arange(400_000) + 0.5) / 400_000
    values = quantile(skewed, u)
    expected = 5.0 + (4.0 - 1.0) / Z80 / np.sqrt(2 * np.pi)
    assert values.mean() == pytest.approx(expected, rel=1e-5)
    assert np.quantile(values, [0.1, 0.5, 0.9]) == pytest.approx([4.0, 5.0, 9.0], rel=1e-4)


@pytest.mark.parametrize(
    ("shape", "more", "mean"),
    [
        ("uniform", {}, 5.0),
        ("triangular", {"centre": 3.0}, (2 + 3 + 8) / 3),
        ("triangular", {"centre": 8.0}, (2 + 8 + 8) / 3),
        ("lognormal", {"centre": 1.0, "spread_high": 0.5}, np.exp(1.125)),
    ],
)
def test_other_shapes(shape, more, mean):
    u = (np.arange(400_000) + 0.5) / 400_000
    values = quantile(uncertain(shape=shape, low=2.0, high=8.0, most=np.inf, **more), u)
    assert values.mean() == pytest.approx(mean, rel=1e-4)
    assert np.all(np.diff(values) >= 0)


def test_draws_are_clipped():
    values = quantile(uncertain(low=0.9, high=1.1), np.array([0.01, 0.5, 0.99]))
    assert values[2] == 1.0
    assert values[0] < 0.9


def test_members_do_not_depend_on_the_chunk_and_follow_the_path():
    model = branching({"home": 1.0}, [uncertain("a"), uncertain("b")])
    whole = draw_inputs(model, 5, 0, 30)
    np.testing.assert_array_equal(draw_inputs(model, 5, 10, 7), whole[10:17])
    turned = replace(model, inputs=model.inputs[::-1])
    np.testing.assert_array_equal(draw_inputs(turned, 5, 0, 30), whole[:, ::-1])


def test_one_member_has_the_stated_values():
    model = branching({"home": 1.0}, [uncertain()], run=RunSettings(members=1))
    assert member_inputs(model, 0, 1) == pytest.approx(np.array([[0.85]]))
    many = replace(model, run=RunSettings(members=3, seed=2))
    np.testing.assert_array_equal(member_inputs(many, 1, 2), draw_inputs(many, 2, 1, 2))


def test_without_uncertain_inputs_numbers_are_those_of_the_model():
    model = branching({"home": 0.3, "unit": 0.6, "died": 0.1})
    numbers = apply(model, draw_inputs(model, 1, 0, 3))
    assert numbers.route_share.shape == (3, 4)
    for row in numbers.route_share:
        np.testing.assert_array_equal(row, [r.share for r in model.routes])
    assert np.all(numbers.stay_factor == 1.0)


def shares_drawn(then, drawn):
    """Final shares of the ward's routes when those of ``drawn`` have the given draws."""
    model = branching(then)
    names = [r.name for r in model.routes if r.setting == 0]
    inputs = [
        uncertain(name, targets=(Target("route_share", names.index(name)),)) for name in drawn
    ]
    model = replace(model, inputs=tuple(inputs))
    shares = apply(model, np.array([list(drawn.values())])).route_share[0]
    return dict(zip(names, shares, strict=False))


def test_rest_takes_what_is_left():
    then = {"home": {"share": 0.7, "is_rest": True}, "unit": 0.2, "died": 0.1}
    assert shares_drawn(then, {"unit": 0.35}) == pytest.approx(
        {"home": 0.55, "unit": 0.35, "died": 0.1}
    )


def test_shares_of_survivors_follow_the_drawn_deaths():
    then = {
        "home": {"share": 0.72, "is_rest": True},
        "unit": {"share": 0.18, "of_survivors": True},
        "died": 0.1,
    }
    assert shares_drawn(then, {"died": 0.2}) == pytest.approx(
        {"home": 0.64, "unit": 0.16, "died": 0.2}
    )
    assert shares_drawn(then, {"died": 0.2, "unit": 0.5}) == pytest.approx(
        {"home": 0.4, "unit": 0.4, "died": 0.2}
    )


def test_without_rest_draws_are_divided_by_their_sum():
    then = {"home": 0.5, "unit": 0.5}
    assert shares_drawn(then, {"home": 0.6, "unit": 0.9}) == pytest.approx(
        {"home": 0.4, "unit": 0.6}
    )


def test_rest_is_never_negative():
    then = {"home": {"share": 0.2, "is_rest": True}, "unit": 0.8}
    assert shares_drawn(then, {"unit": 1.0}) == pytest.approx({"home": 0.0, "unit": 1.0})


def test_every_target_reaches_its_number():
    network = Network(
        {
            "ward": {
                "stay": 4.0,
                "capacity": 5,
                "leaving": {"home": 0.1},
                "then": {
                    "unit": {
                        "share": 1.0,
                        "steps": [(1.0, 0.5), (2.0, 0.4)],
                        "while_delayed": {"died": 0.2, "home": 0.3},
                    }
                },
            },
            "unit": {"stay": 2.0, "then": {"home": {"share": 1.0, "steps": [(1.0, 0.7)]}}},
        },
        {"calls": {"to": "ward", "rate": 2.0}},
        cohorts=("a", "b"),
    )
    model = network.model()
    targets = {
        "arrival_rate": Target("arrival_rate", 0),
        "arrival_growth": Target("arrival_growth", 0),
        "population": Target("population", 0),
        "population_growth": Target("population_growth", 0),
        "stay": Target("stay", 2),
        "step_share": Target("step_share", 1, 1),
        "capacity": Target("capacity", 1),
        "waiting_hazard": Target("waiting_hazard", 0, 1, 0),
        "delayed_hazard": Target("delayed_hazard", 1, 1),
    }
    inputs = [uncertain(n, nominal=0.5, targets=(t,)) for n, t in targets.items()]
    model = replace(model, inputs=tuple(inputs))
    values = 0.01 * np.arange(1, 10)
    numbers = apply(model, values[None, :])
    assert numbers.arrival_rate[0, 0] == values[0]
    assert numbers.arrival_growth[0, 0] == values[1]
    assert numbers.population_factor[0, 0] == values[2] / 0.5
    assert numbers.population_growth[0, 0] == values[3]
    assert numbers.stay_factor[0].tolist() == [1.0, 1.0, values[4] / 0.5]
    assert step_starts(model).tolist() == [0, 2, 4, 5, 6]
    assert numbers.step_share[0].tolist() == [0.5, 0.4, 0.5, values[5], 0.7, 0.7]
    assert numbers.capacity_factor[0].tolist() == [1.0, values[6] / 0.5]
    assert numbers.waiting_hazard[0].tolist() == [0.1, values[7]]
    assert numbers.delayed_hazard[0].tolist() == [0.2, 0.3, 0.2, values[8]]


def test_nominal_inputs_shape_without_inputs():
    assert nominal_inputs(branching({"home": 1.0}), 4).shape == (4, 0)
