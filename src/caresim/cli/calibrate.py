"""``caresim calibrate``: fit inputs to observed figures."""

from __future__ import annotations

import json
from pathlib import Path

import click

from caresim.cli.narration import Narrator
from caresim.cli.run import assignment


@click.command("calibrate", short_help="Fit inputs to observed figures.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--observed",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Observed figures, in place of the files that the scenario names.",
)
@click.option("--engine", type=click.Choice(["flow", "event"]), help="What simulates.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of all random numbers.")
@click.option(
    "--draws", type=click.IntRange(20, 20_000), default=500, show_default=True,
    help="Draws of the posterior to save.",
)  # fmt: skip
@click.option(
    "--members", type=click.IntRange(20, 20_000), default=200, show_default=True,
    help="Members of each turn with the event engine.",
)  # fmt: skip
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Replace an input.")
@click.option("--threads", type=click.IntRange(min=1), help="At most so many; all cores if not.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the fit.")
@click.option("--resume", is_flag=True, help="Go on with the interrupted fit in the folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the fit as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and failures.")
def command(
    file: Path,
    observed: Path | None,
    engine: str | None,
    seed: int | None,
    draws: int,
    members: int,
    assignments: tuple[str, ...],
    threads: int | None,
    output: Path | None,
    resume: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Fit inputs of the scenario in FILE to observed figures, and test the fit.

    The `calibration` block of FILE says which inputs are fitted, what is believed of them before,
    and to which series. Figures held out by date show how well the fit foretells, beside the last
    value and last year's. The draws feed later runs: `caresim run FILE --draws FOLDER`.

    The folder is runs/NAME-calibration-TIME unless -o names one.
    """
    if resume and output is None:
        raise click.UsageError("--resume goes on in the folder that -o names")
    from caresim.calibration.run import calibrate
    from caresim.results.manifest import now
    from caresim.results.store import new_folder

    narrator = Narrator(quiet)
    folder = output or new_folder(f"{file.stem}-calibration", now())
    try:
        with narrator.telling_of_compilation():
            found = calibrate(
                file,
                observed,
                engine=engine,
                seed=seed,
                draws=draws,
                members=members,
                folder=folder,
                resume=resume,
                overrides=[assignment(text) for text in assignments],
                threads=threads,
                progress=narrator.progress,
                command=click.get_current_context().find_root().obj or (),
            )
    except KeyboardInterrupt:
        narrator.say(f"what is done is kept; go on with the same command and --resume -o {folder}")
        raise
    if as_json:
        click.echo(json.dumps(found.to_dict(), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(found.summary())
        click.echo(
            f"\nSaved in {folder}. Run with these draws: caresim run {file} --draws {folder}"
        )
    return 0
