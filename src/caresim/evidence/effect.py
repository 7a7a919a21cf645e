"""An effect as a distribution that a model can draw from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from caresim.evidence.optimism import correction
from caresim.evidence.spread import Spread
from caresim.evidence.vocabulary import OUTCOMES, Finding, Status

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an intervention does to one outcome.

    Attributes
    ----------
    entry, outcome
        Ids in the library.
    kind
        ``relative``: values are shares of the level without it (-0.2 is a fifth less, never
        below -1); ``difference``: values are in ``unit``.
    unit
        Of a difference, such as days; empty for a relative change.
    spread
        The distribution before any correction.
    level
        Probability that the value lies between ``low`` and ``high``.
    strength
        Grade of the evidence from 1 (very strong) to 6 (no study).
    finding, source, status, population
        What was found, by whom, whether the figures were read or are unverified, and in whom.
    warnings
        What to know before use.
    left_out
        Share of every benefit that is left out (:meth:`corrected`).
    """

    entry: str
    outcome: str
    kind: Literal["relative", "difference"]
    unit: str
    spread: Spread
    level: float
    strength: int
    finding: Finding
    source: str
    status: Status
    population: str
    warnings: tuple[str, ...] = ()
    left_out: float = 0.0

    @property
    def shape(self) -> str:
        """The scale on which it is made of two halves of normals."""
        return self.spread.shape

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self._at((1 - self.level) / 2)

    @property
    def median(self) -> float:
        """Median: the estimate as published, for all but the ranges of experts."""
        return self._at(0.5)

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self._at((1 + self.level) / 2)

    @property
    def mean(self) -> float:
        """Mean; for the ranges of experts as elicited."""
        return self.spread.expect(self._limited, (-1.0, 0.0))

    @property
    def chance_of_benefit(self) -> float:
        """Probability that it is a benefit at all; 0.5 where neither direction is one."""
        below = float(ndtr(self.spread.z_of(0.0)))
        return {"lower": below, "higher": 1 - below, "neither": 0.5}[OUTCOMES[self.outcome].better]

    def quantile(self, probability: FloatArray) -> FloatArray:
        """Return the values below which it falls with given probabilities in (0, 1), any shape.

        Feed it uniform random numbers to draw.
        """
        return self._limited(self.spread.quantile(probability))

    def corrected(self, share: float | None = None) -> Effect:
        """Return the effect with a share of every benefit left out; harms stay as they are.

        Parameters
        ----------
        share
            Between 0 and 1; by default that of the grade (:func:`caresim.evidence.correction`).
        """
        left_out = correction(self.strength) if share is None else share
        if not 0 <= left_out <= 1:
            raise ValueError(f"the share left out lies between 0 and 1, not {left_out:g}")
        return replace(self, left_out=left_out)

    def relative_to(self, level: float) -> Effect:
        """Turn a difference into a relative change, given the level without the intervention.

        Parameters
        ----------
        level
            In ``unit``, above 0: the mean stay in days, say.

        Raises
        ------
        ValueError
            If it is relative already, or the level is not above 0.
        """
        if self.kind == "relative":
            raise ValueError("this effect is a relative change already")
        if not level > 0:
            raise ValueError(f"the level without the intervention is above 0, not {level:g}")
        s = self.spread  # a difference is always on the plain scale
        scaled = replace(s, centre=s.centre / level, below=s.below / level, above=s.above / level)
        return replace(self, kind="relative", unit="", spread=scaled)

    def to_dict(self) -> dict[str, Any]:
        """Give the effect as plain data."""
        return {
            "entry": self.entry,
            "outcome": self.outcome,
            "kind": self.kind,
            "unit": self.unit,
            "mean": self.mean,
            "median": self.median,
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "shape": self.shape,
            "chance_of_benefit": self.chance_of_benefit,
            "strength": self.strength,
            "finding": self.finding,
            "status": self.status,
            "source": self.source,
            "population": self.population,
            "left_out": self.left_out,
            "warnings": list(self.warnings),
        }

    def _at(self, probability: float) -> float:
        return float(self.quantile(np.asarray(probability)))

    def _limited(self, values: FloatArray) -> FloatArray:
        if self.kind == "relative":
            values = np.maximum(values, -1.0)
        better = OUTCOMES[self.outcome].better
        if self.left_out == 0 or better == "neither":
            return values
        benefit = np.minimum(values, 0.0) if better == "lower" else np.maximum(values, 0.0)
        return values - self.left_out * benefit
