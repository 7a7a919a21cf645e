"""From prior to posterior: climb to its top, then draw from it and weigh the draws.

1. Members drawn from the prior are run as one batch; the best of them is where the climb begins.
2. Gauss-Newton steps with the prior as a ridge: finite differences of all unknowns are one batch
   of the engine, and so are steps of several lengths, of which the best is taken.
3. At the top the posterior is nearly normal with the covariance that the last step's curvature
   gives (Laplace). Members are drawn from a mixture of normals of that covariance and wider ones,
   run, and weighed by posterior over mixture; the mixture is then made anew from the weighed
   members, and all members of all rounds are weighed against the mixture of all rounds: adaptive
   multiple importance sampling, J.-M. Cornuet, J.-M. Marin, A. Mira and C. P. Robert, Scand. J.
   Stat. 39 (2012) 798-812, doi:10.1111/j.1467-9469.2011.00756.x. So nothing rests on normality:
   it only decides how many members are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from caresim.calibration.proposal import Proposal, log_mixture
from caresim.calibration.target import Target
from caresim.calibration.unknowns import standard_normals

FloatArray = NDArray[np.float64]
Simulate = Callable[[FloatArray], list[FloatArray]]

FIRST = 192
"""Members drawn from the prior."""
EACH = 384
"""Members of a round of sampling."""
ROUNDS = 8
"""Most rounds of sampling."""
CLIMBS = 12
"""Most Gauss-Newton steps."""
APART = 0.15
"""Half the distance of finite differences, in standard deviations of the prior: wide enough to
step over the small kinks of a model in which places run out."""
LENGTHS = (1.0, 0.6, 0.3, 0.1, 0.03, 1.6)
"""Lengths of a step that are tried, as parts of the whole."""
GAIN = 0.02
"""Least gain in the logarithm of the posterior for which the climb goes on."""
CENTRES = 24
"""Members, drawn by weight, about which later rounds draw as well."""
ENOUGH = 600.0
"""Effective number of draws at which sampling ends."""
RELIABLE = 0.7
"""Pareto shape above which weights are too uneven to be trusted: A. Vehtari, D. Simpson, A. Gelman,
Y. Yao and J. Gabry, Pareto smoothed importance sampling, J. Mach. Learn. Res. 25 (2024) 1-58,
arXiv:1507.02646."""


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit found.

    Attributes
    ----------
    z
        Draws of the posterior, shape (draws, unknowns).
    simulated
        The figures of the draws, for each series of shape (draws, figures).
    target
        What was drawn from.
    top
        The best position found, shape (unknowns,).
    sensitivity
        At the top, change of each figure as compared by standard deviation of each prior: for each
        series of shape (figures, unknowns).
    effective
        Effective number of draws before they were drawn again.
    pareto
        Pareto shape of the largest weights; above 0.7 the posterior is only roughly right.
    members
        Members run.
    """

    z: FloatArray
    simulated: list[FloatArray]
    target: Target
    top: FloatArray
    sensitivity: list[FloatArray]
    effective: float
    pareto: float
    members: int


@dataclass
class _Runs:
    """All members run so far."""

    simulate: Simulate
    z: list[FloatArray]
    simulated: list[list[FloatArray]]

    def more(self, z: FloatArray) -> list[FloatArray]:
        found = self.simulate(z)
        self.z.append(z)
        self.simulated.append(found)
        return found

    def columns(self, rounds: Sequence[int]) -> list[FloatArray]:
        parts = [self.simulated[r] for r in rounds]
        return [np.concatenate(column) for column in zip(*parts, strict=True)]


