"""``caresim places`` and ``caresim init --place``."""

import json

import pytest

import caresim as cs
from caresim.cli import main


@pytest.fixture
def said(capsys):
    """Run a command in this process; its exit code, output and messages."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_the_list_has_all_boards(said):
    code, out, _ = said("places")
    assert code == 0
    assert sum(line.startswith("Q") for line in out.splitlines()) == 42
    assert "E54000039" in out
    assert "in part" in out


def test_the_list_as_json(said):
    code, out, _ = said("places", "--json")
    rows = json.loads(out)
    assert code == 0
    assert len(rows) == 42
    assert {row["delayed_published"] is None for row in rows} == {True, False}


def test_one_board_shows_each_figure_with_its_source(said):
    code, out, _ = said("places", "e54000039")
    assert code == 0
    assert "Bristol, North Somerset and South Gloucestershire" in out
    assert "bed_audit" in out
    assert "unverified" in out
    assert "NHS England, 2025, read" in out
    assert "Not in the copy read" not in out


def test_one_board_says_what_is_not_published(said):
    _, out, _ = said("places", "QE1")
    assert "Not in the copy read: Adult discharges over the whole year" in out


def test_one_board_as_json(said):
    _, out, _ = said("places", "QE1", "--json")
    shown = json.loads(out)
    figure = shown["figures"]["community_beds"]
    assert figure["value"] == 438
    assert figure["period"] == "4 March 2026"
    assert figure["source"] in shown["sources"]
    assert "no_criteria_day_end" in shown["not_published"]
    assert shown["foretold"]["fitted_to"] == 28


def test_a_board_beside_its_peers(said):
    code, out, _ = said("places", "--beside", "QUY")
    assert code == 0
    assert "1 of 28" in out  # most delayed people for its adults
    assert "Acute beds (adult general and acute)" in out
    assert "all 42 boards" in out


def test_a_board_beside_the_nearest_as_json(said):
    _, out, _ = said("places", "--beside", "QHL", "--nearest", 6, "--json")
    shown = json.loads(out)
    assert shown["peers"][0] == "QHL"
    assert len(shown["peers"]) == 7
    assert shown["measures"]["occupancy"]["compared"] == 7
    assert {need["setting"] for need in shown["needs"]} == {
        "acute",
        "home_support",
        "community_beds",
    }


def test_a_board_that_reports_in_part_is_not_to_be_compared(said):
    _, out, _ = said("places", "--beside", "QHL")
    assert "do not compare its admissions" in out.replace("\n", " ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("places", "somerst"),
        ("places", "--beside", "somerst"),
        ("init", "anywhere", "--place", "somerst"),
    ],
)
def test_an_unknown_board_is_wrong_usage_and_nothing_is_written(
    said, arguments, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, out, err = said(*arguments)
    assert code == 2
    assert out == ""
    assert "did you mean QSL (Somerset)?" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments", [("places", "QUY", "--beside", "QUY"), ("places", "--nearest", 5)]
)
def test_contradicting_choices_are_wrong_usage(said, arguments):
    assert said(*arguments)[0] == 2


def test_init_writes_a_scenario_of_the_place(said, tmp_path):
    code, out, _ = said("init", tmp_path / "somerset", "--place", "Somerset")
    assert code == 0
    path = tmp_path / "somerset" / "scenario.yaml"
    assert str(path) in out
    assert cs.load(path).options[0] == "do_nothing"
    code, _, err = said("init", tmp_path / "somerset", "--place", "QUY")
    assert code == 2
    assert "exists already" in err


def test_init_without_a_place_is_as_before(said, tmp_path):
    code, _, _ = said("init", tmp_path / "town")
    assert code == 0
    assert cs.load(tmp_path / "town" / "scenario.yaml").options
