"""Who is in the network at the start: nobody, a census with a queue, or a first guess.

The guess is where a warm-up to a steady state begins: the people the model would have without
limits on capacity, but no more in a setting than it has places.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile.layout import Spot
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.flow.phases import equilibrium_phases, phases_given_elapsed
from caresim.traffic import equilibrium

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Start:
    """People at the start.

    Attributes
    ----------
    in_care
        For each spot, people in care and the days they have been there, or the stay that is left
        to them (see :class:`caresim.model.Census`).
    rows
        People in other rows, and once phases are known, in all rows.
    """

    in_care: tuple[tuple[Spot, float, tuple[float, ...] | int], ...] = ()
    rows: dict[int, float] = field(default_factory=dict)

    def with_phases(self, paths: Paths) -> Start:
        """Return the start with the people in care placed in phases."""
        rows = dict(self.rows)
        for spot, people, time in self.in_care:
            if isinstance(time, int):
                begun = paths.phases(time).initial
                found = dict(zip(paths.remain(spot, time), map(float, begun), strict=True))
            else:
                found = _found_in(paths, spot, time)
            for row, share in found.items():
                rows[row] = rows.get(row, 0.0) + people * share
        return Start(self.in_care, rows)

    def people(self, n_rows: int) -> FloatArray:
        """Return the people in each row, shape (n_rows,)."""
        people = np.zeros(n_rows)
        for row, count in self.rows.items():
            people[row] = count
        return people


def lay_out_start(paths: Paths) -> Start:
    """Lay out the rows of everyone there at the start."""
    if paths.model.steady_start:
        return _guess(paths)
    rows: dict[int, float] = {}
    delayed: dict[tuple[int, int], float] = {}
    in_care: list[tuple[Spot, float, tuple[float, ...] | int]] = []
    n_arrivals = len(paths.model.arrival_names)
    for queued in paths.model.queued:
        if queued.source < n_arrivals:
            row = _arrival_row(paths, queued.to, queued.cohort, queued.source)
        else:
            setting = queued.source - n_arrivals
            spot = _usual_spot(paths, setting, queued.cohort)
            key = (setting, queued.cohort)
            delayed[key] = delayed.get(key, 0.0) + queued.people
            if queued.to == setting:
                # They wait for the place they hold, which they get at once.
                in_care.append((spot, queued.people, (0.0,)))
                continue
            route = paths.route_to(setting, queued.cohort, queued.to)
            row = paths.delayed(spot, queued.to, route)
        rows[row] = rows.get(row, 0.0) + queued.people
    for census in paths.model.census:
        spot = _usual_spot(paths, census.setting, census.cohort)
        people = census.people - delayed.get((census.setting, census.cohort), 0.0)
        if people > 0 and census.remaining is not None:
            paths.remain(spot, census.remaining)
            in_care.append((spot, people, census.remaining))
        elif people > 0:
            in_care.append((spot, people, census.elapsed))
    return Start(tuple(in_care), rows)


def _guess(paths: Paths) -> Start:
    flows = equilibrium(paths.model)
    # Those whose routes bring them back for ever have no equilibrium: they start with nobody.
    people = np.where(np.isfinite(flows.people), flows.people, 0.0)
    in_care = []
    for setting, given in enumerate(paths.model.settings):
        cohorts = [int(cohort) for cohort in np.flatnonzero(people[setting] > 0)]
        load = sum(people[setting, c] * paths.places(setting, c)[0] for c in cohorts)
        fit = min(1.0, float(given.capacity.at(0.0)) / load) if load > 0 else 1.0
        for cohort in cohorts:
            spot = _usual_spot(paths, setting, cohort)
            in_care.append((spot, float(people[setting, cohort]) * fit, ()))
    return Start(tuple(in_care))


def _usual_spot(paths: Paths, setting: int, cohort: int) -> Spot:
    """Return, laid out, the spot of people whose source is not known: of no ring fence."""
    spot = (setting, cohort, 0)
    paths.start(spot)
    return spot


def _arrival_row(paths: Paths, to: int, cohort: int, source: int) -> int:
    for position, given in enumerate(paths.model.arrivals):
        if (given.to, given.cohort, given.source) == (to, cohort, source):
            return paths.arrival(position)
    return paths.waiting(to, cohort, source, "at the start")


def _found_in(paths: Paths, spot: Spot, elapsed: tuple[float, ...]) -> dict[int, float]:
    """Return the shares of the people found in care in a spot who are in each of its rows.

    With elapsed times, each is equally likely, and who has been there so long had one stay rather
    than another in proportion to those who stay so long.
    """
    model = paths.model
    groups = paths.groups(spot[0], spot[1])
    shares = np.array([sum(model.routes[r].share for r in routes) for routes in groups.values()])
    stays = [model.stays[stay] for stay in groups]
    found: dict[int, float] = {}
    for days, times in sorted(Counter(elapsed or (None,)).items(), key=str):
        if days is None:
            there = np.array([stay.mean() for stay in stays])
        else:
            there = np.array([float(stay.survival(days)) for stay in stays])
        weights = shares * there if (shares * there).sum() > 0 else shares
        for stay, weight in zip(groups, weights / weights.sum(), strict=True):
            phases = paths.phases(stay)
            inside = (
                equilibrium_phases(phases) if days is None else phases_given_elapsed(phases, days)
            )
            for row, share in zip(paths.care_rows[spot][stay], inside, strict=True):
                part = float(weight * share) * times / max(len(elapsed), 1)
                found[row] = found.get(row, 0.0) + part
    return found
