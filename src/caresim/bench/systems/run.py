"""Runs systems, several at once, solves for what they leave unknown, and judges their checks."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caresim.api import load, run
from caresim.bench.cases import SCENARIOS, SuiteError
from caresim.bench.systems.expression import Expression, Found, Reference
from caresim.bench.systems.judge import Judged, judge
from caresim.bench.systems.language import (
    DEFAULT_FIGURE_OPTION,
    WHOLE_RUN,
    Run,
    System,
    Unknown,
)
from caresim.bench.systems.measure import measure
from caresim.results.results import Results

FloatArray = NDArray[np.float64]
Progress = Callable[[float], None]

PRECISION = 1e-4
"""How near an unknown is solved, as a share of the range that is searched."""


class UnsolvedError(SuiteError):
    """No value of an input does what is wanted of it."""


@dataclass(frozen=True)
class SystemResult:
    """A system that was run.

    Attributes
    ----------
    system
        What was run.
    judged
        Its checks in each of their runs, in order; none if an unknown has no solution.
    solved
        Unknowns and their solutions.
    audit
        Checks of the engine that failed, and unknowns that have no solution.
    seconds
        How long it took.
    """

    system: System
    judged: tuple[Judged, ...]
    solved: Mapping[str, float]
    audit: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every check passes, and no check of the engine failed."""
        return not self.audit and all(judged.passed for judged in self.judged)


def run_systems(
    systems: Sequence[System],
    root: Path,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Iterator[SystemResult]:
    """Run systems, each in a process of its own, and judge them; see :func:`run_system`.

    Parameters
    ----------
    systems
        What to run.
    root
        The checkout, as :func:`caresim.bench.cases.repository` returns it.
    threads
        Processes, or threads for a single system; as many as processors if None.
    progress
        Called with the share of systems that are done.

    Yields
    ------
    SystemResult
        In order.
    """
    workers = min(threads or len(os.sched_getaffinity(0)), len(systems))
    if workers == 1:
        for number, system in enumerate(systems):
            yield run_system(system, root, threads=threads)
            if progress is not None:
                progress((number + 1) / len(systems))
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(run_system, system, root, threads=1) for system in systems]
        try:
            for number, future in enumerate(futures):
                yield future.result()
                if progress is not None:
                    progress((number + 1) / len(systems))
        finally:
            pool.shutdown(cancel_futures=True)


def run_system(
    system: System, root: Path, *, threads: int | None = None, broken: bool = False
) -> SystemResult:
    """Run one system and judge its checks.

    Parameters
    ----------
    system, root
        As in :func:`run_systems`.
    threads
        At most so many.
    broken
        Whether to take the mechanism away as the file says, in which case some check must miss.
        Only the run that is named first is judged.

    Raises
    ------
    SuiteError
        If a check asks for what the runs do not have.
    ScenarioError
        If the scenario has a fault.
    """
    began = time.perf_counter()
    bench = _Bench(system, root, threads, system.broken if broken else {})
    try:
        for name, unknown in system.unknowns.items():
            bench.solved[name] = bench.solve(name, unknown)
        judged = tuple(
            judge(check, name, bench.finder(name))
            for check in system.checks
            for name in check.runs
            if not broken or name == next(iter(system.runs))
        )
    except UnsolvedError as error:
        judged = ()
        bench.audit.append(str(error))
    except SuiteError as error:
        raise SuiteError(f"{system.name}: {error}") from error
    return SystemResult(
        system, judged, dict(bench.solved), tuple(bench.audit), time.perf_counter() - began
    )


class _Bench:
    """The runs of one system, each done once, with the options that its checks speak of."""

    def __init__(
        self, system: System, root: Path, threads: int | None, more: Mapping[str, str]
    ) -> None:
        self.system = system
        self.path = root / SCENARIOS / system.scenario
        self.threads = threads
        self.more = more
        self.solved: dict[str, float] = {}
        self.audit: list[str] = []
        self._done: dict[str, Results] = {}

    def finder(self, name: str) -> Callable[[str], Found]:
        """Return what evaluates expressions in a run."""

        def find(text: str) -> Found:
            if name not in self._done:
                texts = [text for c in self.system.checks if name in c.runs for text in c.texts]
                self._done[name] = self._run(self.system.runs[name], texts)
                self.audit += [
                    f"{name} run, option {option.name}: {check.name}"
                    for option in self._done[name]
                    for check in option.audit
                    if not check.passed
                ]
            return self._find(text, self._done[name])

        return find

    def solve(self, name: str, unknown: Unknown) -> float:
        """Return the value of an input with which an expression is 0."""
        from scipy.optimize import brentq

        how = self.system.runs[unknown.run]
        low, high = unknown.between

        def gap(value: float) -> float:
            text = unknown.written.format(f"{value:.12g}")
            results = self._run(how, [unknown.until], {unknown.set: text})
            return self._find(unknown.until, results).value

        ends = gap(low), gap(high)
        if ends[0] * ends[1] > 0.0:
            raise UnsolvedError(
                f"solve {name}: {unknown.until} is {ends[0]:.4g} with {unknown.set} at {low:g} "
                f"and {ends[1]:.4g} at {high:g}; it is 0 nowhere between"
            )
        return float(brentq(gap, low, high, xtol=PRECISION * (high - low)))

    def _run(
        self, how: Run, texts: Sequence[str], more: Mapping[str, str] | None = None
    ) -> Results:
        given = {**how.set, **self.more, **(more or {})}
        for name in how.solved:
            unknown = self.system.unknowns[name]
            given[unknown.set] = unknown.written.format(f"{self.solved[name]:.12g}")
        scenario = load(self.path, list(given.items()))
        references = [ref for text in texts for ref in self._read(text).references]
        figures = [ref for ref in references if ref.name not in self.system.unknowns]
        wanted = {self._place(ref, scenario.options)[0] for ref in figures}
        return run(scenario, how.engine, how.members, options=sorted(wanted), threads=self.threads)

    def _read(self, text: str) -> Expression:
        return Expression(text, self.system.numbers)

    def _place(self, ref: Reference, options: Sequence[str]) -> tuple[str, str]:
        """Return the option and window of a reference."""
        if ref.name not in self.system.figures:
            raise SuiteError(f"nothing is named {ref.name}")
        option, window = DEFAULT_FIGURE_OPTION, WHOLE_RUN
        for part in ref.brackets:
            if part in options:
                option = part
            else:
                window = part
        return option, window

    def _find(self, text: str, results: Results) -> Found:
        expression = self._read(text)
        options = (DEFAULT_FIGURE_OPTION, *results.manifest.scenario.get("options", ()))
        figures: dict[Reference, FloatArray] = {}
        for ref in expression.references:
            if ref.name in self.system.unknowns:
                figures[ref] = np.full(results.members, self.solved[ref.name])
            else:
                option, window = self._place(ref, options)
                figures[ref] = measure(results[option], self.system.figures[ref.name], window)
        return expression.found(figures, results.members)
