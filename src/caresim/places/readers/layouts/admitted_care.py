"""Hospital admitted patient care activity (HES): admissions and stays, by year."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from caresim.places.readers.areas import text
from caresim.places.readers.cells import key
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering, place, read_period
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.kind import NHS_ENGLAND, Kind
from caresim.places.readers.rows import LEVELS, must_have_period, wide
from caresim.places.readers.tables import Table

_HES = "admitted_care"

_CODED = {
    "fce": "consultant_episodes",
    "fces": "consultant_episodes",
    "fae": "admission_episodes",
    "faes": "admission_episodes",
    "fae emergency": "admission_episodes.emergency",
    "emergency": "admission_episodes.emergency",
    "waiting list": "admission_episodes.waiting_list",
    "planned": "admission_episodes.planned",
    "other": "admission_episodes.other",
    "fce bed days": "episode_bed_days",
    "fce bed day": "episode_bed_days",
    "mean length of stay": "mean_stay_days",
    "mean los": "mean_stay_days",
    "median length of stay": "median_stay_days",
    "median los": "median_stay_days",
    "day case": "day_cases",
    "day cases": "day_cases",
    "fce day cases": "day_cases",
}
"""Measures of the CSV of the provider level analysis, by reduced name."""

_EXTRACT = {
    "emergency-admission": {
        "count": ("admission_episodes.emergency", 1.0),
        "denominator": ("admission_episodes", 1.0),
        "percent": ("emergency_share_of_admissions", 0.01),
    },
    "hes-bed-days": {"count": ("episode_bed_days", 1.0)},
    "hes-mean-los": {"days": ("mean_stay_days", 1.0)},
}


def _workbook(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the sheet by provider or by board of responsibility."""
    for table in tables:
        period = must_have_period(context.period, table, gathering)
        sub = "icb" in key(table.sheet.name) or "responsib" in key(table.sheet.name)
        gathering.area_hint = "sub_board" if sub else "trust"
        wide(gathering, _with_names(table), Period(period.first, "year"))


def _with_names(table: Table) -> Table:
    """Take the column behind the code for the name, where one heading spans both."""
    behind = table.at["code"] + 1
    if "name" in table.at or (behind < len(table.headings) and table.headings[behind]):
        return table
    return replace(table, at={**table.at, "name": behind})


