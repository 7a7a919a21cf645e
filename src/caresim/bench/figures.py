"""What can be measured of a run, as functions of means over members.

A measure takes the results of some members and gives, for each of them, the numbers whose means
it is a function of. Only these are kept, so memory does not grow with the length of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from caresim.bench import waits
from caresim.bench.cases import Figure, SuiteError
from caresim.bench.select import at_day, daily, total
from caresim.bench.statistics import Combine
from caresim.engines.event.run import EventOutput
from caresim.engines.output import Output

FloatArray = NDArray[np.float64]
Parts = Callable[[Output, Figure], FloatArray]
Needs = Literal["totals", "series", "log"]

TINY = 1e-300
"""Keeps a share of nothing from being a division by zero; it is 0 then."""


@dataclass(frozen=True)
class Measure:
    """A way to measure.

    Attributes
    ----------
    needs
        What of the results has to be kept while members run.
    parts
        Gives shape (members, n).
    combine
        Function of the n means.
    """

    needs: Needs
    parts: Parts
    combine: Combine


def _first(means: FloatArray) -> float:
    return float(means[0])


def _ratio(means: FloatArray) -> float:
    return float(means[0] / (means[1] + TINY))


def _variance(means: FloatArray) -> float:
    return float(means[1] - means[0] ** 2)


def _mean_of(variable: str) -> Measure:
    """Measure a stock's average over the run."""
    return Measure("totals", lambda out, fig: total(out, fig, variable)[:, None], _first)


def _per_day(variable: str) -> Measure:
    """Measure a count a day."""
    return Measure(
        "totals",
        lambda out, fig: total(out, fig, variable)[:, None] / out.model.days,
        _first,
    )


def _over(top: tuple[str, ...], bottom: tuple[str, ...], *, per_day: bool = False) -> Measure:
    """Measure a ratio of totals; those after the first are taken off. ``per_day``: as a rate."""

    def parts(out: Output, fig: Figure) -> FloatArray:
        above, below = _less(out, fig, top), _less(out, fig, bottom)
        return np.stack([above * (out.model.days if per_day else 1.0), below], axis=1)

    return Measure("totals", parts, _ratio)


def _less(out: Output, fig: Figure, names: tuple[str, ...]) -> FloatArray:
    first, *others = (total(out, fig, name) for name in names)
    return np.asarray(first - sum(others)) if others else first


def _in_treatment(out: Output, fig: Figure) -> FloatArray:
    return _less(out, fig, ("occupied", "delayed"))[:, None]


def _people(out: Output, fig: Figure) -> FloatArray:
    return (total(out, fig, "occupied") + total(out, fig, "waiting"))[:, None]


def _share_left(out: Output, fig: Figure) -> FloatArray:
    """Those there on a day, of those there at the start."""
    return np.stack([at_day(out, fig, fig.day), at_day(out, fig, 0.0)], axis=1)


def _time_per_person(out: Output, fig: Figure) -> FloatArray:
    """Area under the census, a person there at the start."""
    area = total(out, fig, "occupied") * out.model.days
    return np.stack([area, at_day(out, fig, 0.0)], axis=1)


def _spread(out: Output, fig: Figure) -> FloatArray:
    """Variance over mean across the members of a batch, averaged over the saved times after 0.

    Each time has a mean of its own, so the census need not be steady.
    """
    census = daily(out, fig)[:, 1:]
    mean = census.mean(axis=0)
    # The mean is that of the same members: n - 1 in place of n makes good for it.
    correction = len(census) / (len(census) - 1)
    apart = (census - mean) ** 2 / mean * correction
    return np.asarray(apart.mean(axis=1, keepdims=True))


def _days_at_most(out: Output, fig: Figure) -> FloatArray:
    there = daily(out, fig) <= fig.places
    return np.asarray(there.mean(axis=1, keepdims=True, dtype=np.float64))


