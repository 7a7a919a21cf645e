"""Effects taken from the library of evidence.

The library draws from two halves of normals on a scale of its own (relative risks on a log scale);
a scenario has them on the plain scale. What is taken over exactly is the interval and the mean,
or the median where no two halves of normals have that mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from caresim.scenario.resolve.context import Context
from caresim.scenario.schema import amounts
from caresim.scenario.schema.change import Effect as Spec
from caresim.scenario.schema.interval import spread_of
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.values import Interval, Path, Quantity

if TYPE_CHECKING:
    from caresim.evidence.effect import Effect


@dataclass(frozen=True)
class Known:
    """An effect of the library as a scenario states it.

    Attributes
    ----------
    key
        ``change``, or ``by`` for a difference in days.
    quantity, kind
        The amount, with its source, and what it is measured in.
    strength
        Grade of the evidence.
    """

    key: str
    quantity: Quantity
    kind: Kind
    strength: int


def is_from_library(effect: Spec) -> bool:
    """Whether an effect leaves its amount to the library."""
    return effect.change is None and effect.by is None and effect.to is None


def known(entry: str, outcome: str) -> Known:
    """Return an effect of the library.

    Raises
    ------
    ValueError
        If the library has no such effect, or none that a scenario can state.
    """
    from caresim import evidence

    effect = evidence.entry(entry).effect(outcome)
    if effect.kind == "relative":
        return Known("change", _quantity(effect), amounts.CHANGE, effect.strength)
    if effect.unit != "days":
        raise ValueError(f"the effect of {entry} on {outcome} is in {effect.unit}")
    return Known("by", _quantity(effect), amounts.MORE_TIME, effect.strength)


def _quantity(effect: Effect) -> Quantity:
    about = f"effect of {effect.entry} on {effect.outcome}"
    note = f"{about}; unverified" if effect.status == "unverified" else about
    low, high, mean, median = (
        # Integrals are exact to about 12 digits, which differ between machines beyond that.
        float(f"{number:.9g}")
        for number in (effect.low, effect.high, effect.mean, effect.median)
    )
    if not low < high:
        return Quantity(mean, source=effect.source, note=note)
    try:
        interval = Interval(low, high, effect.level, "normal", mean=mean)
        spread_of(interval)
    except ValueError:
        interval = Interval(low, high, effect.level, "normal", median=median)
        mean = spread_of(interval).mean
    return Quantity(mean, interval=interval, source=effect.source, note=note)


def is_missing(entry: str) -> bool:
    """Whether the library has no such entry."""
    from caresim import evidence

    try:
        evidence.entry(entry)
    except ValueError:
        return True
    return False


def check_evidence(context: Context, entry: str | None, effect: Spec, path: Path) -> None:
    """Report an effect that the library should have and has not."""
    if not is_from_library(effect) or effect.outcome is None:
        return
    if entry is None:
        message = "`outcome` says by how much only together with `evidence`"
        hint = "name an entry with `evidence: ID`, or write `change: -10%`"
        context.report("C324", (*path, "outcome"), message, hint=hint)
        return
    try:
        found = known(entry, effect.outcome)
    except ValueError as error:
        if not is_missing(entry):  # which is told where it is named
            context.report("C422", (*path, "outcome"), str(error))
        return
    for one in effect.on:
        if found.key == "by" and one.form.by.name != found.kind.name:
            message = f"the effect of {entry} on {effect.outcome} is in days, and `{one.path}` not"
            context.report("C422", (*path, "outcome"), message)
