"""``caresim run``: run a scenario, print a summary, save the results."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from caresim.cli.ending import FAILED
from caresim.cli.narration import Narrator


def assignment(text: str) -> tuple[str, str]:
    """Read an input to be replaced, ``PATH=VALUE``."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise click.BadParameter(
            f"{text!r} is not of the form PATH=VALUE, such as settings.acute.capacity=880",
            param_hint="'--set'",
        )
    return path.strip(), value.strip()


def _precision(_context: object, _option: object, text: str | None) -> float | None:
    """Read a share such as 5% or 0.05."""
    if text is None:
        return None
    try:
        share = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        raise click.BadParameter(f"{text!r} is not a share between 0 and 1, such as 5% or 0.05")
    return share


@click.command("run", short_help="Run a scenario.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--engine", type=click.Choice(["flow", "event", "simpy"]), help="How to run it.")
@click.option("--members", type=click.IntRange(min=1), help="Draws of the uncertain inputs.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of all random numbers.")
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Replace an input.")
@click.option("--option", "options", multiple=True, metavar="NAME", help="Run only this option.")
@click.option("--threads", type=click.IntRange(min=1), help="At most so many; all cores if not.")
@click.option(
    "--draws",
    type=click.Path(path_type=Path),
    metavar="POSTERIOR",
    help="Give members the draws of a fit: its folder, or posterior.parquet in it.",
)
@click.option("--log", is_flag=True, help="Keep the event log: a row for each stay.")
@click.option(
    "--precision",
    callback=_precision,
    metavar="PERCENT",
    help="Say how sure each mean is, and how many members make it so precise, such as 5%.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the results.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="MANIFEST",
    help="Do again the run of this manifest or run folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and failures.")
def command(
    file: Path | None,
    engine: str | None,
    members: int | None,
    seed: int | None,
    assignments: tuple[str, ...],
    options: tuple[str, ...],
    threads: int | None,
    draws: Path | None,
    log: bool,
    precision: float | None,
    output: Path | None,
    source: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run the scenario in FILE, print a summary, and save the results to a run folder.

    The folder is runs/NAME-TIME unless -o names one; no run is ever overwritten. --from does a
    run again from what its manifest holds and says whether every bit is the same.

    --log keeps every stay and wait of every person of the event engine in the run folder;
    `caresim export --log` writes it for other programs.
    """
    if (file is None) == (source is None):
        raise click.UsageError("give either a scenario FILE or --from MANIFEST")
    overrides = [assignment(text) for text in assignments]
    if engine is not None:
        # As in the file, so that what depends on the engine (members) is decided for this one.
        overrides.append(("run.engine", engine))
    if source is not None and (overrides or options or members or draws or seed is not None):
        raise click.UsageError("--from repeats a run as it was: no other choice can be made")
    _check_output(output)
    if log:
        _check_parquet()
    from caresim import api
    from caresim.problems import render
    from caresim.results.payload import payload
    from caresim.results.precision import precision_tables
    from caresim.results.store import new_folder
    from caresim.results.summary import summary

    narrator = Narrator(quiet)
    line: tuple[str, ...] = click.get_current_context().find_root().obj or ()
    if source is None:
        assert file is not None
        scenario = api.load(file, overrides, priors=draws is not None)
        if scenario.warnings and not quiet:
            narrator.say(render(scenario.warnings, scenario.source_lines))
        with narrator.telling_of_compilation():
            results = api.run(
                scenario, None, members, seed, options, threads,
                log=log, draws=draws, progress=narrator.progress, command=line,
            )  # fmt: skip
        name = file.stem
    else:
        with narrator.telling_of_compilation():
            again = api.rerun(
                source, threads=threads, log=log, progress=narrator.progress, command=line
            )
        results = again.results
        name = Path(results.manifest.scenario_path).stem
    folder = output or new_folder(name, results.manifest.started)
    results = results.save(folder)
    if as_json:
        click.echo(json.dumps(payload(results, precision), indent=1, allow_nan=False))
    else:
        click.echo(summary(results))
        if precision is not None:
            click.echo("\n" + precision_tables(results, precision))
        click.echo(f"\nSaved in {folder}")
    if source is not None:
        narrator.say(_verdict(again))
        if not again.identical:
            return FAILED
    return 0 if results.passed else FAILED


def _verdict(again: object) -> str:
    from caresim.api import Repeated

    assert isinstance(again, Repeated)
    if again.identical:
        return "Every bit is the same as in the first run."
    changed = "; ".join(again.differences) or "nothing known of versions or machine"
    return f"error: the bits are not those of the first run. Changed since: {changed}."


def _check_parquet() -> None:
    """Refuse to keep a log that cannot be saved before the work is done, not after it."""
    from caresim.results.export import MissingPackageError, require

    try:
        require("pyarrow", "the event log")
    except MissingPackageError as error:
        raise click.ClickException(str(error)) from error


def _check_output(output: Path | None) -> None:
    """Refuse an output folder that cannot be used before the work is done, not after it."""
    if output is None:
        above = Path("runs")
    else:
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise click.UsageError(f"{output} exists already; no run is overwritten")
        above = output.parent
    above = above.absolute()
    while not above.exists() and above != above.parent:
        above = above.parent
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise click.ClickException(f"cannot write in {above}")
