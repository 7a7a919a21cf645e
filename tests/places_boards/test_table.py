"""The figures of the boards: complete, sound, and the same as the published tables."""

from pathlib import Path

import pytest

from caresim.places.boards import UnknownBoardError, board, boards, definitions, sources
from caresim.places.boards.table import FIGURES_CSV

TABLES = Path(__file__).parents[3] / "shared" / "data"


def test_all_boards_are_there_with_their_codes():
    assert len(boards()) == 42
    assert len({b.area.ons_code for b in boards().values()}) == 42


def test_districts_and_trusts_belong_to_one_board_each():
    trusts = [trust for b in boards().values() for trust in b.area.trusts]
    assert len(trusts) == len(set(trusts))
    parts = {}
    for b in boards().values():
        for district, share in b.area.districts.items():
            parts[district] = parts.get(district, 0) + share
    assert len(parts) == 309  # lower-tier authorities of England in April 2021
    assert all(share == pytest.approx(1) for share in parts.values())


def test_every_figure_is_defined_with_a_source_of_known_status():
    for name, about in definitions().items():
        assert about.source in sources(), name
        assert about.status in ("read", "derived", "unverified")
        assert about.label
        assert about.period
    for b in boards().values():
        assert set(b.figures) <= set(definitions())
        assert list(b.figures) == [name for name in definitions() if name in b.figures]


@pytest.mark.parametrize("code", sorted(boards()))
def test_figures_are_sound(code):
    b = boards()[code]
    pathways = sum(b[f"pathway_{n}_per_day"] for n in range(4))
    assert pathways == pytest.approx(b["discharges_per_day"], abs=0.001)
    ages = ("aged_18_64", "aged_65_74", "aged_75_84", "aged_85_plus")
    assert sum(b[age] for age in ages) == pytest.approx(b["adults"], abs=0.01)
    assert b["beds_occupied"] < b["beds_available"] <= b["beds_highest_month"]
    assert b["occupancy"] == pytest.approx(b["beds_occupied"] / b["beds_available"], abs=1e-4)
    assert all(value >= 0 for value in b.figures.values())
    if (before := b.get("no_criteria_before_discharges")) is not None:
        # The count before discharges is the people remaining and all discharges of the day.
        parts = b["no_criteria_day_end"] + b["discharges_per_day_year"]
        assert before == pytest.approx(parts, abs=0.02)


def test_bristol_has_the_figures_of_its_own_scenario():
    b = board("QUY")
    assert b["adults"] == 771_102
    assert b["beds_occupied"] == pytest.approx(1736.3, abs=0.05)
    assert b["no_criteria_day_end"] == pytest.approx(382.3, abs=0.05)
    assert b["community_beds"] == 283
    assert b["reason_care_transfer_hub"] == pytest.approx(69.7, abs=0.05)


def test_a_figure_that_was_not_published_is_absent_and_not_zero():
    b = board("QE1")
    assert b.get("no_criteria_day_end") is None
    with pytest.raises(KeyError):
        b["no_criteria_day_end"]


def test_few_boards_seem_to_report_their_discharges_in_part():
    assert {c for c, b in boards().items() if b.reports_in_part} >= {"QHL"}
    assert not board("QUY").reports_in_part


@pytest.mark.parametrize("wanted", ["QSL", "qsl", "E54000038", "Somerset", " somerset "])
def test_a_board_is_found_by_code_or_name(wanted):
    assert board(wanted).code == "QSL"


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("QSX", "QXU (Surrey Heartlands)"),
        ("somerst", "QSL (Somerset)"),
        ("london", "QKK (South East London) or"),
    ],
)
def test_the_nearest_board_is_suggested(wanted, meant):
    with pytest.raises(UnknownBoardError, match="no board has the code or name") as found:
        board(wanted)
    assert f"did you mean {meant}" in str(found.value)


def test_a_part_of_one_name_is_enough():
    assert board("hampshire").code == "QRL"


def test_nothing_is_suggested_for_what_is_like_no_board():
    with pytest.raises(UnknownBoardError) as found:
        board("zzzzzzzzzzzz")
    assert "did you mean" not in str(found.value)


@pytest.mark.skipif(not TABLES.exists(), reason="the published tables are not on this computer")
def test_figures_are_those_of_the_published_tables(capsys):
    from caresim.places.boards.build import build, text_of

    assert text_of(build(TABLES)) == FIGURES_CSV.read_text(encoding="utf-8")
    said = capsys.readouterr().out
    assert "specialist trusts left out" in said
    assert "delays: no rows for QE1" in said