def _wave(out: Output, fig: Figure) -> FloatArray:
    """Cosine and sine of the census in step with a period, over whole periods, and the period."""
    census = daily(out, fig)
    whole = int((census.shape[1] - 1) // fig.period * fig.period)
    turn = 2.0 * np.pi * np.arange(whole) / fig.period
    waves = np.stack([np.cos(turn), np.sin(turn)], axis=1) * (2.0 / whole)
    period = np.full((len(census), 1), fig.period)
    return np.concatenate([census[:, :whole] @ waves, period], axis=1)


def _lag(means: FloatArray) -> float:
    cosine, sine, period = means
    return float(np.arctan2(-cosine, sine) * period / (2.0 * np.pi))


def _deadlock(out: Output, fig: Figure) -> FloatArray:
    if not isinstance(out, EventOutput) or np.isnan(out.deadlock_days).any():
        raise SuiteError(
            f"{fig.label}: not every member was stopped by circular blocking; let it run longer"
        )
    return out.deadlock_days[:, None]


def _worst_residual(out: Output, fig: Figure) -> FloatArray:
    found = [check.worst for check in out.checks if check.name == fig.of]
    if not found:
        raise SuiteError(f"{fig.label}: the {out.engine} engine has no check {fig.of}")
    return np.full((out.members, 1), found[0])


MEASURES: Mapping[str, Measure] = {
    # Averages over the run, and counts a day.
    "people": Measure("totals", _people, _first),
    "places_in_use": _mean_of("occupied"),
    "in_treatment": Measure("totals", _in_treatment, _first),
    "delayed": _mean_of("delayed"),
    "waiting": _mean_of("waiting"),
    "admissions_a_day": _per_day("admissions"),
    "stays_ended_a_day": _per_day("stays_ended"),
    "left_waiting_a_day": _per_day("left_waiting"),
    "left_delayed_a_day": _per_day("left_delayed"),
    "rerouted_a_day": _per_day("rerouted"),
    "swaps_a_day": _per_day("swaps"),
    "share_lost": _over(("lost",), ("arrivals",)),
    "share_giving_up": _over(("left_waiting",), ("arrivals",)),
    "share_rerouted": _over(("rerouted",), ("arrivals",)),
    "wait_by_little": _over(("waiting",), ("arrivals", "lost"), per_day=True),
    # At one time.
    "people_on": Measure("series", lambda out, fig: at_day(out, fig, fig.day)[:, None], _first),
    "delayed_on": Measure(
        "series", lambda out, fig: at_day(out, fig, fig.day, "delayed_at")[:, None], _first
    ),
    "share_left_on": Measure("series", _share_left, _ratio),
    "time_per_person": Measure("series", _time_per_person, _ratio),
    "variance_over_mean": Measure("series", _spread, _first),
    "share_of_days_at_most": Measure("series", _days_at_most, _first),
    "amplitude": Measure("series", _wave, lambda m: float(np.hypot(m[0], m[1]))),
    "lag_days": Measure("series", _wave, _lag),
    # From the event log.
    "wait": Measure("log", waits.wait, _ratio),
    "time_there": Measure("log", waits.time_there, _ratio),
    "share_waiting": Measure("log", waits.share_waiting, _ratio),
    "share_delayed": Measure("log", waits.share_delayed, _ratio),
    "delay_of_all": Measure("log", waits.delay_of_all, _ratio),
    "delay_before_move": Measure("log", waits.delay_before_move, _ratio),
    "time_any_delayed": Measure("log", waits.time_any_delayed, _first),
    "time_full": Measure("log", waits.time_full, _first),
    "variance_of_people": Measure("log", waits.moments_of_people, _variance),
    "time_at_over_time_up_to": Measure("log", waits.at_and_up_to, _ratio),
    # Of the run itself.
    "deadlock_day": Measure("totals", _deadlock, _first),
    "residual": Measure("totals", _worst_residual, _first),
}
"""Every measure by name."""


def measure_of(figure: Figure) -> Measure:
    """Return how a figure is measured.

    Raises
    ------
    SuiteError
        If no measure has that name.
    """
    if figure.figure not in MEASURES:
        from caresim.problems import nearest

        close = nearest(figure.figure, MEASURES)
        raise SuiteError(
            f"no measure {figure.figure!r}" + (f"; did you mean {close!r}?" if close else "")
        )
    return MEASURES[figure.figure]
