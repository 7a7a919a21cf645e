"""Every valid file loads, and means what its resolved form says."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from corpus import VALID, as_yaml, beside, drafts, files, inside, resolved, same

from caresim.scenario.load import Scenario, load
from caresim.scenario.read import read


def loaded(path: Path) -> Scenario:
    with inside(path.parent):
        return load(path.name)


@pytest.mark.parametrize("path", files(VALID), ids=lambda p: p.stem)
def test_resolved_form(path):
    scenario = loaded(path)
    expected = beside(path, ".resolved.yaml")
    assert resolved(scenario) == expected.read_text(encoding="utf-8")
    assert same(dict(scenario.explicit), read(expected).data)


@pytest.mark.parametrize("path", [*files(VALID), *drafts()], ids=lambda p: p.stem)
def test_resolving_the_resolved_form_changes_nothing(path, tmp_path):
    first = loaded(path)
    again = tmp_path / path.name
    again.write_text(resolved(first), encoding="utf-8")
    second = load(again)
    assert same(dict(second.explicit), dict(first.explicit))
    assert second.hash == first.hash
    for option in first.options:
        assert repr(second.model(option)) == repr(first.model(option))


def shuffled(value, chance):
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    return value


@pytest.mark.parametrize("path", files(VALID), ids=lambda p: p.stem)
def test_the_order_of_entries_does_not_matter(path, tmp_path):
    first = loaded(path)
    data = shuffled(read(path).data, random.Random(path.stem))
    shutil.copytree(VALID / "parts", tmp_path / "parts")
    for table in VALID.glob("*.csv"):
        shutil.copy(table, tmp_path)
    (tmp_path / path.name).write_text(as_yaml(data), encoding="utf-8")
    second = loaded(tmp_path / path.name)
    assert same(dict(second.explicit), dict(first.explicit))
    assert second.hash == first.hash


@pytest.mark.parametrize("path", drafts(), ids=lambda p: p.stem)
def test_drafts_load(path):
    scenario = loaded(path)
    assert scenario.options[0] == "do_nothing"
    for option in scenario.options:
        assert scenario.model(option).settings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": 1}),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [2, 1]}}),
        ([1], [1, 2]),
        ([], {}),
        (1, 1.0),
        (1, True),
        ("1", 1),
        (0.1 + 0.2, 0.3),
    ],
)
def test_the_comparator_can_fail(one, other):
    assert not same(one, other)
    assert not same(other, one)


def test_the_comparator_can_succeed():
    assert same({"a": [1, {"b": 2.5}], "c": "x"}, {"c": "x", "a": [1, {"b": 2.5}]})


def test_there_are_enough_files():
    assert len(files(VALID)) >= 45
