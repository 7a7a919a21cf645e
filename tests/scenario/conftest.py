from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caresim.problems import ScenarioError
from caresim.scenario.load import Scenario, load

MINIMAL = """\
caresim: 1
duration: 1 year
settings:
  ward: {capacity: 10, stay: 5 days}
arrivals:
  people: {to: ward, rate: 1 per day}
"""


class Writing:
    """Writes scenario files into a folder of their own and reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, text: str, name: str = "scenario.yaml") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, text: str, overrides: Any = ()) -> Scenario:
        return load(self.file(text), overrides)

    def explicit(self, text: str) -> Any:
        return self.load(text).explicit

    def problems(self, text: str, overrides: Any = ()) -> list[tuple[str, str]]:
        """Give code and path of every problem, in no order."""
        with pytest.raises(ScenarioError) as caught:
            self.load(text, overrides)
        return sorted((p.code, p.path) for p in caught.value.problems)

    def message(self, text: str, overrides: Any = ()) -> str:
        with pytest.raises(ScenarioError) as caught:
            self.load(text, overrides)
        return str(caught.value)


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


@pytest.fixture
def minimal() -> str:
    return MINIMAL


@pytest.fixture
def with_setting() -> Callable[[str], str]:
    """Put the fields of a ward into an otherwise minimal scenario."""

    def make(fields: str, rest: str = "") -> str:
        return (
            "caresim: 1\nduration: 1 year\nsettings:\n"
            f"  ward: {{{fields}}}\n"
            "arrivals:\n  people: {to: ward, rate: 1 per day}\n" + rest
        )

    return make
