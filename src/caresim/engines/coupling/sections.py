"""Where everything is in the tables of parameters, levers and state."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling.plan import Levers, Params, State
from caresim.engines.draws import delayed_starts, step_starts, waiting_starts
from caresim.model import Model

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Recorded = tuple[tuple[str, int], ...]


def _firsts(sizes: list[int]) -> list[int]:
    return list(accumulate(sizes, initial=0))


def n_rates(model: Model) -> int:
    """Return how many numbers of its own the slow side has."""
    if model.population is None:
        return 4 * len(model.staff)
    return 4 * len(model.staff) + len(model.cohorts) + len(model.population.transitions)


def lay_out_levers(model: Model) -> Levers:
    """Return the sections of a table of levers."""
    n_settings, n_cohorts = len(model.settings), len(model.cohorts)
    n_steps = int(step_starts(model)[-1])
    sizes = [
        len(model.arrivals),
        n_settings * n_cohorts,
        len(model.routes),
        n_steps,
        n_steps,
        int(waiting_starts(model)[-1]),
        int(delayed_starts(model)[-1]),
        n_settings,
    ]
    return Levers(*_firsts(sizes))


def lay_out_params(model: Model, levers: Levers, n_amounts: int) -> Params:
    """Return the sections of a table of parameters."""
    n_settings, n_cohorts = len(model.settings), len(model.cohorts)
    sizes = [
        levers.n_rows,
        n_rates(model),
        n_amounts,
        len(model.interventions),
        len(model.openings),
        n_settings,
        len(model.arrivals),
        n_cohorts,
    ]
    return Params(*_firsts(sizes))


def lay_out_state(model: Model, n_terms: int, n_numbers: int, n_mixtures: int) -> State:
    """Return the sections of a table of state, without integrals."""
    n_settings, n_staff = len(model.settings), len(model.staff)
    n_people = len(model.cohorts) if model.population is not None else 0
    sizes = [
        1,
        *[len(model.feedbacks)] * 2,
        len(model.interventions),
        n_terms,
        *[n_numbers] * 3,
        1,
        n_rates(model),
        *[n_staff] * 4,
        n_people,
        n_mixtures,
        *[n_settings] * 3,
        *[n_people] * 4,
        0,
    ]
    return State(*_firsts(sizes))


def with_integrals(state: State, n_stocks: int) -> State:
    """Return the sections of a table of state that has integrals of some stocks."""
    return state._replace(n_rows=state.integral + n_stocks)


def recorded_stocks(
    model: Model, state: State, places_change: BoolArray
) -> tuple[Recorded, IntArray]:
    """Return the stocks that are recorded, and the rows of the state that they are."""
    found: list[tuple[str, int, int]] = []
    if model.population is not None:
        found += [("population", j, state.people + j) for j in range(len(model.cohorts))]
    for g in range(len(model.staff)):
        found += [
            ("staff_in_post", g, state.in_post + g),
            ("staff_in_training", g, state.in_training + g),
            ("staff_vacancies", g, state.vacancies + g),
            ("staff_at_work", g, state.at_work + g),
        ]
    for s in np.flatnonzero(places_change).tolist():
        found.append(("capacity", s, state.usable + s))
        if np.isfinite(model.settings[s].capacity.values).all():
            found.append(("places_built", s, state.built + s))
    replaced = {opening.replaces for opening in model.openings if opening.replaces >= 0}
    found += [("double_running", s, state.double + s) for s in sorted(replaced)]
    found += [("strength", i, state.strength + i) for i in range(len(model.interventions))]
    for f in range(len(model.feedbacks)):
        found += [("signal", f, state.signal + f), ("answer", f, state.answer + f)]
    return _split(found)


def recorded_tallies(model: Model, state: State) -> tuple[Recorded, IntArray]:
    """Return the counts that are recorded, and the rows of the state that they are."""
    if model.population is None:
        return _split([])
    sections = {
        "died_at_home": state.died_at_home,
        "joined": state.joined,
        "moved_away": state.moved_away,
        "migrated": state.migrated,
    }
    n = len(model.cohorts)
    return _split([(name, j, first + j) for name, first in sections.items() for j in range(n)])


def _split(found: list[tuple[str, int, int]]) -> tuple[Recorded, IntArray]:
    names = tuple((name, position) for name, position, _ in found)
    return names, np.array([row for _, _, row in found], dtype=np.int64)