def fit(
    simulate: Simulate,
    target: Target,
    unknowns: int,
    *,
    draws: int,
    seed: int,
    tell: Callable[[float], None] | None = None,
) -> Fit:
    """Draw from the posterior of the unknowns.

    Parameters
    ----------
    simulate
        Gives the figures of each series for positions of shape (n, unknowns).
    target
        Prior times likelihood.
    unknowns
        Their number.
    draws
        How many draws to return.
    seed
        Of all random numbers.
    tell
        Called with the share done, roughly.

    Returns
    -------
    Fit
        The draws, with what each says of every figure.
    """
    say = tell or (lambda _share: None)
    runs = _Runs(simulate, [], [])
    start = np.concatenate(
        [np.zeros((1, unknowns)), standard_normals(seed, 1, (FIRST - 1, unknowns))]
    )
    found = runs.more(start)
    scores = target.log_posterior(start, found)
    say(0.1)
    top, sensitivity = _climb(runs, target, start[int(np.argmax(scores))], say)
    around = _around(target, top, runs)
    slim = target.pruned(around)
    covariance = _curvature(slim, sensitivity, [a[:1] for a in around])
    proposals = [Proposal.prior(unknowns)]
    sampled, next_one = [0], Proposal.about(top, covariance)
    log_weights = np.zeros(0)
    effective = pareto = 0.0
    for turn in range(ROUNDS):
        runs.more(next_one.draw(standard_normals(seed, 100 + turn, (EACH, unknowns))))
        sampled.append(len(runs.z) - 1)
        proposals.append(next_one)
        z = np.concatenate([runs.z[r] for r in sampled])
        log_posterior = slim.log_posterior(z, runs.columns(sampled))
        counts = [len(runs.z[r]) for r in sampled]
        log_weights = log_posterior - log_mixture(z, proposals, counts)
        log_weights, pareto = smoothed(log_weights)
        weights = np.exp(log_weights - logsumexp(log_weights))
        effective = float(1.0 / (weights**2).sum())
        say(0.4 + 0.6 * (turn + 1) / ROUNDS)
        if effective >= ENOUGH and pareto < RELIABLE:
            break
        mean, covariance = _moments(z, weights, top, covariance, effective)
        centres = z[_systematic(weights, CENTRES, seed + turn)]
        next_one = Proposal.about(mean, covariance, centres)
    chosen = _systematic(np.exp(log_weights - logsumexp(log_weights)), draws, seed)
    say(1.0)
    return Fit(
        z=z[chosen],
        simulated=[column[chosen] for column in runs.columns(sampled)],
        target=slim,
        top=top,
        sensitivity=sensitivity,
        effective=effective,
        pareto=pareto,
        members=sum(len(part) for part in runs.z),
    )


def _climb(
    runs: _Runs, target: Target, z: FloatArray, say: Callable[[float], None]
) -> tuple[FloatArray, list[FloatArray]]:
    """Climb from a position; return the top and the sensitivity of the figures there."""
    sensitivity: list[FloatArray] = []
    steps = np.eye(z.size) * APART
    for turn in range(CLIMBS):
        batch = np.concatenate([z[None], z + steps, z - steps])
        found = runs.more(batch)
        here = [column[:1] for column in found]
        score = float(target.log_posterior(z[None], here)[0])
        n = z.size
        sensitivity = []
        for s, column in zip(target.series, found, strict=True):
            compared = s.transformed(column)
            sensitivity.append((compared[1 : n + 1] - compared[n + 1 :]).T / (2 * APART))
        downhill, curvature = -z, np.eye(n)
        for slope, s, one, difference in zip(
            sensitivity, target.series, target.discrepancies, target.differences(here), strict=True
        ):
            precision = one.precision(difference[0])
            seen = slope[s.fitted]
            downhill = downhill + seen.T @ precision @ difference[0]
            curvature = curvature + seen.T @ precision @ seen
        step = np.linalg.solve(curvature, downhill)
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-9))
        tried = z + np.array(LENGTHS)[:, None] * step
        scores = target.log_posterior(tried, runs.more(tried))
        best = int(np.argmax(scores))
        say(0.1 + 0.3 * (turn + 1) / CLIMBS)
        if not scores[best] > score + GAIN:
            break
        z = tried[best]
    return z, sensitivity


def _around(target: Target, top: FloatArray, runs: _Runs) -> list[FloatArray]:
    """Return the figures at the top and of some of the members run that are nearly as good."""
    z = np.concatenate(runs.z)
    columns = runs.columns(range(len(runs.z)))
    scores = target.log_posterior(z, columns)
    at = int(np.argmin(((z - top) ** 2).sum(axis=1)))
    order = [at, *(n for n in np.argsort(-scores)[:32].tolist() if n != at)]
    near = [n for n in order if scores[n] > scores[at] - 8.0 or n == at]
    return [column[near] for column in columns]


