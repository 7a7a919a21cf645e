from __future__ import annotations

import copy
import hashlib
import json
import os
import re
import subprocess
import sys

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_resolve import CORPUS

from caresim.problems import ScenarioError
from caresim.scenario.codes import CODES
from caresim.scenario.json_schema import schema
from caresim.scenario.load import load
from caresim.scenario.read import read
from caresim.scenario.schema.described import meanings
from caresim.scenario.schema.part import Part


def test_all_problems_at_once(writing):
    found = writing.problems(
        "caresim: 1\nduration: 1 yr\nsettngs: {}\n"
        "settings:\n"
        "  ward: {capcity: 3, capacity: -2, stay: 5 dys, then: {hme: rest}}\n"
        "  unit: {stay: 20 days, queue: {priority: [wrd]}, delay_reason: nothing}\n"
        "arrivals:\n  people: {to: wrd, rate: 3}\n  ward: {rate: 1 per day}\n"
        "study: {}\n"
    )
    assert found == [
        ("C201", "settings.ward.capcity"),
        ("C201", "settngs"),
        ("C202", "arrivals.ward"),
        ("C208", "study"),
        ("C209", "arrivals.ward"),
        ("C302", "arrivals.people.rate"),
        ("C303", "settings.ward.stay"),
        ("C305", "settings.ward.capacity"),
        ("C401", "arrivals.people.to"),
        ("C401", "settings.ward.then.hme"),
        ("C404", "settings.unit.queue.priority[0]"),
        ("C405", "settings.unit.delay_reason"),
    ]


def test_problems_of_yaml_and_of_the_language_together(writing):
    found = writing.problems(
        "caresim: 1\nduration: 1 year\nsettings:\n"
        "  ward: {capacity: .nan, stay: 5 days, kind: acut}\n  unit: {stay:, kind: acute}\n"
    )
    codes = [code for code, _ in found]
    assert codes == ["C125", "C126", "C204"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n", ["C201", "C202", "C202", "C507"]),
        ("caresim: 2\nduration: 1 year\nsettings: {}\n", ["C321"]),
        ("caresim: 1\nduration: 1 year\nsettings: [a]\n", ["C203"]),
        ("caresim: 1\nduration: 1 year\nsettings: {Ward: {stay: 1 day}}\n", ["C207"]),
        ("caresim: 1\nduration: 1 year\nsettings: {died: {stay: 1 day}}\n", ["C209"]),
        ("caresim: 1\nduration: 1 year\nsettings: {ward: 3}\n", ["C203"]),
        ("caresim: 1\nduration: 1 year\nsettings: {ward: {stay: 1 day, local: yes}}\n", ["C206"]),
    ],
)
def test_faults_of_structure(writing, text, expected):
    assert [code for code, _ in writing.problems(text)] == expected


def test_a_source_is_an_entry_or_a_sentence(writing, with_setting):
    assert writing.problems(with_setting("stay: 5 days, source: hes")) == [
        ("C406", "settings.ward.source")
    ]
    writing.load(with_setting("stay: 5 days, source: Hospital episodes"))
    writing.load(with_setting("stay: {mean: 5 days, cv: 1, source: hes}", "sources: {hes: {}}\n"))


def test_what_is_known_of_a_scenario(writing, minimal):
    scenario = writing.load(minimal)
    assert scenario.path == writing.folder / "scenario.yaml"
    assert scenario.options == ("do_nothing",)
    digest = hashlib.sha256(minimal.encode()).hexdigest()
    assert scenario.files == {str(scenario.path): digest}
    assert re.fullmatch("[0-9a-f]{64}", scenario.hash)
    assert writing.load(minimal + "# a remark\n").hash == scenario.hash
    assert writing.load(minimal.replace("10", "11")).hash != scenario.hash


def test_the_size_of_a_scenario_is_bounded(writing):
    many = "".join(f"\n  c{i}: {{}}" for i in range(300))
    places = "".join(f"\n  l{i}: {{share: {1 / 300!r}}}" for i in range(300))
    found = writing.problems(
        f"caresim: 1\nduration: 1 year\ncohorts: {many}\nlocalities: {places}\n"
        "settings: {ward: {stay: 5 days}}\n"
    )
    assert found == [("C415", "cohorts")]
    options = "".join(f"\n  o{i}: {{}}" for i in range(600))
    found = writing.problems(
        f"caresim: 1\nduration: 1 year\nsettings: {{ward: {{stay: 5 days}}}}\noptions: {options}\n"
    )
    assert found == [("C415", "options")]


