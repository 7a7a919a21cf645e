"""From a model to its slow side: what changes which number, and what has to be measured for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.engines.coupling import sections, terms
from caresim.engines.coupling.measures import MeasureBook, lay_out_feedbacks, lay_out_mixtures
from caresim.engines.coupling.pack import pack
from caresim.engines.coupling.plan import (
    FIXED,
    NONE,
    PRIORITY,
    SHARED,
    Coupling,
    Interventions,
    Measure,
    Parts,
    People,
    Phases,
    Staffing,
    Timelines,
)
from caresim.engines.coupling.sections import Recorded
from caresim.engines.coupling.terms import Source
from caresim.model import Model, Timeline

_SHAPES = ("step", "linear", "front_loaded", "back_loaded", "s_curve")
_DEPLOYMENTS = {"shared": SHARED, "priority": PRIORITY, "fixed": FIXED}


@dataclass(frozen=True, eq=False)
class CouplingLayout:
    """The slow side of a model, and what its rows are.

    Attributes
    ----------
    coupling
        For compiled code.
    parts
        The same part by part: where sections of tables begin, which levers change.
    measures
        What is read of the fast side at each exchange, in the order of the table of measures.
    amounts
        Where each row of amounts comes from, in order.
    stocks, tallies
        What :func:`caresim.engines.coupling.record` writes, in order: the name of a variable in
        :data:`caresim.engines.output.SLOW_VARIABLES` and the position in it; or ``capacity``, the
        usable places of settings where they are worked out here.
    number_names
        What each changed number is, such as ``capacity of home_care``, in order.
    """

    coupling: Coupling
    parts: Parts
    measures: tuple[Measure, ...]
    amounts: tuple[Source, ...]
    stocks: Recorded
    tallies: Recorded
    number_names: tuple[str, ...]


def coupling_layout(model: Model, *, mean_field: bool = False) -> CouplingLayout:
    """Return the slow side of a model.

    Parameters
    ----------
    model
        The model.
    mean_field
        Whether people are stocks, so that what their delays do to them is followed in the mean;
        an engine of people follows each of them (see :mod:`caresim.engines.coupling.delay`).
    """
    found = terms.find_terms(model, mean_field=mean_field)
    levers = sections.lay_out_levers(model)
    numbers = terms.lay_out_numbers(model, found, levers)
    laid_terms, amounts = terms.lay_out_terms(model, found)
    book = MeasureBook()
    mixtures = lay_out_mixtures(model, found, len(amounts), book, mean_field=mean_field)
    amounts = (*amounts, *found.delay_sources)
    feedbacks = lay_out_feedbacks(model, book)
    people = _people(model, book)
    places_change = _places_change(model, found)
    state = sections.lay_out_state(
        model, laid_terms.owner.size, len(found.numbers), len(found.delays)
    )
    stocks, stock_rows = sections.recorded_stocks(model, state, places_change)
    tallies, tally_rows = sections.recorded_tallies(model, state)
    state = sections.with_integrals(state, len(stocks))
    changes, groups, group_routes, route_number = terms.lay_out_changes(
        model, found, levers, places_change
    )
    parts = Parts(
        interval=float(model.run.coupling_days),
        n_settings=len(model.settings),
        n_cohorts=len(model.cohorts),
        n_staff=len(model.staff),
        n_arrivals=len(model.arrivals),
        n_measures=len(book.measures),
        levers=levers,
        params=sections.lay_out_params(model, levers, len(amounts)),
        state=state,
        changes=changes,
        groups=groups,
        group_routes=group_routes,
        route_number=route_number,
        places_change=places_change,
        timelines=_timelines(model),
        numbers=numbers,
        terms=laid_terms,
        interventions=_interventions(model),
        feedbacks=feedbacks,
        mixtures=mixtures,
        staffing=_staffing(model),
        phases=_phases(model),
        people=people,
        stocks=stock_rows,
        tallies=tally_rows,
    )
    names = tuple(terms.number_name(model, of) for of in found.numbers)
    return CouplingLayout(pack(parts), parts, tuple(book.measures), amounts, stocks, tallies, names)


def _floats(values: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


def _ints(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def _timelines(model: Model) -> Timelines:
    lines: list[Timeline] = [setting.capacity for setting in model.settings]
    lines += [group.posts for group in model.staff]
    if model.population is not None:
        lines += [line for line in model.population.projection if line is not None]
    first = np.cumsum([0, *(line.days.size for line in lines)])
    return Timelines(
        first=first.astype(np.int64),
        days=np.concatenate([line.days for line in lines]),
        values=np.concatenate([line.values for line in lines]),
        linear=np.array([line.kind == "linear" for line in lines], dtype=np.bool_),
    )


def _interventions(model: Model) -> Interventions:
    ramps = [intervention.ramp for intervention in model.interventions]
    staff = [(i, *taken) for i, given in enumerate(model.interventions) for taken in given.staff]
    places = [(i, *taken) for i, given in enumerate(model.interventions) for taken in given.uses]
    return Interventions(
        shape=_ints([_SHAPES.index(ramp.shape) if ramp.over > 0 else 0 for ramp in ramps]),
        over=_floats([ramp.over for ramp in ramps]),
        end=_floats([ramp.end for ramp in ramps]),
        fade_from=_floats([ramp.fade_from for ramp in ramps]),
        fade_over=_floats([ramp.fade_over for ramp in ramps]),
        fade_to=_floats([ramp.fade_to for ramp in ramps]),
        staff=np.array([(i, group) for i, group, _ in staff], dtype=np.int64).reshape(-1, 2),
        full_time=_floats([people for _, _, people in staff]),
        places=np.array([(i, setting) for i, setting, _ in places], np.int64).reshape(-1, 2),
        places_taken=_floats([taken for _, _, taken in places]),
    )


def _staffing(model: Model) -> Staffing:
    entries = [entry for group in model.staff for entry in group.runs]
    shares = [
        group.shares[k] if group.shares else 0.0
        for group in model.staff
        for k in range(len(group.runs))
    ]
    return Staffing(
        in_post=_floats([group.in_post for group in model.staff]),
        training_days=_floats([group.training_days for group in model.staff]),
        fills=np.array([group.fills > 0 for group in model.staff], dtype=np.bool_),
        deployment=_ints([_DEPLOYMENTS[group.deployment] for group in model.staff]),
        first=np.cumsum([0, *(len(group.runs) for group in model.staff)]).astype(np.int64),
        setting=_ints([setting for setting, _ in entries]),
        needed=_floats([needed for _, needed in entries]),
        share=_floats(shares),
    )


def _phases(model: Model) -> Phases:
    changes: list[tuple[int, float, float, int]] = []
    double: list[tuple[int, float, float, float, int]] = []
    for position, given in enumerate(model.openings):
        for phase in range(given.phases):
            day = given.day + phase * given.every
            changes.append((given.setting, given.places / given.phases, day, position))
            if given.replaces >= 0:
                closing, closes = given.replaced_places / given.phases, day + given.after
                changes.append((given.replaces, -closing, closes, position))
                double.append((given.replaces, closing, day, closes, position))
    return Phases(
        setting=_ints([row[0] for row in changes]),
        places=_floats([row[1] for row in changes]),
        day=_floats([row[2] for row in changes]),
        opening=_ints([row[3] for row in changes]),
        double_setting=_ints([row[0] for row in double]),
        double_places=_floats([row[1] for row in double]),
        double_from=_floats([row[2] for row in double]),
        double_to=_floats([row[3] for row in double]),
        double_opening=_ints([row[4] for row in double]),
    )


def _places_change(model: Model, found: terms.Found) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return for which settings usable places are worked out; more than unlimited there is not."""
    staffed = {setting for group in model.staff for setting, _ in group.runs}
    touched = {of.i for of in found.numbers if of.field == "capacity"}
    touched |= {setting for given in model.interventions for setting, _ in given.uses}
    for opening in model.openings:
        touched |= {opening.setting} | ({opening.replaces} - {NONE})
    return np.array(
        [
            s in staffed or (s in touched and bool(np.isfinite(given.capacity.values).all()))
            for s, given in enumerate(model.settings)
        ],
        dtype=np.bool_,
    )


