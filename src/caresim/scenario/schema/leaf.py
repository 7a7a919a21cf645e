"""Single values: a number with its unit, its interval if uncertain, and where it comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

from caresim.problems import nearest
from caresim.scenario.numerals import QuantityError
from caresim.scenario.schema import kinds
from caresim.scenario.schema.faults import Fault, fault, raised
from caresim.scenario.schema.fields import Plain, named
from caresim.scenario.schema.interval import spread_of
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.schema.part import kind_of, shown
from caresim.scenario.values import Axis, By, Interval, Mark, Path, Quantity

_ABOUT: tuple[Literal["source", "note"], ...] = ("source", "note")
_INTERVAL = ("low", "high", "level", "mean", "median", "mode", "shape", "draw")
_SHAPES = ("normal", "lognormal", "uniform", "triangular")
DEFAULT_LEVEL = 0.8
"""Probability that an interval holds its value, where none is stated."""

About = dict[Literal["source", "note"], str]

LEAF_KEYS = frozenset({"value", "of", *_ABOUT, *_INTERVAL, "by_cohort", "by_locality"})
"""Keys by which a block is known to be a single value and no other part."""

_NUMBERS = frozenset({"value", "low", "high", "by_cohort", "by_locality"})


def is_leaf(data: object) -> bool:
    """Whether something written is a single value, and no other part that may stand there."""
    if isinstance(data, dict):
        return set(data) <= LEAF_KEYS and not _NUMBERS.isdisjoint(data)
    return not isinstance(data, list)


@dataclass(frozen=True)
class Leaf(Plain):
    """A single value of one kind.

    Attributes
    ----------
    kind
        What is measured and in which units.
    uncertain
        Whether an interval may be given.
    by
        Whether it may differ by cohort, by locality, or both.
    """

    kind: Kind
    uncertain: bool = False
    by: tuple[Axis, ...] = ("cohort", "locality")

    def read(self, data: Any) -> Quantity | By[Quantity]:
        """Read a value.

        Raises
        ------
        ValidationError
            With every fault found in it.
        """
        reader = _Reader(self)
        value = reader.value(data, (), {})
        if reader.faults or value is None:
            raise raised(reader.faults)
        return value

    def json_schema(self) -> dict[str, Any]:
        """Name the definition that the JSON Schema holds for values of this kind."""
        words = [self.kind.name.replace(" ", "_"), *(["uncertain"] if self.uncertain else [])]
        return named("_".join(words + [f"by_{axis}" for axis in self.by]))


class _Reader:
    """Reads one value, collecting faults on the way."""

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self.kind = leaf.kind
        self.faults: list[Fault] = []

    def value(self, data: Any, path: Path, about: About) -> Quantity | By[Quantity] | None:
        if not isinstance(data, dict):
            number = self.number(data, path)
            return None if number is None else _quantity(number[0], number[1], about)
        about = {**about, **self.about(data, path)}
        axes: list[Axis] = [axis for axis in ("cohort", "locality") if f"by_{axis}" in data]
        if axes:
            return self.by(data, axes[0], path, about)
        if "low" in data or "high" in data:
            return self.interval(data, path, about)
        if "value" not in data:
            self.say(path, "C202", "`value` is missing", hint=f"write {self.kind.example}")
            return None
        self.only(data, ("value", *self.kind.keys, *_ABOUT), path)
        if isinstance(data["value"], dict):
            return self.value(data["value"], (*path, "value"), about)
        number = self.number(data["value"], (*path, "value"))
        if number is None:
            return None
        return _quantity(number[0], self.mark(data, path, number[1]), about)

    def by(self, data: dict[str, Any], axis: Axis, path: Path, about: About) -> By[Quantity] | None:
        key = f"by_{axis}"
        self.only(data, (key, *_ABOUT), path)
        here = (*path, key)
        if axis not in self.leaf.by:
            self.say(here, "C314", f"this value cannot differ by {axis}")
            return None
        if not isinstance(data[key], dict) or not data[key]:
            self.say(here, "C203", f"a value for each {axis} is expected here")
            return None
        values = {name: self.value(v, (*here, name), about) for name, v in data[key].items()}
        found = {name: value for name, value in values.items() if value is not None}
        return By(axis, found) if len(found) == len(values) else None

    def interval(self, data: dict[str, Any], path: Path, about: About) -> Quantity | None:
        self.only(data, (*_INTERVAL, *self.kind.keys, *_ABOUT), path)
        if not self.leaf.uncertain:
            self.say(path, "C313", "this value cannot be uncertain", hint="write one number")
            return None
        known = {
            key: self.number(data[key], (*path, key))
            for key in ("low", "high", "mean", "median", "mode")
            if key in data
        }
        shape = self.shape(data, path)
        level = self.level(data, path, shape)
        for key in ("low", "high"):
            if key not in data:
                self.say(path, "C202", f"`{key}` is missing", hint="an interval has two ends")
                return None
        if shape is None or level is None or any(n is None for n in known.values()):
            return None
        numbers = {key: n[0] for key, n in known.items() if n is not None}
        marks = {n[1] for n in known.values() if n is not None}
        if len(marks) > 1 or "rest" in marks:
            self.say(path, "C308", "the ends of the interval are values of different kinds")
            return None
        if not all(map(math.isfinite, numbers.values())):
            self.say(path, "C308", "an interval has two ends: `unlimited` is none")
            return None
        if numbers["low"] >= numbers["high"]:
            self.say(path, "C308", f"`low` ({data['low']}) is not below `high` ({data['high']})")
            return None
        interval = Interval(level=level, shape=shape, **numbers)
        mark = self.mark(data, path, marks.pop())
        return self.checked(interval, path, mark, data.get("draw"), about)

    def mark(self, data: dict[str, Any], path: Path, mark: Mark) -> Mark:
        """Read whom a share is of."""
        of = data.get("of", "everyone")
        if "of" not in self.kind.keys or of == "everyone":
            return mark
        if of != "survivors":
            message = f"{kind_of(of)} is not one of `everyone`, `survivors`"
            self.say((*path, "of"), "C204", message)
        elif mark == "rest":
            self.say((*path, "of"), "C320", "`rest` is what all other routes leave, of everyone")
        return "survivors"

    def checked(
        self,
        interval: Interval,
        path: Path,
        mark: Mark,
        draw: Any,
        about: About,
    ) -> Quantity | None:
        try:
            mean = spread_of(interval).mean
        except ValueError as error:
            self.say(path, "C309", f"{error}{self.kind.said_in}")
            return None
        if draw is not None and not isinstance(draw, str):
            self.say((*path, "draw"), "C205", f"text is expected here, got {kind_of(draw)}")
            return None
        return replace(_quantity(mean, mark, about), interval=interval, draw=draw)

    def shape(self, data: dict[str, Any], path: Path) -> Any:
        shape = data.get("shape", "normal")
        allowed = {"normal": ("mean", "median"), "triangular": ("mode",)}
        if shape not in _SHAPES:
            near = nearest(shape, _SHAPES) if isinstance(shape, str) else None
            words = ", ".join(f"`{word}`" for word in _SHAPES)
            message = f"{kind_of(shape)} is not one of {words}"
            hint = f"did you mean `{near}`?" if near else None
            self.say((*path, "shape"), "C204", message, hint=hint)
            return None
        stated = [key for key in ("mean", "median", "mode") if key in data]
        for key in stated:
            if key not in allowed.get(shape, ()):
                self.say((*path, key), "C310", f"a {shape} interval has no `{key}`")
        if "mean" in stated and "median" in stated:
            self.say(
                (*path, "median"), "C310", "give `mean` or `median`, not both", "delete one of them"
            )
        return shape

    def level(self, data: dict[str, Any], path: Path, shape: Any) -> float | None:
        here = (*path, "level")
        if shape in ("uniform", "triangular"):
            if "level" in data:
                self.say(here, "C310", f"a {shape} interval has no `level`: it ends at its ends")
            return 1.0
        if "level" not in data:
            return DEFAULT_LEVEL
        read = _Reader(Leaf(kinds.SHARE)).number(data["level"], ())
        if read is None or not 0 < read[0] < 1:
            said = shown(data["level"])
            hint = "write a probability such as `80%`, the default"
            message = f"the level must lie between 0% and 100%, got `{said}`"
            self.say(here, "C310", message, hint)
            return None
        return read[0]

    def about(self, data: dict[str, Any], path: Path) -> About:
        found: About = {}
        for key in _ABOUT:
            if key not in data:
                continue
            if isinstance(data[key], str):
                found[key] = data[key]
            else:
                here = (*path, key)
                self.say(here, "C205", f"text is expected here, got {kind_of(data[key])}")
        return found

    def only(self, data: dict[str, Any], keys: tuple[str, ...], path: Path) -> None:
        for key in data:
            if key not in keys:
                near = nearest(key, keys)
                known = f"the keys here are: {', '.join(keys)}"
                hint = f"did you mean `{near}`?" if near else known
                self.say((*path, key), "C201", f"there is no key `{key}` here", hint=hint)

    def number(self, data: Any, path: Path) -> tuple[float, Mark] | None:
        if isinstance(data, bool | dict | list):
            hint = f"write {self.kind.example}"
            self.say(path, "C301", f"{self.kind.a} is expected, got {kind_of(data)}", hint=hint)
            return None
        try:
            return self.kind.read(data)
        except QuantityError as error:
            self.say(path, error.code, error.message, hint=error.hint)
            return None

    def say(self, path: Path, code: str, message: str, hint: str | None = None) -> None:
        self.faults.append((path, fault(code, message, hint=hint)))


def _quantity(value: float, mark: Mark, about: About) -> Quantity:
    return Quantity(value, mark, source=about.get("source"), note=about.get("note"))


LeafValue = Quantity | By[Quantity]
