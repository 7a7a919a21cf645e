"""The scenario written for a board: valid, runs in both engines, and holds the board's figures."""

import dataclasses
import re
from types import MappingProxyType

import pytest
import yaml

import caresim as cs
from caresim.places.boards import board, boards
from caresim.places.boards.predict import predict
from caresim.places.template import ROUTES, delay_factor, national_steps, scenario_text
from caresim.traffic import equilibrium

FEW = ("QUY", "QR1", "QHL")
"""One like most; one that reports nobody on pathway 3; one that reports discharges in part."""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Load a board's scenario, with overrides."""
    folder = tmp_path_factory.mktemp("boards")

    def load(b, *overrides):
        path = folder / f"{b.code}.yaml"
        path.write_text(scenario_text(b), encoding="utf-8")
        return cs.load(path, overrides)

    return load


@pytest.mark.parametrize("code", sorted(boards()))
def test_the_scenario_is_sound_yaml_with_short_enough_comments(code):
    text = scenario_text(boards()[code])
    content = yaml.safe_load(text)
    assert content["place"]["code"] == code
    assert "$" not in text
    assert "nan" not in text
    for line in text.splitlines():
        assert len(line) <= 105 or not line.lstrip().startswith("#"), line


@pytest.mark.parametrize("code", FEW)
def test_a_board_runs_in_both_engines(written, code):
    short = ("duration", "2 weeks"), ("run.warm_up", "5 days")
    scenario = written(boards()[code], *short)
    flow = cs.run(scenario, members=2, options=["do_nothing", "limited_home_support"])
    event = cs.run(scenario, engine="event", members=1, options=["do_nothing"])
    assert flow.passed
    assert event.passed
    occupied = [r["do_nothing"].indicators()["occupied.acute"].mean for r in (flow, event)]
    assert occupied[0] == pytest.approx(occupied[1], rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(set(boards()) - set(FEW)))
def test_every_board_runs_in_both_engines(written, code):
    short = ("duration", "8 weeks"), ("run.warm_up", "30 days")
    scenario = written(boards()[code], *short)
    assert cs.run(scenario, members=3).passed
    assert cs.run(scenario, engine="event", members=1).passed


@pytest.mark.parametrize("code", sorted(boards()))
def test_it_holds_as_many_delayed_people_as_foretold(code):
    """By Little's law, before anything is run: flows times England's days times the factor."""
    b, made = boards()[code], predict(boards()[code])
    then = yaml.safe_load(scenario_text(b))["settings"]["acute"]["then"]
    delayed = 0.0
    for route, pathway in ROUTES.items():
        flow = b.discharges * b[f"pathway_{pathway}_per_day"] / b["discharges_per_day"]
        for step in then[route]["arrangement"]:
            days = float(step["time"]["mean"].removesuffix(" days"))
            share = float(step.get("share", "100%").removesuffix("%")) / 100
            delayed += flow * days * share
    assert delayed == pytest.approx(made.day_end, rel=1e-3)


@pytest.mark.parametrize("code", FEW)
def test_the_model_has_the_published_beds_occupied(written, code):
    b = boards()[code]
    model = written(b).model("do_nothing")
    found = equilibrium(model)
    names = [setting.name for setting in model.settings]
    acute = names.index("acute")
    assert found.places[acute] == pytest.approx(b["beds_occupied"], rel=0.003)
    assert found.delayed[acute].sum() == pytest.approx(predict(b).day_end, rel=0.003)
    beds = names.index("community_beds")
    assert found.places[beds] <= 0.76 * model.settings[beds].capacity.at(0.0)


def test_its_own_delays_give_the_published_number(written):
    b = board("QSL")
    model = written(b).model("published_delays")
    acute = [setting.name for setting in model.settings].index("acute")
    delayed = equilibrium(model).delayed[acute].sum()
    assert delayed == pytest.approx(b["no_criteria_day_end"], rel=0.003)


def test_a_board_without_published_delays_has_no_such_option(written):
    scenario = written(board("QE1"))
    assert "published_delays" not in scenario.options
    assert {"do_nothing", "more_acute_beds", "limited_home_support"} <= set(scenario.options)
    assert "None is published in the copy read" in scenario_text(board("QE1"))


def test_more_beds_are_in_proportion_to_the_board():
    more = re.search(r"more_acute_beds:\n +label: (\d+) more", scenario_text(board("QUY")))
    assert int(more[1]) == round(0.03 * board("QUY")["beds_highest_month"])


def test_cautions_say_what_is_wrong_with_a_boards_figures():
    assert "report discharges in part" in scenario_text(board("QHL"))
    assert "CAUTION" not in scenario_text(board("QUY"))
    b = board("QUY")
    crowded = dict(b.figures) | {"care_home_residents": 100.0}
    text = scenario_text(dataclasses.replace(b, figures=MappingProxyType(crowded)))
    assert "other admissions are 0" in text


def test_englands_delays_are_those_of_the_library():
    steps = national_steps()
    assert sum(s["days"] * s["share"] for s in steps["home"]) == pytest.approx(0.470, abs=1e-3)
    assert sum(s["days"] * s["share"] for s in steps["residential"]) == pytest.approx(
        11.49, abs=0.01
    )


def test_the_factor_is_one_where_the_forecast_is_englands():
    b = board("QUY")
    made = predict(b)
    assert delay_factor(b, dataclasses.replace(made, day_end=2 * made.day_end)) == pytest.approx(
        2 * delay_factor(b, made)
    )
