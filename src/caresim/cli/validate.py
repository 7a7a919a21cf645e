"""``caresim validate``: every problem of scenario files at once; runs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import click

from caresim.cli.ending import INVALID


@click.command("validate", short_help="Check scenario files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def command(files: tuple[Path, ...], as_json: bool) -> int:
    """Check scenario FILES and print every problem with its place, cause and cure.

    Ends with exit code 3 if any file has an error; warnings alone are no failure.
    """
    from caresim.api import load
    from caresim.problems import ScenarioError, Severity, render

    found = []
    for file in files:
        try:
            scenario = load(file)
        except ScenarioError as error:
            found.append((file, error.problems, error.source_lines))
        else:
            found.append((file, scenario.warnings, scenario.source_lines))
    invalid = [
        any(problem.severity is Severity.ERROR for problem in problems) for _, problems, _ in found
    ]
    if as_json:
        listed = [
            {"file": str(file), "valid": not bad, "problems": [p.to_dict() for p in problems]}
            for (file, problems, _), bad in zip(found, invalid, strict=True)
        ]
        click.echo(json.dumps(listed, indent=1))
    else:
        for (file, problems, lines), bad in zip(found, invalid, strict=True):
            if problems:
                click.echo(render(problems, lines))
            if not bad:
                click.echo(f"{file}: valid")
    return INVALID if any(invalid) else 0
