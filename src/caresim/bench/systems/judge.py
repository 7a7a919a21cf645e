"""Whether what must hold of an expression does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from caresim.bench.systems.expression import Found
from caresim.bench.systems.language import Check

PERCENTILES = (5.0, 95.0)
"""Ends of the spread over members."""


@dataclass(frozen=True)
class Judged:
    """A check of one run.

    Attributes
    ----------
    check, run
        The check, and the name of the run.
    found
        What was simulated.
    bounds
        What was wanted, in words with numbers.
    passed
        Whether it holds.
    share
        Of members in which it holds, where the check asks for a chance.
    """

    check: Check
    run: str
    found: Found
    bounds: str
    passed: bool
    share: float | None = None


def judge(check: Check, run: str, find: Callable[[str], Found]) -> Judged:
    """Judge a check.

    Without ``chance`` the whole 95% interval of the mean must be where it is wanted, so a figure
    that is not known well enough is no pass. With it, so many members must be there.

    Parameters
    ----------
    check
        What must hold.
    run
        Name of the run.
    find
        Evaluates an expression in the run.
    """
    found = find(check.find)
    held = check.held
    if held.spread_includes is not None:
        low, high = np.percentile(found.members, PERCENTILES)
        words = f"5% to 95% ({low:.4g} to {high:.4g}) includes {held.spread_includes:g}"
        return Judged(check, run, found, words, bool(low <= held.spread_includes <= high))
    low, high, words = _range(check, lambda text: find(text).value)
    if check.chance is None:
        inside = low <= found.value - found.half_width and found.value + found.half_width <= high
        return Judged(check, run, found, words, bool(inside and _strictly(check, found.value)))
    members = found.members
    each = (low <= members) & (members <= high)
    each &= np.array([_strictly(check, value) for value in members])
    share = float(each.mean())
    words += f" in {check.chance:.0%} of members"
    return Judged(check, run, found, words, share >= check.chance, share)


def _strictly(check: Check, value: float) -> bool:
    """Whether a figure is not 0 where a sign is wanted, rounding apart."""
    return check.held.sign is None or abs(value) > 1e-9


def _range(check: Check, number: Callable[[str], float]) -> tuple[float, float, str]:
    held = check.held
    if held.sign is not None:
        bounds = {"positive": (0.0, np.inf, "above 0"), "negative": (-np.inf, 0.0, "below 0")}
        return bounds[held.sign]
    if held.equals is not None and held.within is not None:
        middle = number(held.equals)
        text = held.within
        allowed = float(text[:-1]) / 100.0 * abs(middle) if text.endswith("%") else float(text)
        return middle - allowed, middle + allowed, f"{middle:.6g} within {text}"
    if held.between is not None:
        low, high = (number(text) for text in held.between)
        return low, high, f"{low:.6g} to {high:.6g}"
    if held.at_least is not None:
        low = number(held.at_least)
        return low, np.inf, f"at least {low:.6g}"
    high = number(held.at_most or "0")
    return -np.inf, high, f"at most {high:.6g}"
