"""Delays: people whose stay has ended, who keep their place until they can move or leave."""

from __future__ import annotations

from abc import ABC, abstractmethod

from caresim.engines.coupling import Parts
from caresim.engines.flow.compile.lanes import Number
from caresim.engines.flow.compile.layout import Row, Spot
from caresim.engines.flow.compile.outside import Outside, QueueEntry, patience
from caresim.engines.flow.compile.passing import CERTAIN, Flow
from caresim.engines.flow.compile.spots import NO_ROUTE
from caresim.engines.flow.network import Entry
from caresim.model import Exit, Model


class Delays(Outside, ABC):
    """Lays out the waits of people who keep a place, and the ways out of them.

    Attributes
    ----------
    again
        Entries of people who begin a new stay in the place they hold, with the setting whose
        hours of admission they must await (None for those whom no hours concern).
    """

    def __init__(self, model: Model, slow: Parts | None = None) -> None:
        super().__init__(model, slow)
        self.again: list[tuple[Entry, int | None]] = []
        self._delayed: dict[tuple[Spot, int, int], int] = {}
        self._again_rows: dict[tuple[Spot, bool], int] = {}

    @abstractmethod
    def start(self, spot: Spot) -> Flow:
        """Return where people who begin a stay in a spot go."""

    def delayed(self, spot: Spot, to: int, route: int) -> int:
        """Return the row of people delayed in a spot who have asked for a place.

        Parameters
        ----------
        spot
            Whose place they keep.
        to
            The setting they need.
        route
            The route that led to the delay, or NO_ROUTE. Its hazards go on acting when the need
            has changed to another setting; its transfer is not for such a move.
        """
        if to == spot[0]:
            return self._stay_again(spot, asks=True)
        key = (spot, to, route)
        if key not in self._delayed:
            self._delayed[key] = row = self._add_delayed(spot, to)
            transfer, pathway = None, self.model.settings[to].pathway
            if route != NO_ROUTE and self.model.routes[route].to == to:
                transfer = self.model.routes[route].transfer
                pathway = self.model.routes[route].pathway
            source = self.model.source_of_setting(spot[0])
            self.queues.append(QueueEntry(row, to, source, spot[1], transfer, spot, pathway))
            self._pending.append(lambda: self.leave_delay(spot, to, route, (row,)))
            self._pending.append(lambda: self._give_up_delay(spot, row, to, route))
        return self._delayed[key]

    def _add_delayed(self, spot: Spot, to: int) -> int:
        setting, cohort, _ = spot
        _, held = self.places(setting, cohort)
        reason = self.model.settings[to].delay_reason
        return self.layout.add(Row("delayed", setting, cohort, reason, ((spot, held),), to))

    def _stay_again(self, spot: Spot, *, asks: bool) -> int:
        """Return the row through which people begin a new stay in the place they hold.

        Those who ask for it must await the hours of admission; one who has fallen ill again need
        not ask. A new stay that uses more places than the end of the last must find them free.
        """
        setting, cohort, _ = spot
        if (spot, asks) in self._again_rows:
            return self._again_rows[spot, asks]
        in_care, held = self.places(setting, cohort)
        if in_care > held:
            row = self._add_delayed(spot, setting)
            source = self.model.source_of_setting(setting)
            self.queues.append(QueueEntry(row, setting, source, cohort, keeps=spot))
        else:
            tally = self.layout.tally(setting, cohort)
            self.layout.admitted.setdefault((setting, cohort), []).append((tally, 1.0))
            if asks:
                self.layout.moved.setdefault((setting, setting), []).append((tally, 1.0))
            awaits = asks and self.model.settings[setting].calendar is not None
            row = (
                self._add_delayed(spot, setting)
                if awaits
                else self.layout.add(Row("junction", setting, cohort))
            )
            self._pending.append(lambda: self._enter_again(spot, row, tally, awaits))
        self._again_rows[spot, asks] = row
        return row

    def _enter_again(self, spot: Spot, row: int, tally: int, awaits: bool) -> None:
        entry = Entry(row, admit_to=self.targets(self.start(spot)), tally=tally)
        self.again.append((entry, spot[0] if awaits else None))

    def leave_delay(self, spot: Spot, to: int, route: int, rows: tuple[int, ...]) -> None:
        """Add the hazards of people delayed in a spot who need a destination."""
        for item, leaving in enumerate(self.model.routes[route].leaving if route >= 0 else ()):
            if leaving.to == to and to >= 0:
                continue  # What they need is what they wait for already.
            goes = self._out_of_delay(spot, leaving.to, route)
            rate = self.lanes.delayed_hazard(route, item)
            over = leaving.to < 0 or leaving.to == spot[0]
            for row in rows:
                tallies = (self.layout.event("left_delayed", spot[0], spot[1]),) if over else ()
                self.move(row, rate, [(goes, CERTAIN)], tallies)

    def _give_up_delay(self, spot: Spot, row: int, to: int, route: int) -> None:
        rule = self.max_wait(to, self.model.source_of_setting(spot[0]))
        if rule is not None:
            goes = self._out_of_delay(spot, rule.to, route, gave_up=True)
            tally = self.layout.event("rerouted", to, spot[1])
            self.move(row, Number(1.0 / patience(rule)), [(goes, CERTAIN)], (tally,))

    def _out_of_delay(self, spot: Spot, to: int, route: int, *, gave_up: bool = False) -> int:
        setting, cohort, _ = spot
        if to == setting:
            return self._stay_again(spot, asks=gave_up)
        if to >= 0:
            return self.delayed(spot, to, route)
        return self.layout.way_out(to, setting, cohort, self._pathway_out(setting, cohort, to))

    def _pathway_out(self, setting: int, cohort: int, to: int) -> int | None:
        """Return the pathway of people who go home from a delay: that of a route home."""
        if to != Exit.HOME:
            return None
        route = self.route_to(setting, cohort, to)
        return self.model.routes[route].pathway if route != NO_ROUTE else None
