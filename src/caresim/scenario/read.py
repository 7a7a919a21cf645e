"""Read a scenario file into plain data, with the place of every key and value.

The file is YAML 1.2 reduced to what a scenario needs: mappings with text keys, lists, text,
numbers and booleans. What could mean two things, or grow without bound, is refused rather
than guessed: nulls, duplicate keys, aliases, tags, infinities.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from caresim.problems import Location, Problem, ScenarioError
from caresim.scenario import files
from caresim.scenario.build import Data, Path, build

__all__ = ["Data", "Path", "Tree", "read", "read_text"]


@dataclass(frozen=True)
class Tree:
    """A scenario file as plain data, with the place of everything in it.

    Parameters
    ----------
    data
        The file's content: nested dict, list, str, int, float and bool. Dates are text.
    positions
        Where each value begins; ``()`` is the whole file.
    key_positions
        Where each key begins, by the path of its value.
    sources
        The lines of each file that took part, by name.
    problems
        Problems that left the rest readable; empty unless asked for (see `read`).
    left_out
        Paths whose value could not be used and is None in `data`.
    """

    data: dict[str, Any]
    positions: Mapping[Path, Location]
    key_positions: Mapping[Path, Location]
    sources: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()
    left_out: frozenset[Path] = field(default_factory=frozenset)

    def lines(self, file: str) -> tuple[str, ...]:
        """Give the lines of a file by its name, none if it is not part of this tree."""
        return self.sources.get(file, ())


def read(path: str | os.PathLike[str], name: str | None = None, *, partial: bool = False) -> Tree:
    """Read a scenario file.

    Parameters
    ----------
    path
        The file.
    name
        What to call it in messages; the path as given if None.
    partial
        Return problems that leave the rest readable in `Tree.problems`, so that they can be
        reported together with what later checks find; otherwise any problem is raised.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    name = os.fspath(path) if name is None else name
    return read_text(files.load(path, name), name, partial=partial)


def read_text(text: str, name: str = "<text>", *, partial: bool = False) -> Tree:
    """Read a scenario given as text; see `read`."""
    text = text.removeprefix("\ufeff")  # the byte order mark some editors write
    lines = files.split_lines(text)
    problems = files.forbidden_characters(text, name)
    if problems:
        raise ScenarioError(problems, lambda file: lines if file == name else ())
    builder, data = build(text, name, lines)
    if data is None or (builder.problems and not partial):
        raise ScenarioError(builder.problems, lambda file: lines if file == name else ())
    return Tree(
        data,
        builder.positions,
        builder.key_positions,
        {name: lines},
        tuple(builder.problems),
        frozenset(builder.left_out),
    )
