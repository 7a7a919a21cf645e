"""Whether a run had settled, and from which day: the verdict on a warm-up.

The day is found by MSER-5: of all days at which the beginning might be cut off, the one that
leaves the mean of the rest best known, by its standard error over batches of 5 observations.
K. P. White Jr, An effective truncation heuristic for bias reduction in simulation output,
Simulation 69 (1997), doi:10.1177/003754979706900601; K. P. White Jr, M. J. Cobb and S. C. Spratt,
A comparison of five steady-state truncation heuristics for simulation, Winter Simulation
Conference (2000), doi:10.1109/WSC.2000.899053. Departures from it, for runs of care systems:

- batches are of 7 observations where the saved periods are single days, since the days of a week
  differ; and of fewer where there are fewer than 100 observations;
- a wobble within half a percent of the level counts as none: the flow engine's course is smooth,
  and would be cut for differences of no consequence;
- a beginning is worth leaving out only if the mean of the whole run then differs from that of the
  rest by more than 2% and, over members, by more than chance (3 standard errors).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from caresim.results.option import OptionResults

FloatArray = NDArray[np.float64]

STOCKS = {"occupied": "people in", "delayed": "people delayed in", "waiting": "people waiting for"}
"""Stocks that are looked at, by setting, and their words."""

BATCH, WEEK = 5, 7
FEWEST = 10
"""With fewer batches, nothing is said."""
WOBBLE = 0.005
"""Standard deviation that counts as none, as a share of the level."""
MATTERS = 0.02
"""Difference of the mean that makes a beginning worth leaving out, as a share of the mean."""
CHANCE = 3.0
"""Standard errors within which a difference may be chance."""
SMALLEST = 0.5
"""People below which a stock is too small to be looked at."""


@dataclass(frozen=True)
class Settling:
    """The verdict on one stock.

    Attributes
    ----------
    stock, setting
        What was looked at, such as ``delayed`` and ``acute``.
    from_day
        Day from which it looks steady, 0 if from the start; None if it still changes.
    whole, rest
        Mean of the whole run, and of what is left from that day; of its second half if it still
        changes.
    """

    stock: str
    setting: str
    from_day: float | None
    whole: float
    rest: float


def truncation(course: FloatArray, batch: int = BATCH) -> int | None:
    """Return how many observations to cut off the beginning of a course (MSER).

    Parameters
    ----------
    course
        Observations one after another.
    batch
        Observations of a batch, whose mean is taken; those left over at the end are not used.

    Returns
    -------
    int or None
        A multiple of ``batch``; None if the best cut is beyond the middle, which is the rule's
        sign that the course is too short to tell.

    Examples
    --------
    >>> truncation(np.r_[np.zeros(20), np.tile([9.0, 11.0], 90)])
    20
    """
    n = course.size // batch
    means = course[: n * batch].reshape(n, batch).mean(axis=1)
    floor = (WOBBLE * means[n // 2 :].mean()) ** 2
    # Of the rest from each batch on: its number, mean and variance, from sums from the end.
    left = np.arange(n, 0, -1)
    level = np.cumsum(means[::-1])[::-1] / left
    square = np.cumsum(means[::-1] ** 2)[::-1] / left
    variance = np.maximum(square - level**2, floor)
    # The last few batches may lie together by chance.
    allowed = max(1, n - 5)
    best = int(np.argmin(variance[:allowed] / left[:allowed]))
    return best * batch if best <= n // 2 else None


def settlings(option: OptionResults) -> tuple[Settling, ...]:
    """Return the verdict on every stock of a run that is of any size, by setting.

    The course is the mean over all members, of the averages over the periods between saved times.
    None if there are too few periods.
    """
    found = []
    for stock in STOCKS:
        course = option.mean[stock].sum(axis=2)
        members = option.series[stock].sum(axis=3)
        for s, setting in enumerate(option.labels.setting_names):
            if course[len(course) // 2 :, s].mean() >= SMALLEST:
                verdict = _settling(option, stock, setting, course[:, s], members[:, :, s])
                found += [verdict] if verdict is not None else []
    return tuple(found)


def _settling(
    option: OptionResults, stock: str, setting: str, course: FloatArray, members: FloatArray
) -> Settling | None:
    spans = np.diff(option.times)
    # The last period may be shorter; it is left out.
    n = course.size - 1 if spans[-1] < spans[0] else course.size
    batch = WEEK if spans[0] == 1.0 else BATCH
    while batch > 1 and n // batch < 20:
        batch -= 1
    if n // batch < FEWEST:
        return None
    cut = truncation(course[:n], batch)
    first = n // 2 if cut is None else cut
    whole, rest = float(course[:n].mean()), float(course[first:n].mean())
    apart = members[:, :n].mean(axis=1) - members[:, first:n].mean(axis=1)
    error = apart.std(ddof=1) / math.sqrt(len(apart)) if len(apart) > 1 else 0.0
    if abs(whole - rest) <= max(MATTERS * rest, CHANCE * error):
        return Settling(stock, setting, 0.0, whole, whole)
    return Settling(stock, setting, None if cut is None else option.times[cut], whole, rest)


def verdict(option: OptionResults) -> str:
    """Say in a sentence or two whether the run had settled, and how much to leave out."""
    found = settlings(option)
    if not found:
        return (
            "Warm-up: not looked at, since the run has too few saved periods or nobody in it to "
            "tell whether it had settled."
        )
    looked = f"{len(found)} course{'s' * (len(found) != 1)} looked at"
    empty = not option.mean["occupied_at"][0].any()
    moving = [one for one in found if one.from_day is None]
    if moving:
        worst = max(moving, key=lambda one: abs(one.whole - one.rest) / one.rest)
        change = worst.whole / worst.rest - 1.0
        text = (
            f"Warm-up: still changing at the end ({len(moving)} of {looked}), most of all "
            f"{_words(option, worst)}, whose mean over the whole run is {change:+.0%} beside that "
            "of its second half. "
        )
        if empty:
            return text + (
                "The run starts empty and is still filling: run longer, or start from a census or "
                "`initial: steady_state`."
            )
        return text + (
            "That is as it should be where demand or capacity changes with time, or a census is "
            "far from what the place comes to."
        )
    last = max(found, key=lambda one: one.from_day or 0.0)
    if not last.from_day:
        return f"Warm-up: steady from the start, {looked}; nothing need be left out."
    text = (
        f"Warm-up: steady from day {last.from_day:.0f} "
        f"({option.labels.date(last.from_day).isoformat()}), {looked}; last "
        f"{_words(option, last)}, whose mean is {last.rest:.3g} from then on and {last.whole:.3g} "
        "over the whole run. "
    )
    if empty:
        return text + "The run starts empty: for the long run leave out the days before."
    return text + "The days before belong to the answer if the question begins at the census."


def _words(option: OptionResults, one: Settling) -> str:
    labels = {setting.name: setting.label for setting in option.labels.settings}
    return f"{STOCKS[one.stock]} {labels[one.setting]}"
