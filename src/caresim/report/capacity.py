"""Capacity that binds: which settings are full, when, and in what share of members."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.report.charts import squares
from caresim.report.document import Block, Cell, Chart, Column, Section, Table, words
from caresim.report.source import Source
from caresim.results.columns import percent
from caresim.results.option import FloatArray, OptionResults

FULL = 0.98
"""Share of open places in use, mean over a saved period, from which a setting counts as full. Not
1, since a place that is let again within hours is free for a part of the period."""

MOST_CELLS = 80
"""Cells in a row of the chart; more periods are taken together."""


@dataclass(frozen=True, eq=False)
class Binding:
    """How often a setting is full.

    Attributes
    ----------
    label
        Of the setting.
    shares
        Share of members in which it is full, in each saved period.
    ever
        Share of members in which it is full in at least one.
    """

    label: str
    shares: FloatArray
    ever: float


def binding(option: OptionResults) -> list[Binding]:
    """Return how often each setting with a limit is full, of the members whose course is kept."""
    used, capacity = option.series["places_used"], option.series["capacity"]
    found = []
    for n, setting in enumerate(option.labels.settings):
        open_places = capacity[:, :, n]
        limited = np.isfinite(open_places) & (open_places > 0)
        if not limited.any():
            continue
        full = limited & (used[:, :, n] >= FULL * np.where(limited, open_places, 0.0))
        found.append(Binding(setting.label, full.mean(axis=0), float(full.any(axis=1).mean())))
    return found


def section(source: Source) -> Section:
    """Return the section on capacity that binds."""
    title = "Capacity that binds"
    found = {option.name: binding(option) for option in source.options}
    if not any(found.values()):
        return Section("capacity", title, (words("No setting of this run has a limit."),))
    kept = source.base.series["capacity"].shape[0]
    rows: list[tuple[Cell, ...]] = []
    for option in source.options:
        rows += [_row(source, option, one) for one in found[option.name]]
    heads = (
        Column("option"),
        Column("setting"),
        Column("full, share of time", "share"),
        Column("full at some time, share of members", "share"),
        Column("first period full in half of members"),
        Column("last such period"),
    )
    table = Table(
        "capacity_full",
        "Settings that are full",
        heads,
        tuple(rows),
        f"Full: {FULL:.0%} or more of open places in use, mean over a saved period. Of the "
        f"{kept:,} members whose course is kept.",
    )
    shown = [one for one in found[source.base.name] if one.ever > 0]
    blocks: list[Block] = []
    if shown:
        blocks.append(_chart(source, shown))
    else:
        blocks.append(words("No setting is full in any saved period if nothing is done."))
    return Section("capacity", title, (*blocks, table))


def _row(source: Source, option: OptionResults, one: Binding) -> tuple[Cell, ...]:
    spans = np.diff(option.times)
    often = np.flatnonzero(one.shares >= 0.5)
    ends = source.dates(option, option.times[often[[0, -1]]]) if often.size else ["-", "-"]
    share = float((one.shares * spans).sum() / spans.sum())
    return (source.label(option), one.label, share, one.ever, *ends)


def _chart(source: Source, shown: list[Binding]) -> Chart:
    base = source.base
    starts = base.times[:-1]
    together = max(1, -(-starts.size // MOST_CELLS))
    groups = [np.arange(n, min(n + together, starts.size)) for n in range(0, starts.size, together)]
    cells = [(one.label, np.array([one.shares[g].mean() for g in groups])) for one in shown]
    dates = source.dates(base, starts)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (date, *(float(one.shares[n]) for one in shown)) for n, date in enumerate(dates)
    )
    table = Table(
        "capacity_weeks",
        f"Share of members in which each setting is full ({source.label(base)})",
        (Column("period from"), *(Column(one.label, "share") for one in shown)),
        rows,
        folded=True,
    )
    said = "; ".join(f"{o.label}: {percent(float(o.shares.mean()))} of periods" for o in shown)
    return Chart(
        f"When settings are full, and in what share of members ({source.label(base)})",
        f"Full on average over members and periods: {said}. The higher and darker a mark, the "
        "larger the share of members.",
        squares(cells, [dates[0], dates[len(dates) // 2], dates[-1]]),
        table,
    )
