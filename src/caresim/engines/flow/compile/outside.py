"""Outside: the lists of people who wait for a setting without holding a place.

They are arrivals, people sent home to wait, and people sent on from the queue of another setting.
"""

from __future__ import annotations

from dataclasses import dataclass

from caresim.engines.coupling import Parts
from caresim.engines.flow.compile.lanes import Number
from caresim.engines.flow.compile.layout import Row, Spot
from caresim.engines.flow.compile.passing import CERTAIN
from caresim.engines.flow.compile.spots import Spots
from caresim.model import MaxWait, Model

SHORTEST_PATIENCE = 1 / 24
"""Days: a maximum wait below an hour counts as an hour, or the step would have to be minutes."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """People in a row who wait for a setting.

    Attributes
    ----------
    row, to, source, cohort
        Where they stand, what they wait for, where they come from, who they are.
    transfer
        Position of the stay a move to the setting takes, or None.
    keeps
        The spot whose place they keep, or None if they wait outside.
    pathway
        What the move counts as, or None.
    origin
        The setting they were sent home from, or None.
    """

    row: int
    to: int
    source: int
    cohort: int
    transfer: int | None = None
    keeps: Spot | None = None
    pathway: int | None = None
    origin: int | None = None


class Outside(Spots):
    """Lays out the lists outside settings, and the ways out of them other than admission.

    Attributes
    ----------
    queues
        Everyone who waits for a setting, outside or delayed in another.
    overflows
        For each row outside whose people may find no room: the row where those go.
    overflow_tallies
        And the tally of them.
    """

    def __init__(self, model: Model, slow: Parts | None = None) -> None:
        super().__init__(model, slow)
        self.queues: list[QueueEntry] = []
        self.overflows: dict[int, int] = {}
        self.overflow_tallies: dict[int, int] = {}
        self._waiting: dict[tuple[int, int, int, str], int] = {}

    def waiting(
        self,
        to: int,
        cohort: int,
        source: int,
        why: str,
        transfer: int | None = None,
        origin: int | None = None,
    ) -> int:
        """Return the row of people of a cohort who wait outside for a setting.

        ``why`` tells apart people whose transfers differ.
        """
        key = (to, cohort, source, why)
        if key not in self._waiting:
            row = self._waiting[key] = self.listed(to, cohort)
            self.queues.append(QueueEntry(row, to, source, cohort, transfer, origin=origin))
            self._pending.append(lambda: self._give_up_wait(row, to, cohort, source))
        return self._waiting[key]

    def listed(self, to: int, cohort: int) -> int:
        """Add a row of people on the list outside a setting, who leave it at its hazards."""
        row = self.layout.add(Row("waiting", to, cohort))
        self.layout.outflows[row] = []
        self._pending.append(lambda: self._leave_wait(row, to, cohort))
        return row

    def arrival(self, position: int) -> int:
        """Return the row that an arrival of the model joins."""
        given = self.model.arrivals[position]
        why = f"arrival {given.transfer}"
        if given.displaced_from >= 0:  # counted apart
            why = f"displaced {position}"
        return self.waiting(given.to, given.cohort, given.source, why, given.transfer)

    def overflow(self, queue: QueueEntry) -> None:
        """Lay out where people of a row outside go for whom there is no room."""
        to = self.model.settings[queue.to].overflow
        self.overflows[queue.row] = self._outside(to, queue.to, queue.cohort)
        if to >= 0:
            self.overflow_tallies[queue.row] = self.layout.event_out_of(queue.row, "diverted")
        else:
            tally = self.layout.tally(queue.to, queue.cohort)
            self.overflow_tallies[queue.row] = tally
            self.layout.outflows[queue.row].append(tally)

    def max_wait(self, to: int, source: int) -> MaxWait | None:
        """Return the rule that ends a wait, unless it leads back to the same queue."""
        rules = self.model.settings[to].max_waits
        return next((r for r in rules if source in r.sources and r.to != to), None)

    def _outside(self, to: int, setting: int, cohort: int) -> int:
        """Return where people go who leave the list outside a setting for a destination."""
        if to >= 0:
            return self.waiting(to, cohort, self.model.source_of_setting(setting), "sent on")
        return self.layout.way_out(to, setting, cohort)

    def _leave_wait(self, row: int, to: int, cohort: int) -> None:
        for item, leaving in enumerate(self.model.settings[to].leaving[cohort]):
            if leaving.to != to:
                rate = self.lanes.waiting_hazard(to, cohort, item)
                self._drop_out(row, rate, leaving.to, "left_waiting")

    def _give_up_wait(self, row: int, to: int, cohort: int, source: int) -> None:
        rule = self.max_wait(to, source)
        if rule is not None:
            self._drop_out(row, Number(1.0 / patience(rule)), rule.to, "rerouted")

    def _drop_out(self, row: int, rate: Number, to: int, event: str) -> None:
        of = self.layout.rows[row]
        tally = self.layout.event_out_of(row, event)
        goes = self._outside(to, of.setting, of.cohort)
        self.move(row, rate, [(goes, CERTAIN)], tallies=(tally,))


def patience(rule: MaxWait) -> float:
    """Return the mean time in days after which people give up a queue."""
    # People ask at any time of the day, so midnight is half a day off on average.
    return 0.5 if rule.same_day else max(rule.days, SHORTEST_PATIENCE)
