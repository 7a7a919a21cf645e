"""Checks of what an engine returned, made from the numbers reported and nothing else.

The engines check themselves (people conserved, capacity kept, Little's law, step short enough).
These checks come on top, for every engine alike: they would catch a fault in how an engine
reports, which its own checks cannot see.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import ALL_VARIABLES, MAY_BE_NEGATIVE, Check, Output

FloatArray = NDArray[np.float64]

ROUNDING = 1e-9
"""Largest difference, relative to the numbers compared, that is rounding."""


def audit(output: Output) -> tuple[Check, ...]:
    """Check the numbers of one option.

    Parameters
    ----------
    output
        What the engine returned.

    Returns
    -------
    tuple of Check
        One for each thing checked, passed or not.
    """
    largest = _largest(output)
    return (
        _engine_checked(output),
        _finite(output),
        _not_negative(output, largest),
        _delayed_within_occupied(output, largest),
        _reasons_add_up(output),
        _windows_add_up(output),
        _periods_add_up(output),
        *((_lengths_agree(output),) if output.spells else ()),
    )


def _check(name: str, worst: float, limit: float, meaning: str) -> Check:
    # A residual that is NaN fails, since every comparison with it is false.
    return Check(name, bool(worst <= limit), float(worst), limit, meaning)


def _engine_checked(output: Output) -> Check:
    missing = 0 if output.checks else 1
    return _check("engine_checked", missing, 0, "1 if the engine handed over no checks of its own")


def _groups(output: Output) -> tuple[Mapping[str, FloatArray], ...]:
    return output.totals, output.mean, output.series


def _finite(output: Output) -> Check:
    capacities = {"capacity", "capacity_at", "places_built", "places_built_at"}
    bad = 0
    for group in _groups(output):
        for name, array in group.items():
            odd = np.isnan(array) if name in capacities else ~np.isfinite(array)
            bad += int(np.count_nonzero(odd))
    meaning = "numbers reported that are not finite (unlimited capacity apart)"
    return _check("numbers_finite", bad, 0, meaning)


def _not_negative(output: Output, largest: float) -> Check:
    checked = [
        array
        for group in _groups(output)
        for name, array in group.items()
        if name.removesuffix("_at") not in MAY_BE_NEGATIVE
    ]
    lowest = min((float(a.min()) for a in checked if a.size), default=0.0)
    worst = max(-lowest, 0.0) / largest if not np.isnan(lowest) else np.nan
    meaning = "the most negative number of people or places, relative to the largest reported"
    return _check("nothing_negative", worst, ROUNDING, meaning)


def _largest(output: Output) -> float:
    """Return the largest finite number reported, or 1 if that is less."""
    found = 1.0
    for group in _groups(output):
        for array in group.values():
            highest = float(array.max(initial=0.0))
            if not np.isfinite(highest):
                highest = float(array[np.isfinite(array)].max(initial=0.0))
            found = max(found, highest)
    return found


def _delayed_within_occupied(output: Output, largest: float) -> Check:
    excess = 0.0
    for group in _groups(output):
        for ending in ("", "_at"):
            if f"delayed{ending}" in group:
                over = group[f"delayed{ending}"] - group[f"occupied{ending}"]
                excess = max(excess, float(over.max(initial=0.0)))
    meaning = "people delayed beyond those who hold a place, relative to the largest number"
    return _check("delayed_hold_a_place", excess / largest, ROUNDING, meaning)


def _reasons_add_up(output: Output) -> Check:
    by_reason = output.totals["delayed_by_reason"].sum(axis=-1)
    delayed = output.totals["delayed"].sum(axis=-1)
    meaning = "people delayed against the sum over reasons, relative difference"
    return _check("reasons_add_up", _gap(by_reason, delayed), ROUNDING, meaning)


def _windows_add_up(output: Output) -> Check:
    """Compare the whole run with the sum of its years."""
    years = [n for n, w in enumerate(output.windows) if n and _is_year(output, n)]
    spans = np.array([w.last_day - w.first_day for w in output.windows])
    worst = 0.0
    for name, totals in output.totals.items():
        weights = spans if ALL_VARIABLES[name].kind == "stock" else np.ones_like(spans)
        weighted = totals * weights.reshape((1, -1) + (1,) * (totals.ndim - 2))
        finite = np.nan_to_num(weighted, posinf=0.0)
        worst = max(worst, _gap(finite[:, years].sum(axis=1), finite[:, 0]))
    meaning = "the whole run against the sum of its years, relative difference"
    return _check("years_add_up", worst, ROUNDING, meaning)


def _is_year(output: Output, position: int) -> bool:
    """Whether a window continues the row of years that begins behind the first."""
    before = output.windows[position - 1]
    first = 0.0 if position == 1 else before.last_day
    window = output.windows[position]
    starts_on = window.first_day == first and window.name == f"year_{position}"
    return starts_on and (position == 1 or _is_year(output, position - 1))


def _periods_add_up(output: Output) -> Check:
    """Compare the totals of the whole run, mean over members, with the mean over time."""
    spans = np.diff(output.times)
    worst = 0.0
    for name, totals in output.totals.items():
        mean = output.mean[name]
        weights = spans if ALL_VARIABLES[name].kind == "stock" else np.ones_like(spans)
        over_time = (np.nan_to_num(mean, posinf=0.0) * _column(weights, mean.ndim)).sum(axis=0)
        whole = np.nan_to_num(totals[:, 0], posinf=0.0).mean(axis=0)
        if ALL_VARIABLES[name].kind == "stock":
            over_time = over_time / spans.sum()
        worst = max(worst, _gap(over_time, whole))
    meaning = "the whole run against the sum of the saved periods, relative difference"
    return _check("periods_add_up", worst, ROUNDING, meaning)


def _lengths_agree(output: Output) -> Check:
    """Compare the lengths of all members together with those of each, and with one another."""
    worst = 0.0
    for kind, members in output.spells.items():
        pooled = output.pooled_spells[kind]
        days = np.nan_to_num(members[..., 1] * members[..., 0]).sum(axis=0)
        people = members[..., 0].sum(axis=0)
        worst = max(
            worst,
            _gap(people, pooled[..., 0]),
            _gap(days, np.nan_to_num(pooled[..., 1] * pooled[..., 0])),
        )
        for array in (members, pooled):
            told = array[array[..., 0] > 0.0]
            ordered = np.stack([told[:, 2] - told[:, 3], *np.diff(told[:, 4:], axis=1).T])
            worst = max(worst, float(ordered.max(initial=0.0)))
    meaning = (
        "people and days of the lengths of all members together against the sum over members, "
        "relative; and the most by which a median exceeds its 95th percentile, or a share of "
        "longer lengths that of shorter ones"
    )
    return _check("lengths_agree", worst, ROUNDING, meaning)


def _column(weights: FloatArray, ndim: int) -> FloatArray:
    return weights.reshape((-1,) + (1,) * (ndim - 1))


def _gap(found: FloatArray, expected: FloatArray) -> float:
    """Return the largest difference relative to the largest of the numbers compared."""
    scale = max(float(np.abs(expected).max(initial=0.0)), float(np.abs(found).max(initial=0.0)))
    difference = float(np.abs(found - expected).max(initial=0.0))
    return difference / scale if scale else difference
