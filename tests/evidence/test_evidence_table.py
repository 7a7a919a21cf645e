"""Nothing of the table that the library was written from is lost, where that table is at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from caresim.evidence import entries

TABLE = Path(__file__).resolve().parents[2].parent / "shared" / "evidence" / "evidence.csv"


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None


@pytest.fixture(scope="module")
def rows():
    if not TABLE.exists():
        pytest.skip("the table of evidence is not beside this checkout")
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _held():
    return [
        (entry, reported, reported.status or entry.studies[reported.study].status)
        for entry in entries()
        for reported in entry.effects
    ]


def _matches(reported, row):
    wanted = [_number(row[name]) for name in ("effect", "ci_low", "ci_high")]
    if "saving" in row["outcome"] and reported.measure == "mean_difference":
        wanted = [w and -w for w in (wanted[0], wanted[2], wanted[1])]  # a saving is less cost
    have = [reported.central, reported.low, reported.high]
    return all(
        w is None or (h is not None and abs(h - w) < 1e-9)
        for w, h in zip(wanted, have, strict=True)
    )


def test_every_figure_is_in_the_library(rows):
    held = _held()
    missing = [
        (row["intervention"], row["outcome"], row["effect"])
        for row in rows
        if _number(row["effect"]) is not None
        and not any(_matches(reported, row) for _, reported, _ in held)
    ]
    assert missing == []


def test_figures_from_memory_are_unverified(rows):
    held = _held()
    wrong = []
    for row in rows:
        if row["read_or_memory"] == "MEMORY" and _number(row["effect"]) is not None:
            statuses = [status for _, reported, status in held if _matches(reported, row)]
            if "unverified" not in statuses:
                wrong.append((row["intervention"], row["outcome"], statuses))
    assert wrong == []


def test_a_figure_that_differs_would_be_missed(rows):
    row = {**rows[0], "effect": "16.6"}
    assert not any(_matches(reported, row) for _, reported, _ in _held())
