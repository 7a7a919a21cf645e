"""Lengths of stay as phases, the form in which the flow engine can carry them.

The flow engine holds people in stocks that drain at constant rates. A stay of any distribution
becomes a few such stocks, its phases, with the same mean and variance and nearly the same census
at all times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from caresim.engines.flow.phases.chain import generators
from caresim.engines.flow.phases.search import find_chain
from caresim.engines.flow.phases.target import COMPARED_FROM
from caresim.stays import Stay
from caresim.stays.families import Array
from caresim.stays.matrix import phases_after, raw_moments, spread_after

DEFAULT_TOLERANCE = 0.01
MAX_PHASES = 40


@dataclass(frozen=True, eq=False)
class PhaseType:
    """A stay through phases. Arrays are read-only.

    Attributes
    ----------
    initial : array (n,)
        Share of people who start in each phase; they sum to one.
    rates : array (n, n)
        ``rates[i, j]``: rate per day of moving from phase i to phase j; the diagonal is zero. The
        phases fitted here form a chain: each is left for the next alone.
    exits : array (n,)
        Rate per day at which the stay ends from each phase.
    """

    initial: Array
    rates: Array
    exits: Array

    def __post_init__(self) -> None:
        for name in ("initial", "rates", "exits"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def n_phases(self) -> int:
        """Number of phases."""
        return len(self.initial)

    @property
    def generator(self) -> Array:
        """Rates of moving with minus the total rate of leaving on the diagonal, array (n, n)."""
        return self.rates - np.diag(self.rates.sum(axis=1) + self.exits)

    def mean(self) -> float:
        """Mean stay in days."""
        return raw_moments(self.initial, self.generator)[0]

    def variance(self) -> float:
        """Variance of the stay in days squared."""
        mean, square = raw_moments(self.initial, self.generator)
        return square - mean**2

    def survival(self, t: ArrayLike) -> Array:
        """Share of people who stay longer than each of the times ``t`` (m,), in days."""
        times = np.atleast_1d(np.asarray(t, dtype=np.float64))
        return np.asarray(spread_after(self.initial, self.generator, times)[0].sum(axis=1))

    def integrated_survival(self, t: ArrayLike) -> Array:
        """Integral of the survival from 0 to each of the times ``t`` (m,), in days."""
        times = np.atleast_1d(np.asarray(t, dtype=np.float64))
        return spread_after(self.initial, self.generator, times)[1]

    def fastest_rate(self) -> float:
        """Highest total rate per day of leaving any phase: a step must be shorter than 1 / it."""
        return float(np.max(self.rates.sum(axis=1) + self.exits))

    def stretched(self, factor: float) -> PhaseType:
        """Return these phases with every time multiplied by ``factor``, so rates divided by it."""
        return PhaseType(self.initial, self.rates / factor, self.exits / factor)


@dataclass(frozen=True)
class PhaseFit:
    """How well phases stand for a stay.

    Attributes
    ----------
    mean_error, variance_error : float
        Relative errors of the mean and variance; for a fixed stay, which has no variance, the
        variance of the phases over the square of the mean.
    census_error : float
        Largest relative error of the integrated survival from a twentieth of the mean on.
    survival_error : float
        Largest error of the survival from there on. Relative errors of the waves that waves of
        arrivals make in the census were up to 2.5 times this where measured (tests).
    n_phases : int
    """

    mean_error: float
    variance_error: float
    census_error: float
    survival_error: float
    n_phases: int


@lru_cache(maxsize=4096)
def phase_type(
    stay: Stay,
    tolerance: float = DEFAULT_TOLERANCE,
    max_phases: int = MAX_PHASES,
    max_rate: float = math.inf,
) -> PhaseType:
    """Phases that stand for a stay, as few as are close enough.

    Exponential, Erlang, hyperexponential and phase-type stays without a limit become the phases
    they are made of, if these are allowed. Any other becomes a chain with the same mean and
    variance. A stay less variable than the allowed phases can be (cv^2 below one over their
    number; a fixed stay above all) becomes an Erlang stay of the same mean in as many phases as
    allowed, which has a larger variance than the stay: `phase_fit` says how large.

    Parameters
    ----------
    stay : Stay
    tolerance : float
        Largest relative error wanted of the integrated survival, and largest error wanted of the
        survival, from a twentieth of the mean on. It is not always to be had: stays that many
        people end on one day need hundreds of phases. `phase_fit` says what was reached.
    max_phases : int
        Most phases allowed.
    max_rate : float
        Highest total rate per day of leaving a phase, so that a step of 1 / max_rate days can
        follow it. The variance gives way where it must; a stay of mean below 1 / max_rate becomes
        exponential.

    Returns
    -------
    PhaseType
    """
    own = _made_of(stay)
    if own and own.n_phases <= max_phases and own.fastest_rate() <= max_rate * (1 + 1e-9):
        return own
    mean = stay.mean()
    fastest = max(1.0, max_rate * mean)
    allowed = int(min(max_phases, fastest * (1 + 1e-9)))
    if fastest == 1.0 or stay.cv() ** 2 * allowed <= 1 + 1e-9:
        return _erlang(mean, allowed)
    return _fitted(_standard(stay), tolerance, max_phases, fastest).stretched(mean)


@lru_cache(maxsize=1024)
def phase_fit(
    stay: Stay,
    tolerance: float = DEFAULT_TOLERANCE,
    max_phases: int = MAX_PHASES,
    max_rate: float = math.inf,
) -> PhaseFit:
    """Measure how well the phases that `phase_type` gives for the same arguments fit the stay."""
    phases = phase_type(stay, tolerance, max_phases, max_rate)
    mean, variance = stay.mean(), stay.sd() ** 2
    times = mean * np.geomspace(COMPARED_FROM, 64.0, 166)
    census = phases.integrated_survival(times) / stay.integrated_survival(times)
    return PhaseFit(
        mean_error=abs(phases.mean() / mean - 1),
        variance_error=abs(phases.variance() - variance) / (variance if variance else mean**2),
        census_error=float(np.max(np.abs(census - 1))),
        survival_error=float(np.max(np.abs(phases.survival(times) - stay.survival(times)))),
        n_phases=phases.n_phases,
    )


def equilibrium_phases(phases: PhaseType) -> Array:
    """Phases of a person found inside at a random moment of a steady state: array (n,), sum 1.

    Each phase counts for the mean time people spend in it: a(-T)^-1 over the mean stay.
    """
    days = np.linalg.solve(-phases.generator.T, phases.initial)
    return np.asarray(days / days.sum())


def phases_given_elapsed(phases: PhaseType, elapsed: float) -> Array:
    """Phases of a person still inside ``elapsed`` days after coming in: array (n,), sum 1."""
    return phases_after(phases.initial, phases.generator, max(elapsed, 0.0))


def _chain(rates: Array, initial: Array) -> PhaseType:
    generator = generators(rates[None])[0]
    between = generator - np.diag(np.diag(generator))
    return PhaseType(initial, between, np.append(np.zeros(len(rates) - 1), rates[-1]))


def _erlang(mean: float, stages: int) -> PhaseType:
    return _chain(np.full(stages, stages / mean), np.eye(stages)[0])


def _made_of(stay: Stay) -> PhaseType | None:
    """Phases of a stay that is made of phases, or None."""
    if math.isfinite(stay.limit):
        return None
    if stay.family == "exponential":
        return _erlang(stay.parameters[0], 1)
    if stay.family == "erlang" or (stay.family == "gamma" and stay.parameters[1] % 1 == 0):
        return _erlang(stay.parameters[0], int(stay.parameters[1]))
    if stay.family == "hyperexponential":
        shares, means = (np.array(p) for p in stay.parameters)
        return PhaseType(shares, np.zeros((len(means), len(means))), 1 / means)
    if stay.family == "phase_type":
        initial, generator = (np.array(p) for p in stay.parameters)
        leaving = np.maximum(-generator.sum(axis=1), 0.0)
        return PhaseType(initial, generator - np.diag(np.diag(generator)), leaving)
    return None


def _standard(stay: Stay) -> Stay:
    """Stay scaled to a mean of one day, with its last digits rounded.

    Stays that differ in their mean alone then share one fit, and so does the same stay stated in
    two ways.
    """
    unit = stay.scaled(1 / stay.mean())
    return Stay(unit.family, _rounded(unit.parameters), _rounded(unit.limit))


def _rounded(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_rounded(v) for v in value)
    return float(f"{value:.10g}")


@lru_cache(maxsize=1024)
def _fitted(stay: Stay, tolerance: float, max_phases: int, max_rate: float) -> PhaseType:
    # Rounding has moved the mean by parts in 1e10.
    unit = stay.scaled(1 / stay.mean())
    # The search compares at a finite number of times, so it aims a little closer.
    chain = find_chain(unit, 0.99 * tolerance, max_phases, max_rate)
    return _chain(chain.rates, chain.initial)
