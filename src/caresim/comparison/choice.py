"""Which option is best: how often, what choosing another would cost, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caresim.comparison.differences import ROUNDING, Difference, FloatArray
from caresim.comparison.directions import Better


@dataclass(frozen=True)
class Standing:
    """How an option stands among all in one indicator.

    Attributes
    ----------
    option, indicator, unit
        What.
    rank
        1 is best. Options that are not shown to differ from doing nothing share its rank, however
        often they happen to be best.
    chance_best
        Share of members in which no option is better; members in which several are equally good
        count for each of them in part, so that the chances of all options sum to one.
    expected_regret
        Mean over members of how much better the best option of each is: what is lost on average
        by choosing this one without knowing the future. 0 or more.
    """

    option: str
    indicator: str
    unit: str
    rank: int
    chance_best: float
    expected_regret: float


def chances(values: FloatArray, better: Better) -> tuple[FloatArray, FloatArray]:
    """Return how often each option is best, and its expected regret.

    Parameters
    ----------
    values
        Shape (options, members); members in which one is undefined (NaN) are left out.
    better
        Which way is better.

    Returns
    -------
    tuple of numpy.ndarray
        Shape (options,) each; NaN if no member is left.

    Examples
    --------
    >>> often, regret = chances(np.array([[3.0, 3.0], [1.0, 3.0]]), "lower")
    >>> often.tolist(), regret.tolist()
    ([0.25, 0.75], [1.0, 0.0])
    """
    worse = values if better == "lower" else -values
    worse = worse[:, np.isfinite(worse).all(axis=0)]
    if not worse.shape[1]:
        return np.full(len(values), np.nan), np.full(len(values), np.nan)
    regret = worse - worse.min(axis=0)
    regret[regret <= ROUNDING * np.abs(worse).max(axis=0)] = 0.0
    best = regret == 0.0
    return (best / best.sum(axis=0)).mean(axis=1), regret.mean(axis=1)


def standings(
    indicator: str,
    unit: str,
    better: Better,
    values: Mapping[str, FloatArray],
    differences: Mapping[str, Difference],
) -> tuple[Standing, ...]:
    """Return the options in order, best first.

    Parameters
    ----------
    indicator, unit, better
        What they are ordered by.
    values
        From every option, doing nothing first, to its value in each member.
    differences
        Of every option but doing nothing. Those shown to be better come before it, those shown
        to be worse after it, each among themselves by chance and then by regret.
    """
    names = list(values)
    often, regret = chances(np.stack(list(values.values())), better)

    def order(place: int) -> tuple[int, float, float]:
        name = names[place]
        effect = differences[name].effect if name in differences else ""
        side = {"better": -1, "": 0, "worse": 1}[effect]
        # Where nothing is shown there is no order.
        return (side, -often[place], regret[place]) if side else (0, 0.0, 0.0)

    keys = sorted(order(place) for place in range(len(names)))
    found = [
        Standing(
            name,
            indicator,
            unit,
            keys.index(order(place)) + 1,
            float(often[place]),
            float(regret[place]),
        )
        for place, name in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda one: one.rank))
