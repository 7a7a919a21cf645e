"""The evidence behind each effect: what is assumed, how strong it is, and what nobody knows."""

from __future__ import annotations

from typing import Any

from caresim.evidence import EvidenceError, entry
from caresim.evidence.vocabulary import GRADES
from caresim.explain.forms import written_out
from caresim.report.document import Block, Cell, Column, Section, Table, Words, words
from caresim.report.source import Source

AMOUNTS = ("change", "by", "to")
"""Keys of an effect that say by how much."""

NO_GRADE = "not graded"


def section(source: Source) -> Section:
    """Return the section on evidence."""
    title = "Evidence behind each effect"
    given: dict[str, Any] = source.scenario.get("interventions", {})
    options: dict[str, Any] = source.scenario.get("options", {})
    used = {n for o in options.values() for n in o.get("interventions", ())}
    by_hand = [
        source.label(option)
        for option in source.options
        if options.get(option.name, {}).get("set") and not options[option.name].get("interventions")
    ]
    blocks: list[Block] = []
    if by_hand:
        blocks.append(
            Words(
                (
                    "These options state what changes as numbers, without an effect that evidence "
                    f"is attached to: {'; '.join(by_hand)}. What they assume is in the register "
                    "of assumptions.",
                ),
                "warning",
            )
        )
    rows: list[tuple[Cell, ...]] = []
    unknown = []
    for name, intervention in given.items():
        if name in used:
            rows += _effects(source, name, intervention)
            unknown += _unknown(intervention)
    if not rows:
        blocks.append(words("No option uses an intervention with stated effects."))
        return Section("evidence", title, tuple(blocks))
    heads = (
        Column("intervention"),
        Column("acts on"),
        Column("effect"),
        Column("strength of evidence"),
        Column("source"),
        Column("note"),
    )
    note = "Strength from 1 (very strong) to 6 (no study)."
    blocks.append(Table("evidence", "Effects that are assumed", heads, tuple(rows), note))
    if unknown:
        blocks.append(Words(tuple(dict.fromkeys(unknown)), "points"))
    return Section("evidence", title, tuple(blocks))


def _effects(source: Source, name: str, given: dict[str, Any]) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = []
    for effect in given.get("effects", ()):
        key = next((k for k in AMOUNTS if k in effect), None)
        amount = effect[key] if key else ""
        about = amount if isinstance(amount, dict) else {}
        said = about.get("source") or effect.get("source") or given.get("source")
        grade = effect.get("strength", given.get("strength"))
        strength = f"{grade}, {GRADES[grade]}" if grade in GRADES else NO_GRADE
        on = effect.get("on", "")
        found.append(
            (
                given.get("label", name),
                on if isinstance(on, str) else ", ".join(map(str, on)),
                f"{key} {_amount(key, amount)}" if key else "-",
                strength,
                title_of(source, said),
                str(about.get("note") or effect.get("note") or given.get("note") or ""),
            )
        )
    return found


def _amount(key: str | None, amount: object) -> str:
    """Write shares of change as percentages, other amounts as they are written."""
    value = amount.get("value", None) if isinstance(amount, dict) else amount
    if key == "change" and isinstance(value, (int, float)):
        return f"{value:+.1%}"
    return written_out(amount)


def _unknown(given: dict[str, Any]) -> list[str]:
    name = given.get("evidence")
    if not name:
        return []
    try:
        found = entry(name)
    except EvidenceError:
        return []
    return [f"{found.label}: what nobody knows: {found.unknown}"]


def title_of(source: Source, name: str | None) -> str:
    """Return the title of a source of the scenario with its status, or what is written."""
    if not name:
        return "no source stated"
    known = source.sources.get(name)
    if known is None:
        return name
    parts = [str(known[key]) for key in ("title", "publisher", "year") if key in known]
    status = f" ({known['status']})" if "status" in known else ""
    return f"{', '.join(parts)}{status}"
