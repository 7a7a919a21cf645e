from __future__ import annotations

import pytest

from caresim.scenario.options import changes
from caresim.scenario.overrides import steps_of

BASE = """\
caresim: 1
duration: 1 year
settings:
  acute:
    capacity: 20
    stay: 5 days
    then: {step_down: 10%, home: rest}
    queue: {max_wait: [{time: 4 days, to: home}]}
  step_down: {stay: 20 days, capacity: {2024-01-01: 5, 2024-07-01: 6}}
arrivals:
  people: {to: acute, rate: 2 per day}
"""


def test_paths():
    assert steps_of("settings.acute.capacity") == ("settings", "acute", "capacity")
    assert steps_of("a.b[0].c[1][2]") == ("a", "b", 0, "c", 1, 2)
    assert steps_of("a.2024-04-01") == ("a", "2024-04-01")
    for wrong in ("", ".a", "a.", "a..b", "a[x]", "[0]", "a[-1]"):
        assert steps_of(wrong) is None


@pytest.mark.parametrize(
    ("path", "text", "read"),
    [
        ("settings.acute.capacity", "30", lambda e: e["settings"]["acute"]["capacity"] == 30),
        (
            "settings.acute.stay",
            "{mean: 4 days, cv: 1.2}",
            lambda e: e["settings"]["acute"]["stay"]["cv"] == 1.2,
        ),
        (
            "settings.acute.queue.max_wait[0].time",
            "9 days",
            lambda e: e["settings"]["acute"]["queue"]["max_wait"][0]["time"] == "9 days",
        ),
        (
            "settings.acute.then.step_down",
            "20%",
            lambda e: e["settings"]["acute"]["then"]["step_down"]["share"] == 0.2,
        ),
        (
            "settings.acute.then.step_down.transfer",
            "1 day",
            lambda e: e["settings"]["acute"]["then"]["step_down"]["share"] == 0.1,
        ),
        (
            "settings.step_down.queue.room",
            "3",
            lambda e: e["settings"]["step_down"]["queue"]["room"] == 3,
        ),
        (
            "settings.step_down.capacity.2024-07-01",
            "8",
            lambda e: e["settings"]["step_down"]["capacity"]["2024-07-01"] == 8,
        ),
        ("run.members", "7", lambda e: e["run"]["members"] == 7),
        ("title", "Another title", lambda e: e["title"] == "Another title"),
        ("duration", "2 years", lambda e: e["duration"] == "730 days"),
    ],
)
def test_values_from_the_command_line(writing, path, text, read):
    assert read(writing.load(BASE, [(path, text)]).explicit)


@pytest.mark.parametrize(
    ("path", "text", "code", "said"),
    [
        ("settings.acut.capacity", "3", "C408", "did you mean `settings.acute`"),
        ("settings.acute.capcity", "3", "C201", "did you mean `capacity`"),
        ("settings.acute.capacity.x", "3", "C408", "single value"),
        ("settings.acute.queue.max_wait[3].time", "1 day", "C408", "one entry"),
        ("settings.acute.queue.priority[0]", "x", "C408", "priority"),
        ("settings acute", "3", "C201", "no key"),
        ("settings..acute", "3", "C408", "not a path"),
        ("settings.acute.capacity", "-3", "C305", "0 or more"),
        ("settings.acute.capacity", "", "C125", "no value"),
        ("settings.acute.capacity", "&a 3", "C120", "anchor"),
        ("settings.acute.capacity", "3\nb: 4", "C203", "one value"),
    ],
)
def test_wrong_overrides_name_what_was_typed(writing, path, text, code, said):
    message = writing.message(BASE, [(path, text)])
    assert f"error {code} " in message
    assert said in message
    assert "--set" in message


def test_overrides_count_for_all_options_and_in_order(writing):
    text = BASE + "options: {more: {set: {settings.acute.capacity: 40}}}\n"
    scenario = writing.load(
        text, [("settings.step_down.capacity", "7"), ("settings.step_down.capacity", "8")]
    )
    for option in ("do_nothing", "more"):
        model = scenario.model(option)
        step_down = next(s for s in model.settings if s.name == "step_down")
        assert step_down.capacity.values.tolist() == [8.0]


def test_options_are_resolved_with_their_values(writing):
    scenario = writing.load(
        BASE
        + "options:\n"
        + "  do_nothing: {label: As it is}\n"
        + "  lost: {set: {settings.acute.when_full: lost}}\n"
        + "  faster: {label: Faster, set: {settings.acute.then.step_down.arrangement: 1 day}}\n"
    )
    assert scenario.options == ("do_nothing", "lost", "faster")
    options = scenario.explicit["options"]
    assert options["do_nothing"] == {"label": "As it is"}
    assert options["lost"] == {"label": "lost", "set": {"settings.acute.queue.room": 0}}
    assert list(options["faster"]["set"]) == [
        "reasons.arrangement",
        "settings.acute.then.step_down.arrangement",
    ]
    assert scenario.model("lost").settings[0].room == 0
    assert scenario.model("do_nothing").settings[0].room == float("inf")
    assert scenario.model("faster").option_label == "Faster"


@pytest.mark.parametrize(
    ("set_", "expected"),
    [
        ("{duration: 2 years}", [("C409", "options.x.set.duration")]),
        ("{run.seed: 2}", [("C409", "options.x.set.run.seed")]),
        ("{cohorts: {older: {}}}", [("C409", "options.x")]),
        ("{settings.nowhere.capacity: 2}", [("C408", "settings.nowhere.capacity")]),
        ("{settings.acute.capacity: none}", [("C301", "settings.acute.capacity")]),
        ("{settings.acute.then.home_car: 2%}", [("C401", "settings.acute.then.home_car")]),
    ],
)
def test_what_options_may_not_set(writing, set_, expected):
    assert writing.problems(BASE + f"options: {{x: {{set: {set_}}}}}\n") == expected


def test_a_problem_of_an_option_is_shown_where_the_option_is(writing):
    text = BASE + "options:\n  x:\n    set:\n      settings.acute.capacity: many\n"
    assert "scenario.yaml:15:32 error C301 settings.acute.capacity" in writing.message(text)


def test_faults_of_the_scenario_are_not_repeated_for_each_option(writing):
    text = BASE.replace("20 days", "20 dys") + "options: {x: {set: {settings.acute.capacity: 3}}}\n"
    assert writing.problems(text) == [("C303", "settings.step_down.stay")]


def test_changes_apply_back():
    base = {"a": {"x": 1, "y": [1]}, "b": {"2024-01-01": 3}, "c": 1}
    other = {"a": {"x": 1, "y": [1, 2], "z": {"q": 1}}, "b": {"2024-01-01": 4}, "c": 1.0}
    assert changes(base, other) == {
        "a.y": [1, 2],
        "a.z": {"q": 1},
        "b": {"2024-01-01": 4},
        "c": 1.0,
    }
    assert changes({"a": {"x": 1, "y": 2}}, {"a": {"x": 1}}) == {"a": {"x": 1}}
    assert changes(base, base) == {}
