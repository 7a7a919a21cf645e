"""Arrivals and cohorts written out, and how arrivals are divided between cohorts."""

from __future__ import annotations

import datetime
import math
from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.cohorts import Rate, locality_share, scaled
from caresim.scenario.resolve.context import Context, Group, UnsettledError, pick, varies
from caresim.scenario.resolve.routes import Writer
from caresim.scenario.resolve.stays import check_stay
from caresim.scenario.schema import kinds
from caresim.scenario.schema.arrival import Arrival, Series
from caresim.scenario.schema.faults import real_path
from caresim.scenario.series import SeriesError
from caresim.scenario.values import By, Path, Quantity, leaves


def resolved_arrival(context: Context, name: str) -> dict[str, Any]:
    """Write an arrival in the explicit form."""
    arrival = context.file.arrivals[name]
    path: Path = ("arrivals", name)
    writer = Writer(context, None)

    def destination(group: Group) -> str:
        to, _ = pick(arrival.to, group.base, group.locality)
        return writer.destination(to, group)

    shares = cohort_shares(context, arrival, path)
    groups = [group for group in context.groups if group.base in shares]
    written: dict[str, Any] = {"to": writer.each(destination)}
    if isinstance(arrival.rate, Series):
        written["rate"] = _series(context, arrival.rate, (*path, "rate"))
    elif in_full(arrival):
        written["rate"] = _own_rates(context, arrival.rate, shares, path)
    else:
        rate: Rate
        rate, here = pick(arrival.rate, None, None, (*path, "rate"))
        real = real_path(here, context.merged.tree.data)
        written["rate"] = explicit.dated(rate, kinds.RATE, real)
    written["cohort"] = _cohorts(context, arrival, groups, shares)
    written["growth"] = writer.leaf(arrival.growth, kinds.GROWTH, (*path, "growth"))
    for key, names in (("weekday", kinds.WEEKDAYS), ("month", kinds.MONTHS)):
        factors = normalised(getattr(arrival, key))
        if any(factor != 1 for factor in factors):
            written[key] = dict(zip(names, map(kinds.plain, factors), strict=True))
    if arrival.cycle:
        written["cycle"] = [
            {
                "period": explicit.leaf(cycle.period, kinds.DURATION, ()),
                "amplitude": explicit.leaf(cycle.amplitude, kinds.SHARE, ()),
                "peak": explicit.leaf(cycle.peak, kinds.DURATION, ()),
            }
            for cycle in arrival.cycle
        ]
    if arrival.transfer is not None:
        written["transfer"] = writer.stay(arrival.transfer, (*path, "transfer"))
    return {**written, **explicit.about(arrival.source, arrival.note)}


def check_arrival(context: Context, name: str) -> None:
    """Report what cannot be in an arrival, apart from names that nothing has."""
    arrival = context.file.arrivals[name]
    path: Path = ("arrivals", name)
    check_stay(context, arrival.transfer, (*path, "transfer"), none_allowed=True)
    try:
        shares = cohort_shares(context, arrival, path, report=True)
        if isinstance(arrival.rate, Series):
            _check_series(context, arrival.rate, (*path, "rate"))
    except UnsettledError:
        return
    if isinstance(arrival.rate, Series):
        return
    per_person = [
        group.base
        for group in context.groups
        if group.base in shares
        and _is_per_person(arrival.rate, group)
        and context.cohorts[group.base].population is None
    ]
    if per_person:
        said = ", ".join(f"`{cohort}`" for cohort in dict.fromkeys(per_person))
        message = f"the rate is per person, but {said} has no population"
        context.report("C411", (*path, "rate"), message)


def in_full(arrival: Arrival) -> bool:
    """Whether each cohort has a rate of its own, rather than a share of one."""
    rate = arrival.rate
    if isinstance(rate, Series):
        return False
    return isinstance(rate, By) or (isinstance(rate, Quantity) and rate.per_person)


