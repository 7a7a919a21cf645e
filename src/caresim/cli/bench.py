"""``caresim bench``: run a suite of known answers, and say which are met."""

from __future__ import annotations

import json
from pathlib import Path

import click

from caresim.cli.ending import MISSED, OK
from caresim.cli.narration import Narrator


@click.command("bench", short_help="Run a suite of known answers.")
@click.argument("suite", type=click.Choice(["exact", "published"]))
@click.option("--case", "names", multiple=True, metavar="NAME", help="Run only this case.")
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
    tolerance stated for each. Ends with exit code 5 if any figure misses.
    """
    from caresim.bench.cases import chosen, read_suite
    from caresim.bench.cases import repository as find
    from caresim.bench.report import case_table, closing, payload
    from caresim.bench.run import run_suite

    root = find(repository)
    cases = chosen(read_suite(suite, root), names)
    narrator = Narrator(quiet)
    results = []
    with narrator.telling_of_compilation():
        for result in run_suite(
            cases, root, quick=quick, threads=threads, progress=narrator.progress
        ):
            narrator.clear()
            results.append(result)
            if not as_json:
                click.echo(case_table(result) + "\n")
    if as_json:
        click.echo(json.dumps(payload(results), indent=1, allow_nan=False))
    else:
        click.echo(closing(results))
    return OK if all(result.passed for result in results) else MISSED
