"""``caresim places``: the boards of England, their published figures, and how they compare."""

from __future__ import annotations

import json
from typing import Any

import click


@click.command("places", short_help="Show ready-made places.")
@click.argument("code", required=False)
@click.option("--beside", metavar="CODE", help="Set this board beside its peers.")
@click.option(
    "--nearest",
    type=click.IntRange(3, 41),
    help="With --beside: compare with so many boards nearest in number and age of people.",
)
@click.option("--councils", is_flag=True, help="List councils and their delays of 2011 to 2019.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def command(
    code: str | None, beside: str | None, nearest: int | None, councils: bool, as_json: bool
) -> None:
    """List the 42 integrated care boards of England, or show one.

    CODE is a board's local code (QUY), national code (E54000039) or name. Every figure is shown
    with its source and period; unverified ones are marked. --beside gives ranks among boards, and
    the places that the demand needs. `caresim init DIR --place CODE` writes a scenario.
    """
    from caresim.places.boards.table import UnknownBoardError

    if (code is not None) + (beside is not None) + councils > 1:
        raise click.UsageError("give one of CODE, --beside CODE and --councils")
    if nearest is not None and beside is None:
        raise click.UsageError("--nearest needs --beside CODE")
    try:
        if councils:
            text, values = _councils()
        else:
            text, values = _shown(code) if beside is None else _beside(beside, nearest)
    except UnknownBoardError as error:
        raise click.UsageError(str(error)) from error
    click.echo(json.dumps(values, indent=1, allow_nan=False) if as_json else text)


def _shown(code: str | None) -> tuple[str, Any]:
    from caresim.places.boards import board, text

    if code is None:
        return text.list_text(), text.list_values()
    wanted = board(code)
    return text.board_text(wanted), text.board_values(wanted)


def _councils() -> tuple[str, Any]:
    from caresim.places.boards import councils

    return councils.list_text(), councils.list_values()


def _beside(code: str, nearest: int | None) -> tuple[str, Any]:
    from caresim.places.boards import board, boards, text
    from caresim.places.boards.needs import needs
    from caresim.places.boards.peers import nearest_peers, standings

    wanted = board(code)
    peers = list(boards().values()) if nearest is None else nearest_peers(wanted, nearest)
    about = wanted, peers, standings(wanted, peers), needs(wanted)
    return text.beside_text(*about), text.beside_values(*about)
