"""Whether the figures of a file can be right: duplicates, zeros, sums, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.places.readers.gather import Gathering
from caresim.places.readers.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

_KEYS = ["area_code", "area_name", "date", "frequency", "measure", "variant"]

FAR_FROM_ZERO = 20.0
"""Median of an area's other figures from which a month of zeros is no count that happened to be 0.
Chosen well above the smallest councils' usual figures (a dozen days of delay a month)."""

FAR_FROM_ZERO_DAY = 50.0
"""The same for a single day, on which small numbers can fall to 0 by chance."""

_WEEKS = 28
"""Days of zeros on end that count as a month."""

_ROUNDING = 1.0
"""Difference between a sum and its parts that rounding can make, per part."""


@dataclass(frozen=True)
class Sum:
    """A total and the parts that it is the sum of.

    Attributes
    ----------
    total
        Id of the measure.
    parts
        Ids of its parts; compared where the total and every part that the file has are given.
    relative
        Difference allowed, as a share of the total, beyond rounding.
    """

    total: str
    parts: tuple[str, ...]
    relative: float = 0.0


def drop_duplicates(gathering: Gathering, frame: pd.DataFrame, *, known: bool) -> pd.DataFrame:
    """Report figures given twice for the same area, date and measure.

    Parameters
    ----------
    gathering
        Knows where each figure stands.
    frame
        Of :meth:`Gathering.frame`.
    known
        Whether published files of this kind repeat rows, so that exact repeats are dropped.

    Returns
    -------
    DataFrame
        Without the second of two equal figures.
    """
    again = frame.duplicated(_KEYS)
    if not again.any():
        return frame
    first = ~frame.duplicated(_KEYS) & frame.duplicated(_KEYS, keep=False)
    firsts = frame[first].reset_index().set_index(_KEYS)["index"]
    reported: set[tuple[str, int]] = set()
    equal = 0
    for position in frame.index[again]:
        row: Any = frame.loc[position]
        other = int(firsts[tuple(row[name] for name in _KEYS)])
        before_value: Any = frame.at[other, "value"]
        same = row["value"] == before_value or (np.isnan(row["value"]) and np.isnan(before_value))
        cell = gathering.cell(int(position))
        if known and same:
            equal += 1
        elif (cell.sheet, cell.row) not in reported:
            reported.add((cell.sheet, cell.row))
            before = gathering.cell(other)
            where = f" of sheet {before.sheet!r}" if before.sheet != cell.sheet else ""
            kind = "the same figure" if same else "another figure"
            gathering.report.add(
                "R304", cell,
                f"row {before.row}{where} already has {kind} of {row['measure']} for "
                f"{row['area_name'] or row['area_code']} on {row['date']:%Y-%m-%d}",
            )  # fmt: skip
    gathering.report.change("dropped", "row that repeats another exactly", equal, "values")
    return frame[~again]


def zeros_are_missing(gathering: Gathering, frame: pd.DataFrame, *, own: bool) -> pd.DataFrame:
    """Make zeros missing that stand for a return that was not made.

    A zero stands for that where an area's figures are usually far from 0: a single day where
    the median of the others is 50 or more, and a month, or four weeks on end, where it is 20
    or more; the latter are also reported as problems.

    Parameters
    ----------
    gathering, frame
        As for :func:`drop_duplicates`.
    own
        Whether any measure may be concerned, and not only those known to be never zero.
    """
    totals = {id for id, measure in MEASURES.items() if measure.never_zero}
    chosen = frame["measure"].isin(totals) | (own & ~frame["measure"].isin(MEASURES))
    sectors = frame["measure"].isin(["beds_available.general_acute", "beds_occupied.general_acute"])
    at_stake = frame[(chosen | sectors) & (frame["value"] == 0)]
    if at_stake.empty:
        return frame
    frame = frame.copy()
    keys = ["area_code", "area_name", "measure", "variant", "frequency"]
    concerned = at_stake[keys].drop_duplicates()
    subset = frame[frame["measure"].isin(concerned["measure"].unique())]
    for names, group in subset.groupby(keys, sort=False, dropna=False):
        zero = group["value"] == 0
        others = group["value"][~zero].dropna()
        if not zero.any() or others.empty:
            continue
        _one_series(gathering, frame, names, group, float(others.median()))
    _everywhere(gathering, frame)
    return frame


