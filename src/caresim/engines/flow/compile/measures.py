"""Which sums of rows are the variables that engines report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile.layout import Layout
from caresim.engines.flow.network import NONE, Output, Swap
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.output import PATHWAYS, VARIABLES
from caresim.model import Exit, Model

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Terms = tuple[tuple[int, float], ...]

DELAYED = ("arranging", "delayed", "transfer")
"""Kinds of row whose people have ended their stay and keep their place."""


@dataclass(frozen=True)
class Measures:
    """The outputs of a network, and the variables they are.

    Attributes
    ----------
    outputs
        For each stock, of each cell: its value and its integral; for each count, its change.
    variables
        Name of the variable (a stock's snapshot under its name with ``_at``) to the shape of its
        dimensions and the positions of its cells in ``outputs``. Cells no output is given for
        are 0.
    """

    outputs: tuple[Output, ...]
    variables: Mapping[str, tuple[tuple[int, ...], IntArray, IntArray]]

    @staticmethod
    def state(n_rows: int) -> tuple[Output, ...]:
        """Return outputs that are all the rows."""
        return tuple(Output(((row, 1.0),)) for row in range(n_rows))

    def gather(self, name: str, values: FloatArray, axis: int = 0) -> FloatArray:
        """Return a variable's cells from an array of outputs along ``axis``.

        The variable's dimensions take the place of that axis.
        """
        shape, cells, positions = self.variables[name]
        moved = np.moveaxis(values, axis, -1)
        dense = np.zeros((*moved.shape[:-1], int(np.prod(shape, dtype=np.int64))))
        dense[..., cells] = moved[..., positions]
        return np.moveaxis(dense, -1, axis).reshape(
            *values.shape[:axis], *shape, *values.shape[axis + 1 :]
        )


def lay_out_measures(paths: Paths, swaps: list[Swap]) -> Measures:
    """Return the outputs of all variables but capacity, which is not a matter of rows."""
    cells = _stocks(paths.layout) | _counts(paths.layout, paths.model, swaps)
    sizes = {
        "setting": len(paths.model.settings),
        "cohort": len(paths.model.cohorts),
        "reason": len(paths.model.reasons),
        "pathway": len(PATHWAYS),
        "to": len(paths.model.settings),
    }
    outputs: dict[Output, int] = {}

    def positions(terms: Iterable[Terms], kind: Literal["integral", "value", "change"]) -> IntArray:
        # Many variables agree in a small model: what is asked twice is recorded once.
        return np.array(
            [outputs.setdefault(Output(t, kind), len(outputs)) for t in terms], np.int64
        )

    variables = {}
    for name, of in cells.items():
        variable = VARIABLES[name]
        shape = tuple(sizes[dim] for dim in variable.dims)
        flat = np.array(
            [np.ravel_multi_index(cell, shape) if shape else 0 for cell in of], np.int64
        )
        if variable.kind == "count":
            variables[name] = (shape, flat, positions(of.values(), "change"))
        else:
            variables[name] = (shape, flat, positions(of.values(), "integral"))
            variables[f"{name}_at"] = (shape, flat, positions(of.values(), "value"))
    return Measures(tuple(outputs), variables)


Cells = dict[str, dict[tuple[int, ...], Terms]]


def _stocks(layout: Layout) -> Cells:
    found: dict[str, dict[tuple[int, ...], list[tuple[int, float]]]] = {
        name: {} for name, variable in VARIABLES.items() if variable.kind == "stock"
    }
    del found["capacity"]
    for position, row in enumerate(layout.rows):
        cell = (row.setting, row.cohort)
        if row.kind == "care" or row.kind in DELAYED:
            found["occupied"].setdefault(cell, []).append((position, 1.0))
        if row.kind in DELAYED:
            found["delayed"].setdefault(cell, []).append((position, 1.0))
            by_reason = found["delayed_by_reason"]
            by_reason.setdefault((row.setting, row.reason), []).append((position, 1.0))
        if row.kind == "waiting":
            found["waiting"].setdefault(cell, []).append((position, 1.0))
        for spot, places in row.holds:
            found["places_used"].setdefault((spot[0],), []).append((position, places))
    return {name: {c: tuple(terms) for c, terms in cells.items()} for name, cells in found.items()}


def _counts(layout: Layout, model: Model, swaps: list[Swap]) -> Cells:
    found: Cells = {name: {} for name, variable in VARIABLES.items() if variable.kind == "count"}
    begun, in_care = _begun(layout), _rows_by_cell(layout, "care")
    for cell in {(row.setting, row.cohort) for row in layout.rows if row.kind == "waiting"}:
        rows = [
            i for i in layout.outflows if (layout.rows[i].setting, layout.rows[i].cohort) == cell
        ]
        found["arrivals"][cell] = _ones([*rows, *(t for i in rows for t in layout.outflows[i])])
    for cell, terms in begun.items():
        found["admissions"][cell] = terms
        # Whoever has begun a stay and is not in care any more has ended it.
        found["stays_ended"][cell] = (*terms, *((row, -1.0) for row in in_care.get(cell, ())))
    for (way, setting, cohort), rows in layout.exits.items():
        found[Exit(way).name.lower()][setting, cohort] = _ones(rows)
    for (event, setting, cohort), rows in layout.events.items():
        if event in found:
            found[event][setting, cohort] = _ones(rows)
    for pair, rows in layout.moved.items():
        found["moves"][pair] = _ones(rows)
    for (setting, pathway), rows in layout.discharged.items():
        found["pathway_discharges"][setting, pathway] = _ones(
            [*rows, *(t for row in rows for t in layout.outflows.get(row, ()))]
        )
    if swaps and swaps[0].tally != NONE:
        found["swaps"][()] = _ones([swaps[0].tally])
    return found


def _begun(layout: Layout) -> dict[tuple[int, int], Terms]:
    """Return stays begun: people granted a place, less those still on their way to it."""
    terms: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for (setting, cohort, _), tallies in layout.admitted.items():
        terms.setdefault((setting, cohort), []).extend((t, 1.0) for t in tallies)
    for position, row in enumerate(layout.rows):
        if row.kind in ("transfer", "waiting") and row.holds:
            (setting, _, _), _ = row.holds[-1]
            terms.setdefault((setting, row.cohort), []).append((position, -1.0))
    return {cell: tuple(found) for cell, found in terms.items()}


def _rows_by_cell(layout: Layout, kind: str) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for position, row in enumerate(layout.rows):
        if row.kind == kind:
            found.setdefault((row.setting, row.cohort), []).append(position)
    return found


def _ones(rows: Iterable[int]) -> Terms:
    return tuple((row, 1.0) for row in rows)
