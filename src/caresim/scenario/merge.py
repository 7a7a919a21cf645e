"""Files put together: what a scenario imports, merged in order, each value with its own place."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from caresim.problems import Problem, ScenarioError, nearest
from caresim.scenario.codes import problem
from caresim.scenario.layers import Layer, put_on
from caresim.scenario.read import Tree, read
from caresim.scenario.values import Path

MAX_DEPTH = 10
"""How deep imports may nest."""

LIBRARY = FilePath(__file__).parent.parent / "library"
"""Folder of the files that come with caresim."""

_UNOPENED = ("C001", "C002", "C003", "C004")


@dataclass(frozen=True)
class Merged:
    """A scenario with all its imports.

    Attributes
    ----------
    tree
        The merged content; every value keeps the place in the file it came from.
    problems
        What was found while reading.
    folder
        The folder of the file that was opened; nothing outside is read.
    paths
        Where each file is, by its name in messages.
    """

    tree: Tree
    problems: tuple[Problem, ...]
    folder: FilePath
    paths: Mapping[str, FilePath]

    def beside(self, value: Path) -> FilePath:
        """Return the folder of the file that a value stands in."""
        place = self.tree.positions.get(value)
        known = self.paths.get(place.file) if place else None
        return known.parent if known else self.folder


def merged(path: str | os.PathLike[str]) -> Merged:
    """Read a scenario file and what it imports.

    Raises
    ------
    ScenarioError
        If the file, or one it imports, cannot be read at all.
    """
    return _Reader(FilePath(path)).whole()


def inside(folder: FilePath, beside: FilePath, written: str) -> FilePath | None:
    """Find a file by the path written in another; None if it leads out of the folder."""
    if os.path.isabs(written) or "\0" in written or "\\" in written or ":" in written:
        return None
    found = FilePath(os.path.realpath(beside / written))
    return found if found.is_relative_to(os.path.realpath(folder)) else None


@dataclass(frozen=True)
class _File:
    """A file being read: where it is, its name in messages, and the folder it may not leave."""

    path: FilePath
    name: str
    root: FilePath


class _Reader:
    def __init__(self, path: FilePath) -> None:
        self.top = _File(path, os.fspath(path), path.parent)
        self.problems: list[Problem] = []
        self.paths: dict[str, FilePath] = {}
        self.sources: dict[str, tuple[str, ...]] = {}

    def whole(self) -> Merged:
        layer = self.layer(self.top, ())
        tree = Tree(
            layer.data, layer.positions, layer.keys, self.sources, (), frozenset(layer.left_out)
        )
        return Merged(tree, tuple(self.problems), self.top.root, self.paths)

    def layer(self, file: _File, above: tuple[FilePath, ...]) -> Layer:
        """Read a file on top of its imports."""
        tree = read(file.path, file.name, partial=True)
        self.problems += tree.problems
        self.paths[file.name] = file.path
        self.sources[file.name] = tree.lines(file.name)
        layer = Layer()
        if above:
            self.problems += _other_version(tree)
        for place, written in _imports(tree.data):

            def refuse(code: str, message: str, hint: str | None = None) -> None:
                at = tree.positions[place]  # noqa: B023 - called before the next turn
                self.problems.append(problem(code, place, message, at, hint=hint))  # noqa: B023

            found = self.imported(written, file, (*above, real(file.path)), refuse)
            if found is not None:
                put_on(layer, found)
        data = {key: value for key, value in tree.data.items() if key != "import"}
        own = Layer(data, dict(tree.positions), dict(tree.key_positions), set(tree.left_out))
        if not layer.data:
            return own
        put_on(layer, own)
        return layer

    def imported(
        self, written: str, by: _File, above: tuple[FilePath, ...], refuse: Callable[..., None]
    ) -> Layer | None:
        """Read an imported file; None, with a problem, if that cannot be."""
        file = self.find(written, by, refuse)
        if file is None:
            return None
        if real(file.path) in above:
            circle = (*above[above.index(real(file.path)) :], file.path)
            refuse("C011", " imports ".join(f"`{path.name}`" for path in circle))
            return None
        if len(above) > MAX_DEPTH:
            refuse("C012", f"`{written}` is more than {MAX_DEPTH} imports deep")
            return None
        try:
            return self.layer(file, above)
        except ScenarioError as error:
            self.sources.setdefault(file.name, tuple(error.source_lines(file.name)))
            for found in error.problems:
                if found.code in _UNOPENED:
                    said = "" if found.message.startswith(("is ", "cannot ")) else ":"
                    refuse(found.code, f"`{written}`{said} {found.message}", found.hint)
                else:
                    self.problems.append(found)
            return None

    def find(self, written: str, by: _File, refuse: Callable[..., None]) -> _File | None:
        """Find an imported file; None, with a problem, if there is none to be read."""
        if written.startswith("library:"):
            known = {file.stem: file for file in sorted(LIBRARY.glob("*.yaml"))}
            name = written.removeprefix("library:")
            if name in known:
                return _File(known[name], written, LIBRARY)
            near = nearest(name, known)
            listed = ", ".join(f"`library:{stem}`" for stem in known) or "none"
            hint = f"did you mean `library:{near}`?" if near else f"there are: {listed}"
            refuse("C013", f"there is no `{written}`", hint)
            return None
        path = inside(by.root, by.path.parent, written)
        if path is None:
            refuse("C010", f"`{written}` does not lie in the scenario's folder")
            return None
        return _File(path, os.path.join(os.path.dirname(by.name), written), by.root)


def real(path: FilePath) -> FilePath:
    """Return the path with all links followed."""
    return FilePath(os.path.realpath(path))


def _other_version(tree: Tree) -> list[Problem]:
    """Report an imported file of another version, which the file on top of it would hide."""
    written = tree.data.get("caresim", 1)
    if written == 1:
        return []
    message = f"an imported file is of version `{written}` of the language"
    why = "what keys mean differs between versions"
    hint = "import a file of version 1"
    at = tree.positions.get(("caresim",))
    return [problem("C321", "caresim", message, at, why=why, hint=hint)]


def _imports(data: dict[str, Any]) -> list[tuple[Path, str]]:
    """Give the imports of a file that can be read; others the schema reports."""
    written = data.get("import", [])
    if isinstance(written, str):
        return [(("import",), written)]
    if not isinstance(written, list):
        return []
    return [(("import", i), one) for i, one in enumerate(written) if isinstance(one, str)]
