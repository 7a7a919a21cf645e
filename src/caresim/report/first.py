"""The first screen: the four questions of a board, each answered in words, a table and a chart."""

from __future__ import annotations

import math

import numpy as np

from caresim.comparison.comparison import Comparison
from caresim.comparison.differences import Difference
from caresim.comparison.figures import Scale, scale_of
from caresim.comparison.headlines import told
from caresim.comparison.headlines import words as named
from caresim.report.charts import Course, Interval, courses, intervals
from caresim.report.document import Block, Cell, Chart, Column, Section, Table, Words, words
from caresim.report.source import Source
from caresim.results.columns import number, percent
from caresim.results.option import OptionResults
from caresim.results.payload import delayed_by_reason
from caresim.results.steadiness import verdict

MOST = 6
"""Lines in one chart."""


def answers(source: Source) -> tuple[Section, ...]:
    """Return the sections of the first screen."""
    return (_nothing(source), _changes(source), _who_pays(source), _how_sure(source))


def _nothing(source: Source) -> Section:
    option = source.base
    found = option.indicators()
    lines = []
    years = option.labels.years
    if "delayed" in found:
        one = found["delayed"]
        spread = _spread(one.p05, one.p95, option.members)
        lines.append(
            f"On average {number(one.mean)} people are delayed in a place they are ready to "
            f"leave{spread}. Over a year that is "
            f"{number(found['bed_days_lost_per_year'].mean)} bed-days."
        )
        if len(years) > 1:
            first, last = (option.indicators(w.name)["delayed"].mean for w in (years[0], years[-1]))
            lines.append(_course(first, last, option, len(years)))
    if "waiting" in found and found["waiting"].mean > 0:
        one = found["waiting"]
        spread = _spread(one.p05, one.p95, option.members)
        lines.append(f"{number(one.mean)} people wait outside for a place{spread}.")
    reasons = delayed_by_reason(option)
    if reasons:
        name, people = max(reasons.items(), key=lambda item: item[1])
        label = next(r.label for r in option.labels.reasons if r.name == name)
        share = people / sum(reasons.values())
        lines.append(f"The most common reason for delay is: {label} ({percent(share)} of delays).")
    lines += _fullest(option)
    if source.comparison is not None and source.comparison.worth is not None:
        cost = source.comparison.values[option.name]["cost_per_year"]
        price = source.comparison.worth.price_year
        scale = scale_of("GBP", [float(cost.mean())])
        lines.append(
            f"Care costs {scale.text(float(cost.mean()))} {scale.unit} a year, whoever pays, in "
            f"prices of {price}."
        )
    blocks: list[Block] = [words(*lines)]
    blocks.append(_over_time(source))
    return Section("nothing", f"What happens if we do nothing? ({source.label(option)})",
                   tuple(blocks))  # fmt: skip


def _spread(low: float, high: float, members: int) -> str:
    if members < 3 or math.isclose(low, high, rel_tol=1e-6):
        return ""
    return f" (in nine futures of ten between {number(low)} and {number(high)})"


def _course(first: float, last: float, option: OptionResults, years: int) -> str:
    said = f"from {number(first)} in the first year to {number(last)} in year {years}"
    if abs(last - first) <= 0.02 * max(first, last):
        return f"The number of people delayed hardly changes over the run: {said}."
    way = "rises" if last > first else "falls"
    return f"The number of people delayed {way} {said}."


def _fullest(option: OptionResults) -> list[str]:
    used = {
        s.label: found.mean
        for s in option.labels.settings
        if (found := option.indicators().get(f"occupancy.{s.name}")) is not None
    }
    if not used:
        return []
    label, share = max(used.items(), key=lambda item: item[1])
    return [f"The fullest setting is {label}: {percent(share)} of its places are in use."]


