# ruff: noqa: E501 - scenarios are easier to read unbroken
"""The explicit form, section by section of the specification."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caresim.scenario.load import load
from caresim.scenario.read import read

ROOT = Path(__file__).parent.parent.parent
CORPUS = sorted(
    path
    for folder in ("tests/conformance/valid", "scenarios/theory", "scenarios/systems")
    for path in (ROOT / folder).glob("*.yaml")
    if not path.name.endswith(".resolved.yaml")
)


def setting(explicit, name="ward"):
    return explicit["settings"][name]


def test_every_default_is_spelled_out(writing, minimal):
    explicit = writing.explicit(minimal)
    assert list(explicit) == [
        "caresim", "title", "start_date", "duration", "sources", "reasons", "cohorts",
        "settings", "arrivals", "initial", "options", "run", "published",
    ]  # fmt: skip
    assert explicit["title"] == "scenario"
    assert explicit["start_date"] == "2024-01-01"
    assert explicit["duration"] == "365 days"
    assert explicit["cohorts"] == {"everyone": {"label": "everyone"}}
    assert setting(explicit) == {
        "label": "ward",
        "kind": "community",
        "capacity": 10,
        "places_per_person": 1,
        "stay": {"distribution": "exponential", "mean": "5 days"},
        "then": {"home": {"to": "home", "share": "rest", "wait_at": "place"}},
        "queue": {
            "priority": [],
            "room": "unlimited",
            "overflow": "lost",
            "max_wait": [],
            "leaving": {},
        },
        "admits": "always",
        "delay_reason": "capacity_community",
    }
    assert explicit["arrivals"]["people"] == {
        "to": "ward", "rate": "1 per day", "cohort": "everyone", "growth": "0% per year",
    }  # fmt: skip
    assert explicit["initial"] == "empty"
    assert explicit["options"] == {"do_nothing": {"label": "Do nothing"}}
    assert explicit["run"] == {
        "engine": "flow", "members": 1, "seed": 1, "step": "auto", "method": "heun",
        "save_every": "7 days", "warm_up": "730 days", "deadlock": "swap",
        "coupling": "1 day", "optimism": True,
    }  # fmt: skip
    assert set(explicit["reasons"]) == {"capacity_community", "transfer"}


@pytest.mark.parametrize(
    ("fields", "room", "overflow"),
    [
        ("", "unlimited", "lost"),
        ("when_full: wait", "unlimited", "lost"),
        ("when_full: lost", 0, "lost"),
        ("when_full: {divert: other}", 0, {"divert": "other"}),
        ("queue: {room: 3}", 3, "lost"),
        ("queue: {room: 3, overflow: {divert: other}}", 3, {"divert": "other"}),
    ],
)
def test_when_full_becomes_room_and_overflow(writing, fields, room, overflow):
    explicit = writing.explicit(
        "caresim: 1\nduration: 1 year\nsettings:\n"
        f"  ward: {{stay: 5 days, {fields}}}\n  other: {{stay: 5 days}}\n"
    )
    assert setting(explicit)["queue"]["room"] == room
    assert setting(explicit)["queue"]["overflow"] == overflow


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("14 days", {"distribution": "exponential", "mean": "14 days"}),
        ("2 weeks", {"distribution": "exponential", "mean": "14 days"}),
        (
            "{value: 14 days, source: An audit of 2024}",
            {"distribution": "exponential", "mean": {"value": "14 days", "source": "An audit of 2024"}},
        ),
        ("{mean: 14 days, sd: 16 days}", {"distribution": "lognormal", "mean": "14 days", "sd": "16 days"}),
        ("{mean: 14 days, cv: 1.2}", {"distribution": "lognormal", "mean": "14 days", "cv": 1.2}),
        ("{median: 9 days, mean: 18 days}", {"distribution": "lognormal", "mean": "18 days", "median": "9 days"}),
        (
            "{quantiles: {25%: 2 days, 90%: 20 days}}",
            {"distribution": "lognormal", "quantiles": {"25%": "2 days", "90%": "20 days"}},
        ),
        ("{distribution: fixed, value: 12 hours}", {"distribution": "fixed", "value": "0.5 days"}),
        (
            "{distribution: erlang, mean: 6 days, stages: 3}",
            {"distribution": "erlang", "mean": "6 days", "stages": 3},
        ),
        (
            "{distribution: hyperexponential, branches: [{share: 70%, mean: 2 days}, {share: 30%, mean: 9 days}]}",
            {
                "distribution": "hyperexponential",
                "branches": [{"share": 0.7, "mean": "2 days"}, {"share": 0.3, "mean": "9 days"}],
            },
        ),
        (
            "{distribution: empirical, values: [1, 3.5, 3]}",
            {"distribution": "empirical", "values": [1, 3.5, 3]},
        ),
    ],
)  # fmt: skip
def test_stays(writing, with_setting, written, expected):
    assert setting(writing.explicit(with_setting(f"stay: {written}")))["stay"] == expected


@pytest.mark.parametrize(
    ("stay", "code"),
    [
        ("{mean: 14 days}", "C311"),
        ("{mean: 14 days, sd: 2 days, cv: 1}", "C311"),
        ("{mean: 3 days, stages: 2}", "C311"),
        ("{distribution: gamma, mean: 3 days}", "C311"),
        ("{distribution: exponential, mean: 3 days, sd: 3 days}", "C311"),
        ("{median: 9 days, mean: 8 days}", "C315"),
        ("{distribution: erlang, mean: 0 days, stages: 3}", "C315"),
        ("0 days", "C315"),
        ("{quantiles: {50%: 4 days, 25%: 5 days}}", "C315"),
        ("{quantiles: {50%: 4 days}}", "C315"),
        ("{quantiles: {half: 4 days, 90%: 9 days}}", "C315"),
        ("{distribution: hyperexponential, mean: 3 days, cv: 0.5}", "C315"),
        ("{distribution: phase_type, initial: [1], rates: [[0.5]]}", "C315"),
        ("{distribution: phase_type, initial: [1, 1], rates: [[-1, 0], [0, -1]]}", "C315"),
        ("{distribution: empirical, values: []}", "C315"),
        ("{mean: {low: 2 days, high: 3 days}, median: {low: 1 day, high: 2 days}}", "C313"),
    ],
)
def test_stays_that_cannot_be(writing, with_setting, stay, code):
    assert [found for found, _ in writing.problems(with_setting(f"stay: {stay}"))] == [code]


COHORTS = """\
caresim: 1
duration: 1 year
cohorts: {older: {population: 1000}, younger: {population: 9000}, others_too: {population: 5}}
settings:
  ward:
    stay: {by_cohort: {older: {mean: 9 days, cv: 1.2}, others: 4 days}}
    then: {died: {by_cohort: {older: 4%, others: 1%}}, home: rest}
