"""The 42 integrated care boards: where they are, and their published figures.

>>> board("QUY").name
'Bristol, North Somerset and South Gloucestershire'
>>> board("E54000039").code
'QUY'
>>> round(board("Bristol, North Somerset and South Gloucestershire")["discharges_per_day"])
224
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from caresim.problems import nearest

FOLDER = Path(__file__).parent
FIGURES_CSV = FOLDER / "figures.csv"
LONGEST_STAY = 11.0
"""Mean acute stay in days beyond which discharges are taken to be reported in part. England has
8.6. Of the few boards beyond, one reports a fifth of the discharges that another return has."""


class UnknownBoardError(ValueError):
    """No board has this code or name; the text says which was probably meant."""


@dataclass(frozen=True)
class Area:
    """A board's codes and area.

    Attributes
    ----------
    code, ons_code
        Local (``QUY``) and national (``E54000039``).
    region
        NHS England region.
    trusts
        Codes of the acute trusts whose beds count as the board's.
    districts
        Share of the people of each lower-tier authority who live in the board's area.
    """

    code: str
    ons_code: str
    name: str
    region: str
    trusts: tuple[str, ...]
    districts: Mapping[str, float]


@dataclass(frozen=True)
class Definition:
    """What a figure is: unit, period, source (an id of :func:`sources`) and status."""

    label: str
    unit: str
    period: str
    source: str
    status: str


@dataclass(frozen=True)
class Board:
    """A board and its figures, in the order of the definitions; absent ones were not published."""

    area: Area
    figures: Mapping[str, float]

    @property
    def code(self) -> str:
        """The local code, such as ``QUY``."""
        return self.area.code

    @property
    def name(self) -> str:
        """The name without "integrated care board"."""
        return self.area.name

    def __getitem__(self, figure: str) -> float:
        return self.figures[figure]

    def get(self, figure: str) -> float | None:
        """Return a figure, or None if it was not published."""
        return self.figures.get(figure)

    @property
    def aged_75_plus(self) -> float:
        """People aged 75 and over."""
        return self["aged_75_84"] + self["aged_85_plus"]

    @property
    def reports_in_part(self) -> bool:
        """Whether its trusts seem to report only a part of their discharges."""
        return self["acute_stay_days"] > LONGEST_STAY

    @property
    def discharges(self) -> float:
        """Adult discharges a day: of the whole year if published, or of its last ten months."""
        return self.figures.get("discharges_per_day_year", self["discharges_per_day"])


def _yaml(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(
        (FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return content


@cache
def areas() -> dict[str, Area]:
    """Return the areas of the boards by local code."""
    return {
        code: Area(
            code,
            area["ons_code"],
            area["name"],
            area["region"],
            tuple(area["trusts"]),
            MappingProxyType(
                dict.fromkeys(area["districts"], 1.0) | area.get("parts_of_districts", {})
            ),
        )
        for code, area in _yaml("areas.yaml").items()
    }


@cache
def definitions() -> dict[str, Definition]:
    """Return what each figure is, in the order in which figures are shown."""
    return {name: Definition(**entry) for name, entry in _yaml("figures.yaml")["figures"].items()}


@cache
def own_sources() -> dict[str, dict[str, Any]]:
    """Return the sources that library:england does not have."""
    found: dict[str, dict[str, Any]] = _yaml("figures.yaml")["sources"]
    return found


@cache
def sources() -> dict[str, dict[str, Any]]:
    """Return every source a figure may name: title, publisher, year, status."""
    library = resources.files("caresim") / "library" / "england.yaml"
    england = yaml.load(library.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {**england["sources"], **own_sources()}


@cache
def boards() -> dict[str, Board]:
    """Return all boards by local code."""
    found: dict[str, dict[str, float]] = {code: {} for code in areas()}
    with FIGURES_CSV.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["board"]][row["figure"]] = float(row["value"])
    return {code: Board(areas()[code], MappingProxyType(found[code])) for code in found}


def board(wanted: str) -> Board:
    """Return a board by its local code, national code or name, in any case.

    Raises
    ------
    UnknownBoardError
        Naming the board that was probably meant.
    """
    known: dict[str, str] = {}
    for code, area in areas().items():
        known |= dict.fromkeys((code, area.ons_code, area.name), code)
    by_lower = {name.lower(): code for name, code in known.items()}
    word = wanted.strip().lower()
    if word in by_lower:
        return boards()[by_lower[word]]
    within = sorted({code for name, code in by_lower.items() if len(word) > 3 and word in name})
    if len(within) == 1:
        return boards()[within[0]]
    close = nearest(wanted.strip(), known)
    meant = within or ([known[close]] if close else [])
    text = f"no board has the code or name '{wanted[:80]}'"
    if meant:
        named = " or ".join(f"{code} ({areas()[code].name})" for code in meant)
        text += f"; did you mean {named}?"
    raise UnknownBoardError(f"{text} (`caresim places` lists all 42)")
