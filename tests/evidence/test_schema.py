"""A file that does not hold together is refused, and the reason is given."""

from __future__ import annotations

import copy

import pytest
import yaml
from pydantic import ValidationError

from caresim.evidence import Entry
from caresim.evidence.library import FOLDER


@pytest.fixture
def good():
    return yaml.safe_load((FOLDER / "enhanced_care_homes.yaml").read_text(encoding="utf-8"))


def _set(data, path, value):
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


FAULTS = [
    (["effects", 0, "outcome"], "happiness", "no outcome happiness"),
    (["effects", 0, "study"], "nobody", "no study nobody"),
    (["effects", 0, "central"], 12, "outside"),
    (["effects", 0, "central"], None, "a number stands"),
    (["effects", 0, "high"], None, "two ends"),
    (["effects", 0, "use"], False, "effects marked"),
    (["effects", 0, "like"], ["a.b"], "belongs to intervals of that kind"),
    (["effects", 12, "finding"], None, "must be stated"),
    (["effects", 15, "says"], "", "`says` is needed"),
    (["studies", "wakefield", "grade"], 1, "better than matched_controls can be"),
    (["studies", "wakefield", "status"], "heard", "read"),
    (["combined", 0, "effects"], ["wakefield", "x", "y"], "to combine"),
    (["combined", 0, "effects"], ["wakefield", "rushcliffe_nursing"], "at least 3"),
    (["combined", 0, "outcome"], "falls", "of another outcome"),
    (["why_not"], "because", "belongs to what is not supported"),
    (["mood"], "fine", "Extra inputs"),
    (["unknown"], "", "at least 3"),
]


def test_the_file_is_good_as_it_stands(good):
    assert Entry.model_validate(good).id == "enhanced_care_homes"


@pytest.mark.parametrize(("path", "value", "why"), FAULTS)
def test_faults(good, path, value, why):
    bad = copy.deepcopy(good)
    _set(bad, path, value)
    with pytest.raises(ValidationError, match=why):
        Entry.model_validate(bad)


def test_an_entry_cannot_be_changed(good):
    entry = Entry.model_validate(good)
    with pytest.raises(ValidationError, match="frozen"):
        entry.label = "other"
