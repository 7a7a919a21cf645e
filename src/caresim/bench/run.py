"""Runs the cases of a suite in batches of members, keeping only what the figures need."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caresim.api import load
from caresim.bench.cases import SCENARIOS, Case, Figure, SuiteError
from caresim.bench.figures import measure_of
from caresim.bench.statistics import Estimate, Verdict, distance, estimate, judge
from caresim.engines.event.run import EventOutput
from caresim.engines.event.run import run as run_event
from caresim.engines.flow.run import run_flow
from caresim.engines.output import Output, save_times
from caresim.model import Model

FloatArray = NDArray[np.float64]

BATCH = 4096
"""Most members run at a time."""

KEPT = 1_000_000
"""About so many rows of the event log, or numbers of a kind at saved times, are kept at a time;
this bounds the memory."""

FIRST_BATCH = 16
"""Members of the first batch if the event log is kept: it shows how many rows a member has."""

SEED = 1
"""Of the first batch; each later batch takes the next. Any other would do as well."""


@dataclass(frozen=True)
class Measured:
    """A figure of a case as simulated.

    Attributes
    ----------
    case, figure
        Of the suite.
    found
        The estimate, divided by ``figure.per``.
    z
        Standard errors from the exact value; NaN where there is no standard error.
    verdict
        pass, miss, or too wide (near enough, but not precise enough to count).
    """

    case: Case
    figure: Figure
    found: Estimate
    z: float
    verdict: Verdict

    @property
    def passed(self) -> bool:
        """Whether the figure is as it must be."""
        return self.verdict == "pass"


@dataclass(frozen=True)
class CaseResult:
    """All figures of a case, and how long it took."""

    case: Case
    figures: tuple[Measured, ...]
    seconds: float
    audit: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every figure passes and no check of the engine failed."""
        return not self.audit and all(figure.passed for figure in self.figures)


def run_case(
    case: Case,
    root: Path,
    *,
    quick: bool = False,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> CaseResult:
    """Run a case and judge its figures.

    Parameters
    ----------
    case
        Of a suite.
    root
        The checkout, as :func:`caresim.bench.cases.repository` returns it.
    quick
        Fewer members, and only the distance in standard errors counts.
    threads
        At most this many; all processors if None.
    progress
        Called with the share of the case that is done.

    Raises
    ------
    SuiteError
        If a figure cannot be measured in this case.
    ScenarioError
        If the scenario has a fault.
    """
    began = time.perf_counter()
    path = root / SCENARIOS / case.scenario
    scenario = load(path, [*case.set.items(), ("run.engine", case.engine)])
    options = list(dict.fromkeys(figure.option for figure in case.figures))
    measured: dict[Figure, Measured] = {}
    audit: list[str] = []
    for number, option in enumerate(options):
        if option not in scenario.options:
            raise SuiteError(f"{case.case}: {case.scenario} has no option {option!r}")
        figures = [figure for figure in case.figures if figure.option == option]
        members = case.members[option]
        if quick:
            members = min(members, case.quick)
        kept: list[list[FloatArray]] = [[] for _ in figures]
        done = 0
        for out in _batches(scenario.model(option), members, figures, threads):
            for parts, figure in zip(kept, figures, strict=True):
                parts.append(measure_of(figure).parts(out, figure))
            audit += [f"{option}: {c.name}" for c in out.checks if not c.passed]
            done += out.members
            if progress is not None:
                progress((number + done / members) / len(options))
        for parts, figure in zip(kept, figures, strict=True):
            measured[figure] = _measured(case, figure, np.concatenate(parts), quick)
    ordered = tuple(measured[figure] for figure in case.figures)
    return CaseResult(case, ordered, time.perf_counter() - began, tuple(dict.fromkeys(audit)))


def _measured(case: Case, figure: Figure, parts: FloatArray, quick: bool) -> Measured:
    whole = estimate(parts, measure_of(figure).combine)
    error = whole.standard_error / abs(figure.per)
    found = Estimate(whole.value / figure.per, error, whole.members)
    verdict = judge(found, figure.exact, figure.allowed, quick=quick)
    return Measured(case, figure, found, distance(found, figure.exact), verdict)


def _batches(
    model: Model, members: int, figures: Sequence[Figure], threads: int | None
) -> Iterator[Output]:
    """Run all members, some at a time, and yield the results of each batch."""
    needs = {measure_of(figure).needs for figure in figures}
    size = BATCH
    if "series" in needs:
        numbers = save_times(model).size * len(model.settings) * len(model.cohorts)
        size = _within(KEPT / numbers)
    if "log" in needs:
        size = min(size, FIRST_BATCH)
    done, seed = 0, SEED
    while done < members:
        left = members - done
        # What would be left over is taken too if it is little: spreads need several members.
        count = left if left < size + FIRST_BATCH else size
        run = dataclasses.replace(model.run, members=count, seed=seed)
        series = count if "series" in needs else 0
        out = _run(dataclasses.replace(model, run=run), series, "log" in needs, threads)
        yield out
        done, seed = done + count, seed + 1
        if isinstance(out, EventOutput) and out.log is not None:
            size = _within(KEPT * count / max(len(out.log), 1))


def _within(members: float) -> int:
    """Return a size of batches that keeps both processors busy."""
    return int(min(max(members, FIRST_BATCH), BATCH))


def _run(model: Model, series: int, log: bool, threads: int | None) -> Output:
    if model.run.engine == "event":
        return run_event(model, log=log, series=series, threads=threads)
    return run_flow(model, series=series, threads=threads)
