"""Parts that may be written once for each cohort or locality, or in a short form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import core_schema
from pydantic_core.core_schema import CoreSchema, ValidatorFunctionWrapHandler

from caresim.scenario.schema.faults import Fault, below, fault, raised
from caresim.scenario.values import Axis, By


@dataclass(frozen=True, eq=False)
class Scoped:
    """Reads `by_cohort` and `by_locality` around a part, and its short form.

    Attributes
    ----------
    part
        The type of the part.
    long
        Writes a short form out in full; gives anything else back as it is.
    by
        Along which axes the part may differ.
    short
        JSON Schema of each short form.
    """

    part: Any
    long: Callable[[Any], Any] = lambda data: data
    by: tuple[Axis, ...] = ("cohort", "locality")
    short: tuple[dict[str, Any], ...] = ()

    def __get_pydantic_core_schema__(self, _source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._read, handler(self.part))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(schema), *self.short, *map(_by_schema, self.by)]}

    def _read(self, data: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        axes: list[Axis] = [
            axis
            for axis in ("cohort", "locality")
            if isinstance(data, dict) and list(data) == [f"by_{axis}"]
        ]
        if not axes or not self.by:
            return handler(self.long(data))
        axis = axes[0]
        key = f"by_{axis}"
        if axis not in self.by:
            raise raised([((key,), fault("C314", f"this cannot differ by {axis}"))])
        inner = data[key]
        if not isinstance(inner, dict) or not inner:
            raise raised([((key,), fault("C203", f"one for each {axis} is expected here"))])
        return By(axis, self._each(inner, key, handler))

    def _each(
        self, inner: dict[str, Any], key: str, handler: ValidatorFunctionWrapHandler
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, data in inner.items():
            try:
                values[name] = self._read(data, handler)
            except ValidationError as error:
                faults += below((key, name), error)
        if faults:
            raise raised(faults)
        return values


def _by_schema(axis: Axis) -> dict[str, Any]:
    key = f"by_{axis}"
    inner = {"type": "object", "minProperties": 1}
    return {
        "type": "object",
        "properties": {key: inner},
        "required": [key],
        "additionalProperties": False,
    }
