"""The event log in files, and in the layouts of programs that draw and mine logs.

- a tidy table, in CSV or Parquet: one row for each stay, and for each wait that came to none;
- XES, which pm4py and other programs of process mining read (:mod:`caresim.results.xes`);
- the event log of vidigi (``vidigi.prep.reshape_for_animations``), which animates people;
- the activity log of bupaR (``bupaR::activitylog``), for R: G. Janssenswillen and others, bupaR:
  enabling reproducible business process analysis, Knowledge-Based Systems 163 (2019),
  doi:10.1016/j.knosys.2018.10.018.
"""

from __future__ import annotations

import heapq
import math
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from caresim.results.event_log import LogTable, activities, spells
from caresim.results.export import require
from caresim.results.xes import write_xes

if TYPE_CHECKING:
    import pandas as pd

    from caresim.results.results import Results


LogFormat = Literal["csv", "parquet", "xes", "bupar", "vidigi"]
LOG_FORMATS: tuple[LogFormat, ...] = ("csv", "parquet", "xes", "bupar", "vidigi")
"""Layouts of the event log in files. Those of bupaR and vidigi are CSV files."""


def write_log(table: LogTable, path: str | Path, form: LogFormat, member: int = 0) -> Path:
    """Write the event log to a file.

    Parameters
    ----------
    table
        The log.
    path
        The file; it is replaced.
    form
        The layout.
    member
        Whom the layout of vidigi, which has one run, is of.

    Raises
    ------
    MissingPackageError
        If Parquet is asked for and pyarrow is not installed.
    """
    path = Path(path)
    if form == "xes":
        write_xes(table, path)
    elif form == "parquet":
        require("pyarrow", "parquet")
        table.recorded.to_parquet(path, engine="pyarrow", index=False)
    elif form == "bupar":
        bupar_log(table).to_csv(path, index=False)
    elif form == "vidigi":
        vidigi_log(table, member).to_csv(path, index=False)
    else:
        table.recorded.to_csv(path, index=False)
    return path


def export_logs(
    results: Results, folder: str | Path, form: LogFormat, member: int = 0
) -> tuple[Path, ...]:
    """Write the event log of every option to a folder, made if need be.

    Returns
    -------
    tuple of Path
        ``event_log-OPTION.csv``, ``.parquet`` or ``.xes``, or ``event_log-OPTION-bupar.csv`` or
        ``-vidigi.csv``.

    Raises
    ------
    LogNotKeptError
        If the run kept no log.
    ValueError
        If there is no such member.
    MissingPackageError
        If Parquet is asked for and pyarrow is not installed.
    """
    tables = {option.name: option.log_table for option in results}
    if form == "vidigi" and not 0 <= member < results.members:
        raise ValueError(f"no member {member}: the run has {results.members}, the first is 0")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ending = {"bupar": "-bupar.csv", "vidigi": "-vidigi.csv"}.get(form, f".{form}")
    return tuple(
        write_log(table, folder / f"event_log-{name}{ending}", form, member)
        for name, table in tables.items()
    )


def bupar_log(table: LogTable) -> pd.DataFrame:
    """Return the event log as an activity log for bupaR: one row for each spell.

    Returns
    -------
    pandas.DataFrame
        Columns ``case_id`` (member and person), ``activity``, ``resource`` (the setting),
        ``start``, ``complete`` (moments; empty if the run ended before), ``cohort`` and
        ``reason``. Written to CSV, R reads it with ``activitylog(case_id = "case_id",
        activity_id = "activity", resource_id = "resource", timestamps = c("start",
        "complete"))``.
    """
    import pandas as pd

    found = spells(table)
    return pd.DataFrame(
        {
            "case_id": found["member"].astype(str) + "-" + found["person"].astype(str),
            "activity": activities(found),
            "resource": found["setting"],
            "start": table.moments(found["start"]),
            "complete": table.moments(found["complete"]),
            "cohort": found["cohort"],
            "reason": found["reason"],
        }
    )


def vidigi_log(table: LogTable, member: int = 0) -> pd.DataFrame:
    """Return one member's event log in the layout of vidigi.

    Returns
    -------
    pandas.DataFrame
        Columns ``entity_id``, ``pathway`` (the cohort), ``event_type``
        (``arrival_departure``, ``queue``, ``resource_use`` or ``resource_use_end``), ``event``,
        ``time`` (days from the start) and ``resource_id`` (the place held, numbered from 1 in
        each setting). In order of time. People who are there at the start arrive at time 0.
    """
    import pandas as pd

    table = table.of_member(member)
    found = spells(table)
    waits, ends = found[found["doing"] == "waiting"], found[found["doing"] == "gone"]
    first = found.drop_duplicates("person")
    stays = table.recorded.dropna(subset="started").astype({"setting": object})
    stays["place"] = 0
    for _, there in stays.groupby("setting"):
        stays.loc[there.index, "place"] = _places(there["started"], there["left"])
    moved_on = stays.dropna(subset="left")
    parts = [
        _events(first, "arrival_departure", "arrival", first["start"]),
        _events(waits, "queue", waits["setting"] + ": waiting outside", waits["start"]),
        _events(moved_on, "resource_use_end", moved_on["setting"] + ": left", moved_on["left"]),
        _events(stays, "resource_use", stays["setting"], stays["started"]),
        _events(ends, "arrival_departure", "depart", ends["start"]),
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole.sort_values("time", kind="stable", ignore_index=True)


def _events(
    of: pd.DataFrame, event_type: str, event: str | pd.Series, time: pd.Series
) -> pd.DataFrame:
    """Return one event of each row, in the layout of vidigi."""
    import pandas as pd

    places = of["place"] if event_type.startswith("resource") else pd.Series(pd.NA, of.index)
    return pd.DataFrame(
        {
            "entity_id": of["person"],
            "pathway": of["cohort"],
            "event_type": event_type,
            "event": event,
            "time": time.clip(lower=0.0),
            "resource_id": places.astype("Int64"),
        }
    )


def _places(started: pd.Series, left: pd.Series) -> list[int]:
    """Return a number for the place that each person holds: the first that is free."""
    numbers = [0] * len(started)
    free: list[int] = []
    held: list[tuple[float, int]] = []
    stays = zip(started.tolist(), left.fillna(math.inf).tolist(), range(len(started)), strict=True)
    for start, until, who in sorted(stays, key=lambda stay: stay[0]):
        while held and held[0][0] <= start:
            heapq.heappush(free, heapq.heappop(held)[1])
        numbers[who] = heapq.heappop(free) if free else len(held) + 1
        heapq.heappush(held, (until, numbers[who]))
    return numbers
