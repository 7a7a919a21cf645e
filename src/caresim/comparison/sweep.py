"""Options made by varying an input: `settings.step_down.capacity=8:16`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from caresim.comparison.entries import ComparisonError

MOST = 99
"""Options that a sweep may make: a scenario has at most 100, with do_nothing."""

_LONGEST = 60


@dataclass(frozen=True)
class Sweep:
    """An input and the values it takes.

    Attributes
    ----------
    path
        In the scenario.
    values
        As written in a scenario.
    """

    path: str
    values: tuple[str, ...]


def read_sweep(text: str) -> Sweep:
    """Read a sweep: `PATH=FROM:TO`, `PATH=FROM:TO:STEP` or `PATH=A,B,C`.

    Raises
    ------
    ComparisonError
        If it is none.

    Examples
    --------
    >>> read_sweep("settings.ward.capacity=8:12:2").values
    ('8', '10', '12')
    >>> read_sweep("settings.ward.stay=9 days, 10 days").values
    ('9 days', '10 days')
    """
    path, equals, written = (part.strip() for part in text.partition("="))
    if not equals or not path or not written:
        raise ComparisonError(
            f"{text!r} is not of the form PATH=FROM:TO or PATH=VALUE,VALUE, such as "
            "settings.step_down.capacity=8:16"
        )
    if ":" not in written or "," in written:
        values = tuple(value.strip() for value in written.split(","))
        if not all(values):
            raise ComparisonError(f"{text!r} has an empty value between its commas")
        return Sweep(path, values)
    return Sweep(path, _range(text, written))


def _range(text: str, written: str) -> tuple[str, ...]:
    try:
        first, last, *rest = (Decimal(part.strip()) for part in written.split(":"))
        step = rest[0] if rest else Decimal(1)
    except (InvalidOperation, ValueError):
        raise ComparisonError(
            f"{text!r}: a range is FROM:TO or FROM:TO:STEP in plain numbers; values with units "
            "are listed, such as 9 days,10 days"
        ) from None
    finite = first.is_finite() and last.is_finite() and step.is_finite()
    if len(rest) > 1 or not finite or step <= 0 or last < first:
        raise ComparisonError(f"{text!r}: a range goes up from FROM to TO by a STEP above 0")
    if (last - first) / step >= MOST:
        raise ComparisonError(f"{text!r} is more than {MOST} values; take a larger STEP")
    count = int((last - first) / step) + 1
    return tuple(f"{(first + step * n).normalize():f}" for n in range(count))


def made_options(sweeps: Sequence[Sweep], taken: Sequence[str]) -> dict[str, str]:
    """Return options for all combinations of the values of some sweeps.

    Parameters
    ----------
    sweeps
        At least one, of different inputs.
    taken
        Names that options have already.

    Returns
    -------
    dict
        From the name of each option to what it is, as a scenario says it.

    Raises
    ------
    ComparisonError
        If there are too many.

    Examples
    --------
    >>> made_options([Sweep("settings.ward.capacity", ("8",))], [])
    {'ward_capacity_8': '{label: "ward capacity 8", set: {"settings.ward.capacity": 8}}'}
    """
    paths = [sweep.path for sweep in sweeps]
    if len(set(paths)) < len(paths):
        raise ComparisonError("an input is swept twice; give all its values in one --sweep")
    found: dict[str, str] = {}
    for values in itertools.product(*(sweep.values for sweep in sweeps)):
        if len(found) == MOST:
            raise ComparisonError(f"these sweeps make more than {MOST} options")
        said = ", ".join(
            f"{_short(path)} {value}" for path, value in zip(paths, values, strict=True)
        )
        changes = ", ".join(
            f'"{_quoted(path)}": {value}' for path, value in zip(paths, values, strict=True)
        )
        found[_name(said, (*taken, *found))] = f'{{label: "{_quoted(said)}", set: {{{changes}}}}}'
    return found


def _short(path: str) -> str:
    """Name an input by the last two steps of its path, which say most."""
    return " ".join(path.split(".")[-2:]).replace("_", " ")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _name(said: str, taken: Sequence[str]) -> str:
    plain = said.lower().replace("%", " percent").replace("-", " minus ")
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].strip("_")
    if not name or not name[0].isalpha():
        name = f"value_{name}"[:_LONGEST]
    if name not in taken:
        return name
    number = 2
    while f"{name[: _LONGEST - 5]}_{number}" in taken:
        number += 1
    return f"{name[: _LONGEST - 5]}_{number}"
