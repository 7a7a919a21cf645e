"""``caresim init``: a folder with a commented scenario that runs, and a schema for editors."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path

import click

SCENARIO, SCHEMA = "scenario.yaml", "caresim.schema.json"


@click.command("init", short_help="Make a folder with a scenario.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make DIR with a commented scenario that runs, and the schema that editors use.

    Files that exist are never overwritten.
    """
    from caresim.scenario.json_schema import schema

    text = importlib.resources.files("caresim.cli") / "first_scenario.yaml"
    contents = {
        SCENARIO: text.read_text(encoding="utf-8"),
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


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
