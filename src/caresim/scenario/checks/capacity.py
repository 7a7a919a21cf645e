"""Checks of places: at the start, reserved, or closing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caresim.model import Model, Setting
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import calendar_day, days, number
from caresim.traffic import equilibrium, mean_places


def _census_places(model: Model, position: int) -> tuple[float, float]:
    """Return the people and the places they use in a setting at the start."""
    setting = model.settings[position]
    people = places = 0.0
    for census in model.census:
        if census.setting == position:
            routes = model.routes_of[position][census.cohort]
            use = sum(
                model.routes[r].share
                * mean_places(setting.places_per_person, model.stays[model.routes[r].stay])
                for r in routes
            )
            people += census.people
            places += census.people * use
    return people, places


@check(
    "P111",
    "more people at the start than places",
    why="nobody is sent away, so nobody is admitted until enough people have left",
    hint="check the count and the capacity; if both are right, leave it",
    explanation=(
        "The census at the start uses more places than the setting has. That is allowed: places "
        "close as they empty, and until then nobody is admitted. Often the capacity is of another "
        "date or leaves out escalation beds, or the census counts people on another ward."
    ),
)
def _census_above_capacity(subject: Subject) -> Iterator[Finding]:
    model = subject.base
    for position, setting in enumerate(model.settings):
        people, places = _census_places(model, position)
        capacity = float(setting.capacity.at(0.0))
        if places > capacity * (1 + 1e-9):
            uses = f", who use {number(places)} places" if places != people else ""
            yield Finding(
                ("initial", "census", subject.settings[setting.name]),
                f"{number(people)} people at the start{uses}, and {number(capacity)} places",
            )


@check(
    "P112",
    "a queue at the start beside free places",
    why="they take the free places at once, so the run begins with another day than was counted",
    hint="check the queue, the census and the capacity against the same day",
    explanation=(
        "At the start people wait for a setting that has places free. Unless the places are kept "
        "for others, they are admitted at once, and the queue is shorter from the first moment. "
        "The figures are probably of different days or count different people, for instance a "
        "capacity that includes places closed for want of staff."
    ),
)
def _queue_beside_free_places(subject: Subject) -> Iterator[Finding]:
    model = subject.base
    for position, setting in enumerate(model.settings):
        waiting = sum(q.people for q in model.queued if q.to == position)
        _, used = _census_places(model, position)
        free = float(setting.capacity.at(0.0)) - used
        if waiting > 0 and free >= 1 and setting.calendar is None:
            beside = (
                f"while {number(free)} places are free" if np.isfinite(free) else "without a limit"
            )
            yield Finding(
                ("initial", "queue", subject.settings[setting.name]),
                f"{number(waiting)} people wait for {setting.name} {beside}",
            )


@check(
    "P113",
    "a setting closes while people stay",
    why="nobody is sent away, so the places stay in use long after they should have closed",
    hint="move people out with `planned_moves`, or close later",
    explanation=(
        "The capacity falls to zero, but the people there stay so long on average that many will "
        "still be there at the end of the run. Closing a setting evicts nobody in caresim. Write "
        "`planned_moves` with the dates on which people move elsewhere, and how many, or give "
        "the setting a date of closing that leaves time for people to leave."
    ),
)
def _closes_with_people(subject: Subject) -> Iterator[Finding]:
    for option, model in subject.models.items():
        with np.errstate(invalid="ignore"):
            here = equilibrium(model)
        for position, setting in enumerate(model.settings):
            closing = _closing_day(setting, model.days)
            if closing is None:
                continue
            census, _ = _census_places(model, position)
            people = census or float(here.people[position].sum())
            moved = sum(m.people for m in setting.planned_moves if m.day < model.days)
            longest = max(
                model.stays[model.routes[r].stay].mean()
                for routes in model.routes_of[position]
                for r in routes
            )
            if people > moved and longest > model.days - closing:
                about = f" in option {option}" if model is not subject.base else ""
                yield Finding(
                    subject.setting_path(setting.name, "capacity"),
                    f"closes on {calendar_day(model, closing)}{about}, but people stay "
                    f"{days(longest)} on average and {number(moved)} of "
                    f"{number(people)} are moved",
                )


def _closing_day(setting: Setting, end: float) -> float | None:
    """Return the day from which a setting that once had places has none to the end."""
    times, values = setting.capacity.days, setting.capacity.values
    if values[-1] > 0 or times[-1] >= end or not np.any(values > 0):
        return None
    return float(times[np.flatnonzero(values > 0)[-1] + 1])


@check(
    "P114",
    "more places reserved than there are",
    why="nobody else could ever be admitted",
    hint="reserve fewer places than the capacity",
    explanation=(
        "`ring_fenced` or `keep_free` keeps as many places as the setting has, or more, so that "
        "people of other sources are never admitted. Reserve fewer, or take the others' routes "
        "and arrivals away if that is what is meant."
    ),
)
def _reserved_above_capacity(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for setting in model.settings:
            most = float(setting.capacity.values.max())
            for rule in ("ring_fenced", "keep_free"):
                kept = sum(r.places for r in setting.reserved if r.rule == rule)
                if most and kept >= most:
                    yield Finding(
                        subject.setting_path(setting.name, rule),
                        f"{number(kept)} places are reserved of at most {number(most)}",
                    )


@check(
    "P115",
    "one person needs more places than there are",
    why="nobody could ever be admitted",
    hint="state capacity in the places that people use, such as visits a day",
    explanation=(
        "`places_per_person` is more than the capacity ever is. When a person uses several places, "
        "such as four visits a day, capacity is counted in the same places: visits a day, not "
        "people."
    ),
)
def _person_above_capacity(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for setting in model.settings:
            most = float(setting.capacity.values.max())
            needs = setting.places_per_person.places[0]
            if 0 < most < needs:
                yield Finding(
                    subject.setting_path(setting.name, "places_per_person"),
                    f"a person needs {number(needs)} places and there are at most {number(most)}",
                )
