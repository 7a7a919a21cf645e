"""Numbers that differ between members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Target:
    """Which number of the model an uncertain input is.

    Attributes
    ----------
    field
        What is set. ``arrival_rate``, ``arrival_growth``, ``population`` (a factor) and
        ``population_growth``: of ``Model.arrivals[i]``. ``stay``: a factor on all times of
        ``Model.stays[i]``. ``route_share``: of ``Model.routes[i]``, as written.
        ``step_share``: of step j of route i. ``capacity``: a factor on the capacity of
        ``Model.settings[i]``. ``waiting_hazard``: ``Model.settings[i].leaving[j][k]``.
        ``delayed_hazard``: ``Model.routes[i].leaving[j]``. ``intervention_amount`` and
        ``intervention_reach``: of change j of ``Model.interventions[i]``; ``intervention_start``:
        days of lead time of intervention i, added to its ramp's start in place of the nominal;
        ``feedback_amount``: of change j of ``Model.feedbacks[i]``; ``slippage``: of
        ``Model.openings[i]``; ``leavers``, ``recruitment`` and ``sickness``: of ``Model.staff[i]``;
        ``price``: number i of those of ``Model.money`` that are drawn (no engine reads it).
    i, j, k
        Positions.
    scale, offset
        Of amounts (``intervention_amount`` and ``feedback_amount``): the number set is
        ``offset + scale * draw``, because the file may state an amount in another unit than the
        change has: hours off a stay of some days, or the value that is to be reached.
    """

    field: Literal[
        "arrival_rate",
        "arrival_growth",
        "population",
        "population_growth",
        "stay",
        "route_share",
        "step_share",
        "capacity",
        "waiting_hazard",
        "delayed_hazard",
        "intervention_amount",
        "intervention_reach",
        "intervention_start",
        "feedback_amount",
        "slippage",
        "leavers",
        "recruitment",
        "sickness",
        "price",
    ]
    i: int
    j: int = 0
    k: int = 0
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class UncertainInput:
    """A number that differs between members (scenario specification, 2).

    Attributes
    ----------
    path
        Where it stands in the explicit scenario, such as ``settings.acute.stay.mean``. Draws
        are keyed by it, so the same input has the same draws in every option.
    shape
        ``two_normals`` (two halves of normals joined at ``centre``, with ``spread_low`` below
        and ``spread_high`` above; a normal if the two are equal), ``lognormal`` (``centre`` and
        ``spread_high`` are mu and sigma of the logarithm), ``uniform`` (``low`` to ``high``) or
        ``triangular`` (with its peak at ``centre``).
    nominal
        The mean as stated; what a run of one member without draws uses.
    low, high
        The interval as stated.
    level
        The probability that the interval holds the value; 1 for uniform and triangular.
    centre, spread_low, spread_high
        See ``shape``.
    least, most
        Every draw is clipped to this range.
    targets
        The numbers it sets, in the units of the file's base units. Factors (see
        :class:`Target`) are the draw divided by ``nominal``.
    """

    path: str
    shape: Literal["two_normals", "lognormal", "uniform", "triangular"]
    nominal: float
    low: float
    high: float
    level: float
    centre: float
    spread_low: float
    spread_high: float
    least: float
    most: float
    targets: tuple[Target, ...]


@dataclass(frozen=True, eq=False)
class GivenDraws:
    """Draws that members have in place of their own, such as those of a posterior.

    Attributes
    ----------
    names
        Paths of the uncertain inputs that are given; the others are drawn.
    quantiles
        Shape (members, n_names): where in the distribution of each input the draw lies, between
        0 and 1. Member j has row j.
    """

    names: tuple[str, ...]
    quantiles: NDArray[np.float64]
