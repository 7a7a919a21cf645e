"""What the flow engine checks of every run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile import Compiled
from caresim.engines.flow.kernel import FlowAudit, FlowRun
from caresim.engines.output import VARIABLES, Check, windows_of
from caresim.model import DAYS_PER_YEAR, Model

FloatArray = NDArray[np.float64]

CONSERVED_WITHIN = 1e-9
MEAN_STAY_WITHIN = 1e-6
STEP_MOVES_AT_MOST = 0.02
"""Largest relative change of a reported figure that a step half as long may make: the size below
which a board would not act on a difference."""

SMALLEST_FIGURE = 0.01
"""Share of the people in a setting, or of its admissions, below which a figure counts as if it
were that large (and as no less than one person, nor than one a year). What overflows at the tops of
weekly waves can be one in ten thousand, and then hangs on the step as it hangs on chance."""

STEADY_WITHIN = 0.01
"""Change of the people in a setting within a year, as a share of them, below which it counts as
steady."""


def checks(model: Model, compiled: Compiled, audit: FlowAudit) -> tuple[Check, ...]:
    """Return the checks that every member of a run has gone through."""
    stays = [
        abs(phases.mean() / model.stays[stay].mean() - 1)
        for stay, phases in compiled.phases.items()
    ]
    return (
        _check(
            "people_conserved",
            float(audit.residual.max()),
            CONSERVED_WITHIN,
            "People in, less people out, less people inside, as a share of all people.",
        ),
        _check(
            "no_negative_stock",
            float(np.maximum(0.0, -audit.smallest_stock.min())),
            CONSERVED_WITHIN,
            "People below nobody in any stock.",
        ),
        _check(
            "capacity_kept",
            float(np.maximum(0.0, audit.capacity_excess.max())),
            1e-6,
            "Places in use beyond capacity, but for those still in use where capacity has fallen.",
        ),
        _check(
            "mean_stays",
            max(stays, default=0.0),
            MEAN_STAY_WITHIN,
            "Relative difference between a mean stay as declared and as the engine carries it.",
        ),
        _check(
            "outflows_within_stocks",
            float(np.maximum(0.0, audit.largest_fraction.max() - 1.0)),
            CONSERVED_WITHIN,
            "Share of a stock that would leave in one step, beyond all of it.",
        ),
    )


def step_check(
    model: Model,
    totals: Mapping[str, FloatArray],
    finer: Mapping[str, FloatArray],
    steps_per_day: int,
) -> Check:
    """Return the check that halving the step moves no reported figure by more than is allowed.

    Figures are the averages and counts of every window, of the members run again. Left out is how
    many moves were swaps: that hangs on when in a step the places come free, the moves do not.
    """
    lengths = np.array([window.last_day - window.first_day for window in windows_of(model)])
    worst = 0.0
    for name, variable in VARIABLES.items():
        fine = finer[name]
        coarse = totals[name][: fine.shape[0]]
        if name == "swaps":
            continue
        least = _least_sizes(finer, variable.kind, lengths)
        least = least.reshape(*least.shape, *[1] * (fine.ndim - least.ndim))
        same = fine == coarse  # where capacity is unlimited, infinite
        apart = np.abs(np.subtract(fine, coarse, out=np.zeros_like(fine), where=~same))
        size = np.maximum(np.maximum(np.abs(fine), np.abs(coarse)), least)
        # numpy's maximum, unlike Python's, passes on a figure that is no number.
        worst = float(np.maximum(worst, np.max(apart / size, initial=0.0)))
    return _check(
        "step_short_enough",
        worst,
        STEP_MOVES_AT_MOST,
        f"Largest relative change of a reported figure when the {steps_per_day} steps a day "
        "are doubled.",
    )


def _least_sizes(
    totals: Mapping[str, FloatArray], kind: Literal["stock", "count"], days: FloatArray
) -> FloatArray:
    """Return what the figures of each setting count as at least: (members, windows, settings)."""
    if kind == "stock":
        people = (totals["occupied"] + totals["waiting"]).sum(axis=3)
        return np.asarray(np.maximum(SMALLEST_FIGURE * people, 1.0))
    admitted = SMALLEST_FIGURE * totals["admissions"].sum(axis=3)
    years = np.maximum(days / DAYS_PER_YEAR, 1.0)
    return np.asarray(np.maximum(admitted, years[None, :, None]))


def warm_up_verdict(model: Model, compiled: Compiled, before: FlowRun | None) -> tuple[str, ...]:
    """Return a sentence on how far from steady the system still is when the run starts.

    It compares the mean number of people in each setting, and on its list outside, in the last
    four weeks of the warm-up with that of four weeks a year before.
    """
    if before is None or compiled.warm_up is None:
        return ()
    days = compiled.warm_up.n_steps // compiled.steps_per_day
    if not compiled.compared:
        return (f"A warm-up of {days} days is too short to say whether a steady state is reached.",)
    (first, end), (later, _) = compiled.compared
    people = before.totals[compiled.network.n_rows :].mean(axis=2) / (end - first)
    yearly = (people[:, 1] - people[:, 0]) / (later - first) * DAYS_PER_YEAR
    moving = []
    for setting in np.argsort(-np.abs(yearly)):
        change, there = float(yearly[setting]), float(people[setting, 1])
        if abs(change) > max(1.0, STEADY_WITHIN * there):
            moving.append(f"{model.settings[setting].name} {change:+,.0f} of {there:,.0f}")
    if not moving:
        return (
            f"After the warm-up of {days} days the people in no setting change by more than "
            f"{STEADY_WITHIN:.0%} a year.",
        )
    return (
        f"After the warm-up of {days} days the people in these settings and on their lists still "
        f"change within a year: {', '.join(moving)}.",
    )


def _check(name: str, worst: float, limit: float, meaning: str) -> Check:
    return Check(name, bool(worst <= limit), worst, limit, meaning)
