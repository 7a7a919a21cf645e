"""Foretells how many people are delayed in a board's beds without looking at its own delays.

People with no criteria to reside are people in beds. Of all that is published for every board
(beds, occupancy, discharges by pathway, community beds and stays, urgent response, A&E, admissions,
ages), the beds occupied tell their number best; discharges tell it badly, because boards differ in
what they report as a discharge, and nothing else published told more when each board was left out
in turn. So

    log(delayed) = log(occupied - discharges a day) + r,

where beds that change hands within the day are taken off since few in them are delayed, and r is
the median of the other boards drawn towards the mean of those in the same NHS region: of n such
boards the region's mean counts n / (n + 2). The 2 is the variance of r within regions over that
between them. The board's own delays are never used. That this form was chosen, out of some
twenty tried, on the same 28 boards makes its errors there look a little better than they are: the
beds occupied alone, the simplest form, miss by 20% where this one misses by 19%.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import fmean, median

from caresim.places.boards.table import Board, boards

PULL = 2.0
"""Variance of the logarithm within regions over that between regions, about 0.065 / 0.03."""


@dataclass(frozen=True)
class Prediction:
    """What is foretold for a board.

    Attributes
    ----------
    day_end
        People with no criteria to reside who are still there at the end of the day.
    low, high
        The 80% interval of ``day_end``, from the errors made for other boards.
    before_discharges
        The count before the day's discharges: ``day_end`` and all discharges of a day, as the
        Acute Discharge Situation Report has it.
    fitted_to
        Number of other boards whose delays were used.
    """

    day_end: float
    low: float
    high: float
    before_discharges: float
    fitted_to: int


def predict(board: Board) -> Prediction:
    """Foretell a board's delayed people from its level figures and other boards' delays.

    Parameters
    ----------
    board
        Whose own ``no_criteria_*``, ``reason_*`` and ``ready_*`` figures are not looked at.
    """
    others = tuple(sorted(_observed() - {board.code}))
    expected = _held(board) * math.exp(_ratio(board.area.region, others))
    spread = math.exp(_error_of(0.8, others))
    return Prediction(
        day_end=expected,
        low=expected / spread,
        high=expected * spread,
        before_discharges=expected + board.discharges,
        fitted_to=len(others),
    )


def national_ratio(leave_out: str | None = None) -> tuple[float, float]:
    """Return the delayed per discharge of all other boards together, the naive forecast.

    Returns
    -------
    float, float
        People with no criteria to reside before discharges, and those remaining at day end, for
        each discharge a day.
    """
    known = [boards()[code] for code in sorted(_observed() - {leave_out})]
    discharges = sum(board.discharges for board in known)
    before = sum(board["no_criteria_before_discharges"] for board in known)
    return before / discharges, sum(b["no_criteria_day_end"] for b in known) / discharges


@cache
def _observed() -> frozenset[str]:
    return frozenset(code for code, b in boards().items() if b.get("no_criteria_day_end"))


def _held(board: Board) -> float:
    """Return beds occupied by people who stay beyond the day."""
    return board["beds_occupied"] - board["discharges_per_day"]


@cache
def _own_ratio(code: str) -> float:
    board = boards()[code]
    return math.log(board["no_criteria_day_end"] / _held(board))


@cache
def _ratio(region: str, others: tuple[str, ...]) -> float:
    nation = median(_own_ratio(code) for code in others)
    near = [_own_ratio(code) for code in others if boards()[code].area.region == region]
    weight = len(near) / (len(near) + PULL)
    return nation + weight * (fmean(near) - nation) if near else nation


@cache
def _error_of(chance: float, known: tuple[str, ...]) -> float:
    """Return the error, of the logarithm, that is not exceeded with this chance.

    It is the ceil(chance (n + 1)) th smallest absolute error when each of the n boards is left out
    in turn (Barber and others, Predictive inference with the jackknife+, Annals of Statistics
    2021, doi:10.1214/20-AOS1965; here without the shift of the centre).
    """
    errors = []
    for code in known:
        others = tuple(c for c in known if c != code)
        errors.append(abs(_own_ratio(code) - _ratio(boards()[code].area.region, others)))
    return sorted(errors)[math.ceil(chance * (len(errors) + 1)) - 1]
