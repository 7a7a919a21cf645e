"""The paths people take through a model, laid out as rows and moves.

Only what people can reach is laid out: beginning with the arrivals and the people there at the
start, each row's ways out are added until no new row appears. A person's path through the rows
of a setting is::

    waiting -> [transfer] -> care -> [junction] -> [arranging ...] -> delayed -> [transfer] -> ...

where a gate stands between ``waiting`` or ``delayed`` and what follows. A junction is a gate
without a limit: it gathers the ends of several phases before they part by route, so that the
work of a step grows with phases plus routes and not with their product.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from caresim.engines.flow.compile.chains import phases_of
from caresim.engines.flow.compile.lanes import Lanes, Number
from caresim.engines.flow.compile.layout import Layout, Row, Spot
from caresim.engines.flow.network import Entry, Move, Target
from caresim.model import MaxWait, Model, Reserved, Route
from caresim.traffic import mean_places

Flow = list[tuple[int, Number]]
"""Rows and the share of people that goes to each."""

CERTAIN = Number(1.0)


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
    """

    row: int
    to: int
    source: int
    cohort: int
    transfer: int | None
    keeps: Spot | None
    pathway: int | None


class Paths:
    """Lays out the rows of a model and the moves between them, but for admissions."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.lanes = Lanes(model)
        self.layout = Layout()
        self.moves: list[Move] = []
        self.junctions: list[Entry] = []
        self.queues: list[QueueEntry] = []
        self.care_rows: dict[Spot, dict[int, tuple[int, ...]]] = {}
        self.fastest_rate = 0.0
        self._starts: dict[Spot, Flow] = {}
        self._waiting: dict[tuple[int, int, int, str], int] = {}
        self._delayed: dict[tuple[Spot, int, int], int] = {}
        self._again: dict[Spot, int] = {}
        self._arranging: dict[tuple[Spot, int, int], tuple[int, ...]] = {}
        self.overflows: dict[int, tuple[int, int]] = {}
        self._exits: dict[tuple[int, int, int, str], int] = {}
        self._pending: deque[Callable[[], None]] = deque()

    # ---- spots -------------------------------------------------------------------------------

    def fences(self, setting: int) -> list[Reserved]:
        """Return the ring fences of a setting."""
        return [r for r in self.model.settings[setting].reserved if r.rule == "ring_fenced"]

    def spot(self, setting: int, cohort: int, source: int) -> Spot:
        """Return the spot that people from a source take in a setting."""
        bits = sum(
            1 << i for i, fence in enumerate(self.fences(setting)) if source in fence.sources
        )
        return setting, cohort, bits

    def start(self, spot: Spot) -> Flow:
        """Return where people who begin a stay in a spot go: its first phases."""
        if spot not in self._starts:
            self._starts[spot] = []
            self._lay_out_care(spot)
        return self._starts[spot]

    def groups(self, setting: int, cohort: int) -> dict[int, tuple[int, ...]]:
        """Return the routes of a setting and cohort by the stay of those who take them."""
        groups: dict[int, list[int]] = {}
        for position in self.model.routes_of[setting][cohort]:
            groups.setdefault(self.model.routes[position].stay, []).append(position)
        return {stay: tuple(routes) for stay, routes in groups.items()}

    def places(self, setting: int, cohort: int) -> tuple[float, float]:
        """Return the places a person holds in a setting: in care on average, and once delayed."""
        use = self.model.settings[setting].places_per_person
        groups = self.groups(setting, cohort)
        time, held = 0.0, 0.0
        for stay, routes in groups.items():
            given = self.model.stays[stay]
            weight = given.mean() * sum(self.model.routes[r].share for r in routes)
            time += weight
            held += weight * mean_places(use, given)
        return (held / time if time > 0 else use.places[0]), use.places[-1]

    def _lay_out_care(self, spot: Spot) -> None:
        setting, cohort, _ = spot
        in_care, _ = self.places(setting, cohort)
        rows: dict[int, tuple[int, ...]] = {}
        for stay, routes in self.groups(setting, cohort).items():
            row = Row("care", setting, cohort, holds=((spot, in_care),))
            rows[stay] = self.chain(stay, row)
            share = self.lanes.group_share(routes)
            self._starts[spot] += self.first_phases(stay, rows[stay], share)
            self._pending.append(lambda s=stay, r=routes: self._end_of_stay(spot, s, r))
        self.care_rows[spot] = rows

    def _end_of_stay(self, spot: Spot, stay: int, routes: tuple[int, ...]) -> None:
        ends: Flow = []
        for route in routes:
            share = self.lanes.share_within(route, routes)
            if share.base > 0:
                ends += [(row, share * part) for row, part in self._after_step(spot, route, -1)]
        self.let_pass(stay, self.care_rows[spot][stay], ends)

    # ---- time passing ------------------------------------------------------------------------

    def chain(self, stay: int, row: Row) -> tuple[int, ...]:
        """Add a row like the one given for each phase of a stay."""
        phases = phases_of(self.model.stays[stay])
        return tuple(self.layout.add(row) for _ in phases.initial)

    def first_phases(self, stay: int, rows: tuple[int, ...], share: Number) -> Flow:
        """Return where a share of people go who begin a stay."""
        initial = phases_of(self.model.stays[stay]).initial
        return [(row, share * p) for row, p in zip(rows, initial, strict=True) if p > 0]

    def let_pass(self, stay: int, rows: tuple[int, ...], ends: Flow) -> None:
        """Add the moves through a chain of phases, and from it to where it ends."""
        phases, pace = phases_of(self.model.stays[stay]), self.lanes.pace(stay)
        ending = np.count_nonzero(phases.exits)
        if ending > 1 and len(ends) > 2:
            ends = [(self._junction(rows[0], ends), CERTAIN)]
        for phase, row in enumerate(rows):
            rate = float(phases.exits[phase] + phases.rates[phase].sum())
            self.fastest_rate = max(self.fastest_rate, rate)
            flow = [(rows[j], Number(q / rate)) for j, q in enumerate(phases.rates[phase]) if q > 0]
            leave = float(phases.exits[phase]) / rate
            flow += [(to, share * leave) for to, share in ends if leave > 0]
            self.moves.append(Move(row, self.lanes.value(pace * rate), targets=self.targets(flow)))

    def _junction(self, beside: int, ends: Flow) -> int:
        of = self.layout.rows[beside]
        row = self.layout.add(Row("junction", of.setting, of.cohort))
        self.junctions.append(Entry(row, admit_to=self.targets(ends)))
        return row

    def targets(self, flow: Flow) -> tuple[Target, ...]:
        """Return the network's form of a flow, each row named once for each factor."""
        merged: dict[tuple[int, tuple[tuple[object, ...], ...]], Number] = {}
        for row, share in flow:
            key = (row, share.factors)
            base = merged[key].base if key in merged else 0.0
            merged[key] = Number(base + share.base, share.factors)
        return tuple(Target(row, self.lanes.value(n)) for (row, _), n in merged.items())

    # ---- between ready and moved -------------------------------------------------------------

    def _after_step(self, spot: Spot, route: int, done: int) -> Flow:
        """Return where people go who have ended a stay and the first steps of arrangement."""
        given = self.model.routes[route]
        flow: Flow = []
        still = CERTAIN
        for step in range(done + 1, len(given.steps)):
            need, skip = self.lanes.step_share(route, step)
            if need.base > 0:
                flow += self._arrange(spot, route, step, still * need)
            still = still * skip
            if still.base == 0:
                return flow
        return flow + [(row, still * share) for row, share in self._arranged(spot, route)]

    def _arrange(self, spot: Spot, route: int, step: int, share: Number) -> Flow:
        rows = self._arranging_rows(spot, route, step)
        return self.first_phases(self.model.routes[route].steps[step].stay, rows, share)

    def _arranging_rows(self, spot: Spot, route: int, step: int) -> tuple[int, ...]:
        key = (spot, route, step)
        if key not in self._arranging:
            given = self.model.routes[route]
            stay = given.steps[step].stay
            if self._waits_outside(given):
                row = Row("waiting", given.to, given.cohort)
            else:
                _, held = self.places(spot[0], spot[1])
                row = Row("arranging", spot[0], spot[1], given.steps[step].reason, ((spot, held),))
            rows = self._arranging[key] = self.chain(stay, row)
            self._pending.append(
                lambda: self.let_pass(stay, rows, self._after_step(spot, route, step))
            )
            if row.kind == "arranging":
                self._pending.append(lambda: self._leave_delay(spot, route, rows))
        return self._arranging[key]

    @staticmethod
    def _waits_outside(route: Route) -> bool:
        return route.wait_at_home and route.to >= 0

    def _arranged(self, spot: Spot, route: int) -> Flow:
        """Return where people go for whom all is arranged: out, or to ask for a place."""
        given = self.model.routes[route]
        setting, cohort, _ = spot
        if given.to < 0:
            row = self._way_out(given.to, setting, cohort, f"route {given.name}")
            if given.pathway is not None:
                self._count_discharge(setting, given.pathway, row)
            return [(row, CERTAIN)]
        if given.to == setting and not given.wait_at_home:
            return [(self._stay_again(spot), CERTAIN)]
        if given.wait_at_home:
            return [(self._sent_home(route), CERTAIN)]
        return [(self.delayed_on_route(spot, route), CERTAIN)]

    def _stay_again(self, spot: Spot) -> int:
        """Return the junction through which people begin a new stay in the place they hold."""
        if spot not in self._again:
            setting, cohort, _ = spot
            tally = self.layout.tally(setting, cohort)
            self.layout.admitted.setdefault(spot, []).append(tally)
            self.layout.moved.setdefault((setting, setting), []).append(tally)
            row = self._again[spot] = self.layout.add(Row("junction", setting, cohort))
            self._pending.append(
                lambda: self.junctions.append(
                    Entry(row, admit_to=self.targets(self.start(spot)), tally=tally)
                )
            )
        return self._again[spot]

    def delayed_on_route(self, spot: Spot, route: int) -> int:
        given = self.model.routes[route]
        key = (spot, given.to, route)
        if key not in self._delayed:
            row = self._delayed[key] = self._ask_from(spot, given.to, given.transfer, given.pathway)
            self._pending.append(lambda: self._leave_delay(spot, route, (row,)))
        return self._delayed[key]

    def delayed_for(self, spot: Spot, to: int) -> int:
        """Return the row of people delayed in a spot whose need has changed to a setting."""
        if to == spot[0]:
            return self._stay_again(spot)
        key = (spot, to, -1)
        if key not in self._delayed:
            pathway = self.model.settings[to].pathway
            self._delayed[key] = self._ask_from(spot, to, None, pathway)
        return self._delayed[key]

    def _ask_from(self, spot: Spot, to: int, transfer: int | None, pathway: int | None) -> int:
        setting, cohort, _ = spot
        _, held = self.places(setting, cohort)
        reason = self.model.settings[to].delay_reason
        row = self.layout.add(Row("delayed", setting, cohort, reason, ((spot, held),)))
        source = self.model.source_of_setting(setting)
        self.queues.append(QueueEntry(row, to, source, cohort, transfer, spot, pathway))
        self._pending.append(lambda: self._give_up_delay(spot, row, to, source))
        return row

    def _sent_home(self, route: int) -> int:
        given = self.model.routes[route]
        source = self.model.source_of_setting(given.setting)
        row = self.waiting(given.to, given.cohort, source, f"route {route}", given.transfer)
        if given.pathway is not None:
            self._count_discharge(given.setting, given.pathway, row)
        return row

    def _count_discharge(self, setting: int, pathway: int, row: int) -> None:
        counted = self.layout.discharged.setdefault((setting, pathway), [])
        if row not in counted:
            counted.append(row)

    # ---- waiting outside ---------------------------------------------------------------------

    def waiting(
        self, to: int, cohort: int, source: int, why: str, transfer: int | None = None
    ) -> int:
        """Return the row of people of a cohort who wait outside for a setting."""
        key = (to, cohort, source, why)
        if key not in self._waiting:
            row = self._waiting[key] = self.layout.add(Row("waiting", to, cohort))
            self.layout.outflows[row] = []
            self.queues.append(QueueEntry(row, to, source, cohort, transfer, None, None))
            self._pending.append(lambda: self._leave_wait(row, to, cohort, source))
        return self._waiting[key]

    def redirected(self, to: int, cohort: int, came_from: int) -> int:
        """Return the row of people who arrive at a setting sent on from the queue of another."""
        return self.waiting(to, cohort, self.model.source_of_setting(came_from), "redirected")

    def overflow(self, row: int, to: int, setting: int, cohort: int) -> None:
        """Lay out where people of a waiting row go for whom there is no room."""
        if row not in self.overflows:
            goes = self.outside(to, setting, cohort, "no room")
            event = "diverted" if to >= 0 else "turned_away"
            tally = self.layout.event(event, setting, cohort)
            self.layout.outflows[row].append(tally)
            self.overflows[row] = (goes, tally)

    def outside(self, to: int, setting: int, cohort: int, why: str) -> int:
        """Return where people go who leave the wait outside a setting for a destination."""
        if to >= 0:
            return self.redirected(to, cohort, setting)
        return self._way_out(to, setting, cohort, why)

    def _leave_wait(self, row: int, to: int, cohort: int, source: int) -> None:
        setting = self.model.settings[to]
        for item, leaving in enumerate(setting.leaving[cohort]):
            rate = self.lanes.waiting_hazard(to, cohort, item)
            self._leave(row, rate, self.outside(leaving.to, to, cohort, "left"), "left_waiting")
        rule = self._max_wait(to, source)
        if rule is not None and rule.to != to:
            rate = Number(1.0 / _mean_patience(rule))
            self._leave(row, rate, self.outside(rule.to, to, cohort, "rerouted"), "rerouted")

    def _leave_delay(self, spot: Spot, route: int, rows: tuple[int, ...]) -> None:
        given = self.model.routes[route]
        for item, leaving in enumerate(given.leaving):
            if leaving.to != given.to or leaving.to < 0:
                to = self._out_of_delay(spot, leaving.to, "left")
                for row in rows:
                    self._leave(row, self.lanes.delayed_hazard(route, item), to, "left_delayed")

    def _give_up_delay(self, spot: Spot, row: int, to: int, source: int) -> None:
        rule = self._max_wait(to, source)
        if rule is not None and rule.to != to:
            rate = Number(1.0 / _mean_patience(rule))
            self._leave(row, rate, self._out_of_delay(spot, rule.to, "rerouted"), "rerouted")

    def _out_of_delay(self, spot: Spot, to: int, why: str) -> int:
        return self.delayed_for(spot, to) if to >= 0 else self._way_out(to, *spot[:2], why)

    def _max_wait(self, to: int, source: int) -> MaxWait | None:
        return next((r for r in self.model.settings[to].max_waits if source in r.sources), None)

    def _leave(self, row: int, rate: Number, to: int, event: str) -> None:
        of = self.layout.rows[row]
        tally = self.layout.event(event, of.setting, of.cohort)
        if row in self.layout.outflows:
            self.layout.outflows[row].append(tally)
        self.moves.append(
            Move(row, self.lanes.value(rate), targets=(Target(to),), tallies=(tally,))
        )

    def _way_out(self, to: int, setting: int, cohort: int, why: str) -> int:
        key = (to, setting, cohort, why)
        if key not in self._exits:
            self._exits[key] = self.layout.exit(to, setting, cohort)
        return self._exits[key]

    # ---- all of it ---------------------------------------------------------------------------

    def settle(self) -> None:
        """Lay out all that can be reached from what has been laid out so far."""
        while self._pending:
            self._pending.popleft()()


def _mean_patience(rule: MaxWait) -> float:
    # People ask at any time of the day, so midnight is half a day off on average.
    return 0.5 if rule.same_day else rule.days
