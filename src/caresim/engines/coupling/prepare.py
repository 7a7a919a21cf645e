"""The parameters of each member's slow side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling.layout import CouplingLayout
from caresim.engines.coupling.terms import Source
from caresim.engines.draws import MemberNumbers
from caresim.model import Model, Target, UncertainInput
from caresim.traffic import rate_at_start

FloatArray = NDArray[np.float64]


def prepare(
    model: Model, layout: CouplingLayout, numbers: MemberNumbers, draws: FloatArray
) -> FloatArray:
    """Return the parameters of members.

    Parameters
    ----------
    model, layout
        The model and its slow side.
    numbers
        The numbers that members have (see :func:`caresim.engines.draws.apply`).
    draws
        Shape (members, n_inputs): the draws they come from.

    Returns
    -------
    numpy.ndarray
        Shape (n_params, members); see :class:`caresim.engines.coupling.plan.Params`.
    """
    c = layout.parts
    at = c.params
    drawn = _Drawn(model, draws)
    params = np.zeros((at.n_rows, draws.shape[0]))
    params[at.lever : at.rate] = _lever_bases(model, layout, numbers)
    params[at.rate : at.amount] = _rates(model, at.amount - at.rate, drawn)
    for row, source in enumerate(layout.amounts):
        params[at.amount + row] = drawn.amount(source, optimism=model.run.optimism)
    for i, intervention in enumerate(model.interventions):
        params[at.start + i] = drawn.shifted("intervention_start", i, intervention.ramp.start)
    for i, opening in enumerate(model.openings):
        params[at.slippage + i] = drawn.value("slippage", i, opening.slippage)
    params[at.capacity_factor : at.arrivals_per_day] = numbers.capacity_factor.T
    for i, arrivals in enumerate(model.arrivals):
        stated = arrivals.rate or 1.0
        share = numbers.arrival_rate[:, i] / stated
        if not arrivals.only_added:  # what is added to these is of the stated people
            share = share * numbers.population_factor[:, i]
        params[at.arrivals_per_day + i] = rate_at_start(arrivals) * share
    if model.population is not None:
        for j, people in enumerate(model.population.start):
            params[at.people + j] = people * _population_factor(model, numbers, j)
    return params


class _Drawn:
    """Draws by what they are of."""

    def __init__(self, model: Model, draws: FloatArray) -> None:
        self._draws = draws
        self._of: dict[tuple[str, int, int], tuple[int, UncertainInput, Target]] = {
            (target.field, target.i, target.j): (column, item, target)
            for column, item in enumerate(model.inputs)
            for target in item.targets
        }

    def value(self, field: str, i: int, stated: float, j: int = 0) -> FloatArray:
        """Return a number as drawn, or as stated where it is certain."""
        if (field, i, j) not in self._of:
            return np.full(self._draws.shape[0], stated)
        column, _, target = self._of[field, i, j]
        return np.asarray(target.offset + target.scale * self._draws[:, column])

    def shifted(self, field: str, i: int, stated: float) -> FloatArray:
        """Return a number that holds a nominal part, with what is drawn in place of that part."""
        if (field, i, 0) not in self._of:
            return np.full(self._draws.shape[0], stated)
        column, item, _ = self._of[field, i, 0]
        return np.asarray(stated - item.nominal + self._draws[:, column])

    def amount(self, source: Source, *, optimism: bool) -> FloatArray:
        """Return the amount of a change, for those reached and after the optimism correction."""
        kind = "intervention" if source.is_intervention else "feedback"
        change = source.change
        amount = self.value(f"{kind}_amount", source.owner, change.amount, source.position)
        if source.is_intervention:
            field = "intervention_reach"
            reach = self.value(field, source.owner, change.reach, source.position)
            if optimism:
                hoped = amount * change.hoped > 0.0
                amount = amount * np.where(hoped, 1.0 - change.discount, 1.0)
            amount = amount * reach
        return amount


def _lever_bases(model: Model, layout: CouplingLayout, numbers: MemberNumbers) -> FloatArray:
    levers = layout.parts.levers
    bases = np.ones((levers.n_rows, numbers.capacity_factor.shape[0]))
    for a, arrivals in enumerate(model.arrivals):
        waits = arrivals.displaced_from >= 0 or arrivals.only_added
        bases[levers.arrival + a] = 0.0 if waits else 1.0
    bases[levers.route_share : levers.step_time] = numbers.route_share.T
    bases[levers.step_share : levers.waiting_hazard] = numbers.step_share.T
    bases[levers.waiting_hazard : levers.delayed_hazard] = numbers.waiting_hazard.T
    bases[levers.delayed_hazard : levers.capacity] = numbers.delayed_hazard.T
    at_start = np.array([float(setting.capacity.at(0.0)) for setting in model.settings])
    bases[levers.capacity : levers.n_rows] = at_start[:, None] * numbers.capacity_factor.T
    return bases


def _rates(model: Model, count: int, drawn: _Drawn) -> FloatArray:
    rates = np.zeros((count, drawn.value("none", 0, 0.0).size))
    n_staff = len(model.staff)
    for g, group in enumerate(model.staff):
        recruited = group.fills if group.fills > 0 else group.recruitment
        rates[g] = drawn.value("leavers", g, group.leavers)
        rates[n_staff + g] = drawn.value("recruitment", g, recruited)
        rates[2 * n_staff + g] = drawn.value("sickness", g, group.sickness)
    if model.population is not None:
        first = 4 * n_staff
        deaths = np.array(model.population.home_deaths)
        moves = np.array([move.rate for move in model.population.transitions])
        rates[first : first + deaths.size] = deaths[:, None]
        rates[first + deaths.size :] = moves[:, None]
    return rates


def _population_factor(model: Model, numbers: MemberNumbers, cohort: int) -> FloatArray | float:
    """Return the uncertainty of a population, which the model states for arrivals from it."""
    for a, arrivals in enumerate(model.arrivals):
        if arrivals.cohort == cohort and arrivals.population is not None:
            return numbers.population_factor[:, a]
    return 1.0