def _curvature(
    target: Target, sensitivity: Sequence[FloatArray], here: Sequence[FloatArray]
) -> FloatArray:
    """Return the covariance of the normal that touches the posterior at its top."""
    n = sensitivity[0].shape[1]
    found = np.eye(n)
    for slope, s, one, difference in zip(
        sensitivity, target.series, target.discrepancies, target.differences(here), strict=True
    ):
        seen = slope[s.fitted]
        found = found + seen.T @ one.precision(difference[0]) @ seen
    return np.asarray(np.linalg.inv(found), dtype=np.float64)


def _moments(
    z: FloatArray,
    weights: FloatArray,
    mean: FloatArray,
    covariance: FloatArray,
    effective: float,
) -> tuple[FloatArray, FloatArray]:
    """Return mean and covariance of the weighed members, drawn towards the ones before if few."""
    trust = effective / (effective + 4.0 * z.shape[1])
    new = weights @ z
    apart = z - new
    spread = (apart * weights[:, None]).T @ apart
    between = trust * new + (1 - trust) * mean
    mixed = trust * spread + (1 - trust) * covariance
    return between, mixed + 1e-8 * np.eye(mean.size)


def smoothed(log_weights: FloatArray) -> tuple[FloatArray, float]:
    """Smooth the largest weights by a generalised Pareto distribution (Vehtari and others).

    Returns
    -------
    log_weights
        The same, the largest replaced by what the fitted tail expects of them.
    shape
        The Pareto shape: the heavier the tail, the larger.
    """
    n = log_weights.size
    tail = int(min(0.2 * n, 3 * np.sqrt(n)))
    order = np.argsort(log_weights)
    if tail < 5 or not np.isfinite(log_weights[order[-tail - 1]]):
        return log_weights, np.inf
    top = log_weights[order[-1]]
    cut = np.exp(log_weights[order[-tail - 1]] - top)
    excess = np.exp(log_weights[order[-tail:]] - top) - cut
    if excess[-1] <= 1e-12 or excess[tail // 4] <= 0.0:
        return log_weights, 0.0
    shape, scale = _pareto(excess)
    p = (np.arange(tail) + 0.5) / tail
    if abs(shape) < 1e-9:
        expected = -scale * np.log1p(-p)
    else:
        expected = scale * np.expm1(-shape * np.log1p(-p)) / shape
    found = log_weights.copy()
    found[order[-tail:]] = np.minimum(np.log(expected + cut), 0.0) + top
    return found, float(shape)


def _pareto(excess: FloatArray) -> tuple[float, float]:
    """Fit a generalised Pareto distribution to excesses in order.

    J. Zhang and M. A. Stephens, A new and efficient estimation method for the generalized Pareto
    distribution, Technometrics 51 (2009) 316-325, doi:10.1198/tech.2009.08017, with the weak prior
    on the shape of Vehtari and others.
    """
    n = excess.size
    m = 30 + int(np.sqrt(n))
    quarter = excess[int(n / 4 + 0.5) - 1]
    theta = 1.0 / excess[-1] + (1.0 - np.sqrt(m / (np.arange(1, m + 1) - 0.5))) / (3.0 * quarter)
    k = np.log1p(-theta[:, None] * excess).mean(axis=1)
    profile = n * (np.log(-theta / k) - k - 1.0)
    weights = np.exp(profile - logsumexp(profile))
    best = float((theta * weights).sum())
    shape = float(np.log1p(-best * excess).mean())
    scale = -shape / best
    return (n * shape + 5.0) / (n + 10.0), scale


def _systematic(weights: FloatArray, draws: int, seed: int) -> NDArray[np.int64]:
    """Draw members by weight, evenly spread; then in a random order, so that the first are fair."""
    generator = np.random.Generator(np.random.Philox(key=[seed, 9999]))
    at = (np.arange(draws) + generator.uniform()) / draws
    found = np.minimum(np.searchsorted(np.cumsum(weights), at), weights.size - 1)
    return np.asarray(generator.permutation(found), dtype=np.int64)
