"""Runs of small models in the flow engine, with figures asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from event_models import Network
from numpy.typing import NDArray

from caresim.engines.flow.run import run_flow
from caresim.engines.output import Output
from caresim.model import Model, RunSettings

FloatArray = NDArray[np.float64]


def model(
    settings: Mapping[str, Mapping[str, Any]],
    arrivals: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    days: float = 100.0,
    cohorts: tuple[str, ...] = ("everyone",),
    more: Mapping[str, Any] | None = None,
    **run: Any,
) -> Model:
    """Return a model for the flow engine; ``run`` is what RunSettings take."""
    return Network(
        settings=settings,
        arrivals=arrivals or {},
        cohorts=cohorts,
        days=days,
        run=RunSettings(engine="flow", **run),
        more=more or {},
    ).model()


@dataclass(frozen=True)
class Ran:
    """A run, with figures of its first member summed over cohorts."""

    output: Output

    def position(self, setting: str) -> int:
        return [s.name for s in self.output.model.settings].index(setting)

    def total(self, name: str, setting: str, *rest: str, window: int = 0) -> float:
        """Return a variable over a window: all of the run, then each year."""
        cell = self.output.totals[name][0, window, self.position(setting)]
        return float(self._rest(cell, name, rest))

    def at(self, name: str, setting: str, *rest: str) -> FloatArray:
        """Return a stock at each saved time."""
        cells = self.output.mean[f"{name}_at"][:, self.position(setting)]
        return np.array([self._rest(cell, name, rest) for cell in cells])

    def per_day(self, name: str, setting: str, *rest: str) -> FloatArray:
        """Return a count in each period between saved times."""
        cells = self.output.mean[name][:, self.position(setting)]
        days = np.diff(self.output.times)
        return np.array([self._rest(cell, name, rest) for cell in cells]) / days

    def last(self, name: str, setting: str, *rest: str) -> float:
        """Return a stock at the end, or the people a day in the last period."""
        stock = f"{name}_at" in self.output.mean
        return float((self.at if stock else self.per_day)(name, setting, *rest)[-1])

    def _rest(self, cell: FloatArray, name: str, rest: tuple[str, ...]) -> float:
        if not rest:
            return float(np.sum(cell))
        given = self.output.model
        names = {
            "delayed_by_reason": [reason.name for reason in given.reasons],
            "moves": [setting.name for setting in given.settings],
            "pathway_discharges": ["0", "1", "2", "3"],
        }
        return float(cell[names.get(name, list(given.cohorts)).index(rest[0])])

    def failed(self) -> list[str]:
        """Return the names of the checks that failed."""
        return [check.name for check in self.output.checks if not check.passed]


def flow(*args: Any, **kwargs: Any) -> Ran:
    """Run a model built from parts (see :func:`model`), which must pass its audit."""
    ran = Ran(run_flow(model(*args, **kwargs), threads=1))
    assert ran.failed() == []
    return ran
