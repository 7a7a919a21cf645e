"""Checks of the work offered to each setting against the places it has."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from caresim.model import DAYS_PER_YEAR, Arrivals, Exit, Model, Setting
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import number, percent
from caresim.traffic import equilibrium

CLOSE = 0.95
"""Load over capacity from which chance alone fills a setting much of the time."""

FULL = 1.0 + 1e-9
"""Load over capacity above which people must wait; all but 1, so that rounding does not count."""


@dataclass(frozen=True)
class Load:
    """Places that people would use if there were no limit, and places there are."""

    setting: Setting
    places: float
    capacity: float
    when: str

    @property
    def relative(self) -> float:
        """Load over capacity."""
        return self.places / self.capacity if self.capacity else np.inf


def loads(model: Model) -> Iterator[Load]:
    """Give the load of every limited setting: the greater of that at the start and at the end."""
    moments = ((0.0, "at the start, "), (model.days, "at the end of the run, "))
    with np.errstate(invalid="ignore"):  # loads without end, which have a check of their own
        places = [equilibrium(_still(model, day)).places for day, _ in moments]
    for position, setting in enumerate(model.settings):
        found = [
            Load(setting, float(offered[position]), float(setting.capacity.at(day)), when)
            for (day, when), offered in zip(moments, places, strict=True)
        ]
        open_ = [load for load in found if np.isfinite(load.capacity + load.places)]
        # A setting that has closed, or has not opened, is for the checks of dates.
        if len(open_) == 2 and (open_[0].capacity == 0) != (open_[1].capacity == 0):
            open_ = [load for load in open_ if load.capacity]
        if not open_:
            continue
        worst = max(open_, key=lambda load: load.relative)
        same = open_[0].relative == open_[-1].relative
        yield replace(worst, when="") if same else worst


def _still(model: Model, day: float) -> Model:
    """Return the model with arrivals that stay as they are on a day (without their rhythms)."""
    return replace(model, arrivals=tuple(_still_arrivals(a, day) for a in model.arrivals))


def _still_arrivals(arrivals: Arrivals, day: float) -> Arrivals:
    years = day / DAYS_PER_YEAR
    rate = arrivals.rate * (1 + arrivals.growth) ** years
    if arrivals.population is not None:
        rate *= float(arrivals.population.at(day)) * (1 + arrivals.population_growth) ** years
    if arrivals.series is not None:
        week = np.arange(7.0) if day == 0 else day - np.arange(1.0, 8.0)
        rate *= float(arrivals.series.at(week).mean())
    return replace(arrivals, rate=rate, growth=0.0, population=None, series=None)


def _turned_away(setting: Setting) -> str:
    if np.isfinite(setting.room):
        return "lost" if setting.overflow == Exit.LOST else "sent elsewhere"
    return ""


def _said(load: Load) -> str:
    return f"{load.when}people who need {load.setting.name} would fill {number(load.places)}"


@check(
    "P101",
    "more work than capacity",
    why="what is above capacity waits, blocks the settings before it, or is turned away",
    hint="check arrivals, shares, stays and capacity; if it is meant, leave it: the run shows it",
    explanation=(
        "Without any limit on places, the people who need this setting would on average fill more "
        "places than it has. The load is what arrives a day, from outside and from other "
        "settings, times the mean stay and the places each person uses; people who give up are "
        "not taken off. Above capacity a list grows for as long as the run lasts unless people "
        "are turned away or give up, so results depend on how long the run is. Often a stay, a "
        "share or a rate has the wrong unit. If the place really is overloaded, leave it."
    ),
)
def _overload(subject: Subject) -> Iterator[Finding]:
    for option, model in subject.models.items():
        for load in loads(model):
            if load.relative <= FULL:
                continue
            turned = _turned_away(load.setting)
            over = percent(load.relative) if load.capacity else "no places at all"
            about = f" in option {option}" if model is not subject.base else ""
            excess = number(math.ceil(load.places - load.capacity))
            yield Finding(
                subject.setting_path(load.setting.name, "capacity"),
                f"{_said(load)} places, and it has {number(load.capacity)} ({over}){about}",
                why=f"those above capacity are {turned}" if turned else None,
                hint=f"{excess} more places would be needed; if that is meant, leave it",
            )


@check(
    "P102",
    "hardly more capacity than work",
    why="with so little to spare, chance alone keeps it full much of the time",
    hint="look at waits with `--engine event`: averages show no queue here",
    explanation=(
        "The people who need this setting would fill more than 95% of its places on average. "
        "Because arrivals and stays vary, the setting is then full much of the time and waits are "
        "long and very sensitive to small errors in the inputs. The flow engine works with "
        "averages and shows no wait below 100%; the event engine does."
    ),
)
def _nearly_full(subject: Subject) -> Iterator[Finding]:
    overloaded = {found.path for found in _overload(subject)}
    for option, model in subject.models.items():
        for load in loads(model):
            path = subject.setting_path(load.setting.name, "capacity")
            if not CLOSE < load.relative <= FULL or _turned_away(load.setting):
                continue
            if path not in overloaded:
                about = f" in option {option}" if model is not subject.base else ""
                share = percent(load.relative)
                yield Finding(
                    path, f"{_said(load)} of its {number(load.capacity)} places ({share}){about}"
                )
