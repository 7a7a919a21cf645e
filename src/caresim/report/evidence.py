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
        Column("what is known of it"),
        Column("strength of evidence"),
        Column("source"),
        Column("note"),
    )
    note = (
        "As stated, before the correction for optimism. Strength from 1 (very strong) to 6 (no "
        "study). Where the interval includes no effect, it is not shown to do anything, "
        "and results are as uncertain as that."
    )
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
                _known(key, amount, str(effect.get("hoped", ""))),
                strength,
                title_of(source, said),
                str(about.get("note") or effect.get("note") or given.get("note") or ""),
            )
        )
    return found


def _amount(key: str | None, amount: object) -> str:
    """Write shares of change as percentages, other amounts as they are written."""
    if key != "change":
        return written_out(amount)
    if isinstance(amount, (int, float)):
        return f"{amount:+.1%}"
    ends = _ends(amount)
    if ends is None or not isinstance(amount, dict):
        value = amount.get("value") if isinstance(amount, dict) else None
        return f"{value:+.1%}" if isinstance(value, (int, float)) else written_out(amount)
    level = amount.get("level")
    said = f"{ends[0]:+.1%} to {ends[1]:+.1%}"
    said += f" ({level:.0%} sure)" if isinstance(level, (int, float)) else ""
    mean = amount.get("mean")
    return f"{mean:+.1%}, {said}" if isinstance(mean, (int, float)) else said


def _ends(amount: object) -> tuple[float, float] | None:
    """Return the ends of an interval of plain numbers."""
    if not isinstance(amount, dict):
        return None
    low, high = amount.get("low"), amount.get("high")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return float(low), float(high)
    return None


def _known(key: str | None, amount: object, hoped: str) -> str:
    """Say whether an interval holds no effect, and whether its middle goes the wrong way."""
    ends = _ends(amount)
    if ends is None:
        return "one figure, as if it were certain"
    if key == "to":
        return "of uncertain size"
    middle = sum(ends) / 2.0
    wrong = middle > 0.0 if hoped == "lower" else middle < 0.0 if hoped == "higher" else False
    if ends[0] <= 0.0 <= ends[1]:
        said = "no effect shown: its interval includes none"
        return said + ("; its middle goes the wrong way" if wrong else "")
    return "an effect, the wrong way" if wrong else "an effect, of uncertain size"


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
