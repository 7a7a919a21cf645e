"""The entries that come with caresim: one YAML file each, read when asked for."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from caresim.evidence.errors import EvidenceError
from caresim.evidence.schema import Entry
from caresim.problems import nearest as nearest_word

FOLDER = Path(__file__).parent / "entries"

# The compiled reader where the machine has one; both read the same language.
_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


@lru_cache(maxsize=1)
def ids() -> tuple[str, ...]:
    """Return the ids of all entries in alphabetical order; reads none of them."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def entry(name: str) -> Entry:
    """Return an entry.

    Raises
    ------
    EvidenceError
        If there is none of that id; the message names the nearest.

    Examples
    --------
    >>> entry("telehealth_routine").label
    'Telehealth in routine practice'
    """
    if name not in ids():
        close = nearest(name)
        meant = f"; did you mean {' or '.join(close)}?" if close else ""
        raise EvidenceError(
            f"no entry '{name}' in the evidence library{meant} `caresim evidence` lists them all"
            if close
            else f"no entry '{name}' in the evidence library; `caresim evidence` lists them all"
        )
    return read(FOLDER / f"{name}.yaml")


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Return all entries, in alphabetical order of their ids."""
    return tuple(entry(name) for name in ids())


def nearest(name: str) -> tuple[str, ...]:
    """Return up to three ids like a misspelt one: by letters, or by a word in common.

    Examples
    --------
    >>> nearest("virtual_wards")[0]
    'virtual_ward'
    """
    first = nearest_word(name, ids())
    found = [first] if first is not None else []
    words = {word for word in name.lower().replace("-", "_").split("_") if len(word) > 3}
    found += [known for known in ids() if words & set(known.split("_"))]
    return tuple(dict.fromkeys(found))[:3]


def read(path: Path) -> Entry:
    """Read and check the file of an entry.

    Raises
    ------
    ValueError
        If the file is no valid entry, or its id is not its name; a fault of the library.
    """
    with path.open(encoding="utf-8") as file:
        # A safe loader: it makes plain values only.
        data = yaml.load(file, Loader=_Loader)
    try:
        found = Entry.model_validate(data)
    except ValidationError as error:
        raise ValueError(f"{path.name}: {error}") from error
    if found.id != path.stem:
        raise ValueError(f"{path.name}: the id is {found.id}")
    return found
