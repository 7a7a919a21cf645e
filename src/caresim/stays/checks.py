"""Checks that the parameters of a stay can be one, in words that say the cause and the cure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

# Beyond these a mean stay is a slip of units, and squares would leave the range of a float.
SHORTEST_MEAN_DAYS = 1e-9
LONGEST_MEAN_DAYS = 1e9

Parameters = tuple[Any, ...]


def number(value: object, what: str) -> float:
    """Return ``value`` as a finite float.

    Raises
    ------
    ValueError
        If it is not a finite number.
    """
    try:
        result = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a number, got {value!r}") from None
    if not math.isfinite(result):
        raise ValueError(f"{what} must be a finite number, got {result}")
    return result


def mean_days(value: object, what: str = "the mean") -> float:
    """Return ``value`` as a mean stay in days.

    Raises
    ------
    ValueError
        If it is not a number above zero, or so small or large that its unit must be wrong.
    """
    result = number(value, what)
    if result <= 0:
        raise ValueError(
            f"{what} must be more than 0 days, got {result:g}: nobody can stay for less than no "
            "time; to skip a setting leave out its route"
        )
    if not SHORTEST_MEAN_DAYS <= result <= LONGEST_MEAN_DAYS:
        raise ValueError(
            f"{what} of {result:g} days is outside the range that can be computed "
            f"({SHORTEST_MEAN_DAYS:g} to {LONGEST_MEAN_DAYS:g} days): check its unit"
        )
    return result


def _exponential(mean: object) -> Parameters:
    return (mean_days(mean),)


def _erlang(mean: object, stages: object) -> Parameters:
    k = number(stages, "the number of stages")
    if k < 1 or k != int(k):
        raise ValueError(
            f"the number of stages must be a whole number from 1, got {k:g}; "
            "for anything between use a gamma stay, whose shape need not be whole"
        )
    return (mean_days(mean), int(k))


def _gamma(mean: object, shape: object) -> Parameters:
    k = number(shape, "the shape")
    if k <= 0:
        raise ValueError(
            f"the shape must be more than 0, got {k:g}; it is 1 / cv^2, so 1 is an exponential stay"
        )
    return (mean_days(mean), k)


def _lognormal(mu: object, sigma: object) -> Parameters:
    m, s = number(mu, "mu"), number(sigma, "sigma")
    if s <= 0:
        raise ValueError(
            f"sigma must be more than 0, got {s:g}; for stays that are all alike use a fixed stay"
        )
    log_mean = m + s**2 / 2
    if not math.log(SHORTEST_MEAN_DAYS) <= log_mean <= math.log(LONGEST_MEAN_DAYS) or s > 10:
        raise ValueError(
            f"mu {m:g} and sigma {s:g} give a mean of exp({log_mean:g}) days, which cannot be "
            "computed with: mu and sigma are the mean and standard deviation of the natural "
            "logarithm of days, not of days"
        )
    return (m, s)


def _shares(values: Sequence[object], what: str, *, allow_zero: bool) -> tuple[float, ...]:
    shares = tuple(number(v, f"each of the {what}") for v in values)
    if not shares:
        raise ValueError(f"the {what} are empty: give at least one")
    if min(shares) < 0 or (min(shares) == 0 and not allow_zero):
        raise ValueError(
            f"each of the {what} must be more than 0, got {min(shares):g}; leave out what nobody "
            "takes"
        )
    total = math.fsum(shares)
    if abs(total - 1) > 1e-9:
        raise ValueError(f"the {what} must sum to 1, got {total:.10g}")
    return shares


def _hyperexponential(shares: Sequence[object], means: Sequence[object]) -> Parameters:
    if len(shares) != len(means):
        raise ValueError(
            f"every branch needs one share and one mean, got {len(shares)} shares and "
            f"{len(means)} means"
        )
    return (
        _shares(shares, "shares of the branches", allow_zero=False),
        tuple(mean_days(m, "the mean of each branch") for m in means),
    )


def _phase_type(initial: Sequence[object], generator: Sequence[Sequence[object]]) -> Parameters:
    starts = _shares(initial, "shares starting in each phase", allow_zero=True)
    rows = tuple(tuple(number(v, "each rate") for v in row) for row in generator)
    n = len(starts)
    if len(rows) != n or any(len(row) != n for row in rows):
        raise ValueError(
            f"{n} phases need a table of rates with {n} rows of {n} numbers each, got rows of "
            f"{[len(row) for row in rows]}"
        )
    rates = np.array(rows)
    between = rates - np.diag(np.diag(rates))
    if np.any(between < 0):
        i, j = np.argwhere(between < 0)[0] + 1
        raise ValueError(
            f"the rate from phase {i} to phase {j} must be 0 or more, got {rates[i - 1, j - 1]:g}"
        )
    if np.any(np.diag(rates) >= 0):
        i = int(np.argmax(np.diag(rates) >= 0)) + 1
        raise ValueError(
            f"the diagonal of phase {i} must be below 0, got {rates[i - 1, i - 1]:g}: it is minus "
            "the total rate per day of leaving that phase"
        )
    leaving = -rates.sum(axis=1)
    if np.any(leaving < 1e-12 * np.diag(rates)):
        i = int(np.argmin(leaving)) + 1
        raise ValueError(
            f"the rates out of phase {i} sum to {-leaving[i - 1]:g} more than the total rate of "
            f"leaving it: the diagonal of its row must be {-between[i - 1].sum():g} or lower"
        )
    can_end = leaving > 1e-12 * -np.diag(rates)
    for _ in range(n):
        can_end = can_end | ((between > 0) @ can_end)
    if not np.all(can_end):
        i = int(np.argmin(can_end)) + 1
        raise ValueError(
            f"nobody who reaches phase {i} can ever leave: make the diagonal of some row that it "
            "leads to larger in size than the other rates in that row"
        )
    mean_days(float(np.array(starts) @ np.linalg.solve(-rates, np.ones(n))))
    return (starts, rows)


def _empirical(values: Sequence[object]) -> Parameters:
    sample = tuple(sorted(number(v, "each value of the sample") for v in values))
    if not sample:
        raise ValueError("the sample of stays is empty: give at least one stay in days")
    if sample[0] < 0:
        raise ValueError(
            f"a stay cannot be shorter than 0 days, got {sample[0]:g}: look for discharge dates "
            "before admission dates, and take those rows out"
        )
    mean_days(math.fsum(sample) / len(sample), "the mean of the sample")
    return (sample,)


def _fixed(days: object) -> Parameters:
    return (mean_days(days, "a fixed stay"),)


_CHECKS: dict[str, tuple[Callable[..., Parameters], tuple[str, ...]]] = {
    "exponential": (_exponential, ("mean",)),
    "erlang": (_erlang, ("mean", "stages")),
    "gamma": (_gamma, ("mean", "shape")),
    "lognormal": (_lognormal, ("mu", "sigma")),
    "hyperexponential": (_hyperexponential, ("shares", "means")),
    "phase_type": (_phase_type, ("initial", "generator")),
    "empirical": (_empirical, ("values",)),
    "fixed": (_fixed, ("days",)),
}
FAMILIES = tuple(_CHECKS)


def checked(family: str, parameters: Sequence[object]) -> Parameters:
    """Parameters of a family in their canonical form: floats, or tuples of floats.

    Raises
    ------
    ValueError
        If the family is unknown or the parameters cannot be a stay.
    """
    if family not in _CHECKS:
        raise ValueError(f"no family of stays is called {family!r}: use one of {list(FAMILIES)}")
    check, names = _CHECKS[family]
    if len(parameters) != len(names):
        raise ValueError(
            f"a stay of family {family} needs {' and '.join(names)}, got {len(parameters)} values"
        )
    return check(*parameters)
