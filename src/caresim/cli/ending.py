"""How a command ends: the exit code and the last words for each kind of failure."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from io import StringIO

import click

OK, BUG, USAGE, INVALID, FAILED, MISSED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


@dataclass(frozen=True)
class Ending:
    """An exit code, and what is said on standard error."""

    code: int
    text: str = ""


def ending_of(error: BaseException) -> Ending:
    """Return how a command ends that raised this."""
    if isinstance(error, click.exceptions.Exit):
        return Ending(error.exit_code)
    if isinstance(error, click.ClickException):
        # click ends with 1 where something cannot be done, which here is kept for bugs.
        wrong_usage = isinstance(error, click.UsageError)
        return Ending(USAGE if wrong_usage else FAILED, _click_text(error))
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        return Ending(INTERRUPTED, "interrupted; nothing was saved")
    if isinstance(error, SystemExit):
        return Ending(error.code if isinstance(error.code, int) else BUG)
    if isinstance(error, BrokenPipeError):
        return Ending(OK)
    if isinstance(error, MemoryError):
        return Ending(FAILED, "error: not enough memory; run fewer members or options")
    if isinstance(error, OSError):
        return Ending(FAILED, f"error: {_os_text(error)}")
    return _known(error) or Ending(BUG, _bug_text(error))


def _known(error: BaseException) -> Ending | None:
    """Return the ending of an error of caresim's own, imported only now that one happened."""
    from caresim.problems import ScenarioError

    if isinstance(error, ScenarioError):
        return Ending(INVALID, str(error))
    from caresim.api import ChoiceError, RunError
    from caresim.results.manifest import ManifestError

    if isinstance(error, (ChoiceError, ManifestError)):
        return Ending(USAGE, f"error: {error}")
    if isinstance(error, RunError):
        return Ending(FAILED, f"error: {error}")
    return None


def _click_text(error: click.ClickException) -> str:
    text = StringIO()
    error.show(text)
    return text.getvalue().rstrip("\n")


def _os_text(error: OSError) -> str:
    name = f"{error.filename!s}: " if error.filename is not None else ""
    if error.errno == errno.ENOSPC:
        return f"{name}no space left on the disk; nothing was saved"
    return f"{name}{error.strerror or error}"


def _bug_text(error: BaseException) -> str:
    return (
        f"This is a bug in caresim: {type(error).__name__}: {error}\n"
        "Your file is not at fault. Please report it, with the command, the scenario if you can "
        "share it,\nand what the same command says with --debug."
    )