arrivals:
  people: {to: ward, rate: {by_cohort: {older: 100 per 1000 per year, others: 20 per 1000 per year}}}
"""


def test_cohorts_are_spelled_out_and_collapsed_where_all_are_the_same(writing):
    explicit = writing.explicit(COHORTS)
    ward = setting(explicit)
    assert ward["stay"] == {
        "by_cohort": {
            "older": {"distribution": "lognormal", "mean": "9 days", "cv": 1.2},
            "younger": {"distribution": "exponential", "mean": "4 days"},
            "others_too": {"distribution": "exponential", "mean": "4 days"},
        }
    }
    assert ward["then"]["died"]["share"] == {
        "by_cohort": {"older": 0.04, "younger": 0.01, "others_too": 0.01}
    }
    assert ward["then"]["home"]["share"] == "rest"
    assert explicit["arrivals"]["people"]["cohort"] == ["older", "others_too", "younger"]


def test_one_uncertain_value_for_several_cohorts_is_one_draw(writing):
    explicit = writing.explicit(
        COHORTS.replace("others: 4 days", "others: {low: 3 days, high: 5 days}")
    )
    stays = setting(explicit)["stay"]["by_cohort"]
    draws = {name: stay["mean"].get("draw") for name, stay in stays.items() if name != "older"}
    assert draws == dict.fromkeys(("younger", "others_too"), "settings.ward.stay.by_cohort.others")


LOCALITIES = """\
caresim: 1
duration: 1 year
cohorts: {older: {population: 1000}, younger: {population: 9000}}
localities:
  north: {label: The north, share: {by_cohort: {older: 60%, others: 50%}}}
  south: {share: {by_cohort: {older: 40%, others: 50%}}}
