"""The numbers of one setting and cohort, out of all that an engine returns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.bench.cases import Figure, SuiteError
from caresim.engines.output import VARIABLES, Output
from caresim.model import Model

FloatArray = NDArray[np.float64]


def setting_of(model: Model, name: str) -> int:
    """Return the position of a setting; an empty name is that of the only one."""
    names = [setting.name for setting in model.settings]
    if not name and len(names) == 1:
        return 0
    return _position(names, name, "setting")


def cohort_of(model: Model, name: str) -> int:
    """Return the position of a cohort."""
    return _position(list(model.cohorts), name, "cohort")


def _position(names: list[str], name: str, kind: str) -> int:
    if name not in names:
        raise SuiteError(f"no {kind} {name!r}; there are {', '.join(names)}")
    return names.index(name)


def of_place(out: Output, fig: Figure, values: FloatArray, variable: str) -> FloatArray:
    """Return the numbers of the setting and cohort of a figure, summed over what is left.

    Parameters
    ----------
    values
        Shape (members, n, ...), the last dimensions those of ``variable``.

    Returns
    -------
    numpy.ndarray
        Shape (members, n).
    """
    dims = VARIABLES[variable].dims
    if "setting" in dims:
        values = values[:, :, setting_of(out.model, fig.of)]
        if "cohort" in dims and fig.cohort:
            values = values[:, :, cohort_of(out.model, fig.cohort)]
    return np.asarray(values.sum(axis=tuple(range(2, values.ndim))))


def total(out: Output, fig: Figure, variable: str) -> FloatArray:
    """Return an average or count over the whole run, shape (members,)."""
    return of_place(out, fig, out.totals[variable][:, :1], variable)[:, 0]


def daily(out: Output, fig: Figure, variable: str = "occupied_at") -> FloatArray:
    """Return the snapshots at all saved times, shape (members, n_times)."""
    return of_place(out, fig, out.series[variable], variable.removesuffix("_at"))


def at_day(out: Output, fig: Figure, day: float, variable: str = "occupied_at") -> FloatArray:
    """Return the snapshot of a day, shape (members,).

    Raises
    ------
    SuiteError
        If that time is not saved.
    """
    found = np.flatnonzero(out.times == day)
    if not found.size:
        raise SuiteError(f"{fig.label}: day {day:g} is not among the saved times")
    return daily(out, fig, variable)[:, found[0]]
