"""The results of a run: those of each of its options, with their manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from caresim.results.manifest import Manifest
from caresim.results.option import OptionResults

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


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
            digest.update(np.ascontiguousarray(array, dtype="<f8").data)
    return digest.hexdigest()
