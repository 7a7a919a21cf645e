"""``caresim export``: saved results in the formats of other programs."""

from __future__ import annotations

from pathlib import Path

import click

FORMATS = ("csv", "parquet", "netcdf")
LOG_FORMATS = ("csv", "parquet", "xes", "bupar", "vidigi")


@click.command("export", short_help="Write saved results in other formats.")
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--variable", "names", multiple=True, metavar="NAME", help="Only this; all if not.")
@click.option("--members", is_flag=True, help="The first members each, not the mean over all.")
@click.option(
    "--log",
    "log",
    type=click.Choice(LOG_FORMATS),
    help="Write the event log instead, as a table or in the layout of another program.",
)
@click.option(
    "--member",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Whose log, in the layout of vidigi.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="[default: the run folder]")
def command(
    run_folder: Path,
    form: str,
    names: tuple[str, ...],
    members: bool,
    log: str | None,
    member: int,
    output: Path | None,
) -> None:
    """Write the results in RUN_FOLDER as tidy tables or as one labelled file.

    The names of the files written are printed. With --log, the event log that `caresim run --log`
    kept: csv and parquet are tidy tables, xes is for pm4py and other programs of process mining,
    bupar for bupaR in R, vidigi for animations of one member.
    """
    from caresim.results.event_log import LogNotKeptError
    from caresim.results.export import FORMATS, MissingPackageError, export
    from caresim.results.log_formats import LOG_FORMATS, export_logs
    from caresim.results.store import read_results

    wanted = next(known for known in FORMATS if known == form)
    results = read_results(run_folder)
    folder = output or (results.folder or run_folder) / ("log" if log else form)
    try:
        if log is not None:
            layout = next(known for known in LOG_FORMATS if known == log)
            written = export_logs(results, folder, layout, member)
        else:
            written = export(
                results, folder, wanted, names=names, statistic="members" if members else "mean"
            )
    except (MissingPackageError, LogNotKeptError) as error:
        raise click.ClickException(str(error)) from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except KeyError as error:
        raise click.UsageError(str(error.args[0])) from error
    for path in written:
        click.echo(path)
