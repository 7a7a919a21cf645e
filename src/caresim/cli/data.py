"""``caresim data``: what official data files are and whether they are sound; one plain table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from caresim.cli.ending import INVALID, OK


@click.group("data", short_help="Check and convert official data files.")
def command() -> None:
    """Check official data files, and convert them to one plain table."""


@command.command("check", short_help="Say what files are, and whether they are sound.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", help="What the files are; found out if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(files: tuple[Path, ...], kind: str | None, as_json: bool) -> int:
    """Say what each of FILES is, which period and places it covers, and whether it is sound.

    Every problem is printed with its place, cause and cure. Ends with exit code 3 if any file
    cannot be read or has figures that cannot be right.
    """
    from caresim.places import readers
    from caresim.places.readers.describe import as_dict, as_text

    found = []
    for file in files:
        try:
            found.append(readers.examine(file, kind))
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    if as_json:
        listed: list[dict[str, Any]] = [as_dict(examined) for examined in found]
        click.echo(json.dumps(listed, indent=1, allow_nan=False))
    else:
        click.echo("\n\n".join(as_text(examined) for examined in found))
    return OK if all(examined.sound for examined in found) else INVALID


@command.command("convert", short_help="Write a file as one plain table.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", help="What the file is; found out if not given.")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="The CSV to write."
)
def convert(file: Path, kind: str | None, output: Path) -> None:
    """Write FILE as a CSV with a row for each figure, whatever its layout was.

    The table can be read again as one's own figures. What was dropped or changed on the way is
    told on standard error.
    """
    from caresim.places import readers
    from caresim.places.readers.describe import changes_text
    from caresim.places.readers.layouts.own import write_csv

    if output.resolve() == file.resolve():
        raise click.UsageError("the output would take the place of the file itself")
    try:
        reading = readers.read(file, kind)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    write_csv(reading.frame, output)
    told = changes_text(reading)
    if told:
        click.echo(told, err=True)
    click.echo(output)


@command.command("kinds", short_help="List the kinds of file that can be read.")
def kinds() -> None:
    """List the kinds of file that can be read, and who publishes them."""
    from caresim.places import readers
    from caresim.results.columns import table

    rows = [(known.id, known.title, known.publisher) for known in readers.kinds()]
    click.echo(table(("kind", "publication", "publisher"), rows))
