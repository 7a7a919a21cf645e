"""Which sums of rows are the variables that engines report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from caresim.engines.flow.compile.layout import Layout, Terms
from caresim.engines.flow.compile.paths import Paths
from caresim.engines.flow.network import Output, Swap
from caresim.engines.output import PATHWAYS, SLOW_VARIABLES, VARIABLES
from caresim.model import Exit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Sum = tuple[tuple[int, float], ...]
"""Rows and their weights, as an output of the network has them."""

DELAYED: Final = ("arranging", "delayed", "transfer")
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

    def gather(self, name: str, values: FloatArray) -> FloatArray:
        """Return a variable's cells from ``values``, shape (..., n_outputs).

        The variable's dimensions take the place of the last axis.
        """
        shape, cells, positions = self.variables[name]
        dense = np.zeros((*values.shape[:-1], int(np.prod(shape, dtype=np.int64))))
        dense[..., cells] = values[..., positions]
        return dense.reshape(*values.shape[:-1], *shape)


def lay_out_measures(paths: Paths, swaps: list[Swap]) -> Measures:
    """Return the outputs of all variables but capacity, which is not a matter of rows."""
    cells = _stocks(paths.layout) | _counts(paths.layout, paths, swaps)
    if any(arrivals.displaced_from >= 0 for arrivals in paths.model.arrivals):
        cells["displaced"] = _displaced(paths)
    sizes = {
        "setting": len(paths.model.settings),
        "cohort": len(paths.model.cohorts),
        "reason": len(paths.model.reasons),
        "pathway": len(PATHWAYS),
        "to": len(paths.model.settings),
    }
    outputs: dict[Output, int] = {}

    def positions(terms: Iterable[Sum], kind: Literal["integral", "value", "change"]) -> IntArray:
        # Many variables agree in a small model: what is asked twice is recorded once.
        return np.array(
            [outputs.setdefault(Output(t, kind), len(outputs)) for t in terms], np.int64
        )

    variables = {}
    for name, of in cells.items():
        variable = VARIABLES.get(name) or SLOW_VARIABLES[name]
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


def inside(layout: Layout, n_settings: int) -> tuple[Output, ...]:
    """Return, for each setting, the people in it and on its list outside, over time."""
    terms: list[Terms] = [[] for _ in range(n_settings)]
    for row in layout.of_kind("care", "waiting", *DELAYED):
        terms[layout.rows[row].setting].append((row, 1.0))
    return tuple(Output(tuple(rows), "integral") for rows in terms)


Cells = dict[str, dict[tuple[int, ...], Sum]]


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


def _counts(layout: Layout, paths: Paths, swaps: list[Swap]) -> Cells:
    found: Cells = {name: {} for name, variable in VARIABLES.items() if variable.kind == "count"}
    outside: dict[tuple[int, int], list[int]] = {}
    for row in layout.outflows:
        at = layout.rows[row]
        outside.setdefault((at.setting, at.cohort), []).append(row)
    for cell, rows in outside.items():
        found["arrivals"][cell] = tuple(layout.ever_in(rows))
    in_care: dict[tuple[int, int], Terms] = {}
    for row in layout.of_kind("care"):
        at = layout.rows[row]
        in_care.setdefault((at.setting, at.cohort), []).append((row, -1.0))
    for cell, terms in layout.admitted.items():
        found["admissions"][cell] = tuple(terms)
    for cell, gone in in_care.items():
        # Whoever has begun a stay and is not in care any more has ended it.
        found["stays_ended"][cell] = (*layout.admitted.get(cell, ()), *gone)
    for (way, setting, cohort), terms in layout.exits.items():
        found[Exit(way).name.lower()][setting, cohort] = tuple(terms)
    for (event, setting, cohort), terms in layout.events.items():
        found[event][setting, cohort] = tuple(terms)
    for pair, terms in layout.moved.items():
        found["moves"][pair] = tuple(terms)
    discharged = {cell: list(terms) for cell, terms in layout.discharged.items()}
    for cell, rows in paths.sent_home.items():
        discharged.setdefault(cell, []).extend(layout.ever_in(rows))
    found["pathway_discharges"] = {cell: tuple(terms) for cell, terms in discharged.items()}
    if swaps:
        found["swaps"][()] = ((swaps[0].tally, 1.0),)
    return found


def _displaced(paths: Paths) -> dict[tuple[int, ...], Sum]:
    """Return the sums that count those who come because they are kept away elsewhere."""
    rows: dict[tuple[int, int], list[int]] = {}
    for position, arrivals in enumerate(paths.model.arrivals):
        if arrivals.displaced_from >= 0:
            rows.setdefault((arrivals.to, arrivals.cohort), []).append(paths.arrival(position))
    return {cell: tuple(paths.layout.ever_in(given)) for cell, given in rows.items()}
