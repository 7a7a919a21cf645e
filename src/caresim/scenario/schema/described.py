"""What each field of the file means, from the text below it in the source.

pydantic can do this while it builds the parts, but that reads all source files each time caresim
starts; here it is done only when a meaning is asked for.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from pydantic import BaseModel

_OURS = __name__.partition(".")[0]


@cache
def meanings(part: type[BaseModel]) -> dict[str, str]:
    """Give the meaning of each field of a part, inherited ones too, by its name in the source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(part)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found: dict[str, str] = {}
    for base in part.__bases__:
        if issubclass(base, BaseModel) and base.__module__.startswith(_OURS):
            found.update(meanings(base))
    for field, text in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        ):
            found[field.target.id] = inspect.cleandoc(text.value.value).replace("\n", " ")
    return found


def describe(*parts: type[BaseModel]) -> None:
    """Write the meanings into the fields of parts, where the JSON Schema takes them from."""
    for part in parts:
        for name, text in meanings(part).items():
            if name in part.model_fields:
                part.model_fields[name].description = text
    for part in parts:
        part.model_rebuild(force=True)
