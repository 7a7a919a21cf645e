"""A table in the layout in which the Better Care Fund asks for capacity and demand.

The planning template asks, for each pathway and month, for expected demand (new people), capacity
(new people that places can take), block and spot apart, the mean stay and the mean time from
referral to service. What the scenario does not tell apart is left empty: places are block unless
it says otherwise, and spot places are not part of the language.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from caresim.report.document import Cell, Column, Table
from caresim.report.source import Source
from caresim.results.option import FloatArray, OptionResults

COLUMNS = (
    Column("option"),
    Column("pathway"),
    Column("service"),
    Column("month"),
    Column("demand, people", "number"),
    Column("capacity block, people", "number"),
    Column("capacity spot, people", "number"),
    Column("surplus, people", "number"),
    Column("mean stay, days", "number"),
    Column("mean wait, days", "number"),
)


def table(source: Source) -> Table | None:
    """Return demand and capacity by pathway, service and month; None without pathways."""
    rows = [row for option in source.options for row in _rows(source, option)]
    if not rows:
        return None
    return Table(
        "better_care_fund",
        "Capacity and demand by pathway and month, in the layout of the Better Care Fund",
        COLUMNS,
        tuple(rows),
        "Means over members. Demand: people who ask for the service, from any setting, the change "
        "in those who wait for it included. Capacity: places open, divided by the mean stay and "
        "times the days of the month; "
        "empty where there is no limit. Spot is empty, since a scenario does not tell spot from "
        "block. Wait: of those outside any setting, by people who "
        "begin; the delays of people who wait in another setting are not in it.",
    )


def months(start: datetime.date, times: FloatArray) -> tuple[list[str], FloatArray]:
    """Return calendar months and the days of each saved period that fall in each.

    Returns
    -------
    tuple
        Names such as ``2025-04``, and shape (months, periods), in days.
    """
    edges = [start.replace(day=1)]
    last = start + datetime.timedelta(days=float(times[-1]))
    while edges[-1] < last:
        year, month = divmod(edges[-1].year * 12 + edges[-1].month, 12)
        edges.append(datetime.date(year, month + 1, 1))
    days = np.array([(edge - start).days for edge in edges], dtype=np.float64)
    low = np.maximum(days[:-1, None], times[None, :-1])
    high = np.minimum(days[1:, None], times[None, 1:])
    names = [f"{edge:%Y-%m}" for edge in edges[:-1]]
    return names, np.maximum(high - low, 0.0)


def _rows(source: Source, option: OptionResults) -> Iterator[tuple[Cell, ...]]:
    labels = option.labels
    names, inside = months(labels.start_date, option.times)
    spans = np.diff(option.times)
    days = inside.sum(axis=1)
    mean = option.mean
    for n, setting in enumerate(labels.settings):
        if setting.pathway is None:
            continue
        admitted = inside @ (mean["admissions"][:, n].sum(axis=1) / spans)
        lost = inside @ (mean["lost"][:, n].sum(axis=1) / spans)
        people = inside @ mean["occupied"][:, n].sum(axis=1)
        waiting = inside @ mean["waiting"][:, n].sum(axis=1)
        ends = np.diff(mean["waiting_at"][:, n].sum(axis=1)) / spans
        demand = admitted + lost + inside @ ends
        places = inside @ np.nan_to_num(mean["capacity"][:, n], posinf=0.0)
        limited = bool(np.isfinite(mean["capacity"][:, n]).all())
        for m, month in enumerate(names):
            if days[m] <= 0:
                continue
            stay = people[m] / admitted[m] if admitted[m] > 0 else None
            capacity = places[m] / stay if limited and stay else None
            yield (
                source.label(option),
                f"pathway {setting.pathway}",
                setting.label,
                month,
                float(demand[m]),
                _plain(capacity),
                None,
                None if capacity is None else float(capacity - demand[m]),
                _plain(stay),
                float(waiting[m] / admitted[m]) if admitted[m] > 0 else None,
            )


def _plain(value: float | None) -> float | None:
    return None if value is None else float(value)