def _one_series(
    gathering: Gathering,
    frame: pd.DataFrame,
    names: Any,
    group: pd.DataFrame,
    usual: float,
) -> None:
    group = group.sort_values("date")
    zero = (group["value"] == 0).to_numpy()
    daily = names[4] == "day"
    code, name, measure = names[0], names[1], names[2]
    for start, stop in _runs(zero):
        months = 1 if not daily else (stop - start) / _WEEKS
        if usual < (FAR_FROM_ZERO if months >= 1 else FAR_FROM_ZERO_DAY):
            continue
        positions = group.index[start:stop]
        frame.loc[positions, "value"] = np.nan
        frame.loc[positions, "note"] = "zeros" if months >= 1 else "missing_day"
        first, last = group["date"].iloc[start], group["date"].iloc[stop - 1]
        if months >= 1:
            until = "" if first == last else f" to {last:%Y-%m-%d}"
            gathering.report.add(
                "R401", gathering.cell(int(positions[0])),
                f"{measure} of {name or code} is 0 from {first:%Y-%m-%d}{until}, and "
                f"{usual:,.0f} as a rule",
            )  # fmt: skip
            gathering.report.change(
                "missing", "zeros for a month or more where nothing was returned", stop - start,
                "values", (f"{name or code} {first:%Y-%m}",),
            )  # fmt: skip
        else:
            gathering.report.change(
                "missing", "0 on a day without a return", stop - start, "values",
                (f"{name or code} {first:%Y-%m-%d}",),
            )  # fmt: skip


def _everywhere(gathering: Gathering, frame: pd.DataFrame) -> None:
    """Make a daily total of 0 missing where most other areas have none on that day either."""
    totals = [id for id, measure in MEASURES.items() if measure.never_zero]
    daily = frame[(frame["frequency"] == "day") & frame["measure"].isin(totals)]
    if daily.empty or daily["area_code"].nunique() < 3:
        return
    none = daily["value"].fillna(0) == 0
    share = none.groupby([daily["measure"], daily["date"]]).transform("mean")
    lost = daily.index[(share > 0.9) & (daily["value"] == 0)]
    frame.loc[lost, "value"] = np.nan
    frame.loc[lost, "note"] = "missing_day"
    days = sorted({f"{day:%Y-%m-%d}" for day in frame.loc[lost, "date"]})
    gathering.report.change("missing", "0 on a day without a return", len(lost), "values", days)


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Return the first position and the one behind the last of every run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def check_sums(gathering: Gathering, frame: pd.DataFrame, sums: Sequence[Sum]) -> None:
    """Report rows in which the parts of a figure do not add up to it."""
    have = set(frame["measure"].unique())
    for rule in sums:
        parts = [part for part in rule.parts if part in have]
        if rule.total not in have or len(parts) < 2 or len(parts) < len(rule.parts) - 1:
            continue
        chosen = frame[frame["measure"].isin([rule.total, *parts])]
        keys = ["area_code", "area_name", "date", "variant", "frequency"]
        table: Any = chosen.pivot(index=keys, columns="measure", values="value")
        positions: Any = chosen.reset_index().pivot(index=keys, columns="measure", values="index")
        # Rows in which a part is suppressed cannot be told.
        table = table.dropna()
        gap = table[parts].sum(axis=1) - table[rule.total]
        allowed = _ROUNDING * len(parts) + rule.relative * table[rule.total].abs()
        for names in table.index[gap.abs() > allowed]:
            gathering.report.add(
                "R402", gathering.cell(int(positions.at[names, rule.total])),
                f"{rule.total} of {names[1]} on {names[2]:%Y-%m-%d} is "
                f"{table.at[names, rule.total]:,.0f}, and its parts add up to "
                f"{table.loc[names, parts].sum():,.0f}",
            )  # fmt: skip


def check_not_more(gathering: Gathering, frame: pd.DataFrame, part: str, whole: str) -> None:
    """Report rows in which a part is larger than the whole by more than a tenth."""
    chosen = frame[frame["measure"].isin([part, whole])]
    if chosen["measure"].nunique() < 2:
        return
    keys = ["area_code", "area_name", "date", "variant", "frequency"]
    table: Any = chosen.pivot(index=keys, columns="measure", values="value").dropna()
    positions: Any = chosen.reset_index().pivot(index=keys, columns="measure", values="index")
    for names in table.index[table[part] > 1.1 * table[whole] + 1]:
        gathering.report.add(
            "R403", gathering.cell(int(positions.at[names, part])),
            f"{part} of {names[1]} on {names[2]:%Y-%m-%d} is {table.at[names, part]:,.0f}, and "
            f"{whole} only {table.at[names, whole]:,.0f}",
        )  # fmt: skip


def check_gaps(gathering: Gathering, frame: pd.DataFrame) -> None:
    """Warn of months or days between the first and the last that no area has."""
    import pandas as pd

    for (measure, frequency), group in frame.groupby(["measure", "frequency"], sort=False):
        step = {"day": "D", "month": "MS"}.get(str(frequency))
        found = pd.DatetimeIndex(group["date"].unique())
        if step is None or len(found) < 3:
            continue
        whole = pd.date_range(found.min(), found.max(), freq=step)
        lost = whole.difference(found)
        if len(lost):
            shown = ", ".join(f"{day:%Y-%m-%d}" for day in lost[:3])
            gathering.report.add(
                "R502", gathering.cell(int(group.index[0])),
                f"{measure} has no row for {len(lost)} of {len(whole)} {frequency}s between the "
                f"first and the last: {shown}{', ...' if len(lost) > 3 else ''}",
            )  # fmt: skip
