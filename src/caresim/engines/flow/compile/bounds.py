"""How far interventions can take a number over a run, which the step must be able to follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.engines.draws import quantile
from caresim.model import Change, Changed, Model, Target, UncertainInput

TAIL = 1e-3
"""Share of draws beyond which no step is promised to follow: one in a thousand."""

LEAST_FACTOR = 0.1
"""The least factor on a time that a step is chosen to follow, whatever the draws."""


@dataclass(frozen=True)
class _Reached:
    """A change at full strength: who makes it, in which kind, and between which ends."""

    owner: int
    is_relative: bool
    low: float
    high: float


class ChangeBounds:
    """Ends of the ranges in which interventions of a model can put its numbers.

    Each change counts at full strength, for all it reaches and after the correction for optimism,
    in draws that are not as rare as :data:`TAIL`. Feedbacks are left out: what they answer is
    known only in the run, and the half-step check of every run tells if a step was too long.
    """

    def __init__(self, model: Model) -> None:
        self._uncertain: dict[tuple[str, int, int], tuple[UncertainInput, Target]] = {
            (target.field, target.i, target.j): (item, target)
            for item in model.inputs
            for target in item.targets
        }
        self._of: dict[Changed, list[_Reached]] = {}
        for owner, intervention in enumerate(model.interventions):
            for position, change in enumerate(intervention.changes):
                low, high = self._ends(model, owner, position, change)
                one = _Reached(owner, change.kind == "relative", low, high)
                self._of.setdefault(change.of, []).append(one)

    def shortest(self, of: Changed) -> float:
        """Return the least factor on a time."""
        factor = 1.0
        for changes in self._by_owner(of):
            factor *= max(0.0, 1.0 + sum(min(0.0, one.low) for one in changes))
        return max(LEAST_FACTOR, factor)

    def highest(self, of: Changed, stated: float) -> float:
        """Return the most that a number which is ``stated`` unchanged can be."""
        for changes in self._by_owner(of):
            stated *= 1.0 + sum(max(0.0, one.high) for one in changes if one.is_relative)
        return stated + sum(
            max(0.0, one.high) for one in self._of.get(of, ()) if not one.is_relative
        )

    def _by_owner(self, of: Changed) -> list[list[_Reached]]:
        """Return the changes of a number, those of one intervention together."""
        found: dict[int, list[_Reached]] = {}
        for one in self._of.get(of, ()):
            found.setdefault(one.owner, []).append(one)
        return list(found.values())

    def _ends(self, model: Model, owner: int, position: int, change: Change) -> tuple[float, float]:
        _, reach = self._range("intervention_reach", owner, position, change.reach)
        ends = self._range("intervention_amount", owner, position, change.amount)
        if model.run.optimism:
            ends = [end * (1.0 - change.discount * (end * change.hoped > 0)) for end in ends]
        return reach * ends[0], reach * ends[1]

    def _range(self, field: str, i: int, j: int, stated: float) -> list[float]:
        if (field, i, j) not in self._uncertain:
            return [stated, stated]
        item, target = self._uncertain[field, i, j]
        drawn = quantile(item, np.array([TAIL, 1.0 - TAIL]))
        return sorted(float(end) for end in target.offset + target.scale * drawn)
