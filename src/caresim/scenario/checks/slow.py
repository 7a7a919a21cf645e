"""Checks of what changes while the model runs against the things it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from caresim.model import Change, Model
from caresim.problems import Severity
from caresim.scenario.checks.changed import value_of
from caresim.scenario.checks.interventions import NAMES, amounts
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import days, number, percent
from caresim.scenario.read import Path

FEWEST_EXCHANGES = 10
"""Exchanges in a run below which its course cannot be followed."""


@dataclass(frozen=True)
class _Placed:
    """A change, whose it is, and where its effects are written."""

    change: Change
    kind: str
    owner: int
    position: int
    path: Path


def _changes(model: Model) -> Iterator[_Placed]:
    for owner, one in enumerate(model.interventions):
        path: Path = ("interventions", one.name, "effects")
        for position, change in enumerate(one.changes):
            yield _Placed(change, "intervention", owner, position, path)
    for owner, loop in enumerate(model.feedbacks):
        path = ("feedbacks", loop.name.partition("@")[0], "effects")
        for position, change in enumerate(loop.changes):
            yield _Placed(change, "feedback", owner, position, path)


def _ever(model: Model, change: Change) -> bool:
    """Whether a number that is 0 at the start is more at some time, without what changes it."""
    of = change.of
    if of.field == "arrival_rate":
        series = model.arrivals[of.i].series
        return series is not None and bool(series.values.max() > 0)
    if of.field == "capacity":
        grows = any(one.setting == of.i and one.places > 0 for one in model.openings)
        return grows or bool(model.settings[of.i].capacity.values.max() > 0)
    return of.field == "posts" and bool(model.staff[of.i].posts.values.max() > 0)


@check(
    "P855",
    "a relative change of nothing",
    why="a share of nothing is nothing, so this effect does nothing",
    hint="write a difference, such as `by: 5%` or `by: 3 per day`, or the value reached with `to`",
    explanation=(
        "An effect changes an input by a percentage, and the input is 0 throughout: a route that "
        "nobody takes, an arrival of nobody, a rate of leaving of 0. However large the "
        "percentage, nothing changes. What begins from nothing is given as a difference (`by`) or "
        "as the value that is reached (`to`)."
    ),
)
def _of_nothing(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for one in _changes(model):
            change = one.change
            nothing = change.kind == "relative" and value_of(model, change.of) == 0
            if nothing and not _ever(model, change):
                said = f"{NAMES[change.of.field]} of 0 is changed by {percent(abs(change.amount))}"
                yield Finding(one.path, f"{said} of itself")


@check(
    "P856",
    "places that open or close after the run",
    why="nothing of it is seen",
    hint="make the run longer, or correct the date and `lead_time`",
    explanation=(
        "The first phase of an opening or closing would come after the last day of the run, at the "
        "mean of what is uncertain. Buildings take years: a plan of today may well lie beyond a "
        "short run. Make the run long enough to show it, or leave the opening out."
    ),
)
def _after_the_run(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for one in model.openings:
            first = one.day + one.slippage
            if first >= model.days:
                name, key = model.settings[one.setting].name, "openings"
                said = "opens places"
                if one.places < 0:
                    key, said = "closings", "closes places"
                message = f"{name} first {said} on day {number(first)} of {number(model.days)}"
                yield Finding(subject.setting_path(name, key), message)


@check(
    "P857",
    "more people in post than posts",
    why="nobody is recruited until enough have left",
    hint="correct `in_post` or `posts`; if the group is over its establishment, leave it",
    explanation=(
        "A staff group begins with more people in post than it has posts. That can be so after a "
        "cut in posts, and recruitment then stands still until leavers have made room. More often "
        "the two numbers are exchanged, or one counts heads and the other full-time equivalents."
    ),
)
def _over_posts(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for group in model.staff:
            posts = float(group.posts.at(0.0))
            if group.in_post > posts * (1 + 1e-9):
                message = f"{number(group.in_post)} {group.name} are in post, in {number(posts)}"
                yield Finding(("workforce", group.name, "in_post"), f"{message} posts")


@check(
    "P858",
    "slow and fast stocks that hardly ever meet",
    why="what changes is held from one exchange to the next, so its course is lost",
    hint="write a shorter `coupling`, such as the default of 1 day",
    explanation=(
        "Interventions, feedbacks, staff, populations and openings meet the people every "
        "`coupling`, and stand still in between. With fewer than ten exchanges in a run a ramp "
        "becomes a few steps, a date is met late, and a loop answers long after what it observes. "
        "An interval of a day to a week suits nearly everything."
    ),
)
def _rarely_met(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        apart = model.run.coupling_days
        if model.is_coupled and apart > 7 and model.days / apart < FEWEST_EXCHANGES:
            message = (
                f"slow and fast stocks meet every {days(apart)} in a run of {days(model.days)}"
            )
            yield Finding(("run", "coupling"), message)


@check(
    "P864",
    "an addition to arrivals that begin later",
    why="what is added grows with the rate of arrivals, which is 0 at the start",
    hint="write a relative `change`, or make the people added an arrival of their own",
    explanation=(
        "A difference in people a day is of the rate at the start, and grows, and changes by day "
        "and season, as that rate does. Here the arrival has values by date that are 0 at the "
        "start, so there is nothing to set the difference against. A relative change is of the "
        "rate of each day. Or describe a second arrival with a rate of 0 per day, and add to that."
    ),
    severity=Severity.ERROR,
)
def _added_to_later(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for one in _changes(model):
            change = one.change
            if change.of.field != "arrival_rate" or change.kind == "relative":
                continue
            arrivals = model.arrivals[change.of.i]
            if arrivals.series is not None and value_of(model, change.of) == 0:
                message = f"nobody comes by {arrivals.name} in the first week, and some are added"
                yield Finding(one.path, message)


@check(
    "P865",
    "displaced people who are not kept away",
    why="nobody is kept away, so nobody comes elsewhere instead",
    hint="check the sign of the change, or delete `displaced`",
    explanation=(
        "`displaced` says where people are cared for who no longer arrive, because an effect "
        "keeps them away. Here the effect brings more people, whatever the draw, so that nobody is "
        "displaced, or they are sent to the setting that they are kept away from. Perhaps a minus "
        "sign is missing, or the wrong setting is named."
    ),
    severity=Severity.ERROR,
)
def _displaced_by_more(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for one in _changes(model):
            change = one.change
            if change.displaced_to < 0 or one.kind != "intervention":
                continue
            low, high = amounts(model, one.owner, one.position, change)
            name = model.arrivals[change.of.i].name
            to = model.arrivals[change.displaced_to].to
            if to == model.arrivals[change.of.i].to:
                where = model.settings[to].name
                message = f"people of {name} would be displaced to {where}, where they come anyway"
                yield Finding(one.path, message, hint="name another setting, or delete `displaced`")
            elif low >= 0 and high > 0:
                yield Finding(one.path, f"{name} grows, and yet people of it would be displaced")


@check(
    "P866",
    "places of a setting without limit",
    why="unlimited places cannot become more or fewer, nor be full",
    hint="give the setting a `capacity`, or leave this out",
    explanation=(
        "A setting whose capacity is unlimited takes everyone who comes. Places that open or close "
        "there, or that an intervention takes from others, change nothing, and its occupancy is "
        "always 0. Give the setting its number of places; `capacity` is unlimited if left out."
    ),
    severity=Severity.ERROR,
)
def _unlimited(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        unlimited = [bool(np.isinf(s.capacity.values).all()) for s in model.settings]
        names = [setting.name for setting in model.settings]
        for one in model.openings:
            key = "openings" if one.places > 0 else "closings"
            if unlimited[one.setting]:
                name = names[one.setting]
                message = f"places of {name} {key[:-4]}, and {name} has unlimited places"
                yield Finding(subject.setting_path(name, key), message)
            if one.replaces >= 0 and unlimited[one.replaces]:
                name = names[one.replaces]
                message = f"places of {name} are replaced, and {name} has unlimited places"
                yield Finding(subject.setting_path(names[one.setting], key), message)
        for taker in model.interventions:
            for setting, _ in taker.uses:
                if unlimited[setting]:
                    name = names[setting]
                    path: Path = ("interventions", taker.name, "uses", name.partition("@")[0])
                    message = f"places of {name} are taken, and {name} has unlimited places"
                    yield Finding(path, message)
        run_by_staff = {setting for group in model.staff for setting, _ in group.runs}
        for loop in model.feedbacks:
            setting = loop.signal.i
            if loop.signal.of == "occupancy" and unlimited[setting] and setting not in run_by_staff:
                path = ("feedbacks", loop.name.partition("@")[0], "signal", "occupancy")
                yield Finding(path, f"{names[setting]} has unlimited places, and is never full")
