"""Runs members of one option until its figures are precise, keeping only what the figures need."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from caresim.bench.cases import Figure
from caresim.bench.figures import Needs, measure_of
from caresim.bench.statistics import Estimate, estimate, largest_error
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

FIRST_LOOK, FIRST_SHARE = 32, 32
"""Figures are first looked at after so many members, or after that part of the most that may be
run: a standard error of fewer is too uncertain to stop by, and looking often would stop where the
spread happens to be small, which for queues is where they are short."""

AIM = 0.95
"""Share of the largest standard error that is aimed for."""

MARGIN = 1.1
"""Members asked for, over those that the spread so far says are needed."""


@dataclass
class Gathered:
    """The parts of a figure from the members run so far."""

    figure: Figure
    parts: list[FloatArray] = field(default_factory=list)

    def add(self, out: Output) -> None:
        """Take what the figure needs of some members."""
        self.parts.append(measure_of(self.figure).parts(out, self.figure))

    def estimate(self) -> Estimate:
        """Return the figure and its standard error, both in its own unit."""
        found = estimate(np.concatenate(self.parts), measure_of(self.figure).combine)
        per = self.figure.per
        return Estimate(found.value / per, found.standard_error / abs(per), found.members)

    def needed(self, most: int) -> int:
        """Return how many members would make the figure precise: ``most`` if that is not known.

        A figure with a tolerance of its own is as good as all members make it.
        """
        if not self.figure.allowed.by_standard_error:
            return most
        found = self.estimate()
        ratio = found.standard_error / (AIM * largest_error(self.figure.exact))
        if math.isnan(ratio):
            return most
        return found.members if ratio <= 1.0 else math.ceil(found.members * ratio**2 * MARGIN)


def gather(
    model: Model,
    figures: Sequence[Figure],
    most: int,
    *,
    until_precise: bool = True,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[list[Estimate], tuple[str, ...]]:
    """Run members, and estimate the figures from them.

    A figure that is precise takes no further members, so that one which needs the event log does
    not slow down the many members that another may need.

    Parameters
    ----------
    model
        One option.
    figures
        Of that option.
    most
        Members that may be run.
    until_precise
        Stop once the standard error of each figure is small enough to count; else run them all.
    threads
        At most this many; all processors if None.
    progress
        Called with the share that is done.

    Returns
    -------
    list of Estimate
        Of each figure, in order.
    tuple of str
        Checks of the engine that failed.
    """
    gathered = [Gathered(figure) for figure in figures]
    wanting, audit = list(gathered), dict[str, None]()
    runs = _Runs(model, threads)
    target = max(FIRST_LOOK, most // FIRST_SHARE) if until_precise else most
    while wanting and runs.done < most:
        target = min(target, most)
        while runs.done < target:
            out = runs.batch(target - runs.done, [one.figure for one in wanting])
            for one in wanting:
                one.add(out)
            audit |= {check.name: None for check in out.checks if not check.passed}
            if progress is not None:
                progress(runs.done / max(target, most))
        needed = {id(one): one.needed(most) for one in wanting}
        wanting = [one for one in wanting if needed[id(one)] > runs.done]
        target = max((needed[id(one)] for one in wanting), default=most)
    return [one.estimate() for one in gathered], tuple(audit)


class _Runs:
    """Runs batches of members, each with a seed of its own."""

    def __init__(self, model: Model, threads: int | None) -> None:
        self.model, self.threads = model, threads
        self.done, self._seed, self._rows_per_member = 0, SEED, math.nan

    def batch(self, most: int, figures: Sequence[Figure]) -> Output:
        """Run members, at most so many, and return what the figures need of them."""
        needs = {measure_of(figure).needs for figure in figures}
        size = self._size(needs)
        # What would be left over is taken too if it is little: spreads need several members.
        count = most if most < size + FIRST_BATCH else size
        run = dataclasses.replace(self.model.run, members=count, seed=self._seed)
        out = self._run(dataclasses.replace(self.model, run=run), needs)
        self.done, self._seed = self.done + count, self._seed + 1
        if isinstance(out, EventOutput) and out.log is not None:
            self._rows_per_member = len(out.log) / count
        return out

    def _size(self, needs: set[Needs]) -> int:
        size = BATCH
        if "series" in needs:
            model = self.model
            numbers = save_times(model).size * len(model.settings) * len(model.cohorts)
            size = _within(KEPT / numbers)
        if "log" in needs:
            known = not math.isnan(self._rows_per_member)
            rows = _within(KEPT / max(self._rows_per_member, 1.0)) if known else FIRST_BATCH
            size = min(size, rows)
        return size

    def _run(self, model: Model, needs: set[Needs]) -> Output:
        series = model.run.members if "series" in needs else 0
        if model.run.engine == "event":
            return run_event(model, log="log" in needs, series=series, threads=self.threads)
        return run_flow(model, series=series, threads=self.threads)


def _within(members: float) -> int:
    """Return a size of batches that keeps all processors busy."""
    return int(min(max(members, FIRST_BATCH), BATCH))
