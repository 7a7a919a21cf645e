"""Money: who pays more and less, what each option is worth, and every organisation by year."""

from __future__ import annotations

import math

from caresim.comparison.comparison import Comparison
from caresim.comparison.figures import scale_of
from caresim.evidence.optimism import CORRECTIONS_SOURCE, CORRECTIONS_STATUS
from caresim.model.money import SUPPLIERS
from caresim.money.appraisal import Appraisal, Range
from caresim.money.entries import MEANINGS
from caresim.money.ledger import Ledger, pounds
from caresim.report.charts import Bar, bars
from caresim.report.document import Block, Cell, Chart, Column, Section, Table, words
from caresim.report.source import Source


def by_payer(comparison: Comparison) -> tuple[list[str], list[Chart]]:
    """Return who pays more and who pays less for each option, in words and as charts."""
    worth = comparison.worth
    assert worth is not None
    labels = {a.name: a.label for made in worth.ledgers.values() for a in made.accounts}
    lines, charts = [], []
    for entry in comparison.options:
        appraisal = worth.appraisals[entry.name]
        found = {
            labels[name]: Range.of(appraisal.present(flows))
            for name, flows in appraisal.by_payer.items()
        }
        changed = {label: one for label, one in found.items() if abs(one.mean) >= 0.5}
        if not changed:
            lines.append(f"{entry.label}: nobody pays more or less.")
            continue
        scale = scale_of("GBP", (one.mean for one in changed.values()))
        order = sorted(changed.items(), key=lambda item: -item[1].mean)
        pays = [f"{label} {scale.text(x.mean)}" for label, x in order if x.mean > 0]
        saves = [f"{label} {scale.text(-x.mean)}" for label, x in reversed(order) if x.mean < 0]
        said = [f"pays more: {', '.join(pays)}"] if pays else []
        said += [f"pays less: {', '.join(saves)}"] if saves else []
        lines.append(f"{entry.label}: {'; '.join(said)} ({scale.unit}).")
        drawn = [Bar(label, x.mean, f"{scale.change(x.mean)} {scale.unit}") for label, x in order]
        rows = tuple((label, x.mean, _known(x.low), _known(x.high)) for label, x in order)
        table = Table(
            f"by_payer_{entry.name}",
            f"Who pays more and who less: {entry.label}",
            (
                Column("who"),
                Column("more (+) or less (-), GBP", "pounds_change"),
                Column("95% of futures from", "pounds_change"),
                Column("to", "pounds_change"),
            ),
            rows,
            folded=True,
        )
        title = f"Present value of what each pays more or less: {entry.label}"
        charts.append(
            Chart(title, "; ".join(f"{b.label}: {b.said}" for b in drawn) + ".", bars(drawn), table)
        )
    note = (
        f"Present values over the run in prices of {worth.price_year}, net of what each is paid, "
        "beside doing nothing."
    )
    return [*lines, note], charts


def worth_of_each(comparison: Comparison) -> Table:
    """Return the appraisal of each option in a row."""
    worth = comparison.worth
    assert worth is not None
    rows: list[tuple[Cell, ...]] = []
    for entry in comparison.options:
        one = worth.appraisals[entry.name]
        cost = Range.of(one.net_present_cost)
        payback = Range.of(one.payback).median
        rows.append(
            (
                entry.label,
                cost.mean,
                _known(cost.low),
                _known(cost.high),
                float((one.net_present_cost < 0).mean()),
                float(one.present(one.not_cashable).mean()),
                "never in the run" if math.isinf(payback) else f"{payback:.1f} years",
                one.benefit_cost("fiscal"),
                one.benefit_cost("public"),
            )
        )
    discount = f"{next(iter(worth.appraisals.values())).discount:.1%}" if worth.appraisals else "-"
    return Table(
        "appraisal",
        "What each option costs and is worth",
        (
            Column("option"),
            Column("net present cost, GBP", "pounds_change"),
            Column("95% of futures from", "pounds_change"),
            Column("to", "pounds_change"),
            Column("chance that it saves", "share"),
            Column("of the change, not cashable", "pounds_change"),
            Column("payback (median)"),
            Column("benefits by costs, fiscal", "number"),
            Column("benefits by costs, with outcomes", "number"),
        ),
        tuple(rows),
        f"Discounted at {discount} a year. Below 0 it saves. Not cashable: places that nobody "
        "uses, or that have closed and still cost. A dash means that nothing costs more, so there "
        "is no ratio.",
    )


def _known(value: float) -> Cell:
    return value if math.isfinite(value) else None


