"""The conformance corpus: what each file must give, and how it is written down.

Beside every valid file stands its explicit form (`NAME.resolved.yaml`), beside every invalid one
the text that a person is shown (`NAME.expected.txt`). `python tests/conformance/regenerate.py`
writes both anew; what has changed is then read before it is committed.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from caresim.problems import ScenarioError, render
from caresim.scenario.load import Scenario, load

HERE = Path(__file__).parent
VALID = HERE / "valid"
INVALID = HERE / "invalid"
SCENARIOS = HERE.parent.parent / "scenarios"

_CODE = re.compile(r"^(?:\S+:\d+:\d+ )?(?:error|warning) ([CP]\d{3})\b", re.MULTILINE)


def files(folder: Path) -> list[Path]:
    """Return the scenario files of a folder, without parts and resolved forms."""
    return sorted(p for p in folder.glob("*.yaml") if not p.name.endswith(".resolved.yaml"))


def drafts() -> list[Path]:
    """Return the scenario files of the project that are run by its tests."""
    return [p for folder in ("theory", "systems") for p in files(SCENARIOS / folder)]


def beside(path: Path, ending: str) -> Path:
    """Return the file that says what a file of the corpus must give."""
    return path.with_name(path.stem + ending)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, so that messages name files as someone there would."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def resolved(scenario: Scenario) -> str:
    """Write out the explicit form of a scenario."""
    return as_yaml(dict(scenario.explicit))


def as_yaml(data: Any) -> str:
    """Write plain data as YAML, each innermost block on a line of its own."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False
    yaml.allow_unicode = True
    yaml.width = 10_000  # a text broken over lines is hard to read
    text = io.StringIO()
    yaml.dump(data, text)
    return text.getvalue()


def messages(path: Path) -> str:
    """Return what a person is shown about a file: its errors, or its warnings."""
    with inside(path.parent):
        try:
            scenario = load(path.name)
        except ScenarioError as error:
            return str(error) + "\n"
        if not scenario.warnings:
            return ""
        return render(scenario.warnings, scenario.source_lines) + "\n"


def codes_in(text: str) -> set[str]:
    """Return the codes of the problems in a text of messages."""
    return set(_CODE.findall(text))


def same(one: Any, other: Any) -> bool:
    """Whether two pieces of plain data are the same, the order of keys aside.

    A number is the same only as the same number of the same type: 1, 1.0 and true differ.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