@pytest.mark.parametrize(
    ("name", "entry", "most"),
    [("settings", "{stay: 1 day}", 500), ("options", "{}", 100), ("cohorts", "{}", 2000)],
)
def test_the_most_entries_are_read_and_one_more_is_not(writing, name, entry, most):
    def text(count):
        block = f"{name}:" + "".join(f"\n  e{i}: {entry}" for i in range(count)) + "\n"
        rest = "" if name == "settings" else "settings: {ward: {stay: 1 day}}\n"
        return "caresim: 1\nduration: 1 day\n" + block + rest

    if name == "options":
        writing.load(text(most))
    assert writing.problems(text(most + 1)) == [("C415", name)]


def test_long_blocks_are_refused_before_they_are_checked(writing, with_setting):
    dates = ",\n".join(f"d{i}: 1" for i in range(10_001))
    found = writing.problems(with_setting("stay: 1 day, capacity: {\n" + dates + "}"))
    assert found == [("C415", "settings.ward.capacity")]


def test_only_so_many_misspelt_keys_are_looked_up(writing, minimal):
    keys = "".join(f"settngs{i}: 1\n" for i in range(600))
    message = writing.message(minimal + keys)
    assert "600 errors" in message
    assert "did you mean `settings`?" in message


def test_no_heavy_imports():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, caresim.scenario.load\n"
            "print(*{m.partition('.')[0] for m in sys.modules} & "
            "{'pandas', 'scipy', 'numba', 'xarray', 'ruamel', 'jsonschema'})",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    assert done.stdout.split() == []


def test_every_code_reads_well():
    for code in CODES.values():
        assert code.title[0].islower() or code.title[:2].isupper(), code.id
        for sentence in (code.why, code.hint):
            assert sentence, code.id
            assert not sentence.endswith("."), code.id
        assert code.explanation.endswith("."), code.id


def parts(part=Part):
    for one in part.__subclasses__():
        yield one
        yield from parts(one)


@pytest.mark.parametrize("part", list(parts()), ids=lambda part: part.__name__)
def test_every_key_has_a_meaning(part):
    fields = [name for name in part.model_fields if name != "reserved"]
    assert [name for name in fields if name not in meanings(part)] == []


SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one_and_describes_every_key():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    setting = SCHEMA["$defs"]["Setting"]
    assert set(setting["properties"]) >= {"capacity", "stay", "then", "queue"}
    assert all("description" in one for one in setting["properties"].values())
    assert "x-caresim" not in repr(SCHEMA)
    for name in re.findall(r"#/\$defs/(\w+)", repr(SCHEMA)):
        assert name in SCHEMA["$defs"]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_valid_files_follow_the_schema(path):
    assert [error.message for error in VALIDATOR.iter_errors(read(path).data)] == []


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_explicit_forms_follow_the_schema(path):
    explicit = dict(load(path).explicit)
    assert [error.message for error in VALIDATOR.iter_errors(explicit)] == []


@pytest.mark.parametrize(
    "data",
    [
        {"caresim": 2},
        {"settngs": {}},
        {"settings": {"ward": {"stay": [1]}}},
        {"settings": {"ward": {"kind": "acut"}}},
        {"settings": {"ward": {"capacity": True}}},
        {"arrivals": {"a": {"rate": {"low": "1 per day"}}}},
        {"run": {"members": 0}},
    ],
)
def test_the_schema_refuses(data):
    assert not VALIDATOR.is_valid(data)


WORDS = ["rest", "5 days", "12%", "2 per day", "home", "unlimited", "x", "2024-04-01"]
KEYS = ["value", "low", "high", "by_cohort", "by_locality", "share", "to", "stay", "mean", "csv"]
KEYS += ["column", "from", "2024-04-01", "0 days", "others"]
JUNK = st.recursive(
    st.one_of(
        st.integers(-5, 10**6),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.sampled_from(WORDS),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    ),
    max_leaves=8,
)


def places_in(data, path=()):
    yield path
    pairs = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, inner in pairs:
        yield from places_in(inner, (*path, key))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_written_gives_a_scenario_or_problems(data, tmp_path_factory):
    path = data.draw(st.sampled_from(CORPUS))
    content = copy.deepcopy(read(path).data)
    where = data.draw(st.sampled_from([p for p in places_in(content) if p]))
    node = content
    for step in where[:-1]:
        node = node[step]
    node[where[-1]] = data.draw(JUNK)
    file = tmp_path_factory.mktemp("junk") / "scenario.yaml"
    file.write_text(json.dumps(content))
    refused = None
    try:
        scenario = load(file)
    except ScenarioError as error:
        refused = error
    if refused is not None:
        assert refused.problems
        assert str(refused)
    else:
        file.write_text(json.dumps(dict(scenario.explicit)))
        assert load(file).explicit == scenario.explicit
