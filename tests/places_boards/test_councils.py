"""Delayed transfers by council."""

import json
from pathlib import Path

import pytest

from caresim.cli import main
from caresim.places.boards.councils import COUNCILS_CSV, SPLITS, councils

TABLES = Path(__file__).parents[3] / "shared" / "data"


def test_councils_are_known_by_their_codes():
    assert len(councils()) == 95
    assert councils()["E06000003"].name == "Redcar & Cleveland"
    assert not any(council.name.endswith(" UA") for council in councils().values())


@pytest.mark.parametrize("code", sorted(councils()))
def test_what_the_return_divides_adds_up(code):
    figures = councils()[code].figures
    if "delayed_2018_19" not in figures:
        pytest.skip("no whole year 2018-19")
    total = figures["delayed_2018_19"]
    assert figures["acute"] + figures["non_acute"] == pytest.approx(total, abs=0.002)
    parts = figures["nhs"] + figures["social_care"] + figures["both"]
    assert parts == pytest.approx(total, abs=0.002)
    assert all(figures[split] >= 0 for split in SPLITS)


def test_a_council_without_adults_has_no_rate():
    without = [council for council in councils().values() if "adults" not in council.figures]
    assert all(council.per_100_000 is None for council in without)
    assert councils()["E06000023"].per_100_000 == pytest.approx(14.1, abs=0.05)


def test_the_command(capsys):
    assert main(["places", "--councils"]) == 0
    out = capsys.readouterr().out
    assert "E06000023  Bristol" in out
    assert "counted otherwise" in out
    assert main(["places", "--councils", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["councils"]) == 95
    assert main(["places", "QUY", "--councils"]) == 2


@pytest.mark.skipif(not TABLES.exists(), reason="the published tables are not on this computer")
def test_figures_are_those_of_the_published_table():
    from caresim.places.boards.build_councils import build, text_of

    assert text_of(build(TABLES)) == COUNCILS_CSV.read_text(encoding="utf-8")
