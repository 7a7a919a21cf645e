"""Who is there at the start: counts for all cohorts are divided as they would be in equilibrium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from caresim.model import Census, Model, Queued
from caresim.scenario.assemble.book import Book
from caresim.scenario.resolve.context import varies
from caresim.scenario.schema.start import CensusEntry, Initial
from caresim.scenario.values import By, Quantity
from caresim.traffic import arrivals_per_day, equilibrium

FloatArray = NDArray[np.float64]


def with_start(book: Book, model: Model) -> Model:
    """Return the model with the people who are there at the start, and their stays."""
    initial = book.file.initial
    if not isinstance(initial, Initial):
        return replace(model, steady_start=initial == "steady_state")
    flows = _Flows(model)
    census = [
        one
        for setting, name in enumerate(book.settings)
        if name in initial.census
        for one in _census(book, flows, setting, initial.census[name])
    ]
    queued = [
        one
        for setting, name in enumerate(book.settings)
        for source, people in sorted(initial.queue.get(name, {}).items())
        for one in _queued(book, flows, setting, book.source(source), people)
    ]
    return replace(
        model,
        census=tuple(census),
        queued=tuple(queued),
        stays=tuple(book.stays),
        inputs=book.inputs(),
    )


class _Flows:
    """How people of each cohort would be divided in the long run, worked out when needed."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._found: tuple[FloatArray, FloatArray] | None = None

    @property
    def found(self) -> tuple[FloatArray, FloatArray]:
        """People in each setting, and stays begun each day, by setting and cohort."""
        if self._found is None:
            flows = equilibrium(self.model)
            self._found = flows.people + flows.delayed, flows.stays_per_day
        return self._found

    def in_setting(self, setting: int) -> FloatArray:
        """Return the share of each cohort among the people in a setting."""
        return _shares(self.found[0][setting], self.of_arrivals())

    def waiting(self, to: int, source: int) -> FloatArray:
        """Return the share of each cohort among those who come from a source to a setting."""
        model = self.model
        flow = np.zeros(len(model.cohorts))
        if source < len(model.arrival_names):
            for arrivals in model.arrivals:
                if arrivals.source == source and arrivals.to == to:
                    flow[arrivals.cohort] += arrivals_per_day(arrivals)
        else:
            setting = source - len(model.arrival_names)
            for route in model.routes:
                if route.setting == setting and route.to == to:
                    flow[route.cohort] += self.found[1][setting, route.cohort] * route.share
        return _shares(flow, self.of_arrivals())

    def of_arrivals(self) -> FloatArray:
        """Return the share of each cohort among all who arrive, for want of better."""
        flow = np.zeros(len(self.model.cohorts))
        for arrivals in self.model.arrivals:
            flow[arrivals.cohort] += arrivals_per_day(arrivals)
        return _shares(flow, np.full(flow.size, 1.0 / flow.size))


def _shares(amounts: FloatArray, otherwise: FloatArray) -> FloatArray:
    total = amounts.sum()
    if not np.isfinite(total) or total <= 0:
        return otherwise
    return np.asarray(amounts / total)


def _census(
    book: Book, flows: _Flows, setting: int, value: CensusEntry | By[CensusEntry]
) -> Iterator[Census]:
    divided = varies(value, "cohort") or (
        isinstance(value, CensusEntry) and varies(value.people, "cohort")
    )
    alone = len(book.cohorts) == 1
    shares = np.ones(len(book.cohorts)) if divided or alone else flows.in_setting(setting)
    for cohort, who in enumerate(book.cohorts):
        entry = book.at(value, who)
        assert entry.people is not None
        people = book.at(entry.people, who).value * float(shares[cohort])
        if people > 0:
            remaining = None if entry.remaining is None else book.stay(entry.remaining, who)
            yield Census(setting, cohort, people, _elapsed(entry), remaining)


def _elapsed(entry: CensusEntry) -> tuple[float, ...]:
    if isinstance(entry.elapsed, Quantity):
        return (entry.elapsed.value,)
    return entry.elapsed if isinstance(entry.elapsed, tuple) else ()


def _queued(
    book: Book, flows: _Flows, to: int, source: int, value: Quantity | By[Quantity]
) -> Iterator[Queued]:
    given = varies(value, "cohort") or len(book.cohorts) == 1
    shares = np.ones(len(book.cohorts)) if given else flows.waiting(to, source)
    for cohort, who in enumerate(book.cohorts):
        people = book.at(value, who).value * float(shares[cohort])
        if people > 0:
            yield Queued(to, cohort, source, people)
