"""The examples in docstrings are run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "caresim.places.boards.councils",
        "caresim.places.boards.erlang",
        "caresim.places.boards.table",
        "caresim.places.template",
    ],
)
def test_examples(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0
    assert found.attempted > 0
