"""The words of the library as tables for its reference page."""

from __future__ import annotations

from typing import Any

from caresim.evidence.optimism import CORRECTIONS_SOURCE, CORRECTIONS_STATUS, correction
from caresim.evidence.vocabulary import DESIGNS, FINDINGS, GRADES, INTERVALS, MARKS, MEASURES


def grades() -> str:
    """Write the table of strengths, the best grade of each design, and the corrections."""
    lines = [f"| grade | strength | benefit left out ({CORRECTIONS_STATUS}) |", "|---|---|---|"]
    lines += [f"| {g} | {word} | {correction(g):.0%} |" for g, word in GRADES.items()]
    lines += ["", f"Source of the shares: {CORRECTIONS_SOURCE}; {CORRECTIONS_STATUS}.", ""]
    lines += ["| study | best grade it may have |", "|---|---|"]
    lines += [f"| {info.label} | {info.best_grade} |" for info in DESIGNS.values()]
    return "\n".join(lines)


def meanings() -> str:
    """Write what findings, measures and intervals mean, as tables."""
    tables: list[tuple[str, dict[Any, str]]] = [
        ("mark", {MARKS[name]: text for name, text in FINDINGS.items()}),
        ("measure", dict(MEASURES)),
        ("interval", dict(INTERVALS)),
    ]
    return "\n\n".join(
        "\n".join(
            [f"| {title} | meaning |", "|---|---|"]
            + [f"| `{name}` | {text} |" for name, text in table.items()]
        )
        for title, table in tables
    )
