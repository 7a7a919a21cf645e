"""Discharge ready date: how long people stay after they are ready, by month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from caresim.places.readers.areas import text
from caresim.places.readers.cells import key, slug
from caresim.places.readers.checks import Sum
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering, place, read_period
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.kind import NHS_ENGLAND, STATISTICS, Kind
from caresim.places.readers.matrix import matrix
from caresim.places.readers.rows import LEVELS, must_have_period, wide
from caresim.places.readers.tables import Table

_DRD = "discharge_ready_date"
_D, _B, _S = "ready_date_discharges", "ready_date_bed_days", "ready_date_share"

BANDS = ("no_delay", "one_day", "two_three", "four_six", "seven_thirteen", "fourteen_twenty",
         "twenty_one_plus")  # fmt: skip
"""Bands of delay in days."""

_BAND = (
    (r"\bno delay|\b0 days?\b", "no_delay"),
    (r"\b2 ?(to )?3\b", "two_three"),
    (r"\b4 ?(to )?6\b", "four_six"),
    (r"\b7 ?(to )?13\b", "seven_thirteen"),
    (r"\b14 ?(to )?20\b", "fourteen_twenty"),
    (r"\b21\b", "twenty_one_plus"),
    (r"\b1 day\b|one day", "one_day"),
)


def metric(name: str, group: str = "") -> tuple[str, str] | None:
    """Return the id of a measure of the publication, from its name.

    Parameters
    ----------
    name
        As in the file.
    group
        Headings it stands under, reduced.

    Examples
    --------
    >>> metric("Total bed days after Discharge Ready Date for patients discharged within 2-3 days")
    ('ready_date_bed_days.two_three', 'month')
    >>> metric("Average days from Discharge Ready Date to date of discharge (exc 0 day delays)")
    ('ready_date_mean_delay_days.excluding_zero', 'month')
    """
    found = _metric(key(name), group, "%" in name)
    return None if found is None else (found, "month")


def _metric(words: str, group: str, percent: bool) -> str | None:
    percent = percent or "percent" in words or "percent" in group or "proportion" in group
    if words.startswith("average days") or "average" in words:
        part = "including_zero" if re.search(r"\binc", words) else "excluding_zero"
        return f"ready_date_mean_delay_days.{part}"
    if "acceptable data" in words:
        return "ready_date_coverage.providers" if percent else "ready_date_providers"
    if "from acceptable trusts" in words:
        return "ready_date_coverage.discharges" if percent else _D
    if "same as" in words or words in ("same day", "same day discharges"):
        return f"{_S}.same_day"
    if re.search(r"1 plus days? after|1 or more days after", words):
        return f"{_S}.delayed"
    if "bed days lost" in words or words in ("total bed days", "bed days after drd"):
        return _B
    band = next((id for pattern, id in _BAND if re.search(pattern, words)), None)
    if band is not None:
        if "bed days" in words or ("bed days" in group and "number of patients" not in words):
            return f"{_B}.{band}"
        if "within" in f"{words} {group}":
            return f"{_S}_of_delayed.{band}"  # published as percentages of those delayed
        return f"{_S}.{band}" if percent else f"{_D}.{band}"
    if re.search(r"discharge", words) and re.search(r"\btotal\b", words):
        return None if "utla patients" in words or "from provider" in words else _D
    return None


def _workbook(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the sheets by trust, board and council; those of data not acceptable are left out."""
    known: set[tuple[str, str, Period]] = set()
    for table in tables:
        sheet = key(table.sheet.name)
        if "unacceptable" in sheet or "not acceptable" in sheet:
            gathering.report.change(
                "dropped", "sheet of data not acceptable", 1, "sheets", (sheet,)
            )
            continue
        gathering.area_hint = "council" if "utla" in sheet else ""
        period = must_have_period(context.period, table, gathering)
        month = Period(period.first.replace(day=1), "month")
        kept = _aggregates(gathering, table)
        matrix(gathering, kept, metric, month, known)


def _aggregates(gathering: Gathering, table: Table) -> Table:
    """Leave out rows for the residents of one council in one trust."""
    if "level" not in table.at:
        return table
    levels = [key(table.cell(cells, "level")) for cells in table.sheet.rows]
    if not any("aggregate" in level for level in levels[table.top + 1 :]):
        return table
    kept = [
        position
        for position, level in enumerate(levels)
        if position <= table.top or not level or "aggregate" in level
    ]
    rows = [table.sheet.rows[position] for position in kept]
    lines = [table.sheet.lines[position] for position in kept]
    dropped = len(levels) - len(kept)
    gathering.report.change("dropped", "part of a council's people in one trust", dropped, "rows")
    return replace(table, sheet=replace(table.sheet, rows=rows, lines=lines))


