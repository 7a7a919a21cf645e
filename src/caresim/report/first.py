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
from caresim.results.indicators import Estimate
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
    delayed = found.get("delayed")
    if delayed is None or delayed.mean == 0:
        lines.append("Nobody is delayed in a place they are ready to leave.")
    else:
        lines.append(
            f"On average {number(delayed.mean)} people are delayed in a place they are ready to "
            f"leave{_spread(delayed, option.members)}. Over a year that is "
            f"{number(found['bed_days_lost_per_year'].mean)} bed-days."
        )
        if len(years) > 1:
            first, last = (option.indicators(w.name)["delayed"].mean for w in (years[0], years[-1]))
            lines.append(_course(first, last, len(years)))
    if "waiting" in found and found["waiting"].mean > 0:
        one = found["waiting"]
        spread = _spread(one, option.members)
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
    title = "What happens if we do nothing?"
    if source.label(option).lower() != "do nothing":
        title += f" ({source.label(option)})"
    return Section("nothing", title, (_over_time(source),), tuple(lines))


def _spread(found: Estimate, members: int) -> str:
    low, high = found.p05, found.p95
    if members < 3 or math.isclose(low, high, rel_tol=1e-6):
        return ""
    # A mean beyond nine futures of ten is made by the tenth.
    far = " and in a few far more" if found.mean > high else ""
    far = " and in a few far fewer" if found.mean < low else far
    return f" (in nine futures of ten between {number(low)} and {number(high)}{far})"


def _course(first: float, last: float, years: int) -> str:
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
            columns += [
                Column("5% of futures below", "number"),
                Column("5% of futures above", "number"),
            ]
            data += [low.tolist(), high.tolist()]
        lines.append(Course(source.label(option), mean, low, high))
    middle = times[len(times) // 2]
    ends = list(source.dates(base, np.array([times[0], middle, times[-1]])))
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
    band = (
        " The band is where nine futures of ten lie if nothing is done."
        if any(line.low is not None for line in lines)
        else ""
    )
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
        return Section("changes", title, (), (source.alone,))
    shown = [n for n in told(comparison) if n != "net_present_cost"]
    changed = [
        name
        for name in shown
        if any(
            name in of and of[name].finding != "no difference"
            for of in comparison.differences.values()
        )
    ]
    blocks: list[Block] = [Words((text,), "warning") for text in comparison.warnings]
    chart = _chart(comparison, changed)
    blocks += [chart] if chart is not None else []
    if changed:
        blocks += [_side_by_side(comparison, changed), _in_full(comparison, changed)]
    same = [named(comparison, name) for name in shown if name not in changed]
    if same:
        blocks.append(words(f"No option changes: {'; '.join(same)}."))
    return Section("changes", title, tuple(blocks), tuple(_sentences(comparison, changed)))


def _side_by_side(comparison: Comparison, changed: list[str]) -> Table:
    """Return a row for each figure and a column for each option, to be read."""
    rows: list[tuple[Cell, ...]] = []
    for name in changed:
        scale = scale_for(comparison, name)
        base = next(of[name] for of in comparison.differences.values() if name in of)
        cells = [
            _change(scale, comparison.differences[e.name].get(name)) for e in comparison.options
        ]
        what = f"{named(comparison, name)} ({scale.unit_of_change})"
        rows.append((what, f"{scale.text(base.base)} {scale.unit}", *cells))
    return Table(
        "changes",
        "What each option changes: mean, 95% of futures, and what is found",
        (
            Column("what"),
            Column("if nothing is done"),
            *(Column(entry.label) for entry in comparison.options),
        ),
        tuple(rows),
        "Differences from doing nothing, in the unit of the row.",
    )


def _change(scale: Scale, one: Difference | None) -> str:
    if one is None:
        return "-"
    ends = ""
    if math.isfinite(one.low_95) and one.low_95 != one.high_95:
        ends = f" ({scale.change(one.low_95)} to {scale.change(one.high_95)})"
    return f"{scale.change(one.difference)}{ends}; {finding(one)}"


def _in_full(comparison: Comparison, changed: list[str]) -> Table:
    """Return the same as numbers, in the units of the indicators."""
    found = [
        (entry.label, named(comparison, name), comparison.differences[entry.name][name])
        for entry in comparison.options
        for name in changed
        if name in comparison.differences[entry.name]
    ]
    numbers = ("nothing done", "option", "change", "95% from", "95% to", "mean from", "mean to")
    rows: list[tuple[Cell, ...]] = []
    for label, what, one in found:
        values = (one.base, one.mean, one.difference, one.low_95, one.high_95)
        known = (x if math.isfinite(x) else None for x in (*values, one.mean_low, one.mean_high))
        rows.append(
            (label, what, one.unit, *known, one.chance_lower, one.chance_higher, finding(one))
        )
    return Table(
        "changes_in_full",
        "The same in full",
        (
            Column("option"),
            Column("what"),
            Column("unit"),
            *(Column(name, "number") for name in numbers),
            Column("lower in, of futures", "share"),
            Column("higher in, of futures", "share"),
            Column("finding"),
        ),
        tuple(rows),
        "95%: of futures. Mean from, to: 95% interval of the mean difference, which says how well "
        "these members tell it.",
        folded=True,
    )


def scale_for(comparison: Comparison, name: str) -> Scale:
    """Return how to write an indicator and differences in it."""
    found = [of[name] for of in comparison.differences.values() if name in of]
    return scale_of(found[0].unit, (x for one in found for x in (one.base, one.mean)))


def _moved(scale: Scale, one: Difference) -> str:
    """Say in words how far a figure goes up or down."""
    way = "up" if one.difference > 0 else "down"
    unit = "" if scale.unit_of_change == one.unit else f" {scale.unit_of_change}"
    said = f"{way} by {scale.text(abs(one.difference))}{unit}"
    if one.finding.endswith("or the same"):
        said += " on average, and the same in some futures"
    percents = "%" if scale.unit.startswith("%") else ""
    return f"{said} (from {scale.text(one.base)}{percents} to {scale.text(one.mean)}{percents})"


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
            said.append(f"{entry.label}: {what} {_moved(scale, one)}.")
    return said


def _interval(label: str, one: Difference, scale: Scale) -> Interval:
    by = scale.factor
    return Interval(
        label=label,
        mean=one.difference * by,
        low_80=one.low_80 * by,
        high_80=one.high_80 * by,
        low_95=one.low_95 * by,
        high_95=one.high_95 * by,
        said=scale.change(one.difference),
    )


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
    drawn = [_interval(label, d, scale) for label, d in found]
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
        ),
        tuple(
            (
                d.label,
                *(
                    x if math.isfinite(x) else None
                    for x in (d.mean, d.low_80, d.high_80, d.low_95, d.high_95)
                ),
            )
            for d in drawn
        ),
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
        return Section("who_pays", title, (), (said,))
    from caresim.report.money import by_payer, worth_of_each

    lines, charts = by_payer(comparison)
    return Section("who_pays", title, (*charts, worth_of_each(comparison)), tuple(lines))


