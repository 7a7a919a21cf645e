"""The JSON Schema of the scenario file as written, for editors that complete and check it.

It describes the shape of the file: keys, kinds of value, allowed words, and what each means. What
depends on several parts together (names that must exist, shares that must sum to one) only
`caresim validate` can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from caresim.scenario.schema import amounts, kinds, prices
from caresim.scenario.schema.accounts import Organisation
from caresim.scenario.schema.arrival import Arrival, Series
from caresim.scenario.schema.budget import Budget
from caresim.scenario.schema.calibration import Calibration
from caresim.scenario.schema.described import describe
from caresim.scenario.schema.feedback import Feedback
from caresim.scenario.schema.fields import NAMED
from caresim.scenario.schema.intervention import Intervention
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import LEAF_KINDS
from caresim.scenario.schema.money import (
    Appraisal,
    Costs,
    Pay,
    Payment,
    Pool,
    ProgrammeCost,
    Spending,
)
from caresim.scenario.schema.opening import Closing, Opening
from caresim.scenario.schema.part import Part
from caresim.scenario.schema.population import PopulationStocks
from caresim.scenario.schema.route import Route
from caresim.scenario.schema.setting import Divert, Setting
from caresim.scenario.schema.start import Initial, SampleFile
from caresim.scenario.schema.top import ScenarioFile
from caresim.scenario.schema.workforce import StaffGroup

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NAMED_ELSEWHERE: tuple[type[Part], ...] = (
    *(ScenarioFile, Series, Divert, Initial, SampleFile),
    *(Intervention, Feedback, StaffGroup, PopulationStocks, Budget, Opening, Closing),
    *(Organisation, Costs, ProgrammeCost, Spending, Pay, Payment, Pool, Appraisal),
    Calibration,
)
"""Parts that no other part holds as a field of its own, so that they have to be asked for."""

_MERGED: tuple[type[Part], ...] = (
    *(ScenarioFile, Setting, Route, Arrival),
    *(Intervention, Feedback, StaffGroup, PopulationStocks, Budget),
    *(Organisation, Payment, Pool, Appraisal),
)
"""Parts whose keys may stand in another file, so that an editor must not ask for them here."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file."""
    describe(*_parts(Part))
    inputs: list[tuple[type[Part], JsonSchemaMode]] = [
        (part, "validation") for part in _NAMED_ELSEWHERE
    ]
    _, made = models_json_schema(
        inputs, ref_template="#/$defs/{model}", schema_generator=_Generator
    )
    definitions: dict[str, Any] = dict(made["$defs"])
    definitions.update({name: _leaf_schema(leaf) for name, leaf in _leaves(made)})
    definitions = _referred(definitions)
    for part in _MERGED:
        definitions[part.__name__].pop("required", None)
    whole = definitions.pop(ScenarioFile.__name__)
    return {"$schema": DIALECT, **whole, "title": "caresim scenario", "$defs": definitions}


class _Generator(GenerateJsonSchema):
    """Leaves out what would mislead: defaults in base units, nulls, and titles made of keys."""

    def default_schema(self, schema: Any) -> dict[str, Any]:
        """Give the schema of a field that has a default."""
        return dict(self.generate_inner(schema["schema"]))

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        """Give the schema of a field that may be left out, but not written as null."""
        return dict(self.generate_inner(schema["schema"]))

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Give no titles made of the names of fields."""
        del schema
        return False


def _parts(part: type[Part]) -> Iterator[type[Part]]:
    for one in part.__subclasses__():
        yield one
        yield from _parts(one)


def _leaves(made: Any) -> Iterator[tuple[str, Leaf]]:
    """Find the kinds of single value that the schema names."""
    wanted = set(_references(made))
    for kind in (*LEAF_KINDS, *amounts.KINDS, *prices.KINDS):
        for uncertain in (False, True):
            for by in ((), ("cohort",), ("locality",), ("cohort", "locality")):
                leaf = Leaf(kind, uncertain, by)
                name = leaf.json_schema()[NAMED]
                if name in wanted:
                    yield name, leaf


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if NAMED in node:
            yield node[NAMED]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def _referred(node: Any) -> Any:
    """Write references to definitions as JSON Schema does."""
    if isinstance(node, dict):
        if NAMED in node:
            rest = {key: value for key, value in node.items() if key != NAMED}
            return {"$ref": f"#/$defs/{node[NAMED]}", **rest}
        return {key: _referred(value) for key, value in node.items()}
    return [_referred(one) for one in node] if isinstance(node, list) else node


def _leaf_schema(leaf: Leaf) -> dict[str, Any]:
    scalar = _scalar(leaf.kind)
    text = {"type": "string"}
    own = {"of": {"enum": ["everyone", "survivors"]}} if leaf.kind.keys else {}
    about: dict[str, Any] = {"source": text, "note": text, **own}
    inner: dict[str, Any] = {"anyOf": [scalar, {"type": "object"}]}
    forms: list[dict[str, Any]] = [scalar, _block({"value": inner, **about}, ["value"])]
    if leaf.uncertain:
        ends = dict.fromkeys(("low", "high", "mean", "median", "mode"), scalar)
        shape = {"enum": ["normal", "lognormal", "uniform", "triangular"]}
        level = _scalar(kinds.SHARE)
        interval = {**ends, "level": level, "shape": shape, "draw": text, **about}
        forms.append(_block(interval, ["low", "high"]))
    this = leaf.json_schema()
    for axis in leaf.by:
        key = f"by_{axis}"
        values = {"type": "object", "additionalProperties": this, "minProperties": 1}
        forms.append(_block({key: values, **about}, [key]))
    return {"description": f"{leaf.kind.a}, such as {leaf.kind.example}", "anyOf": forms}


def _scalar(kind: Kind) -> dict[str, Any]:
    return {"type": ["number", "string"], "examples": [kind.example.strip("`")]}


def _block(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
