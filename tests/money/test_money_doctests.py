"""The examples in docstrings about money are run."""

import doctest
import importlib

import pytest

EXAMPLE = """
caresim: 1
duration: 30 days
settings: {ward: {capacity: 10, stay: 5 days}}
arrivals: {people: {to: ward, rate: 1 per day}}
"""

MODULES = (
    "caresim.money.build",
    "caresim.money.discounting",
    "caresim.money.entries",
    "caresim.money.timing",
    "caresim.scenario.price_years",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name, tmp_path):
    (tmp_path / "example.yaml").write_text(EXAMPLE, encoding="utf-8")
    module = importlib.import_module(name)
    found = doctest.testmod(module, extraglobs={"example": str(tmp_path / "example.yaml")})
    assert found.failed == 0
    assert found.attempted > 0
