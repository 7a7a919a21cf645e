"""The library in words: a list, one entry for a reader without statistics, plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from caresim.evidence.effect import Effect
from caresim.evidence.figures import amount, chance_in_words, figure
from caresim.evidence.findings import finding, overall
from caresim.evidence.optimism import correction
from caresim.evidence.schema import Entry, Reported
from caresim.evidence.vocabulary import (
    DESIGNS,
    FINDINGS,
    GRADES,
    MARKS,
    OUTCOMES,
    Finding,
    Status,
)

WIDTH = 96


def listing(entries: Iterable[Entry]) -> str:
    """Write every entry with its effects, harms and nulls first.

    Each line is an outcome: the effect with its interval (95% unless stated), the strength of
    the evidence, what was found, and a mark where a figure is unverified.
    """
    blocks = [_block(entry) for entry in in_order(entries)]
    return "\n\n".join(blocks) + "\n\n" + _key()


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Sort by finding, those that a reader must not miss first, then by id."""
    order = list(FINDINGS)
    return sorted(entries, key=lambda entry: (order.index(overall(entry)), entry.id))


def page(entry: Entry) -> str:
    """Write one entry in full."""
    parts = [f"{entry.label} ({entry.id})", _wrap(entry.what)]
    if entry.why_not:
        parts.append(_wrap(f"DO NOT USE. {entry.why_not}"))
    effects = [entry.effect(outcome) for outcome in entry.outcomes]
    if effects:
        parts.append("What it does\n" + "\n".join(_told(effect) for effect in effects))
    used = [r for o in entry.outcomes if isinstance(r := entry.chosen(o), Reported)]
    others = [r for r in entry.effects if not any(r is one for one in used)]
    if others:
        heading = "Other figures" if effects else "What is reported"
        parts.append(heading + "\n" + "\n".join(_other(entry, r) for r in others))
    parts += [
        _section(title, text)
        for title, text in (
            ("What is not known", entry.unknown),
            ("Combined", "; ".join(pool.says for pool in entry.combined)),
            ("Why other figures are not combined", entry.not_combined),
            ("Cost", entry.cost),
            ("How soon", entry.ramp.says),
            ("What it acts on in a scenario", ", ".join(entry.acts_on)),
        )
        if text
    ]
    parts.append("Studies\n" + "\n".join(_study(entry, name) for name in entry.studies))
    return "\n\n".join(parts)


def data(entry: Entry) -> dict[str, Any]:
    """Give an entry as plain data: as its file holds it, with the effects that are used."""
    plain = entry.model_dump(mode="json", exclude_defaults=True)
    plain["finding"] = overall(entry)
    plain["used"] = [
        {**effect.to_dict(), "correction": correction(effect.strength)}
        for effect in (entry.effect(outcome) for outcome in entry.outcomes)
    ]
    return plain


def _block(entry: Entry) -> str:
    lines = [f"{entry.id}: {entry.label}"]
    for outcome in dict.fromkeys(r.outcome for r in entry.effects):
        label = OUTCOMES[outcome].label
        reported = [r for r in entry.effects if r.outcome == outcome]
        if outcome in entry.outcomes:
            effect = entry.effect(outcome)
            mark = _mark(effect.strength, effect.finding, effect.status)
            chosen = entry.chosen(outcome)
            used = chosen if isinstance(chosen, tuple) else (chosen,)
            rest = [r for r in reported if not any(r is one for one in used)]
            lines += _row(label, amount(effect), mark + _count(entry, rest))
        else:
            for r in reported:
                study = entry.studies[r.study]
                of = f"{r.of}: " if r.of else ""
                mark = _mark(study.grade, finding(entry, r), r.status or study.status)
                lines += _row(label, of + figure(r), mark)
    return "\n".join(lines)


def _mark(grade: int, found: Finding, status: Status) -> str:
    unverified = ", unverified" if status == "unverified" else ""
    return f"{GRADES[grade]}; {MARKS[found]}{unverified}"


def _count(entry: Entry, others: list[Reported]) -> str:
    """Say what other figures of the same outcome found, so that none is hidden."""
    found = [finding(entry, r) for r in others]
    counts = [f"{found.count(name)} {MARKS[name]}" for name in FINDINGS if name in found]
    return f" (other figures: {', '.join(counts)})" if counts else ""


def _row(label: str, shown: str, mark: str) -> list[str]:
    """Write a line of the list in columns; long words go on below."""
    outcome = textwrap.wrap(label, 30)
    figure = textwrap.wrap(shown, 34)
    marks = textwrap.wrap(mark, 34)
    height = max(len(outcome), len(figure), len(marks))
    columns = [column + [""] * (height - len(column)) for column in (outcome, figure, marks)]
    return [f"  {a:<31}{b:<35}{c}".rstrip() for a, b, c in zip(*columns, strict=True)]


def _key() -> str:
    lines = [f"  {mark:<11} {FINDINGS[name]}" for name, mark in MARKS.items()]
    return (
        "Interval 95% unless stated. Marks:\n"
        + "\n".join(lines)
        + "\n  unverified  from memory, not checked against the source\n"
        "Strength: "
        + ", ".join(f"{word} (1)" if g == 1 else f"{word} ({g})" for g, word in GRADES.items())
        + ".\nOne entry in full: caresim evidence ID"
    )


def _told(effect: Effect) -> str:
    label = OUTCOMES[effect.outcome].label
    unverified = " UNVERIFIED: from memory." if effect.status == "unverified" else ""
    lines = [f"{label}: {amount(effect)}. {FINDINGS[effect.finding].capitalize()}.{unverified}"]
    chance = effect.chance_of_benefit
    share = correction(effect.strength)
    strength = f"Strength: {GRADES[effect.strength]} (grade {effect.strength} of 6)."
    if OUTCOMES[effect.outcome].better != "neither" and effect.finding != "opinion":
        strength += f" Chance that it helps at all: {chance_in_words(chance)}."
    lines.append(strength)
    if share and OUTCOMES[effect.outcome].better != "neither":
        lines.append(
            f"With {share:.0%} of any benefit left out for weak evidence: "
            f"{amount(effect.corrected())}."
        )
    lines.append(f"In: {effect.population}.")
    lines += [f"Note: {warning}." for warning in effect.warnings]
    return "\n".join(
        _wrap(line, "  - " if first == 0 else "    ", "    ") for first, line in enumerate(lines)
    )


def _other(entry: Entry, reported: Reported) -> str:
    study = entry.studies[reported.study]
    narrowed = f" ({reported.of})" if reported.of else ""
    mark = _mark(study.grade, finding(entry, reported), reported.status or study.status)
    text = f"{OUTCOMES[reported.outcome].label}{narrowed}: {figure(reported)}"
    return _wrap(f"{text.rstrip('.')}. {mark[0].upper()}{mark[1:]}.", "  - ", "    ")


def _study(entry: Entry, name: str) -> str:
    study = entry.studies[name]
    status = "" if study.status == "read" else f" {study.status.upper()}."
    return _wrap(
        f"{study.cited}. {DESIGNS[study.design].label.capitalize()}; {study.population}.{status}",
        "  - ",
        "    ",
    )


def _section(title: str, text: str) -> str:
    return f"{title}\n{_wrap(text, '  ', '  ')}"


def _wrap(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
