"""Say in plain words what the YAML parser found wrong, and where the cause is.

The parser complains where it can go no further, which is often far from the mistake: a
quote left open is noticed at the next quote. Its messages are for people who know the
grammar. Here each is turned into one of the catalogue's problems, placed at the cause.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from caresim.problems import Location, Problem
from caresim.scenario.codes import problem

_KEY_BEFORE = re.compile(r":(\s|$)")


@dataclass(frozen=True, slots=True)
class QuotedText:
    """Where a text in quotes begins and ends."""

    start: Location
    end: Location


def explain(
    error: Exception, name: str, lines: Sequence[str], last: Location, quoted: QuotedText | None
) -> Problem:
    """Turn an exception of the parser into a problem.

    Parameters
    ----------
    error
        What the parser raised.
    name, lines
        The file's name and lines.
    last
        The last place known to be good, for errors without a place.
    quoted
        The last quoted text read, if any.
    """
    what = str(getattr(error, "problem", None) or "")
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    at = _location(mark, name) or last
    begun = _location(getattr(error, "context_mark", None), name) or at
    line = lines[at.line - 1] if at.line <= len(lines) else ""

    if isinstance(error, OverflowError):  # \U in a text, beyond the last character
        return problem("C113", "", "an escape stands for no character", at)
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return problem("C106", "", "this line is indented with a tab", _first_tab(at, line))
    if "quoted scalar" in context and ("end of stream" in what or "separator" in what):
        return problem("C107", "", "this quote is never closed", begun)
    if "escape sequence" in what:
        return problem("C113", "", "`\\x`, `\\u` and `\\U` need hexadecimal digits after them", at)
    if "escape" in what:
        return problem("C113", "", f"{_escape(line, at)} means nothing in double quotes", at)
    if "anchor" in context or "alias" in context:
        return problem("C120", "", "`&` and `*` may not start a value", begun)
    if "tag" in context or "tag" in what:
        return problem("C121", "", "`!` may not start a value", begun)
    if "flow sequence" in context or "flow mapping" in context:
        return _bracket(what, begun, at)
    if "block mapping" in context or "block collection" in context:
        return _block(what, at, quoted)
    return _other(what, at, begun, lines)


def _location(mark: Any, name: str) -> Location | None:
    return Location(name, mark.line + 1, mark.column + 1) if mark is not None else None


def _first_tab(at: Location, line: str) -> Location:
    return Location(at.file, at.line, line.index("\t") + 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _escape(line: str, at: Location) -> str:
    shown = line[at.column - 1 : at.column].strip()
    return f"`\\{shown}`" if shown else "a backslash here"


def _bracket(what: str, begun: Location, at: Location) -> Problem:
    closing = "]" if "or ']'" in what else "}"
    if "stream end" in what:
        return problem("C108", "", "this bracket is never closed", begun)
    if begun.line != at.line:
        message = f"this bracket is not closed with `{closing}` before line {at.line}"
        return problem("C108", "", message, begun)
    return problem("C108", "", f"a comma or `{closing}` is expected here", at)


def _block(what: str, at: Location, quoted: QuotedText | None) -> Problem:
    found = what.rpartition("found ")[2].strip("'")
    if found in ("]", "}"):
        return problem("C108", "", f"this `{found}` closes nothing", at)
    if found == "<scalar>" and quoted is not None and quoted.end.line == at.line:
        if quoted.start.line != quoted.end.line:
            message = f"this quote is not closed where it should be, but on line {at.line}"
            return problem("C107", "", message, quoted.start)
        return problem(
            "C114",
            "",
            "text follows a closing quote",
            at,
            why="a value in quotes ends at the closing quote",
            hint=(
                "put all of the value in the quotes (double ones if it has an apostrophe), or "
                "take the quotes away"
            ),
        )
    if found == "-":
        return problem("C109", "", "a list entry stands among keys", at)
    if found == "?":
        return problem("C109", "", "a key stands among list entries", at)
    return problem("C109", "", "this line fits no block above it", at)


def _other(what: str, at: Location, begun: Location, lines: Sequence[str]) -> Problem:
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    before = line[: at.column - 1]
    if "could not find expected ':'" in what:
        return problem("C110", "", "this line has no colon after its key", begun)
    if "mapping values are not allowed" in what:
        if _KEY_BEFORE.search(before):
            return problem("C111", "", "a second colon on one line", at)
        above = lines[at.line - 2] if at.line > 1 else ""
        if above.strip() and _indent(above) == _indent(line) and ":" not in above:
            place = Location(at.file, at.line - 1, _indent(above) + 1)
            return problem("C110", "", "this line has no colon after its key", place)
        return problem("C109", "", "this line is indented further than the one above it", at)
    if "sequence entries are not allowed" in what:
        return problem(
            "C112",
            "",
            "a list entry starts on the line of its key",
            at,
            hint="start a new, indented line for each `- `, or write the list as [a, b]",
        )
    if "cannot start any token" in what or "expected the node content" in what:
        character = line[at.column - 1 : at.column]
        if character.strip():
            return problem("C112", "", f"a value may not start with `{character}`", at)
        return problem("C108", "", "the text ends inside brackets", at)
    if "chomping" in what:
        return problem(
            "C112",
            "",
            "text follows `|` or `>` on the same line",
            at,
            hint="start the text on the next line, indented, or put it in quotes",
        )
    return problem("C114", "", "this cannot be read", at)
