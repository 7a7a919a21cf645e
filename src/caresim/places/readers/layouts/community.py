"""Community beds and urgent community response, in the tables that places are built from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from caresim.places.readers.dates import Period, period_within
from caresim.places.readers.gather import Gathering
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.kind import NHS_ENGLAND, STATISTICS, Kind
from caresim.places.readers.problems import stop
from caresim.places.readers.rows import must_have_period, wide
from caresim.places.readers.tables import Table


def _beds(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read beds and mean stays on the day of the audit, which the name of the file states."""
    found = re.search(r"(20\d\d)-(\d\d)-(\d\d)", context.book.path.stem)
    day = datetime.date.fromisoformat(found.group()) if found else None
    if day is None:
        when = period_within(context.book.path.stem)
        day = when.first if when else None
    for table in tables:
        if day is None:
            raise stop(
                "R302", context.book.path, "its name does not say which day the audit was on",
                line=table.line, hint="name it such as community_beds_2026-03-04.csv",
            )  # fmt: skip
        wide(gathering, table, Period(day, "moment"))


def _urgent(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    for table in tables:
        period = must_have_period(context.period, table, gathering)
        wide(gathering, table, period,
             scales=lambda id: 0.01 if id.endswith("2_hours") else 1.0)  # fmt: skip


_CODE = needed("code", "code|icb code", "code")
_NAME = column("name", "name|icb name", "name")

BEDS = Kind(
    id="community_beds",
    title="Community bed audit",
    publisher=NHS_ENGLAND,
    page="https://www.england.nhs.uk/statistics/",
    layouts=(
        Layout(
            "community_beds",
            "table by board",
            (
                _CODE,
                _NAME,
                needed("community_beds", "beds", "beds"),
                needed("community_stay_days", "los overall", "los_overall"),
                column(
                    "community_stay_days.post_hospital_rehabilitation", "los post hospital rehab"
                ),
                column("community_stay_days.step_up", "los step up"),
                column("community_stay_days.assessment", "los assessment"),
                column("community_beds.block", "block"),
                column("community_beds.spot", "spot"),
                column("community_beds.step_up", "step up beds"),
                column("community_beds.assessment", "assessment beds"),
                column("community_beds.rehabilitation", "rehab beds"),
            ),
            _beds,
            area_hint="board",
        ),
    ),
    measures=("community_beds", "community_stay_days"),
    scope="Beds of intermediate care in the community on one day, by board.",
)

URGENT = Kind(
    id="urgent_response",
    title="Urgent community response",
    publisher=NHS_ENGLAND,
    page=STATISTICS + "community-health-services-waiting-lists/",
    layouts=(
        Layout(
            "urgent_response",
            "table by board",
            (
                column("level", "level"),
                _CODE,
                _NAME,
                needed("urgent_response_referrals", "ucr referrals", "ucr-referrals"),
                needed("urgent_response_contacts", "ucr care contacts", "ucr-care-contacts"),
                needed(
                    "urgent_response_within_2_hours",
                    "ucr two hour achievement",
                    "ucr-two-hour-achievement",
                ),
            ),
            _urgent,
            area_hint="board",
        ),
    ),
    measures=(
        "urgent_response_referrals",
        "urgent_response_contacts",
        "urgent_response_within_2_hours",
    ),
    scope="Referrals to teams that respond within two hours or two days, 18 or over, by board.",
)
