"""Results as labelled arrays (xarray) and as tidy tables (pandas).

Both libraries take most of a second to import, so they are imported only here, when asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import ALL_VARIABLES, VARIABLES
from caresim.indicators import split_id, unit_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from caresim.results.option import OptionResults
    from caresim.results.results import Results

FloatArray = NDArray[np.float64]
Statistic = Literal["members", "mean"]

SNAPSHOT = "_at"
"""Ending of the name of a stock at the saved times."""


def variables(held: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names of everything reported over time, by every run or by one that has more.

    Parameters
    ----------
    held
        Names that a run has.

    Counts and time averages are over the periods between saved times; names that end in
    ``_at`` are snapshots at the saved times.
    """
    has = frozenset(held)
    known = {name: v for name, v in ALL_VARIABLES.items() if name in VARIABLES or name in has}
    stocks = [f"{name}{SNAPSHOT}" for name, v in known.items() if v.kind == "stock"]
    return (*known, *stocks)


def _over(name: str) -> str:
    """Name the dimension of time of a variable: saved times, or periods between them."""
    return "time" if name.endswith(SNAPSHOT) else "period"


def _source(results: OptionResults, statistic: Statistic) -> Mapping[str, FloatArray]:
    if statistic not in ("members", "mean"):
        raise ValueError(f"statistic must be 'members' or 'mean', got {statistic!r}")
    if statistic == "members":
        return results.series
    return {name: array[None] for name, array in results.mean.items()}


def to_dataset(results: Results, statistic: Statistic = "members") -> xr.Dataset:
    """Return everything over time as one labelled dataset.

    Parameters
    ----------
    results
        Of a run.
    statistic
        ``members`` for the first members, each on its own (the number kept is in the
        dataset); ``mean`` for the mean over all members.

    Returns
    -------
    xarray.Dataset
        Dimensions option, member (not of means), time (saved times) or period (from each saved
        time to the next, labelled by its start), then setting, cohort, reason, pathway, to
        and so on as in :data:`caresim.engines.output.ALL_VARIABLES`. Times are days from the start;
        ``units`` holds the date of day 0. Settings that an option lacks are NaN there.
    """
    import xarray as xr

    parts = [_option_dataset(option, statistic) for option in results]
    # The union in order of first sight: a plain outer join would sort the names.
    union = {
        dim: np.array(_in_order(part[dim].values.tolist() for part in parts))
        for dim in parts[0].sizes
    }
    aligned = [part.reindex(union) for part in parts]
    together = xr.concat(aligned, dim="option", join="exact", combine_attrs="override")
    return together.assign_coords(option=list(results.names))


def _in_order(lists: Iterable[list[object]]) -> list[object]:
    seen: dict[object, None] = {}
    for names in lists:
        seen |= dict.fromkeys(names)
    # Times are sorted: options of different length share the first.
    kept = list(seen)
    return sorted(kept) if all(isinstance(x, (int, float)) for x in kept) else kept  # type: ignore[type-var]


def _option_dataset(results: OptionResults, statistic: Statistic) -> xr.Dataset:
    import xarray as xr

    labels = results.labels
    held = _source(results, statistic)
    dataset = xr.Dataset(attrs={"title": labels.title, "engine": results.engine})
    names = variables(held)
    for name in names:
        variable = ALL_VARIABLES[name.removesuffix(SNAPSHOT)]
        dims = ("member", _over(name), *variable.dims)
        attrs = {"units": variable.unit, "long_name": variable.meaning}
        dataset[name] = (dims, held[name], attrs)
    units = {"units": f"days since {labels.start_date.isoformat()}"}
    dims_used = {dim for name in names for dim in ALL_VARIABLES[name.removesuffix(SNAPSHOT)].dims}
    dataset = dataset.assign_coords(
        time=("time", results.times, units | {"long_name": "saved time"}),
        period=("period", results.times[:-1], units | {"long_name": "start of the period"}),
    ).assign_coords({dim: list(labels.along(dim)) for dim in sorted(dims_used)})
    if statistic == "mean":
        return dataset.isel(member=0)
    return dataset.assign_coords(member=np.arange(dataset.sizes["member"]))


