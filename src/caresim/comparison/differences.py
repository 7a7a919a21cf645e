"""Paired differences: each member of an option less the same member of doing nothing.

Three intervals must not be confused. Over members, 80% and 95% of **futures**: where the
difference may fall in one future, if the uncertain inputs are as uncertain as the scenario says;
more members do not make it narrower. And the 95% interval of the **mean** difference: how well
the mean over these members is known.

Whether a difference is *shown* is judged by the first where inputs are uncertain, since more
computing must not turn weak evidence into a finding; and by the second where members differ by
chance alone (an event engine without uncertain inputs).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from caresim.comparison.directions import Better, unit
from caresim.results.confidence import intervals, student

FloatArray = NDArray[np.float64]
Values = Mapping[str, FloatArray]
"""From an indicator to its value in each member, NaN where undefined."""

Basis = Literal["futures", "mean", "certain"]
"""By which interval a difference is judged; ``certain`` where all members are the same."""

Finding = Literal[
    "lower",
    "higher",
    "lower or the same",
    "higher or the same",
    "no difference",
    "no difference shown",
    "too few members",
]
"""``lower or the same``: in most futures lower, and in at most 1 in 40 higher, but in too many the
same for the interval to leave out 0 - as where more places help only in futures that need them."""

ENOUGH = 40
"""Members from which the ends of a 95% interval are quantiles of those that were run; of fewer,
at most one would lie beyond each end, and a Student prediction interval is taken (mean plus and
minus t(n - 1) s sqrt(1 + 1/n))."""

MOST_FUTURES, RARE = 0.5, 0.025
"""Shares of futures that must differ one way, and that may at most differ the other, for a
difference that is often nothing."""

ROUNDING = 1e-9
"""Relative difference that is rounding."""


@dataclass(frozen=True)
class Difference:
    """An option less doing nothing, in one indicator.

    Attributes
    ----------
    option, indicator, unit, better
        What; ``better`` is the way that is better, or None.
    base, mean
        Means over members of doing nothing and of the option.
    difference
        Mean of the paired differences.
    low_80, high_80, low_95, high_95
        What 80% and 95% of futures lie between; NaN with fewer than three members.
    mean_low, mean_high
        Ends of the 95% interval of the mean difference.
    chance_lower, chance_higher
        Share of members in which the option has less, and more.
    finding
        Whether a difference is shown.
    """

    option: str
    indicator: str
    unit: str
    better: Better | None
    base: float
    mean: float
    difference: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float
    mean_low: float
    mean_high: float
    chance_lower: float
    chance_higher: float
    finding: Finding

    @property
    def effect(self) -> Literal["better", "worse", ""]:
        """Whether the option is shown to be better or worse than doing nothing."""
        way = self.finding.removesuffix(" or the same")
        if self.better is None or way not in ("lower", "higher"):
            return ""
        return "better" if way == self.better else "worse"


def clear(differences: FloatArray, one: FloatArray, other: FloatArray) -> FloatArray:
    """Return differences with those that are rounding made exactly 0."""
    scale = np.maximum(np.abs(one), np.abs(other))
    return np.where(np.abs(differences) <= ROUNDING * scale, 0.0, differences)


def spread(rows: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Return what a share of the members of each row lies between.

    Parameters
    ----------
    rows
        Shape (n, members), finite.
    level
        The share, such as 0.95.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper ends, shape (n,); NaN with fewer than three members.

    Examples
    --------
    >>> low, high = spread(np.arange(101.0)[None], 0.8)
    >>> low.item(), high.item()
    (10.0, 90.0)
    """
    members = rows.shape[1]
    if members >= ENOUGH:
        low, high = np.quantile(rows, ((1.0 - level) / 2.0, (1.0 + level) / 2.0), axis=1)
        return low, high
    if members < 3:
        return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    half = student(members - 1, level) * rows.std(axis=1, ddof=1) * math.sqrt(1.0 + 1.0 / members)
    middle = rows.mean(axis=1)
    return middle - half, middle + half


def paired(
    option: str, base: Values, other: Values, basis: Basis, better: Mapping[str, Better | None]
) -> dict[str, Difference]:
    """Return the difference in every indicator that both have.

    Parameters
    ----------
    option
        Name of the option.
    base, other
        Values of doing nothing and of the option.
    basis
        By which interval to judge.
    better
        Which way of each indicator is better.
    """
    groups: dict[bytes, list[str]] = {}
    for name in base:
        if name in other:
            defined = np.isfinite(base[name]) & np.isfinite(other[name])
            if defined.any():
                groups.setdefault(defined.tobytes(), []).append(name)
    found: dict[str, Difference] = {}
    for mask, names in groups.items():
        # All with the same defined members at once: one call each would take most of the time.
        defined = np.frombuffer(mask, dtype=bool)
        rows = [np.stack([values[name][defined] for name in names]) for values in (base, other)]
        found |= _group(option, names, rows[0], rows[1], basis, better)
    return {name: found[name] for name in base if name in found}


_COLUMNS = (
    *("base", "mean", "difference", "low_80", "high_80", "low_95", "high_95"),
    *("mean_low", "mean_high", "chance_lower", "chance_higher"),
)
"""What is worked out for all indicators at once, in this order."""


def _group(
    option: str,
    names: list[str],
    base: FloatArray,
    other: FloatArray,
    basis: Basis,
    better: Mapping[str, Better | None],
) -> dict[str, Difference]:
    apart = clear(other - base, base, other)
    columns = np.column_stack(
        [
            base.mean(axis=1),
            other.mean(axis=1),
            apart.mean(axis=1),
            *spread(apart, 0.8),
            *spread(apart, 0.95),
            *intervals(apart),
            (apart < 0.0).mean(axis=1),
            (apart > 0.0).mean(axis=1),
        ]
    ).tolist()
    found = {}
    for name, row in zip(names, columns, strict=True):
        judged = (row[7], row[8]) if basis == "mean" else (row[5], row[6])
        finding = judge(row[2], *judged, basis, lower=row[9], higher=row[10])
        found[name] = Difference(
            option, name, unit(name), better.get(name), **dict(zip(_COLUMNS, row, strict=True)),
            finding=finding,
        )  # fmt: skip
    return found


def judge(
    mean: float, low: float, high: float, basis: Basis, *, lower: float, higher: float
) -> Finding:
    """Say whether a difference is shown.

    Parameters
    ----------
    mean, low, high
        Of the difference, and the interval by which it is judged.
    basis
        What that interval is of.
    lower, higher
        Share of members in which it is below and above 0.

    Examples
    --------
    >>> judge(-3.0, -5.0, 1.0, "futures", lower=0.9, higher=0.1)
    'no difference shown'
    >>> judge(-3.0, -5.0, -1.0, "futures", lower=1.0, higher=0.0)
    'lower'
    >>> judge(-3.0, -5.0, 0.0, "futures", lower=0.8, higher=0.0)
    'lower or the same'
    """
    if lower == higher == 0.0:
        return "no difference"
    if basis == "certain":
        return "lower" if mean < 0.0 else "higher"
    if not math.isfinite(low):
        return "too few members"
    if low <= 0.0 <= high:
        if basis == "futures" and max(lower, higher) >= MOST_FUTURES and 0.0 in (low, high):
            if higher <= RARE:
                return "lower or the same"
            if lower <= RARE:
                return "higher or the same"
        return "no difference shown"
    return "lower" if high < 0.0 else "higher"
