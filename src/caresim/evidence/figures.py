"""Effects and reported figures as text."""

from __future__ import annotations

from caresim.evidence.effect import Effect
from caresim.evidence.schema import Reported

_RATIO_OF = {
    "rate_ratio": "rate ratio",
    "risk_ratio": "risk ratio",
    "odds_ratio": "odds ratio",
    "hazard_ratio": "hazard ratio",
}


def amount(effect: Effect) -> str:
    """Write an effect with its interval.

    Examples
    --------
    >>> from caresim.evidence import entry
    >>> amount(entry("case_management").effect("emergency_admissions"))
    '+16.5% (-5.7% to +38.7%)'
    """
    middle = effect.mean if effect.shape == "logitnormal" else effect.median
    level = "" if effect.level == 0.95 else f", {effect.level:.0%}"
    if effect.kind == "relative":
        a, b, c = (_percent(x) for x in (middle, effect.low, effect.high))
        return f"{a} ({b} to {c}{level})"
    a, b, c = (_plain(x) for x in (middle, effect.low, effect.high))
    return f"{a} {effect.unit} ({b} to {c}{level})"


def figure(reported: Reported) -> str:
    """Write a reported figure in the measure of its source."""
    if reported.central is None:
        return reported.says
    ends = ""
    if reported.low is not None and reported.high is not None:
        ends = f" ({reported.low:g} to {reported.high:g})"
    if reported.measure in _RATIO_OF:
        return f"{_RATIO_OF[reported.measure]} {reported.central:g}{ends}"
    if reported.measure.startswith(("percent", "growth")):
        return f"{reported.central:+g}%{ends}"
    sign = "" if reported.measure == "amount" and reported.central > 0 else "+"
    return f"{reported.central:{sign},.10g} {reported.unit}{ends}"


def chance_in_words(x: float) -> str:
    """Write a probability; near none and near certain are not given a false precision."""
    return "over 99%" if x > 0.99 else "under 1%" if x < 0.01 else f"{x:.0%}"


def _percent(x: float) -> str:
    """Write a share with a sign; to a tenth, and small ones to a hundredth of a per cent."""
    digits = 1 if abs(x) >= 0.005 else 2
    text = f"{100 * x:+.{digits}f}"
    return f"{text.removesuffix('.0')}%" if float(text) else "0%"


def _plain(x: float) -> str:
    text = f"{x:+,.0f}" if abs(x) >= 1000 else f"{x:+.3g}"
    return "0" if float(text.replace(",", "")) == 0 else text