def _csv(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the CSV form: a row for each organisation, council and measure."""
    for table in tables:
        fixed = (
            must_have_period(context.period, table, gathering) if "date" not in table.at else None
        )
        for line, cells in table.rows():
            level = key(table.cell(cells, "level"))
            council = level == "utla aggregate"
            if not council and level not in ("national", "icb", "provider", "england", "region"):
                gathering.report.change(
                    "dropped", "part of a council's people in one trust", 1, "rows"
                )
                continue
            meant = metric(text(table.cell(cells, "measure")))
            if meant is None:
                gathering.report.change(
                    "dropped", "measure not read", 1, "rows", (text(table.cell(cells, "measure")),)
                )
                continue
            code = table.cell(cells, "utla_code" if council else "code")
            name = table.cell(cells, "utla_name" if council else "name")
            area = gathering.area(code, name, LEVELS.get(level, ""))
            if not area.code.startswith(("E", "Q", "R", "Y")) and council:
                gathering.report.change(
                    "dropped", "council outside England or not stated", 1, "rows"
                )
                continue
            when = fixed
            if when is None:
                when = read_period(gathering, table.cell(cells, "date"), place(table, line, "date"))
            if when is not None:
                month = Period(when.first.replace(day=1), "month")
                cell = place(table, line, "value")
                gathering.figure(area, month, meant[0], table.cell(cells, "value"), cell)


def _monthly(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    for table in tables:
        wide(gathering, table, None, frequency="month", scales=_percent)


def _percent(id: str) -> float:
    return 0.01 if id == "ready_date_coverage.discharges" else 1.0


def _bands(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read a table with a row for each area and band of delay, over a year."""
    for table in tables:
        period = must_have_period(context.period, table, gathering)
        for line, cells in table.rows():
            band = slug(table.cell(cells, "measure"))
            if band not in BANDS:
                gathering.report.change("dropped", "band not known", 1, "rows", (band,))
                continue
            hint = LEVELS.get(key(table.cell(cells, "level")), "")
            area = gathering.area(table.cell(cells, "code"), table.cell(cells, "name"), hint)
            for id, measure in (("count", _D), ("bed_days", _B)):
                if id == "bed_days" and band == "no_delay":
                    continue
                raw: Any = table.cell(cells, id)
                gathering.figure(area, period, f"{measure}.{band}", raw, place(table, line, id))


_PLACE = (
    column("level", r"summary type|data type", "Summary Type"),
    column("region", r"region.*", "Region"),
    column("aside", r"icb.*|data source|source of data", "ICB"),
    needed("code", r"(org(anisation)?|utla|icb|provider)? ?code", "Code"),
    needed("name", r"(org(anisation)?|icb|provider)? ?name|utla|upper tier local authority"
           r"|organisation|icb", "Organisation Name"),
)  # fmt: skip

KIND = Kind(
    id=_DRD,
    title="Discharge ready date",
    publisher=NHS_ENGLAND,
    page=STATISTICS + "discharge-delays/discharge-ready-date/",
    layouts=(
        Layout(
            _DRD,
            "monthly workbook",
            _PLACE,
            _workbook,
            sheets=r"(provider|icb|region|national|utla|trust).*",
            forms=("workbook",),
            sheet_titles=("Provider", "UTLA Acceptable"),
            signature=r"discharge ready|timeliness of acute hospital discharges",
        ),
        Layout(
            _DRD,
            "CSV",
            (
                needed("level", "data type|summary type", "Data Type"),
                column("date", "period|month|reporting period", "Period"),
                column("region", "region.*", "Region (of Provider)"),
                column("aside", "icb.*|data source.*", "ICB (of Provider)"),
                needed(
                    "utla_code",
                    "(upper tier local authority|utla) code",
                    "Upper Tier Local Authority Code",
                ),
                column(
                    "utla_name",
                    "upper tier local authority|utla( name)?",
                    "Upper Tier Local Authority",
                ),
                needed("code", "(org(anisation)? )?code", "Code"),
                column("name", "org(anisation)? name", "Organisation Name"),
                needed("measure", "measure|metric", "Measure"),
                needed("value", "value", "Value"),
            ),
            _csv,
            forms=("csv",),
            signature=r"discharge ready",
        ),
        Layout(
            _DRD,
            "table by month",
            (
                column("level", "level", "level"),
                needed("code", "code", "code"),
                column("name", "name", "name"),
                needed("date", "month|period|date", "month"),
                needed(_D, "discharges|total discharges", "discharges"),
                column(f"{_D}.same_day", "same day", "same_day"),
                column(f"{_D}.delayed", "delayed", "delayed"),
                needed(_B, "bed days( after drd)?", "bed_days_after_drd"),
                column(
                    "ready_date_mean_delay_days.excluding_zero",
                    "mean delay excl zero",
                    "mean_delay_excl_zero",
                ),
                column(
                    "ready_date_coverage.discharges",
                    "utla coverage (pct|percent)",
                    "utla_coverage_pct",
                ),
            ),
            _monthly,
        ),
        Layout(
            _DRD,
            "table by band of delay",
            (
                needed("code", "code", "code"),
                column("name", "name", "name"),
                needed("level", "type|level", "type"),
                needed("measure", "band", "band"),
                needed("count", "count", "count"),
                needed("bed_days", "bed days", "bed_days"),
            ),
            _bands,
        ),
    ),
    measures=(
        _D,
        _B,
        _S,
        f"{_S}_of_delayed",
        "ready_date_mean_delay_days",
        "ready_date_coverage",
        "ready_date_providers",
    ),
    scope=(
        "People of 18 or over discharged from acute trusts with a major (type 1) emergency "
        "department, for whom a discharge ready date is recorded, by trusts whose data are "
        "acceptable; days are the midnights between that date and the date of discharge, counted "
        "in the month of discharge. Since September 2023."
    ),
    sums=(
        Sum(_D, tuple(f"{_D}.{band}" for band in BANDS)),
        Sum(_B, tuple(f"{_B}.{band}" for band in BANDS[1:])),
        Sum(_D, (f"{_D}.same_day", f"{_D}.delayed")),
    ),
)
