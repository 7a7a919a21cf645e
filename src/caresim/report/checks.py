"""Whether the run may be trusted and repeated: audit, published figures, how to run it again."""

from __future__ import annotations

import shlex

from caresim.report.document import Block, Cell, Column, Section, Table, Words, words
from caresim.report.source import Source


def audit(source: Source) -> Section:
    """Return the audit of every option, and the published figures beside the simulated ones."""
    rows: list[tuple[Cell, ...]] = [
        (
            source.label(option),
            check.name.replace("_", " "),
            "passed" if check.passed else "FAILED",
            f"{check.worst:.3g}",
            f"{check.limit:.3g}",
            check.meaning,
        )
        for option in source.options
        for check in option.audit
    ]
    failed = sum(row[2] == "FAILED" for row in rows)
    said = f"All {len(rows)} checks passed."
    if failed:
        said = f"{failed} of {len(rows)} checks FAILED."
    heads = tuple(Column(h) for h in ("option", "check", "result", "worst", "allowed", "meaning"))
    blocks: list[Block] = [
        Words((said,), "warning" if failed else "paragraphs"),
        Table("audit", "The audit", heads, tuple(rows), folded=True),
    ]
    blocks.append(_published(source))
    notes = dict.fromkeys(note for option in source.options for note in option.notes)
    if notes:
        blocks.append(words("How rules were approximated:"))
        blocks.append(Words(tuple(notes), "points"))
    return Section("audit", "Checks", tuple(blocks))


def _published(source: Source) -> Block:
    rows: list[tuple[Cell, ...]] = []
    for found in source.base.published():
        figure, simulated, window = found.figure, found.simulated, found.window
        between: tuple[Cell, ...] = (None, None, None)
        gap = None
        if simulated is not None:
            between = (simulated.mean, simulated.p05, simulated.p95)
            gap = (simulated.mean - figure.value) / figure.value if figure.value else None
        dates = (
            " to ".join(
                source.base.labels.date(day).isoformat()
                for day in (window.first_day, window.last_day)
            )
            if window
            else "outside the run"
        )
        rows.append((figure.name.replace("_", " "), figure.value, *between, gap, dates))
    if not rows:
        return words("The scenario names no published figures to compare with.")
    heads = (
        Column("published figure"),
        Column("published", "number"),
        Column("simulated", "number"),
        Column("5% of futures below", "number"),
        Column("5% above", "number"),
        Column("differs by", "share"),
        Column("dates"),
    )
    title = f"Published figures beside simulated ones ({source.label(source.base)})"
    return Table("published", title, heads, tuple(rows))


def reproduce(source: Source) -> Section:
    """Return how to get the same results again, bit for bit."""
    manifest = source.manifest
    command = shlex.join(manifest.command) if manifest.command else "run from Python"
    rows: list[tuple[Cell, ...]] = [
        ("scenario file", manifest.scenario_path),
        ("scenario (SHA-256 of its explicit form)", manifest.scenario_hash),
        ("results (SHA-256)", manifest.results_hash),
        ("seed", str(manifest.seed)),
        ("members", str(manifest.members)),
        ("engine", manifest.engine),
        ("options", ", ".join(manifest.options)),
        ("started", manifest.started),
        ("took, seconds", f"{manifest.elapsed_seconds:.1f}"),
    ]
    rows += [(f"read: {given.path}", f"SHA-256 {given.sha256}") for given in manifest.inputs]
    rows += [(f"version of {name}", said) for name, said in manifest.versions.items()]
    rows += [(f"machine: {name.replace('_', ' ')}", s) for name, s in manifest.system.items()]
    blocks: list[Block] = [
        words("The run was started with:"),
        Words((command,), "code"),
        words("This runs it again from the run folder, and says whether every bit is the same:"),
        Words(("caresim run --from RUN_FOLDER",), "code"),
        Table("reproduce", "The run", (Column("what"), Column("value")), tuple(rows), folded=True),
    ]
    return Section("reproduce", "How to get the same results again", tuple(blocks))
