"""Delays by reason, what each setting holds, and the queues that averages hide."""

from __future__ import annotations

import math

from caresim.report.charts import Bar, bars
from caresim.report.document import Block, Cell, Chart, Column, Section, Table, words
from caresim.report.source import Source
from caresim.results.columns import number, percent
from caresim.results.lengths import pooled_lengths
from caresim.results.option import NO_LENGTHS
from caresim.results.payload import delayed_by_reason, setting_rows

MOST = 12
"""Bars in one chart."""


def reasons(source: Source) -> Section:
    """Return the section on delays by reason."""
    title = "Why people are delayed"
    found = {o.name: delayed_by_reason(o) for o in source.options}
    if not any(found.values()):
        return Section("delays", title, (words("Nobody is delayed in this run."),))
    known = {r.name: r for o in source.options for r in o.labels.reasons}
    base = found[source.base.name]
    names = dict.fromkeys(name for of in found.values() for name in of)
    order = sorted(names, key=lambda name: -base.get(name, 0.0))
    heads = [Column("reason"), Column("responsible"), Column("kind")]
    heads += [Column(f"{source.label(o)}, people delayed", "number") for o in source.options]
    rows: list[tuple[Cell, ...]] = [
        (
            known[name].label,
            known[name].responsible.replace("_", " "),
            known[name].group.replace("_", " "),
            *(found[o.name].get(name, 0.0) for o in source.options),
        )
        for name in order
    ]
    table = Table(
        "delays_by_reason",
        "People delayed, mean over the whole run",
        tuple(heads),
        tuple(rows),
        folded=True,
    )
    shown = [name for name in order if base.get(name, 0.0) > 0][:MOST]
    if not shown:
        return Section("delays", title, (words("Nobody is delayed if nothing is done."), table))
    total = sum(base.values())
    drawn = [
        Bar(known[n].label, base[n], f"{number(base[n])} ({percent(base[n] / total)})")
        for n in shown
    ]
    chart = Chart(
        f"People delayed by reason ({source.label(source.base)})",
        "; ".join(f"{bar.label}: {bar.said}" for bar in drawn) + ".",
        bars(drawn),
        table,
    )
    return Section("delays", title, (chart,))


def settings(source: Source) -> Section:
    """Return the section on what each setting holds, in every option."""
    heads = (
        Column("option"),
        Column("setting"),
        Column("places", "number"),
        Column("people there", "number"),
        Column("places in use", "share"),
        Column("delayed", "number"),
        Column("waiting outside", "number"),
        Column("admitted a day", "number"),
        Column("mean stay, days", "number"),
    )
    rows: list[tuple[Cell, ...]] = []
    for option in source.options:
        for row in setting_rows(option):
            rows.append(
                (
                    source.label(option),
                    row.label,
                    row.capacity,
                    row.mean_occupancy,
                    _known(row.share),
                    row.mean_delayed,
                    row.mean_waiting,
                    row.admissions_per_day,
                    _known(row.mean_stay_days),
                )
            )
    table = Table("settings", "Every setting, mean over the whole run", heads, tuple(rows))
    return Section("settings", "What each setting holds", (table,))


def _known(value: float) -> Cell:
    return value if math.isfinite(value) else None


def queues(source: Source) -> Section:
    """Return the section on waits and delays as distributions."""
    title = "Queues that averages hide"
    told = [option for option in source.options if option.pooled_spells]
    if not told:
        return Section("queues", title, (words(NO_LENGTHS),))
    heads = (
        Column("option"),
        Column("setting"),
        Column("what"),
        Column("people", "number"),
        Column("mean, days", "number"),
        Column("median, days", "number"),
        Column("95% are shorter than, days", "number"),
        Column("21 days or more", "share"),
    )
    rows: list[tuple[Cell, ...]] = []
    for option in told:
        labels = {s.name: s.label for s in option.labels.settings}
        found = pooled_lengths(option)
        for kind in ("wait", "delay", "stay"):
            for name, of in found.get(kind, {}).items():
                if of["count"]:
                    rows.append(
                        (
                            source.label(option),
                            labels.get(name, name),
                            kind,
                            of["count"],
                            of["mean"],
                            of["p50"],
                            of["p95"],
                            of["share_21"],
                        )
                    )
    blocks: list[Block] = [
        words(
            "A mean wait says little where a few people wait long. Median and 95% are over the "
            "people of all members together; waits of 0 days are of people who found a place at "
            "once."
        ),
        Table("lengths", "How long people wait, are delayed and stay", heads, tuple(rows)),
    ]
    return Section("queues", title, tuple(blocks))
