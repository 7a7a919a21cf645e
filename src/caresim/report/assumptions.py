"""The register of assumptions: every input, its value, where it comes from, whether verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from caresim.explain.forms import leaves, written_out
from caresim.report.document import Block, Cell, Column, Section, Table, Words
from caresim.report.evidence import title_of
from caresim.report.source import UNVERIFIED, Source

PARTS = (
    *("cohorts", "settings", "arrivals", "initial", "interventions", "feedbacks", "workforce"),
    *("population", "budgets", "organisations", "payments", "pools", "appraisal"),
)
"""Parts of the explicit form that hold inputs."""

LONGEST = 160
"""Characters of a value or a note on the page."""


def section(source: Source) -> Section:
    """Return the register: stated inputs with their sources, then those without."""
    rows = list(_rows(source))
    cited = [row for row in rows if row[2]]
    plain = [(row[0], row[1]) for row in rows if not row[2]]
    weak = [row for row in cited if row[3] == "unverified"]
    lines = [
        f"{len(cited)} inputs name a source, {len(plain)} do not or are defaults; {len(weak)} "
        "rest on a source that is unverified."
    ]
    blocks: list[Block] = [Words(tuple(lines))]
    heads = (Column("input"), Column("value"), Column("source"), Column("status"), Column("note"))
    if cited:
        title = "Inputs with a source"
        blocks.append(Table("assumptions", title, heads, tuple(cited), folded=True))
    if plain:
        title = "Inputs without a source, defaults among them"
        table = Table("other_inputs", title, heads[:2], tuple(plain), folded=True)
        blocks.append(table)
    changed = list(_options(source))
    if changed:
        columns = (Column("option"), Column("input"), Column("value"))
        title = "What each option changes in the scenario"
        blocks.append(Table("option_inputs", title, columns, tuple(changed), folded=True))
    sources = _sources(source)
    if sources is not None:
        blocks.append(sources)
    return Section("assumptions", "Register of assumptions", tuple(blocks))


def _rows(source: Source) -> Iterator[tuple[Cell, ...]]:
    for part in PARTS:
        if part not in source.scenario:
            continue
        for path, value in leaves(part, source.scenario[part]):
            names, notes = _about(value)
            named = "; ".join(title_of(source, name) for name in names)
            status = _status(source, names)
            yield (path, _short(written_out(value)), named, status, _short(" ".join(notes)))


def _about(value: object) -> tuple[list[str], list[str]]:
    """Return every source and note in a value, once."""
    names: dict[str, None] = {}
    notes: dict[str, None] = {}

    def collect(one: object) -> None:
        if isinstance(one, Mapping):
            for key, held in (("source", names), ("note", notes)):
                if isinstance(one.get(key), str):
                    held[str(one[key])] = None
            for below in one.values():
                collect(below)
        elif isinstance(one, list):
            for below in one:
                collect(below)

    collect(value)
    return list(names), list(notes)


def _status(source: Source, names: list[str]) -> str:
    found = [str(source.sources.get(name, {}).get("status", "")) for name in names]
    if any(one in UNVERIFIED for one in found):
        return "unverified"
    return ", ".join(dict.fromkeys(one for one in found if one))


def _short(said: str) -> str:
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _options(source: Source) -> Iterator[tuple[Cell, ...]]:
    options: Mapping[str, Any] = source.scenario.get("options", {})
    for option in source.options:
        given = options.get(option.name, {})
        for name in given.get("interventions", ()):
            yield (source.label(option), "intervention", str(name))
        for part, value in given.get("set", {}).items():
            base = dict(leaves(part, source.scenario.get(part, {})))
            for path, one in leaves(part, value):
                # Options hold whole parts in the explicit form; only what differs is a change.
                if base.get(path) != one:
                    yield (source.label(option), path, _short(written_out(one)))


def _sources(source: Source) -> Table | None:
    if not source.sources:
        return None
    rows = tuple(
        (
            name,
            *(str(given.get(key, "")) for key in ("title", "publisher", "year", "url")),
            str(given.get("status", "")),
        )
        for name, given in source.sources.items()
    )
    heads = ("name", "title", "publisher", "year", "address", "status")
    return Table("sources", "Sources", tuple(Column(h) for h in heads), rows, folded=True)
