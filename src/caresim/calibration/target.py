"""The posterior of the positions, up to a constant: prior times likelihood of all series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.calibration.discrepancy import Discrepancy
from caresim.calibration.series import Series

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Target:
    """What a fit climbs and draws from.

    Attributes
    ----------
    series
        What was observed.
    discrepancies
        How far each may be off.
    """

    series: tuple[Series, ...]
    discrepancies: tuple[Discrepancy, ...]

    @classmethod
    def of(
        cls, series: Sequence[Series], chances: Sequence[FloatArray | None] | None = None
    ) -> Target:
        """Return the target with all combinations of discrepancy."""
        given = [None] * len(series) if chances is None else list(chances)
        found = [
            Discrepancy(s.middle, s.fitted, s.error, chance)
            for s, chance in zip(series, given, strict=True)
        ]
        return cls(tuple(series), tuple(found))

    def differences(self, simulated: Sequence[FloatArray]) -> list[FloatArray]:
        """Return observed less simulated, as compared, of the figures fitted of each series."""
        return [
            s.transformed(s.values)[s.fitted] - s.transformed(figures)[:, s.fitted]
            for s, figures in zip(self.series, simulated, strict=True)
        ]

    def log_posterior(self, z: FloatArray, simulated: Sequence[FloatArray]) -> FloatArray:
        """Return the logarithm of prior times likelihood, shape (n,)."""
        found = -0.5 * (z**2).sum(axis=1)
        for one, difference in zip(self.discrepancies, self.differences(simulated), strict=True):
            found = found + one.log_likelihood(difference)
        return np.where(np.isfinite(found), found, -np.inf)

    def pruned(self, simulated: Sequence[FloatArray]) -> Target:
        """Return the target with the combinations alone that matter near these figures."""
        found = [
            one.pruned(difference)
            for one, difference in zip(self.discrepancies, self.differences(simulated), strict=True)
        ]
        return Target(self.series, tuple(found))
