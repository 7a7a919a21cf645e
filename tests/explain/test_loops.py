"""Loops are found with their sign, and drawn where they can be read."""

import itertools
import re
import xml.etree.ElementTree as ElementTree

import pytest

from caresim.explain.loops.find import loops_of
from caresim.explain.loops.page import picture
from caresim.explain.loops.words import text
from caresim.scenario.load import load

SVG = "{http://www.w3.org/2000/svg}"

PLACE = """\
caresim: 1
title: A place with <loops> & "names"
duration: 1 year
cohorts: {older: {population: 10000}}
settings:
  acute:
    kind: acute
    capacity: 60
    stay: 6 days
    then: {step_down: 25%, again: {to: acute, share: 5%, wait_at: home}, home: rest}
  step_down:
    kind: intermediate
    capacity: 30
    stay: 20 days
  support: {kind: community, capacity: 10, stay: 30 days}
arrivals:
  emergency: {to: acute, rate: 300 per 1000 per year, cohort: older}
  referrals: {to: support, rate: 1 per day}
budgets: {pool: {amount: 1000000 GBP per year, pays: {acute: 300 GBP per day}}}
workforce:
  carers:
    posts: 20
    in_post: 10
    leavers: 10% per year
    recruitment: 1 per month
    runs: {support: 1}
feedbacks:
  crowding:
    signal: {occupancy: acute, above: 90%}
    effects: [{on: settings.acute.stay, change: -1%, per: 1%}]
  early:
    signal: {occupancy: acute, above: 90%}
    effects: [{on: settings.acute.then.again.share, change: 2%, per: 1%}]
  unmet:
    signal: {unmet: support}
    effects: [{on: arrivals.referrals.rate, change: 5%, per: 10%}]
  strain:
    signal: {workload: carers, above: 100%}
    effects: [{on: workforce.carers.leavers, change: 10%, per: 10%}]
  reinvest:
    signal: {underspend: pool}
    effects: [{on: settings.step_down.capacity, by: 1, per: 1000 GBP per day}]
  outside:
    signal: {waiting: support}
    effects: [{on: arrivals.emergency.rate, change: 1%, per: 10}]
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("loops") / "place.yaml"
    path.write_text(PLACE, encoding="utf-8")
    return load(path).model("do_nothing")


@pytest.fixture(scope="module")
def signs(model):
    return {
        model.feedbacks[loop.feedback].name: loop.is_reinforcing
        for loop in loops_of(model)
        if loop.feedback >= 0
    }


def test_loops_reinforce_or_balance(signs):
    # Shorter stays empty the hospital that was full; people who come back fill it. More underspend
    # buys step-down places, which end delays, which leaves more money.
    assert signs == {
        "crowding": False,
        "early": True,
        "unmet": True,
        "strain": True,
        "reinvest": True,
    }


def test_an_answer_that_does_not_come_back_closes_no_loop(model):
    # Those who wait for support bring people to hospital, of whom nobody asks for support.
    assert "outside: what answers does not come back" in text(model).lower()


def test_loops_in_the_flows(model):
    names = [loop.name for loop in loops_of(model) if loop.feedback < 0]
    assert names == ["step_down full", "back to acute"]


def test_signs_hold_in_every_link_of_the_chain(model):
    chain = next(line for line in text(model).splitlines() if "higher workload" in line)
    steps = [step.strip() for step in chain.split("->")]
    assert steps == [
        "higher workload of carers",
        "more carers who leave",
        "fewer carers at work",
        "higher workload of carers",
    ]


def test_the_picture_is_sound_and_has_its_words(model):
    root = ElementTree.fromstring(picture(model))
    assert root.find(f"{SVG}desc").text == text(model)
    assert root.find(f"{SVG}title").text.startswith('A place with <loops> & "names"')
    shown = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    for word in ("crowding", "emergency", "carers", "10 in post"):
        assert word in shown


def test_boxes_do_not_overlap_and_lie_inside(model):
    root = ElementTree.fromstring(picture(model))
    width, height = float(root.get("width")), float(root.get("height"))
    boxes = [
        tuple(float(node.get(name)) for name in ("x", "y", "width", "height"))
        for node in root.iter(f"{SVG}rect")
        if node.get("class")
    ]
    assert len(boxes) > 10
    for x, y, wide, tall in boxes:
        assert min(x, y) >= 0
        assert x + wide <= width
        assert y + tall <= height
    for a, b in itertools.combinations(boxes, 2):
        apart_x = a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0]
        apart_y = a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
        assert apart_x or apart_y, (a, b)


def test_a_model_without_loops_says_so(tmp_path):
    path = tmp_path / "clinic.yaml"
    path.write_text(
        "caresim: 1\nduration: 1 year\nsettings: {clinic: {stay: 1 day}}\n"
        "arrivals: {all: {to: clinic, rate: 1 per day}}\n",
        encoding="utf-8",
    )
    model = load(path).model("do_nothing")
    assert text(model).startswith("There is no loop")
    assert ElementTree.fromstring(picture(model)) is not None


def test_command_draws_what_it_prints(tmp_path, model):
    from caresim.cli import main

    path, svg = tmp_path / "place.yaml", tmp_path / "loops.svg"
    path.write_text(PLACE, encoding="utf-8")
    assert main(["explain", str(path), "--loops", "-o", str(svg)]) == 0
    assert re.search(r"<desc[^>]*>B1", svg.read_text(encoding="utf-8"))
    assert main(["explain", str(path), "--loops", "--option", "do_nothin"]) == 2
    assert main(["explain", str(path), "-o", str(svg)]) == 2
