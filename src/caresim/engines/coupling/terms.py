"""Collects the changes of each number of a model, and says which levers they move."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling.plan import (
    BY_ANSWER,
    BY_MIXTURE,
    BY_STRENGTH,
    NONE,
    Levers,
    Numbers,
    Terms,
)
from caresim.engines.draws import delayed_starts, step_starts, waiting_starts
from caresim.model import LEAST_STAY, MOST_STAY, Change, Changed, Model, Target

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

INFINITE = float("inf")
_RANGES = {
    "stay": (LEAST_STAY, MOST_STAY),
    "route_share": (0.0, 1.0),
    "step_share": (0.0, 1.0),
    "sickness": (0.0, 1.0),
}
"""Ranges of numbers other than from 0 up."""


@dataclass(frozen=True)
class Source:
    """Where an amount comes from: change ``change`` of intervention or feedback ``owner``."""

    is_intervention: bool
    owner: int
    position: int
    change: Change


@dataclass(frozen=True)
class Term:
    """A change of a number, and what it follows (see :class:`.plan.Terms`)."""

    follows: int
    owner: int
    source: Source


@dataclass
class Found:
    """The changes of a model.

    Attributes
    ----------
    numbers
        The numbers changed, in order.
    terms
        Of each of them.
    delays
        Feedbacks on each person's own delay: (origin, what is changed, feedback, source).
    """

    numbers: list[Changed] = field(default_factory=list)
    terms: list[list[Term]] = field(default_factory=list)
    delays: list[tuple[int, Changed, Source]] = field(default_factory=list)

    @property
    def delay_sources(self) -> tuple[Source, ...]:
        """Where the amounts of the feedbacks on delay come from."""
        return tuple(source for _, _, source in self.delays)


def find_terms(model: Model, *, mean_field: bool) -> Found:
    """Return the changes of a model; those that are nothing for every member are left out."""
    uncertain = {
        (target.field, target.i, target.j) for item in model.inputs for target in item.targets
    }
    by_number: dict[Changed, list[Term]] = {}
    delays: list[tuple[int, Changed, Source]] = []

    def matters(kind: str, owner: int, position: int, change: Change) -> bool:
        size = change.amount != 0 or (f"{kind}_amount", owner, position) in uncertain
        reach = change.reach != 0 or (f"{kind}_reach", owner, position) in uncertain
        return size and reach

    for owner, intervention in enumerate(model.interventions):
        for position, change in enumerate(intervention.changes):
            if matters("intervention", owner, position, change):
                term = Term(BY_STRENGTH, owner, Source(True, owner, position, change))
                by_number.setdefault(change.of, []).append(term)
    for owner, feedback in enumerate(model.feedbacks):
        for position, change in enumerate(feedback.changes):
            if not matters("feedback", owner, position, change):
                continue
            source = Source(False, owner, position, change)
            if feedback.signal.of != "delay_days":
                by_number.setdefault(change.of, []).append(Term(BY_ANSWER, owner, source))
                continue
            delays.append((feedback.signal.i, change.of, source))
            if mean_field:
                term = Term(BY_MIXTURE, len(delays) - 1, source)
                by_number.setdefault(change.of, []).append(term)
    numbers = sorted(by_number, key=lambda of: (of.field, of.i, of.j, of.k))
    return Found(numbers, [by_number[of] for of in numbers], delays)


def number_name(model: Model, of: Changed) -> str:
    """Return words for a number that something changes, whose it is where cohorts differ."""
    if of.field == "home_deaths":
        return f"deaths at home of {model.cohorts[of.i]}"
    if of.field == "transition":
        return f"move {of.i + 1} between cohorts"
    if of.field in ("leavers", "recruitment", "sickness", "posts"):
        return f"{of.field} of {model.staff[of.i].name}"
    words, cohort = of.field.replace("_", " "), NONE
    if of.field == "arrival_rate":
        name, cohort = f"arrivals of {model.arrivals[of.i].name}", model.arrivals[of.i].cohort
    elif of.field in ("stay", "capacity", "waiting_hazard"):
        name = f"{words} of {model.settings[of.i].name}"
        cohort = NONE if of.field == "capacity" else of.j
    else:
        route = model.routes[of.i]
        name = f"{words} of route {route.name} from {model.settings[route.setting].name}"
        cohort = route.cohort
    is_told = cohort != NONE and len(model.cohorts) > 1
    return f"{name} ({model.cohorts[cohort]})" if is_told else name


def lever_of(model: Model, levers: Levers, of: Changed) -> int:
    """Return the lever that a number is, or -1."""
    n_cohorts = len(model.cohorts)
    if of.field == "arrival_rate":
        return levers.arrival + of.i
    if of.field == "stay":
        return levers.pace + of.i * n_cohorts + of.j
    if of.field == "route_share":
        return levers.route_share + of.i
    if of.field == "step_time":
        return levers.step_time + int(step_starts(model)[of.i]) + of.j
    if of.field == "step_share":
        return levers.step_share + int(step_starts(model)[of.i]) + of.j
    if of.field == "waiting_hazard":
        first = waiting_starts(model)[of.i * n_cohorts + of.j]
        return levers.waiting_hazard + int(first) + of.k
    if of.field == "delayed_hazard":
        return levers.delayed_hazard + int(delayed_starts(model)[of.i]) + of.j
    if of.field == "capacity":
        return levers.capacity + of.i
    return NONE


def rate_of(model: Model, of: Changed) -> int:
    """Return the row of a number among the slow side's own numbers, or -1."""
    n_staff = len(model.staff)
    sections = ("leavers", "recruitment", "sickness", "posts")
    if of.field in sections:
        return sections.index(of.field) * n_staff + of.i
    if of.field == "home_deaths":
        return 4 * n_staff + of.i
    if of.field == "transition":
        return 4 * n_staff + len(model.cohorts) + of.i
    return NONE


