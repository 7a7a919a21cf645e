"""Checks of options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import numpy as np

from caresim.scenario.checks.registry import Finding, Subject, check


@check(
    "P901",
    "an option that changes nothing",
    why="its results will be those of do_nothing",
    hint="say under `set` what it changes, or delete it",
    explanation=(
        "An option sets nothing, or sets values to what they already are. Perhaps the values were "
        "changed in the scenario itself, which is what do_nothing runs."
    ),
)
def _changes_nothing(subject: Subject) -> Iterator[Finding]:
    for name, model in subject.models.items():
        if model is not subject.base and _same(model, subject.base):
            yield Finding(("options", name), f"{name} is the same as do_nothing")


def _same(one: object, other: object) -> bool:
    """Whether two models, or parts of them, hold the same numbers."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if is_dataclass(one) and type(one) is type(other):
        return all(
            _same(getattr(one, f.name), getattr(other, f.name))
            for f in fields(one)
            if f.name not in ("option", "option_label")
        )
    return one == other
