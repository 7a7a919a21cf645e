"""How many people are in care at the start: as counted, or as in equilibrium without limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import MemberNumbers
from caresim.engines.randomness import philox, to_uniform, word_of
from caresim.model import Model
from caresim.stays import Stay
from caresim.traffic import arrivals_per_day, mean_places

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class CareGroup:
    """People of a cohort in care in a setting at the start, those delayed not included.

    Attributes
    ----------
    setting, cohort, people
        Where, who and how many.
    elapsed, remaining
        As in :class:`caresim.model.Census`.
    """

    setting: int
    cohort: int
    people: int
    elapsed: tuple[float, ...] = ()
    remaining: int | None = None


def members_stay(model: Model, numbers: MemberNumbers, row: int, position: int) -> Stay:
    """Return a stay as a member has it: all times but the limit multiplied by their factor."""
    stay = model.stays[position]
    factor = float(numbers.stay_factor[row, position])
    if factor == 1.0:
        return stay
    return Stay(stay.family, stay.parameters).scaled(factor).limited(stay.limit)


def whole_people(counts: Sequence[float]) -> list[int]:
    """Round counts so that their sum is the sum rounded, by largest remainders."""
    floors = [math.floor(count + 1e-9) for count in counts]
    short = math.floor(math.fsum(counts) + 0.5) - sum(floors)
    by_remainder = sorted(range(len(counts)), key=lambda i: floors[i] - counts[i])
    for i in by_remainder[: max(short, 0)]:
        floors[i] += 1
    return floors


def counted_census(model: Model) -> tuple[CareGroup, ...]:
    """Return the people in care that the census counts, less those counted in queues."""
    delayed = dict.fromkeys(((e.setting, e.cohort) for e in model.census), 0)
    for queued in model.queued:
        cell = (queued.source - len(model.arrival_names), queued.cohort)
        if cell in delayed:
            delayed[cell] += math.floor(queued.people + 0.5)
    groups: list[CareGroup] = []
    for s in range(len(model.settings)):
        there = [entry for entry in model.census if entry.setting == s]
        people = whole_people([entry.people for entry in there])
        for entry, count in zip(there, people, strict=True):
            in_care = max(0, count - delayed[s, entry.cohort])
            groups.append(CareGroup(s, entry.cohort, in_care, entry.elapsed, entry.remaining))
    return tuple(groups)


def equilibrium_census(
    model: Model, numbers: MemberNumbers, row: int, member: int
) -> tuple[CareGroup, ...]:
    """Return a draw of the people in care in equilibrium without limits, but for places.

    Their numbers are then Poisson, independent between settings and cohorts (F. P. Kelly,
    Reversibility and Stochastic Networks, 1979, section 3.3). Where they are more than there are
    places for, each cohort is cut in proportion. A cohort whose routes bring people back for ever
    starts with nobody.
    """
    n_settings, n_cohorts = len(model.settings), len(model.cohorts)
    people = np.zeros((n_settings, n_cohorts))
    in_use = np.zeros((n_settings, n_cohorts))
    begun = _stays_begun(model, numbers, row)
    u = _uniforms(model, member)
    for s, setting in enumerate(model.settings):
        for c in range(n_cohorts):
            routes = model.routes_of[s][c]
            stays = [members_stay(model, numbers, row, model.routes[r].stay) for r in routes]
            means = np.array([stay.mean() for stay in stays])
            mean = float(numbers.route_share[row, list(routes)] @ means)
            people[s, c] = _poisson(begun[s, c] * mean, float(u[s, c]))
            in_use[s, c] = people[s, c] * mean_places(setting.places_per_person, stays[0])
    groups: list[CareGroup] = []
    for s, setting in enumerate(model.settings):
        places = float(setting.capacity.at(0.0)) * numbers.capacity_factor[row, s]
        fits = min(1.0, places / in_use[s].sum()) if in_use[s].sum() > 0.0 else 1.0
        groups += [CareGroup(s, c, math.floor(people[s, c] * fits)) for c in range(n_cohorts)]
    return tuple(groups)


def _uniforms(model: Model, member: int) -> FloatArray:
    """Return a uniform number for each setting and cohort, shape (n_settings, n_cohorts)."""
    names = [f"count {s.name} {cohort}" for s in model.settings for cohort in model.cohorts]
    counter = np.zeros((len(names), 4), dtype=np.uint64)
    counter[:, 0] = [word_of(name) for name in names]
    words = philox(counter, np.array([model.run.seed, member], dtype=np.uint64))[:, 0]
    return to_uniform(words).reshape(len(model.settings), len(model.cohorts))


def _stays_begun(model: Model, numbers: MemberNumbers, row: int) -> FloatArray:
    """Return stays begun a day without limits, shape (n_settings, n_cohorts)."""
    n = len(model.settings)
    begun = np.zeros((n, len(model.cohorts)))
    for cohort in range(len(model.cohorts)):
        outside = np.zeros(n)
        for i, arrival in enumerate(model.arrivals):
            if arrival.cohort == cohort:
                drawn = numbers.arrival_rate[row, i] * numbers.population_factor[row, i]
                share = drawn / arrival.rate if arrival.rate else 0.0
                outside[arrival.to] += arrivals_per_day(arrival) * share
        onward = np.zeros((n, n))
        for r, route in enumerate(model.routes):
            if route.cohort == cohort and route.to >= 0:
                onward[route.setting, route.to] += numbers.route_share[row, r]
        if np.abs(np.linalg.eigvals(onward)).max(initial=0.0) < 1.0 - 1e-9:
            begun[:, cohort] = np.linalg.solve(np.eye(n) - onward.T, outside)
    return np.maximum(begun, 0.0)


def _poisson(mean: float, u: float) -> int:
    """Return the least number that a Poisson count does not exceed with probability ``u``."""
    if mean <= 0.0:
        return 0
    # Start far enough below that what is left out cannot be seen in a double.
    first = max(0, math.floor(mean - 12.0 * math.sqrt(mean) - 12.0))
    term = math.exp(-mean + first * math.log(mean) - math.lgamma(first + 1.0))
    reached, k = term, first
    while reached < u and k < mean + 40.0 * math.sqrt(mean) + 40.0:
        k += 1
        term *= mean / k
        reached += term
    return k