settings:
  acute: {kind: acute, stay: 5 days, then: {home_care: 10%, home: rest}, while_delayed: {home_care: 1% per day}}
  home_care:
    local: true
    label: Home care
    capacity: {by_locality: {north: 12, others: {low: 7, high: 9}}}
    stay: {by_locality: {north: 30 days, south: 40 days}}
    queue: {priority: [acute, [people, home_care]]}
    then: {again: {to: home_care, share: 20%}, home: rest}
arrivals:
  people: {to: home_care, rate: 2 per day, cohort: {older: 30%, younger: 70%}}
  all: {to: acute, rate: 100 per 1000 per year}
"""


def test_localities_are_expanded(writing):
    explicit = writing.explicit(LOCALITIES)
    assert "localities" not in explicit
    assert list(explicit["cohorts"]) == [
        "older@north",
        "older@south",
        "younger@north",
        "younger@south",
    ]
    assert explicit["cohorts"]["older@north"]["population"] == {
        "value": 600,
        "growth": "0% per year",
    }
    assert explicit["cohorts"]["older@north"]["label"] == "older (The north)"
    assert list(explicit["settings"]) == ["acute", "home_care@north", "home_care@south"]
    north = setting(explicit, "home_care@north")
    assert (north["label"], north["capacity"]) == ("Home care (The north)", 12)
    assert north["stay"]["mean"] == "30 days"
    assert north["then"]["again"]["to"] == "home_care@north"
    assert north["queue"]["priority"] == [["acute"], ["people", "home_care@north"]]
    south = setting(explicit, "home_care@south")
    assert south["capacity"]["draw"] == "settings.home_care.capacity.by_locality.others"
    acute = setting(explicit, "acute")
    assert acute["then"]["home_care"]["to"]["by_cohort"]["younger@south"] == "home_care@south"
    assert acute["while_delayed"]["home_care@north"] == {
        "by_cohort": {
            "older@north": "0.01 per day", "older@south": "0 per day",
            "younger@north": "0.01 per day", "younger@south": "0 per day",
        }
    }  # fmt: skip
    people = explicit["arrivals"]["people"]
    assert people["rate"] == "2 per day"
    assert people["cohort"] == pytest.approx(
        {"older@north": 0.18, "older@south": 0.12, "younger@north": 0.35, "younger@south": 0.35}
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("capacity: {by", "room: {by", [("C201", "settings.home_care.room")]),
        ("kind: acute,", "kind: acute, capacity: {by_locality: {others: 3}},", [("C410", "settings.acute.capacity")]),
        ("kind: acute,", "kind: acute, when_full: {divert: home_care},", [("C410", "settings.acute.when_full.divert")]),
        ("kind: acute,", "kind: acute, queue: {max_wait: {time: 1 day, to: home_care}},", [("C410", "settings.acute.queue.max_wait.to")]),
        ("older: 60%", "older: 61%", [("C312", "localities")]),
        ("others: {low: 7, high: 9}", "est: 9", [("C403", "settings.home_care.capacity.by_locality.est"), ("C407", "settings.home_care.capacity.by_locality")]),
        ("  north:", "  others:", [("C209", "localities.others"), ("C403", "settings.home_care.capacity.by_locality.north")]),
    ],
)  # fmt: skip
def test_what_localities_cannot_be(writing, old, new, expected):
    found = writing.problems(LOCALITIES.replace(old, new, 1))
    assert [one for one in expected if one not in found] == []


def test_rates_by_locality_are_in_full_and_by_cohort_are_shared(writing):
    base = LOCALITIES.replace("rate: 2 per day, cohort: {older: 30%, younger: 70%}", "rate: RATE")
    explicit = writing.explicit(
        base.replace("RATE", "{by_cohort: {older: 5 per day, younger: 1 per day}}")
    )
    assert explicit["arrivals"]["people"]["rate"]["by_cohort"]["older@north"] == "3 per day"
    rate = "{by_locality: {north: 5 per day, south: 1 per day}}, cohort: {older: 50%, younger: 50%}"
    explicit = writing.explicit(base.replace("RATE", rate))
    assert explicit["arrivals"]["people"]["rate"]["by_cohort"]["older@north"] == "2.5 per day"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("{home: 50%}", "sum to 0.5, not to 1"),
        ("{home: 50%, died: 60%}", "sum to 1.1, not to 1"),
        ("{home: rest, died: 60%, elsewhere: 50%}", "leaves less than nothing"),
        ("{home: rest, died: rest}", "more than one `rest`"),
        ("{home: {share: {value: 50%, of: survivors}}, died: 10%}", "sum to 0.55"),
        ("{home: rest, died: {share: {value: 50%, of: survivors}}}", "C320"),
    ],
)
def test_shares_must_sum_to_one(writing, with_setting, then, said):
    message = writing.message(with_setting(f"stay: 5 days, then: {then}"))
    assert ("error C312 settings.ward.then" in message) == (said != "C320")
    assert said in message


def test_shares_within_rounding_are_one(writing, with_setting):
    writing.load(with_setting("stay: 5 days, then: {home: 33.3333333333%, died: 66.6666666667%}"))


def test_factors_are_divided_by_their_mean(writing, with_setting):
    text = with_setting("stay: 5 days").replace(
        "1 per day",
        "1 per day, weekday: {mon: 2, tue: 2, wed: 2, thu: 2, fri: 2, sat: 2, sun: 2.014}",
    )
    factors = writing.explicit(text)["arrivals"]["people"]["weekday"]
    assert sum(factors.values()) == pytest.approx(7, abs=1e-12)
    assert factors["sun"] / factors["mon"] == pytest.approx(1.007)


def test_census_is_spelled_out(writing):
    writing.file("days\n3\n4.5\n", "residents.csv")
    explicit = writing.explicit(
        "caresim: 1\nduration: 1 year\nsettings:\n"
        "  ward: {stay: 5 days, then: {unit: 10%, home: rest}}\n  unit: {stay: 20 days}\n"
        "  homes: {stay: 500 days}\narrivals: {people: {to: ward, rate: 1 per day}}\n"
        "initial:\n  census: {ward: 8, unit: {people: 4, elapsed: 12 days}, homes: {elapsed: {csv: residents.csv, column: days}}}\n"
        "  queue: {unit: 3}\n"
    )
    assert explicit["initial"] == {
        "census": {
            "ward": {"people": 8, "stays": "equilibrium"},
            "unit": {"people": 4, "elapsed": "12 days"},
            "homes": {"people": 2, "elapsed": [3, 4.5]},
        },
        "queue": {"unit": {"ward": 3}},
    }


@pytest.mark.parametrize(
    ("initial", "expected"),
    [
        ("{census: {wrd: 3}}", [("C401", "initial.census.wrd")]),
        ("{census: {ward: {elapsed: 3 days}}}", [("C202", "initial.census.ward")]),
        ("{census: {ward: {people: 3, elapsed: 3 days, stays: equilibrium}}}", [("C316", "initial.census.ward.stays")]),
        ("{census: {ward: -3}}", [("C305", "initial.census.ward")]),
        ("{census: {ward: {people: 3, elapsed: [1, -2]}}}", [("C305", "initial.census.ward.elapsed[1]")]),
        ("{queue: {unit: {wrd: 3}}}", [("C404", "initial.queue.unit.wrd")]),
        ("{census: {ward: 2}, queue: {unit: {ward: 3}}}", [("C414", "initial.queue.unit.ward")]),
        ("{queue: {homes: 3}}", [("C413", "initial.queue.homes")]),
        ("full", [("C204", "initial")]),
        ("{cenus: {}}", [("C201", "initial.cenus")]),
    ],
)  # fmt: skip
def test_starts_that_cannot_be(writing, initial, expected):
    text = (
        "caresim: 1\nduration: 1 year\nsettings:\n"
        "  ward: {stay: 5 days, then: {unit: 10%, home: rest}}\n  unit: {stay: 20 days}\n"
        "  homes: {stay: 500 days}\narrivals: {people: {to: ward, rate: 1 per day}}\n"
    )
    assert writing.problems(text + f"initial: {initial}\n") == expected


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("", [("C507", "")]),
        ("duration: 1 year\nend_date: 2025-01-01\n", [("C507", "end_date")]),
        ("end_date: 2024-01-01\n", [("C506", "end_date")]),
        ("duration: 0\n", [("C507", "duration")]),
        ("duration: 300 years\n", [("C507", "duration")]),
        ("start_date: 9999-06-01\nduration: 1 year\n", [("C507", "duration")]),
        ("start_date: 2024-02-30\nduration: 1 year\n", [("C501", "start_date")]),
    ],
)
def test_lengths_of_the_run(writing, minimal, period, expected):
    assert writing.problems(minimal.replace("duration: 1 year\n", period)) == expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("{step: 5 hours}", [("C505", "run.step")]),
        ("{step: 1 day, save_every: 36 hours}", [("C504", "run.save_every")]),
        ("{step: 20 seconds}", [("C303", "run.step")]),
        ("{members: 0}", [("C321", "run.members")]),
        ("{seed: -1}", [("C321", "run.seed")]),
        ("{engine: flw}", [("C204", "run.engine")]),
    ],
)
def test_runs_that_cannot_be(writing, minimal, run, expected):
    assert writing.problems(minimal + f"run: {run}\n") == expected


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("", 1),
        ("run: {engine: event}\n", 200),
        ("run: {members: 3, engine: event}\n", 3),
        ("options: {x: {set: {settings.ward.capacity: {low: 8, high: 12}}}}\n", 200),
    ],
)
def test_members_by_default(writing, minimal, text, members):
    assert writing.explicit(minimal + text)["run"]["members"] == members


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_resolving_again_changes_nothing(path, tmp_path):
    explicit = load(path).explicit
    again = tmp_path / "again.yaml"
    again.write_text(json.dumps(explicit, indent=1))
    assert json.dumps(load(again).explicit) == json.dumps(explicit)


def shuffled(data, rng):
    if isinstance(data, dict):
        keys = list(data)
        rng.shuffle(keys)
        return {key: shuffled(data[key], rng) for key in keys}
    return [shuffled(one, rng) for one in data] if isinstance(data, list) else data


@settings(max_examples=20, deadline=None)
@given(path=st.sampled_from(CORPUS), seed=st.integers(0, 2**32))
def test_the_order_of_entries_changes_nothing(path, seed, tmp_path_factory):
    scenario = load(path)
    again = path.with_name(f".shuffled_{seed}.yaml")
    data = shuffled({"title": scenario.explicit["title"], **read(path).data}, random.Random(seed))
    again.write_text(json.dumps(data, indent=1))
    try:
        other = load(again)
    finally:
        again.unlink()
    assert other.hash == scenario.hash
    for option in scenario.options:
        one, two = scenario.model(option), other.model(option)
        assert one.routes == two.routes
        assert one.inputs == two.inputs
        assert one.stays == two.stays
        assert [s.name for s in one.settings] == [s.name for s in two.settings]
