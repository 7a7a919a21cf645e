"""The results of one option: what an engine returned, labelled and audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import Check, Output, Window
from caresim.model import PublishedFigure
from caresim.results.archive import Part, read_only
from caresim.results.audit import audit
from caresim.results.event_log import LogNotKeptError, LogTable, log_table
from caresim.results.indicators import Estimate, estimates
from caresim.results.labels import Labels

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
Group = Literal["totals", "mean", "series", "spells", "pooled_spells"]

GROUPS: tuple[Group, ...] = ("totals", "mean", "series", "spells", "pooled_spells")
"""The groups of arrays that an engine returns (:class:`caresim.engines.output.Output`)."""

NO_LENGTHS = (
    "The flow engine follows mean numbers of people: it has no distribution of waits, delays or "
    "stays, and no queue below saturation. Use `--engine event` to see them."
)
"""Said of every run of the flow engine."""


@dataclass(frozen=True)
class Reported:
    """A published figure beside the simulated one for the same dates.

    Attributes
    ----------
    figure
        The published figure.
    window
        The dates compared, cut to the run; None if they lie outside it.
    simulated
        None if the run has no such figure.
    """

    figure: PublishedFigure
    window: Window | None
    simulated: Estimate | None


@dataclass(frozen=True, eq=False)
class OptionResults:
    """What an engine found for one option.

    Attributes
    ----------
    labels
        Names along the dimensions of the arrays.
    engine
        flow, event or simpy.
    times, totals, mean, series, draws, spells, pooled_spells
        As in :class:`caresim.engines.output.Output`; read-only.
    audit
        Checks of the run, those of the engine first.
    notes
        Sentences on how rules were approximated.
    log
        Makes or reads the event log; None if the run kept none.
    """

    labels: Labels
    engine: str
    times: FloatArray
    totals: Mapping[str, FloatArray]
    mean: Mapping[str, FloatArray]
    series: Mapping[str, FloatArray]
    draws: FloatArray
    spells: Mapping[str, FloatArray]
    pooled_spells: Mapping[str, FloatArray]
    audit: tuple[Check, ...]
    notes: tuple[str, ...]
    log: Callable[[], LogTable] | None = None

    @classmethod
    def from_output(cls, output: Output) -> OptionResults:
        """Label and audit what an engine returned."""
        labels = Labels.of(output.model, output.windows)
        log = getattr(output, "log", None)
        return cls.assemble(
            labels=labels,
            engine=output.engine,
            arrays={
                "times": output.times,
                "draws": output.draws,
                **{f"totals/{name}": array for name, array in output.totals.items()},
                **{f"mean/{name}": array for name, array in output.mean.items()},
                **{f"series/{name}": array for name, array in output.series.items()},
                **{f"spells/{name}": array for name, array in output.spells.items()},
                **{f"pooled_spells/{name}": a for name, a in output.pooled_spells.items()},
            },
            checks=(*output.checks, *audit(output)),
            notes=(*output.notes, *((NO_LENGTHS,) if output.engine == "flow" else ())),
            log=None if log is None else partial(log_table, output.model, log),
        )

    @classmethod
    def assemble(
        cls,
        *,
        labels: Labels,
        engine: str,
        arrays: Mapping[str, FloatArray],
        checks: tuple[Check, ...],
        notes: tuple[str, ...],
        log: Callable[[], LogTable] | None = None,
    ) -> OptionResults:
        """Undo :meth:`arrays`."""

        def group(name: Group) -> Mapping[str, FloatArray]:
            return Part(arrays, f"{name}/")

        return cls(
            labels=labels,
            engine=engine,
            times=read_only(arrays["times"]),
            totals=group("totals"),
            mean=group("mean"),
            series=group("series"),
            draws=read_only(arrays["draws"]),
            spells=group("spells"),
            pooled_spells=group("pooled_spells"),
            audit=checks,
            notes=notes,
            log=log,
        )

    def arrays(self) -> dict[str, FloatArray]:
        """Return all arrays by name, such as ``totals/occupied``, in a fixed order."""
        found = {"times": self.times, "draws": self.draws}
        for group in GROUPS:
            held: Mapping[str, FloatArray] = getattr(self, group)
            found |= {f"{group}/{name}": held[name] for name in sorted(held)}
        return found

    @property
    def name(self) -> str:
        """Name of the option."""
        return self.labels.option

    @property
    def members(self) -> int:
        """Number of members run."""
        return int(self.draws.shape[0])

    @property
    def passed(self) -> bool:
        """Whether every check of the audit passed."""
        return all(check.passed for check in self.audit)

    @property
    def log_table(self) -> LogTable:
        """The event log, to be written in the layouts of other programs.

        Raises
        ------
        LogNotKeptError
            If the run kept none.
        """
        if self.log is None:
            raise LogNotKeptError(
                "this run kept no event log; run it again with `caresim run --log`, or "
                "`log=True` in Python"
            )
        return self.log()

    @property
    def event_log(self) -> pd.DataFrame:
        """The event log: a row for each stay, and for each wait that came to none.

        The columns are those of :class:`caresim.results.event_log.LogTable`. Raises
        LogNotKeptError if the run kept none.
        """
        return self.log_table.recorded

    def indicators(self, window: str = "all") -> dict[str, Estimate]:
        """Return the indicators over a window of the run.

        Parameters
        ----------
        window
            ``all``, ``year_1`` and so on, or the key of a published figure.

        Returns
        -------
        dict
            From the id, such as ``occupancy.acute``, to the mean and the 5th and 95th
            percentile over members. Ids that do not apply are left out.

        Raises
        ------
        KeyError
            If there is no such window.
        """
        names = [known.name for known in self.labels.windows]
        if window not in names:
            raise KeyError(f"no window {window!r}; there are {', '.join(names)}")
        return self._estimates(names.index(window))

    def published(self) -> tuple[Reported, ...]:
        """Return the published figures of the scenario, with the simulated ones beside."""
        return tuple(self._reported(figure) for figure in self.labels.published)

    def _reported(self, figure: PublishedFigure) -> Reported:
        positions = [n for n, w in enumerate(self.labels.windows) if w.name == figure.name]
        if not positions:
            return Reported(figure, None, None)
        # A figure may be named like a year of the run, which comes before it.
        last = positions[-1]
        simulated = self._estimates(last).get(figure.indicator)
        return Reported(figure, self.labels.windows[last], simulated)

    def _estimates(self, position: int) -> dict[str, Estimate]:
        """Return the indicators of a window, worked out once for all windows of the same days."""
        window = self.labels.windows[position]
        days = (window.first_day, window.last_day)
        if days not in self._known:
            self._known[days] = estimates(self.labels, self.totals, position, self.spells)
        return dict(self._known[days])

    @cached_property
    def _known(self) -> dict[tuple[float, float], dict[str, Estimate]]:
        return {}
