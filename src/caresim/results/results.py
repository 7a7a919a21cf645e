"""The results of a run: those of each of its options, with their labels, manifest and audit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import Check, Output, Window
from caresim.model import PublishedFigure
from caresim.results.audit import audit
from caresim.results.indicators import Estimate, estimates
from caresim.results.labels import Labels
from caresim.results.manifest import Manifest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FloatArray = NDArray[np.float64]
Group = Literal["totals", "mean", "series"]

GROUPS: tuple[Group, ...] = ("totals", "mean", "series")
"""The groups of arrays that an engine returns (:class:`caresim.engines.output.Output`)."""


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
    times, totals, mean, series, draws
        As in :class:`caresim.engines.output.Output`; read-only.
    audit
        Checks of the run, those of the engine first.
    notes
        Sentences on how rules were approximated.
    """

    labels: Labels
    engine: str
    times: FloatArray
    totals: Mapping[str, FloatArray]
    mean: Mapping[str, FloatArray]
    series: Mapping[str, FloatArray]
    draws: FloatArray
    audit: tuple[Check, ...]
    notes: tuple[str, ...]

    @classmethod
    def from_output(cls, output: Output) -> OptionResults:
        """Label and audit what an engine returned."""
        labels = Labels.of(output.model, output.windows)
        return cls.assemble(
            labels=labels,
            engine=output.engine,
            arrays={
                "times": output.times,
                "draws": output.draws,
                **{f"totals/{name}": array for name, array in output.totals.items()},
                **{f"mean/{name}": array for name, array in output.mean.items()},
                **{f"series/{name}": array for name, array in output.series.items()},
            },
            checks=(*output.checks, *audit(output)),
            notes=output.notes,
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
    ) -> OptionResults:
        """Undo :meth:`arrays`."""

        def group(name: Group) -> Mapping[str, FloatArray]:
            start = f"{name}/"
            found = {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
            return MappingProxyType({k: _read_only(v) for k, v in found.items()})

        return cls(
            labels=labels,
            engine=engine,
            times=_read_only(arrays["times"]),
            totals=group("totals"),
            mean=group("mean"),
            series=group("series"),
            draws=_read_only(arrays["draws"]),
            audit=checks,
            notes=notes,
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
            self._known[days] = estimates(self.labels, self.totals, position)
        return dict(self._known[days])

    @cached_property
    def _known(self) -> dict[tuple[float, float], dict[str, Estimate]]:
        return {}


def _read_only(array: FloatArray) -> FloatArray:
    view = np.asarray(array, dtype=np.float64).view()
    view.setflags(write=False)
    return view


@dataclass(frozen=True, eq=False)
class Results:
    """The results of one run: one engine, the same members, one or more options.

    Attributes
    ----------
    options
        In the order of the scenario, ``do_nothing`` first.
    manifest
        How the results came about, and how to get them again.
    folder
        Where they are saved, or None.

    Examples
    --------
    >>> import caresim as cs
    >>> results = cs.run(example, members=5)
    >>> results.names
    ('do_nothing', 'more')
    >>> results.to_frame("delayed").columns.tolist()
    ['option', 'member', 'day', 'date', 'setting', 'cohort', 'delayed']
    """

    options: tuple[OptionResults, ...]
    manifest: Manifest
    folder: Path | None = None

    def __getitem__(self, option: str) -> OptionResults:
        for results in self.options:
            if results.name == option:
                return results
        raise KeyError(f"no option {option!r}; there are {', '.join(self.names)}")

    def __iter__(self) -> Iterator[OptionResults]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the options."""
        return tuple(results.name for results in self.options)

    @property
    def members(self) -> int:
        """Number of members run."""
        return self.options[0].members

    @property
    def passed(self) -> bool:
        """Whether the audit of every option passed."""
        return all(results.passed for results in self.options)

    def save(self, folder: str | Path) -> Results:
        """Save to a new folder; see :func:`caresim.results.store.save`."""
        from caresim.results.store import save

        return save(self, Path(folder))

    def to_dataset(self, statistic: Literal["members", "mean"] = "members") -> xr.Dataset:
        """Return everything over time; see :func:`caresim.results.tables.to_dataset`."""
        from caresim.results.tables import to_dataset

        return to_dataset(self, statistic)

    def to_frame(
        self, variable: str, statistic: Literal["members", "mean"] = "members"
    ) -> pd.DataFrame:
        """Return a variable as a tidy table; see :func:`caresim.results.tables.to_frame`."""
        from caresim.results.tables import to_frame

        return to_frame(self, variable, statistic)

    def indicators(self) -> pd.DataFrame:
        """Return all indicators as a table; see :func:`caresim.results.tables.indicator_frame`."""
        from caresim.results.tables import indicator_frame

        return indicator_frame(self)


def hash_results(options: tuple[OptionResults, ...]) -> str:
    """Return the SHA-256 of every number of a run: equal if and only if all bits are equal.

    Names, shapes and the bytes of the arrays are hashed, in a fixed order; times of day, files
    and versions are not.
    """
    digest = hashlib.sha256()
    for results in options:
        digest.update(f"option {results.name} {results.engine}\n".encode())
        for name, array in results.arrays().items():
            digest.update(f"{name} {array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return digest.hexdigest()
