"""``caresim evidence``: what is known to work, what is not, and how sure."""

from __future__ import annotations

import json

import click


@click.command("evidence", short_help="Show what is known to work.")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(name: str | None, as_json: bool) -> None:
    """List the library of evidence, or print the entry ID in full.

    The list has the effect of each intervention on each outcome with its interval, the strength
    of the evidence, and marks for harm, no effect and unverified figures; harms come first.
    """
    from caresim import evidence
    from caresim.evidence import words

    try:
        found = evidence.entries() if name is None else (evidence.entry(name),)
    except evidence.EvidenceError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        listed = [words.data(entry) for entry in words.in_order(found)]
        plain = listed if name is None else listed[0]
        click.echo(json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(words.listing(found) if name is None else words.page(found[0]))
