"""The waterfall: what each intervention of an option does alone, and what they do together.

Two interventions on the same people do not add up: each finds less left to change. Each is run
by itself, all are run together, and the interaction is the remainder, so that the parts sum to
the whole.

They do so exactly, added up in any order: the parts and the whole are rounded to multiples of one
power of two, so coarse that no sum of them needs rounding, and so fine that none moves by more
than 2e-15 of the sum of their sizes. Of floats just as they come this could not be had: often no
float makes up what is left of 710727.0 less -337849.1932491738.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from caresim.comparison.differences import Difference
from caresim.comparison.entries import DO_NOTHING, ComparisonError
from caresim.scenario.assemble import build
from caresim.scenario.load import Scenario

VALUES = "values"
"""The part of an option that is no intervention: the values it sets."""


@dataclass(frozen=True)
class Alone:
    """A part of an option, as an option of its own.

    Attributes
    ----------
    part
        The intervention, or :data:`VALUES`.
    label
        Text for people.
    option
        Name of the generated option that has nothing but this part.
    """

    part: str
    label: str
    option: str


@dataclass(frozen=True)
class Waterfall:
    """Contributions to the change of an indicator, means of the paired differences.

    Made by :func:`waterfall_of`: parts, interaction and total are multiples of one power of two.

    Attributes
    ----------
    option, indicator, unit
        What.
    parts
        Each part and its difference from doing nothing when it is alone, in the order they act.
    interaction
        What is left: ``total`` less the sum of the parts. The floating-point sum of the parts
        and this, in any order, is ``total`` to the last bit.
    total
        Difference of the whole option.
    """

    option: str
    indicator: str
    unit: str
    parts: tuple[tuple[str, Difference], ...]
    interaction: float
    total: float

    def scaled(self, factor: float) -> Waterfall:
        """Return the same in another unit, such as thousands."""
        parts = [
            (label, dataclasses.replace(found, difference=found.difference * factor))
            for label, found in self.parts
        ]
        return waterfall_of(self.option, self.indicator, self.unit, parts, self.total * factor)

    def rounded(self, digits: int) -> tuple[list[Decimal], Decimal, Decimal]:
        """Return parts, interaction and total with so many decimals, which still add up.

        The parts and the total are rounded, and the interaction is what is left of the rounded
        figures, so that whoever adds up what is printed finds no fault.
        """
        place = Decimal(1).scaleb(-digits)

        def cut(value: float) -> Decimal:
            return Decimal(value).quantize(place, ROUND_HALF_EVEN)

        parts = [cut(found.difference) for _, found in self.parts]
        total = cut(self.total)
        return parts, total - sum(parts, Decimal(0)), total


def waterfall_of(
    option: str,
    indicator: str,
    unit: str,
    parts: Sequence[tuple[str, Difference]],
    total: float,
) -> Waterfall:
    """Return the waterfall of parts and a total as they were simulated."""
    (whole, *sizes), left = on_one_grid(total, [found.difference for _, found in parts])
    rounded = tuple(
        (label, dataclasses.replace(found, difference=size))
        for (label, found), size in zip(parts, sizes, strict=True)
    )
    return Waterfall(option, indicator, unit, rounded, left, whole)


def on_one_grid(total: float, parts: Sequence[float]) -> tuple[list[float], float]:
    """Round a total and its parts so that all sums of them are exact, and return what is left.

    The grid is the distance between floats at 4 times the sum of the sizes: parts and remainder
    together are at most twice that sum, so every sum of some of them is a multiple of the grid
    that a float can hold.

    Parameters
    ----------
    total, parts
        Finite; their sizes may sum to 1e307 at most.

    Returns
    -------
    tuple of (list of float, float)
        The total and the parts, rounded to the grid, and the total less the parts.

    Examples
    --------
    >>> (total, part), left = on_one_grid(710727.0, [-337849.1932491738])
    >>> part + left == total == 710727.0
    True
    """
    sizes = [total, *parts]
    grid = Fraction(math.ulp(4.0 * math.fsum(abs(size) for size in sizes)))
    whole, *counts = (round(Fraction(size) / grid) for size in sizes)
    rounded = [float(count * grid) for count in (whole, *counts)]
    return rounded, float((whole - sum(counts)) * grid)


def separated(scenario: Scenario, option: str) -> tuple[Scenario, tuple[Alone, ...]]:
    """Return a scenario with an option for each part of an option.

    Values that the option sets inside an intervention go with that intervention; all others are
    one part.

    Parameters
    ----------
    scenario
        That has the option.
    option
        Its name.

    Raises
    ------
    ComparisonError
        If there is no such option, or it has fewer than two parts.
    """
    if option not in scenario.options or option == DO_NOTHING:
        known = ", ".join(name for name in scenario.options if name != DO_NOTHING) or "none"
        raise ComparisonError(f"no option {option!r} to take apart; there are {known}")
    spec = scenario.explicit["options"][option]
    names: list[str] = list(spec.get("interventions", ()))
    values: dict[str, Any] = dict(spec.get("set", {}))
    own = {name: _within(values, name) for name in names}
    rest = {k: v for k, v in values.items() if not any(k in held for held in own.values())}
    if len(names) + bool(rest) < 2:
        raise ComparisonError(
            f"option {option!r} has nothing to take apart: it is one intervention, or none, and "
            "its change is its own"
        )
    labels = {name: scenario.explicit["interventions"][name].get("label", name) for name in names}
    made: dict[str, dict[str, Any]] = {}
    parts: list[Alone] = []
    for name in names:
        alone = _free(scenario, made, f"{option}_only_{name}")
        made[alone] = {"label": labels[name], "interventions": [name], "set": own[name]}
        parts.append(Alone(name, labels[name], alone))
    if rest:
        alone = _free(scenario, made, f"{option}_only_{VALUES}")
        made[alone] = {"label": "Values it sets", "set": rest}
        parts.append(Alone(VALUES, "Values it sets", alone))
    explicit = {**scenario.explicit, "options": {**scenario.explicit["options"], **made}}
    return (
        dataclasses.replace(
            scenario,
            explicit=explicit,
            options=(*scenario.options, *made),
            models={**scenario.models, **{name: build(explicit, name) for name in made}},
        ),
        tuple(parts),
    )


def _within(values: Mapping[str, Any], intervention: str) -> dict[str, Any]:
    start = f"interventions.{intervention}"
    return {k: v for k, v in values.items() if k == start or k.startswith(f"{start}.")}


def _free(scenario: Scenario, made: Mapping[str, Any], name: str) -> str:
    taken = {*scenario.options, *made}
    while name in taken:
        name += "_"
    return name
