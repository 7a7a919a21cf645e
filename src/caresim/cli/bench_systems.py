"""``caresim bench systems``: run the real systems, and say which do what was reported of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from caresim.cli.ending import MISSED, OK
from caresim.cli.narration import Narrator

SUITE = "systems"


def run(
    names: Sequence[str], root: Path, *, threads: int | None, as_json: bool, narrator: Narrator
) -> int:
    """Run systems, all if none is named; print the table, and every check of those named."""
    from caresim.bench.cases import chosen
    from caresim.bench.systems import report
    from caresim.bench.systems.read import read_systems
    from caresim.bench.systems.run import run_systems

    running = run_systems(
        chosen(read_systems(root), names), root, threads=threads, progress=narrator.progress
    )
    results = []
    with narrator.telling_of_compilation():
        for result in running:
            results.append(result)
            narrator.clear()
    if as_json:
        click.echo(json.dumps(report.payload(results), indent=1, allow_nan=False))
    else:
        click.echo(report.table(results) + "\n")
        for result in results:
            if names or not result.passed:
                click.echo(report.details(result, misses_only=not names) + "\n")
        click.echo(report.closing(results))
    return OK if all(result.passed for result in results) else MISSED
