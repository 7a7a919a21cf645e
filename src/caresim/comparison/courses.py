"""Indicators over time, for the members whose course is kept: by saved period or by month."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from caresim.comparison.differences import FloatArray
from caresim.engines.output import VARIABLES, Window
from caresim.money.timing import months_of, periods, periods_in
from caresim.results.indicators import by_member
from caresim.results.option import OptionResults


def months(results: OptionResults) -> list[Window]:
    """Return the calendar months of a run; the first and last may be cut."""
    whole = Window("all", 0.0, results.labels.days)
    return months_of(whole, results.labels.start_date)


def courses(
    results: OptionResults, spans: Sequence[Window], wanted: Iterable[str]
) -> dict[str, FloatArray]:
    """Return indicators over stretches of time, worked out as over the whole run.

    Parameters
    ----------
    results
        Of an option.
    spans
        Stretches; a saved period that lies in two of them counts in each in proportion.
    wanted
        Ids of indicators. Those of lengths (quantiles of waits and stays) are not kept over time,
        and are left out like those that do not apply.

    Returns
    -------
    dict
        From the id to an array of shape (members kept, spans); NaN where undefined.
    """
    sought = set(wanted)
    kept = next(iter(results.series.values())).shape[0]
    within = partial(_in_spans, results, spans)
    totals = {name: within(name) for name in VARIABLES if name in results.series}
    # Each member's stretch of time is handed over as if it were a member by itself, with counts
    # by day: one call in place of one for each stretch.
    one_day = dataclasses.replace(results.labels, windows=(Window("span", 0.0, 1.0),))
    found = by_member(one_day, totals, 0)
    return {name: values.reshape(kept, len(spans)) for name, values in found if name in sought}


def _in_spans(results: OptionResults, spans: Sequence[Window], name: str) -> FloatArray:
    """Return a stock's mean, or a count a day, in each span: (members * spans, 1, ...)."""
    array = results.series[name]
    days = np.diff(results.times)
    if VARIABLES[name].kind == "count":
        array = array / days.reshape(1, -1, *(1,) * (array.ndim - 2))
    weights = periods_in(results.times, spans) * days[:, None]
    weights = weights / weights.sum(axis=0)
    if weights.shape[0] == weights.shape[1] and np.array_equal(weights, np.eye(len(weights))):
        mean = array
    else:
        # Unlimited capacity is infinite in every period: a weight of 0 must not make it NaN.
        infinite = np.isinf(array).any(axis=1, keepdims=True)
        finite = np.where(infinite, 0.0, array)
        mean = np.moveaxis(np.tensordot(finite, weights, axes=(1, 0)), -1, 1)
        mean = np.where(infinite, np.inf, mean)
    return np.ascontiguousarray(mean).reshape(-1, 1, *array.shape[2:])


def saved_periods(results: OptionResults) -> list[Window]:
    """Return the periods between saved times."""
    return periods(results.times)
