"""Results in the formats of other programs: CSV, Parquet, NetCDF.

CSV needs nothing further; Parquet and NetCDF need ``pip install caresim[files]``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from caresim.results.results import Results
from caresim.results.tables import Statistic, variables

Format = Literal["csv", "parquet", "netcdf"]
FORMATS: tuple[Format, ...] = ("csv", "parquet", "netcdf")

_PACKAGES = {"parquet": "pyarrow", "netcdf": "netCDF4"}


class MissingPackageError(Exception):
    """A format needs a package that is not installed."""


def export(
    results: Results,
    folder: str | Path,
    format: Format = "csv",
    *,
    names: Sequence[str] = (),
    statistic: Statistic = "mean",
) -> tuple[Path, ...]:
    """Write results to files of another format.

    Parameters
    ----------
    results
        Of a run.
    folder
        Where to; made if need be. Files of the same name are replaced.
    format
        ``csv`` and ``parquet`` write one tidy table for each variable, and ``indicators``;
        ``netcdf`` writes one file, ``results.nc``.
    names
        Variables to write (:func:`caresim.results.tables.variables`); all if empty.
    statistic
        ``mean`` over all members, or ``members``, the first ones each on its own.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    MissingPackageError
        If the format needs a package that is not installed.
    KeyError
        If there is no such variable.
    """
    if format in _PACKAGES:
        require(_PACKAGES[format], format)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    chosen = tuple(names) or variables()
    if format == "netcdf":
        return (_netcdf(results, folder / "results.nc", chosen, statistic),)
    frames = {name: results.to_frame(name, statistic) for name in chosen}
    frames["indicators"] = results.indicators()
    written = []
    for name, frame in frames.items():
        path = folder / f"{name}.{format}"
        if format == "csv":
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path, engine="pyarrow", index=False)
        written.append(path)
    return tuple(written)


def _netcdf(results: Results, path: Path, names: tuple[str, ...], statistic: Statistic) -> Path:
    dataset = results.to_dataset(statistic)[list(names)]
    dataset.to_netcdf(path, engine="netcdf4")
    return path


def require(package: str, what: str) -> None:
    """Turn the failed import of an optional package into a sentence with the remedy."""
    if importlib.util.find_spec(package) is None:
        raise MissingPackageError(
            f"{what} needs the package {package}: pip install 'caresim[files]'"
        )
