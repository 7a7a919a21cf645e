"""The event log as XES, the interchange format of process mining.

IEEE Standard for eXtensible Event Stream (XES), IEEE 1849-2016,
doi:10.1109/IEEESTD.2016.7740858.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from caresim.results.event_log import LogTable, activities, spells

EXTENSIONS = {
    "Concept": "concept",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
    "Time": "time",
}
"""Extensions that the events use: name and prefix."""

MOMENT = "%Y-%m-%dT%H:%M:%S.%f+00:00"


def write_xes(table: LogTable, path: Path) -> None:
    """Write a trace for each person, with an event at the start and the end of each spell.

    What the end of the run cuts short has no end.

    Parameters
    ----------
    table
        The event log.
    path
        File to write.
    """
    with path.open("w", encoding="utf-8") as file:
        for line in _lines(table):
            file.write(line + "\n")


def _lines(table: LogTable) -> Iterator[str]:
    found = spells(table)
    found["activity"] = activities(found)
    for end in ("start", "complete"):
        found[end] = table.moments(found[end]).dt.strftime(MOMENT).astype(object)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<log xes.version="1849-2016" xes.features="">'
    for name, prefix in EXTENSIONS.items():
        uri = f"http://www.xes-standard.org/{name.lower()}.xesext"
        yield f'<extension name="{name}" prefix="{prefix}" uri="{uri}"/>'
    who: tuple[int, int] | None = None
    for spell in found.to_dict("records"):
        if (spell["member"], spell["person"]) != who:
            if who is not None:
                yield "</trace>"
            who = (spell["member"], spell["person"])
            yield "<trace>"
            yield _text("concept:name", f"{who[0]}-{who[1]}")
            yield _text("cohort", spell["cohort"])
        for step in ("start", "complete"):
            if isinstance(spell[step], str):
                yield from _event(spell, step)
    if who is not None:
        yield "</trace>"
    yield "</log>"


def _event(spell: Mapping[Any, Any], step: str) -> Iterator[str]:
    yield "<event>"
    yield _text("concept:name", spell["activity"])
    yield _text("lifecycle:transition", step)
    yield _text("org:resource", spell["setting"])
    yield f'<date key="time:timestamp" value="{spell[step]}"/>'
    if isinstance(spell["reason"], str):
        yield _text("reason", spell["reason"])
    yield "</event>"


def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>'
