"""What is gathered while a model is built: its stays, its uncertain inputs, its names."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from caresim.model import Exit, Target, Timeline, UncertainInput
from caresim.scenario.explicit import STAY_NUMBERS
from caresim.scenario.lengths import is_nothing, length_of_stay
from caresim.scenario.resolve.context import pick
from caresim.scenario.schema import kinds
from caresim.scenario.schema.interval import spread_of
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.schema.stay import Stay as Spec
from caresim.scenario.schema.stay import StayValue
from caresim.scenario.schema.top import ScenarioFile
from caresim.scenario.values import By, Dated, Interval, Quantity
from caresim.stays import Stay

T = TypeVar("T")

_SHAPES: Mapping[str, str] = {
    "normal": "two_normals",
    "lognormal": "lognormal",
    "uniform": "uniform",
    "triangular": "triangular",
}


_OF_ARRIVALS = ("arrival_rate", "arrival_growth", "population", "population_growth")


@dataclass
class Book:
    """Names and positions of one model, and what is added to it on the way.

    Attributes
    ----------
    file
        The scenario, explicit.
    """

    file: ScenarioFile
    stays: list[Stay] = field(default_factory=list)
    _stays: dict[tuple[Stay, str | None], int] = field(default_factory=dict)
    _targets: dict[tuple[str, Interval, float, float], list[Target]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Sorted, so that the order of entries in the file changes no result, not in the last bit.
        self.cohorts = tuple(sorted(self.file.cohorts))
        self.settings = tuple(sorted(self.file.settings))
        self.arrivals = tuple(sorted(self.file.arrivals))
        self.reasons = tuple(sorted(self.file.reasons))
        self.start = datetime.date.fromisoformat(self.file.start_date)
        self._sources = {name: i for i, name in enumerate((*self.arrivals, *self.settings))}
        self._settings = {name: i for i, name in enumerate(self.settings)}
        self._reasons = {name: i for i, name in enumerate(self.reasons)}
        # Numbers that may change are kept though they are 0, in every option alike.
        self.changed = frozenset(
            one.path
            for block in (self.file.interventions, self.file.feedbacks)
            for spec in block.values()
            for effect in spec.effects
            for one in effect.on
        )

    def destination(self, name: str) -> int:
        """Return the position of a setting, or the code of a way out."""
        if name in self._settings:
            return self._settings[name]
        return int(Exit[name.upper()])

    def source(self, name: str) -> int:
        """Return the position of an arrival or setting among the sources."""
        return self._sources[name]

    def reason(self, name: str) -> int:
        """Return the position of a reason."""
        return self._reasons[name]

    def day(self, date: str) -> int:
        """Return a date in days from the start."""
        return (datetime.date.fromisoformat(date) - self.start).days

    def at(self, value: T | By[T], cohort: str) -> T:
        """Return the value for a cohort."""
        return pick(value, cohort, None)[0]

    def timeline(self, value: Quantity | Dated[Quantity], *, linear: bool = False) -> Timeline:
        """Return a value that may change by date, as one by day."""
        if isinstance(value, Quantity):
            return Timeline.constant(value.value)
        days = [float(self.day(date)) for date, _ in value.values]
        numbers = [quantity.value for _, quantity in value.values]
        return Timeline(days, numbers, "linear" if linear else "step")  # type: ignore[arg-type]

    def stay(self, value: StayValue, cohort: str, limit: float = float("inf")) -> int | None:
        """Return the position of a stay for a cohort; None if it takes no time at all.

        Stays that are alike are kept once, unless what is uncertain about them differs.
        """
        spec: Spec = self.at(value, cohort)
        picked: dict[str, Quantity] = {
            key: self.at(getattr(spec, key), cohort)
            for key in STAY_NUMBERS
            if getattr(spec, key) is not None
        }
        numbers = {key: quantity.value for key, quantity in picked.items()}
        if is_nothing(spec, numbers):
            return None
        values = None if spec.values is None else [quantity.value for quantity in spec.values]
        stay = length_of_stay(spec, numbers, values, limit)
        uncertain = next((q for q in picked.values() if q.uncertain), None)
        key = (stay, uncertain.draw if uncertain is not None else None)
        if key not in self._stays:
            self._stays[key] = len(self.stays)
            self.stays.append(stay)
            if uncertain is not None:
                self.note(uncertain, kinds.DURATION, Target("stay", self._stays[key]))
        return self._stays[key]

    def note(self, quantity: Quantity, kind: Kind, target: Target) -> None:
        """Remember what an uncertain value sets; nothing if it is certain."""
        if quantity.interval is None or quantity.draw is None:
            return
        least = min(kind.least, quantity.interval.low) if kind.least > 0 else kind.least
        key = (quantity.draw, quantity.interval, least, kind.most)
        self._targets.setdefault(key, []).append(target)

    def note_again(self, arrival: int, other: int) -> None:
        """Let an arrival have the uncertain inputs of another one."""
        for targets in self._targets.values():
            targets += [
                replace(target, i=other)
                for target in targets
                if target.field in _OF_ARRIVALS and target.i == arrival
            ]

    def is_changed(self, path: str) -> bool:
        """Whether an intervention or feedback of the scenario changes an input."""
        return path in self.changed

    @staticmethod
    def is_elsewhere(cohort: str, name: str) -> bool:
        """Whether a setting is of another locality than a cohort."""
        _, _, home = cohort.partition("@")
        _, _, there = name.partition("@")
        return bool(home and there) and home != there

    def inputs(self) -> tuple[UncertainInput, ...]:
        """Return the uncertain inputs, by path."""
        found = [_input(*key, tuple(targets)) for key, targets in self._targets.items()]
        return tuple(sorted(found, key=lambda i: (i.path, i.low, i.high, i.centre)))


def _input(
    draw: str, interval: Interval, least: float, most: float, targets: tuple[Target, ...]
) -> UncertainInput:
    spread = spread_of(interval)
    return UncertainInput(
        path=draw,
        shape=_SHAPES[interval.shape],  # type: ignore[arg-type]
        nominal=spread.mean,
        low=interval.low,
        high=interval.high,
        level=interval.level,
        centre=spread.centre,
        spread_low=spread.spread_low,
        spread_high=spread.spread_high,
        least=least,
        most=most,
        targets=targets,
    )
