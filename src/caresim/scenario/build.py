"""Build plain data from the events of the YAML parser, and collect every problem on the way.

Only the parser's events are used and plain Python values are made here, so a file can never
build an object. The limits below bound time and memory whatever the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from caresim.problems import Location, Problem
from caresim.scenario import files, syntax
from caresim.scenario.codes import problem
from caresim.scenario.events import explaining_events, fast_events
from caresim.scenario.scalars import BOOLEANS, NULLS, ScalarError, value_of

Path = tuple[str | int, ...]
"""Steps from the top of the file to a value: keys and list indices (from 0)."""

Data = dict[str, Any] | list[Any] | str | int | float | bool | None
"""A value as read; None only where it had to be left out."""

MAX_DEPTH = 50
MAX_NODES = 100_000
MAX_LINES = 100_000
MAX_LINE_LENGTH = 10_000  # the parser takes time that grows with the square of a long tag
MAX_PROBLEMS = 200
MAX_KEY_LENGTH = 200

_THREE_DIGITS = re.compile(r"[0-9]{3}(?![0-9])")


class _StopError(Exception):
    """Reading cannot go on; the reason is among the problems."""


class Builder:
    """Makes plain data from the parser's events, collecting problems on the way."""

    def __init__(self, name: str, lines: tuple[str, ...]) -> None:
        self.name = name
        self.lines = lines
        self.problems: list[Problem] = []
        self.positions: dict[Path, Location] = {}
        self.key_positions: dict[Path, Location] = {}
        self.left_out: set[Path] = set()
        self._nodes = 0
        self._last = Location(name, 1, 1)
        self._quoted: syntax.QuotedText | None = None

    def build(self, events: Iterator[Any]) -> dict[str, Any] | None:
        """Read all events; None if they are no mapping or could not be read to the end."""
        self._events = events
        try:
            self._refuse_long_text()
            self._refuse_directives()
            self._next()  # start of the stream
            return self._document()
        except _StopError:
            return None

    # --- reporting -----------------------------------------------------------------------

    def _report(
        self, code: str, path: Path, message: str, at: Location, **better: str | None
    ) -> None:
        self.problems.append(problem(code, path, message, at, **better))
        if len(self.problems) == MAX_PROBLEMS:
            self.problems.append(problem("C132", "", f"more than {MAX_PROBLEMS} problems", at))
            raise _StopError

    def _stop(self, code: str, path: Path, message: str, at: Location) -> _StopError:
        self._report(code, path, message, at)
        return _StopError()

    def _at(self, mark: Any) -> Location:
        return Location(self.name, mark.line + 1, mark.column + 1)

    # --- events --------------------------------------------------------------------------

    def _next(self) -> Any:
        """Give the next event of the parser."""
        try:
            event = next(self._events)
        except Exception as error:
            # Whatever the parser raises is due to the text: it also fails with ValueError or
            # OverflowError, from numbers in escapes and directives.
            self.problems.append(
                syntax.explain(error, self.name, self.lines, self._last, self._quoted)
            )
            raise _StopError from None
        self._last = self._at(event.end_mark)
        if hasattr(event, "anchor"):  # a node
            self._nodes += 1
            if self._nodes > MAX_NODES:
                raise self._stop("C131", (), f"more than {MAX_NODES:,} keys and values", self._last)
        return event

    def _refuse_long_text(self) -> None:
        if len(self.lines) > MAX_LINES:
            at = Location(self.name, MAX_LINES + 1, 1)
            raise self._stop("C131", (), f"more than {MAX_LINES:,} lines", at)
        for number, line in enumerate(self.lines, 1):
            if len(line) > MAX_LINE_LENGTH:
                at = Location(self.name, number, MAX_LINE_LENGTH + 1)
                message = f"this line has {len(line):,} characters; at most {MAX_LINE_LENGTH:,}"
                raise self._stop("C117", (), message, at)

    def _refuse_directives(self) -> None:
        for number, line in enumerate(self.lines, 1):
            if line.startswith("%"):
                raise self._stop(
                    "C115", (), "this line is a YAML directive", Location(self.name, number, 1)
                )
            if line.strip() and not line.lstrip().startswith("#"):
                return

    # --- building ------------------------------------------------------------------------

    def _document(self) -> dict[str, Any]:
        start = Location(self.name, 1, 1)
        if _kind(self._next()) != "DocumentStart":
            raise self._stop("C103", (), "there is nothing in this file", start)
        event = self._next()
        if _kind(event) == "Scalar" and event.style is None and event.value == "":
            raise self._stop("C103", (), "there is nothing in this file", start)
        if _kind(event) != "MappingStart":
            found = "a list" if _kind(event) == "SequenceStart" else "a single text"
            at = self._at(event.start_mark)
            raise self._stop("C104", (), f"the whole file is {found}", at)
        data = self._value(event, (), in_flow=False)
        assert isinstance(data, dict)
        self._next()  # end of the document
        event = self._next()
        if _kind(event) == "DocumentStart":
            at = self._at(event.start_mark)
            self._report("C105", (), "a second document starts here", at)
        return data

    def _value(self, event: Any, path: Path, *, in_flow: bool) -> Data:
        """Make the value that starts with an event; None if it has to be left out."""
        kind = _kind(event)
        at = self._at(event.start_mark)
        self.positions[path] = at
        if kind == "Alias":
            return self._refuse("C120", path, f"the alias `*{_cut(event.anchor)}` is refused", at)
        if event.anchor is not None:
            self._report("C120", path, f"the anchor `&{_cut(event.anchor)}` is refused", at)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f"the tag `{_cut(tag)}` is refused"
            if kind == "Scalar":  # without its tag a word could be of another type than meant
                return self._refuse("C121", path, message, at)
            self._report("C121", path, message, at)
        if kind == "Scalar":
            return self._scalar(event, path, in_flow=in_flow)
        if len(path) >= MAX_DEPTH:
            raise self._stop("C130", (), f"more than {MAX_DEPTH} levels", at)
        return self._mapping(event, path) if kind == "MappingStart" else self._list(event, path)

    def _mapping(self, start: Any, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        in_flow = bool(start.flow_style)
        while _kind(event := self._next()) != "MappingEnd":
            key = self._key(event, path, data, in_flow=in_flow)
            value = self._next()
            if key is None:
                self._skip(value, len(path))
            else:
                data[key] = self._value(value, (*path, key), in_flow=in_flow)
        return data

    def _list(self, start: Any, path: Path) -> list[Any]:
        data: list[Any] = []
        in_flow = bool(start.flow_style)
        while _kind(event := self._next()) != "SequenceEnd":
            data.append(self._value(event, (*path, len(data)), in_flow=in_flow))
        return data

    def _key(self, event: Any, path: Path, data: dict[str, Any], *, in_flow: bool) -> str | None:
        """Read a key; None, with its value to be skipped, if it cannot be used."""
        at = self._at(event.start_mark)
        if _kind(event) != "Scalar":
            if _kind(event) == "Alias":
                self._report("C120", path, "an alias cannot be a key", at)
            else:
                self._report("C124", path, "a list or block cannot be a key", at)
            self._skip(event, len(path))
            return None
        key: str = event.value
        if key in data:
            first = self.key_positions[*path, key]
            message = f"`{key}` is given already on line {first.line}, column {first.column}"
            self._report("C123", (*path, key), message, at)
            return None
        if fault := self._fault_of_key(event, at, in_flow=in_flow):
            self._report(fault[0], path, fault[1], at)
            return None
        self.key_positions[*path, key] = at
        return key

    def _fault_of_key(self, event: Any, at: Location, *, in_flow: bool) -> tuple[str, str] | None:
        """Give the code and message for a text that cannot be a key."""
        key: str = event.value
        if event.anchor is not None:
            return "C120", "this key has an anchor"
        if event.tag is not None:
            return "C121", "this key has a tag"
        if event.style is None:
            if key == "<<":
                return "C122", "`<<` is refused"
            if in_flow and self._splits_number(key, at):
                return "C116", "this comma parts two entries"
            if key in NULLS or key in BOOLEANS:
                return "C124", f"`{key}` cannot be a key" if key else "no key before the colon"
        if not key.strip() or len(key) > MAX_KEY_LENGTH or "\n" in key:
            return "C124", "this key is empty, or far too long"
        if files.FORBIDDEN.search(key):
            return "C102", "an escape in this key is not allowed"
        return None

    def _scalar(self, event: Any, path: Path, *, in_flow: bool) -> Data:
        text: str = event.value
        at = self.positions[path]
        if event.style is not None:
            return self._quoted_text(event, path, at)
        if in_flow and self._splits_number(text, at):
            return self._refuse("C116", path, "this comma parts two entries", at)
        try:
            return value_of(text)
        except ScalarError as error:
            if error.code == "C125":
                return self._no_value(path, text, at, in_flow=in_flow)
            return self._refuse(error.code, path, error.message, at)

    def _quoted_text(self, event: Any, path: Path, at: Location) -> Data:
        if event.style in "'\"":
            self._quoted = syntax.QuotedText(at, self._at(event.end_mark))
        if found := files.FORBIDDEN.search(event.value):
            message = f"{files.describe(found[0])} is not allowed, nor as an escape"
            return self._refuse("C102", path, message, at)
        return str(event.value)

    def _no_value(self, path: Path, text: str, at: Location, *, in_flow: bool) -> Data:
        key = path[-1]
        place = self.key_positions.get(path, at)  # an empty value begins on the next line
        if isinstance(key, int):
            return self._refuse("C125", path, "this list entry is empty", place)
        said = f"`{key}` has no value" if not text else f"`{text}` is not a value"
        hint = None
        if in_flow and not text and ":" in key:
            hint = "put a space after the colon: `{}: {}`".format(*key.split(":", 1))
        return self._refuse("C125", path, said, place, hint=hint)

    def _refuse(
        self, code: str, path: Path, message: str, at: Location, hint: str | None = None
    ) -> Data:
        """Report a value and leave it out."""
        self._report(code, path, message, at, hint=hint)
        self.left_out.add(path)
        return None

    def _splits_number(self, text: str, at: Location) -> bool:
        """Tell whether a comma inside brackets stands as if it parted thousands."""
        if at.column < 3 or not _THREE_DIGITS.match(text):
            return False
        line = self.lines[at.line - 1]
        return line[at.column - 2] == "," and line[at.column - 3].isdigit()

    def _skip(self, event: Any, depth: int) -> None:
        """Pass over a value that has no place in the data."""
        level = 0
        while True:
            kind = _kind(event)
            level += kind.endswith("Start")
            level -= kind.endswith("End")
            if depth + level > MAX_DEPTH:
                at = self._at(event.start_mark)
                raise self._stop("C130", (), f"more than {MAX_DEPTH} levels", at)
            if level == 0:
                return
            event = self._next()


def build(text: str, name: str, lines: tuple[str, ...]) -> tuple[Builder, dict[str, Any] | None]:
    """Read a text; if the fast parser finds anything wrong, again with the one that explains.

    Returns
    -------
    tuple
        The builder, with problems and places, and the data: None if they are no mapping or could
        not be read to the end.
    """
    if (events := fast_events(text)) is not None:
        builder = Builder(name, lines)
        data = builder.build(events)
        if not builder.problems:
            return builder, data
    builder = Builder(name, lines)
    return builder, builder.build(explaining_events(text))


def _cut(word: str) -> str:
    return word if len(word) <= 40 else word[:40] + "…"


def _kind(event: Any) -> str:
    return type(event).__name__.removesuffix("Event")
