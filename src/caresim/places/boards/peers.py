"""Sets a board beside its peers: rank and quartile on what is published for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, pstdev
from types import MappingProxyType

from caresim.places.boards.predict import predict
from caresim.places.boards.table import Board, boards


@dataclass(frozen=True)
class Measure:
    """Something on which boards are compared.

    Attributes
    ----------
    label, unit
        For people.
    of
        Works it out for a board; None where a figure is not published.
    """

    label: str
    unit: str
    of: Callable[[Board], float | None]


@dataclass(frozen=True)
class Standing:
    """Where a board stands on one measure.

    Attributes
    ----------
    value
        The board's own; None if not published.
    median, low_quarter, high_quarter
        Of all compared, the board included.
    rank
        1 is the highest; None if the board has no value. Boards that are equal share a rank.
    compared
        Number of boards with a value.
    """

    measure: Measure
    value: float | None
    median: float
    low_quarter: float
    high_quarter: float
    rank: int | None
    compared: int

    @property
    def quartile(self) -> int | None:
        """Quarter of the boards it is in: 1 the lowest, 4 the highest."""
        if self.value is None or self.rank is None:
            return None
        below = self.compared - self.rank
        return min(4, 1 + 4 * below // self.compared)


def _per(figure: str, group: str, times: float) -> Callable[[Board], float | None]:
    def of(board: Board) -> float | None:
        value = board.get(figure)
        return None if value is None else times * value / board[group]

    return of


def _delayed_share(board: Board) -> float | None:
    value = board.get("no_criteria_day_end")
    return None if value is None else value / board["beds_occupied"]


def _supported(board: Board) -> float:
    return sum(board[f"pathway_{n}_per_day"] for n in (1, 2, 3)) / board["discharges_per_day"]


def _aged_75(figure: str, times: float) -> Callable[[Board], float | None]:
    def of(board: Board) -> float | None:
        value = board.get(figure)
        return None if value is None else times * value / board.aged_75_plus

    return of


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "adult_admissions": Measure(
            "Adults admitted to acute beds",
            "a year per 1,000 adults",
            _per("adult_admissions_per_day", "adults", 365_000),
        ),
        "emergency_admissions": Measure(
            "Emergency admissions",
            "a year per 1,000 people",
            _per("emergency_admissions_per_day", "population", 365_000),
        ),
        "acute_stay": Measure("Mean acute stay", "days", lambda b: b["acute_stay_days"]),
        "acute_beds": Measure(
            "Acute beds occupied", "per 100,000 adults", _per("beds_occupied", "adults", 1e5)
        ),
        "occupancy": Measure("Acute beds occupied", "share", lambda b: b["occupancy"]),
        "delayed": Measure(
            "No criteria to reside at day end",
            "per 100,000 adults",
            _per("no_criteria_day_end", "adults", 1e5),
        ),
        "delayed_share": Measure(
            "No criteria to reside at day end", "share of occupied beds", _delayed_share
        ),
        "delayed_foretold": Measure(
            "The same, foretold from other boards",
            "per 100,000 adults",
            lambda b: 1e5 * predict(b).day_end / b["adults"],
        ),
        "supported": Measure("Discharges with support (1 to 3)", "share", _supported),
        "community_beds": Measure(
            "Community beds", "per 100,000 aged 75+", _aged_75("community_beds", 1e5)
        ),
        "community_stay": Measure("Community bed stay", "days", lambda b: b["community_stay_days"]),
        "urgent_response": Measure(
            "Urgent response referrals",
            "a year per 1,000 aged 75+",
            _aged_75("urgent_response_referrals_per_day", 365_000),
        ),
        "ae_over_4_hours": Measure(
            "A&E attendances over 4 hours", "share", lambda b: b["ae_over_4_hours"]
        ),
    }
)


def nearest_peers(board: Board, number: int) -> list[Board]:
    """Return the board and those most like it in number and age of people, nearest first.

    Distance is the root of the squared differences in the logarithm of adults and in the share of
    adults aged 75 and over, each in standard deviations of the 42 boards.
    """
    traits = {code: _traits(b) for code, b in boards().items()}
    spread = [pstdev(values) for values in zip(*traits.values(), strict=True)]

    def distance(code: str) -> float:
        differences = zip(traits[code], traits[board.code], spread, strict=True)
        return math.hypot(*((a - b) / sd for a, b, sd in differences))

    return [boards()[code] for code in sorted(traits, key=distance)[: number + 1]]


def _traits(board: Board) -> tuple[float, float]:
    return math.log(board["adults"]), board.aged_75_plus / board["adults"]


def standings(board: Board, peers: list[Board]) -> dict[str, Standing]:
    """Return where a board stands among peers (itself among them) on each measure."""
    return {name: _standing(measure, board, peers) for name, measure in MEASURES.items()}


def _standing(measure: Measure, board: Board, peers: list[Board]) -> Standing:
    values = sorted(value for peer in peers if (value := measure.of(peer)) is not None)
    own = measure.of(board)
    return Standing(
        measure=measure,
        value=own,
        median=median(values),
        low_quarter=_quantile(values, 0.25),
        high_quarter=_quantile(values, 0.75),
        rank=None if own is None else 1 + sum(value > own for value in values),
        compared=len(values),
    )


def _quantile(ordered: list[float], share: float) -> float:
    """Return a quantile with straight lines between the values in order (Hyndman and Fan's 7)."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
