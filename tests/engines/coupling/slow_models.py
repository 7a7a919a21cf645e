"""The slow side of small models, worked by hand: one member, exchange by exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from flow_models import model
from numpy.typing import NDArray

from caresim.engines.coupling import (
    Measure,
    begin,
    coupling_layout,
    prepare,
    scratch,
    tick,
)
from caresim.engines.draws import apply, nominal_inputs
from caresim.model import Change, Changed, Feedback, Intervention, Model, Ramp, Signal

FloatArray = NDArray[np.float64]

TWO = {
    "acute": {"capacity": 20.0, "stay": 5.0, "then": {"home": 0.7, "ward": 0.2, "died": 0.1}},
    "ward": {"capacity": 10.0, "stay": 10.0},
}
DOOR = {"door": {"to": "acute", "rate": 3.0}}
ARRIVALS = Changed("arrival_rate", 0)
STAY = Changed("stay", 0, 0)


def two(**more: Any) -> Model:
    """Return a model of two settings with a slow side."""
    return model(TWO, DOOR, days=1000.0, more=more)


def relative(of: Changed, amount: float, **more: Any) -> Change:
    return Change(of, "relative", amount, **more)


def absolute(of: Changed, amount: float, **more: Any) -> Change:
    return Change(of, "absolute", amount, **more)


def done(*changes: Change, ramp: Ramp | None = None, **more: Any) -> Intervention:
    return Intervention("it", "It", ramp or Ramp(0.0), changes, **more)


def loop(of: str, *changes: Change, i: int = 0, **more: Any) -> Feedback:
    return Feedback("loop", "Loop", Signal(of, i, **more), changes)  # type: ignore[arg-type]


class Slow:
    """One member's slow side (or some, in columns)."""

    def __init__(
        self, given: Model, *, day: float = 0.0, mean_field: bool = True, width: int = 1
    ) -> None:
        self.layout = coupling_layout(given, mean_field=mean_field)
        self.parts = self.layout.parts
        draws = nominal_inputs(given, width)
        self.params = prepare(given, self.layout, apply(given, draws), draws)
        self.state = np.zeros((self.parts.state.n_rows, width))
        self.levers = np.zeros((self.parts.levers.n_rows, width))
        self.day = day
        self._work = scratch(self.layout.coupling)
        begin(self.layout.coupling, self.params, self.state, self.levers, day)

    def tick(self, measured: Mapping[Measure, float] | None = None, days: float = 1.0) -> None:
        """Let some days pass in which so much was measured; 0 where nothing is said."""
        self.day += days
        measures = np.zeros((len(self.layout.measures), self.state.shape[1]))
        for row, measure in enumerate(self.layout.measures):
            measures[row] = (measured or {}).get(measure, 0.0)
        coupling = self.layout.coupling
        tick(coupling, self.params, self.state, self._work, measures, self.levers, self.day, days)

    def lever(self, section: str, position: int = 0) -> float:
        return float(self.levers[getattr(self.parts.levers, section) + position, 0])

    def held(self, section: str, position: int = 0) -> float:
        """Return a number of the state."""
        return float(self.state[getattr(self.parts.state, section) + position, 0])


def every(given: Model, days: float) -> Model:
    """Return a model whose slow side is met every so many days."""
    return replace(given, run=replace(given.run, coupling_days=days))