def _analysis(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the CSV of the provider level analysis: a row for each measure."""
    for table in tables:
        fixed = None if "date" in table.at else must_have_period(context.period, table, gathering)
        for line, cells in table.rows():
            id = _CODED.get(key(table.cell(cells, "measure")))
            if id is None:
                gathering.report.change(
                    "dropped", "measure not read", 1, "rows", (text(table.cell(cells, "measure")),)
                )
                continue
            when = fixed
            if when is None:
                when = read_period(gathering, table.cell(cells, "date"), place(table, line, "date"))
            if when is None:
                continue
            level = LEVELS.get(key(table.cell(cells, "level")), "")
            area = gathering.area(table.cell(cells, "code"), table.cell(cells, "name"), level)
            cell = place(table, line, "value")
            gathering.figure(area, Period(when.first, "year"), id, table.cell(cells, "value"), cell)


def _extract(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read a table whose figures stand in a cell as JSON."""
    for table in tables:
        period = must_have_period(context.period, table, gathering)
        for line, cells in table.rows():
            cell = place(table, line, "value")
            wanted = _EXTRACT.get(text(table.cell(cells, "measure")))
            if wanted is None:
                gathering.report.change(
                    "dropped", "measure not read", 1, "rows", (text(table.cell(cells, "measure")),)
                )
                continue
            held = _json(gathering, table.cell(cells, "value"), cell)
            hint = LEVELS.get(key(table.cell(cells, "level")), "")
            area = gathering.area(table.cell(cells, "code"), table.cell(cells, "name"), hint)
            for field, (id, scale) in wanted.items():
                if field in held:
                    gathering.figure(area, period, id, held[field], cell, scale=scale)


def _json(gathering: Gathering, raw: Any, cell: Any) -> Mapping[str, Any]:
    try:
        found = json.loads(text(raw))
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        gathering.report.add("R301", cell, f"{text(raw)[:60]!r} is not a set of figures")
        return {}
    return found


_FIGURES = (
    needed("consultant_episodes", r"(finished )?consultant episodes|fces?|episodes",
           "Finished consultant episodes"),
    needed("admission_episodes", r"finished admission episodes|admissions|faes?",
           "Finished Admission Episodes"),
    needed("admission_episodes.emergency", r"emergency( fae)?( admissions)?", "Emergency"),
    column("admission_episodes.waiting_list", r"waiting list( fae)?"),
    column("admission_episodes.planned", r"planned( fae)?"),
    column("admission_episodes.other", r"other( admission method)?( fae)?"),
    column("mean_stay_days", r"mean (length of stay|los)( days)?"),
    column("median_stay_days", r"median (length of stay|los)( days)?"),
    column("day_cases", r"day cases?( fce)?"),
    column("episode_bed_days", r"(fce )?bed days( fce)?"),
    column("aside", r"male.*|female.*|(gender|sex) unknown.*|mean age.*|age .*|zero bed.*"
           r"|(mean|median) time waited.*|.*\bspells?\b.*"),
)  # fmt: skip

KIND = Kind(
    id=_HES,
    title="Hospital admitted patient care activity",
    publisher=NHS_ENGLAND,
    page="https://digital.nhs.uk/data-and-information/publications/statistical/"
    "hospital-admitted-patient-care-activity",
    layouts=(
        Layout(
            _HES,
            "yearly workbook",
            (
                needed(
                    "code",
                    r"(hospital )?(provider|icb|sub icb|organisation|org).*code.*|code",
                    "Hospital provider code and description",
                ),
                column("name", r".*(description|name)"),
                *_FIGURES,
            ),
            _workbook,
            sheets=r"hospital providers?.*|provider.*|icb of responsib.*|.*responsib.*",
            forms=("workbook", "csv"),
            sheet_titles=("Hospital Providers", "ICB of Responsibility"),
            signature=r"admitted patient care|hosp epis stat",
        ),
        Layout(
            _HES,
            "CSV of the provider level analysis",
            (
                column("date", r"(financial )?year|reporting period|period|fyear", "YEAR"),
                needed("level", r"org level", "ORG_LEVEL"),
                needed("code", r"org code", "ORG_CODE"),
                column("name", r"org (name|description)", "ORG_DESCRIPTION"),
                needed("measure", r"measure", "MEASURE"),
                needed("value", r"measure value|value", "MEASURE_VALUE"),
            ),
            _analysis,
            forms=("csv",),
            signature=r"hosp epis stat admi",
        ),
        Layout(
            _HES,
            "table with figures as JSON",
            (
                needed("level", "level", "level"),
                needed("code", "code", "code"),
                column("name", "name", "name"),
                needed("measure", "metric", "metric"),
                column("kind", "label", "label"),
                needed("value", "values", "values"),
            ),
            _extract,
        ),
    ),
    measures=(
        "consultant_episodes",
        "admission_episodes",
        "emergency_share_of_admissions",
        "episode_bed_days",
        "mean_stay_days",
        "median_stay_days",
        "day_cases",
    ),
    scope=(
        "People of all ages admitted to NHS hospitals in England, or elsewhere at the expense of "
        "the NHS; episodes that finished in the financial year. Emergency admissions that end on "
        "the same day are included, so the mean stay is far shorter than of those who stay. Local "
        "counts are rounded and small ones suppressed. Boards: responsible for the patient, not "
        "where they were treated."
    ),
    not_more=(("admission_episodes.emergency", "admission_episodes"),),
)
