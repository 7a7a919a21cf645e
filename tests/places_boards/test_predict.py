"""People delayed are foretold without a board's own delays, and better than by the naive ratio."""

import dataclasses
from types import MappingProxyType

import pytest

from caresim.places.boards import board, boards
from caresim.places.boards.backtest import naive, predicted, summary, with_known_delays
from caresim.places.boards.predict import national_ratio, predict


def test_a_boards_own_delays_are_not_used():
    b = board("QUY")
    changed = {
        name: 3 * value if name.startswith(("no_criteria", "reason", "ready")) else value
        for name, value in b.figures.items()
    }
    assert predict(dataclasses.replace(b, figures=MappingProxyType(changed))) == predict(b)


def test_other_boards_of_the_region_count_more(monkeypatch):
    b = board("QSL")
    before = predict(b).day_end
    # As the ratios of other boards are kept, a board of another region stands for a change there.
    moved = dataclasses.replace(b, area=dataclasses.replace(b.area, region="East of England"))
    assert predict(moved).day_end < 0.8 * before


def test_a_region_without_known_boards_has_the_median_of_all():
    b = board("QSL")
    alone = dataclasses.replace(b, area=dataclasses.replace(b.area, region="nowhere"))
    own = {
        c: x["no_criteria_day_end"] / (x["beds_occupied"] - x["discharges_per_day"])
        for c, x in boards().items()
        if c != "QSL" and x.get("no_criteria_day_end")
    }
    middle = sorted(own.values())[len(own) // 2]
    assert predict(alone).day_end == pytest.approx(
        middle * (b["beds_occupied"] - b["discharges_per_day"])
    )


def test_the_interval_holds_the_forecast_and_before_counts_all_discharges():
    for b in boards().values():
        made = predict(b)
        assert made.low < made.day_end < made.high
        assert made.before_discharges == pytest.approx(made.day_end + b.discharges)
        assert made.fitted_to == (27 if b.get("no_criteria_day_end") else 28)


def test_the_naive_ratio_leaves_the_board_out():
    assert national_ratio("QRL") != national_ratio()
    before, day_end = national_ratio()
    assert before == pytest.approx(day_end + 1, abs=1e-3)


def _medians(errors):
    from statistics import median

    return median(abs(e.before) for e in errors), median(abs(e.day_end) for e in errors)


def test_level_figures_tell_more_than_the_naive_ratio():
    """The goals: a median error of 12% before discharges and 20% at day end."""
    before, day_end = _medians([predicted(b) for b in with_known_delays()])
    naive_before, naive_day_end = _medians([naive(b) for b in with_known_delays()])
    assert len(with_known_delays()) == 28
    assert before < 0.12 < naive_before
    assert day_end < 0.20 < naive_day_end


def test_the_summary_says_the_medians():
    assert (
        summary([predicted(b) for b in with_known_delays()])
        == "before discharges 9.0%, at day end 18.6%"
    )
