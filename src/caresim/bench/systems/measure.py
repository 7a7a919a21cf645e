"""Takes figures from the results of an option."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from caresim.bench.cases import SuiteError
from caresim.bench.systems.language import Figure
from caresim.engines.output import ALL_VARIABLES
from caresim.money import Ledger, NoMoneyError, ledger
from caresim.money.ledger import pounds
from caresim.results.indicators import by_member
from caresim.results.option import OptionResults

FloatArray = NDArray[np.float64]


def measure(option: OptionResults, figure: Figure, window: str) -> FloatArray:
    """Return a figure of each member, shape (members,), NaN where it has none.

    Parameters
    ----------
    option
        Results.
    figure
        What to take.
    window
        ``all``, ``year_1`` and so on, or a published figure's; of no account to figures that are
        not over a window.

    Raises
    ------
    SuiteError
        If the results have no such figure.
    """
    if figure.kind == "indicator":
        return _indicator(option, figure.name, _window(option, window))
    if figure.kind == "money":
        return _money(option, figure, window)
    if figure.kind == "total":
        values = _held(option, option.totals, figure.name)[:, _window(option, window)]
        return _chosen(option, figure, values, axes_before=1)
    snapshots = _held(option, option.series, f"{figure.name}_at")
    if len(snapshots) < option.members:
        raise SuiteError(f"{figure.name}: the course over time is kept of 200 members at most")
    course = _chosen(option, figure, snapshots, axes_before=2)
    if figure.kind == "on":
        return np.asarray(course[:, _saved_on(option, figure)])
    return np.asarray(course.max(axis=1) if figure.kind == "most" else course.min(axis=1))


def _indicator(option: OptionResults, name: str, window: int) -> FloatArray:
    for full_id, values in by_member(option.labels, option.totals, window, option.spells):
        if full_id == name:
            return values
    raise SuiteError(f"the run of option {option.name} has no indicator {name}")


@lru_cache(maxsize=8)
def _ledger(option: OptionResults) -> Ledger:
    return ledger(option)


def _money(option: OptionResults, figure: Figure, window: str) -> FloatArray:
    """Return pounds of each member over the run or a year of it."""
    try:
        made = _ledger(option)
    except NoMoneyError as error:
        raise SuiteError(str(error)) from error
    if figure.name == "net":
        pence = made.net(figure.where["account"][0])
    else:
        pence = made.sum(
            line
            for line in made.lines
            if all(getattr(line, key) in names for key, names in figure.where.items())
        )
    years = [year.name for year in made.years]
    counted = years if window == "all" else [window]
    if not set(counted) <= set(years):
        raise SuiteError(f"the ledger has no window {window}; it has all, {', '.join(years)}")
    weights = [(1.0 + figure.discount) ** -n * (name in counted) for n, name in enumerate(years)]
    return np.asarray(pounds(pence) @ np.array(weights))


def _held(option: OptionResults, group: Mapping[str, FloatArray], name: str) -> FloatArray:
    if name not in group:
        raise SuiteError(f"the {option.engine} run of option {option.name} has no {name}")
    return group[name]


def _window(option: OptionResults, name: str) -> int:
    names = [window.name for window in option.labels.windows]
    if name not in names:
        raise SuiteError(f"there is no window {name}; there are {', '.join(names)}")
    return names.index(name)


def _chosen(
    option: OptionResults, figure: Figure, values: FloatArray, axes_before: int
) -> FloatArray:
    """Pick the names wanted along each dimension, and sum over the others."""
    dims = ALL_VARIABLES[figure.name].dims
    for axis in reversed(range(len(dims))):
        wanted = figure.where.get(dims[axis])
        if wanted is None:
            values = values.sum(axis=axes_before + axis)
            continue
        positions = [n for name in wanted for n in _positions(option, dims[axis], name)]
        values = values.take(positions, axis=axes_before + axis).sum(axis=axes_before + axis)
    return values


def _positions(option: OptionResults, dim: str, name: str) -> list[int]:
    """Return where a name stands; that of something local or by locality stands for all of it."""
    names = option.labels.along(dim)
    found = [n for n, known in enumerate(names) if known == name]
    found = found or [n for n, known in enumerate(names) if known.startswith(f"{name}@")]
    if not found:
        raise SuiteError(f"no {dim} {name}; there are {', '.join(names)}")
    return found


def _saved_on(option: OptionResults, figure: Figure) -> int:
    date = datetime.date.fromisoformat(figure.date)
    day = (date - option.labels.start_date).days
    found = np.flatnonzero(option.times == day)
    if not found.size:
        raise SuiteError(f"{figure.name}: {date} is not saved; set run.save_every in the run")
    return int(found[0])
