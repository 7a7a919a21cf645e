"""``caresim compare``: options side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

import click

from caresim.cli.ending import FAILED
from caresim.cli.narration import Narrator
from caresim.cli.run import assignment


@click.command("compare", short_help="Set options side by side.")
@click.argument("given", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path())
@click.option("--engine", type=click.Choice(["flow", "event", "simpy"]), help="How to run files.")
@click.option("--members", type=click.IntRange(min=1), help="Draws of the uncertain inputs.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of all random numbers.")
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Replace an input.")
@click.option("--option", "options", multiple=True, metavar="NAME", help="Only these options.")
@click.option(
    "--sweep",
    multiple=True,
    metavar="PATH=FROM:TO",
    help="Make an option of each value of an input, in place of the file's own: FROM:TO, "
    "FROM:TO:STEP or A,B,C.",
)
@click.option(
    "--waterfall",
    multiple=True,
    metavar="OPTION",
    help="Run each intervention of an option alone, and show the interaction.",
)
@click.option(
    "--indicator", "indicators", multiple=True, metavar="ID", help="Show this, not the headlines."
)
@click.option(
    "--better",
    multiple=True,
    metavar="ID=lower|higher",
    help="Say which way of an indicator is better.",
)
@click.option("--full", is_flag=True, help="Print every indicator, with all intervals.")
@click.option("--threads", type=click.IntRange(min=1), help="At most so many; all cores if not.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to save it in.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and failures.")
def command(
    given: tuple[str, ...],
    engine: str | None,
    members: int | None,
    seed: int | None,
    assignments: tuple[str, ...],
    options: tuple[str, ...],
    sweep: tuple[str, ...],
    waterfall: tuple[str, ...],
    indicators: tuple[str, ...],
    better: tuple[str, ...],
    full: bool,
    threads: int | None,
    as_json: bool,
    output: Path | None,
    quiet: bool,
) -> int:
    """Set the options of scenario files, or of run folders, side by side.

    Every option is set beside do_nothing, member by member: the same people and draws meet both.
    Shown are what each changes and how sure that is, how often each is best and what choosing it
    would cost if it is not, money, and when effects show. A FILE is run now; a DIR is a run that
    is saved. Nothing is saved unless -o names a folder.
    """
    overrides = [assignment(text) for text in assignments]
    if engine is not None:
        # As in the file, so that what depends on the engine (members) is decided for this one.
        overrides.append(("run.engine", engine))
    if output is not None and output.exists():
        raise click.UsageError(f"{output} exists already; nothing is overwritten")
    from caresim.comparison import compare
    from caresim.comparison.run import is_saved

    changed = overrides or members is not None or seed is not None
    if changed and any(is_saved(Path(path)) for path in given):
        raise click.UsageError(
            "a saved run is compared as it was run: --engine, --members, --seed and --set are for "
            "scenario files only"
        )
    narrator = Narrator(quiet)
    with narrator.telling_of_compilation():
        comparison = compare(
            given,
            members=members,
            seed=seed,
            options=options,
            overrides=overrides,
            sweep=sweep,
            waterfall=waterfall,
            better=_ways(better),
            threads=threads,
            progress=narrator.progress,
            command=click.get_current_context().find_root().obj or (),
        )
    if as_json:
        data = comparison.to_dict(indicators)
        click.echo(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        whole = full or bool(indicators)
        click.echo(comparison.summary(indicators) if whole else comparison.brief())
    if output is not None:
        comparison.save(output)
        narrator.say(f"Saved in {output}")
    return 0 if comparison.passed else FAILED


def _ways(texts: Sequence[str]) -> dict[str, Literal["lower", "higher"]]:
    found: dict[str, Literal["lower", "higher"]] = {}
    for text in texts:
        name, _, way = text.partition("=")
        if way not in ("lower", "higher"):
            raise click.BadParameter(
                f"{text!r} is not of the form ID=lower or ID=higher", param_hint="'--better'"
            )
        found[name.strip()] = cast('Literal["lower", "higher"]', way)
    return found
