"""What may stand at a path of the language, read from the JSON Schema of the scenario file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from caresim.explain.text import indented, labelled
from caresim.problems import nearest

Schema = dict[str, Any]

UNITS = {
    "(duration|wait|time)(_|$)": "days (written with its unit: minutes, hours, days, weeks, ...)",
    "rate(_|$)": "people per day (written with its unit, such as `per week`)",
    "hazard(_|$)": "per person per day (written with its unit, such as `5% per week`)",
    "growth(_|$)": "share per year (written with its unit, such as `2% per year`)",
    "(route_)?share(_|$)": "share, 0 to 1 or a percentage",
    "places(_|$)": "places",
    "count(_|$)": "people or places",
    "population(_|$)": "people",
    "change(_|$)": "share of the value as it stands, such as -0.1 or -10%",
    "money_by_time(_|$)": "GBP per day (written with its unit, such as `12 million GBP per year`)",
}
"""Base units by the names that kinds of value have in the schema."""

_DEEPEST = 40
"""References followed in a row; a schema in a circle ends here."""


def language(path: str) -> str | None:
    """Explain a path of the language; None if its first step is not part of it.

    Parameters
    ----------
    path
        Such as ``settings.SETTING.queue.room``; any name may stand where the author chooses
        one.
    """
    from caresim.explain.words import UnknownError
    from caresim.scenario.json_schema import schema

    whole = schema()
    here: list[Schema] = [whole]
    walked: list[str] = []
    for step in re.sub(r"\[[0-9]*\]", ".[]", path).split("."):
        below = [found for node in here for found in _below(whole, node, step)]
        if not below:
            if not walked:
                return None
            choices = sorted({key for node in here for key in _keys(whole, node)})
            close = nearest(step, choices)
            hint = f"did you mean {close!r}?" if close else f"there are {', '.join(choices)}"
            raise UnknownError(f"{'.'.join(walked)} has no {step!r}; {hint}")
        here = below
        walked.append(step)
    return _described(whole, path, here)


def meaning(whole: Schema, path: str) -> tuple[str, str]:
    """Return the description of a path in a schema and its unit; empty texts if unknown."""
    here: list[Schema] = [whole]
    for step in re.sub(r"\[[0-9]*\]", ".[]", path).split("."):
        here = [found for node in here for found in _below(whole, node, step)]
    text = next((text for node in here if (text := _description(whole, node))), "")
    return text, _unit(whole, here)


def _unit(whole: Schema, here: list[Schema]) -> str:
    """Name the base units of the kinds of value that may stand somewhere."""
    named = (
        variant["$ref"].removeprefix("#/$defs/")
        for node in here
        for variant in _variants(whole, node)
        if "$ref" in variant
    )
    # A stay or a rate may also be a block of several keys, whose own kinds come after.
    units = [unit for name in named for kind, unit in UNITS.items() if re.match(kind, name)]
    return units[0] if units else ""


def _variants(whole: Schema, node: Schema, depth: int = 0) -> Iterator[Schema]:
    """Yield a node and all it may be instead, references followed."""
    yield node
    if depth > _DEEPEST:
        return
    if "$ref" in node:
        target = whole["$defs"][node["$ref"].removeprefix("#/$defs/")]
        yield from _variants(whole, target, depth + 1)
    for kind in ("anyOf", "oneOf", "allOf"):
        for one in node.get(kind, ()):
            yield from _variants(whole, one, depth + 1)


def _below(whole: Schema, node: Schema, step: str) -> Iterator[Schema]:
    """Yield what may stand under a key of a node."""
    for variant in _variants(whole, node):
        if step in variant.get("properties", {}):
            yield variant["properties"][step]
            continue
        if step == "[]" and isinstance(variant.get("items"), dict):
            yield variant["items"]
        patterns = variant.get("patternProperties", {})
        # A name in capitals stands for any name, as in settings.SETTING.stay.
        name = step.lower() if step.isupper() else step
        yield from (below for pattern, below in patterns.items() if re.search(pattern, name))
        if isinstance(variant.get("additionalProperties"), dict):
            yield variant["additionalProperties"]


def _keys(whole: Schema, node: Schema) -> Iterator[str]:
    for variant in _variants(whole, node):
        yield from variant.get("properties", {})


def _description(whole: Schema, node: Schema) -> str:
    return next((v["description"] for v in _variants(whole, node) if "description" in v), "")


def _described(whole: Schema, path: str, here: list[Schema]) -> str:
    lines = [path]
    texts = dict.fromkeys(_description(whole, node) for node in here)
    lines += [indented(" ".join(text.split())) for text in texts if text]
    unit = _unit(whole, here)
    if unit:
        lines.append(labelled("unit", unit))
    keys = list(dict.fromkeys(key for node in here for key in _keys(whole, node)))
    if keys:
        lines.append(labelled("keys", ", ".join(keys)))
    allowed = dict.fromkeys(
        str(value)
        for node in here
        for variant in _variants(whole, node)
        for value in variant.get("enum", ())
    )
    if allowed:
        lines.append(labelled("one of", ", ".join(allowed)))
    defaults = [node["default"] for node in here if "default" in node]
    if defaults:
        lines.append(labelled("default", str(defaults[0])))
    examples = dict.fromkeys(
        str(value)
        for node in here
        for variant in _variants(whole, node)
        for value in variant.get("examples", ())
    )
    if examples:
        lines.append(labelled("such as", "; ".join(examples)))
    return "\n".join(lines)