def lay_out_numbers(model: Model, found: Found, levers: Levers) -> Numbers:
    """Return the numbers that something changes."""
    ranges = [_RANGES.get(of.field, (0.0, INFINITE)) for of in found.numbers]
    is_arrival = [of.i if of.field == "arrival_rate" else NONE for of in found.numbers]
    return Numbers(
        lever=np.array([lever_of(model, levers, of) for of in found.numbers], dtype=np.int64),
        rate=np.array([rate_of(model, of) for of in found.numbers], dtype=np.int64),
        arrival=np.array(is_arrival, dtype=np.int64),
        low=np.array([low for low, _ in ranges], dtype=np.float64),
        high=np.array([high for _, high in ranges], dtype=np.float64),
    )


def lay_out_terms(model: Model, found: Found) -> tuple[Terms, tuple[Source, ...]]:
    """Return all terms, number by number, and where their amounts come from."""
    flat = [term for group in found.terms for term in group]
    changes = [term.source.change for term in flat]
    laid = Terms(
        first=np.cumsum([0, *(len(group) for group in found.terms)]).astype(np.int64),
        follows=np.array([term.follows for term in flat], dtype=np.int64),
        owner=np.array([term.owner for term in flat], dtype=np.int64),
        relative=np.array([change.kind == "relative" for change in changes], dtype=np.bool_),
        per=np.array([change.per for change in changes], dtype=np.float64),
        most=np.array([change.most for change in changes], dtype=np.float64),
        displaced_to=np.array([change.displaced_to for change in changes], dtype=np.int64),
        displaced_share=np.array([change.displaced_share for change in changes], dtype=np.float64),
    )
    return laid, tuple(term.source for term in flat)


def lay_out_changes(
    model: Model, found: Found, levers: Levers, places_change: BoolArray
) -> tuple[BoolArray, IntArray, IntArray, IntArray]:
    """Return which levers can change, the groups of routes that do, and the number of each route.

    Returns
    -------
    changes, groups, group_routes, route_number
        As in :class:`caresim.engines.coupling.plan.Coupling`.
    """
    changes = np.zeros(levers.n_rows, dtype=np.bool_)
    route_number = np.full(len(model.routes), NONE, dtype=np.int64)
    groups, group_routes = [0], list[int]()
    known: set[tuple[int, int]] = set()
    for number, of in enumerate(found.numbers):
        if of.field == "route_share":
            route_number[of.i] = number
            group = (model.routes[of.i].setting, model.routes[of.i].cohort)
            if group not in known:
                known.add(group)
                group_routes += model.routes_of[group[0]][group[1]]
                groups.append(len(group_routes))
        elif of.field != "capacity" and lever_of(model, levers, of) != NONE:
            changes[lever_of(model, levers, of)] = True
    changes[[levers.route_share + route for route in group_routes]] = True
    changes[levers.capacity : levers.capacity + len(model.settings)] = places_change
    for a, arrivals in enumerate(model.arrivals):
        grows = model.population is not None and arrivals.population is not None
        changes[levers.arrival + a] |= grows or arrivals.displaced_from >= 0 or arrivals.only_added
    return changes, np.array(groups), np.array(group_routes, dtype=np.int64), route_number


def uncertain_targets(model: Model) -> dict[Target, int]:
    """Return the position of the input that sets each target."""
    return {target: k for k, item in enumerate(model.inputs) for target in item.targets}
