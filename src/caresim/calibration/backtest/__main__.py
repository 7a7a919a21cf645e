"""Runs the back-test and writes its page."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, fields
from pathlib import Path

from caresim.calibration.backtest import boards, councils
from caresim.calibration.backtest.cases import Case, Row, rows_of
from caresim.calibration.backtest.page import page

CHOSEN_FIRST, CHOSEN_EVERY = 3, 14
"""The weights of drift (:mod:`caresim.calibration.discrepancy`) were chosen on every 14th case of
each kind, from the fourth: 10 fits of boards and 27 of councils."""


def main() -> None:
    """Fit every case, write every month foretold, and the page."""
    parser = argparse.ArgumentParser(description="Measure how well fits foretell.")
    parser.add_argument("--data", type=Path, required=True, help="holds nhs_england and dtoc")
    parser.add_argument("--only", choices=["boards", "councils"], help="of one kind of place")
    parser.add_argument("--every", type=int, default=1, help="take every nth case only")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/verification"))
    options = parser.parse_args()
    found: list[Case] = []
    if options.only != "councils":
        found += _left(boards.cases(options.data))
    if options.only != "boards":
        found += _left(councils.cases(options.data))
    # Mixed, so that what is written on the way is of all kinds and dates.
    mixed = sorted(range(len(found)), key=lambda n: n * 7919 % 10_007)
    chosen = [found[n] for n in mixed][:: options.every]
    options.output.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    rows: list[Row] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for number, some in enumerate(pool.map(rows_of, chosen), start=1):
            rows += some
            if number % 20 == 0 or number == len(chosen):
                seconds = time.perf_counter() - began
                print(f"{number} of {len(chosen)}, {seconds:.0f} s", file=sys.stderr, flush=True)
                rows.sort(key=lambda row: (row.kind, row.code, row.fit_to, row.ahead))
                _write(options.output / "back-test.csv", rows)
                text = page(rows, number)
                (options.output / "back-test.md").write_text(text, encoding="utf-8")
    print(text)


def _left(cases: Iterable[Case]) -> list[Case]:
    """Leave out the cases on which the weights of drift were chosen."""
    return [case for n, case in enumerate(cases) if n % CHOSEN_EVERY != CHOSEN_FIRST]


def _write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = [field.name for field in fields(Row)]
        writer.writerow(names)
        for row in rows:
            values = asdict(row)
            writer.writerow(
                f"{v:.4g}" if isinstance(v := values[name], float) else v for name in names
            )


if __name__ == "__main__":
    main()
