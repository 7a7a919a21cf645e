"""Checks of dates and of profiles over time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caresim.model import Calendar, Model
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import days, is_dated, walk
from caresim.scenario.read import Path

DAYS_OF_MONTH = dict(
    zip(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
        strict=True,
    )
)

OFF = 0.01
"""How far the mean of weekday or month factors may be from 1 (scenario specification, 9)."""


def _end(model: Model) -> date:
    return model.start_date + timedelta(days=math.ceil(model.days))


@check(
    "P601",
    "a date outside the run",
    why="what should happen on that date is in force from the start, or never happens",
    hint="check the year, and `start_date` and `duration`",
    explanation=(
        "A capacity, a rate or a planned move has a date before the start of the run or after its "
        "end. A value of an earlier date is simply the one the run begins with, and one of a "
        "later date is never reached. Often the year is wrong, or the run was made shorter."
    ),
)
def _date_outside(subject: Subject) -> Iterator[Finding]:
    model = subject.base
    start, end = model.start_date, _end(model)
    for path, dates in _dated_values(subject):
        for text in dates:
            day = date.fromisoformat(text)
            if day < start:
                yield Finding((*path, text), f"{text} is before the start, {start}")
            elif day >= end:
                yield Finding((*path, text), f"{text} is after the last day, {end - _ONE}")


_ONE = timedelta(days=1)


def _dated_values(subject: Subject) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give every mapping of dates to places, rates or people who move."""
    data = subject.tree.data
    for kind in ("settings", "arrivals", "options"):
        for path, value in walk(data.get(kind, {}), (kind,)):
            if isinstance(value, dict) and is_dated(value):
                yield path, value


@check(
    "P602",
    "a published figure outside the run",
    why="the run has no figure of those dates to print beside it",
    hint="choose a start and a duration that cover it, or another figure",
    explanation=(
        "A published figure is of dates that the run does not cover from first to last, so that "
        "the simulated figure would be of other days, or of none. It is printed for the days that "
        "both have, if there are any."
    ),
)
def _published_outside(subject: Subject) -> Iterator[Finding]:
    model = subject.base
    for figure in model.published:
        if figure.first_day < 0 or figure.last_day > model.days:
            at = "from" if figure.first_day < 0 else "to"
            yield Finding(
                ("published", figure.name, at),
                f"the figure is of days outside the run, which is from {model.start_date} up to "
                f"{_end(model)}",
            )


@check(
    "P603",
    "nothing saved between start and end",
    why="results would show the start alone",
    hint="save more often: `run: {save_every: 1 day}`",
    explanation=(
        "The run is shorter than the time between two saved moments, so no course over time is "
        "kept. Write `save_every: 1 day`, or run for longer."
    ),
)
def _too_short_to_save(subject: Subject) -> Iterator[Finding]:
    model = subject.base
    if model.days < model.run.save_days:
        written = "save_every" in subject.tree.data.get("run", {})
        where: Path = ("run", "save_every") if written else ("duration",)
        yield Finding(
            where,
            f"the run lasts {days(model.days)}, and is saved every {days(model.run.save_days)}",
        )


@check(
    "P604",
    "never open during the run",
    why="nobody would ever be admitted",
    hint="check the days, and the dates closed",
    explanation=(
        "The hours of admission leave no time at all within the run: the days listed do not occur "
        "in it, or all of them are listed as closed. Check `days`, `closed` and the dates of the "
        "run."
    ),
)
def _never_open(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for setting in model.settings:
            if setting.calendar and not _opens(setting.calendar, model):
                yield Finding(
                    subject.setting_path(setting.name, "admits"),
                    f"{setting.name} is open on no day of the run",
                )


def _opens(calendar: Calendar, model: Model) -> bool:
    span = range(math.ceil(model.days))
    return any(calendar.weekdays[model.weekday(d)] and d not in calendar.closed_days for d in span)


@check(
    "P605",
    "factors whose mean is not 1",
    why="they are divided by their mean, so that they shape the year and do not change its total",
    hint="if the total should change, change `rate`",
    explanation=(
        "The factors of the days of the week, or of the months (weighted by their days), should "
        "have a mean of 1. They are divided by their mean, so the number of people a year stays "
        "that of `rate`. A mean far from 1 often means that one factor is mistyped, or that "
        "counts or percentages were given."
    ),
)
def _mean_not_one(subject: Subject) -> Iterator[Finding]:
    for name, written in subject.tree.data.get("arrivals", {}).items():
        for profile in ("weekday", "month"):
            factors = written.get(profile)
            if not factors:
                continue
            weights = {key: DAYS_OF_MONTH.get(key, 1) for key in factors}
            total = sum(float(value) * weights[key] for key, value in factors.items())
            mean = total / sum(weights.values())
            if abs(mean - 1) > OFF:
                yield Finding(
                    ("arrivals", name, profile), f"the mean of the factors is {mean:.3g}, not 1"
                )
