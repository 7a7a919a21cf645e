"""The cost-effectiveness plane: what each future costs more, and what it gains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caresim.comparison.differences import FloatArray, Values, clear
from caresim.comparison.directions import Better, unit


@dataclass(frozen=True, eq=False)
class Plane:
    """Points of one option, one for each member.

    Attributes
    ----------
    option, outcome, outcome_unit, better
        What is gained, and which way is a gain.
    cost
        Net present cost beside doing nothing, GBP: shape (members,).
    change
        Outcome less that of doing nothing, over the whole run: shape (members,).
    """

    option: str
    outcome: str
    outcome_unit: str
    better: Better
    cost: FloatArray
    change: FloatArray

    @property
    def gain(self) -> FloatArray:
        """The change, counted so that more is better."""
        return self.change if self.better == "higher" else -self.change

    def shares(self) -> dict[str, float]:
        """Return the share of members in each part of the plane; they sum to one."""
        costs, gains = self.cost > 0.0, self.gain > 0.0
        return {
            "better_and_cheaper": float((gains & ~costs).mean()),
            "better_and_dearer": float((gains & costs).mean()),
            "no_better_and_cheaper": float((~gains & ~costs).mean()),
            "no_better_and_dearer": float((~gains & costs).mean()),
        }

    def chance_worth(self, gbp_per_unit: float) -> float:
        """Return the share of members in which it is worth it at a value of a unit gained."""
        return float((gbp_per_unit * self.gain > self.cost).mean())

    def points(self) -> list[list[float]]:
        """Return cost and change of each member."""
        found: list[list[float]] = np.column_stack([self.cost, self.change]).tolist()
        return found


def plane(
    option: str,
    outcome: str,
    better: Better,
    values: Mapping[str, Values],
    base: str,
) -> Plane | None:
    """Return the plane of an option; None where it has no cost or no such outcome."""
    one, other = values[base], values[option]
    if "net_present_cost" not in other or outcome not in one or outcome not in other:
        return None
    change = clear(other[outcome] - one[outcome], one[outcome], other[outcome])
    defined = np.isfinite(change)
    if not defined.any():
        return None
    cost = other["net_present_cost"][defined]
    return Plane(option, outcome, unit(outcome), better, cost, change[defined])
