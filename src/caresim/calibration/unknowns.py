"""The inputs that are fitted, each on the scale on which its prior is a standard normal.

An input's position z stands for the value below which its prior lies with probability Φ(z). All
priors are then alike and independent whatever their shapes, no value can leave its range, and the
distance of a posterior from its prior means the same for a stay as for a share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from caresim.engines.draws import nominal_inputs, quantile
from caresim.model import Model, UncertainInput

FloatArray = NDArray[np.float64]

FURTHEST = 7.0
"""Positions are cut to this many standard deviations, where probabilities still have digits."""


@dataclass(frozen=True, eq=False)
class Unknowns:
    """What is fitted of a model.

    Attributes
    ----------
    model
        The model.
    names
        Names of the draws that are fitted. Several inputs may share one, and move together.
    """

    model: Model
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    def quantiles(self, z: FloatArray) -> FloatArray:
        """Return probabilities from positions."""
        return np.asarray(ndtr(np.clip(z, -FURTHEST, FURTHEST)), dtype=np.float64)

    def draws(self, z: FloatArray) -> FloatArray:
        """Return values of all uncertain inputs of the model.

        Parameters
        ----------
        z
            Positions, shape (n, len(names)).

        Returns
        -------
        numpy.ndarray
            Shape (n, n_inputs). Inputs that are not fitted have their stated values.
        """
        u = self.quantiles(z)
        drawn = nominal_inputs(self.model, z.shape[0])
        for column, uncertain in enumerate(self.model.inputs):
            if uncertain.path in self.names:
                drawn[:, column] = quantile(uncertain, u[:, self.names.index(uncertain.path)])
        return drawn

    def first_input(self, name: str) -> UncertainInput:
        """Return the first input that a draw is of; its values stand for those of all."""
        return next(one for one in self.model.inputs if one.path == name)

    def values(self, z: FloatArray) -> FloatArray:
        """Return the value of the first input of each draw, of the shape of ``z``."""
        u = self.quantiles(z)
        columns = [quantile(self.first_input(n), u[:, i]) for i, n in enumerate(self.names)]
        return np.stack(columns, axis=1) if columns else np.zeros_like(z)


def standard_normals(seed: int, round_: int, shape: Sequence[int]) -> FloatArray:
    """Return standard normal numbers of a named round of a fit, the same on every machine."""
    generator = np.random.Generator(np.random.Philox(key=[seed, round_]))
    return generator.standard_normal(tuple(shape))
