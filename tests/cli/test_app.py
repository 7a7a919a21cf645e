import errno
import os
import subprocess
import sys

import click
import pytest

from caresim.api import ChoiceError, RunError
from caresim.cli import app
from caresim.cli.ending import ending_of
from caresim.problems import Problem, ScenarioError, Severity
from caresim.results.manifest import ManifestError

HEAVY = {"numpy", "pandas", "xarray", "numba", "scipy", "pydantic", "ruamel", "simpy"}


def test_help_lists_every_command_and_imports_nothing_heavy():
    code = (
        "import sys; from caresim.cli import main; main(['--help']);"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "[]\n"
    assert all(f"\n  {name} " in done.stdout for name in app.COMMANDS)


@pytest.mark.parametrize("name", list(app.COMMANDS))
def test_every_command_exists_and_has_help(caresim, name):
    said = caresim(name, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"Usage: caresim {name}")


def test_version(caresim):
    said = caresim("--version")
    assert said.code == 0
    assert said.out.startswith("caresim 0.")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["rum"], "did you mean 'run'?"),
        (["qqqqqq"], "No such command"),
        (["run"], "give either a scenario FILE or --from MANIFEST"),
        (["run", "a.yaml", "--members", "0"], "0 is not in the range"),
        (["run", "a.yaml", "--set", "capacity"], "not of the form PATH=VALUE"),
        (["run", "--from", "a", "--seed", "1"], "no other choice can be made"),
        (["validate"], "Missing argument"),
        (["run", "--from", "nowhere"], "cannot read nowhere"),
    ],
)
def test_wrong_usage(caresim, arguments, text):
    said = caresim(*arguments)
    assert (said.code, said.out) == (2, "")
    assert text in said.err


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (MemoryError(), 4, "not enough memory"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "my runs"), 4, "my runs: no space"),
        (PermissionError(errno.EACCES, "Permission denied", "runs"), 4, "runs: Permission denied"),
        (BrokenPipeError(), 0, ""),
        (ManifestError("no manifest"), 2, "error: no manifest"),
        (ChoiceError("no engine"), 2, "error: no engine"),
        (RunError("deadlock on day 3"), 4, "error: deadlock on day 3"),
        (
            ScenarioError([Problem("C305", Severity.ERROR, "a", "wrong", "", "", None)]),
            3,
            "error C305 a: wrong",
        ),
        (ZeroDivisionError("oops"), 1, "This is a bug in caresim: ZeroDivisionError: oops"),
    ],
)  # fmt: skip
def test_every_failure_has_its_exit_code_and_words(error, code, text):
    ending = ending_of(error)
    assert ending.code == code
    assert text in ending.text
    assert ("bug" in ending.text) == (code == 1)


def test_a_bug_shows_its_traceback_only_with_debug(caresim, monkeypatch):
    def broken(*_arguments):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("caresim.api.load", broken)
    said = caresim("validate", "a.yaml")
    assert said.code == 1
    assert "This is a bug in caresim" in said.err
    assert "Traceback" not in said.err
    assert "Traceback" in caresim("validate", "a.yaml", "--debug").err


def test_a_reader_that_stops_reading_is_no_failure():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "caresim", "--help"],
        stdout=write, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_an_output_that_cannot_be_written_is_said():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "caresim", "--help"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 4
    assert "No space left" in done.stderr or "no space left" in done.stderr
