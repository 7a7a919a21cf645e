"""Delayed transfers of care, 2010 to February 2020: days of delay by council or trust."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caresim.places.readers.cells import key
from caresim.places.readers.checks import Sum
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering
from caresim.places.readers.layout import Context, Layout, column, needed, tell_missing
from caresim.places.readers.layouts.kind import NHS_ENGLAND, STATISTICS, Kind
from caresim.places.readers.problems import stop
from caresim.places.readers.rows import must_have_period, wide
from caresim.places.readers.tables import Column, Table, find_table

_DAYS, _PATIENTS = "delayed_transfer_days", "delayed_transfer_patients"
_TITLE = "delayed transfers of care"

_REASONS = (
    ("assessment", r"(a )?(awaiting )?(completion of )?assessment", "A) Completion of assessment"),
    ("public_funding", r"(b )?(awaiting )?public funding", "B) Public funding"),
    ("nhs_non_acute", r"(c )?.*non acute.*", "C) Further non-acute NHS care"),
    ("residential", r"(d ?i )?(awaiting )?residential.*", "Di) Residential home placement"),
    ("nursing", r"(d ?ii )?(awaiting )?nursing.*", "Dii) Nursing home placement"),
    ("home_care", r"(e )?(awaiting )?(care package|domiciliary|home care).*", "E) Care package"),
    ("equipment", r"(f )?(awaiting )?(community )?equipment.*", "F) Community equipment"),
    ("choice", r"(g )?(patient (or|and) family )?choice", "G) Patient or family choice"),
    ("disputes", r"(h )?disputes?", "H) Disputes"),
    ("housing", r"(i )?housing.*", "I) Housing"),
    ("other", r"(j |o )?other.*", "Other"),
)
"""Reasons of the return: id, pattern of the heading, heading; other only from April 2017."""

_DAYS_ONLY = r"(?!.*(beds|daily|average)).*"
"""Group of columns of days, not of days divided by the days of the month ("DTOC beds")."""

_PLACE = (
    column("region_code", r"region code|sha code"),
    column("region", r"region( name)?|sha|area team"),
    column("code", r"ons (geography|code|geography code)|la code", "ONS Geography"),
    column("local_code", r"code|org code|provider code", "Code"),
    needed("name", r"name|(org|organisation|provider|trust|la|local authority) name", "Name"),
)
_ASIDE = column(
    "aside", r"acute|non acute|nhs|social care|both|total.*", group=r".*(beds|daily|average).*"
)


def _days(id: str, names: str, title: str) -> Column:
    return needed(id, names, title, group=_DAYS_ONLY)


_TOTAL = _days("total", r"(grand )?total( delayed days)?", "Total")

_PARTS: tuple[tuple[str, str, tuple[Column, ...]], ...] = (
    (
        r".*type of care.*",
        "by Type of Care",
        (_days("acute", "acute", "Acute"), _days("non_acute", "non acute", "Non-Acute"), _TOTAL),
    ),
    (
        r".*respons.*",
        "by responsible org",
        (
            _days("nhs", "nhs", "NHS"),
            _days("social_care", "social care", "Social Care"),
            _days("both", "both", "Both"),
            _TOTAL,
        ),
    ),
    (
        r".*reason.*",
        "by reason",
        (
            *(
                Column(f"reason.{id}", names, title, id != "other", _DAYS_ONLY)
                for id, names, title in _REASONS
            ),
            _TOTAL,
        ),
    ),
)
"""The three tables of a workbook: pattern and name of the sheet, columns of figures."""


def _workbook(gathering: Gathering, _tables: Sequence[Table], context: Context) -> None:
    """Read the sheets by type of care, by responsible organisation and by reason."""
    said = key(f"{context.notes.get('summary', '')} {context.notes.get('title', '')}")
    measure = _PATIENTS if "patients" in said and "days" not in said else _DAYS
    if any(key(name).startswith(("trust", "provider")) for name in context.book.sheet_names):
        gathering.area_hint = "provider"
    for number, (pattern, title, columns) in enumerate(_PARTS):
        table = _part(gathering, context, pattern, title, (*_PLACE, *columns, _ASIDE))
        if table is None:
            continue
        period = must_have_period(context.period, table, gathering)
        wide(
            gathering,
            table,
            Period(period.first.replace(day=1), "month"),
            named=lambda id: measure if id == "total" else f"{measure}.{id}",
            skip=("total",) if number else (),  # the same in all three
        )


def _part(
    gathering: Gathering, context: Context, pattern: str, title: str, columns: tuple[Column, ...]
) -> Table | None:
    """Find one of the tables by the name of its sheet, or else by its columns."""
    sheets = [s for s in context.book.sheets if not re.match("england|data quality", key(s.name))]
    named = [sheet for sheet in sheets if re.fullmatch(pattern, key(sheet.name))]
    for sheet in (*named, *(s for s in sheets if s not in named)):
        found = find_table(sheet, columns)
        if found is not None and found.complete:
            return found
        if found is not None and sheet in named:
            tell_missing(gathering.report, found, f"{_TITLE} ({title})")
            return None
    names = ", ".join(repr(sheet.name) for sheet in context.book.sheets)
    raise stop(
        "R104", context.book.path, f"has no sheet {title!r} with its columns; there are {names}"
    )


def _tidy(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    """Read a table with a row for each council and month."""
    for table in tables:
        wide(
            gathering,
            table,
            None,
            frequency="month",
            named=lambda id: _DAYS if id == "total" else f"{_DAYS}.{id}",
        )


_ALL_REASONS = tuple(f"{_DAYS}.reason.{id}" for id, _, _ in _REASONS)

KIND = Kind(
    id="delayed_transfers",
    title="Delayed transfers of care",
    publisher=NHS_ENGLAND,
    page=STATISTICS + "delayed-transfers-of-care/",
    layouts=(
        Layout(
            "delayed_transfers",
            "workbook",
            (*_PLACE, _TOTAL),
            _workbook,
            sheets=r".*by (type of care|respons.*|reason.*)",
            forms=("workbook",),
            sheet_titles=("LA - by Type of Care", "LA - by responsible org", "LA - by reason"),
            signature=r"delayed transfer|\bdtoc\b",
            area_hint="council",
        ),
        Layout(
            "delayed_transfers",
            "table by council and month",
            (
                needed("date", r"month|period|date", "month"),
                column("code", r"ons code|code|la code", "ons_code"),
                needed("name", r"name|council|local authority", "name"),
                *(column(id, id.replace("_", " "), id) for id in ("acute", "non_acute")),
                needed("total", "total( days)?", "total"),
                *(column(id, id.replace("_", " "), id) for id in ("nhs", "social_care", "both")),
                *(
                    Column(f"reason.{id}", f"{id.replace('_', ' ')}|{names}", id, id == "choice")
                    for id, names, _ in _REASONS
                ),
            ),
            _tidy,
            area_hint="council",
        ),
    ),
    measures=(_DAYS, _PATIENTS),
    scope=(
        "People of 18 or over in NHS-funded beds, acute and non-acute (community and mental "
        "health included), of all trusts, by council of residence. A day is counted for each "
        "midnight at which a person who is ready for transfer is still in the bed. August 2010 to "
        "February 2020."
    ),
    sums=(
        Sum(_DAYS, (f"{_DAYS}.acute", f"{_DAYS}.non_acute")),
        Sum(_DAYS, (f"{_DAYS}.nhs", f"{_DAYS}.social_care", f"{_DAYS}.both")),
        Sum(_DAYS, _ALL_REASONS),
    ),
)
