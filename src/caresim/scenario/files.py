"""Turn a file into text, safely: ordinary files of a sane size, in UTF-8, nothing invisible.

A file is asked for its kind and size before it is opened, so a pipe cannot hang the check
and a huge file costs nothing.
"""

import os
import re
import stat
import unicodedata
from pathlib import Path

from caresim.problems import Location, Problem, ScenarioError, nearest
from caresim.scenario.codes import problem

MAX_BYTES = 2_000_000
"""Largest scenario file read. A whole place takes some 50,000 bytes."""

_CHARACTERS_REPORTED = 10
_NOT_TEXT = "the file is not text, or is in UTF-16: save it again and choose the encoding UTF-8"
_LINE_BREAK = re.compile(r"\r\n|\r|\n")

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab and line breaks
    "\u2028\u2029\ufeff"  # line breaks few programs know; byte order mark
    "\u202a-\u202e\u2066-\u2069"  # marks that reorder text, so that it reads as another
    "\ud800-\udfff\ufffe\uffff]"  # no characters at all
)
"""Characters a scenario may not contain, neither as they are nor by an escape."""


def load(path: str | os.PathLike[str], name: str) -> str:
    """Read a scenario file as text.

    Parameters
    ----------
    path
        The file to read.
    name
        What to call it in messages.

    Raises
    ------
    ScenarioError
        If it is missing, not an ordinary file, unreadable, too large, not UTF-8, or holds
        characters that are not allowed.
    """
    data = _bytes(Path(path), name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = _not_utf8(data, error.start, name)
        lines = split_lines(data.decode("utf-8", "replace"))
        raise ScenarioError([found], lambda file: lines if file == name else ()) from None
    return text


def split_lines(text: str) -> tuple[str, ...]:
    """Split text at the line breaks YAML knows (`str.splitlines` knows more)."""
    return tuple(_LINE_BREAK.split(text))


def forbidden_characters(text: str, name: str) -> list[Problem]:
    """Report characters that may not stand in a scenario, the first few of them."""
    found = []
    for match in FORBIDDEN.finditer(text):
        before = split_lines(text[: match.start()])
        found.append(
            problem(
                "C102",
                "",
                f"{describe(match[0])} is not allowed",
                Location(name, len(before), len(before[-1]) + 1),
                hint=_NOT_TEXT if match[0] == "\0" else None,
            )
        )
        if match[0] == "\0" or len(found) == _CHARACTERS_REPORTED:
            break  # more of the same would only hide the first
    return found


def describe(character: str) -> str:
    """Name a character so that it can be found in an editor."""
    name = unicodedata.name(character, "control character")
    return f"the character U+{ord(character):04X} ({name.lower()})"


def _bytes(path: Path, name: str) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refuse("C002", _kind(status.st_mode), name, hint=_inside(path, name))
        if status.st_size > MAX_BYTES:
            raise _refuse("C004", _too_large(status.st_size), name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refuse("C001", "no such file", name, hint=_similar(path, name)) from None
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise _refuse("C003", f"cannot be opened: {reason}", name) from None
    if len(data) > MAX_BYTES:  # files of the system report size 0
        raise _refuse("C004", _too_large(len(data)), name)
    return data


def _refuse(code: str, message: str, name: str, hint: str | None = None) -> ScenarioError:
    return ScenarioError([problem(code, "", message, Location(name, 1, 1), hint=hint)])


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "is a folder",
        stat.S_IFIFO: "is a pipe",
        stat.S_IFCHR: "is a device",
        stat.S_IFBLK: "is a device",
        stat.S_IFSOCK: "is a socket",
    }
    return f"{kinds.get(stat.S_IFMT(mode), 'is something else')}, not a file"


def _too_large(size: int) -> str:
    return f"the file has {size:,} bytes or more; at most {MAX_BYTES:,} are read"


def _inside(path: Path, name: str) -> str | None:
    """Suggest the scenario inside a folder, named as the folder is in messages."""
    inside = sorted(path.glob("*.yaml"))[:1] if path.is_dir() else []
    return f"did you mean {os.path.join(name, inside[0].name)}?" if inside else None


def _similar(path: Path, name: str) -> str | None:
    try:
        names = [entry.name for entry in os.scandir(path.parent)]
    except OSError:
        return f"there is no folder {os.path.dirname(name)} either"
    found = nearest(path.name, names)
    return f"did you mean {os.path.join(os.path.dirname(name), found)}?" if found else None


def _not_utf8(data: bytes, at: int, name: str) -> Problem:
    before = split_lines(data[:at].decode("utf-8"))
    return problem(
        "C101",
        "",
        f"byte {at + 1:,} of the file (0x{data[at]:02X}) is not UTF-8 text",
        Location(name, len(before), len(before[-1]) + 1),
        hint=f"{_guess(data, at)}; save it again and choose the encoding UTF-8",
    )


def _guess(data: bytes, at: int) -> str:
    """Say what the bytes probably are."""
    if data.startswith(b"PK\x03\x04"):
        return "it looks like a workbook or zip file, not text"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it looks like UTF-16"
    if b"\0" in data:
        return "it does not look like text"
    try:
        meant = data[at : at + 1].decode("cp1252")
    except UnicodeDecodeError:
        return "its encoding is not known"
    return f"it looks like Windows-1252, where this byte is `{meant}`"
