"""How precise the headline figures of a run are, and how many members would make them so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caresim.indicators import split_id
from caresim.results.columns import number, percent, table, wrapped
from caresim.results.confidence import FEW, LONGEST_MEMORY, batch_interval, members_needed

if TYPE_CHECKING:
    from caresim.results.option import OptionResults
    from caresim.results.results import Results

HEADLINES = (
    "delayed",
    "waiting",
    "occupancy",
    "wait_days_p95",
    "delay_days_p95",
    "lost_share",
    "discharges_per_day",
    "deaths_per_year",
    "care_home_admissions_per_year",
    "care_days_outside_share",
)
"""Indicators that are looked at, for the whole place and each setting."""


@dataclass(frozen=True)
class Precision:
    """How well the mean of an indicator is known.

    Attributes
    ----------
    indicator
        Its id.
    mean, mean_low, mean_high
        Mean over members, and the ends of its 95% confidence interval; NaN if they are not known.
    low, high
        5th and 95th percentile over members: where one future may fall.
    relative
        Half the width of the interval as a share of the mean.
    needed
        Members for the precision wanted; None if that is not known.
    """

    indicator: str
    mean: float
    mean_low: float
    mean_high: float
    low: float
    high: float
    relative: float
    needed: int | None


def precisions(option: OptionResults, wanted: float) -> tuple[Precision, ...]:
    """Return how well the means of the headline indicators are known, over the whole run.

    Parameters
    ----------
    option
        Results of three members or more.
    wanted
        Half-width of the interval wanted, as a share of the mean.
    """
    found = []
    for full_id, estimate in option.indicators().items():
        if split_id(full_id)[0] not in HEADLINES or estimate.mean == 0.0:
            continue
        half = estimate.half_width
        found.append(
            Precision(
                indicator=full_id,
                mean=estimate.mean,
                mean_low=estimate.mean_low,
                mean_high=estimate.mean_high,
                low=estimate.p05,
                high=estimate.p95,
                relative=half / abs(estimate.mean),
                needed=members_needed(estimate.mean, half, option.members, wanted),
            )
        )
    return tuple(found)


def precision_tables(results: Results, wanted: float) -> str:
    """Return :func:`precision_table` of every option, under its name if there are several."""
    found = {option.name: precision_table(option, wanted) for option in results}
    if len(found) == 1:
        return next(iter(found.values()))
    return "\n\n".join(f"Option {name}\n\n{text}" for name, text in found.items())


def precision_table(option: OptionResults, wanted: float) -> str:
    """Say how well the means are known, and how many members the precision wanted takes."""
    if option.members == 1:
        return _single(option)
    if option.members == 2:
        return "Precision: two members do not show how sure their mean is; run 10 or more."
    found = precisions(option, wanted)
    if not found:
        return "Precision: there is nobody in the run to tell it of."
    rows = [
        (
            one.indicator,
            number(one.mean),
            f"{number(one.mean_low)} to {number(one.mean_high)}",
            f"±{percent(one.relative)}",
            "-" if one.needed is None else f"{one.needed:,}",
            f"{number(one.low)} to {number(one.high)}",
        )
        for one in found
    ]
    heads = (
        "how well the mean is known",
        "mean",
        "95% interval\nof the mean",
        "as a share\nof it",
        f"members for\n±{percent(wanted)}",
        "9 of 10 futures\n(members) within",
    )
    parts = [table(heads, rows), wrapped(_advice(option, found, wanted))]
    return "\n\n".join(parts)


def _advice(option: OptionResults, found: tuple[Precision, ...], wanted: float) -> str:
    needed = [one for one in found if one.needed is not None]
    text = ""
    if needed:
        most = max(needed, key=lambda one: one.needed or 0)
        enough = (most.needed or 0) <= option.members
        text = (
            f"All means are within ±{percent(wanted)}. "
            if enough
            else f"For ±{percent(wanted)} of every mean run {most.needed:,} members "
            f"(`--members {most.needed}`); {most.indicator} needs the most. "
        )
    if option.members < FEW:
        text += (
            f"{option.members} members are too few to know their own spread: take these as a "
            f"first guess, and look again with {FEW} or more. "
        )
    return text + "More members make the interval of the mean narrow, not the range of futures."


def _single(option: OptionResults) -> str:
    """Tell of a single long run, from batches of it."""
    rows, trusted = [], True
    for stock in ("occupied", "delayed", "waiting"):
        course = option.mean[stock].sum(axis=2)
        for s, setting in enumerate(option.labels.setting_names):
            mean, half, memory = batch_interval(course[:, s], np.diff(option.times))
            if mean == 0.0:
                continue
            believed = math.isfinite(half) and memory < LONGEST_MEMORY
            trusted &= believed
            rows.append(
                (
                    f"{stock}.{setting}",
                    number(mean),
                    f"±{number(half)}" if math.isfinite(half) else "-",
                    f"±{percent(half / mean)}" if math.isfinite(half) else "-",
                    "yes" if believed else "too short",
                )
            )
    heads = (
        "how well the mean is known",
        "mean",
        "95% interval\nof the mean",
        "as a share\nof it",
        "run long\nenough",
    )
    text = "One member: the intervals are from 20 batches of the run, one after another. "
    if option.engine == "flow":
        text = "One member of the flow engine: its course is not left to chance. "
    elif not trusted:
        text += "Batches that remember each other give intervals that are too narrow. "
    text += "Run 10 members or more to see the spread between futures."
    shown = [] if option.engine == "flow" else [table(heads, rows)]
    return "\n\n".join([*shown, wrapped(text)])
