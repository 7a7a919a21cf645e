"""``caresim report``: a saved run as a page for a board, a workbook and CSV files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="Write a page for a board.")
@click.argument("run_folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page. [default: report.html in DIR]",
)
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Excel workbook.")
@click.option(
    "--csv",
    "csv_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for a CSV file of every table.",
)
@click.option(
    "--beside",
    type=click.Path(path_type=Path),
    help="Folder of another run of the place, such as by the event engine, to set beside.",
)
def command(
    run_folder: Path,
    output: Path | None,
    xlsx: Path | None,
    csv_folder: Path | None,
    beside: Path | None,
) -> None:
    """Write a report of the saved run in DIR as one HTML page that needs no network.

    It says what happens if nothing is done, what each option changes, who pays and who saves, and
    how sure all that is; then flows, delays, capacity, money, evidence, assumptions and checks.
    Everything shown is also in the workbook and the CSV files, and a table of capacity and demand
    in the layout of the Better Care Fund. The names of the files written are printed; files of
    the same name are replaced.
    """
    from caresim.report import csv_files, page, report, workbook
    from caresim.report.workbook import MissingPackageError
    from caresim.results.manifest import manifest_path

    made = report(run_folder, beside)
    target = output or manifest_path(run_folder).parent / "report.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(made), encoding="utf-8")
    click.echo(target)
    try:
        if xlsx is not None:
            click.echo(workbook(made, xlsx))
    except MissingPackageError as error:
        raise click.ClickException(str(error)) from error
    if csv_folder is not None:
        for path in csv_files(made, csv_folder):
            click.echo(path)
