"""``caresim explain``: what an input, an error code or an indicator means."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("explain", short_help="Say what something means.")
@click.argument("targets", nargs=-1, required=True, metavar="FILE|PATH|CODE|INDICATOR...")
@click.option("--resolved", is_flag=True, help="Print the explicit form of FILE, as YAML.")
@click.option("--loops", is_flag=True, help="Print the loops of FILE in words; draw them with -o.")
@click.option("--option", default="do_nothing", show_default=True, help="Whose loops.")
@click.option(
    "-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="SVG file to draw in."
)
def command(
    targets: tuple[str, ...], resolved: bool, loops: bool, option: str, output: Path | None
) -> None:
    """Say what something means, and where it comes from.

    FILE alone lists its inputs. FILE PATH... shows inputs such as settings.acute.stay: value,
    unit, default or written, source. PATH without a file says what may stand there. A CODE such
    as C301 or P101, and an INDICATOR such as occupancy, are explained; `codes` and `indicators`
    list them all. FILE --loops -o FILE.svg draws stocks, flows and the loops that feed on
    themselves, each with its sign, strength and source.
    """
    from caresim import explain

    first = Path(targets[0])
    is_file = first.suffix in (".yaml", ".yml") or first.is_file()
    if resolved and (not is_file or len(targets) > 1):
        raise click.UsageError("--resolved needs a scenario file, and nothing else")
    if loops and (not is_file or len(targets) > 1 or resolved):
        raise click.UsageError("--loops needs a scenario file, and nothing else")
    if output is not None and not loops:
        raise click.UsageError("-o needs --loops")
    try:
        if loops:
            click.echo(explain.loops(first, option, output))
        elif resolved:
            click.echo(explain.resolved(first))
        elif is_file:
            click.echo(explain.file(first, targets[1:]))
        else:
            click.echo("\n\n".join(explain.word(target) for target in targets))
    except explain.UnknownError as error:
        raise click.UsageError(str(error)) from error
