"""Indicators of a run, worked out from the totals of each member.

A ratio is taken within each member, then averaged over members. Members in which a figure is
undefined (nobody was admitted, say) are left out of its mean; a figure that is undefined in all
of them is not reported.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from caresim.indicators import (
    GROUPS,
    HOSPITAL_KINDS,
    INDICATORS,
    OUTSIDE_KINDS,
    RESPONSIBLE,
    Indicator,
    split_id,
    unit_of,
)
from caresim.model import DAYS_PER_YEAR
from caresim.results.confidence import intervals
from caresim.results.labels import Labels
from caresim.results.view import Totals, View, absent_as_nan

FloatArray = NDArray[np.float64]

_NO_SPELLS: Totals = MappingProxyType({})

LOW, HIGH = 0.05, 0.95
"""Quantiles reported beside the mean."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its spread over members.

    Attributes
    ----------
    mean, p05, p95
        Mean, 5th and 95th percentile over members; all equal if there is one member. The
        percentiles are the spread between members: where one future may fall.
    unit
        Unit of all.
    mean_low, mean_high
        Ends of the 95% confidence interval of the mean (:mod:`caresim.results.confidence`): how
        sure the mean is. NaN with fewer than three members.
    """

    mean: float
    p05: float
    p95: float
    unit: str
    mean_low: float = math.nan
    mean_high: float = math.nan

    @property
    def half_width(self) -> float:
        """Half the width of the interval of the mean."""
        return (self.mean_high - self.mean_low) / 2.0


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    usable = (bottom > 0) & np.isfinite(bottom)
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=usable))


def _shift(view: View) -> FloatArray:
    outside = view.in_settings("occupied", view.of_kind(*OUTSIDE_KINDS))
    inside = view.of_kind(*HOSPITAL_KINDS, "residential")
    if not inside.any():
        return np.full_like(outside, np.nan)
    return _ratio(outside, outside + view.in_settings("occupied", inside))


def _sum(columns: FloatArray, n_settings: int) -> FloatArray:
    """Sum over settings, without the columns of local settings taken together."""
    return np.asarray(columns[:, :n_settings].sum(axis=1))


_LENGTHS: Mapping[str, tuple[str, str]] = {
    "wait_days_p50": ("wait", "p50"),
    "wait_days_p95": ("wait", "p95"),
    "delay_days_mean": ("delay", "mean"),
    "delay_days_p50": ("delay", "p50"),
    "delay_days_p95": ("delay", "p95"),
    "delay_days_mean_by_reason": ("delay_by_reason", "mean"),
    "delay_days_p50_by_reason": ("delay_by_reason", "p50"),
    "delay_days_p95_by_reason": ("delay_by_reason", "p95"),
    "stay_days_p50": ("stay", "p50"),
    "stay_days_p95": ("stay", "p95"),
    "stays_7_plus_share": ("stay", "share_7"),
    "stays_14_plus_share": ("stay", "share_14"),
    "stays_21_plus_share": ("stay", "share_21"),
}
"""Indicators that are told of lengths (:mod:`caresim.engines.spells`): kind and statistic."""


def _length(kind: str, statistic: str) -> Callable[[View], FloatArray]:
    return lambda view: view.spell(kind, statistic)


_FORMULAS: Mapping[str, Callable[[View], FloatArray]] = {
    "admissions_per_day": lambda v: v.by_setting("admissions"),
    "occupied": lambda v: v.by_setting("occupied"),
    "occupancy": lambda v: _ratio(v.by_setting("places_used"), v.by_setting("capacity")),
    "mean_stay_days": lambda v: _ratio(v.by_setting("occupied"), v.by_setting("admissions")),
    "delayed": lambda v: v.by_setting("delayed"),
    "delayed_by_reason": lambda v: absent_as_nan(v.whole("delayed_by_reason").sum(axis=1)),
    "delayed_by_responsible": lambda v: v.by_reason_of(
        tuple(reason.responsible for reason in v.labels.reasons), RESPONSIBLE
    ),
    "delayed_by_group": lambda v: v.by_reason_of(
        tuple(reason.group for reason in v.labels.reasons), GROUPS
    ),
    "bed_days_lost_per_year": lambda v: DAYS_PER_YEAR * v.by_setting("delayed"),
    "waiting": lambda v: v.by_setting("waiting"),
    "mean_wait_days": lambda v: _ratio(v.by_setting("waiting"), v.by_setting("arrivals")),
    "lost_per_day": lambda v: v.by_setting("lost"),
    "lost_share": lambda v: _ratio(v.by_setting("lost"), v.by_setting("arrivals")),
    "diverted_per_day": lambda v: v.by_setting("diverted"),
    "left_waiting_per_day": lambda v: v.by_setting("left_waiting"),
    "discharges_per_day": lambda v: v.acute_pathways(),
    "discharge_share": lambda v: _ratio(
        v.acute_pathways(),
        np.broadcast_to(v.acute_pathways().sum(axis=1, keepdims=True), v.acute_pathways().shape),
    ),
    "deaths_per_year": lambda v: DAYS_PER_YEAR * v.by_setting("died"),
    "care_home_admissions_per_year": lambda v: (
        DAYS_PER_YEAR * v.in_kind("admissions", "residential")
    ),
    "care_days_outside_share": _shift,
    "no_criteria_to_reside": lambda v: v.in_kind("delayed", "acute") + v.acute_discharges(),
    "no_criteria_to_reside_day_end": lambda v: v.in_kind("delayed", "acute"),
    "discharge_ready_bed_days_per_day": lambda v: v.in_kind("delayed", "acute"),
    **{name: _length(*of) for name, of in _LENGTHS.items()},
    "delayed_share": lambda v: _ratio(v.spell("delay", "count"), v.spell("stay", "count")),
    "swaps_per_year": lambda v: DAYS_PER_YEAR * v.whole("swaps").reshape(-1, 1),
}
"""How each indicator is worked out, one column for each of what it is stated for."""

_TOTALS: Mapping[str, Callable[[View], FloatArray]] = {
    "discharges_per_day": lambda v: v.acute_discharges(),
}
"""Totals that are not the sum of the columns."""


def by_member(
    labels: Labels, totals: Totals, window: int, spells: Totals = _NO_SPELLS
) -> Iterator[tuple[str, FloatArray]]:
    """Yield the id of every indicator and its value for each member.

    Parameters
    ----------
    labels, totals
        Of one option.
    window
        Position of the window.
    spells
        Lengths of waits, delays and stays (:attr:`caresim.engines.output.Output.spells`).

    Yields
    ------
    tuple
        Id, and an array of shape (members,) in which NaN is undefined. Figures that are
        undefined for all members are left out.
    """
    view = View(labels, totals, window, spells)
    for indicator in INDICATORS.values():
        for full_id, values in _named(indicator, view, labels):
            if np.isfinite(values).any():
                yield full_id, values


def _named(indicator: Indicator, view: View, labels: Labels) -> list[tuple[str, FloatArray]]:
    """Return the values of an indicator by its full ids."""
    columns = _FORMULAS[indicator.id](view)
    if indicator.per == "place":
        return [(indicator.id, columns[:, 0])]
    names = {
        "setting": (*labels.setting_names, *labels.local_groups),
        "reason": labels.reason_names,
        "pathway": tuple(f"pathway_{n}" for n in range(4)),
        "responsible": RESPONSIBLE,
        "group": GROUPS,
    }
    found = []
    if indicator.total:
        special = _TOTALS.get(indicator.id)
        total = special(view)[:, 0] if special else _sum(columns, len(labels.settings))
        found.append((indicator.id, total))
    for position, name in enumerate(names[indicator.per]):
        found.append((f"{indicator.id}.{name}", columns[:, position]))
    return found


def of_members(
    labels: Labels, totals: Totals, window: int, full_id: str, spells: Totals = _NO_SPELLS
) -> FloatArray:
    """Return one indicator over a window for each member, NaN where it is undefined.

    Raises
    ------
    KeyError
        If the run has no such figure.
    """
    known = INDICATORS[split_id(full_id)[0]]
    view = View(labels, totals, window, spells)
    for found, values in _named(known, view, labels):
        if found == full_id:
            return values
    raise KeyError(full_id)


def estimated(named: Iterable[tuple[str, FloatArray]]) -> dict[str, Estimate]:
    """Return the mean and percentiles of figures over the members in which they are defined.

    Parameters
    ----------
    named
        Ids, and arrays of shape (members,) in which NaN is undefined.
    """
    found = dict(named)
    whole = [name for name, values in found.items() if np.isfinite(values).all()]
    known: dict[str, Estimate] = {}
    if whole:
        # All at once: a call for each figure would take longer than a short run.
        rows = np.stack([found[name] for name in whole])
        spread = np.column_stack(
            [rows.mean(axis=1), *np.quantile(rows, (LOW, HIGH), axis=1), *intervals(rows)]
        )
        for name, (mean, low, high, *ends) in zip(whole, spread.tolist(), strict=True):
            known[name] = Estimate(mean, low, high, unit_of(name), *ends)
    for name in found.keys() - known.keys():
        defined = found[name][np.isfinite(found[name])]
        low, high = np.quantile(defined, (LOW, HIGH)).tolist()
        ends = (float(end[0]) for end in intervals(defined[None]))
        known[name] = Estimate(float(defined.mean()), low, high, unit_of(name), *ends)
    return {name: known[name] for name in found}


def estimates(
    labels: Labels, totals: Totals, window: int, spells: Totals = _NO_SPELLS
) -> dict[str, Estimate]:
    """Return the indicators of one option over the window at a position, by id."""
    return estimated(by_member(labels, totals, window, spells))
