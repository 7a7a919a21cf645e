"""Acute discharge situation report: people with no criteria to reside, by day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from caresim.places.readers import dates
from caresim.places.readers.areas import text
from caresim.places.readers.cells import key, slug
from caresim.places.readers.gather import Gathering, place, read_period
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.acute_workbook import SERIES, WORKBOOK
from caresim.places.readers.layouts.kind import NHS_ENGLAND, STATISTICS, Kind
from caresim.places.readers.layouts.metrics import metric
from caresim.places.readers.rows import long, wide
from caresim.places.readers.tables import Table

_ACUTE = "acute_discharge"


def _long(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    """Read the CSV form: a row for each organisation, date and metric."""
    for table in tables:

        def named(name: str, cells: Sequence[Any], table: Table = table) -> tuple[str, str]:
            group = key(table.cell(cells, "group"))
            return metric(name, group) or (f"other.{slug(name)}", "")

        long(gathering, table, named)


def _daily(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    for table in tables:
        wide(gathering, table, None)


def _monthly(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    for table in tables:
        wide(gathering, table, None, frequency="month")


def _spans(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read destinations or reasons over several months: a row for each area and name."""
    for table in tables:
        for line, cells in table.rows():
            said = text(table.cell(cells, "date")) or _span_in_name(context)
            when = dates.period(said.split("..")[0])
            if when is None:
                read_period(gathering, said or None, place(table, line, "measure"))
                continue
            meant = metric(text(table.cell(cells, "measure")))
            if meant is None:
                gathering.report.change("dropped", "measure not read", 1, "rows")
                continue
            area = gathering.area(table.cell(cells, "code"), table.cell(cells, "name"))
            gathering.figure(
                area, dates.Period(when.first, "span"), meant[0], table.cell(cells, "value"),
                place(table, line, "value"), variant=said,
            )  # fmt: skip


def _span_in_name(context: Context) -> str:
    """Return the months that the name of the file states, such as 2024-06..2025-03."""
    found = re.findall(r"20\d\d-(?:0[1-9]|1[0-2])(?!\d)", context.book.path.stem)
    return "..".join(found)


_AREA = needed("code", r"(icb22|icb|nhs trust22|trust|org|organisation)? ?code", "icb22_code")
_NCTR = r"(number of patients who )?(no longer|do not|does not) meet( the)? criteria to reside.*"

KIND = Kind(
    id=_ACUTE,
    title="Acute discharge situation report",
    publisher=NHS_ENGLAND,
    page=STATISTICS + "discharge-delays/acute-discharge-situation-report/",
    layouts=(
        WORKBOOK,
        SERIES,
        Layout(
            _ACUTE,
            "CSV",
            (
                needed("date", r"period|date|reporting date", "Period"),
                column("level", r"level|org(anisation)? type", "Level"),
                column("region", r"region", "Region"),
                column("aside", r"icb|icb name|icb code", "ICB"),
                needed("code", r"org(anisation)? code", "Org Code"),
                column("name", r"org(anisation)? name", "Org Name"),
                column("group", r"metric group", "Metric Group"),
                column("kind", r"metric type|type", "Metric Type"),
                needed("measure", r"metric|measure", "Metric"),
                needed("value", r"value", "Value"),
            ),
            _long,
            signature=r"discharge sitrep|acute discharge",
            exact_duplicates=True,
        ),
        Layout(
            _ACUTE,
            "daily table of people with no criteria to reside",
            (
                _AREA,
                needed("date", "date|period", "date"),
                needed("no_criteria_to_reside", _NCTR, "do_not_meet_criteria_to_reside"),
            ),
            _daily,
            area_hint="board",
        ),
        Layout(
            _ACUTE,
            "daily table of people discharged",
            (
                _AREA,
                needed("date", "date|period", "date"),
                column("discharges.by_17_00", r"discharged by (1700|17 00)", "discharged_by_1700"),
                column(
                    "discharges.after_17_00",
                    r"discharged between (1701|17 01).*",
                    "discharged_between_1701_2359",
                ),
                needed("discharges", r"discharged total|total discharged", "discharged_total"),
            ),
            _daily,
            area_hint="board",
        ),
        Layout(
            _ACUTE,
            "monthly table of daily means",
            (
                needed("code", "code|org code", "code"),
                column("name", "name|org name", "name"),
                needed("date", "month|date|period", "month"),
                needed("no_criteria_to_reside", "nctr daily (avg|average|mean)", "nctr_daily_avg"),
                column(
                    "discharges_per_day",
                    "discharged daily (avg|average|mean)",
                    "discharged_daily_avg",
                ),
                needed(
                    "no_criteria_to_reside_day_end",
                    "remaining daily (avg|average|mean)",
                    "remaining_daily_avg",
                ),
            ),
            _monthly,
            area_hint="board",
        ),
        Layout(
            _ACUTE,
            "table of destinations",
            (
                needed("code", "code", "code"),
                column("name", "name", "name"),
                needed("date", "period|months?", "period"),
                needed("measure", "destination", "destination"),
                needed("value", "count|value", "count"),
            ),
            _spans,
            area_hint="board",
        ),
        Layout(
            _ACUTE,
            "table of reasons for delay",
            (
                needed("code", "code", "code"),
                column("name", "name", "name"),
                needed("measure", "reason", "reason"),
                needed("value", r"mean monthly average|average|value", "mean_monthly_average"),
                column("aside", "months", "months"),
            ),
            _spans,
            area_hint="board",
        ),
    ),
    measures=(
        "no_criteria_to_reside",
        "no_criteria_to_reside_day_end",
        "discharges",
        "discharges_per_day",
        "pathway_discharges",
        "delayed_by_reason",
        "additional_bed_days",
        "long_stay_patients",
    ),
    scope=(
        "People of 18 or over in general and acute beds of acute trusts with a major (type 1) "
        "emergency department; without maternity, mental health and specialist trusts, and "
        "without people who died. Counted each day since April 2021; boards are those of the "
        "trusts' sites, not of residence."
    ),
    not_more=(("no_criteria_to_reside_day_end", "no_criteria_to_reside"),),
)
