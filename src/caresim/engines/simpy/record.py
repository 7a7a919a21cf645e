"""What is written down of a run: the event log, and the variables that engines report."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.purposes import PERSON_BITS
from caresim.engines.event.records import LOG_ROW, NOWHERE
from caresim.engines.output import (
    PATHWAYS,
    SLOW_VARIABLES,
    VARIABLES,
    save_times,
    windows_of,
)
from caresim.engines.simpy.clock import Clock
from caresim.engines.spells import N_BINS, bin_of, n_rows, rows_of
from caresim.model import Model

if TYPE_CHECKING:
    from caresim.engines.simpy.presence import Presence

FloatArray = NDArray[np.float64]

STOCKS = tuple(name for name, v in VARIABLES.items() if v.kind == "stock" and name != "capacity")


def _displaces(model: Model) -> bool:
    return any(arrivals.displaced_from >= 0 for arrivals in model.arrivals)


class Record:
    """The record of one member's run.

    A stock is integrated exactly: over a segment [0, T] in which it changes by d_i at times t_i,
    its integral is ``level(T) T - sum d_i t_i``.

    Attributes
    ----------
    stocks_by_period, stocks_by_window
        Of each stock, its integral over each period and window: shape (n, ...).
    counts_by_period, counts_by_window
        Of each count, likewise.
    saved
        Of each stock, its level at each saved time.
    spent
        Time spent by those who have left, in (``occupied``) and outside (``waiting``) each
        setting, shape (n_settings, n_cohorts): what Little's law compares the integrals with.
    spells_by_window
        Lengths of waits, delays and stays in bins, shape (n_windows, n_rows, N_BINS, 2); see
        :mod:`caresim.engines.spells`.
    carried
        Shape (n_rows,): days before the start in lengths counted, less days of those unfinished.
    rows
        Of the event log.
    """

    def __init__(self, model: Model, member: int, clock: Clock) -> None:
        sizes = {
            "setting": len(model.settings),
            "to": len(model.settings),
            "cohort": len(model.cohorts),
            "reason": len(model.reasons),
            "pathway": len(PATHWAYS),
        }
        known = {**VARIABLES, **SLOW_VARIABLES}
        own = [*VARIABLES, *(["displaced"] if _displaces(model) else [])]
        shape = {name: tuple(sizes[d] for d in known[name].dims) for name in own}
        self.counts = tuple(name for name in own if known[name].kind == "count")
        self._member, self._clock = member, clock
        self._times = save_times(model)
        self._windows = windows_of(model)
        self._mark = self._since = clock.now
        # Besides what is reported: who is delayed for want of a place in each setting.
        stocks = {name: shape[name] for name in STOCKS} | {"wanted": (sizes["setting"],)}
        self.level = {name: np.zeros(of) for name, of in stocks.items()}
        self._moment = {name: np.zeros(of) for name, of in stocks.items()}
        self._count = {name: np.zeros(shape[name]) for name in self.counts}
        # What segments that have ended add up to.
        self._area = {name: np.zeros(of) for name, of in stocks.items()}
        self._before = {name: np.zeros(shape[name]) for name in self.counts}
        n_periods, n_windows = self._times.size - 1, len(self._windows)
        self.stocks_by_period = {name: np.zeros((n_periods, *shape[name])) for name in STOCKS}
        self.counts_by_period = {name: np.zeros((n_periods, *shape[name])) for name in self.counts}
        self.stocks_by_window = {name: np.zeros((n_windows, *shape[name])) for name in STOCKS}
        self.counts_by_window = {name: np.zeros((n_windows, *shape[name])) for name in self.counts}
        self.saved = {name: np.zeros((self._times.size, *shape[name])) for name in STOCKS}
        self.spent = {name: np.zeros(shape[name]) for name in ("occupied", "waiting")}
        self.spells_by_window = np.zeros((n_windows, n_rows(model), N_BINS, 2))
        self.carried = np.zeros(n_rows(model))
        self._lengths: list[tuple[int, float]] = []  # row and days, in this segment
        self._first_row = {kind: rows.start for kind, rows in rows_of(model).items()}
        self.rows: list[dict[str, float]] = []

    def edges(self) -> list[float]:
        """Return the times at which a segment ends, in order."""
        windows = {day for w in self._windows for day in (w.first_day, w.last_day)}
        return sorted({0.0, *self._times.tolist(), *windows})

    def change(self, name: str, *where: int, by: float) -> None:
        """Let a stock change now."""
        self.level[name][where] += by
        self._moment[name][where] += by * (self._clock.now - self._mark)

    def count(self, name: str, *where: int) -> None:
        """Count one person, or one swap."""
        self._count[name][where] += 1.0

    def area(self, now: float, name: str, *where: int) -> float:
        """Return the integral of a stock since the beginning."""
        level, moment = float(self.level[name][where]), float(self._moment[name][where])
        return float(self._area[name][where]) + (level * (now - self._mark) - moment)

    def number(self, name: str, *where: int) -> float:
        """Return a count since the beginning."""
        return float(self._before[name][where] + self._count[name][where])

    def spend(self, name: str, *where: int, since: float, until: float) -> None:
        """Add the time that somebody spent in or outside a setting."""
        self.spent[name][where] += until - max(since, self._since)

    def note_length(self, kind: str, of: int, *, since: float) -> None:
        """Count how long a wait, delay or stay lasted that ends now.

        Only those who find a place at once have a wait of no length; a delay of none is no delay.
        """
        days = self._clock.now - since
        if days > 0.0 or kind in ("wait", "stay"):
            row = self._first_row[kind] + of
            self._lengths.append((row, days))
            self.carried[row] += max(self._since - since, 0.0)

    def note_unfinished(self, kind: str, of: int, *, since: float, until: float) -> None:
        """Count the days of a wait, delay or stay that the end cuts short."""
        self.carried[self._first_row[kind] + of] -= until - max(since, self._since)

    def end_segment(self, time: float) -> None:
        """Add the segment that ends at a time to its period and windows; forget a warm-up."""
        length = time - self._mark
        period = int(np.searchsorted(self._times, time, side="left")) - 1
        windows = [
            i
            for i, w in enumerate(self._windows)
            if w.first_day <= self._mark and time <= w.last_day
        ]
        for name in self.level:
            area = self.level[name] * length - self._moment[name]
            self._area[name] += area
            if time > 0.0 and name in STOCKS:
                self.stocks_by_period[name][period] += area
                self.stocks_by_window[name][windows] += area
            self._moment[name][...] = 0.0
            if name in STOCKS:
                self.saved[name][self._times == time] = self.level[name]
        for name in self.counts:
            self._before[name] += self._count[name]
            if time > 0.0:
                self.counts_by_period[name][period] += self._count[name]
                self.counts_by_window[name][windows] += self._count[name]
            self._count[name][...] = 0.0
        for row, days in self._lengths:
            if time > 0.0:
                self.spells_by_window[windows, row, bin_of(days)] += (1.0, days)
        self._lengths.clear()
        if time == 0.0:
            self._since = time
            self.carried[...] = 0.0
            for spent in self.spent.values():
                spent[...] = 0.0
        self._mark = time

    def log(self, person: Presence, to: int, outcome: int, left: float | None = None) -> None:
        """Note the stay that a person ends or, if they hold no place, the wait that came to none.

        Parameters
        ----------
        person
            Who.
        to
            Where they go.
        outcome
            Position in :data:`caresim.engines.event.log.OUTCOMES`.
        left
            When; now if None.
        """
        inside = person.facility is not None
        self.rows.append(
            {
                "member": self._member,
                "person": (person.stream << PERSON_BITS) + person.number,
                "cohort": person.cohort,
                "setting": person.facility.position if person.facility is not None else person.to,
                "requested": person.asked if inside else person.requested,
                "started": person.started if inside else math.nan,
                "ready": person.ready if inside else math.nan,
                "left": self._clock.now if left is None else left,
                "next_setting": to,
                "outcome": outcome,
                "reason": person.cause if inside else -1,
            }
        )

    def log_rows(self, inside: Iterable[Presence], censored: int) -> NDArray[np.void]:
        """Return the rows of the log, those that the end of the run cut short at the end."""
        for person in inside:
            self.log(person, NOWHERE, censored, left=math.nan)
        rows = np.zeros(len(self.rows), dtype=LOG_ROW)
        for name in LOG_ROW.names or ():
            rows[name] = [row[name] for row in self.rows]
        return rows
