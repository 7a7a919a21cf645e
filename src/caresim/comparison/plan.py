"""Benefits as planned beside those simulated, month by month."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caresim.comparison.courses import courses, months
from caresim.comparison.differences import clear, spread
from caresim.comparison.directions import unit
from caresim.comparison.entries import Entry


@dataclass(frozen=True)
class Planned:
    """A planned change beside the simulated one.

    Attributes
    ----------
    option, indicator, unit
        What.
    month
        Such as ``2025-04``.
    planned
        Change from doing nothing that the scenario's plan states.
    simulated, low_95, high_95
        Mean of the paired differences in that month, and what 95% of futures lie between; NaN
        where the run has no such figure (the month is outside it, or the indicator is not kept
        over time).
    verdict
        ``as planned`` if the planned change is within the interval, else ``less than planned``,
        ``more than planned`` or, on the other side of 0, ``the other way``; ``not simulated``.
    """

    option: str
    indicator: str
    unit: str
    month: str
    planned: float
    simulated: float
    low_95: float
    high_95: float
    verdict: str


def plans(base: Entry, option: Entry) -> tuple[Planned, ...]:
    """Return what the scenario says was planned of an option, with what was simulated.

    The simulated figures are of the members whose course is kept (the first 200).
    """
    spec = option.manifest.scenario.get("options", {}).get(option.results.name, {})
    stated: dict[str, dict[str, float]] = spec.get("plan", {})
    if not stated:
        return ()
    spans = months(option.results)
    place = {window.name: n for n, window in enumerate(spans)}
    before, after = (courses(one.results, spans, stated) for one in (base, option))
    found = []
    for indicator, by_month in stated.items():
        for month, planned in sorted(by_month.items()):
            figures = (math.nan,) * 3
            if month in place and indicator in before and indicator in after:
                one = before[indicator][:, place[month]]
                other = after[indicator][: len(one), place[month]]
                apart = clear(other - one[: len(other)], one[: len(other)], other)
                apart = apart[np.isfinite(apart)]
                if apart.size:
                    low, high = spread(apart[None], 0.95)
                    figures = (float(apart.mean()), float(low[0]), float(high[0]))
            verdict = _verdict(planned, *figures)
            found.append(
                Planned(option.name, indicator, unit(indicator), month, planned, *figures, verdict)
            )
    return tuple(found)


def _verdict(planned: float, simulated: float, low: float, high: float) -> str:
    if not math.isfinite(simulated):
        return "not simulated"
    if not math.isfinite(low):
        low = high = simulated
    if low <= planned <= high or math.isclose(planned, simulated, rel_tol=1e-9):
        return "as planned"
    if simulated * planned < 0.0:
        return "the other way"
    return "less than planned" if abs(simulated) < abs(planned) else "more than planned"
