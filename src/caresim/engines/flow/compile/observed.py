"""Which sums of rows the slow side measures."""

from __future__ import annotations

from collections.abc import Callable

from caresim.engines.coupling import Measure
from caresim.engines.flow.compile.layout import Layout, Row, Terms
from caresim.engines.flow.compile.measures import DELAYED
from caresim.engines.flow.network import Output
from caresim.model import Exit

HOLDING = ("care", *DELAYED)
"""Kinds of row whose people hold a place in the setting they count in."""


def lay_out_observed(layout: Layout, measures: tuple[Measure, ...]) -> tuple[Output, ...]:
    """Return the output that each measure is."""
    return tuple(
        Output(tuple(_merged(_terms(layout, m))), "change" if m.is_count else "integral")
        for m in measures
    )


def _merged(terms: Terms) -> Terms:
    """Return a sum with each row named once, in the order of the rows."""
    weights: dict[int, float] = {}
    for row, weight in sorted(terms):
        weights[row] = weights.get(row, 0.0) + weight
    return [(row, weight) for row, weight in weights.items() if weight]


def _terms(layout: Layout, of: Measure) -> Terms:
    """Return the rows that a measure sums."""

    def where(test: Callable[[Row], bool]) -> Terms:
        return [
            (position, 1.0)
            for position, row in enumerate(layout.rows)
            if test(row) and of.cohort in (-1, row.cohort)
        ]

    def here(*kinds: str) -> Terms:
        return where(lambda row: row.kind in kinds and of.setting in (-1, row.setting))

    if of.kind == "used":
        return [
            (position, places)
            for position, row in enumerate(layout.rows)
            for spot, places in row.holds
            if spot[0] == of.setting
        ]
    if of.kind == "delayed_for":
        return where(lambda row: row.kind == "delayed" and row.to == of.setting)
    if of.kind == "delayed_to":
        return where(
            lambda row: row.kind in DELAYED and row.to == of.to and row.setting == of.setting
        )
    if of.kind == "left":
        return _counted(layout, of, "admissions") + [(r, -w) for r, w in here(*HOLDING)]
    kinds = {
        "occupied": HOLDING,
        "in_care": ("care",),
        "delayed": DELAYED,
        "waiting": ("waiting",),
        "away": (*HOLDING, "waiting"),
    }
    return here(*kinds[of.kind]) if of.kind in kinds else _counted(layout, of, of.kind)


def _counted(layout: Layout, of: Measure, kind: str) -> Terms:
    """Return the sum of rows whose change is the number of events of a kind."""
    found: Terms = []
    if kind == "admissions":
        for (setting, cohort), terms in layout.admitted.items():
            if setting == of.setting and of.cohort in (-1, cohort):
                found += terms
    elif kind == "moves":
        terms = layout.moved.get((of.setting, of.to), [])
        found += [(r, w) for r, w in terms if of.cohort in (-1, layout.rows[r].cohort)]
    elif kind == "left_delayed":
        for (event, setting, cohort), terms in layout.events.items():
            if event == kind and setting == of.setting and of.cohort in (-1, cohort):
                found += terms
    else:
        way = Exit.DIED if kind == "died" else Exit.ELSEWHERE
        for (to, _, cohort), terms in layout.exits.items():
            if to == way and of.cohort in (-1, cohort):
                found += terms
    return found
