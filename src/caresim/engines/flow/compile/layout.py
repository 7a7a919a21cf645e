"""The rows of a care model's network: who stands in each, and which places they hold.

A **spot** is (setting, cohort, fence): people of a cohort in a setting, apart by which of its ring
fences they may use, since those who may not are limited together. ``fence`` is a set of bits, one
for each ring fence of the setting; 0 where it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from caresim.model import Exit

Spot = tuple[int, int, int]
"""Setting, cohort, and ring fences whose places may be used."""

Kind = Literal["care", "arranging", "delayed", "transfer", "waiting", "exit", "junction", "tally"]

Terms = list[tuple[int, float]]
"""Rows and their weights in a sum."""


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
    to
        For people whose stay has ended: the setting they are on their way to, or -1.
    """

    kind: Kind
    setting: int
    cohort: int
    reason: int = -1
    holds: tuple[tuple[Spot, float], ...] = ()
    to: int = -1


@dataclass(slots=True)
class Layout:
    """The rows so far, and the sums of rows that count what happens to the people in them.

    A count is a sum whose change over a time is the number of events in it: of rows that only
    grow, or of all the rows that people are in after an event.

    Attributes
    ----------
    rows
        In order of position.
    admitted
        For each setting and cohort: stays begun.
    moved
        For each pair of settings: people who moved from one to the other.
    discharged
        For each setting and pathway: people who left on it.
    events
        For each event (``left_waiting``, ``left_delayed``, ``rerouted``, ``diverted``),
        setting and cohort.
    exits
        For each way out, setting and cohort.
    outflows
        For each row of people on a list outside, the tallies of every way out of it.
    """

    rows: list[Row] = field(default_factory=list)
    admitted: dict[tuple[int, int], Terms] = field(default_factory=dict)
    moved: dict[tuple[int, int], Terms] = field(default_factory=dict)
    discharged: dict[tuple[int, int], Terms] = field(default_factory=dict)
    events: dict[tuple[str, int, int], Terms] = field(default_factory=dict)
    exits: dict[tuple[int, int, int], Terms] = field(default_factory=dict)
    outflows: dict[int, list[int]] = field(default_factory=dict)
    _tallies: dict[tuple[str, int, int], int] = field(default_factory=dict)
    _ways_out: dict[tuple[int, int, int, int | None], int] = field(default_factory=dict)

    def add(self, row: Row) -> int:
        """Add a row and return its position."""
        self.rows.append(row)
        return len(self.rows) - 1

    def tally(self, setting: int, cohort: int) -> int:
        """Add a row that counts people and return its position."""
        return self.add(Row("tally", setting, cohort))

    def way_out(self, to: int, setting: int, cohort: int, pathway: int | None = None) -> int:
        """Return the row of people who left the model from a setting, on a discharge pathway."""
        if to not in (Exit.HOME, Exit.ELSEWHERE):
            pathway = None
        key = (to, setting, cohort, pathway)
        if key not in self._ways_out:
            row = self._ways_out[key] = self.add(Row("exit", setting, cohort))
            self.exits.setdefault((to, setting, cohort), []).append((row, 1.0))
            if pathway is not None:
                self.discharged.setdefault((setting, pathway), []).append((row, 1.0))
        return self._ways_out[key]

    def event(self, name: str, setting: int, cohort: int) -> int:
        """Return the tally of an event that befalls people who keep a place."""
        key = (name, setting, cohort)
        if key not in self._tallies:
            tally = self._tallies[key] = self.tally(setting, cohort)
            self.events.setdefault(key, []).append((tally, 1.0))
        return self._tallies[key]

    def event_out_of(self, row: int, name: str) -> int:
        """Add a tally of an event that takes people off a list outside: one of its ways out."""
        at = self.rows[row]
        tally = self.tally(at.setting, at.cohort)
        self.events.setdefault((name, at.setting, at.cohort), []).append((tally, 1.0))
        self.outflows[row].append(tally)
        return tally

    def ever_in(self, rows: Iterable[int]) -> Terms:
        """Return the sum that counts the people who ever came to rows on a list outside.

        These are the people there and those who have left by any of the ways out, where no way
        leads from one of the rows to another without a tally.
        """
        found: Terms = []
        for row in rows:
            found.append((row, 1.0))
            found += [(tally, 1.0) for tally in self.outflows[row]]
        return found

    def of_kind(self, *kinds: Kind) -> list[int]:
        """Return the positions of the rows of some kinds."""
        return [i for i, row in enumerate(self.rows) if row.kind in kinds]
