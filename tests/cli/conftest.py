import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

import made_up
from caresim import api
from caresim.cli import main

ROOT = Path(__file__).parents[2]

SCENARIO = """\
caresim: 1
title: A small place
duration: 20 weeks
settings:
  acute:
    kind: acute
    capacity: 20
    stay: 5 days
    then: {step_down: 20%, home: rest}
  step_down:
    kind: intermediate
    capacity: 40
    stay: 20 days
arrivals:
  emergency: {to: acute, rate: 3 per day}
options:
  more: {label: More beds, set: {settings.acute.capacity: 25}}
"""


@dataclasses.dataclass
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def caresim(capsys):
    """Run a command in this process."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def process():
    """Run a command as a process of its own."""

    def run(*arguments, **options):
        command = [sys.executable, "-m", "caresim", *map(str, arguments)]
        given = {"capture_output": True, "text": True, "timeout": 120, "check": False}
        return subprocess.run(command, **(given | options))

    return run


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a scenario, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "place.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def quick(monkeypatch):
    """Replace the engines by one that makes numbers up, at once."""
    made = {}

    def run_made_up(model, *, threads=None, series=200, progress=None, log=False):
        if progress is not None:
            progress(1.0)
        made.setdefault("models", []).append(model)
        output = made_up.output(
            model, members=model.run.members, kept=series, seed=model.run.seed,
            engine=model.run.engine, checks=made.get("checks"),
        )  # fmt: skip
        output = dataclasses.replace(output, **made.get("changes", {}))
        return made_up.logged(output) if log else output

    monkeypatch.setattr(made_up, "run_made_up", run_made_up, raising=False)
    for name in api.ENGINES:
        monkeypatch.setitem(api.ENGINES, name, ("made_up", "run_made_up"))
    return made
