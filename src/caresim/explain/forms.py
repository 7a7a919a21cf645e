"""Finding one's way in the explicit form of a scenario, and writing its values in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

ABOUT = ("source", "note")
"""Keys that say where a value is from."""


def steps_of(path: str) -> list[str | int]:
    """Split a path at its dots and indices."""
    steps: list[str | int] = []
    for part in path.split("."):
        name, *indices = re.split(r"\[([0-9]+)\]", part)
        steps += [name] if name else []
        steps += [int(index) for index in indices if index]
    return steps


def is_leaf(value: object) -> bool:
    """Whether a block is a single value with more about it, such as an interval."""
    return isinstance(value, dict) and bool(
        {"value", "low", "distribution", "by_cohort"} & set(value)
    )


def is_short(value: object) -> bool:
    """Whether a block or list holds scalars only, such as the factors of the week."""
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(held) and not any(isinstance(one, (dict, list)) for one in held)


def leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every input below a path of the explicit form."""
    if isinstance(value, dict) and not is_leaf(value):
        if path.count(".") > 1 and is_short(value) and not set(ABOUT) & set(value):
            yield path, value
            return
        for key, below in value.items():
            if key not in ABOUT:
                yield from leaves(f"{path}.{key}", below)
    elif isinstance(value, list) and not is_short(value):
        for index, below in enumerate(value):
            yield from leaves(f"{path}[{index}]", below)
    else:
        yield path, value


def written_out(value: Any) -> str:
    """Write a value of the explicit form in one line.

    Examples
    --------
    >>> written_out({"low": "4 days", "high": "6 days", "level": 0.8, "mean": "5 days"})
    '5 days (4 days to 6 days, 80%)'
    >>> written_out({"distribution": "lognormal", "mean": {"value": "5 days"}, "cv": 1.2})
    'lognormal, mean 5 days, cv 1.2'
    """
    if isinstance(value, Mapping):
        if "low" in value:
            middle = next((value[k] for k in ("mean", "median", "mode") if k in value), None)
            level = f", {value['level']:.0%}" if "level" in value else ""
            shape = value.get("shape", "normal")
            kind = f", {shape}" if shape != "normal" else ""
            interval = f"{value['low']} to {value['high']}{level}{kind}"
            return f"{middle} ({interval})" if middle is not None else interval
        kept = {k: v for k, v in value.items() if k not in (*ABOUT, "draw")}
        if "value" in kept:
            rest = {k: v for k, v in kept.items() if k != "value"}
            more = f", {written_out(rest)}" if rest else ""
            return written_out(kept["value"]) + more
        if "distribution" in kept:
            words = [f"{k} {written_out(v)}" for k, v in kept.items() if k != "distribution"]
            return ", ".join([str(kept["distribution"]), *words])
        return ", ".join(f"{k} {written_out(v)}" for k, v in kept.items())
    if isinstance(value, list):
        few = ", ".join(written_out(one) for one in value[:6])
        return f"{few}, ... ({len(value):,} in all)" if len(value) > 6 else few or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def found(data: Any, path: str) -> Any:
    """Return what stands at a path of plain data; raises KeyError if nothing does."""
    for step in steps_of(path):
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if not in_list and not (isinstance(data, Mapping) and step in data):
            raise KeyError(path)
        data = data[step]
    return data


def is_written(data: Any, path: str) -> bool:
    """Whether the author wrote a value that the explicit form has at a path.

    One scalar may stand for a whole block (``stay: 14 days``), so whatever lies below a scalar
    or a list counts as written.
    """
    for step in steps_of(path):
        if not isinstance(data, dict):
            return True
        name = step.partition("@")[0] if isinstance(step, str) else step
        if step not in data and name not in data:
            # Cohorts and the parts of a stay stand below what may have been written once.
            return bool({"value", "low", "by_cohort", "by_locality"} & set(data))
        data = data[step if step in data else name]
    return True


def paths_below(path: str, value: Any) -> Iterator[str]:
    """Yield a path and that of every entry of the blocks below it."""
    yield path
    if isinstance(value, dict):
        for key, below in value.items():
            yield from paths_below(f"{path}.{key}", below)
