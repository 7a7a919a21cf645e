"""How many people there are, as time goes by, from the rows of an event log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.log import EventLog

FloatArray = NDArray[np.float64]


def rows_by_member(log: EventLog, chosen: NDArray[np.bool_], members: int) -> list[slice]:
    """Return where the chosen rows of each member lie once the others are left out."""
    edges = np.searchsorted(log.member[chosen], np.arange(members + 1))
    return [slice(int(a), int(b)) for a, b in pairwise(edges)]


def count_per_member(log: EventLog, chosen: NDArray[np.bool_], members: int) -> FloatArray:
    """Return how many of the chosen rows each member has, shape (members,)."""
    return np.asarray(np.bincount(log.member[chosen], minlength=members), dtype=np.float64)


def sum_per_member(
    log: EventLog, chosen: NDArray[np.bool_], values: FloatArray, members: int
) -> FloatArray:
    """Return the sum of ``values[chosen]`` over each member's rows, shape (members,)."""
    sums = np.bincount(log.member[chosen], weights=values[chosen], minlength=members)
    return np.asarray(sums, dtype=np.float64)


def levels(
    log: EventLog,
    chosen: NDArray[np.bool_],
    begin: FloatArray,
    end: FloatArray,
    members: int,
    days: float,
) -> Iterator[FloatArray]:
    """Yield, member by member, the share of time at each number of people.

    Parameters
    ----------
    log
        The rows of all members.
    chosen
        Shape (rows,): which rows count.
    begin, end
        Shape (rows,): a row's person is counted from one to the other. A NaN ``begin`` never
        counts; a NaN ``end`` lasts to the end of the run.
    members
        How many.
    days
        The time is that from 0 to ``days``.

    Yields
    ------
    numpy.ndarray
        Shape (n,): the shares of time with 0, 1, ... people, which sum to one.
    """
    counted = chosen & ~np.isnan(begin)
    first = np.clip(begin[counted], 0.0, days)
    last = np.clip(np.nan_to_num(end[counted], nan=days), 0.0, days)
    for rows in rows_by_member(log, counted, members):
        yield _shares_of_time(first[rows], last[rows], days)


def _shares_of_time(first: FloatArray, last: FloatArray, days: float) -> FloatArray:
    times = np.concatenate([[0.0], first, last])
    steps = np.concatenate([[0], np.ones(first.size, np.int64), np.full(last.size, -1)])
    # At one moment some leave and others come: the stable order counts those who come first, so
    # that the number is never below none; the stretch between lasts no time.
    order = np.argsort(times, kind="stable")
    people = np.cumsum(steps[order])
    lasted = np.diff(times[order], append=days)
    return np.asarray(np.bincount(people, weights=lasted) / days)
