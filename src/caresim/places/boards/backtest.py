"""Measures what level figures tell of a board's delays, leaving each board's own delays out.

``python -m caresim.places.boards.backtest`` compares, over the boards whose delays are published in
the copy read, two forecasts of people with no criteria to reside: the naive one (all other boards'
ratio to discharges, times the board's discharges), and :mod:`caresim.places.boards.predict`. With
``--run`` every board's ready-made scenario is run too, and what it simulates for 2024-25 compared.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from caresim.places.boards.predict import national_ratio, predict
from caresim.places.boards.table import Board, boards


@dataclass(frozen=True)
class Errors:
    """Relative errors of one board, forecast over published less one.

    Attributes
    ----------
    before, day_end
        Of people with no criteria to reside before discharges and at the end of the day.
    within
        Whether the published number at day end was in the 80% interval; None if there is none.
    """

    before: float
    day_end: float
    within: bool | None = None


def naive(board: Board) -> Errors:
    """Return the errors of the other boards' ratio to discharges."""
    before, day_end = national_ratio(leave_out=board.code)
    return _errors(board, before * board.discharges, day_end * board.discharges)


def predicted(board: Board) -> Errors:
    """Return the errors of the forecast from level figures."""
    made = predict(board)
    within = made.low <= board["no_criteria_day_end"] <= made.high
    return _errors(board, made.before_discharges, made.day_end, within)


def simulated(board: Board, members: int, engine: str = "flow") -> Errors:
    """Return the errors of the first year of the board's ready-made scenario."""
    import caresim as cs
    from caresim.places.template import scenario_text

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(scenario_text(board), encoding="utf-8")
        results = cs.run(
            cs.load(path, [("duration", "1 year")]),
            engine=engine,
            members=members,
            options=["do_nothing"],
        )
    found = results["do_nothing"].indicators()
    before, day_end = (found[f"no_criteria_to_reside{which}"].mean for which in ("", "_day_end"))
    return _errors(board, before, day_end)


def with_known_delays() -> list[Board]:
    """Return the boards whose delays are known."""
    return [board for board in boards().values() if board.get("no_criteria_day_end")]


def summary(errors: list[Errors]) -> str:
    """Return medians of absolute errors as text."""
    before = median(abs(error.before) for error in errors)
    day_end = median(abs(error.day_end) for error in errors)
    return f"before discharges {before:.1%}, at day end {day_end:.1%}"


def _errors(board: Board, before: float, day_end: float, within: bool | None = None) -> Errors:
    return Errors(
        before / board["no_criteria_before_discharges"] - 1,
        day_end / board["no_criteria_day_end"] - 1,
        within,
    )


def main() -> None:
    """Print the errors by board and their medians."""
    parser = argparse.ArgumentParser(description="Compare forecasts of delayed people by board.")
    parser.add_argument("--run", action="store_true", help="run the ready-made scenarios too")
    parser.add_argument("--members", type=int, default=200)
    options = parser.parse_args()
    known = with_known_delays()
    forecasts = {"naive": [naive(b) for b in known], "level figures": [predicted(b) for b in known]}
    if options.run:
        forecasts["simulated"] = [simulated(board, options.members) for board in known]
    print("error at day end".ljust(52), *(name.rjust(14) for name in forecasts))
    for place, board in enumerate(known):
        row = (f"{errors[place].day_end:+14.1%}" for errors in forecasts.values())
        print(f"{board.code} {board.name:48.48}", *row)
    print(f"\nmedian absolute error over {len(known)} boards")
    for name, errors in forecasts.items():
        print(f"{name:16} {summary(errors)}")
    held = [error.within for error in forecasts["level figures"]]
    print(f"80% intervals that held the published number: {sum(map(bool, held))} of {len(held)}")


if __name__ == "__main__":
    main()
