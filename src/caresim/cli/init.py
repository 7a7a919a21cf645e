"""``caresim init``: a folder with a commented scenario that runs, and a schema for editors."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path

import click

SCENARIO, SCHEMA = "scenario.yaml", "caresim.schema.json"


@click.command("init", short_help="Make a folder with a scenario.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--place", metavar="CODE", help="Of this board (see `caresim places`).")
def command(folder: Path, place: str | None) -> None:
    """Make DIR with a commented scenario that runs, and the schema that editors use.

    With --place it is that of an integrated care board, from published figures. Files that exist
    are never overwritten.
    """
    from caresim.scenario.json_schema import schema

    contents = {
        SCENARIO: _first_scenario() if place is None else _board_scenario(place),
        SCHEMA: json.dumps(schema(), indent=1) + "\n",
    }
    taken = [name for name in contents if (folder / name).exists()]
    if taken:
        raise click.UsageError(f"{folder / taken[0]} exists already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        # "x" refuses a file that has appeared in the meantime.
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(content)
        click.echo(folder / name)
    click.echo(f"\nNow: caresim run {_quoted(folder / SCENARIO)}", err=True)


def _first_scenario() -> str:
    text = importlib.resources.files("caresim.cli") / "first_scenario.yaml"
    return text.read_text(encoding="utf-8")


def _board_scenario(place: str) -> str:
    from caresim.places.boards.table import UnknownBoardError, board
    from caresim.places.template import scenario_text

    try:
        return scenario_text(board(place))
    except UnknownBoardError as error:
        raise click.UsageError(str(error)) from error


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
