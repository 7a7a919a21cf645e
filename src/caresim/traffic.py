"""What the model's numbers imply before anything is run: flows and loads without limits.

If no setting were ever full, the stays begun each day in each setting would solve the traffic
equations of an open network (Jackson 1957, doi:10.1287/opre.5.4.518), and the people in care would
follow by Little's law, whatever the shape of the stays. This is where a warm-up begins, how a
census is divided between cohorts, and what a plausibility check of capacity compares.

People who leave a wait or a delay of their own accord, are turned away, or go elsewhere after a
maximum wait are not taken out: the loads are those of everyone who asks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.model import Arrivals, Model, PlacesPerPerson, Route
from caresim.stays import Stay

FloatArray = NDArray[np.float64]

FIRST_WEEK = np.arange(7.0)
"""Days whose mean stands for a series before the start, so that its weekly pattern cancels."""


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Flows, people and loads without limits on capacity, as at the start.

    Attributes
    ----------
    gain
        Shape (n_cohorts,): spectral radius of the routes between settings: the stays that each
        stay leads to in the long run are finite only if it is below one. Where it is not, the
        flows below are infinite in the settings people reach.
    stays_per_day
        Shape (n_settings, n_cohorts): stays begun.
    people
        Shape (n_settings, n_cohorts): people in care.
    delayed
        Shape (n_settings, n_cohorts): people in arrangement or transfer who keep their place.
    places
        Shape (n_settings,): places that these people use: the offered load.
    """

    gain: FloatArray
    stays_per_day: FloatArray
    people: FloatArray
    delayed: FloatArray
    places: FloatArray


def arrivals_per_day(arrivals: Arrivals) -> float:
    """Return the people a day at the start; of a series, the mean of the first week."""
    if arrivals.displaced_from >= 0 or arrivals.only_added:  # nobody comes until something changes
        return 0.0
    return rate_at_start(arrivals)


def rate_at_start(arrivals: Arrivals) -> float:
    """Return the people a day that a factor of 1 on the rate stands for at the start."""
    rate = arrivals.rate
    if arrivals.population is not None:
        rate *= float(arrivals.population.at(0.0))
    if arrivals.series is not None:
        rate *= float(arrivals.series.at(FIRST_WEEK).mean())
    return rate


def mean_places(use: PlacesPerPerson, stay: Stay) -> float:
    """Return the places a person uses on average over a stay.

    By share of the stay this is the mean over equal time; by time since the start each use counts
    for as long as people are expected to be there, E[min(S, b)] - E[min(S, a)].
    """
    places = np.array(use.places)
    if use.by == "constant":
        return float(places[0])
    if use.by == "share_of_stay":
        return float(places @ np.diff(np.append(use.at, 1.0)))
    expected = np.append(stay.integrated_survival(np.array(use.at)), stay.mean())
    return float(places @ np.diff(expected)) / stay.mean()


def arrangement_days(model: Model, route: Route) -> float:
    """Return the mean time in days between the end of a stay and the request for a place."""
    return sum(step.share * model.stays[step.stay].mean() for step in route.steps)


def equilibrium(model: Model) -> Equilibrium:
    """Return the flows, people and loads of a model without limits on capacity."""
    n_settings, n_cohorts = len(model.settings), len(model.cohorts)
    outside = np.zeros((n_settings, n_cohorts))
    for arrivals in model.arrivals:
        outside[arrivals.to, arrivals.cohort] += arrivals_per_day(arrivals)
    gain = np.zeros(n_cohorts)
    begun = np.zeros((n_settings, n_cohorts))
    of_cohort: list[list[Route]] = [[] for _ in range(n_cohorts)]
    for route in model.routes:
        of_cohort[route.cohort].append(route)
    for cohort, routes in enumerate(of_cohort):
        onward = np.zeros((n_settings, n_settings))
        for route in routes:
            if route.to >= 0:
                onward[route.setting, route.to] += route.share
        gain[cohort] = np.abs(np.linalg.eigvals(onward)).max(initial=0.0)
        begun[:, cohort] = _stays_per_day(onward, outside[:, cohort], gain[cohort])
    return Equilibrium(gain, begun, *_people(model, begun))


def _stays_per_day(onward: FloatArray, outside: FloatArray, gain: float) -> FloatArray:
    if gain < 1.0 - 1e-12:
        return np.asarray(np.linalg.solve(np.eye(outside.size) - onward.T, outside))
    reached = outside > 0
    for _ in outside:
        reached = reached | (onward.T @ reached > 0)
    return np.where(reached, np.inf, 0.0)


def _people(model: Model, begun: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    people = np.zeros(begun.shape)
    delayed = np.zeros(begun.shape)
    places = np.zeros(begun.shape[0])
    for route in model.routes:
        setting, flow = route.setting, begun[route.setting, route.cohort] * route.share
        if not flow > 0:  # none, or none of infinitely many
            continue
        use, stay = model.settings[setting].places_per_person, model.stays[route.stay]
        in_care = flow * stay.mean()
        people[setting, route.cohort] += in_care
        places[setting] += in_care * mean_places(use, stay)
        kept = 0.0 if route.wait_at_home else _there(flow, arrangement_days(model, route))
        if route.transfer is not None and route.to >= 0:
            held = flow * model.stays[route.transfer].mean()
            places[route.to] += held * model.settings[route.to].places_per_person.places[0]
            kept += 0.0 if route.wait_at_home else held
        delayed[setting, route.cohort] += kept
        places[setting] += _there(kept, use.places[-1])
    return people, delayed, places


def _there(flow: float, days: float) -> float:
    """Return the people, or places, that a flow holds for a time; none for no time."""
    return flow * days if days > 0 else 0.0
