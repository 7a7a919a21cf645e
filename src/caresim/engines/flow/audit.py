"""What the flow engine checks of every run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile import Compiled
from caresim.engines.flow.compile.chains import phases_of
from caresim.engines.flow.kernel import FlowAudit
from caresim.engines.output import VARIABLES, Check, windows_of
from caresim.model import DAYS_PER_YEAR, Model

FloatArray = NDArray[np.float64]

CONSERVED_WITHIN = 1e-9
MEAN_STAY_WITHIN = 1e-6
STEP_MOVES_AT_MOST = 0.02
"""Largest change of a reported figure that a step half as long may make: the size below which a
board would not act on a difference; people and people a year below one count as one."""


def checks(model: Model, compiled: Compiled, audit: FlowAudit) -> tuple[Check, ...]:
    """Return the checks that every member of a run has gone through."""
    stays = [abs(phases_of(stay).mean() / stay.mean() - 1) for stay in model.stays]
    return (
        _check(
            "people_conserved",
            float(audit.residual.max()),
            CONSERVED_WITHIN,
            "People in, less people out, less people inside, as a share of all people.",
        ),
        _check(
            "no_negative_stock",
            max(0.0, -float(audit.smallest_stock.min())),
            CONSERVED_WITHIN,
            "People below nobody in any stock.",
        ),
        _check(
            "capacity_kept",
            max(0.0, float(audit.capacity_excess.max())),
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
            max(0.0, float(audit.largest_fraction.max()) - 1.0),
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

    Figures are the averages and yearly counts of the whole run, of the members run again.
    """
    whole = windows_of(model)[0]
    years = (whole.last_day - whole.first_day) / DAYS_PER_YEAR
    worst = 0.0
    for name, variable in VARIABLES.items():
        fine = finer[name][:, 0]
        coarse = totals[name][: fine.shape[0], 0]
        with np.errstate(invalid="ignore"):
            apart = np.nan_to_num(np.abs(fine - coarse), nan=0.0)
        per = years if variable.kind == "count" else 1.0
        size = np.maximum(np.maximum(np.abs(fine), np.abs(coarse)) / per, 1.0)
        worst = max(worst, float(np.max(apart / per / size, initial=0.0)))
    return _check(
        "step_short_enough",
        worst,
        STEP_MOVES_AT_MOST,
        f"Largest relative change of a reported figure when the {steps_per_day} steps a day "
        "are doubled.",
    )


def _check(name: str, worst: float, limit: float, meaning: str) -> Check:
    return Check(name, bool(worst <= limit), worst, limit, meaning)
