"""A comparison as text for people, 100 columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from caresim.comparison.comparison import changed_by_none
from caresim.comparison.differences import Difference
from caresim.comparison.figures import scale_of
from caresim.comparison.headlines import chosen, labels, told, words
from caresim.comparison.text_more import more_tables
from caresim.results.columns import WIDTH, number, percent, table, wrapped
from caresim.results.summary import audit_line

if TYPE_CHECKING:
    from caresim.comparison.comparison import Comparison

LABEL = 25
"""Characters of an option's label in a table."""

JUDGED = {
    "futures": (
        "A difference is shown if 95% of futures lie on one side of 0: that is how uncertain the "
        "inputs make it, however many members are run."
    ),
    "mean": (
        "No input is uncertain: members differ by chance alone, and a difference is shown if the "
        "95% interval of its mean leaves out 0."
    ),
    "certain": (
        "No input is uncertain and the flow engine has no chance: every difference is exact for "
        "these inputs, and says nothing of how sure they are."
    ),
}


def summary(comparison: Comparison, indicators: Sequence[str] = ()) -> str:
    """Return the comparison as text, without a final line break.

    Parameters
    ----------
    comparison
        Of options.
    indicators
        Ids of what to show in place of the headlines.

    Raises
    ------
    ComparisonError
        If the comparison has no such indicator.
    """
    shown = chosen(comparison, indicators) or told(comparison)
    unchanged = set(changed_by_none(comparison))
    changing = [name for name in shown if name not in unchanged]
    parts = [heading(comparison)]
    parts += [wrapped(f"Warning: {text}") for text in comparison.warnings]
    # The net present cost of doing nothing is 0, and that of the others has a table of its own.
    parts += [_differences(comparison, name) for name in changing if name != "net_present_cost"]
    same = [words(comparison, name) for name in shown if name in unchanged]
    if same:
        parts.append(wrapped(f"No option changes: {'; '.join(same)}."))
    ranked = [name for name in changing if name in comparison.standings]
    if ranked:
        parts += [best(comparison, ranked), _means(comparison, ranked)]
    parts += more_tables(comparison, changing, chosen=bool(indicators))
    failed = [entry.results for entry in comparison.entries if not entry.results.passed]
    parts += [audit_line(results) for results in failed]
    if not failed:
        parts.append("The audit of every option passed.")
    return "\n\n".join(parts)


def heading(comparison: Comparison) -> str:
    """Return what is compared, how it was run, and when a difference is shown."""
    base = comparison.base
    labels = base.results.labels
    n = len(comparison.options)
    members = f"{comparison.members:,} member{'s' * (comparison.members != 1)}"
    return (
        f"{labels.title}\n"
        + wrapped(
            f"{n} option{'s' * (n != 1)} beside {base.name} ({base.label}): "
            f"{labels.start_date.isoformat()} for {number(labels.days)} days, "
            f"{base.results.engine} engine, {members}, seed {base.manifest.seed}, paired member by "
            "member. Figures are of the whole run."
        )
        + "\n"
        + wrapped(JUDGED[comparison.basis])
    )


