"""Runs the cases of a suite, several options at once, and judges their figures."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from caresim.api import load
from caresim.bench.cases import SCENARIOS, Case, Figure, SuiteError
from caresim.bench.gather import gather
from caresim.bench.statistics import Estimate, Verdict, distance, judge

Progress = Callable[[float], None]


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
    """All figures of a case, the processor time it took, and checks of the engine that failed."""

    case: Case
    figures: tuple[Measured, ...]
    seconds: float
    audit: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every figure passes and no check of the engine failed."""
        return not self.audit and all(figure.passed for figure in self.figures)


@dataclass(frozen=True)
class _OptionResult:
    """The figures of one option of a case, in the order of the case."""

    found: tuple[Estimate, ...]
    seconds: float
    audit: tuple[str, ...]


def run_suite(
    cases: Sequence[Case],
    root: Path,
    *,
    quick: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Iterator[CaseResult]:
    """Run cases and judge their figures.

    Options are run side by side in processes of their own, since much of the work on short runs
    and on event logs is not done in threads. Results do not depend on how many.

    Parameters
    ----------
    cases
        Of a suite.
    root
        The checkout, as :func:`caresim.bench.cases.repository` returns it.
    quick
        Fewer members, and only the distance in standard errors counts. All in this process.
    threads
        Processes, or threads, at a time; as many as processors if None.
    progress
        Called with the share of the work that is done.

    Yields
    ------
    CaseResult
        Of each case, in order.

    Raises
    ------
    SuiteError
        If a figure cannot be measured in its case.
    ScenarioError
        If a scenario has a fault.
    """
    tasks = [(case, option) for case in cases for option in case.options]
    workers = min(threads or len(os.sched_getaffinity(0)), len(tasks))
    if quick or workers == 1:
        for number, case in enumerate(cases):
            yield run_case(case, root, quick=quick, threads=threads)
            if progress is not None:
                progress((number + 1) / len(cases))
        return
    # The longest first, as far as their members tell, so that none is left to the end alone.
    tasks.sort(key=lambda task: -task[0].members[task[1]])
    found: dict[tuple[str, str], _OptionResult] = {}
    next_case = 0
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        futures = {pool.submit(_run_option, *task, root, threads=1): task for task in tasks}
        try:
            for future in as_completed(futures):
                case, option = futures[future]
                found[case.case, option] = future.result()
                if progress is not None:
                    progress(len(found) / len(tasks))
                while next_case < len(cases) and _is_complete(cases[next_case], found):
                    yield _judged(cases[next_case], found, quick=quick)
                    next_case += 1
        finally:
            pool.shutdown(cancel_futures=True)


def run_case(
    case: Case,
    root: Path,
    *,
    quick: bool = False,
    threads: int | None = None,
) -> CaseResult:
    """Run one case in this process, and judge its figures; see :func:`run_suite`."""
    found = {
        (case.case, option): _run_option(case, option, root, quick=quick, threads=threads)
        for option in case.options
    }
    return _judged(case, found, quick=quick)


def _run_option(
    case: Case, option: str, root: Path, *, quick: bool = False, threads: int | None = None
) -> _OptionResult:
    began = time.process_time()
    path = root / SCENARIOS / case.scenario
    scenario = load(path, [*case.set.items(), ("run.engine", case.engine)])
    if option not in scenario.options:
        raise SuiteError(f"{case.case}: {case.scenario} has no option {option!r}")
    most = case.members[option]
    estimates, audit = gather(
        scenario.model(option),
        case.figures_of(option),
        min(most, case.quick) if quick else most,
        until_precise=not quick,
        threads=threads,
    )
    named = tuple(f"{option}: {name}" for name in audit)
    return _OptionResult(tuple(estimates), time.process_time() - began, named)


def _is_complete(case: Case, found: dict[tuple[str, str], _OptionResult]) -> bool:
    return all((case.case, option) in found for option in case.options)


def _judged(case: Case, found: dict[tuple[str, str], _OptionResult], *, quick: bool) -> CaseResult:
    results = [found[case.case, option] for option in case.options]
    estimates = {
        id(figure): estimate
        for option, result in zip(case.options, results, strict=True)
        for figure, estimate in zip(case.figures_of(option), result.found, strict=True)
    }
    return CaseResult(
        case,
        tuple(_measured(case, figure, estimates[id(figure)], quick) for figure in case.figures),
        sum(result.seconds for result in results),
        tuple(name for result in results for name in result.audit),
    )


def _measured(case: Case, figure: Figure, found: Estimate, quick: bool) -> Measured:
    verdict = judge(found, figure.exact, figure.allowed, quick=quick)
    return Measured(case, figure, found, distance(found, figure.exact), verdict)
