"""The fluid limit: the event engine on ever larger copies of a place, beside the flow engine.

Scale all arrivals and places by n: what the event engine gives, divided by n, tends to what the
flow engine gives as it is (T. G. Kurtz, Journal of Applied Probability 7, 1970, 49-58, for chains
of this kind). The gap at n = 1 is what averages hide.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caresim.api import load
from caresim.bench.cases import SCENARIOS, Figure, SuiteError, entry, read_figures, read_lists
from caresim.bench.gather import gather
from caresim.bench.statistics import ERRORS, Estimate
from caresim.model import Model, Timeline

SUITE = "fluid"


@dataclass(frozen=True)
class FluidCase:
    """A place, and what is compared in it.

    Attributes
    ----------
    case, scenario, option, set
        As in :class:`caresim.bench.cases.Case`. Uncertain inputs are taken at their means.
    scales
        How many times the place, the last the largest.
    members
        At each scale.
    figures
        What is compared; ``allowed`` is how near the largest scale must come.
    source
        What is known of the limit.
    """

    case: str
    scenario: str
    scales: tuple[int, ...]
    members: tuple[int, ...]
    figures: tuple[Figure, ...]
    option: str = "do_nothing"
    set: dict[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Approach:
    """A figure at all scales, divided by the scale, and its limit from the flow engine."""

    figure: Figure
    at: tuple[Estimate, ...]
    limit: float

    @property
    def gaps(self) -> tuple[float, ...]:
        """How far each scale is from the limit, in the unit of the figure."""
        return tuple(found.value - self.limit for found in self.at)

    @property
    def passed(self) -> bool:
        """Whether the largest scale is near the limit, and none the further for being larger.

        Chance apart: a gap may exceed one at a smaller scale by 4 standard errors of the two.
        """
        allowed = self.figure.allowed
        near = abs(self.gaps[-1]) <= max(allowed.relative * abs(self.limit), allowed.absolute)
        sizes = [abs(gap) for gap in self.gaps]
        errors = [found.standard_error for found in self.at]
        return near and all(
            sizes[i + 1] <= sizes[i] + ERRORS * math.hypot(errors[i], errors[i + 1])
            for i in range(len(sizes) - 1)
        )


@dataclass(frozen=True)
class FluidResult:
    """All figures of a case, the processor time it took, and checks of the engines that failed."""

    case: FluidCase
    figures: tuple[Approach, ...]
    seconds: float
    audit: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every figure approaches its limit and no check failed."""
        return not self.audit and all(figure.passed for figure in self.figures)


def times(model: Model, scale: float) -> Model:
    """Return so many copies of a place as one: with all arrivals, places and people there.

    Uncertain inputs stand at their means. Uses of places by each person stay as they are.
    """

    def grown(timeline: Timeline) -> Timeline:
        return dataclasses.replace(timeline, values=timeline.values * scale)

    settings = tuple(
        dataclasses.replace(
            setting,
            capacity=grown(setting.capacity),
            room=setting.room * scale,
            reserved=tuple(
                dataclasses.replace(kept, places=kept.places * scale) for kept in setting.reserved
            ),
            planned_moves=tuple(
                dataclasses.replace(move, people=move.people * scale)
                for move in setting.planned_moves
            ),
        )
        for setting in model.settings
    )
    return dataclasses.replace(
        model,
        settings=settings,
        arrivals=tuple(dataclasses.replace(a, rate=a.rate * scale) for a in model.arrivals),
        census=tuple(dataclasses.replace(c, people=c.people * scale) for c in model.census),
        queued=tuple(dataclasses.replace(q, people=q.people * scale) for q in model.queued),
        inputs=(),
    )


def read_fluid(root: Path) -> tuple[FluidCase, ...]:
    """Read the cases of the folder ``benchmarks/fluid``.

    Raises
    ------
    SuiteError
        If a list cannot be read.
    """
    return tuple(read_lists(root / "benchmarks" / SUITE, _case))


def _case(where: str, written: Any) -> FluidCase:
    given = entry(where, written, FluidCase)
    figures = [
        figure
        for place, one in enumerate(given.pop("figures", []), start=1)
        for figure in read_figures(f"{where}, figure {place}", {**one, "exact": math.nan})
    ]
    for figure in figures:
        if figure.allowed.by_standard_error:
            raise SuiteError(f"{where}: {figure.label} does not say within what it must come")
    given["set"] = {str(key): str(value) for key, value in given.get("set", {}).items()}
    for name in ("scales", "members"):
        given[name] = tuple(given.get(name, ()))
    if not given["scales"] or len(given["scales"]) != len(given["members"]):
        raise SuiteError(f"{where}: scales and members are lists of the same length")
    try:
        return FluidCase(**given, figures=tuple(figures))
    except TypeError as error:
        raise SuiteError(f"{where}: {error}") from error


def run_fluid(
    cases: Sequence[FluidCase],
    root: Path,
    *,
    quick: bool = False,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[FluidResult]:
    """Run cases in both engines and compare them.

    Parameters
    ----------
    cases, root
        As :func:`read_fluid` and :func:`caresim.bench.cases.repository` return them.
    quick
        Leave out the largest scale, whose place the one before it takes, and run a quarter of the
        members.
    threads
        At most this many; all processors if None.
    progress
        Called with the share of the work that is done.
    """
    for number, case in enumerate(cases):
        yield _run(case, root, quick=quick, threads=threads)
        if progress is not None:
            progress((number + 1) / len(cases))


def _run(case: FluidCase, root: Path, *, quick: bool, threads: int | None) -> FluidResult:
    began = time.process_time()
    kept = slice(0, max(1, len(case.scales) - 1)) if quick else slice(None)
    scenario = load(root / SCENARIOS / case.scenario, list(case.set.items()))
    if case.option not in scenario.options:
        raise SuiteError(f"{case.case}: {case.scenario} has no option {case.option!r}")
    model = scenario.model(case.option)
    limits, failed = gather(_in("flow", times(model, 1.0)), case.figures, 1, threads=threads)
    audit = [f"flow: {name}" for name in failed]
    at: list[list[Estimate]] = []
    for scale, members in zip(case.scales[kept], case.members[kept], strict=True):
        figures = [dataclasses.replace(figure, per=float(scale)) for figure in case.figures]
        count = max(2, members // 4) if quick else members
        large = _in("event", times(model, float(scale)))
        found, failed = gather(large, figures, count, until_precise=False, threads=threads)
        audit += [f"event, scale {scale}: {name}" for name in failed]
        at.append(found)
    approaches = tuple(
        Approach(figure, tuple(found[place] for found in at), limits[place].value)
        for place, figure in enumerate(case.figures)
    )
    return FluidResult(case, approaches, time.process_time() - began, tuple(audit))


def _in(engine: str, model: Model) -> Model:
    run = dataclasses.replace(model.run, engine=engine)  # type: ignore[arg-type]
    return dataclasses.replace(model, run=run)