def cohort_shares(
    context: Context, arrival: Arrival, path: Path, *, report: bool = False
) -> dict[str, float]:
    """Give the share of an arrival's rate that is of each cohort; 1 where it is in full.

    Raises
    ------
    UnsettledError
        If that is not settled, which is reported on request.
    """
    cohort = arrival.cohort
    own = in_full(arrival) and (varies(arrival.rate, "cohort") or _any_per_person(arrival.rate))
    known = list(context.cohorts)
    message = None
    if isinstance(cohort, dict) and own:
        message = "shares cannot be given of a rate that is each cohort's own"
    elif isinstance(cohort, dict):
        return {name: share.value for name, share in cohort.items()}
    elif cohort is None and (own or len(known) == 1):
        return dict.fromkeys(known, 1.0)
    elif cohort is None:
        message = f"it is not said how the people are divided between {len(known)} cohorts"
    else:
        names = [cohort] if isinstance(cohort, str) else cohort
        if own or len(names) == 1:
            return dict.fromkeys(names, 1.0)
        message = "several cohorts cannot each have the whole of one rate"
    if report:
        context.report("C412", (*path, "cohort"), message)
    raise UnsettledError


def normalised(factors: tuple[float, ...]) -> tuple[float, ...]:
    """Divide factors by their mean, months by days, unless that is one already."""
    weights = (1.0,) * 7 if len(factors) == 7 else DAYS_IN_MONTHS
    mean = math.fsum(f * w for f, w in zip(factors, weights, strict=True)) / math.fsum(weights)
    # Dividing again by a mean that is one but for rounding would change the last digits.
    return factors if abs(mean - 1) < 1e-12 else tuple(f / mean for f in factors)


DAYS_IN_MONTHS = (31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0)
"""Days in the months of a year of 365 days."""


def _cohorts(
    context: Context, arrival: Arrival, groups: list[Group], shares: dict[str, float]
) -> Any:
    if in_full(arrival):
        return sorted(group.name for group in groups)  # a set, so in no order of the file
    if len(groups) == 1 and shares[groups[0].base] == 1:
        return groups[0].name
    return {
        group.name: kinds.plain(shares[group.base] * locality_share(context, group))
        for group in groups
    }


def _own_rates(context: Context, rate: Any, shares: dict[str, float], path: Path) -> Any:
    """Write the rate of each cohort, or once if it is one rate per person."""
    if isinstance(rate, Quantity):
        real = real_path((*path, "rate"), context.merged.tree.data)
        return explicit.leaf(rate, kinds.RATE, real)
    rates = {
        group.name: _own_rate(context, rate, group, shares, path)
        if group.base in shares
        else kinds.RATE.write(0.0)
        for group in context.groups
    }
    return {"by_cohort": rates}


def _own_rate(
    context: Context, rate: Any, group: Group, shares: dict[str, float], path: Path
) -> Any:
    base = (*path, "rate")
    own, here = pick(rate, group.base, group.locality, base)
    per_person = isinstance(own, Quantity) and own.per_person
    factor = shares[group.base]
    if not per_person and "by_locality" not in here[len(base) :]:
        factor *= locality_share(context, group)
    real = real_path(here, context.merged.tree.data)
    return explicit.dated(scaled(own, factor), kinds.RATE, real)


def _any_per_person(rate: Any) -> bool:
    return any(isinstance(q, Quantity) and q.per_person for _, q in leaves(rate))


def _is_per_person(rate: Any, group: Group) -> bool:
    try:
        own, _ = pick(rate, group.base, group.locality)
    except UnsettledError:
        return False
    return isinstance(own, Quantity) and own.per_person


def _counts(context: Context, series: Series, path: Path) -> tuple[datetime.date, list[float]]:
    if series.values is not None and series.from_ is not None:
        first = datetime.date.fromisoformat(series.from_)
        return first, [quantity.value for quantity in series.values]
    try:
        return context.tables.series(
            context.merged, series.csv or "", series.column or "", series.date, path
        )
    except SeriesError as error:
        context.problems += error.problems
        raise UnsettledError from None


def _series(context: Context, series: Series, path: Path) -> dict[str, Any]:
    first, counts = _counts(context, series, path)
    written: dict[str, Any] = {
        "from": first.isoformat(),
        "values": [kinds.plain(count) for count in counts],
    }
    if series.beyond is not None:
        written["beyond"] = series.beyond
    return {**written, **explicit.about(series.source, series.note)}


def _check_series(context: Context, series: Series, path: Path) -> None:
    first, counts = _counts(context, series, path)
    start, days = context.period
    last = first + datetime.timedelta(days=len(counts) - 1)
    if first > start:
        message = f"the series begins on {first}, after the first day of the run, {start}"
        context.report("C606", path, message)
    elif series.beyond is None and (last - start).days + 1 < days:
        end = start + datetime.timedelta(days=math.ceil(days) - 1)
        context.report("C606", path, f"the series ends on {last}, before the run does on {end}")
