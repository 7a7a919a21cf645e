"""Spots: where in a setting people of a cohort can be, for how long, and what they use there."""

from __future__ import annotations

from caresim.engines.coupling import Parts
from caresim.engines.flow.compile.layout import Spot
from caresim.engines.flow.compile.passing import Passing
from caresim.model import Model, Reserved
from caresim.traffic import mean_places

NO_ROUTE = -1
"""In place of a route: none."""


class Spots(Passing):
    """Answers questions about spots; lays out nothing."""

    def __init__(self, model: Model, slow: Parts | None = None) -> None:
        super().__init__(model, slow)
        self._places: dict[tuple[int, int], tuple[float, float]] = {}

    def fences(self, setting: int) -> list[Reserved]:
        """Return the ring fences of a setting."""
        return [r for r in self.model.settings[setting].reserved if r.rule == "ring_fenced"]

    def spot(self, setting: int, cohort: int, source: int) -> Spot:
        """Return the spot that people from a source take in a setting."""
        bits = sum(
            1 << i for i, fence in enumerate(self.fences(setting)) if source in fence.sources
        )
        return setting, cohort, bits

    def groups(self, setting: int, cohort: int) -> dict[int, tuple[int, ...]]:
        """Return the routes of a setting and cohort by the stay of those who take them.

        Stays that nobody has are left out.
        """
        groups: dict[int, list[int]] = {}
        for position in self.model.routes_of[setting][cohort]:
            groups.setdefault(self.model.routes[position].stay, []).append(position)
        return {
            stay: tuple(routes)
            for stay, routes in groups.items()
            if self.lanes.group_share(tuple(routes)).base > 0
        }

    def places(self, setting: int, cohort: int) -> tuple[float, float]:
        """Return the places a person holds in a setting: in care on average, and once delayed."""
        if (setting, cohort) not in self._places:
            use = self.model.settings[setting].places_per_person
            time, held = 0.0, 0.0
            for stay, routes in self.groups(setting, cohort).items():
                given = self.model.stays[stay]
                weight = given.mean() * sum(self.model.routes[r].share for r in routes)
                time += weight
                held += weight * mean_places(use, given)
            in_care = held / time if time > 0 else use.places[0]
            self._places[setting, cohort] = in_care, use.places[-1]
        return self._places[setting, cohort]

    def route_to(self, setting: int, cohort: int, to: int) -> int:
        """Return the first route from a setting to another, or NO_ROUTE."""
        routes = self.model.routes_of[setting][cohort]
        return next((r for r in routes if self.model.routes[r].to == to), NO_ROUTE)