def _differences(comparison: Comparison, indicator: str) -> str:
    """One indicator: a row for each option, what it changes and how sure that is."""
    found = [
        (entry, comparison.differences[entry.name][indicator])
        for entry in comparison.options
        if indicator in comparison.differences[entry.name]
    ]
    first = found[0][1]
    scale = scale_of(first.unit, (x for _, one in found for x in (one.base, one.mean)))
    name = words(comparison, indicator)
    better = f"; {first.better} is better" if first.better else ""
    head = wrapped(
        f"{name[0].upper()}{name[1:]} [{indicator}]: {scale.text(first.base)} {scale.unit} with "
        f"{comparison.base.name}{better}. Differences in {scale.unit_of_change}:"
    )

    def row(label: str, one: Difference) -> tuple[str, ...]:
        ends = (one.low_80, one.high_80, one.low_95, one.high_95)
        half = (one.mean_high - one.mean_low) / 2.0
        return (
            label,
            scale.change(one.difference),
            scale.text(half),
            *(scale.change(end) for end in ends),
            f"{one.finding}: {one.effect}"
            if one.finding in ("lower", "higher") and one.effect
            else one.finding,
        )

    heads = (
        "option",
        "mean",
        "mean\nknown +-",
        "80% of\nfrom",
        "futures\nto",
        "95% of\nfrom",
        "futures\nto",
        "finding",
    )
    # Wide figures take their room from the labels.
    for width in range(LABEL, 9, -1):
        named = labels(comparison, width)
        text = table(heads, [row(named[entry.name], one) for entry, one in found])
        if max(map(len, text.splitlines())) <= WIDTH:
            break
    return f"{head}\n{text}"


def _head(name: str) -> str:
    """Break the name of an indicator into short lines for the head of a column."""
    from textwrap import fill

    return fill(name, 14, break_long_words=True)


def _columns(comparison: Comparison, names: Sequence[str]) -> list[list[str]]:
    """Divide indicators between tables that fit the width."""
    return [list(names[n : n + 4]) for n in range(0, len(names), 4)]


def best(comparison: Comparison, names: Sequence[str]) -> str:
    """In which share of futures each option is best, and its rank, for several indicators."""
    named = labels(comparison, LABEL)
    parts = []
    for some in _columns(comparison, names):
        standing = {name: {s.option: s for s in comparison.ranking(name)} for name in some}
        rows = [
            (
                named[entry.name],
                *(
                    f"{percent(standing[name][entry.name].chance_best)} "
                    f"({standing[name][entry.name].rank})"
                    for name in some
                ),
            )
            for entry in comparison.entries
        ]
        heads = (
            "best in (and rank;\nequal where no\ndifference is shown)",
            *(_head(words(comparison, name)) for name in some),
        )
        parts.append(table(heads, rows))
    return "\n\n".join(parts)


def _means(comparison: Comparison, names: Sequence[str]) -> str:
    """Mean and expected regret of each option, for several indicators."""
    named = labels(comparison, LABEL)
    parts = []
    for some in _columns(comparison, names):
        standing = {name: {s.option: s for s in comparison.ranking(name)} for name in some}
        mean = {
            (name, entry.name): float(values[values == values].mean())
            for name in some
            for entry in comparison.entries
            for values in [comparison.values[entry.name][name]]
        }
        scales = {
            name: scale_of(
                standing[name][comparison.base.name].unit,
                (mean[name, entry.name] for entry in comparison.entries),
            )
            for name in some
        }
        rows = [
            (
                named[entry.name],
                *(
                    f"{scales[name].text(mean[name, entry.name])} "
                    f"({scales[name].text(standing[name][entry.name].expected_regret)})"
                    for name in some
                ),
            )
            for entry in comparison.entries
        ]
        heads = (
            "mean (and expected\nregret: lost beside\nthe best of each future)",
            *(_head(f"{words(comparison, name)}, {_short(scales[name].unit)}") for name in some),
        )
        lowest = [_least(comparison, name, mean) for name in some]
        parts.append(f"{table(heads, rows)}\n{wrapped(' '.join(lowest))}")
    return "\n\n".join(parts)


def _short(unit: str) -> str:
    return "%" if unit.startswith("%") else unit


def _least(comparison: Comparison, name: str, mean: dict[tuple[str, str], float]) -> str:
    """Say which option has the best mean."""
    sign = -1.0 if comparison.better(name) == "higher" else 1.0
    best = min(sign * mean[name, entry.name] for entry in comparison.entries)
    named = [entry.label for entry in comparison.entries if sign * mean[name, entry.name] == best]
    way = "Highest" if sign < 0.0 else "Lowest"
    return f"{way} mean of {words(comparison, name)}: {' and '.join(named)}."
