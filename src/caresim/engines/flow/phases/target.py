"""What a chain of phases is held against: the curves and moments of the stay it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from caresim.engines.flow.phases.chain import curves, moments, time_grid
from caresim.stays import Stay
from caresim.stays.families import Array

FIRST_TIME = 1 / 32
"""First time of the grids, in mean stays."""

COMPARED_FROM = 0.05
"""The curves of a chain are held against those of the stay from here on, in mean stays."""

_MOMENT_WEIGHT = 20.0
_SURVIVAL_WEIGHT = 0.1


@dataclass(frozen=True)
class Chain:
    """A chain found for a stay of mean one day.

    Attributes
    ----------
    rates, initial : array (n,)
    census_error : float
        Largest relative error of the integrated survival.
    survival_error : float
        Largest error of the survival.
    variance_error : float
        Relative error of the variance.
    """

    rates: Array
    initial: Array
    census_error: float
    survival_error: float
    variance_error: float

    def has_moments(self) -> bool:
        """Whether its variance is right; its mean always is."""
        return self.variance_error <= 1e-7

    def meets(self, tolerance: float) -> bool:
        """Whether everything about it is within the tolerance."""
        return self.has_moments() and max(self.census_error, self.survival_error) <= tolerance


class Target:
    """What a chain is held against: the curves and moments of a stay of mean one day."""

    def __init__(self, stay: Stay) -> None:
        self.stay = stay
        self.cv2 = stay.cv() ** 2
        # The grid ends where a thousandth of the days inside are still to come.
        ends = FIRST_TIME * 2.0 ** np.arange(5, 19)
        ended = np.append(stay.equilibrium_survival(ends) <= 1e-3, True)
        self.octaves = 5 + int(np.argmax(ended))
        self.times = time_grid(FIRST_TIME, self.octaves, 4)
        self.survival = stay.survival(self.times)
        self.census = stay.integrated_survival(self.times)
        self.weights = np.ones(len(self.times))

    @cached_property
    def _dense(self) -> tuple[Array, Array]:
        times = time_grid(FIRST_TIME, self.octaves, 16)
        return self.stay.survival(times), self.stay.integrated_survival(times)

    def equations(self, rates: Array) -> tuple[Array, Array]:
        """Weighted linear equations for the shares that start in each phase.

        Parameters
        ----------
        rates : array (b, n)

        Returns
        -------
        array (b, m, n), array (m,)
        """
        survival, census = curves(rates, FIRST_TIME, self.octaves, 4)
        mean, square = moments(rates)
        by_survival = _SURVIVAL_WEIGHT * self.weights
        exact = np.stack([np.ones_like(mean), mean, square / (1 + self.cv2)], axis=1)
        left = [
            census * (self.weights / self.census)[:, None],
            survival * by_survival[:, None],
            _MOMENT_WEIGHT * exact,
        ]
        right = [self.weights, self.survival * by_survival, np.full(3, _MOMENT_WEIGHT)]
        return np.concatenate(left, axis=1), np.concatenate(right)

    def errors(self, rates: Array, initial: Array, *, dense: bool) -> tuple[Array, Array]:
        """Errors of a chain's survival and relative errors of its census.

        At the times of the search or, ``dense``, at four times as many; 0 before `COMPARED_FROM`.
        """
        per_octave = 16 if dense else 4
        found = curves(rates[None], FIRST_TIME, self.octaves, per_octave)
        survival, census = self._dense if dense else (self.survival, self.census)
        compared = time_grid(FIRST_TIME, self.octaves, per_octave) >= COMPARED_FROM
        return (
            np.where(compared, np.abs(found[0][0] @ initial - survival), 0.0),
            np.where(compared, np.abs(found[1][0] @ initial / census - 1), 0.0),
        )
