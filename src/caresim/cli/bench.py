"""``caresim bench``: run a suite of known answers, and say which are met."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from caresim.cli.ending import MISSED, OK
from caresim.cli.narration import Narrator


@click.command("bench", short_help="Run a suite of known answers.")
@click.argument("suite", type=click.Choice(["exact", "published", "fluid", "systems"]))
@click.option("--case", "--only", "names", multiple=True, metavar="NAME", help="Run only this.")
@click.option("--quick", is_flag=True, help="Fewer members; only 4 standard errors count.")
@click.option("--threads", type=click.IntRange(min=1), help="At most so many; all cores if not.")
@click.option(
    "--repository",
    type=click.Path(path_type=Path),
    help="The checkout that holds the suites, if it is neither this folder nor caresim's own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and failures.")
def command(
    suite: str,
    names: tuple[str, ...],
    quick: bool,
    threads: int | None,
    repository: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run the cases of SUITE and print each figure beside the one it is held to.

    exact holds answers known from theory: a figure passes if it is within 4 standard errors and
    its standard error is small. published holds figures of other people's work, with the
    tolerance stated for each. fluid runs the event engine on 1 to 30 copies of a place as one,
    which must come ever nearer to the flow engine. systems holds real systems of integrated care,
    what was reported of each, and checks of what running it must show. Ends with exit code 5 if
    any figure misses.
    """
    from caresim.bench.cases import repository as find
    from caresim.bench.report import closing
    from caresim.cli import bench_systems

    narrator = Narrator(quiet)
    if suite == bench_systems.SUITE:
        return bench_systems.run(
            names, find(repository), threads=threads, as_json=as_json, narrator=narrator
        )
    how = {"quick": quick, "threads": threads, "progress": narrator.progress}
    running, table, payload = _suite(suite, names, find(repository), how)
    results = []
    with narrator.telling_of_compilation():
        for result in running:
            narrator.clear()
            results.append(result)
            if not as_json:
                click.echo(table(result) + "\n")
    if as_json:
        click.echo(json.dumps(payload(results), indent=1, allow_nan=False))
    else:
        click.echo(closing(results))
    return OK if all(result.passed for result in results) else MISSED


def _suite(
    suite: str, names: tuple[str, ...], root: Path, how: dict[str, Any]
) -> tuple[Iterator[Any], Callable[[Any], str], Callable[[Any], Any]]:
    """Return the results of a suite as they come, and what makes a table and JSON of them."""
    from caresim.bench import fluid, report
    from caresim.bench.cases import chosen, read_suite
    from caresim.bench.run import run_suite

    if suite == fluid.SUITE:
        places = fluid.run_fluid(chosen(fluid.read_fluid(root), names), root, **how)
        return places, report.fluid_table, report.fluid_payload
    answers = run_suite(chosen(read_suite(suite, root), names), root, **how)
    return answers, report.case_table, report.payload
