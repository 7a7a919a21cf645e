"""Records and tables from which the kernel draws lengths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event import lengths
from caresim.engines.event.records import NUMBER, STAY
from caresim.stays import Stay


def stay_records(stays: tuple[Stay, ...]) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Return the records of stays and the tables they point to.

    Raises
    ------
    ValueError
        If a stay is of a family that the kernel does not know.
    """
    records = np.zeros(len(stays), dtype=STAY)
    tables: list[float] = []
    for record, stay in zip(records, stays, strict=True):
        record["limit"] = stay.limit
        record["factor"] = 1.0
        record["start"] = len(tables)
        parameters = stay.parameters
        if stay.family in ("exponential", "fixed"):
            record["a"] = parameters[0]
        elif stay.family in ("erlang", "gamma", "lognormal"):
            record["a"], record["b"] = parameters
        elif stay.family == "hyperexponential":
            shares, means = parameters
            record["n"] = len(means)
            tables += [*np.cumsum(shares).tolist(), *means]
        elif stay.family == "phase_type":
            record["n"] = len(parameters[0])
            tables += _phases(np.array(parameters[0]), np.array(parameters[1]))
        elif stay.family == "empirical":
            record["n"] = len(parameters[0])
            tables += parameters[0]
        else:
            raise ValueError(f"the event engine cannot draw a stay of family {stay.family!r}")
        record["family"] = _FAMILY[stay.family]
    return records, np.array([(value,) for value in tables], dtype=NUMBER)


_FAMILY = {
    "fixed": lengths.FIXED,
    "exponential": lengths.EXPONENTIAL,
    "lognormal": lengths.LOGNORMAL,
    "erlang": lengths.GAMMA,
    "gamma": lengths.GAMMA,
    "hyperexponential": lengths.HYPEREXPONENTIAL,
    "phase_type": lengths.PHASE_TYPE,
    "empirical": lengths.EMPIRICAL,
}


def _phases(initial: NDArray[np.float64], generator: NDArray[np.float64]) -> list[float]:
    rates = -np.diag(generator)
    moves = generator / rates[:, None]
    np.fill_diagonal(moves, 0.0)
    following = np.cumsum(moves, axis=1)
    following[:, -1] = _end_exactly(following[:, -1])
    start = np.cumsum(initial)
    return [*start.tolist(), *rates.tolist(), *following.ravel().tolist()]


def _end_exactly(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take sums that are one but for rounding as above any uniform number."""
    return np.where(total > 1.0 - 1e-12, 2.0, total)
