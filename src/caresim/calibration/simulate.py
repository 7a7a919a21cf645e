"""What the model says of every observed figure, for many positions of the unknowns at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from caresim.calibration.series import Series, windows_of
from caresim.calibration.unknowns import Unknowns
from caresim.engines.output import windows_of as windows_of_run
from caresim.model import GivenDraws, Model, PublishedFigure
from caresim.places.observation import OBSERVATIONS
from caresim.places.observing import Simulated
from caresim.results.indicators import of_members
from caresim.results.labels import Labels
from caresim.results.option import OptionResults

FloatArray = NDArray[np.float64]

AT_ONCE = 256
"""Members of one run of the flow engine, so that memory stays small: a few blocks."""


@dataclass(eq=False)
class Simulator:
    """Runs a model for positions of the unknowns, and observes what was observed.

    Attributes
    ----------
    unknowns
        What is fitted, with the model.
    series
        What was observed.
    engine
        flow or event.
    seed
        Of the people of the event engine.
    threads
        At most so many; all if None.
    kept
        Folder in which each batch is kept, to go on after an interruption; None for none.
    """

    unknowns: Unknowns
    series: Sequence[Series]
    engine: Literal["flow", "event"] = "flow"
    seed: int = 1
    threads: int | None = None
    kept: Path | None = None
    _batches: int = field(default=0)

    def __post_init__(self) -> None:
        spans = windows_of(self.series)
        figures = tuple(
            PublishedFigure(f"w{n}", "", 0.0, "", first, last)
            for n, (first, last) in enumerate(spans)
        )
        model = self.unknowns.model
        run = replace(model.run, save_days=max(1, int(model.days)), engine=self.engine)
        # What comes after the last figure need not be run.
        days = min(model.days, np.ceil(max((last for _, last in spans), default=1.0)))
        self.model: Model = replace(
            model, published=figures, run=run, given=None, money=None, days=float(days)
        )
        names = [window.name for window in windows_of_run(self.model)]
        last = {name: position for position, name in enumerate(names)}
        at = {span: last[f"w{n}"] for n, span in enumerate(spans)}
        self._at = [
            [at[a, b] for a, b in zip(s.first.tolist(), s.last.tolist(), strict=True)]
            for s in self.series
        ]
        if self.engine == "flow":
            from caresim.engines.flow.compile import compile_model

            self._compiled = compile_model(self.model)

    def __call__(self, z: FloatArray) -> list[FloatArray]:
        """Return the simulated figures.

        Parameters
        ----------
        z
            Positions, shape (n, number of unknowns).

        Returns
        -------
        list of numpy.ndarray
            For each series, shape (n, its figures).
        """
        self._batches += 1
        kept = None if self.kept is None else self.kept / f"{self.engine}-{self._batches}.npz"
        found = _read(kept, z)
        if found is None:
            parts = [self._run(z[n : n + AT_ONCE]) for n in range(0, len(z), AT_ONCE)]
            found = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
            _write(kept, z, found)
        return found

    def _run(self, z: FloatArray) -> list[FloatArray]:
        if self.engine == "flow":
            from caresim.engines.flow.run import flow_totals

            draws = self.unknowns.draws(z)
            totals = flow_totals(self.model, self._compiled, draws, threads=self.threads)
            return self._observe(totals, {}, draws)
        from caresim.engines.event.run import run

        given = GivenDraws(self.unknowns.names, self.unknowns.quantiles(z))
        # Each batch has people of its own: their luck is part of what is measured.
        settings = replace(self.model.run, members=len(z), seed=self.seed + 7919 * self._batches)
        nominal = _only(self.model, self.unknowns.names)
        out = run(replace(nominal, given=given, run=settings), threads=self.threads, series=1)
        return self._observe(dict(out.totals), dict(out.spells), out.draws)

    def _observe(
        self, totals: dict[str, FloatArray], spells: dict[str, FloatArray], draws: FloatArray
    ) -> list[FloatArray]:
        labels = Labels.of(self.model, windows_of_run(self.model))
        arrays = {"times": np.zeros(1), "draws": draws}
        arrays |= {f"totals/{name}": array for name, array in totals.items()}
        arrays |= {f"spells/{name}": array for name, array in spells.items()}
        results = OptionResults.assemble(
            labels=labels, engine=self.engine, arrays=arrays, checks=(), notes=()
        )
        found = []
        for series, at in zip(self.series, self._at, strict=True):
            if series.measure in OBSERVATIONS:
                observed = OBSERVATIONS[series.measure].operator(Simulated(results, "totals"))
                figures = observed[:, at]
            else:
                columns = [
                    of_members(labels, results.totals, w, series.measure, results.spells)
                    for w in at
                ]
                figures = np.stack(columns, axis=1) if columns else np.zeros((len(draws), 0))
            found.append(np.nan_to_num(np.asarray(figures, dtype=np.float64)))
        return found


def _only(model: Model, names: tuple[str, ...]) -> Model:
    """Return the model with the inputs that are not fitted at their stated values."""
    inputs = (
        one
        if one.path in names
        else replace(one, shape="uniform", low=one.nominal, high=one.nominal)
        for one in model.inputs
    )
    return replace(model, inputs=tuple(inputs))


def _read(path: Path | None, z: FloatArray) -> list[FloatArray] | None:
    """Return a batch that is kept; None if there is none, or it is of other positions."""
    if path is None or not path.exists():
        return None
    try:
        with np.load(path) as held:
            if not np.array_equal(held["z"], z):
                return None
            return [held[f"s{n}"] for n in range(len(held.files) - 1)]
    except (OSError, ValueError, KeyError):
        return None  # cut short when the fit was interrupted: it is run again


def _write(path: Path | None, z: FloatArray, found: list[FloatArray]) -> None:
    if path is None:
        return
    partial = path.with_name(f".{path.name}")
    with partial.open("wb") as file:
        arrays: dict[str, Any] = {f"s{n}": array for n, array in enumerate(found)}
        np.savez(file, z=z, **arrays)
    os.replace(partial, path)
