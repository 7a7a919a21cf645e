"""Draws of the uncertain inputs, and the numbers of the model that each member then has.

Both engines read the same :class:`MemberNumbers`, so a member means the same in both. Draws are
keyed by the seed, the member and the path of the input (see
:mod:`caresim.engines.randomness`): they are the same in every option and whatever the chunk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.randomness import uniforms
from caresim.engines.shares import route_shares
from caresim.model import Model, Target, UncertainInput

FloatArray = NDArray[np.float64]

SLOW_FIELDS = frozenset(
    {
        "intervention_amount",
        "intervention_reach",
        "intervention_start",
        "feedback_amount",
        "slippage",
        "leavers",
        "recruitment",
        "sickness",
        "price",
    }
)
"""Numbers of what changes while a model runs, which :mod:`caresim.engines.coupling` takes from the
draws itself."""


@dataclass(frozen=True, eq=False)
class MemberNumbers:
    """The numbers of the model that may differ between members.

    Attributes
    ----------
    arrival_rate, arrival_growth, population_factor, population_growth
        Shape (members, n_arrivals): ``Arrivals.rate``, ``Arrivals.growth``, a factor on
        ``Arrivals.population``, and ``Arrivals.population_growth``.
    stay_factor
        Shape (members, n_stays): a factor on all times of a stay, its limit not included.
    route_share
        Shape (members, n_routes): final shares; those of a (setting, cohort) sum to one.
    step_share
        Shape (members, n_steps): of every step of every route, routes in order.
    capacity_factor
        Shape (members, n_settings).
    waiting_hazard
        Shape (members, n): ``Setting.leaving``, in order of setting, cohort and position; per
        person per day.
    delayed_hazard
        Shape (members, n): ``Route.leaving``, in order of route and position; likewise.
    """

    arrival_rate: FloatArray
    arrival_growth: FloatArray
    population_factor: FloatArray
    population_growth: FloatArray
    stay_factor: FloatArray
    route_share: FloatArray
    step_share: FloatArray
    capacity_factor: FloatArray
    waiting_hazard: FloatArray
    delayed_hazard: FloatArray


def quantile(uncertain: UncertainInput, u: FloatArray) -> FloatArray:
    """Return the values of an uncertain input below which it falls with probability ``u``.

    Parameters
    ----------
    uncertain
        The input.
    u
        Probabilities in (0, 1), any shape.

    Returns
    -------
    numpy.ndarray
        Of the shape of ``u``, clipped to the admissible range.
    """
    if uncertain.shape == "uniform":
        values = uncertain.low + u * (uncertain.high - uncertain.low)
    elif uncertain.shape == "triangular":
        values = _triangular(uncertain, u)
    else:
        from scipy.special import ndtri

        z = np.asarray(ndtri(u), dtype=np.float64)
        if uncertain.shape == "lognormal":
            values = np.exp(uncertain.centre + uncertain.spread_high * z)
        else:
            spread = np.where(z < 0.0, uncertain.spread_low, uncertain.spread_high)
            values = uncertain.centre + spread * z
    return np.clip(values, uncertain.least, uncertain.most)


def _triangular(uncertain: UncertainInput, u: FloatArray) -> FloatArray:
    width = uncertain.high - uncertain.low
    if width <= 0.0:
        return np.full_like(u, uncertain.low)
    rise, fall = uncertain.centre - uncertain.low, uncertain.high - uncertain.centre
    below = uncertain.low + np.sqrt(u * width * rise)
    above = uncertain.high - np.sqrt((1.0 - u) * width * fall)
    return np.where(u * width < rise, below, above)


def draw_inputs(model: Model, seed: int, first_member: int, count: int) -> FloatArray:
    """Draw every uncertain input for some members.

    Parameters
    ----------
    model
        Whose ``inputs`` are drawn.
    seed
        Of the run.
    first_member, count
        Which members: ``first_member, ..., first_member + count - 1``.

    Returns
    -------
    numpy.ndarray
        Shape (count, n_inputs). A member's row is the same whatever ``first_member`` and
        ``count`` are.
    """
    members = np.arange(first_member, first_member + count, dtype=np.int64)
    drawn = np.empty((count, len(model.inputs)))
    for column, uncertain in enumerate(model.inputs):
        drawn[:, column] = quantile(uncertain, uniforms(seed, uncertain.path, members))
    return drawn


def nominal_inputs(model: Model, count: int = 1) -> FloatArray:
    """Return the stated values in place of draws, shape (count, n_inputs)."""
    return np.tile([uncertain.nominal for uncertain in model.inputs], (count, 1)).reshape(
        count, len(model.inputs)
    )


def member_inputs(model: Model, first_member: int, count: int) -> FloatArray:
    """Return the inputs of some members of a run: drawn, or as stated if it has one member.

    Draws that are given (:attr:`caresim.model.Model.given`) take the place of both.
    """
    if model.run.members == 1:
        drawn = nominal_inputs(model, count)
    else:
        drawn = draw_inputs(model, model.run.seed, first_member, count)
    if model.given is not None:
        rows = model.given.quantiles[first_member : first_member + count]
        for column, uncertain in enumerate(model.inputs):
            if uncertain.path in model.given.names:
                at = model.given.names.index(uncertain.path)
                drawn[:, column] = quantile(uncertain, rows[:, at])
    return drawn


def step_starts(model: Model) -> NDArray[np.int64]:
    """Return where the steps of each route begin in ``step_share``, shape (n_routes + 1,)."""
    return _starts([len(route.steps) for route in model.routes])


def delayed_starts(model: Model) -> NDArray[np.int64]:
    """Return where each route begins in ``delayed_hazard``, shape (n_routes + 1,)."""
    return _starts([len(route.leaving) for route in model.routes])


def waiting_starts(model: Model) -> NDArray[np.int64]:
    """Return where each (setting, cohort) begins in ``waiting_hazard``.

    Shape (n_settings * n_cohorts + 1,), settings first.
    """
    return _starts([len(rules) for setting in model.settings for rules in setting.leaving])


def _starts(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.array(lengths, dtype=np.int64))]).astype(np.int64)


def apply(model: Model, draws: FloatArray) -> MemberNumbers:
    """Return the numbers that members have, given their draws.

    Parameters
    ----------
    model
        The model.
    draws
        Shape (members, n_inputs), from :func:`draw_inputs` or :func:`nominal_inputs`.

    Returns
    -------
    MemberNumbers
        Where nothing is uncertain, exactly the numbers of the model.
    """
    count = draws.shape[0]

    def rows(values: list[float]) -> FloatArray:
        return np.tile(np.array(values, dtype=np.float64), (count, 1))

    arrivals, routes, settings = model.arrivals, model.routes, model.settings
    numbers = MemberNumbers(
        arrival_rate=rows([a.rate for a in arrivals]),
        arrival_growth=rows([a.growth for a in arrivals]),
        population_factor=rows([1.0] * len(arrivals)),
        population_growth=rows([a.population_growth for a in arrivals]),
        stay_factor=rows([1.0] * len(model.stays)),
        route_share=rows([r.share for r in routes]),
        step_share=rows([step.share for r in routes for step in r.steps]),
        capacity_factor=rows([1.0] * len(settings)),
        waiting_hazard=rows([x.rate for s in settings for group in s.leaving for x in group]),
        delayed_hazard=rows([x.rate for r in routes for x in r.leaving]),
    )
    shares_as_drawn: dict[int, FloatArray] = {}
    for column, uncertain in enumerate(model.inputs):
        for target in uncertain.targets:
            if target.field == "route_share":
                shares_as_drawn[target.i] = draws[:, column]
            elif target.field not in SLOW_FIELDS:
                _set(model, numbers, target, draws[:, column], uncertain.nominal)
    route_shares(model, shares_as_drawn, numbers.route_share)
    return numbers


def _set(
    model: Model, numbers: MemberNumbers, target: Target, drawn: FloatArray, nominal: float
) -> None:
    i, j, k = target.i, target.j, target.k
    # A stated value of 0 has no multiple other than itself, so its factor stays 1.
    factor = drawn / nominal if nominal else np.ones_like(drawn)
    if target.field == "arrival_rate":
        numbers.arrival_rate[:, i] = drawn
    elif target.field == "arrival_growth":
        numbers.arrival_growth[:, i] = drawn
    elif target.field == "population":
        numbers.population_factor[:, i] = factor
    elif target.field == "population_growth":
        numbers.population_growth[:, i] = drawn
    elif target.field == "stay":
        numbers.stay_factor[:, i] = factor
    elif target.field == "step_share":
        numbers.step_share[:, step_starts(model)[i] + j] = drawn
    elif target.field == "capacity":
        numbers.capacity_factor[:, i] = factor
    elif target.field == "waiting_hazard":
        cell = i * len(model.cohorts) + j
        numbers.waiting_hazard[:, waiting_starts(model)[cell] + k] = drawn
    else:
        numbers.delayed_hazard[:, delayed_starts(model)[i] + j] = drawn
