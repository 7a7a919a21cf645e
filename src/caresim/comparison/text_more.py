"""The later tables of a comparison: money, when effects show, the shift, plans, waterfalls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from caresim.comparison.figures import scale_of, signed
from caresim.comparison.headlines import labels, words
from caresim.money import Range
from caresim.results.columns import cut, number, percent, table, wrapped

if TYPE_CHECKING:
    from caresim.comparison.comparison import Comparison

LABEL = 25
MOST_YEARS = 10
"""Years of the shift that are printed; the data hold all."""


def more_tables(comparison: Comparison, names: Sequence[str], *, chosen: bool) -> list[str]:
    """Return the tables there is anything for."""
    parts = [
        money(comparison),
        by_payer(comparison),
        plane(comparison),
        shows(comparison, names),
        "" if chosen else _shift(comparison),
        *(plan(comparison, option) for option in comparison.plans),
        *(waterfall(comparison, option, names) for option in comparison.parts),
    ]
    return [part for part in parts if part]


def money(comparison: Comparison) -> str:
    """Return what each option costs beside doing nothing; empty where there is no money."""
    named = labels(comparison, LABEL)
    if comparison.worth is None:
        return ""
    found = [(entry, comparison.worth.appraisals[entry.name]) for entry in comparison.options]
    costs = [Range.of(one.net_present_cost) for _, one in found]
    scale = scale_of("GBP", (x for cost in costs for x in (cost.mean, cost.low, cost.high)))
    rows = []
    for (entry, one), cost in zip(found, costs, strict=True):
        payback = Range.of(one.payback)
        years = number(payback.median) if math.isfinite(payback.median) else "not in the run"
        rows.append(
            (
                named[entry.name],
                scale.change(cost.mean),
                scale.change(cost.low),
                scale.change(cost.high),
                percent(float((one.net_present_cost < 0.0).mean())),
                scale.change(float(one.present(one.not_cashable).mean())),
                years,
            )
        )
    first = found[0][1]
    heads = (
        f"net present cost beside\n{comparison.base.name}, {scale.unit}",
        "mean",
        "95% of\nfrom",
        "futures\nto",
        "chance it\nsaves",
        "of it not\ncashable",
        "pays back\nin years",
    )
    said = wrapped(
        f"Prices of {first.price_year}, discounted at {first.discount:.1%} a year over "
        f"{first.days.size} year{'s' * (first.days.size != 1)}; below 0 it saves. Not cashable: "
        "the change in what is spent on places that nobody uses, or that have closed and still "
        "cost. Payback: median over members."
    )
    return f"{table(heads, rows)}\n{said}"


def by_payer(comparison: Comparison) -> str:
    """Return who pays more and who less; empty where nobody does."""
    named = labels(comparison, LABEL)
    if comparison.worth is None:
        return ""
    appraisals = comparison.worth.appraisals
    accounts = {
        a.name: a.label for made in comparison.worth.ledgers.values() for a in made.accounts
    }
    mean = {
        (account, option): float(one.present(one.by_payer[account]).mean())
        for option, one in appraisals.items()
        for account in one.by_payer
    }
    payers = [name for name in accounts if any(mean.get((name, o)) for o in appraisals)]
    if not payers:
        return ""
    scale = scale_of("GBP", mean.values())
    parts = []
    for first in range(0, len(payers), 5):
        some = payers[first : first + 5]
        rows = [
            (
                named[entry.name],
                *(scale.change(mean.get((payer, entry.name), 0.0)) for payer in some),
            )
            for entry in comparison.options
        ]
        heads = (
            f"who pays more (+) and\nless (-), {scale.unit}",
            *(_thin(accounts[p]) for p in some),
        )
        parts.append(table(heads, rows))
    return "\n\n".join(parts)


def _thin(label: str) -> str:
    from textwrap import wrap

    return "\n".join(wrap(cut(label, 26), 13))


def plane(comparison: Comparison) -> str:
    """Return in which share of futures each option is better or worse, cheaper or dearer."""
    named = labels(comparison, LABEL)
    planes = [(entry, comparison.plane(entry.name)) for entry in comparison.options]
    found = [(entry, one) for entry, one in planes if one is not None]
    if not found:
        return ""
    rows = [
        (named[entry.name], *(percent(share) for share in one.shares().values()))
        for entry, one in found
    ]
    heads = (
        f"cost and effect: share of\nfutures, by {words(comparison, found[0][1].outcome)}",
        "better,\ncheaper",
        "better,\ndearer",
        "no better,\ncheaper",
        "no better,\ndearer",
    )
    return table(heads, rows)


def shows(comparison: Comparison, names: Sequence[str]) -> str:
    """Return from when on the effects on some indicators show."""
    named = labels(comparison, LABEL)
    rows: list[tuple[str, ...]] = []
    never = 0
    for entry in comparison.options:
        for one in comparison.onsets(entry.name, names):
            if one.date is None:
                never += 1
                continue
            name = cut(words(comparison, one.indicator), 44)
            rows.append((named[entry.name], name, one.date.isoformat(), one.way))
    if not rows and not never:
        return ""
    kept = comparison.base.results.series["delayed"].shape[0]
    said = (
        "From the first saved period whose interval leaves out 0 to the end of the run, by the "
        f"{kept:,} member{'s' * (kept != 1)} whose course is kept."
    )
    if never:
        said += (
            " One other effect never shows for good."
            if never == 1
            else f" {never} other effects never show for good."
        )
    shown = f"{table(('when the effect shows', 'on', 'from', 'which is'), rows)}\n" if rows else ""
    return f"{shown}{wrapped(said)}"


def _shift(comparison: Comparison) -> str:
    """Care-days, and spending if there is money, outside hospital and care homes, by year."""
    named = labels(comparison, LABEL)
    years = comparison.shift[comparison.base.name][:MOST_YEARS]
    if all(one.care_days_outside_share is None for one in years):
        return ""
    parts = []
    spends = any(one.spend_outside_share is not None for one in years)
    for what, key in (("care-days", "care_days"), ("spending", "spend")):
        if key == "spend" and not spends:
            continue
        rows = [
            (
                named[entry.name],
                *(
                    "-"
                    if (share := getattr(one, f"{key}_outside_share")) is None
                    else percent(share)
                    for one in comparison.shift[entry.name][:MOST_YEARS]
                ),
            )
            for entry in comparison.entries
        ]
        heads = (
            f"share of {what} outside\nhospital and care homes",
            *(f"year {n + 1}" for n in range(len(years))),
        )
        parts.append(table(heads, rows))
    return "\n\n".join(parts)


def plan(comparison: Comparison, option: str) -> str:
    """Return planned changes beside those simulated, by month."""
    found = comparison.plans[option]
    label = next(entry.label for entry in comparison.options if entry.name == option)
    rows = [
        (
            one.month,
            cut(words(comparison, one.indicator), 34),
            signed(one.planned),
            signed(one.simulated),
            signed(one.low_95),
            signed(one.high_95),
            one.verdict,
        )
        for one in found
    ]
    heads = ("month", "change in", "planned", "simulated", "95% of\nfrom", "futures\nto", "verdict")
    return f"Planned and simulated: {label}\n{table(heads, rows)}"


def waterfall(comparison: Comparison, option: str, names: Sequence[str]) -> str:
    """Print what each part does alone, rounded so that the printed figures add up."""
    label = next(entry.label for entry in comparison.options if entry.name == option)
    parts = []
    for name in names:
        if name not in comparison.differences[option]:
            continue
        one = comparison.waterfall(option, name)
        scale = scale_of(one.unit, [one.total, *(found.difference for _, found in one.parts)])
        shown = one.scaled(scale.factor)
        digits = 0 if abs(shown.total) >= 1000 else 2 if abs(shown.total) >= 1 else 4
        figures, left, total = shown.rounded(digits)
        rows = [
            (
                cut(part, LABEL),
                f"{figure:+,f}",
                scale.change(found.low_95),
                scale.change(found.high_95),
            )
            for (part, found), figure in zip(one.parts, figures, strict=True)
        ]
        whole = comparison.difference(option, name)
        rows.append(("interaction", f"{left:+,f}", "", ""))
        ends = (scale.change(whole.low_95), scale.change(whole.high_95))
        rows.append(("all together", f"{total:+,f}", *ends))
        heads = (
            cut(words(comparison, name), 44),
            scale.unit_of_change,
            "95% of\nfrom",
            "futures\nto",
        )
        parts.append(table(heads, rows))
    return f"Each part of {label} alone, and together:\n\n" + "\n\n".join(parts) if parts else ""