def section(source: Source) -> Section:
    """Return the section on money by organisation and year."""
    title = "Money by organisation and year"
    if not source.ledgers:
        return Section("money", title, (words("The scenario says nothing of money."),))
    first = next(iter(source.ledgers.values()))
    blocks: list[Block] = [
        words(
            f"In constant prices of {first.price_year}, means over members. Years are of 365 days "
            "from the first day of the run; the last may be shorter. Net is what an organisation "
            "pays less what it is paid; the sum over organisations is what the system costs."
        ),
        _accounts(source),
        _kinds(source),
    ]
    notes = dict.fromkeys(note for made in source.ledgers.values() for note in made.notes)
    blocks += [words(*notes)] if notes else []
    if source.comparison is not None and source.comparison.worth is not None:
        blocks += _more(source.comparison)
    return Section("money", title, tuple(blocks))


def _mean_by_year(made: Ledger, account: str) -> list[float]:
    found: list[float] = pounds(made.net(account)).mean(axis=0).tolist()
    return found


def _accounts(source: Source) -> Table:
    rows: list[tuple[Cell, ...]] = []
    years = max(len(made.years) for made in source.ledgers.values())
    for option in source.options:
        made = source.ledgers[option.name]
        for account in made.accounts:
            net = _mean_by_year(made, account.name)
            rows.append((source.label(option), account.label, *_filled(net, years), sum(net)))
        costs = pounds(made.costs()).mean(axis=0).tolist()
        rows.append((source.label(option), "all together", *_filled(costs, years), sum(costs)))
    return Table(
        "money_by_organisation",
        "What each organisation pays, net (GBP)",
        (
            Column("option"),
            Column("who"),
            *(Column(f"year {n + 1}", "pounds") for n in range(years)),
            Column("all years", "pounds"),
        ),
        tuple(rows),
    )


def _filled(values: list[float], years: int) -> list[Cell]:
    return [*values, *[None] * (years - len(values))]


def _kinds(source: Source) -> Table:
    rows: list[tuple[Cell, ...]] = []
    years = max(len(made.years) for made in source.ledgers.values())
    for option in source.options:
        made = source.ledgers[option.name]
        for kind, meaning in MEANINGS.items():
            lines = [x for x in made.lines if x.kind == kind and x.payee == SUPPLIERS]
            if lines:
                by_year = pounds(made.sum(lines)).mean(axis=0).tolist()
                rows.append(
                    (
                        source.label(option),
                        kind.replace("_", " "),
                        meaning,
                        *_filled(by_year, years),
                        sum(by_year),
                    )
                )
    return Table(
        "costs_by_kind",
        "What the money is spent on (GBP)",
        (
            Column("option"),
            Column("kind"),
            Column("what for"),
            *(Column(f"year {n + 1}", "pounds") for n in range(years)),
            Column("all years", "pounds"),
        ),
        tuple(rows),
        "Idle: places open that nobody uses. They cost money and can be freed only by closing.",
        folded=True,
    )


def _more(comparison: Comparison) -> list[Block]:
    """Switching values, cost of what is avoided, and corrections for optimism."""
    assert comparison.worth is not None
    switching: list[tuple[Cell, ...]] = []
    avoided: list[tuple[Cell, ...]] = []
    left_out: list[tuple[Cell, ...]] = []
    for entry in comparison.options:
        one: Appraisal = comparison.worth.appraisals[entry.name]
        switching += [(entry.label, k, _known(v)) for k, v in one.switching_values().items()]
        for what in one.avoided:
            cost = one.cost_per(what)
            avoided.append(
                (
                    entry.label,
                    what.replace("_", " "),
                    cost.avoided,
                    cost.chance_avoided,
                    cost.gbp,
                    cost.verdict,
                )
            )
        left_out += [
            (entry.label, c.intervention, c.of, float(c.grade), c.share) for c in one.corrections
        ]
    found: list[Block] = [
        Table(
            "cost_of_avoided",
            "What it costs to avoid one",
            (
                Column("option"),
                Column("what"),
                Column("avoided", "number"),
                Column("chance of fewer", "share"),
                Column("GBP each", "pounds"),
                Column("verdict"),
            ),
            tuple(avoided),
        ),
        Table(
            "switching",
            "By what share one item would have to differ to break even",
            (Column("option"), Column("item"), Column("change of its difference", "share")),
            tuple(switching),
            "Below -100% its sign would have to turn.",
            folded=True,
        ),
    ]
    if left_out:
        found.append(
            Table(
                "optimism",
                "What was left out of hoped-for effects",
                (
                    Column("option"),
                    Column("intervention"),
                    Column("acts on"),
                    Column("grade", "number"),
                    Column("left out", "share"),
                ),
                tuple(left_out),
                f"Source: {CORRECTIONS_SOURCE} ({CORRECTIONS_STATUS}).",
            )
        )
    return [block for block in found if not isinstance(block, Table) or block.rows]
