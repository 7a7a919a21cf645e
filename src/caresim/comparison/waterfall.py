"""The waterfall: what each intervention of an option does alone, and what they do together.

Two interventions on the same people do not add up: each finds less left to change. Each is run
by itself, all are run together, and the interaction is the remainder, so that the parts sum to
the whole.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
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

    Attributes
    ----------
    option, indicator, unit
        What.
    parts
        Each part and its difference from doing nothing when it is alone, in the order they act.
    interaction
        What is left: ``total`` less the sum of the parts. The floating-point sum of the parts,
        in their order, and this is ``total`` to the last bit.
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
        parts = tuple(
            (label, dataclasses.replace(found, difference=found.difference * factor))
            for label, found in self.parts
        )
        total = self.total * factor
        left = remainder(total, [found.difference for _, found in parts])
        return dataclasses.replace(self, parts=parts, interaction=left, total=total)

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


def remainder(total: float, parts: Sequence[float]) -> float:
    """Return r for which the floating-point sum of the parts, then r, is exactly the total.

    Examples
    --------
    >>> r = remainder(-0.9, [-0.3, -0.7])
    >>> sum([-0.3, -0.7]) + r == -0.9
    True
    """
    added = 0.0
    for part in parts:
        added += part
    left = total - added
    # The rounded difference may be half a unit in the last place off.
    for near in (left, math.nextafter(left, -math.inf), math.nextafter(left, math.inf)):
        if added + near == total:
            return near
    return left


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
