"""Which area a row is for: codes and names brought to national codes.

Boards have a national code (E54...) and one of the Organisation Data Service (Q..); councils
have national codes, in the delayed transfers return also one of three digits; names drift.
The tables in ``codes`` join them.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from caresim.places.readers.cells import key

ENGLAND = "E92000001"

KINDS = (
    "country", "region", "board", "sub_board", "trust", "provider", "council", "district",
    "locality", "outside", "other",
)  # fmt: skip
"""Kinds of area. A trust has a code that begins with R; a provider is any other organisation
that treats patients; outside holds people resident outside England."""


_COMMON = frozenset(
    [
        "council",
        "city",
        "county",
        "borough",
        "london",
        "royal",
        "metropolitan",
        "district",
        "the",
        "of",
        "nhs",
        "icb",
        "integrated",
        "care",
        "board",
        "and",
    ]
)
"""Words of names that some files have and others do not."""


@dataclass(frozen=True)
class Area:
    """An area or organisation that figures are for.

    Attributes
    ----------
    code
        National code (boards: E54...), or that of the Organisation Data Service for trusts.
    name
        Name.
    kind
        One of :data:`KINDS`.
    """

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Council:
    """A council, and what became of it.

    Attributes
    ----------
    code, name
        National code and name.
    local_code
        Code in the delayed transfers return; empty if it had none.
    until
        Day on which it was abolished, or None.
    became
        Codes of the councils that took its place.
    same_area
        Whether one council took over all of its area and nothing else.
    """

    code: str
    name: str
    local_code: str
    until: datetime.date | None
    became: tuple[str, ...]
    same_area: bool


_BY_CODE = (
    (
        re.compile(r"E92\d{6}|ENGLAND|ENG|E92|NATIONAL|TOTAL|ENGLAND TOTAL", re.IGNORECASE),
        "country",
    ),
    (re.compile(r"E12\d{6}|E40\d{6}|Y\d\d"), "region"),
    (re.compile(r"E54\d{6}"), "board"),
    (re.compile(r"E38\d{6}"), "sub_board"),
    (re.compile(r"E(06|08|09|10)\d{6}"), "council"),
    (re.compile(r"E07\d{6}"), "district"),
    (re.compile(r"[WSNKJ]\d{8}"), "other"),
    (re.compile(r"R[A-Z0-9]{2}"), "trust"),
)
_OUTSIDE = re.compile(
    r"residents? (in|outside)|outside (england|gb|uk)|overseas|no fixed abode|non english"
)
_ENGLAND = re.compile(
    r"(all )?england( total)?|(grand )?total( england)?|national"
    r"|england (all acute trusts|type 1).*"
)
_REGIONS = frozenset(
    (
        "london",
        "south west",
        "south east",
        "south east coast",
        "midlands",
        "east midlands",
        "west midlands",
        "midlands and east",
        "east of england",
        "north west",
        "north east",
        "north",
        "south",
        "north east and yorkshire",
        "yorkshire and the humber",
        "yorkshire and humber",
    )
)
"""Names of regions, of the NHS and of the government, in which rows have no code at times."""


@cache
def boards() -> Mapping[str, Area]:
    """Return the 42 boards by national code, and by code of the Organisation Data Service."""
    found: dict[str, Area] = {}
    for row in _table("boards.csv"):
        area = Area(row["code"], row["name"], "board")
        found[row["code"]] = found[row["local_code"]] = area
    return found


@cache
def councils() -> Mapping[str, Council]:
    """Return the councils by national code."""
    return {
        row["code"]: Council(
            row["code"],
            row["name"],
            row["local_code"],
            datetime.date.fromisoformat(row["until"]) if row["until"] else None,
            tuple(row["became"].split()),
            row["relation"] == "same_area",
        )
        for row in _table("councils.csv")
    }


@cache
def _by_name() -> Mapping[tuple[str, str], Area]:
    found: dict[tuple[str, str], Area] = {}
    for area in boards().values():
        found["board", _name_key(area.name)] = area
    # Codes that replaced others come later, and old ones are what files of before 2020 mean.
    for row in reversed(_table("councils.csv")):
        area = Area(row["code"], row["name"], "council")
        for name in (row["name"], *row["other_names"].split(";")):
            if name:
                found["council", _name_key(name)] = area
    return found


@cache
def _by_local_code() -> Mapping[str, Area]:
    return {
        council.local_code: Area(council.code, council.name, "council")
        for council in councils().values()
        if council.local_code
    }


@cache
def identify(code: str, name: str, hint: str = "") -> tuple[Area, str]:
    """Find the area that a row of a file is for.

    Parameters
    ----------
    code, name
        As in the file; either may be empty.
    hint
        The kind of area that the table is about, for codes and names that do not tell.

    Returns
    -------
    tuple of Area and str
        The area, and how it was found if not by its own code: ``local_code`` or ``name``.

    Examples
    --------
    >>> identify("QUY", "NHS BRISTOL ... ICB")[0].code
    'E54000039'
    >>> identify("716", "Barking & Dagenham", "council")
    (Area(code='E09000002', name='Barking and Dagenham', kind='council'), 'local_code')
    """
    code = "" if code in ("-", "–", "[z]", "[x]", "#N/A", "NULL") else code
    plain = key(name)
    if _OUTSIDE.search(plain) or re.fullmatch(r"99\d\d", code):
        return Area("", name, "outside"), ""
    if _ENGLAND.fullmatch(plain) or (not plain and code.upper() in ("ENGLAND", "NATIONAL")):
        return Area(ENGLAND, "England", "country"), ""
    if not code and plain.removesuffix(" region").removesuffix(" commissioning") in _REGIONS:
        return Area("", name, "region"), ""
    if code in boards():
        area = boards()[code]
        return area, "" if code == area.code else "local_code"
    if code in councils():
        return Area(code, councils()[code].name, "council"), ""
    for pattern, kind in _BY_CODE:
        if pattern.fullmatch(code):
            if kind == "country":
                return Area(ENGLAND, "England", kind), ""
            return Area(code, name, kind), ""
    if hint in ("", "council") and code in _by_local_code():
        return _by_local_code()[code], "local_code"
    for kind in (hint,) if hint else ("council", "board"):
        found = _by_name().get((kind, _name_key(name or code)))
        if found:
            return found, "name"
    return Area(code, name or code, hint if hint in KINDS else "other"), ""


def text(cell: Any) -> str:
    """Return a code or name as text: workbooks hold 716 as 716.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _name_key(name: str) -> str:
    """Reduce a name to what does not drift: no UA, City of, Council, NHS or ICB."""
    plain = re.sub(r",?\s*\(?\b(city|county) of\)?\s*$", "", name.lower().strip())
    words = [word for word in key(plain.replace(".", "")).split() if word != "ua"]
    kept = [word for word in words if word not in _COMMON]
    # The City of London is nothing but words that others have too; County Durham is Durham.
    return " ".join(kept) or " ".join(words)


def _table(name: str) -> list[dict[str, str]]:
    content = Path(__file__).with_name("codes").joinpath(name).read_text(encoding="utf-8")
    lines = [line for line in content.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))
