"""Lengths of stay as written: a mean alone, or a distribution in one of its forms."""

from __future__ import annotations

from typing import Annotated, Any

from caresim.scenario.schema.faults import Fault, fault
from caresim.scenario.schema.fields import OneOf, Text, Whole, named
from caresim.scenario.schema.leaf import is_leaf
from caresim.scenario.schema.measures import (
    Duration,
    Number,
    PlainDuration,
    PlainNumber,
    PlainShare,
    UncertainDuration,
)
from caresim.scenario.schema.part import Part
from caresim.scenario.schema.scoped import Scoped
from caresim.scenario.values import By, Quantity, leaves

FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "exponential": (("mean",),),
    "fixed": (("value",),),
    "erlang": (("mean", "stages"),),
    "gamma": (("mean", "sd"), ("mean", "cv")),
    "lognormal": (
        ("mean", "sd"),
        ("mean", "cv"),
        ("median", "mean"),
        ("mu", "sigma"),
        ("quantiles",),
    ),
    "hyperexponential": (("mean", "cv"), ("mean", "sd"), ("branches",)),
    "phase_type": (("initial", "rates"),),
    "empirical": (("values",), ("csv", "column")),
}
"""Which keys settle a stay of each distribution."""

_LOGNORMAL_UNSAID = (("mean", "sd"), ("mean", "cv"), ("median", "mean"), ("quantiles",))


class Branch(Part):
    """One branch of a hyperexponential stay."""

    share: PlainShare
    """Share of people who stay this way."""
    mean: PlainDuration
    """Their mean stay."""


class Stay(Part):
    """How long people stay, as a distribution; an arrangement or a transfer alike."""

    distribution: Annotated[str | None, OneOf(tuple(FORMS))] = None
    """Its family. May be left out where mean and sd (or cv), median and mean or quantiles are
    given: lognormal."""
    mean: UncertainDuration | None = None
    """Mean stay, before any limit."""
    sd: Duration | None = None
    """Standard deviation."""
    cv: Number | None = None
    """Coefficient of variation: sd over mean."""
    median: UncertainDuration | None = None
    """Half of people stay this long or less."""
    mu: Number | None = None
    """Mean of the natural logarithm of the stay in days."""
    sigma: Number | None = None
    """Standard deviation of the natural logarithm of the stay in days."""
    quantiles: dict[str, PlainDuration] | None = None
    """Stays by the share of people who stay that long or less, such as `50%: 4 days`."""
    value: UncertainDuration | None = None
    """The stay of everyone (fixed)."""
    stages: Annotated[int | None, Whole(1, 1000)] = None
    """Number of exponential stages one after the other (erlang)."""
    branches: list[Branch] | None = None
    """Kinds of stay, each exponential (hyperexponential)."""
    initial: list[PlainNumber] | None = None
    """Share of people who begin in each phase (phase_type)."""
    rates: list[list[PlainNumber]] | None = None
    """Rates per day among the phases; each row sums to 0 or less (phase_type)."""
    values: list[PlainNumber] | None = None
    """Observed stays in days, each equally likely (empirical)."""
    csv: Text | None = None
    """File of observed stays, in days (empirical)."""
    column: Text | None = None
    """Its column."""
    source: Text | None = None
    """Where it comes from."""
    note: Text | None = None
    """Anything to add."""

    @property
    def family(self) -> str:
        """Name of the distribution, said or unsaid."""
        return self.distribution or "lognormal"

    @property
    def lists_times(self) -> bool:
        """Whether observed times are given, here or in a file."""
        return self.values is not None or self.csv is not None

    @property
    def given(self) -> tuple[str, ...]:
        """Keys that settle the stay, as written."""
        known = {key for forms in FORMS.values() for form in forms for key in form}
        return tuple(key for key in type(self).model_fields if key in known and self._has(key))

    def _has(self, key: str) -> bool:
        return getattr(self, key) is not None

    def inconsistencies(self) -> list[Fault]:
        """See that the keys given settle a stay, and that at most one of them is uncertain."""
        forms = FORMS[self.distribution] if self.distribution else _LOGNORMAL_UNSAID
        if not any(set(self.given) == set(form) for form in forms):
            return [((), self._no_such_form(forms))]
        uncertain = [
            key
            for key in ("mean", "median", "value")
            if any(quantity.uncertain for _, quantity in _leaves(getattr(self, key)))
        ]
        if len(uncertain) > 1:
            return [((uncertain[1],), fault("C313", "only one of mean and median is uncertain"))]
        return []

    def _no_such_form(self, forms: tuple[tuple[str, ...], ...]) -> Any:
        ways = " or ".join(f"`{'` and `'.join(form)}`" for form in forms)
        found = ", ".join(f"`{key}`" for key in self.given) or "nothing"
        if self.distribution:
            return fault("C311", f"a stay that is {self.distribution} needs {ways}, got {found}")
        families = [f for f, all_ in FORMS.items() if any(set(self.given) == set(x) for x in all_)]
        hint = f"add `distribution: {families[0]}`" if families else f"give {ways}"
        said = "together do not" if len(self.given) > 1 else "alone does not"
        return fault("C311", f"{found} {said} say how stays are spread", hint=hint)


def _leaves(value: Quantity | By[Quantity] | None) -> list[tuple[Any, Quantity]]:
    return list(leaves(value))


def long_stay(data: Any) -> Any:
    """Write out the short form: a duration alone is the mean of an exponential stay."""
    return {"distribution": "exponential", "mean": data} if is_leaf(data) else data


StayValue = Stay | By[Stay]

AnyStay = Annotated[
    StayValue,
    Scoped(Stay, long_stay, short=(named("duration_uncertain_by_cohort_by_locality"),)),
]
"""A stay, an arrangement or a transfer: they are written alike."""
