"""``caresim schema``: the JSON Schema of the scenario file."""

from __future__ import annotations

import json

import click


@click.command("schema", short_help="Print the JSON Schema.")
def command() -> None:
    """Print the JSON Schema of the scenario file, which editors use to complete and check."""
    from caresim.scenario.json_schema import schema

    click.echo(json.dumps(schema(), indent=1))
