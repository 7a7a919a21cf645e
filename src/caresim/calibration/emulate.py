"""Fitting with the event engine, whose figures carry the luck of single people.

Every run of the event engine is one future; what was observed is one too. So the likelihood of a
figure has the luck of a run in it, besides error and discrepancy. Members are run in both engines
at the same positions of the unknowns. What the event engine says more or less than the flow engine
is regressed on the positions, and taken to change but slowly over time, so that the luck of a few
members is not read as an answer to the inputs; what is left is luck, with its covariance over time.
The flow engine with that regression then takes the place of the event engine in the fit. The
regression is made anew from members near the posterior it gave. A likelihood from simulated
moments: S. N. Wood, Nature 466 (2010) 1102-1104, doi:10.1038/nature09319. Regression on the inputs
near the posterior: M. A. Beaumont, W. Zhang and D. J. Balding, Genetics 162 (2002) 2025-2035,
doi:10.1093/genetics/162.4.2025.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.calibration.fit import Fit, Simulate, fit
from caresim.calibration.series import Series
from caresim.calibration.target import Target
from caresim.calibration.unknowns import standard_normals

FloatArray = NDArray[np.float64]

TURNS = 3
"""Times that members are run, each nearer to the posterior."""
WIDER = 2.0
"""Factor on the posterior's covariance from which the next members are drawn."""
NEAR = 6.0
"""Factor on it that says which members count in the next regression, and how much."""
WAVES = 3
"""Functions of time that the regression is made of: a constant, half a wave and a whole one."""
SHRINKS = 0.5
"""With so many figures for each free member, the covariance of luck over time has half the weight,
and the variances alone the other half; more members give it more (the idea of O. Ledoit and M.
Wolf, J. Multivar. Anal. 88 (2004) 365-411, doi:10.1016/S0047-259X(03)00096-4)."""
RIDGE = 1e-3
"""Ridge of the regression, as a share of the mean of its diagonal."""


@dataclass(frozen=True, eq=False)
class Emulator:
    """What the event engine says on average: the flow engine and a regression.

    Attributes
    ----------
    flow
        The flow engine.
    series
        What was observed.
    squares
        Whether squares of the positions take part.
    middle
        Means of the terms, shape (terms,).
    offsets
        For each series, shape (figures,), as compared.
    slopes
        For each series, shape (terms, figures).
    luck
        For each series, covariance of what is left, shape (figures, figures).
    """

    flow: Simulate
    series: tuple[Series, ...]
    squares: bool
    middle: FloatArray
    offsets: tuple[FloatArray, ...]
    slopes: tuple[FloatArray, ...]
    luck: tuple[FloatArray, ...]

    def __call__(self, z: FloatArray) -> list[FloatArray]:
        """Return the mean figures at positions."""
        terms = _terms(z, squares=self.squares) - self.middle
        return [
            s.back(s.transformed(figures) + offset + terms @ slope)
            for s, figures, offset, slope in zip(
                self.series, self.flow(z), self.offsets, self.slopes, strict=True
            )
        ]


def fit_event(
    event: Simulate,
    flow: Simulate,
    series: Sequence[Series],
    unknowns: int,
    *,
    members: int,
    draws: int,
    seed: int,
    tell: Callable[[float], None] | None = None,
) -> Fit:
    """Draw from the posterior with an engine whose figures carry luck; as :func:`fit`.

    Parameters
    ----------
    event, flow
        The two engines.
    members
        Members run by the event engine in each of three turns.
    """
    say = tell or (lambda _share: None)
    z = standard_normals(seed, 1, (members, unknowns))
    weights = np.ones(members)
    by_event, by_flow = [event(z)], [flow(z)]
    for turn in range(TURNS):
        say((turn + 0.5) / TURNS)
        emulator = regression(tuple(series), flow, z, _joined(by_event), _joined(by_flow), weights)
        target = Target.of(series, emulator.luck)
        found = fit(emulator, target, unknowns, draws=max(draws, 500), seed=seed)
        if turn == TURNS - 1:
            break
        mean = found.z.mean(axis=0)
        spread = np.cov(found.z.T).reshape(unknowns, unknowns) + 1e-4 * np.eye(unknowns)
        root = np.linalg.cholesky(WIDER * spread)
        new = mean + standard_normals(seed, 10 + turn, (members, unknowns)) @ root.T
        by_event.append(event(new))
        by_flow.append(flow(new))
        z = np.concatenate([z, new])
        white = np.linalg.solve(np.linalg.cholesky(NEAR * spread), (z - mean).T)
        weights = np.exp(-0.5 * (white**2).sum(axis=0)) + 1e-6
    say(1.0)
    return dataclasses.replace(
        found,
        z=found.z[:draws],
        simulated=[column[:draws] for column in found.simulated],
        members=len(z),
    )


def regression(
    series: tuple[Series, ...],
    flow: Simulate,
    z: FloatArray,
    by_event: Sequence[FloatArray],
    by_flow: Sequence[FloatArray],
    weights: FloatArray,
) -> Emulator:
    """Regress what the event engine says beyond the flow engine on the positions.

    Weighted least squares with a slight ridge, whose slopes are smooth over time.
    """
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    squares = effective > 4 * (2 * z.shape[1] + 1)
    terms = _terms(z, squares=squares)
    shares = weights / weights.sum()
    middle = shares @ terms
    terms = terms - middle
    root = np.sqrt(weights / weights.mean())[:, None]
    normal = (terms * root).T @ (terms * root)
    normal = normal + RIDGE * np.trace(normal) / len(normal) * np.eye(len(normal))
    offsets, slopes, luck = [], [], []
    freedom = max(effective - 1.0 - terms.shape[1], 2.0)
    for s, one, other in zip(series, by_event, by_flow, strict=True):
        beyond = s.transformed(one) - s.transformed(other)
        offset = shares @ beyond
        waves = _waves(s.middle)
        along = np.linalg.lstsq(waves, (beyond - offset).T, rcond=None)[0].T
        slope = np.linalg.solve(normal, (terms * root).T @ (along * root)) @ waves.T
        left = (beyond - offset - terms @ slope) * root
        whole = left.T @ left * (effective / freedom) / len(z)
        share = freedom / (freedom + beyond.shape[1] / SHRINKS)
        luck.append(share * whole + (1 - share) * np.diag(np.diagonal(whole)))
        offsets.append(offset)
        slopes.append(slope)
    return Emulator(flow, series, squares, middle, tuple(offsets), tuple(slopes), tuple(luck))


def _waves(days: FloatArray) -> FloatArray:
    """Return the functions of time at some days, shape (figures, waves)."""
    length = max(float(np.ptp(days)), 1.0)
    part = (days - days.min()) / length if days.size else days
    return np.stack([np.cos(np.pi * k * part) for k in range(min(WAVES, days.size))], axis=1)


def _joined(runs: Sequence[Sequence[FloatArray]]) -> list[FloatArray]:
    return [np.concatenate(column) for column in zip(*runs, strict=True)]


def _terms(z: FloatArray, *, squares: bool) -> FloatArray:
    return np.concatenate([z, z**2], axis=1) if squares else z
