"""Saying in words what a file is, what it covers, and whether it is sound."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from caresim.places.readers.measures import head
from caresim.places.readers.read import Examined, kinds
from caresim.places.readers.reading import Reading
from caresim.problems import Severity, printable, render

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 96

_PLURALS = {
    "country": "country", "region": "regions", "board": "boards", "sub_board": "parts of boards",
    "trust": "trusts", "provider": "other providers", "council": "councils",
    "district": "districts", "locality": "localities",
    "outside": "groups resident outside England", "other": "other areas",
}  # fmt: skip
_MOST = 12
"""Measures named at most."""


def as_text(found: Examined) -> str:
    """Describe a file for a person."""
    lines = [f"{printable(str(found.path))}: {_title(found)}"]
    if found.reading is not None:
        lines += _content(found.reading)
    if found.problems:
        lines.append(render(found.problems, found.source_lines, nothing="Nothing was read."))
    lines.append(_verdict(found))
    return "\n".join(lines)


def as_dict(found: Examined) -> dict[str, Any]:
    """Describe a file as plain data that JSON can hold."""
    reading = found.reading
    described: dict[str, Any] = {
        "file": str(found.path),
        "kind": found.kind or None,
        "sound": found.sound,
        "problems": [problem.to_dict() for problem in found.problems],
    }
    if reading is None:
        return described
    return described | {
        "layout": reading.layout,
        "source": vars(reading.source),
        "first": reading.first.isoformat(),
        "last": reading.last.isoformat(),
        "frequencies": sorted(reading.frame["frequency"].unique()),
        "areas": _areas(reading.frame),
        "measures": sorted(reading.frame["measure"].unique()),
        "figures": len(reading.frame),
        "missing": int(reading.frame["value"].isna().sum()),
        "changes": [vars(change) for change in reading.changes],
        "breaks": [
            {"date": known.date.isoformat(), "measures": list(known.measures),
             "what": known.what, "source": known.source}
            for known in reading.breaks
        ],
    }  # fmt: skip


def changes_text(reading: Reading) -> str:
    """Say what was dropped or changed, a line for each cause; empty if nothing was."""
    lines = []
    for change in reading.changes:
        shown = ", ".join(printable(example) for example in change.examples)
        more = ", ..." if change.examples and change.count > len(change.examples) else ""
        said = f"{change.what} {change.count:,} {change.of}: {change.cause}"
        lines.append(_wrapped(said + (f" ({shown}{more})" if shown else "")))
    return "\n".join(lines)


def _title(found: Examined) -> str:
    known = next((kind for kind in kinds() if kind.id == found.kind), None)
    if known is None:
        return "not recognised"
    layout = f", {found.reading.layout}" if found.reading is not None else ""
    return f"{known.title} ({known.id}{layout})"


def _content(reading: Reading) -> list[str]:
    frame = reading.frame
    missing = int(frame["value"].isna().sum())
    measures = list(dict.fromkeys(head(id) for id in frame["measure"].unique()))
    named = ", ".join(measures[:_MOST]) + (", ..." if len(measures) > _MOST else "")
    source = reading.source
    published = f", published {source.published}" if source.published else ""
    revised = f", revised {source.revised}" if source.revised else ""
    areas = ", ".join(f"{count} {_named(kind, count)}" for kind, count in _areas(frame).items())
    frequencies = " and ".join(frame["frequency"].unique())
    lines = [
        _wrapped(f"source:   {source.publisher}: {source.title}{published}{revised}"),
        f"  period:   {_period(reading)} (by {frequencies})",
        _wrapped(f"places:   {areas}"),
        _wrapped(f"measures: {named}"),
        f"  figures:  {len(frame):,}, of which {missing:,} missing",
    ]
    told = changes_text(reading)
    lines += [told] if told else []
    lines += [_wrapped(f"definition changed on {b.date}: {b.what} ({b.source})")
              for b in reading.breaks]  # fmt: skip
    return lines


def _period(reading: Reading) -> str:
    if reading.first == reading.last:
        return reading.first.isoformat()
    return f"{reading.first} to {reading.last}"


def _areas(frame: pd.DataFrame) -> dict[str, int]:
    """Count the areas of each kind."""
    names = frame[["area_kind", "area_code", "area_name"]].drop_duplicates()
    return {str(kind): int(count) for kind, count in names["area_kind"].value_counts().items()}


def _named(kind: str, count: int) -> str:
    if count == 1:
        return kind.replace("_", " ")
    return _PLURALS.get(kind, kind)


def _verdict(found: Examined) -> str:
    if found.sound:
        looks = any(problem.severity is Severity.WARNING for problem in found.problems)
        return "  sound" + (", with warnings" if looks else "")
    if found.reading is None:
        return "  UNSOUND: it cannot be read as it is"
    return "  UNSOUND: figures in it cannot be right; they are read as missing or as they stand"


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
