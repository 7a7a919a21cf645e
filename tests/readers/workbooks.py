"""Synthetic files in the layouts of official ones, with invented figures."""

import datetime

import openpyxl
import xlwt

REASONS = (
    "A) Awaiting completion of assessment", "B) Awaiting public funding",
    "C) Awaiting further non-acute NHS care",
    "Di) Awaiting residential home placement or availability",
    "Dii) Awaiting nursing home placement or availability",
    "E) Awaiting care package in own home", "F) Awaiting community equipment and adaptations",
    "G) Patient or family choice", "H) Disputes",
    "I) Housing - patients not covered by Care Act", "Other",
)  # fmt: skip


def notes(period, title="Delayed Transfer of Care, NHS Organisations, England"):
    return [
        [], [None, "Title:", title],
        [None, "Summary:", "Number of Delayed Days during the reporting period"], [],
        [None, "Period:", period], [None, "Source:", "Unify2 Data Collection - MSitDT"],
        [None, "Basis:", "Local Authority"], [None, "Published:", "10th May 2018"],
        [None, "Revised:", "-"], [], [],
    ]  # fmt: skip


COUNCILS = (
    ("East Midlands", "E06000015", "507", "Derby UA", 300),
    ("East Midlands", "E10000007", "506", "Derbyshire", 1200),
    ("East of England", "E06000055", "00KB", "Bedford", 180),
    ("-", "-", "9900", "Resident In Wales", 90),
)


def split(total, parts):
    """Part a whole number into so many whole numbers."""
    share = total // parts
    return [total - share * (parts - 1), *[share] * (parts - 1)]


def delayed_transfers(period="March 2018", *, codes=True, councils=COUNCILS):
    """Return the sheets of a delayed transfers workbook by name."""
    place = ["Region", "ONS Geography", "Code", "Name"] if codes else ["SHA", "Code", "Name"]

    def row(council, figures):
        region, ons, local, name, _ = council
        return [None, *((region, ons, local, name) if codes else ("-", local, name)), *figures]

    total = sum(council[-1] for council in councils)
    england = ("-", "-", "-", "England", total)
    sheets = {"England": [*notes(period), [None, "Type of Care", "Reason", "NHS"]]}
    tables = (
        ("LA - by Type of Care", ("Acute", "Non-Acute", "Total"), 2),
        ("LA - by responsible org", ("NHS", "Social Care", "Both", "Total"), 3),
        ("LA - by reason", (*REASONS, "Total"), len(REASONS)),
    )
    for name, heads, parts in tables:
        rows = [*notes(period), [None, *[None] * len(place), "Delayed Days"],
                [None, *place, *heads]]  # fmt: skip
        for council in (england, None, *councils):
            figures = [] if council is None else [*split(council[-1], parts), council[-1]]
            rows.append([] if council is None else row(council, figures))
        sheets[name] = rows
    sheets["Data Quality"] = [["Data Quality"], ["One trust supplied a partial submission."]]
    return sheets


def acute_discharge(year=2024, month=8, *, split_discharges=False, days=4, trusts=None):
    """Return the sheets of a monthly workbook of the acute discharge situation report."""
    trusts = trusts or {"RXX": ("EAST OF ENGLAND", "FIRST TRUST", 100, 30),
                        "RYY": ("LONDON", "SECOND TRUST", 60, 20)}  # fmt: skip
    nctr = "Number of patients who no longer meet the criteria to reside"
    left = "Number of patients remaining in hospital who no longer meet the criteria to reside"
    out = (
        ["Number of patients discharged by 17:00",
         "Number of patients discharged between 17:01 and 23:59"]
        if split_discharges
        else ["Number of patients discharged"]
    )  # fmt: skip
    dates = [datetime.datetime(year, month, day) for day in range(1, days + 1)]
    heads = [nctr, *out, left]
    header = [None, "Region", "Org Code", "Org Name"]

    def figures(there, gone):
        parts = split(gone, len(out))
        return [value for _ in dates for value in (there, *parts, there - gone)]

    above = [None, None, None, None]
    for date in dates:
        above += [date, *[None] * (len(heads) - 1)]
    period = f"1st to {days}th {dates[0]:%B %Y}"
    rows = [
        [], [None, "Title:", "Acute Daily Discharge Situation Report"],
        [None, "Period:", period], [None, "Published:", datetime.datetime(year, month + 1, 12)],
        [], above, [*header, *heads * days],
        [None, "-", "-", "ENGLAND (Type 1 Trusts)",
         *figures(sum(t[2] for t in trusts.values()), sum(t[3] for t in trusts.values()))],
        [],
        [None, "EAST OF ENGLAND", "QH8", "NHS MID AND SOUTH ESSEX INTEGRATED CARE BOARD",
         *figures(100, 30)],
        [], [*header, *heads * days],
    ]  # fmt: skip
    rows += [[None, region, code, name, *figures(there, gone)]
             for code, (region, name, there, gone) in trusts.items()]  # fmt: skip
    rows += [[], [None, "Notes: figures are as submitted by trusts and are not validated."]]
    delays = [
        [], [None, "Title:", "Reasons for delay"], [None, "Period:", period], [],
        [*header, "Capacity – Equipment not yet delivered (Pathway 1-3)",
         "Hospital process – Awaiting patient transport services"],
        *([None, region, code, name, 5.5, "*"]
          for code, (region, name, _, _) in trusts.items()),
    ]  # fmt: skip
    return {"Cover Sheet": rows[:4], "Table 2": rows, "Table 5": delays}


def write_xlsx(path, sheets):
    """Write sheets as .xlsx."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def write_xls(path, sheets):
    """Write sheets as .xls."""
    book = xlwt.Workbook()
    style = xlwt.easyxf(num_format_str="D-MMM-YY")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    dated = isinstance(cell, datetime.date)
                    sheet.write(r, c, cell, style) if dated else sheet.write(r, c, cell)
    book.save(str(path))
    return path


def write_csv(path, text):
    """Write the text of a CSV."""
    path.write_text(text, encoding="utf-8")
    return path
