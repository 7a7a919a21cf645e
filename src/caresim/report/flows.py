"""Who moves where, and how many: a band for each move, and a table over all options."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.model import DAYS_PER_YEAR
from caresim.report.charts import COLOURS, WIDTH, drawing, text
from caresim.report.document import Cell, Chart, Column, Section, Table, words
from caresim.report.source import Source
from caresim.results.columns import cut, number
from caresim.results.option import OptionResults
from caresim.results.view import View

OUTSIDE = {
    "home": "home",
    "died": "died",
    "elsewhere": "out of the place",
    "lost": "turned away",
    "left_waiting": "left the wait",
    "left_delayed": "left a delay",
}
"""Where people go who do not move to another setting, by the variable that counts them."""

SMALLEST = 0.005
"""Share of all moves below which a band is not drawn."""


@dataclass(frozen=True)
class Flow:
    """People a year from one place to another, mean over members."""

    start: str
    end: str
    people: float


def flows(option: OptionResults) -> list[Flow]:
    """Return every flow of an option over the whole run, in people a year."""
    view = View(option.labels, option.totals, 0)
    labels = [setting.label for setting in option.labels.settings]
    found = []
    arrivals = view.whole("arrivals").sum(axis=2).mean(axis=0)
    for n, people in enumerate(arrivals.tolist()):
        found.append(Flow("outside", labels[n], people * DAYS_PER_YEAR))
    moves = view.whole("moves").mean(axis=0)
    for n, start in enumerate(labels):
        for m, end in enumerate(labels):
            found.append(Flow(start, end, float(moves[n, m]) * DAYS_PER_YEAR))
    for variable, end in OUTSIDE.items():
        gone = view.whole(variable).sum(axis=2).mean(axis=0)
        for n, people in enumerate(gone.tolist()):
            found.append(Flow(labels[n], end, people * DAYS_PER_YEAR))
    return [flow for flow in found if flow.people > 0]


def section(source: Source) -> Section:
    """Return the section on flows."""
    base = flows(source.base)
    if not base:
        return Section("flows", "Who moves where", (words("Nobody moves in this run."),))
    by_option = {o.name: {(f.start, f.end): f.people for f in flows(o)} for o in source.options}
    keys = dict.fromkeys(key for of in by_option.values() for key in of)
    first = by_option[source.base.name]
    order = sorted(keys, key=lambda key: -first.get(key, 0.0))
    heads = [Column("from"), Column("to")]
    heads += [Column(f"{source.label(o)}, people a year", "number") for o in source.options]
    rows: list[tuple[Cell, ...]] = [
        (*key, *(by_option[o.name].get(key, 0.0) for o in source.options)) for key in order
    ]
    table = Table(
        "flows",
        "People who move, mean a year over the whole run",
        tuple(heads),
        tuple(rows),
        folded=True,
    )
    largest = "; ".join(
        f"{f.start} to {f.end}: {number(f.people)}"
        for f in sorted(base, key=lambda f: -f.people)[:5]
    )
    chart = Chart(
        f"People a year from place to place ({source.label(source.base)})",
        f"The largest flows: {largest}. Flows below {SMALLEST:.1%} of all are in the data only.",
        bands(base),
        table,
    )
    return Section("flows", "Who moves where", (chart,))


def bands(given: list[Flow]) -> str:
    """Draw flows as bands from a column of starts to a column of ends, as wide as they are large.

    Every place has at least a line of text in height, so the widths within a column are to scale
    and the gaps between places are not.
    """
    total = sum(flow.people for flow in given)
    shown = [flow for flow in given if flow.people >= SMALLEST * total]
    starts = list(dict.fromkeys(flow.start for flow in shown))
    ends = list(dict.fromkeys(flow.end for flow in shown))
    scale = 300.0 / sum(flow.people for flow in shown)
    tops = {
        "start": _tops(shown, starts, scale, start=True),
        "end": _tops(shown, ends, scale, start=False),
    }
    left, right = 215.0, WIDTH - 215.0
    parts = []
    used: dict[tuple[str, str], float] = {}
    for flow in sorted(shown, key=lambda f: (starts.index(f.start), ends.index(f.end))):
        size = max(flow.people * scale, 1.0)
        a = tops["start"][flow.start] + used.get(("start", flow.start), 0.0)
        b = tops["end"][flow.end] + used.get(("end", flow.end), 0.0)
        used["start", flow.start] = used.get(("start", flow.start), 0.0) + size
        used["end", flow.end] = used.get(("end", flow.end), 0.0) + size
        middle = (left + right) / 2
        colour = COLOURS[starts.index(flow.start) % 6]
        parts.append(
            f'<path d="M{left:.0f} {a:.1f}C{middle:.0f} {a:.1f} {middle:.0f} {b:.1f} '
            f"{right:.0f} {b:.1f}V{b + size:.1f}C{middle:.0f} {b + size:.1f} {middle:.0f} "
            f'{a + size:.1f} {left:.0f} {a + size:.1f}Z" fill="{colour}" fill-opacity="0.5" '
            f'stroke="{colour}"/>'
        )
    sums = {
        "start": {n: sum(f.people for f in shown if f.start == n) for n in starts},
        "end": {n: sum(f.people for f in shown if f.end == n) for n in ends},
    }
    lowest = 0.0
    for side, names, x, anchor in (
        ("start", starts, left - 8, "end"),
        ("end", ends, right + 8, "start"),
    ):
        for name in names:
            size = max(sums[side][name] * scale, 1.0)
            middle = tops[side][name] + size / 2
            parts.append(text(x, middle - 1, cut(name, 27), anchor))
            parts.append(text(x, middle + 15, number(sums[side][name]), anchor, "figure"))
            lowest = max(lowest, tops[side][name] + size, middle + 20)
    return drawing(lowest + 8, parts)


def _tops(shown: list[Flow], names: list[str], scale: float, *, start: bool) -> dict[str, float]:
    """Place names under each other, each as high as its flows and at least as two lines."""
    found, y = {}, 6.0
    for name in names:
        people = sum(f.people for f in shown if (f.start if start else f.end) == name)
        size = max(people * scale, 1.0)
        room = max(size, 38.0)
        found[name] = y + (room - size) / 2
        y += room + 8.0
    return found
