"""Values as a person states them: a number in base units, and what is known about it.

Nothing here reads text; `caresim.scenario.schema` makes these objects and
`caresim.scenario.resolve` spells them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")
U = TypeVar("U")

Axis = Literal["cohort", "locality"]
Mark = Literal[
    "",
    "per person",
    "rest",
    "survivors",
    "same day",
    "of vacancies",
    "share",
    "time",
    "money",
    "place",
    "admission",
    "stay",
    "arrival",
    "delayed day",
]

OTHERS = "others"
"""The key of `by_cohort` and `by_locality` that covers those not named."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval that holds an uncertain value, in base units.

    Attributes
    ----------
    low, high
        Its ends.
    level
        Probability that it holds the value; 1 where ``low`` and ``high`` are the extremes.
    shape
        ``normal`` (two halves of normals joined at the median), ``lognormal``, ``uniform`` or
        ``triangular``.
    mean, median, mode
        At most one of them, as stated.
    """

    low: float
    high: float
    level: float
    shape: Literal["normal", "lognormal", "uniform", "triangular"]
    mean: float | None = None
    median: float | None = None
    mode: float | None = None

    def scaled(self, factor: float) -> Interval:
        """Return the interval of the value times a positive factor."""

        def times(x: float | None) -> float | None:
            return None if x is None else x * factor

        return replace(
            self,
            low=self.low * factor,
            high=self.high * factor,
            mean=times(self.mean),
            median=times(self.median),
            mode=times(self.mode),
        )


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in base units.

    Attributes
    ----------
    value
        The number; for an uncertain one its mean. Infinite for `unlimited`.
    mark
        ``per person`` for a population rate, per person per day; ``rest`` for the share that
        the other routes leave, whose value is 0; ``survivors`` for a share of those who do not
        take a route to `died`; ``same day`` for a wait until the end of the day; ``of vacancies``
        for recruitment of a share of them; ``share``, ``time`` and ``money`` for the level of a
        signal that is of this kind; ``time`` (of a person), ``place``, ``admission``, ``stay``,
        ``arrival`` and ``delayed day`` for what a price is paid.
    interval
        Present if uncertain.
    source, note
        Where it comes from.
    draw
        Name of its draw, if stated: values with one name are drawn together.
    """

    value: float
    mark: Mark = ""
    interval: Interval | None = None
    source: str | None = None
    note: str | None = None
    draw: str | None = None

    @property
    def per_person(self) -> bool:
        """Whether it is a population rate."""
        return self.mark == "per person"

    @property
    def rest(self) -> bool:
        """Whether it is what the other shares leave."""
        return self.mark == "rest"

    @property
    def uncertain(self) -> bool:
        """Whether it differs between members."""
        return self.interval is not None

    def scaled(self, factor: float) -> Quantity:
        """Return the quantity times a factor above zero."""
        interval = self.interval and self.interval.scaled(factor)
        return replace(self, value=self.value * factor, interval=interval)


@dataclass(frozen=True, slots=True)
class By(Generic[T]):
    """One value for each cohort or each locality.

    Attributes
    ----------
    axis
        Of what.
    values
        By name; the name `others` covers those not named.
    """

    axis: Axis
    values: Mapping[str, T | By[T]]


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """Values by date, in order of date (text, year-month-day), and where they come from."""

    values: tuple[tuple[str, T], ...]
    source: str | None = None
    note: str | None = None


Path = tuple[str | int, ...]


def leaves(value: T | By[T] | None, path: Path = ()) -> Iterator[tuple[Path, T]]:
    """Give every single value of one that may differ by cohort or locality, with its path.

    Of nothing there are none.
    """
    if isinstance(value, By):
        for name, inner in value.values.items():
            yield from leaves(inner, (*path, f"by_{value.axis}", name))
    elif value is not None:
        yield path, value


def each(value: T | By[T], change: Callable[[T], U]) -> U | By[U]:
    """Apply a function to every single value."""
    if isinstance(value, By):
        changed: dict[str, Any] = {name: each(v, change) for name, v in value.values.items()}
        return By(value.axis, changed)
    return change(value)
