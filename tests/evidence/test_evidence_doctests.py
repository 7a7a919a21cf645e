"""The examples in the docstrings are run."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["", ".combine", ".figures", ".library", ".measures", ".optimism"])
def test_examples(name):
    found = doctest.testmod(importlib.import_module(f"caresim.evidence{name}"))
    assert found.failed == 0
    assert found.attempted > 0
