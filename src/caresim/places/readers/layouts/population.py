"""Population by single year of age: estimates and projections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from caresim.places.readers import dates
from caresim.places.readers.areas import text
from caresim.places.readers.cells import key
from caresim.places.readers.checks import Sum
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering, place
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.kind import Kind
from caresim.places.readers.problems import Cell, stop
from caresim.places.readers.tables import Table

_ONS = "Office for National Statistics"
_AGE = re.compile(r"(?:age |aged |all ages )?(\d{1,3})( plus| and over| or over| years?)?")
_AGES = (*(f"population.age_{age}" for age in range(90)), "population.age_90_plus")


def age(heading: Any) -> str | None:
    """Return the id of the population of an age; that of all ages for their heading.

    Examples
    --------
    >>> age("90+"), age("90 and over"), age(72.0), age("All ages")
    ('population.age_90_plus', 'population.age_90_plus', 'population.age_72', 'population')
    """
    words = key(heading)
    if words in ("all ages", "total population", "total", "all persons", "population", "persons"):
        return "population"
    found = _AGE.fullmatch(words)
    if found is None or int(found[1]) > 120:
        return None
    top = bool(found[2]) and "year" not in found[2]
    return f"population.age_{int(found[1])}" + ("_plus" if top else "")


def _estimates(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read sheets with a row for each area and a column for each age."""
    for table in tables:
        year = _year(table, context)
        sex = _sex(table.sheet.name or context.book.path.stem)
        columns = [(at, id) for at, h in enumerate(table.headings) if (id := age(h)) is not None]
        for line, cells in table.rows():
            if table.cell(cells, "code") is None and table.cell(cells, "name") is None:
                continue
            filled = [(at, id) for at, id in columns if at < len(cells) and cells[at] is not None]
            if not filled:
                continue  # a note
            area = gathering.area(table.cell(cells, "code"), table.cell(cells, "name"))
            for at, id in filled:
                cell = Cell(table.sheet.name, line, at + 1, table.headings[at])
                gathering.figure(area, year, id, cells[at], cell, variant=sex)


def _projections(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read a table with a row for each area, sex and age, and a column for each year."""
    for table in tables:
        years = [
            (at, Period(mid, "moment"))
            for at, heading in enumerate(table.headings)
            if heading[:2] in ("19", "20") and (mid := dates.mid_year(heading)) is not None
        ]
        if not years:
            raise stop(
                "R201", context.book.path, "has no columns of years such as 2025",
                line=table.line,
            )  # fmt: skip
        for line, cells in table.rows():
            raw = table.cell(cells, "age")
            id = age(raw)
            if raw is None:
                continue
            if id is None:
                gathering.report.add(
                    "R302", place(table, line, "age"), f"{text(raw)[:40]!r} is not an age"
                )
                continue
            area = gathering.area(table.cell(cells, "code"), table.cell(cells, "name"))
            sex = _sex(text(table.cell(cells, "sex")))
            for at, when in years:
                if at < len(cells):
                    cell = Cell(table.sheet.name, line, at + 1, table.headings[at])
                    gathering.figure(area, when, id, cells[at], cell, variant=sex)


def _year(table: Table, context: Context) -> Period:
    """Return the mid-year of a sheet: in its headings, its first lines or the name of the file."""
    for row in table.sheet.rows[: table.top]:
        for cell in row:
            found = re.search(r"mid-?\s?((?:19|20)\d\d)", str(cell), re.IGNORECASE)
            if found:
                return Period(_mid(found[1]), "moment")
    found = re.search(r"mid[-_ ]?((?:19|20)\d\d)", context.book.path.stem, re.IGNORECASE)
    found = found or re.search(r"((?:19|20)\d\d)", context.book.path.stem)
    if found:
        return Period(_mid(found[1]), "moment")
    short = re.search(r"mye(\d\d)", context.book.path.stem, re.IGNORECASE)
    if short:
        return Period(_mid(f"20{short[1]}"), "moment")
    raise stop(
        "R302", context.book.path, "neither the sheet nor the name of the file say which year the "
        "figures are for", line=table.line, hint="put the year in the name: population_mid2023.csv",
    )  # fmt: skip


def _mid(year: str) -> Any:
    return dates.mid_year(year)


def _sex(said: str) -> str:
    words = key(said).split()
    if any(word in words for word in ("females", "female", "f", "women")):
        return "female"
    return "male" if any(word in words for word in ("males", "male", "m", "men")) else ""


_PLACE = (
    needed("code", r"(\w+ )?(area )?code\d*|(ltla|utla|lad|la)\d\d(_| )(code|cd)", "Code"),
    needed("name", r"(\w+ )?(area )?name\d*|(ltla|utla|lad|la)\d\d(_| )(name|nm)", "Name"),
)

ESTIMATES = Kind(
    id="population_estimates",
    title="Mid-year population estimates by single year of age",
    publisher=_ONS,
    page="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/"
    "populationestimates",
    layouts=(
        Layout(
            "population_estimates",
            "table by area and age",
            (
                *_PLACE,
                column("aside", "geography.*", "Geography"),
                needed("all", r"all ages|total population|total|all persons", "All ages"),
                needed("young", r"0|age 0|aged 0", "0"),
                needed("old", r"(age |aged )?72", "72"),
            ),
            _estimates,
            sheets=r"mye ?2.*|.*(persons|males|females|people)",
            sheet_titles=("MYE2 - Persons",),
            signature=r"population estimates|\bmye",
        ),
    ),
    measures=("population",),
    scope="People usually resident on 30 June, by council or district; all ages.",
    sums=(Sum("population", _AGES),),
)

PROJECTIONS = Kind(
    id="population_projections",
    title="Subnational population projections by single year of age",
    publisher=_ONS,
    page="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/"
    "populationprojections",
    layouts=(
        Layout(
            "population_projections",
            "table by area, sex, age and year",
            (
                needed("code", r"area code|code", "AREA_CODE"),
                needed("name", r"area name|name", "AREA_NAME"),
                column("aside", r"component", "COMPONENT"),
                column("sex", r"sex", "SEX"),
                needed("age", r"age( group)?", "AGE_GROUP"),
            ),
            _projections,
            after_end=True,
            signature=r"snpp|population projections",
        ),
    ),
    measures=("population",),
    scope=(
        "People expected on 30 June of each year if recent trends go on; codes are those of the "
        "councils in the base year, also where these were abolished since."
    ),
    sums=(Sum("population", _AGES),),
)