def _over_time(source: Source) -> Chart:
    """People delayed, or in care where nobody ever is, in each option over the run."""
    variable = "delayed" if any(o.mean["delayed"].any() for o in source.options) else "occupied"
    said = "people delayed" if variable == "delayed" else "people in care"
    base = source.base
    times = base.times[:-1]
    shown = [o for o in source.options if np.array_equal(o.times, base.times)]
    lines, columns, data = [], [Column("period from")], [source.dates(base, times)]
    for n, option in enumerate(shown):
        mean = option.mean[variable].sum(axis=(1, 2))
        kept = option.series[variable].sum(axis=(2, 3))
        low = high = None
        columns.append(Column(f"{source.label(option)}: {said}", "number"))
        data.append(mean.tolist())
        if n == 0 and len(kept) >= 10:
            low, high = np.quantile(kept, (0.05, 0.95), axis=0)
            columns += [Column("5% of futures below", "number"),
                        Column("5% of futures above", "number")]  # fmt: skip
            data += [low.tolist(), high.tolist()]
        lines.append(Course(source.label(option), mean, low, high))
    middle = times[len(times) // 2]
    ends = [option_date for option_date in source.dates(base, np.array([times[0], middle,
            times[-1]]))]  # fmt: skip
    table = Table(
        "over_time",
        f"{said.capitalize()}, mean over members, by saved period",
        tuple(columns),
        tuple(zip(*data, strict=True)),
        folded=True,
    )
    description = "; ".join(
        f"{line.label}: {number(float(line.values[0]))} at the start, "
        f"{number(float(line.values[-1]))} at the end"
        for line in lines[:MOST]
    )
    left_out = f" Only the first {MOST} options are drawn." if len(lines) > MOST else ""
    band = " The band is where nine futures of ten lie if nothing is done." if any(
        line.low is not None for line in lines) else ""  # fmt: skip
    return Chart(
        f"{said.capitalize()} over time",
        f"{description}.{band}{left_out}",
        courses(lines[:MOST], times, ends, said),
        table,
    )


def finding(one: Difference) -> str:
    """Say what is found of a difference."""
    return f"{one.finding}: {one.effect}" if one.effect else one.finding


def _changes(source: Source) -> Section:
    title = "What does each option change?"
    comparison = source.comparison
    if comparison is None:
        return Section("changes", title, (words(source.alone),))
    shown = [n for n in told(comparison) if n != "net_present_cost"]
    rows: list[tuple[Cell, ...]] = []
    changed = []
    for name in shown:
        of = [(e, comparison.differences[e.name].get(name)) for e in comparison.options]
        if all(one is None or one.finding == "no difference" for _, one in of):
            continue
        changed.append(name)
    for entry in comparison.options:
        for name in changed:
            one = comparison.differences[entry.name].get(name)
            if one is not None:
                rows.append(_row(comparison, entry.label, name, one))
    heads = (
        Column("option"), Column("what"), Column("if nothing is done", "text"), Column("change"),
        Column("95% of futures"), Column("finding"),
    )  # fmt: skip
    blocks: list[Block] = []
    blocks += [Words((text,), "warning") for text in comparison.warnings]
    blocks.append(words(*_sentences(comparison, changed)))
    chart = _chart(comparison, changed)
    blocks += [chart] if chart is not None else []
    blocks.append(
        Table("changes", "What each option changes, beside doing nothing", heads, tuple(rows))
    )
    same = [named(comparison, name) for name in shown if name not in changed]
    if same:
        blocks.append(words(f"No option changes: {'; '.join(same)}."))
    return Section("changes", title, tuple(blocks))


def scale_for(comparison: Comparison, name: str) -> Scale:
    """Return how to write an indicator and differences in it."""
    found = [of[name] for of in comparison.differences.values() if name in of]
    return scale_of(found[0].unit, (x for one in found for x in (one.base, one.mean)))


def _row(comparison: Comparison, label: str, name: str, one: Difference) -> tuple[Cell, ...]:
    scale = scale_for(comparison, name)
    known = math.isfinite(one.low_95)
    ends = f"{scale.change(one.low_95)} to {scale.change(one.high_95)}" if known else "-"
    return (
        label,
        named(comparison, name),
        f"{scale.text(one.base)} {scale.unit}",
        f"{scale.change(one.difference)} {scale.unit_of_change}",
        ends,
        finding(one),
    )


def _sentences(comparison: Comparison, changed: list[str]) -> list[str]:
    main = next((n for n in ("delayed", "waiting", *changed) if n in changed), None)
    if main is None:
        return ["No option changes any of the headline figures."]
    said = []
    scale = scale_for(comparison, main)
    for entry in comparison.options:
        one = comparison.differences[entry.name].get(main)
        if one is None:
            continue
        what = named(comparison, main)
        if one.finding.startswith(("no ", "too few")):
            said.append(f"{entry.label}: {one.finding} in {what}.")
        else:
            said.append(
                f"{entry.label}: {what} {scale.change(one.difference)} {scale.unit_of_change} "
                f"({scale.text(one.base)} to {scale.text(one.mean)})."
            )
    return said


def _chart(comparison: Comparison, changed: list[str]) -> Chart | None:
    main = next((n for n in ("delayed", "waiting", *changed) if n in changed), None)
    if main is None:
        return None
    scale = scale_for(comparison, main)
    found = [
        (entry.label, comparison.differences[entry.name][main])
        for entry in comparison.options
        if main in comparison.differences[entry.name]
    ]
    drawn = [
        Interval(
            label,
            *(scale.factor * x for x in (d.difference, d.low_80, d.high_80, d.low_95, d.high_95)),
            said=scale.change(d.difference),
        )
        for label, d in found
    ]
    what = named(comparison, main)
    table = Table(
        "difference",
        f"Change in {what} ({scale.unit_of_change}), mean and futures",
        (
            Column("option"),
            Column("mean", "change"),
            Column("80% of futures from", "change"),
            Column("80% to", "change"),
            Column("95% of futures from", "change"),
            Column("95% to", "change"),
        ),  # fmt: skip
        tuple(
            (
                d.label,
                *(
                    x if math.isfinite(x) else None
                    for x in (d.mean, d.low_80, d.high_80, d.low_95, d.high_95)
                ),
            )
            for d in drawn
        ),  # fmt: skip
        folded=True,
    )
    return Chart(
        f"Change in {what} beside doing nothing",
        "Dots are means, thick lines 80% and thin lines 95% of futures. "
        + "; ".join(f"{d.label}: {d.said}" for d in drawn)
        + ".",
        intervals(drawn, f"{scale.unit_of_change}, 0 is doing nothing"),
        table,
    )


def _who_pays(source: Source) -> Section:
    title = "Who pays and who saves?"
    comparison = source.comparison
    if comparison is None or comparison.worth is None:
        said = (
            "The scenario says nothing of money, so nobody's costs are worked out. Costs, payments "
            "and pools can be written into it."
        )
        return Section("who_pays", title, (words(said),))
    from caresim.report.money import by_payer, worth_of_each

    return Section("who_pays", title, (*by_payer(comparison), worth_of_each(comparison)))


def _how_sure(source: Source) -> Section:
    from caresim.comparison.text import JUDGED

    lines = []
    comparison = source.comparison
    members = source.base.members
    lines.append(
        f"{members:,} member{'s' * (members != 1)} of the {source.base.engine} engine; inputs that "
        f"are uncertain: {len(source.base.labels.inputs)}."
    )
    if comparison is not None:
        lines.append(JUDGED[comparison.basis])
    failed = [source.label(o) for o in source.options if not o.passed]
    lines.append(
        f"THE AUDIT FAILED for: {'; '.join(failed)}. Do not use these figures."
        if failed
        else "Every check of the audit passed for every option."
    )
    lines.append(verdict(source.base))
    lines += _against_published(source)
    lines += source.unverified_line()
    blocks: list[Block] = [Words(tuple(lines), "points")]
    if comparison is not None:
        table = _best(comparison)
        blocks += [table] if table is not None else []
    return Section("how_sure", "How sure are we?", tuple(blocks))


def _against_published(source: Source) -> list[str]:
    gaps = [
        abs(found.simulated.mean - found.figure.value) / abs(found.figure.value)
        for found in source.base.published()
        if found.simulated is not None and found.figure.value
    ]
    if not gaps:
        return ["No published figure stands beside the simulated ones."]
    near = sum(gap <= 0.1 for gap in gaps)
    return [
        f"Of {len(gaps)} published figures, {near} are met within 10%; the largest difference is "
        f"{percent(max(gaps))}. They are set side by side below."
    ]


def _best(comparison: Comparison) -> Table | None:
    names = [n for n in told(comparison) if n in comparison.standings and n != "net_present_cost"]
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        ranked = comparison.ranking(name)
        if all(s.rank == 1 for s in ranked):
            continue
        labels = {e.name: e.label for e in comparison.entries}
        rows += [
            (named(comparison, name), labels[s.option], float(s.rank), s.chance_best)
            for s in ranked
        ]
    if not rows:
        return None
    return Table(
        "chance_best",
        "How often each option is best",
        (Column("by"), Column("option"), Column("rank", "number"), Column("best in", "share")),
        tuple(rows),
        "Share of futures in which no option is better. Options not shown to differ from doing "
        "nothing share its rank.",
        folded=True,
    )
