"""Problems found in what a person wrote: one shape for every message, and how it is printed.

A problem says what is wrong and where, why it matters and what to do. All problems of a
file are reported together, so nobody has to run the check once per mistake. Every fault of
an input is a `ScenarioError`; any other exception is a fault of caresim itself.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

SourceLines = Callable[[str], Sequence[str]]
"""Gives the lines of a file by the name used in `Location.file`, or none if unknown."""

SHOWN_AT_MOST = 50
"""Problems printed in full; the rest are counted. Nobody reads more than this at once."""

EXCERPT_WIDTH = 100
"""Columns of a source line shown around the caret."""

_TAB = "    "
_LONGEST_WORD = 100


class Severity(StrEnum):
    """Whether a problem stops a run (error) or only deserves a look (warning)."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; line and column count from 1, columns count characters."""

    file: str
    line: int
    column: int


class ProblemDict(TypedDict):
    """A problem as plain data, for `--json`."""

    code: str
    severity: str
    path: str
    message: str
    why: str
    hint: str
    location: dict[str, str | int] | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a scenario file.

    Parameters
    ----------
    code
        Identifier in the catalogue of codes, such as ``C201``.
    severity
        Errors stop a run, warnings do not.
    path
        Dotted path of the input at fault, such as ``settings.acute.capacity``; empty when
        the whole file is meant.
    message
        What is wrong, naming the value that was found.
    why
        Why it is wrong.
    hint
        What to write instead.
    location
        Where in the file, or None when the problem belongs to no single place.
    """

    code: str
    severity: Severity
    path: str
    message: str
    why: str
    hint: str
    location: Location | None = None

    def to_dict(self) -> ProblemDict:
        """Give the problem as plain data that JSON can hold."""
        place = self.location
        return {
            "code": self.code,
            "severity": self.severity.value,
            "path": self.path,
            "message": self.message,
            "why": self.why,
            "hint": self.hint,
            "location": (
                {"file": place.file, "line": place.line, "column": place.column}
                if place is not None
                else None
            ),
        }


def _no_lines(_file: str) -> Sequence[str]:
    return ()


class ScenarioError(Exception):
    """A scenario cannot be used as written.

    Parameters
    ----------
    problems
        Everything found, at least one of them an error.
    source_lines
        Gives the lines of the files named in the problems, for the excerpts.
    """

    def __init__(self, problems: Iterable[Problem], source_lines: SourceLines = _no_lines) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.source_lines = source_lines
        super().__init__(self.problems)

    def __str__(self) -> str:
        return render(self.problems, self.source_lines)


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort by file, line and column; problems without a place come last."""

    def key(problem: Problem) -> tuple[bool, str, int, int, str, str]:
        place = problem.location or Location("", 0, 0)
        return (
            problem.location is None,
            place.file,
            place.line,
            place.column,
            problem.code,
            problem.path,
        )

    return sorted(problems, key=key)


def render(
    problems: Iterable[Problem],
    source_lines: SourceLines = _no_lines,
    *,
    limit: int = SHOWN_AT_MOST,
    nothing: str = "Nothing was run.",
) -> str:
    """Write problems out for a person.

    Parameters
    ----------
    problems
        In any order; they are sorted by place.
    source_lines
        Gives the lines of a file by name, to show the line at fault.
    limit
        How many to print in full.
    nothing
        What the errors kept from happening.

    Returns
    -------
    str
        Text without a final line break; empty when there are no problems. Characters that
        could disturb a terminal are shown as escapes.
    """
    ordered = in_file_order(problems)
    if not ordered:
        return ""
    blocks = [_one(problem, source_lines) for problem in ordered[:limit]]
    if len(ordered) > limit:
        blocks.append(f"and {len(ordered) - limit} more")
    blocks.append(_closing(ordered, nothing))
    return "\n".join(blocks)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Find the choice most like a misspelt word, or None when none is close.

    Very long words match nothing: comparing them is slow and they are no misspelling.

    Examples
    --------
    >>> nearest("capcity", ["capacity", "kind"])
    'capacity'
    """
    from difflib import get_close_matches  # only needed once something is wrong

    if len(word) > _LONGEST_WORD:
        return None
    by_lower = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def dotted(path: Sequence[str | int]) -> str:
    """Write the path of a value as text.

    Examples
    --------
    >>> dotted(("settings", "acute", "priority", 0))
    'settings.acute.priority[0]'
    """
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def printable(text: str) -> str:
    """Replace characters that move the cursor, reorder text or are invisible by escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_cell(character) for character in text)


def _one(problem: Problem, source_lines: SourceLines) -> str:
    place = problem.location
    start = f"{printable(place.file)}:{place.line}:{place.column} " if place else ""
    about = f" {printable(problem.path)}" if problem.path else ""
    lines = [f"{start}{problem.severity} {problem.code}{about}: {printable(problem.message)}"]
    if place:
        source = source_lines(place.file)
        if 1 <= place.line <= len(source):
            lines += _excerpt(source[place.line - 1], place)
    if problem.why:
        lines.append(f"  why:  {printable(problem.why)}")
    if problem.hint:
        lines.append(f"  hint: {printable(problem.hint)}")
    return "\n".join(lines)


def _excerpt(source: str, place: Location) -> list[str]:
    """Show a source line with a caret under its column, cut to a readable width."""
    at = min(place.column - 1, len(source))
    first = max(0, at - EXCERPT_WIDTH // 2)
    last = min(len(source), first + EXCERPT_WIDTH)
    first = max(0, last - EXCERPT_WIDTH)
    cells = [_cell(character) for character in source[first:last]]
    before = "…" if first else ""
    after = "…" if last < len(source) else ""
    indent = len(before) + sum(_width(cell) for cell in cells[: at - first])
    number = f"{place.line:>5}"
    return [
        f"{number} | {before}{''.join(cells)}{after}".rstrip(),
        f"{' ' * len(number)} | {' ' * indent}^",
    ]


def _cell(character: str) -> str:
    """Give what is printed for one character of a source line."""
    if character == "\t":
        return _TAB
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character


def _width(cell: str) -> int:
    """Count the terminal columns of printed text (Unicode Standard Annex 11)."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in ("W", "F")
        else 1
        for character in cell
    )


def _closing(problems: Sequence[Problem], nothing: str) -> str:
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    counts = ((len(errors), "error"), (len(problems) - len(errors), "warning"))
    said = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n)
    not_done = f" {nothing}" if errors else ""
    return f"{said}.{not_done} More: caresim explain {(errors or problems)[0].code}"
