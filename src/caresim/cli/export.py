"""``caresim export``: saved results in the formats of other programs."""

from __future__ import annotations

from pathlib import Path

import click

FORMATS = ("csv", "parquet", "netcdf")


@click.command("export", short_help="Write saved results in other formats.")
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--variable", "names", multiple=True, metavar="NAME", help="Only this; all if not.")
@click.option("--members", is_flag=True, help="The first members each, not the mean over all.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="[default: the run folder]")
def command(
    run_folder: Path, form: str, names: tuple[str, ...], members: bool, output: Path | None
) -> None:
    """Write the results in RUN_FOLDER as tidy tables or as one labelled file.

    The names of the files written are printed.
    """
    from caresim.results.export import FORMATS, MissingPackageError, export
    from caresim.results.store import read_results

    wanted = next(known for known in FORMATS if known == form)
    results = read_results(run_folder)
    folder = output or (results.folder or run_folder) / form
    try:
        written = export(
            results, folder, wanted, names=names, statistic="members" if members else "mean"
        )
    except MissingPackageError as error:
        raise click.ClickException(str(error)) from error
    except KeyError as error:
        raise click.UsageError(str(error.args[0])) from error
    for path in written:
        click.echo(path)