def to_frame(results: Results, variable: str, statistic: Statistic = "members") -> pd.DataFrame:
    """Return a variable as a tidy table: one row for each number.

    Parameters
    ----------
    results
        Of a run.
    variable
        A name of :func:`variables`, such as ``delayed`` or ``occupied_at``.
    statistic
        As in :func:`to_dataset`.

    Returns
    -------
    pandas.DataFrame
        Columns option, member (not of means), day, date, the variable's own dimensions, and
        the variable. For averages and counts over a period, day and date are its start.

    Raises
    ------
    KeyError
        If there is no such variable.
    """
    import pandas as pd

    known = variables(name for option in results for name in option.mean)
    if variable not in known:
        from caresim.problems import nearest

        close = nearest(variable, known)
        raise KeyError(f"no variable {variable!r}" + (f"; did you mean {close!r}?" * bool(close)))
    frames = [_option_frame(o, variable, statistic) for o in results if variable in o.mean]
    return pd.concat(frames, ignore_index=True)


def _option_frame(results: OptionResults, variable: str, statistic: Statistic) -> pd.DataFrame:
    import pandas as pd

    labels = results.labels
    values = _source(results, statistic)[variable]
    dims = ALL_VARIABLES[variable.removesuffix(SNAPSHOT)].dims
    days = results.times if _over(variable) == "time" else results.times[:-1]
    places = np.indices(values.shape).reshape(values.ndim, -1)
    columns: dict[str, object] = {"option": results.name}
    if statistic == "members":
        columns["member"] = places[0]
    columns |= {"day": days[places[1]], "date": labels.dates(days)[places[1]]}
    for axis, dim in enumerate(dims, start=2):
        columns[dim] = np.array(labels.along(dim), dtype=object)[places[axis]]
    return pd.DataFrame({**columns, variable: values.reshape(-1)})


def indicator_frame(results: Results) -> pd.DataFrame:
    """Return every indicator of every option as a table, over the run and over each year.

    Returns
    -------
    pandas.DataFrame
        Columns option, window, first_day, last_day, indicator (full id), name, of (what it is
        stated for, or empty), mean, p05, p95, unit, mean_low, mean_high (of the 95% interval of
        the mean; empty with fewer than three members).
    """
    import pandas as pd

    return pd.DataFrame(indicator_rows(results), columns=list(INDICATOR_COLUMNS))


INDICATOR_COLUMNS = (
    "option",
    "window",
    "first_day",
    "last_day",
    "indicator",
    "name",
    "of",
    "mean",
    "p05",
    "p95",
    "unit",
    "mean_low",
    "mean_high",
)
"""Columns of the table of indicators."""


def indicator_rows(results: Results) -> list[tuple[str | float, ...]]:
    """Return the rows of :func:`indicator_frame`, without pandas."""
    rows: list[tuple[str | float, ...]] = []
    for option in results:
        for window in (option.labels.windows[0], *option.labels.years):
            for full_id, found in option.indicators(window.name).items():
                rows.append(
                    (
                        option.name,
                        window.name,
                        window.first_day,
                        window.last_day,
                        full_id,
                        *split_id(full_id),
                        found.mean,
                        found.p05,
                        found.p95,
                        found.unit,
                        found.mean_low,
                        found.mean_high,
                    )
                )
    return rows


PUBLISHED_COLUMNS = (
    "option",
    "figure",
    "indicator",
    "published",
    "mean",
    "p05",
    "p95",
    "unit",
    "from",
    "to",
    "source",
)
"""Columns of the table of published figures beside simulated ones."""


def published_rows(results: Results) -> list[tuple[str | float, ...]]:
    """Return each published figure beside the simulated one; what the run lacks is empty."""
    rows: list[tuple[str | float, ...]] = []
    for option in results:
        for found in option.published():
            simulated, window, figure = found.simulated, found.window, found.figure
            spread = (simulated.mean, simulated.p05, simulated.p95) if simulated else ("",) * 3
            ends = (window.first_day, window.last_day) if window else ()
            dates = tuple(option.labels.date(day).isoformat() for day in ends) or ("", "")
            rows.append(
                (
                    option.name,
                    figure.name,
                    figure.indicator,
                    figure.value,
                    *spread,
                    unit_of(figure.indicator),
                    *dates,
                    figure.source,
                )
            )
    return rows
