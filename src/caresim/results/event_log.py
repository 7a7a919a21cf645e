"""The event log as a table: one row for each stay, or for each spell of what people did."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from caresim.engines.event.log import OUTCOMES, EventLog
from caresim.model import EXIT_NAMES, Exit, Model

if TYPE_CHECKING:
    import pandas as pd

TIMES = ("requested", "started", "ready", "left")
NAMES = ("cohort", "setting", "next_setting", "outcome", "reason")


class LogNotKeptError(Exception):
    """The event log of a run is asked for, and the run kept none."""


@dataclass(frozen=True, eq=False)
class LogTable:
    """The event log of one option, with names in the place of positions.

    Attributes
    ----------
    rows
        Columns ``member``, ``person``, ``cohort``, ``setting``, ``requested``, ``started``,
        ``ready``, ``left`` (days from the start; empty for what has not happened),
        ``next_setting`` (empty if nobody knows yet), ``outcome``
        (:data:`caresim.engines.event.log.OUTCOMES`), ``reason`` (of the delay; empty if there was
        none) and ``censored`` (whether the end of the run cut the row short). Rows of people who
        are still there after a warm-up may have ended in it.
    start_date
        Calendar date of day 0.
    """

    rows: pd.DataFrame
    start_date: datetime.date

    @property
    def recorded(self) -> pd.DataFrame:
        """The rows without what ended before the start, in a warm-up."""
        return self.rows[~(self.rows["left"] < 0.0)].reset_index(drop=True)

    def moments(self, days: pd.Series) -> pd.Series:
        """Turn days from the start into moments, to the nearest millisecond, in UTC."""
        import pandas as pd

        start = pd.Timestamp(self.start_date, tz="UTC")
        return start + pd.to_timedelta((days * 86_400_000).round(), unit="ms")

    def of_member(self, member: int) -> LogTable:
        """Return the log of one member."""
        rows = self.rows[self.rows["member"] == member].reset_index(drop=True)
        return LogTable(rows, self.start_date)

    def save(self, path: Path) -> None:
        """Write every row to a Parquet file; times and names are kept exactly."""
        self.rows.to_parquet(path, engine="pyarrow", index=False)


def read_log(path: Path, start_date: datetime.date) -> LogTable:
    """Read what :meth:`LogTable.save` wrote."""
    import pandas as pd

    return LogTable(pd.read_parquet(path, engine="pyarrow"), start_date)


def log_table(model: Model, log: EventLog) -> LogTable:
    """Return the event log of a run as a table.

    Parameters
    ----------
    model
        What was run.
    log
        Its event log.
    """
    import pandas as pd

    settings = [setting.name for setting in model.settings]
    # The codes of ways out are -1 to -4; none is below them.
    ways_out = [EXIT_NAMES[Exit(code)] for code in range(-4, 0)]
    names: dict[str, tuple[NDArray[np.int64], list[str]]] = {
        "cohort": (_wide(log.cohort), list(model.cohorts)),
        "setting": (_wide(log.setting), settings),
        "next_setting": (_after(log.next_setting, len(settings)), [*settings, *ways_out]),
        "outcome": (_wide(log.outcome), list(OUTCOMES)),
        "reason": (_wide(log.reason), [reason.name for reason in model.reasons]),
    }
    named = {
        name: pd.Categorical.from_codes(codes, categories=pd.Index(categories))
        for name, (codes, categories) in names.items()
    }
    rows = pd.DataFrame(
        {
            "member": log.member,
            "person": log.person,
            "cohort": named["cohort"],
            "setting": named["setting"],
            **{name: getattr(log, name) for name in TIMES},
            "next_setting": named["next_setting"],
            "outcome": named["outcome"],
            "reason": named["reason"],
            "censored": log.censored,
        }
    )
    return LogTable(rows, model.start_date)


def _wide(codes: NDArray[Any]) -> NDArray[np.int64]:
    return codes.astype(np.int64)


def _after(codes: NDArray[np.int16], n: int) -> NDArray[np.int64]:
    """Put the codes of ways out, -4 to -1, behind those of the settings; -5, none, becomes -1."""
    wide = _wide(codes)
    return np.where(wide >= 0, wide, np.where(wide < -4, -1, n + 4 + wide))


def spells(table: LogTable) -> pd.DataFrame:
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
    rows = table.rows.astype(dict.fromkeys(NAMES, object))
    rows = rows.sort_values(["member", "person"], kind="stable")
    rows["row"] = np.arange(len(rows))
    came = rows["started"].notna()
    before = rows.groupby(["member", "person"])["left"].shift()
    last = rows[rows["next_setting"].isin(EXIT_NAMES.values())]
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
