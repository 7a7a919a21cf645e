"""A&E attendances and emergency admissions, by month."""

from __future__ import annotations

from collections.abc import Sequence

from caresim.places.readers import dates
from caresim.places.readers.cells import key
from caresim.places.readers.checks import Sum
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.kind import NHS_ENGLAND, STATISTICS, Kind
from caresim.places.readers.matrix import matrix
from caresim.places.readers.rows import must_have_period, wide
from caresim.places.readers.tables import Column, Table

_AE = "emergency"
_ALL, _OVER, _IN, _WAIT = ("emergency_attendances", "emergency_attendances_over_4_hours",
                           "emergency_admissions", "waits_for_admission")  # fmt: skip

_NUMBER = r"(number of )?"
_TYPES = (
    ("type_1", r"type 1( departments?.*)?", "Type 1"),
    ("type_2", r"type 2( departments?.*)?", "Type 2"),
    ("type_3", r"(type 3|other)( (a and e )?departments?.*)?", "Other A&E Department"),
)


def _csv_columns() -> tuple[Column, ...]:
    found = []
    for id, names, title in _TYPES:
        must = id == "type_1"
        make = needed if must else column
        found += [
            make(f"{_ALL}.{id}", rf"{_NUMBER}a and e attendances {names}",
                 f"A&E attendances {title}"),
            column(f"{_ALL}.booked_{id}",
                   rf"{_NUMBER}a and e attendances booked appointments {names}"),
            make(f"{_OVER}.{id}", rf"{_NUMBER}(a and e )?attendances over 4 ?(hrs|hours) {names}",
                 f"Attendances over 4hrs {title}"),
            column(f"{_OVER}.booked_{id}",
                   rf"{_NUMBER}(a and e )?attendances over 4 ?(hrs|hours) booked appointments "
                   rf"{names}"),
            column(f"{_IN}.{id}", rf"emergency admissions via a and e {names}"),
        ]  # fmt: skip
    return (
        *found,
        column(f"{_WAIT}.4_to_12_hours", r".*waited 4 12 (hs|hrs|hours) from dta to admission"),
        column(f"{_WAIT}.over_12_hours", r".*waited 12 plus (hs|hrs|hours) from dta to admission"),
        column(f"{_IN}.otherwise", r"other emergency admissions"),
    )


def _csv(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the CSV form, in which the total is the sum of the three types."""
    met: list[Period] = []

    def month(cell: object) -> Period | None:
        found = dates.period(cell) or dates.period_within(cell)
        if found is not None:
            met[:] = [found]
        elif key(cell) == "total":
            # The row of England has no month of its own: that of the rows above it is meant.
            found = met[0] if met else context.period
        return found

    for table in tables:
        wide(gathering, table, None, frequency="month", period_cell=month)


def _workbook(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the sheets by system and by provider."""
    known: set[tuple[str, str, Period]] = set()
    for table in tables:
        period = must_have_period(context.period, table, gathering)
        matrix(gathering, table, _named, Period(period.first.replace(day=1), "month"), known)


def _named(heading: str, group: str) -> tuple[str, str] | None:
    """Return the measure of a column of the workbook, from its heading and the one above."""
    found = _measure(key(heading), group.split(" / ")[0])
    return None if found is None else (found, "month")


def _measure(words: str, group: str) -> str | None:
    both = f"{group} {words}"
    if "percent" in words or "within 4 hours" in both or "less than 4 hours" in both:
        return None
    kind = next((id for id, _, _ in _TYPES if id.replace("_", " ") in words), "")
    if "admission" in both and "attendances" not in words and not words.startswith("type"):
        if "decision to admit" in words or "dta" in words:
            return f"{_WAIT}.over_12_hours" if "12" in words else f"{_WAIT}.over_4_hours"
        if words.startswith("total emergency admissions via"):
            return f"{_IN}.through_department"
        if words.startswith("total emergency admissions"):
            return _IN
        if words.startswith("other emergency admissions"):
            return f"{_IN}.otherwise"
        if words.startswith("emergency admissions via") and kind:
            return f"{_IN}.{kind}"
        return None
    booked = "booked_" if "booked" in both else ""
    over = "over 4 hours" in both or "greater than 4 hours" in both
    head = _OVER if over else _ALL
    if kind:
        return f"{head}.{booked}{kind}" if "attendances" in both else None
    if words.startswith("total attendances") and not booked:
        return head
    return None


def _monthly(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    for table in tables:
        wide(gathering, table, None, frequency="month")


_CODE = needed("code", r"(org(anisation)?|provider|system|icb22)? ?code", "Org Code")

KIND = Kind(
    id=_AE,
    title="A&E attendances and emergency admissions",
    publisher=NHS_ENGLAND,
    page=STATISTICS + "ae-waiting-times-and-activity/",
    layouts=(
        Layout(
            _AE,
            "CSV by provider",
            (
                needed("date", "period", "Period"),
                _CODE,
                column("region", "parent org", "Parent Org"),
                column("name", "org(anisation)? name", "Org name"),
                *_csv_columns(),
            ),
            _csv,
            area_hint="provider",
            signature=r"monthly ae|msitae",
        ),
        Layout(
            _AE,
            "monthly workbook",
            (
                column("region", "region( name)?|parent org", "Region"),
                _CODE,
                needed("name", r"(org(anisation)?|provider|system)? ?name|system|region", "Name"),
                needed("any", r"type 1 departments.*", "Type 1 Departments - Major A&E"),
            ),
            _workbook,
            sheets=r".*(system|provider|stp|region) level data.*|a and e data",
            forms=("workbook",),
            sheet_titles=("System Level Data", "Provider Level Data"),
            signature=r"a and e attendances",
        ),
        Layout(
            _AE,
            "monthly table by board",
            (
                needed("code", "icb22 code|code|org code", "icb22_code"),
                needed("date", "date|month|period", "date"),
                needed(_ALL, "total attendances", "total_attendances"),
                column(_OVER, r"attendances over ?4 ?hours", "attendances_over_4hours"),
                needed(_IN, "total emergency admissions", "total_emergency_admissions"),
                column(f"{_WAIT}.over_4_hours", r"emergency admissions over ?4 ?hours"),
                column("aside", r"(pct|percent) .*"),
            ),
            _monthly,
            area_hint="board",
        ),
    ),
    measures=(_ALL, _OVER, _IN, _WAIT),
    scope=(
        "People of all ages, by provider or by the board of its site. Type 1: major departments "
        "with consultants day and night; type 2: single specialty; type 3: others, minor injury "
        "units among them. Emergency admissions are of all kinds, through a department or not."
    ),
    sums=(Sum(_ALL, tuple(f"{_ALL}.{id}" for id, _, _ in _TYPES)),),
    not_more=((_OVER, _ALL), (f"{_OVER}.type_1", f"{_ALL}.type_1")),
)
