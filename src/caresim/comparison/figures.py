"""Numbers of one kind as text: percentages, thousands and millions of pounds, plain figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from caresim.results.columns import number


@dataclass(frozen=True)
class Scale:
    """How the figures of one table are written.

    Attributes
    ----------
    factor
        They are multiplied by this.
    unit, unit_of_change
        What they are then in, and differences of them.
    """

    factor: float
    unit: str
    unit_of_change: str

    def text(self, value: float) -> str:
        """Write a figure."""
        return number(value * self.factor)

    def change(self, value: float) -> str:
        """Write a difference, with its sign."""
        return signed(value * self.factor)


def signed(value: float) -> str:
    """Write a difference with its sign.

    Examples
    --------
    >>> signed(3.14159), signed(-1234.5), signed(0.0)
    ('+3.14', '-1,234', '0')
    """
    text = number(value)
    return f"+{text}" if value > 0.0 and text not in ("0", "-") else text


def scale_of(unit: str, values: Iterable[float]) -> Scale:
    """Return how to write figures of a unit so that they are short.

    Parameters
    ----------
    unit
        Such as ``people``, ``share of places`` or ``GBP per year``.
    values
        That are to be written.

    Examples
    --------
    >>> scale_of("GBP", [2_500_000.0]).unit, scale_of("share of stays", [0.2]).unit_of_change
    ('thousand GBP', 'percentage points')
    """
    if unit.startswith("share"):
        return Scale(100.0, f"% ({unit})", "percentage points")
    if not unit.startswith("GBP"):
        return Scale(1.0, unit, unit)
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    for factor, word, least in ((1e-6, "million ", 1e7), (1e-3, "thousand ", 1e5)):
        if largest >= least:
            return Scale(factor, f"{word}{unit}", f"{word}{unit}")
    return Scale(1.0, unit, unit)
