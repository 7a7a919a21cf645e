"""Who is in the network at the start: nobody, a census with a queue, or a first guess.

The guess is where a warm-up to a steady state begins: the people the model would have without
limits on capacity, but no more in a setting than it has places.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile.chains import phases_of
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
        For each spot, people in care and the days they have been there (see
        :class:`caresim.model.Census`).
    rows
        People in other rows, and once phases are known, in all rows.
    """

    in_care: tuple[tuple[Spot, float, tuple[float, ...]], ...] = ()
    rows: dict[int, float] = field(default_factory=dict)

    def with_phases(self, paths: Paths) -> Start:
        """Return the start with the people in care placed in phases."""
        rows = dict(self.rows)
        for spot, people, elapsed in self.in_care:
            groups = paths.groups(spot[0], spot[1])
            share_of = [
                sum(paths.model.routes[r].share for r in routes) for routes in groups.values()
            ]
            weights = np.array(share_of) * _still_there(paths, list(groups), elapsed)
            for (stay, chain), weight in zip(
                paths.care_rows[spot].items(), weights / weights.sum(), strict=True
            ):
                phases = _phases(paths, stay, elapsed)
                for row, share in zip(chain, phases, strict=True):
                    rows[row] = rows.get(row, 0.0) + people * weight * share
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
    n_arrivals = len(paths.model.arrival_names)
    for queued in paths.model.queued:
        if queued.source < n_arrivals:
            row = _arrival_row(paths, queued.to, queued.cohort, queued.source)
        else:
            setting = queued.source - n_arrivals
            spot = _usual_spot(paths, setting, queued.cohort)
            paths.start(spot)
            row = _route_row(paths, spot, queued.to)
            key = (setting, queued.cohort)
            delayed[key] = delayed.get(key, 0.0) + queued.people
        rows[row] = rows.get(row, 0.0) + queued.people
    in_care = []
    for census in paths.model.census:
        spot = _usual_spot(paths, census.setting, census.cohort)
        paths.start(spot)
        people = census.people - delayed.get((census.setting, census.cohort), 0.0)
        in_care.append((spot, people, census.elapsed))
    return Start(tuple(in_care), rows)


def _guess(paths: Paths) -> Start:
    flows = equilibrium(paths.model)
    in_care = []
    for setting, given in enumerate(paths.model.settings):
        people = flows.people[setting]
        _, most = float(people.sum()), float(given.capacity.at(0.0))
        load = sum(
            people[cohort] * paths.places(setting, cohort)[0]
            for cohort in range(len(paths.model.cohorts))
            if people[cohort] > 0
        )
        fit = min(1.0, most / load) if load > 0 else 0.0
        for cohort in range(len(paths.model.cohorts)):
            if people[cohort] > 0:
                spot = _usual_spot(paths, setting, cohort)
                paths.start(spot)
                in_care.append((spot, float(people[cohort]) * fit, ()))
    return Start(tuple(in_care))


def _usual_spot(paths: Paths, setting: int, cohort: int) -> Spot:
    """Return a spot for people whose source is not known: they count as of no ring fence."""
    return setting, cohort, 0


def _arrival_row(paths: Paths, to: int, cohort: int, source: int) -> int:
    name = paths.model.arrival_names[source]
    given = next(
        (a for a in paths.model.arrivals if (a.to, a.cohort, a.source) == (to, cohort, source)),
        None,
    )
    transfer = given.transfer if given is not None else None
    return paths.waiting(to, cohort, source, f"arrival {name}", transfer)


def _route_row(paths: Paths, spot: Spot, to: int) -> int:
    """Return the row of people delayed in a spot for a setting, on a route if there is one."""
    for route in paths.model.routes_of[spot[0]][spot[1]]:
        given = paths.model.routes[route]
        if given.to == to and not given.wait_at_home and to != spot[0]:
            return paths.delayed_on_route(spot, route)
    return paths.delayed_for(spot, to)


def _phases(paths: Paths, stay: int, elapsed: tuple[float, ...]) -> FloatArray:
    """Return the phases of people found there, shape (n_phases,), which sum to one."""
    phases = phases_of(paths.model.stays[stay])
    if not elapsed:
        return equilibrium_phases(phases)
    samples = [phases_given_elapsed(phases, days) for days in elapsed]
    return np.asarray(np.mean(samples, axis=0))


def _still_there(paths: Paths, stays: list[int], elapsed: tuple[float, ...]) -> FloatArray:
    """Return in what proportion people with each stay are found there, beyond their share."""
    if not elapsed:
        return np.array([paths.model.stays[stay].mean() for stay in stays])
    days = np.array(elapsed)
    return np.array([paths.model.stays[stay].survival(days).mean() for stay in stays])
