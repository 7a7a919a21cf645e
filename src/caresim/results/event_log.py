"""The event log as a table: one row for each stay, or for each spell of what people did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.engines.event.log import OUTCOMES, EventLog
from caresim.model import Model

if TYPE_CHECKING:
    import pandas as pd

TIMES = ("requested", "started", "ready", "left")


def log_frame(model: Model, log: EventLog, *, warm_up: bool = False) -> pd.DataFrame:
    """Return the event log with names in the place of positions.

    Parameters
    ----------
    model
        What was run.
    log
        Its event log.
    warm_up
        Whether to keep what ended before the start.

    Returns
    -------
    pandas.DataFrame
        Columns ``member``, ``person``, ``cohort``, ``setting``, ``requested``, ``started``,
        ``ready``, ``left`` (days from the start; empty for what has not happened),
        ``next_setting`` (empty if nobody knows yet), ``outcome``, ``reason`` (of the delay; empty
        if there was none) and ``censored``.
    """
    import pandas as pd

    log = log if warm_up else EventLog(log.rows[~(log.left < 0.0)])
    destinations = {s: setting.name for s, setting in enumerate(model.settings)}
    destinations |= {code: model.destination_name(code) for code in range(-4, 0)}
    reasons = {r: reason.name for r, reason in enumerate(model.reasons)}
    return pd.DataFrame(
        {
            "member": log.member,
            "person": log.person,
            "cohort": np.array(model.cohorts, dtype=object)[log.cohort],
            "setting": pd.Series(log.setting).map(destinations),
            **{name: getattr(log, name) for name in TIMES},
            "next_setting": pd.Series(log.next_setting).map(destinations),
            "outcome": np.array(OUTCOMES, dtype=object)[log.outcome],
            "reason": pd.Series(log.reason).map(reasons),
            "censored": log.censored,
        }
    )


def spells(model: Model, log: EventLog) -> pd.DataFrame:
    """Return what people did, and when.

    Returns
    -------
    pandas.DataFrame
        In order of member, person and time: ``member``, ``person``, ``cohort``, ``setting``,
        ``doing``, ``start``, ``complete`` (days from the start; empty if the run ended before)
        and ``reason`` (of a delay). ``doing`` is ``waiting`` (outside), ``care``, ``delayed`` or
        ``gone``: then ``setting`` is the way out. Nobody waits outside who holds a place
        elsewhere: they are delayed there. A wait or delay of no length is left out, and what
        ended before the start.
    """
    import pandas as pd

    # The log is in order of the time at which rows end, which is the order of a person's rows.
    rows = log_frame(model, log, warm_up=True).sort_values(["member", "person"], kind="stable")
    rows["row"] = np.arange(len(rows))
    came = rows["started"].notna()
    before = rows.groupby(["member", "person"])["left"].shift()
    ways_out = [model.destination_name(code) for code in range(-4, 0)]
    last = rows[rows["next_setting"].isin(ways_out)]
    parts = [
        rows.assign(
            doing="waiting",
            start=before.fillna(rows["requested"]),
            complete=rows["started"].where(came, rows["left"]),
        ),
        rows[came].assign(doing="care", start=rows["started"], complete=rows["ready"]),
        rows[rows["ready"].notna()].assign(
            doing="delayed", start=rows["ready"], complete=rows["left"]
        ),
        last.assign(
            doing="gone", setting=last["next_setting"], start=last["left"], complete=last["left"]
        ),
    ]
    for k in (0, 2):
        parts[k] = parts[k][~(parts[k]["complete"] <= parts[k]["start"])]
    whole = pd.concat([part.assign(part=k) for k, part in enumerate(parts)])
    whole = whole[~(whole["complete"] < 0.0)].sort_values(["row", "part"], ignore_index=True)
    whole["reason"] = whole["reason"].where(whole["doing"] == "delayed")
    columns = ["member", "person", "cohort", "setting", "doing", "start", "complete", "reason"]
    return whole[columns]


def activities(found: pd.DataFrame) -> pd.Series:
    """Name what is done in each spell: the setting, with what is not care in words."""
    words = {"care": "", "gone": "", "waiting": ": waiting outside", "delayed": ": delayed"}
    return found["setting"] + found["doing"].map(words)


def moments(model: Model, days: pd.Series) -> pd.Series:
    """Turn days from the start into moments, to the nearest millisecond, in UTC."""
    import pandas as pd

    start = pd.Timestamp(model.start_date, tz="UTC")
    return start + pd.to_timedelta((days * 86_400_000).round(), unit="ms")
