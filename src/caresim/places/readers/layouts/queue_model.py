"""The published queue model of the Bristol area (IPACS): its workbook of inputs, and outputs.

A node such as ``P1_B`` is a pathway and a locality; scenarios of arrivals, capacity and stays are
kept as variants.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from caresim.places.readers.areas import Area, text
from caresim.places.readers.cells import key
from caresim.places.readers.dates import Period
from caresim.places.readers.gather import Gathering, check_orders, place, read_period
from caresim.places.readers.layout import Context, Layout, column, needed
from caresim.places.readers.layouts.kind import Kind
from caresim.places.readers.problems import Cell, stop
from caresim.places.readers.tables import Column, Table, find_table

_NODE = re.compile(r"(P[0-3])_([A-Za-z0-9]+)")
_OUTPUT = re.compile(r"(P[0-3])_([A-Za-z0-9]+)_(.+)__(niq|occ|wait|cost)")
_OUTPUTS = {"niq": "waiting", "occ": "in_service", "wait": "wait_days", "cost": "cost_per_day"}

_ARRIVALS = (
    needed("node", "node", "node"), needed("value", "arrivals", "arrivals"),
    needed("scenario", "scenario", "scenario"), needed("date", "date", "date"),
    column("aside", "day"),
)  # fmt: skip
_CAPACITY = (
    needed("node", "node", "node"), needed("scenario", "scenario", "scenario"),
    needed("places.{}", "capacity", "capacity"),
)  # fmt: skip
_STAYS = (
    needed("node", "node", "node"), needed("scenario", "scenario", "scenario"),
    needed("stay_days.{}.median", "median", "median"),
    needed("stay_days.{}.mean", "mean los", "mean_los"),
    column("stay_parameter.{}.initial_visits", "ivr"),
    column("stay_parameter.{}.final_visits", "fvr"),
    column("stay_parameter.{}.mu", "mu"), column("stay_parameter.{}.sigma", "sigma"),
    column("parameters", "los params"), column("aside", "los dist"),
)  # fmt: skip
_START = (
    needed("node", "node", "node"), needed("measure", "measure", "measure"),
    needed("value", "value", "value"),
)  # fmt: skip
_COSTS = (
    needed("node", "node", "node"),
    needed("cost_per_day.{}.community", "community cost", "community_cost"),
    needed("cost_per_day.{}.acute", "acute dtoc", "acute_dtoc"),
)  # fmt: skip

_SHEETS: tuple[tuple[str, tuple[Column, ...]], ...] = (
    ("initial conditions", _START), ("capacity", _CAPACITY), ("los", _STAYS), ("costs", _COSTS),
)  # fmt: skip
_START_MEASURES = {"occ": "people_in_service", "dtoc": "people_waiting"}


def _workbook(gathering: Gathering, tables: Sequence[Table], context: Context) -> None:
    """Read the five sheets; figures without a date are for the first day of the arrivals."""
    _arrivals(gathering, tables, context)
    if not len(gathering):
        return
    start = Period(min(f.period.first for f in gathering.figures), "moment")
    if context.book.form == "csv":
        return
    names = {key(name): name for name in context.book.sheet_names}
    for title, columns in _SHEETS:
        if title not in names:
            raise stop(
                "R104", context.book.path, f"has no sheet {title!r}; there are "
                + ", ".join(repr(name) for name in context.book.sheet_names),
            )  # fmt: skip
        table = find_table(context.book.sheet(names[title]), columns)
        if table is None or not table.complete:
            raise stop(
                "R104", context.book.path, f"its sheet {title!r} lacks the columns "
                + ", ".join(repr(c.shown) for c in columns if c.needed),
            )  # fmt: skip
        if title == "initial conditions":
            _start(gathering, table, start)
        else:
            _by_scenario(gathering, table, start)


def _arrivals(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    for table in tables:
        day_first = check_orders(gathering, table, "date")
        for line, cells in table.rows():
            node = _node(gathering, table, line, cells)
            raw = table.cell(cells, "date")
            when = read_period(gathering, raw, place(table, line, "date"), day_first=day_first)
            if node is None or when is None:
                continue
            area, pathway = node
            gathering.figure(
                area, Period(when.first, "day"), f"referrals_per_day.{pathway}",
                table.cell(cells, "value"), place(table, line, "value"),
                variant=text(table.cell(cells, "scenario")),
            )  # fmt: skip


def _by_scenario(gathering: Gathering, table: Table, start: Period) -> None:
    for line, cells in table.rows():
        node = _node(gathering, table, line, cells)
        if node is None:
            continue
        area, pathway = node
        scenario = text(table.cell(cells, "scenario"))
        figures: dict[str, Any] = {id: table.cell(cells, id) for id in table.at if "{}" in id}
        parameters = text(table.cell(cells, "parameters"))
        if "stay_parameter.{}.mu" not in table.at and parameters.count(",") == 1:
            mu, sigma = parameters.split(",")
            figures |= {"stay_parameter.{}.mu": mu, "stay_parameter.{}.sigma": sigma}
        for id, raw in figures.items():
            if raw is None:
                continue
            where = place(table, line, id if id in table.at else "parameters")
            gathering.figure(area, start, id.format(pathway), raw, where, variant=scenario)


def _start(gathering: Gathering, table: Table, start: Period) -> None:
    for line, cells in table.rows():
        node = _node(gathering, table, line, cells)
        said = text(table.cell(cells, "measure"))
        if node is None:
            continue
        measure = _START_MEASURES.get(said)
        if measure is None:
            gathering.report.change("dropped", "measure not read", 1, "rows", (said,))
            continue
        raw = table.cell(cells, "value")
        gathering.figure(node[0], start, f"{measure}.{node[1]}", raw, place(table, line, "value"))


def _node(
    gathering: Gathering, table: Table, line: int, cells: Sequence[Any]
) -> tuple[Area, str] | None:
    """Return the locality and pathway of a node."""
    raw = text(table.cell(cells, "node"))
    found = _NODE.fullmatch(raw)
    if found is None:
        gathering.report.add(
            "R306", place(table, line, "node"),
            f"{raw[:40]!r} is not a node such as P1_B: a pathway and a locality",
        )  # fmt: skip
        return None
    return Area("", found[2], "locality"), found[1].lower()


def _output(gathering: Gathering, tables: Sequence[Table], _context: Context) -> None:
    """Read published output: a row for each day, a column for each node, scenario and output."""
    for table in tables:
        columns = [(at, found) for at, h in enumerate(table.headings)
                   if (found := _OUTPUT.fullmatch(h)) is not None]  # fmt: skip
        for line, cells in table.rows():
            when = read_period(gathering, table.cell(cells, "date"), place(table, line, "date"))
            if when is None:
                continue
            for at, found in columns:
                area = Area("", found[2], "locality")
                cell = Cell(table.sheet.name, line, at + 1, table.headings[at])
                gathering.figure(
                    area, Period(when.first, "day"),
                    f"simulated.{found[1].lower()}.{_OUTPUTS[found[4]]}",
                    cells[at] if at < len(cells) else None, cell, variant=found[3],
                )  # fmt: skip


KIND = Kind(
    id="queue_model",
    title="Queue model of discharge to community care in the Bristol area (IPACS)",
    publisher="Bristol, North Somerset and South Gloucestershire; University of Exeter",
    page="https://github.com/nhs-bnssg-analytics/ipacs-model",
    layouts=(
        Layout(
            "queue_model",
            "workbook of inputs",
            _ARRIVALS,
            _workbook,
            sheets="arrivals",
            sheet_titles=("arrivals", "initial conditions", "capacity", "los", "costs"),
            signature=r"initial conditions",
        ),
        Layout(
            "queue_model",
            "published output",
            (needed("date", "date", "date"), needed("any", r"p[123] \w+ .* (niq|occ|wait|cost)")),
            _output,
            forms=("csv",),
        ),
    ),
    measures=(
        "referrals_per_day",
        "places",
        "stay_days",
        "stay_parameter",
        "people_in_service",
        "people_waiting",
        "cost_per_day",
        "simulated",
    ),
    scope=(
        "People referred from hospital to pathways 1 (visits at home), 2 (rehabilitation beds) and "
        "3 (care home beds), by locality and scenario; expected referrals a day, not counts."
    ),
)
