"""``caresim evidence``: what a planner sees."""

from __future__ import annotations

import json

import pytest

from caresim.cli.app import main
from caresim.evidence import ids


def test_the_list_shows_every_entry_and_hides_no_null(capsys):
    assert main(["evidence"]) == 0
    out = capsys.readouterr().out
    positions = [out.index(f"{name}: ") for name in ids()]
    assert len(positions) == len(ids())
    assert out.index("case_management: ") < out.index("falls_exercise: ")
    assert "+16.5% (-5.7% to +38.7%)" in out
    assert "moderate; NULL (other figures: 1" in out
    assert "DO NOT USE" in out
    assert "unverified" in out
    assert max(len(line) for line in out.splitlines()) <= 110


def test_one_entry_in_full(capsys):
    assert main(["evidence", "enhanced_care_homes"]) == 0
    out = capsys.readouterr().out
    for part in (
        "What it does",
        "-23% (-39% to -3%)",
        "Hospital bed-days: -19% (-57% to +53%). No effect could be shown.",
        "With 10% of any benefit left out",
        "What is not known",
        "random effects",
        "Studies",
    ):
        assert part in out


@pytest.mark.parametrize("name", ids())
def test_every_entry_can_be_printed(name, capsys):
    assert main(["evidence", name]) == 0
    out = capsys.readouterr().out
    assert "What is not known" in out
    assert not any("  " in line.strip() for line in out.splitlines())


def test_memory_is_marked(capsys):
    assert main(["evidence", "complex_community_interventions"]) == 0
    assert "UNVERIFIED: from memory" in capsys.readouterr().out


def test_json(capsys):
    assert main(["evidence", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert sorted(one["id"] for one in listed) == list(ids())
    assert main(["evidence", "telehealth_routine", "--json"]) == 0
    one = json.loads(capsys.readouterr().out)
    used = one["used"][0]
    assert one["finding"] == "adverse"
    assert used["median"] == pytest.approx(0.34)
    assert used["correction"] == 0.1


def test_an_unknown_id_is_wrong_usage(capsys):
    assert main(["evidence", "case_managment"]) == 2
    assert "did you mean case_management" in capsys.readouterr().err