def _people(model: Model, book: MeasureBook) -> People:
    given, n_cohorts = model.population, len(model.cohorts)
    if given is None:
        none = np.zeros((0, 3), dtype=np.int64)
        empty, no_ints = _floats([]), _ints([])
        return People(none, empty, empty, no_ints, no_ints, no_ints, no_ints, empty)
    measures = [
        [book.row(Measure(kind, cohort=j)) for kind in ("away", "died", "elsewhere")]
        for j in range(n_cohorts)
    ]
    timelines, known = [], len(model.settings) + len(model.staff)
    for j in range(n_cohorts):
        has_one = bool(given.projection) and given.projection[j] is not None
        timelines.append(known if has_one else NONE)
        known += has_one
    of_arrival, stated = [], []
    for arrivals in model.arrivals:
        follows = arrivals.population is not None
        of_arrival.append(arrivals.cohort if follows else NONE)
        at_start = given.start[arrivals.cohort]
        at_first = float(arrivals.population.at(0.0)) if arrivals.population is not None else 0.0
        stated.append(at_first / at_start if at_start > 0 else 0.0)
    return People(
        measures=np.array(measures, dtype=np.int64),
        joins=_floats(list(given.joins)),
        leaves=_floats(list(given.leaves)),
        from_=_ints([move.from_ for move in given.transitions]),
        to=_ints([move.to for move in given.transitions]),
        timeline=_ints(timelines),
        of_arrival=_ints(of_arrival),
        rate_population=_floats(stated),
    )
