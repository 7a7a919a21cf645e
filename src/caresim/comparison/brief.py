"""A comparison on a screen or two: what is shown to change, what it costs, and who pays.

The whole text (:mod:`caresim.comparison.text`) has a table for every indicator; here one table has
all differences that are shown, and a sentence for each option names those that are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.comparison.comparison import changed_by_none
from caresim.comparison.figures import scale_of
from caresim.comparison.headlines import labels, told, words
from caresim.comparison.text import LABEL, best, heading
from caresim.comparison.text_more import by_payer, money, plan, plane, shows, waterfall
from caresim.results.columns import table, wrapped
from caresim.results.summary import audit_line

if TYPE_CHECKING:
    from caresim.comparison.comparison import Comparison

MOST_ROWS = 20
"""Differences in the table; the whole text has all."""

MOST_RANKED, MOST_APART = 4, 3
"""Indicators by which options are ranked, and of which options are taken apart."""

MORE = (
    "Every indicator with its intervals, ranks by all of them, regret and the shift by year: add "
    "`--full`. One of them: `--indicator ID`. Everything as data: `--json`, or `-o FOLDER`."
)


def brief(comparison: Comparison) -> str:
    """Return the comparison as short text, 100 columns wide, without a final line break."""
    unchanged = set(changed_by_none(comparison))
    names = [name for name in told(comparison) if name != "net_present_cost"]
    changing = [name for name in names if name not in unchanged]
    parts = [heading(comparison)]
    parts += [wrapped(f"Warning: {text}") for text in comparison.warnings]
    parts += _shown(comparison, changing)
    said = [_not_shown(comparison, entry.name, changing) for entry in comparison.options]
    same = [words(comparison, name) for name in names if name in unchanged]
    said += [wrapped(f"No option changes: {'; '.join(same)}.")] if same else []
    parts.append("\n".join(line for line in said if line))
    ranked = [n for n in (*changing, "net_present_cost") if n in comparison.standings]
    if ranked:
        # The first ones, and money, which comes last.
        parts.append(best(comparison, [*ranked[:-1][: MOST_RANKED - 1], ranked[-1]]))
    parts += [money(comparison), by_payer(comparison), plane(comparison)]
    parts.append(shows(comparison, changing[:1]))
    parts += [plan(comparison, option) for option in comparison.plans]
    parts += [waterfall(comparison, o, changing[:MOST_APART]) for o in comparison.parts]
    failed = [entry.results for entry in comparison.entries if not entry.results.passed]
    parts += [audit_line(results) for results in failed]
    parts.append(("" if failed else "The audit of every option passed.\n") + wrapped(MORE))
    return "\n\n".join(part for part in parts if part)


def _shown(comparison: Comparison, names: list[str]) -> list[str]:
    """Return one table of all differences that are shown, under a line for each indicator."""
    named = labels(comparison, LABEL)
    rows: list[tuple[str, ...]] = []
    heads: dict[int, str] = {}
    for name in names:
        found = [
            (entry, comparison.differences[entry.name][name])
            for entry in comparison.options
            if name in comparison.differences[entry.name]
        ]
        scale = scale_of(found[0][1].unit, (x for _, one in found for x in (one.base, one.mean)))
        base = f"{scale.text(found[0][1].base)} {scale.unit}"
        said = f"{words(comparison, name)}: {base} with {comparison.base.name}"
        if scale.unit_of_change != scale.unit:
            said += f"; change in {scale.unit_of_change}"
        shown = [pair for pair in found if not pair[1].finding.startswith(("no ", "too few"))]
        if shown:
            heads[len(rows)] = wrapped(said[0].upper() + said[1:])
        rows += [
            (
                named[entry.name],
                scale.change(one.difference),
                _between(scale.change(one.low_95), scale.change(one.high_95)),
                one.finding + (f": {one.effect}" if one.effect else ""),
            )
            for entry, one in shown
        ]
    if not rows:
        return ["No option is shown to change any of the headline figures."]
    first, rule, *lines = table(("what changes", "mean", "95% of futures", "finding"), rows).split(
        "\n"
    )
    written = [first, rule]
    for number, line in enumerate(lines[:MOST_ROWS]):
        written += [heads[number], line] if number in heads else [line]
    left = len(rows) - MOST_ROWS
    return ["\n".join(written) + (f"\nand {left} more" if left > 0 else "")]


def _between(low: str, high: str) -> str:
    """Write an interval; none where all members are the same."""
    return "-" if low == high == "-" else f"{low} to {high}"


def _not_shown(comparison: Comparison, option: str, names: list[str]) -> str:
    of = comparison.differences[option]
    label = next(entry.label for entry in comparison.options if entry.name == option)
    found: dict[str, list[str]] = {}
    for name in names:
        if name in of and of[name].finding.startswith(("no ", "too few")):
            found.setdefault(of[name].finding, []).append(words(comparison, name))
    if sum(map(len, found.values())) == len(names) and len(found) == 1:
        return wrapped(f"{label}: {next(iter(found))} in any of the headline figures.")
    # The words of an indicator may hold commas.
    said = ". And ".join(f"{finding} in {'; '.join(what)}" for finding, what in found.items())
    return wrapped(f"{label}: {said}.") if said else ""
