"""The group of commands, each imported only when it is used, and how every command ends."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from caresim.cli.ending import Ending, ending_of

COMMANDS = {
    "init": "Make a folder with a commented scenario that runs.",
    "validate": "Check scenario files: every problem at once; runs nothing.",
    "explain": "Say what an input, an indicator or an error code means.",
    "run": "Run a scenario, print a summary and save the results.",
    "compare": "Set options side by side: what each changes, and how sure that is.",
    "calibrate": "Fit inputs to observed figures, and test the fit.",
    "report": "Write a saved run as a page for a board, a workbook and CSV.",
    "export": "Write saved results as CSV, Parquet or NetCDF.",
    "evidence": "Show what is known to work, what is not, and how sure.",
    "places": "Show the boards of England: published figures, peers, needs.",
    "data": "Check official data files, and convert them to one plain table.",
    "bench": "Run a suite of known answers, and say which are met.",
    "schema": "Print the JSON Schema of the scenario file, for editors.",
}
"""Every command and its help in one line, so that ``--help`` need import none of them."""


class LazyGroup(click.Group):
    """A group whose commands live in modules of the same name and are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of :data:`COMMANDS`, that of a first session."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"caresim.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from caresim.problems import nearest

            close = nearest(args[0], COMMANDS) if args else None
            if close is None:
                raise
            said = f"no command '{args[0]}'; did you mean '{close}'?"
            raise click.UsageError(said, ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"caresim {version('caresim')}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the version and exit.",
)
@click.option("--debug", is_flag=True, help="Show where in caresim a failure came from.")
def app(debug: bool) -> None:
    """Simulate how people flow between hospital, intermediate, community and residential care.

    Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 a
    bug in caresim, 2 wrong usage, 3 invalid scenario, 4 the run failed, 5 a threshold was
    missed, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    Parameters
    ----------
    arguments
        In place of those of the process.
    """
    # caresim does no linear algebra worth a thread, and starting them delays every command.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Accepted behind the command too, where people add it after a failure.
    debug = "--debug" in given
    given = [argument for argument in given if argument != "--debug"]
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_characters(stream)
    try:
        # Not app.main, which ends the process itself when the reader of a pipe stops reading.
        with app.make_context("caresim", given, obj=("caresim", *given)) as context:
            code = app.invoke(context)
        ending = Ending(code if isinstance(code, int) else 0)
    except BaseException as error:
        if debug and not isinstance(error, (click.ClickException, click.exceptions.Exit)):
            import traceback

            traceback.print_exc()
        ending = ending_of(error)
    return _finish(ending)


def _never_fail_on_characters(stream: Any) -> None:
    """Print a stand-in for what the terminal cannot show, in place of failing."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


def _finish(ending: Ending) -> int:
    """Print the last words, and make sure that what was printed arrives."""
    code = ending.code
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (`| head`): the work itself was done.
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        code = code or 4
        ending = Ending(code, ending.text or f"error: cannot write to standard output: {error}")
    try:
        if ending.text:
            print(ending.text, file=sys.stderr)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)
    return code


def _discard(stream: Any) -> None:
    """Send a stream that cannot be written nowhere, or Python fails again at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
