"""From the measure that a study reports to a change that a model can use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from caresim.evidence.schema import Reported

UNUSABLE = ("growth_percent", "amount", "stated")
"""Measures that are no effect."""

RATIOS = ("rate_ratio", "risk_ratio", "odds_ratio", "hazard_ratio")
"""Measures whose errors are about normal on the logarithm."""


@dataclass(frozen=True, slots=True)
class Change:
    """A reported effect as a change.

    Attributes
    ----------
    kind
        ``relative``: a share of the level without it (-0.2 is a fifth less); ``difference``: in
        the unit of the outcome.
    low, central, high
        In order of size.
    shape
        The scale of :mod:`caresim.evidence.spread` on which the estimate lies nearest the
        middle of its interval.
    warnings
        What the conversion could not do.
    """

    kind: Literal["relative", "difference"]
    low: float
    central: float
    high: float
    shape: Literal["normal", "lognormal", "logitnormal"]
    warnings: tuple[str, ...] = ()


def change(effect: Reported) -> Change:
    """Convert an effect with an interval to a change.

    Raises
    ------
    ValueError
        If it has no interval, or its measure is no effect.
    """
    if effect.measure in UNUSABLE:
        raise ValueError("this figure is no effect: it compares nothing, or is in words")
    if effect.central is None or effect.low is None or effect.high is None:
        raise ValueError("its source states no interval, so no distribution can be made of it")
    low, central, high = effect.low, effect.central, effect.high
    if effect.measure in RATIOS:
        warnings = []
        ratios = [low, central, high]
        if effect.measure == "odds_ratio":
            if effect.base_risk is None:
                warnings.append(
                    "an odds ratio is used as a ratio of risks, because the risk without the "
                    "service is not stated: the change is overstated where the risk is high"
                )
            else:
                ratios = [risk_ratio(ratio, effect.base_risk) for ratio in ratios]
        a, b, c = (ratio - 1 for ratio in ratios)
        return Change("relative", a, b, c, "lognormal", tuple(warnings))
    if effect.measure == "percent_reduction":
        return Change("relative", -high / 100, -central / 100, -low / 100, "logitnormal")
    if effect.measure == "mean_difference":
        return Change("difference", low, central, high, "normal")
    if effect.measure == "rate_difference":
        if effect.base_rate is None:
            return Change("difference", low, central, high, "normal")
        base = effect.base_rate
        return Change("relative", low / base, central / base, high / base, "normal")
    low, central, high = low / 100, central / 100, high / 100
    return Change("relative", low, central, high, _nearest_scale(low, central, high))


def risk_ratio(odds_ratio: float, base_risk: float) -> float:
    """Convert an odds ratio to the ratio of risks.

    RR = OR / (1 - p + p OR), with p the risk without the service (Zhang and Yu 1998, JAMA
    280:1690, doi:10.1001/jama.280.19.1690).

    Examples
    --------
    >>> round(risk_ratio(0.54, 0.083), 3)  # deaths: 4.6% against 8.3%
    0.561
    """
    return odds_ratio / (1 - base_risk + base_risk * odds_ratio)


def _nearest_scale(low: float, central: float, high: float) -> Literal["normal", "lognormal"]:
    """Tell on which scale a percentage was estimated, which papers seldom say."""
    from math import log1p

    if low <= -1:
        return "normal"
    plain = abs(central - (low + high) / 2) / (high - low)
    a, c, b = log1p(low), log1p(central), log1p(high)
    return "lognormal" if abs(c - (a + b) / 2) / (b - a) < plain else "normal"
