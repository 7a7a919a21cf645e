"""Changes of the file as changes of numbers of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from caresim.model import Changed
from caresim.scenario.assemble.numbers import Number, Parts
from caresim.scenario.schema import amounts
from caresim.scenario.schema.change import Change as Spec
from caresim.scenario.schema.change import Effect
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.values import By, Quantity

TIMES = ("stay", "step_time")
"""Fields whose changes are always relative: what the model keeps is a whole distribution."""


@dataclass(frozen=True)
class Amount:
    """By how much one number changes.

    Attributes
    ----------
    of, cohort
        The number, and whose it is (-1 for nobody's).
    kind
        ``relative`` or ``absolute``.
    quantity, measure
        As the file states it, and what it is measured in.
    scale, offset
        The amount of the model is ``offset + scale * quantity``.
    """

    of: Changed
    cohort: int
    kind: Literal["relative", "absolute"]
    quantity: Quantity
    measure: Kind
    scale: float = 1.0
    offset: float = 0.0

    @property
    def value(self) -> float:
        """The amount of the model, at the mean of what is uncertain."""
        return self.offset + self.scale * self.quantity.value


def changes_of(parts: Parts, spec: Spec, day: float) -> Iterator[Amount]:
    """Yield by how much each number changes that a change of the file is of.

    Parameters
    ----------
    parts
        The model so far.
    spec
        The change.
    day
        When it begins: values that change by date are those of this day.
    """
    book = parts.book
    names = book.cohorts if spec.cohorts is None else spec.cohorts
    cohorts = frozenset(book.cohorts.index(name) for name in names)
    for one in spec.on:
        numbers = parts.numbers(one, cohorts, day)
        for number in numbers:
            if spec.change is not None:
                quantity = _for(parts, spec.change, number)
                yield Amount(number.of, number.cohort, "relative", quantity, amounts.CHANGE)
            elif spec.by is not None:
                yield _difference(parts, spec.by, number, numbers, one.form.by)
            elif isinstance(spec, Effect) and spec.to is not None:
                yield _value(parts, spec.to, number, numbers, one.form.to)


def _for(parts: Parts, value: Quantity | By[Quantity], number: Number) -> Quantity:
    who = parts.book.cohorts[number.cohort]  # of a number of no cohort there is one value
    found: Quantity = parts.book.at(value, who)
    return found


def _difference(
    parts: Parts,
    value: Quantity | By[Quantity],
    number: Number,
    numbers: list[Number],
    measure: Kind,
) -> Amount:
    quantity = _for(parts, value, number)
    of, cohort = number.of, number.cohort
    if of.field in TIMES:
        whole = _whole(parts, number, numbers)
        scale = 1.0 / whole if whole else 0.0
        return Amount(of, cohort, "relative", quantity, measure, scale)
    if quantity.per_person:
        if number.per_person == 0:  # nobody has come so far
            return Amount(of, cohort, "absolute", quantity, measure, number.people)
        return Amount(of, cohort, "relative", quantity, measure, 1.0 / number.per_person)
    part = _part(number, numbers) if of.field == "arrival_rate" and quantity is value else 1.0
    return Amount(of, cohort, "absolute", quantity, measure, part)


def _value(
    parts: Parts,
    value: Quantity | By[Quantity],
    number: Number,
    numbers: list[Number],
    measure: Kind,
) -> Amount:
    quantity = _for(parts, value, number)
    of, cohort = number.of, number.cohort
    if of.field not in (*TIMES, "arrival_rate"):
        return Amount(of, cohort, "absolute", quantity, measure, 1.0, -number.value)
    base = _whole(parts, number, numbers)
    if quantity.per_person:
        base = number.per_person
    elif of.field == "arrival_rate" and quantity is value:
        base = sum(one.value for one in numbers)
    if base > 0:
        return Amount(of, cohort, "relative", quantity, measure, 1.0 / base, -1.0)
    if quantity.per_person:
        return Amount(of, cohort, "absolute", quantity, measure, number.people)
    part = _part(number, numbers) if quantity is value else 1.0
    return Amount(of, cohort, "absolute", quantity, measure, part)


def _whole(parts: Parts, number: Number, numbers: list[Number]) -> float:
    """Return what an amount is of: the number, or an arrangement of several steps as a whole.

    Of several steps of a route that change together the mean of all counts, each for the share of
    people who need it; all then change by the same factor.
    """
    if number.of.field != "step_time":
        return number.value
    of_route = [one for one in numbers if one.of.i == number.of.i]
    if len(of_route) == 1:
        return number.value
    steps = parts.routes[number.of.i].steps
    return sum(one.value * steps[one.of.j].share for one in of_route)


def _part(number: Number, numbers: list[Number]) -> float:
    """Return the part of an amount of people a day that is of one cohort's arrivals."""
    total = sum(one.value for one in numbers)
    if total > 0:
        return number.value / total
    return number.part / sum(one.part for one in numbers)
