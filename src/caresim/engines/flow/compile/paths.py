"""The paths people take through a model, laid out as rows and moves.

Only what people can reach is laid out: beginning with the arrivals and the people there at the
start, each row's ways out are added until no new row appears. A person's path through the rows
of a setting is::

    waiting -> [transfer] -> care -> [junction] -> [arranging ...] -> delayed -> [transfer] -> ...

where a gate stands between ``waiting`` or ``delayed`` and what follows.
"""

from __future__ import annotations

from caresim.engines.coupling import Parts
from caresim.engines.flow.compile.delays import Delays
from caresim.engines.flow.compile.lanes import Number
from caresim.engines.flow.compile.layout import Row, Spot
from caresim.engines.flow.compile.passing import CERTAIN, Flow
from caresim.model import Model, Route


class Paths(Delays):
    """Lays out the rows of a model and the moves between them, but for admissions.

    Attributes
    ----------
    care_rows
        For each spot people can be in, the rows of the phases of each of their stays.
    remaining_rows
        For each spot and time that people there at the start stay on, the rows of its phases.
    sent_home
        For each setting and pathway, rows outside that people sent home on it come to.
    """

    def __init__(self, model: Model, slow: Parts | None = None) -> None:
        super().__init__(model, slow)
        self.care_rows: dict[Spot, dict[int, tuple[int, ...]]] = {}
        self.remaining_rows: dict[tuple[Spot, int], tuple[int, ...]] = {}
        self.sent_home: dict[tuple[int, int], list[int]] = {}
        self._starts: dict[Spot, Flow] = {}
        self._arranging: dict[tuple[Spot, int, int], tuple[int, ...]] = {}

    # ---- care --------------------------------------------------------------------------------

    def start(self, spot: Spot) -> Flow:
        """Return where people who begin a stay in a spot go: its first phases."""
        if spot not in self._starts:
            self._starts[spot] = []
            self._lay_out_care(spot)
        return self._starts[spot]

    def remain(self, spot: Spot, stay: int) -> tuple[int, ...]:
        """Return the rows of people there at the start who stay on for a time of its own.

        They take each route as often as people found there in equilibrium.
        """
        key = (spot, stay)
        if key not in self.remaining_rows:
            rows = self.remaining_rows[key] = self._care_rows(spot, stay)
            there = {
                routes: self.model.stays[of].mean()
                * sum(self.model.routes[r].share for r in routes)
                for of, routes in self.groups(spot[0], spot[1]).items()
            }
            shares = {routes: Number(days / sum(there.values())) for routes, days in there.items()}
            self._await_end(spot, stay, rows, shares)
        return self.remaining_rows[key]

    def _care_rows(self, spot: Spot, stay: int) -> tuple[int, ...]:
        setting, cohort, _ = spot
        in_care, _ = self.places(setting, cohort)
        return self.chain(stay, Row("care", setting, cohort, holds=((spot, in_care),)))

    def _lay_out_care(self, spot: Spot) -> None:
        rows: dict[int, tuple[int, ...]] = {}
        for stay, routes in self.groups(spot[0], spot[1]).items():
            rows[stay] = self._care_rows(spot, stay)
            share = self.lanes.group_share(routes)
            self._starts[spot] += self.first_phases(stay, rows[stay], share)
            self._await_end(spot, stay, rows[stay], {routes: CERTAIN})
        self.care_rows[spot] = rows
        self._pending.append(lambda: self._plan_moves(spot))

    def _plan_moves(self, spot: Spot) -> None:
        for move in self.model.settings[spot[0]].planned_moves:
            self.moved_by_plan(spot, move.to)

    def moved_by_plan(self, spot: Spot, to: int) -> int:
        """Return the row that people join whose stay in a spot ends by a planned move."""
        return self.delayed(spot, to, self.route_to(spot[0], spot[1], to))

    def _await_end(
        self, spot: Spot, stay: int, rows: tuple[int, ...], shares: dict[tuple[int, ...], Number]
    ) -> None:
        """Let a stay end, by groups of routes of which each is taken by a share of people."""

        def end() -> None:
            ends: Flow = []
            for group, share_of_group in shares.items():
                for route in group:
                    share = share_of_group * self.lanes.share_within(route, group)
                    if share.base > 0:
                        after = self._after_stay(spot, route)
                        ends += [(row, share * part) for row, part in after]
            self.let_pass(stay, rows, ends, self.lanes.clock(spot[0], spot[1]))

        self._pending.append(end)

    # ---- arrangement -------------------------------------------------------------------------

    def _after_stay(self, spot: Spot, route: int) -> Flow:
        given = self.model.routes[route]
        if given.wait_at_home and given.to < 0:
            return self._arranged(spot, route)
        return self._after_step(spot, route, -1)

    def _after_step(self, spot: Spot, route: int, done: int) -> Flow:
        """Return where people go who have ended a stay and the first steps of arrangement."""
        flow: Flow = []
        still = CERTAIN
        for step in range(done + 1, len(self.model.routes[route].steps)):
            need, skip = self.lanes.step_share(route, step)
            if need.base > 0:
                rows = self._arranging_rows(spot, route, step)
                stay = self.model.routes[route].steps[step].stay
                flow += self.first_phases(stay, rows, still * need)
            still = still * skip
            if still.base == 0:
                return flow
        return flow + [(row, still * share) for row, share in self._arranged(spot, route)]

    def _arranging_rows(self, spot: Spot, route: int, step: int) -> tuple[int, ...]:
        key = (spot, route, step)
        if key not in self._arranging:
            given = self.model.routes[route]
            self._arranging[key] = (
                self._arranging_outside(given, step)
                if given.wait_at_home
                else self._arranging_inside(spot, route, step)
            )
            rows = self._arranging[key]
            self._pending.append(
                lambda: self.let_pass(
                    given.steps[step].stay,
                    rows,
                    self._after_step(spot, route, step),
                    self.lanes.step_clock(route, step),
                )
            )
        return self._arranging[key]

    def _arranging_outside(self, route: Route, step: int) -> tuple[int, ...]:
        phases = self.phases(route.steps[step].stay).initial
        rows = tuple(self.listed(route.to, route.cohort) for _ in phases)
        self._count_sent_home(route, rows)
        return rows

    def _arranging_inside(self, spot: Spot, route: int, step: int) -> tuple[int, ...]:
        given = self.model.routes[route]
        _, held = self.places(spot[0], spot[1])
        reason = given.steps[step].reason
        to = max(given.to, -1)
        row = Row("arranging", spot[0], spot[1], reason, ((spot, held),), to)
        rows = self.chain(given.steps[step].stay, row)
        self._pending.append(lambda: self.leave_delay(spot, given.to, route, rows))
        return rows

    def _arranged(self, spot: Spot, route: int) -> Flow:
        """Return where people go for whom all is arranged: out, or to ask for a place."""
        given = self.model.routes[route]
        if given.to < 0:
            row = self.layout.way_out(given.to, spot[0], spot[1], given.pathway)
        elif given.wait_at_home:
            row = self._sent_home(given)
        else:
            row = self.delayed(spot, given.to, route)
        return [(row, CERTAIN)]

    def _sent_home(self, route: Route) -> int:
        why = f"sent home {route.transfer} {route.pathway}"
        source = self.model.source_of_setting(route.setting)
        row = self.waiting(
            route.to, route.cohort, source, why, route.transfer, origin=route.setting
        )
        self._count_sent_home(route, (row,))
        return row

    def _count_sent_home(self, route: Route, rows: tuple[int, ...]) -> None:
        if route.pathway is not None:
            counted = self.sent_home.setdefault((route.setting, route.pathway), [])
            counted += [row for row in rows if row not in counted]
