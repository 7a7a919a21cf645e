"""The rows of a care model's network: who stands in each, and which places they hold.

A **spot** is (setting, cohort, fence): people of a cohort in a setting, apart by which of its ring
fences they may use, since those who may not are limited together. ``fence`` is a set of bits, one
for each ring fence of the setting; 0 where it has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Spot = tuple[int, int, int]
"""Setting, cohort, and ring fences whose places may be used."""

Kind = Literal["care", "arranging", "delayed", "transfer", "waiting", "exit", "junction", "tally"]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the network holds.

    Attributes
    ----------
    kind
        ``care``: in a phase of a stay. ``arranging``, ``delayed``, ``transfer``: the stay has
        ended and the place is kept. ``waiting``: outside, for a place in ``setting`` (being
        arranged or on the way included). ``exit``: left the model from ``setting``.
        ``junction``: passed through within a step. ``tally``: counts, holds nobody.
    setting, cohort
        Where the person counts, and who they are.
    reason
        Position of the reason for delay, for the three kinds that are delayed.
    holds
        Places held: (spot, places for each person).
    """

    kind: Kind
    setting: int
    cohort: int
    reason: int = -1
    holds: tuple[tuple[Spot, float], ...] = ()


@dataclass(slots=True)
class Layout:
    """The rows so far, and the tallies of what happens to the people in them.

    Attributes
    ----------
    rows
        In order of position.
    admitted
        For each spot, tallies of people granted a place in it.
    outflows
        For each waiting row, tallies of every way out of it.
    events
        For each event (``left_waiting``, ``left_delayed``, ``rerouted``, ``diverted``,
        ``turned_away``), setting and cohort: tallies of it.
    moved
        For each pair of settings, tallies of people who moved from one to the other.
    discharged
        For each setting and pathway, the rows that count it: exits, tallies, and rows of people who
        left to wait at home (with their ``outflows``).
    exits
        For each way out, setting and cohort, its rows.
    """

    rows: list[Row] = field(default_factory=list)
    admitted: dict[Spot, list[int]] = field(default_factory=dict)
    outflows: dict[int, list[int]] = field(default_factory=dict)
    events: dict[tuple[str, int, int], list[int]] = field(default_factory=dict)
    moved: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    discharged: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    exits: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)

    def add(self, row: Row) -> int:
        """Add a row and return its position."""
        self.rows.append(row)
        return len(self.rows) - 1

    def tally(self, setting: int, cohort: int) -> int:
        """Add a row that counts people and return its position."""
        return self.add(Row("tally", setting, cohort))

    def exit(self, way: int, setting: int, cohort: int) -> int:
        """Add a way out from a setting and return its position."""
        row = self.add(Row("exit", setting, cohort))
        self.exits.setdefault((way, setting, cohort), []).append(row)
        return row

    def event(self, name: str, setting: int, cohort: int) -> int:
        """Add a tally of an event and return its position."""
        row = self.tally(setting, cohort)
        self.events.setdefault((name, setting, cohort), []).append(row)
        return row

    def of_kind(self, *kinds: Kind) -> list[int]:
        """Return the positions of the rows of some kinds."""
        return [i for i, row in enumerate(self.rows) if row.kind in kinds]