def _how_sure(source: Source) -> Section:
    from caresim.comparison.text import JUDGED

    comparison = source.comparison
    members = source.base.members
    inputs = len({name for option in source.options for name in option.labels.inputs})
    futures = "futures were" if members != 1 else "future was"
    lines = [
        f"{members:,} {futures} run; {inputs} input{'s are' if inputs != 1 else ' is'} uncertain."
        if inputs
        else f"{members:,} {futures} run; no input is uncertain, so what is not known of the "
        "inputs is not in these figures."
    ]
    failed = [source.label(o) for o in source.options if not o.passed]
    lines.append(
        f"THE AUDIT FAILED for: {'; '.join(failed)}. Do not use these figures."
        if failed
        else "Every check of the audit passed for every option."
    )
    if comparison is not None:
        lines += _shown(comparison)
    lines += _against_published(source)
    lines += source.unverified_line()
    blocks: list[Block] = []
    if comparison is not None:
        blocks.append(words(JUDGED[comparison.basis]))
        table = _best(comparison)
        blocks += [table] if table is not None else []
    blocks.append(words(verdict(source.base)))
    return Section("how_sure", "How sure are we?", tuple(blocks), tuple(lines))


def _against_published(source: Source) -> list[str]:
    gaps = [
        (abs(found.simulated.mean - found.figure.value) / abs(found.figure.value), found)
        for found in source.base.published()
        if found.simulated is not None and found.figure.value
    ]
    if not gaps:
        return ["No published figure of this place stands beside the simulated ones."]
    near = sum(gap <= 0.1 for gap, _ in gaps)
    worst, found = max(gaps, key=lambda item: item[0])
    assert found.simulated is not None
    written = percent if found.figure.indicator.split(".")[0].endswith("share") else number
    name = found.figure.name.replace("_", " ")
    return [
        f"{near} of {len(gaps)} published figures are met within 10%."
        + (
            f" The farthest off is {name}: {written(found.simulated.mean)} simulated, "
            f"{written(found.figure.value)} published."
            if worst > 0.1
            else ""
        )
    ]


def _shown(comparison: Comparison) -> list[str]:
    """Say how many of the headline effects of all options are shown."""
    names = [n for n in told(comparison) if n != "net_present_cost"]
    found = [of[n] for of in comparison.differences.values() for n in names if n in of]
    moved = [one for one in found if one.finding != "no difference"]
    shown = sum(not one.finding.startswith(("no ", "too few")) for one in moved)
    if not moved:
        return []
    why = {
        "futures": "they point the same way in nearly all futures; the others may go either way",
        "mean": "they are larger than what chance does to the mean of these members",
        "certain": "they are exact for these inputs",
    }[comparison.basis]
    return [f"Of {len(moved)} headline changes that options bring about, {shown} are shown: {why}."]


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
