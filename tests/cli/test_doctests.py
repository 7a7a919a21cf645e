"""The examples in docstrings are run."""

import doctest
import importlib

import pytest

MODULES = (
    "caresim.api",
    "caresim.explain.forms",
    "caresim.explain.text",
    "caresim.explain.words",
    "caresim.indicators",
    "caresim.problems",
    "caresim.results.columns",
    "caresim.results.manifest",
    "caresim.results.results",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name, place, quick):
    module = importlib.import_module(name)
    found = doctest.testmod(module, extraglobs={"example": str(place)})
    assert found.failed == 0
    assert found.attempted > 0
