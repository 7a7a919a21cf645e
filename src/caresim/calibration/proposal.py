"""What members are drawn from: mixtures of normals, and the density of several rounds of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

FloatArray = NDArray[np.float64]

WIDTHS = ((0.4, 1.2), (0.35, 2.5), (0.25, 6.0))
"""Shares of the normals about the mean, and factors on their covariance."""
CENTRED = 0.5
"""Share of members drawn about one of the centres, where there are any: where a posterior is bent
(only a product of inputs is known, say), no single normal fits."""
NARROW = 0.5
"""Factor on the covariance about each centre."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """A mixture of normals whose covariances are multiples of one.

    Attributes
    ----------
    means
        Shape (normals, unknowns).
    shares, widths
        Shape (normals,): parts of the mixture, and factors on the covariance.
    root
        Cholesky factor of the covariance, shape (unknowns, unknowns).
    """

    means: FloatArray
    shares: FloatArray
    widths: FloatArray
    root: FloatArray

    @classmethod
    def prior(cls, unknowns: int) -> Proposal:
        """Return the prior."""
        return cls(np.zeros((1, unknowns)), np.ones(1), np.ones(1), np.eye(unknowns))

    @classmethod
    def about(
        cls, mean: FloatArray, covariance: FloatArray, centres: FloatArray | None = None
    ) -> Proposal:
        """Return normals of several widths about a mean, and narrow ones about some centres."""
        n = 0 if centres is None else len(centres)
        own = 1.0 - (CENTRED if n else 0.0)
        means = np.repeat(mean[None], len(WIDTHS), axis=0)
        shares, widths = ([one[k] for one in WIDTHS] for k in (0, 1))
        return cls(
            means if centres is None else np.concatenate([means, centres]),
            np.array([own * share for share in shares] + [CENTRED / n] * n if n else shares),
            np.array(widths + [NARROW] * n),
            np.asarray(np.linalg.cholesky(covariance), dtype=np.float64),
        )

    def draw(self, normals: FloatArray) -> FloatArray:
        """Turn standard normals into members, each normal of the mixture having its share."""
        ends = np.round(np.cumsum(self.shares) * len(normals)).astype(int)
        ends[-1] = len(normals)
        which = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        apart = normals @ self.root.T
        return np.asarray(self.means[which] + np.sqrt(self.widths[which])[:, None] * apart)

    def log_density(self, z: FloatArray) -> FloatArray:
        """Return the log-density of positions, up to a constant that all proposals share."""
        white = np.linalg.solve(self.root, z.T).T
        centres = np.linalg.solve(self.root, self.means.T).T
        squares = ((white[:, None, :] - centres[None]) ** 2).sum(axis=-1)
        log_det = float(np.log(np.diagonal(self.root)).sum())
        scale = np.log(self.shares) - 0.5 * z.shape[1] * np.log(self.widths) - log_det
        return np.asarray(logsumexp(scale - 0.5 * squares / self.widths, axis=1))


def log_mixture(z: FloatArray, proposals: Sequence[Proposal], counts: Sequence[int]) -> FloatArray:
    """Return the log-density of all rounds taken together, up to a constant."""
    parts = [
        np.log(count) + one.log_density(z) for one, count in zip(proposals, counts, strict=True)
    ]
    return np.asarray(logsumexp(np.stack(parts), axis=0))
