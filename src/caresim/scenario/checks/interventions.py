"""Checks of interventions, feedbacks and openings against the numbers they change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from caresim.model import LEAST_STAY, MOST_STAY, Change, Intervention, Model
from caresim.problems import Severity
from caresim.scenario.checks.changed import value_of
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import number, percent, some
from caresim.scenario.read import Path

SHARES = ("route_share", "step_share", "sickness")
NAMES = {
    "arrival_rate": "the rate of arrivals",
    "stay": "a stay",
    "route_share": "a share",
    "step_time": "a time of arrangement",
    "step_share": "a share",
    "waiting_hazard": "a rate of leaving",
    "delayed_hazard": "a rate of leaving",
    "capacity": "a capacity",
    "leavers": "the rate of leavers",
    "recruitment": "recruitment",
    "sickness": "sickness",
    "posts": "the posts",
    "home_deaths": "the rate of deaths",
    "transition": "a rate of moves",
}


def each(subject: Subject) -> Iterator[tuple[Model, int, Intervention]]:
    """Give every intervention of every option, with its place in the model."""
    for model in subject.models.values():
        for place, one in enumerate(model.interventions):
            yield model, place, one


def _path(name: str, *steps: str | int) -> Path:
    return ("interventions", name, *steps)


@check(
    "P851",
    "an intervention that no option uses",
    why="it does nothing unless an option lists it",
    hint="list it under `interventions` of an option, or delete it",
    explanation=(
        "Interventions act only in the options that name them under `interventions`. This one is "
        "described and never used; perhaps the option that should list it was forgotten."
    ),
)
def _unused(subject: Subject) -> Iterator[Finding]:
    block = subject.tree.data.get("interventions")
    used = {one.name for _, _, one in each(subject)}
    for name in block if isinstance(block, dict) else ():
        if name not in used:
            yield Finding(_path(name), f"no option lists {name}")


@check(
    "P852",
    "an intervention that repeats another",
    why="both act on the same people, and their effects are multiplied",
    hint="list one of them, unless the same thing is really done twice",
    explanation=(
        "Two interventions of one option make the same changes to the same inputs, or take their "
        "effects from the same entry of the evidence library. The same benefit is then counted "
        "twice. Leave one out; if both are done, for different people, give each its own `reach`."
    ),
)
def _repeated(subject: Subject) -> Iterator[Finding]:
    for option, model in subject.models.items():
        seen: dict[object, str] = {}
        for one in model.interventions:
            keys: list[object] = [tuple((c.of, c.kind, c.amount) for c in one.changes)]
            keys += [("evidence", one.evidence)] if one.evidence else []
            first = next((seen[key] for key in keys if key in seen), None)
            if first is not None:
                yield Finding(_path(one.name), f"{one.name} repeats {first} in option {option}")
            seen.update(dict.fromkeys(keys, one.name))


@check(
    "P853",
    "an intervention that begins after the run",
    why="its lead time takes it beyond the end, so nothing of it is seen",
    hint="make the run longer, or the lead time shorter",
    explanation=(
        "The date on which the intervention is decided lies within the run, but with its lead time "
        "the first effect would come after the end of the run, or after its own `end`, at the mean "
        "of what is uncertain. The option then does nothing that the results could show."
    ),
)
def _too_late(subject: Subject) -> Iterator[Finding]:
    for model, _, one in each(subject):
        if one.ramp.start >= model.days:
            message = f"{one.name} begins to work on day {number(one.ramp.start)}"
            yield Finding(_path(one.name, "lead_time"), f"{message} of {number(model.days)}")
        elif one.ramp.start >= one.ramp.end:
            message = f"{one.name} begins to work on day {number(one.ramp.start)}"
            yield Finding(
                _path(one.name, "lead_time"),
                f"{message}, and its `end` is day {number(one.ramp.end)}",
                hint="let it end later, or make the lead time shorter",
            )


@check(
    "P861",
    "more people reached than there are",
    why="effects of one intervention on the same number are for different people",
    hint="let the reaches sum to 100% or less, or make it two interventions",
    explanation=(
        "Two effects of one intervention change the same input, and the shares of people that they "
        "reach sum to more than 100%. Within an intervention such effects are for different people "
        "(say, strong and weak responders). If the same people should have both, describe two "
        "interventions: their effects are multiplied."
    ),
    severity=Severity.ERROR,
)
def _reach(subject: Subject) -> Iterator[Finding]:
    for _, _, one in each(subject):
        reached: dict[object, float] = {}
        for change in one.changes:
            reached[change.of] = reached.get(change.of, 0.0) + change.reach
        most = max(reached.values(), default=0.0)
        if most > 1 + 1e-9:
            yield Finding(
                _path(one.name, "effects"), f"{one.name} reaches {percent(most)} of people"
            )


@check(
    "P862",
    "more taken than there is",
    why="nobody can take what is not there",
    hint="correct the number, or add the staff or places first",
    explanation=(
        "An intervention takes more staff from other work than the group has in post at the "
        "start or has posts for, or more places of a setting than are ever open; or closings take "
        "more places than there are with everything that opens. Perhaps a number is per week "
        "where it should be of full-time equivalents, or the places are counted twice."
    ),
    severity=Severity.ERROR,
)
def _taken(subject: Subject) -> Iterator[Finding]:
    for model, _, one in each(subject):
        for group, _ in one.staff:
            staff = model.staff[group]
            have = max(staff.in_post, float(staff.posts.values.max()))
            people, others = _together(model, one, "staff", group)
            if people > have:
                message = f"{number(people)} {staff.name} are taken{others}"
                message += f", and there are {number(have)}"
                yield Finding(_path(one.name, "staff", staff.name), message)
        for setting, _ in one.uses:
            have = _most_places(model, setting)
            places, others = _together(model, one, "uses", setting)
            if places > have:
                name = model.settings[setting].name
                message = f"{number(places)} places of {name} are used{others}"
                message += f", and there are {number(have)}"
                yield Finding(_path(one.name, "uses", name.partition("@")[0]), message)
    for model in subject.models.values():
        for setting, closed in _closed(model).items():
            have = _most_places(model, setting)
            if closed > have + 1e-9:
                name = model.settings[setting].name
                message = f"{number(closed)} places of {name} close, and there are {number(have)}"
                yield Finding(subject.setting_path(name, "closings"), message)


def _together(
    model: Model, one: Intervention, kind: Literal["staff", "uses"], which: int
) -> tuple[float, str]:
    """Return what an intervention and those at work as it begins take, and who these are."""
    taken, others = 0.0, list[str]()
    for other in model.interventions:
        amount = sum(amount for place, amount in getattr(other, kind) if place == which)
        if other is one or (amount and other.ramp.start <= one.ramp.start < other.ramp.end):
            taken += amount
            others += [other.name] * (other is not one)
    return taken, f" together with {some(others)}" if others else ""


def _most_places(model: Model, setting: int) -> float:
    """Return the places of a setting at their most, with all that open or are added."""
    opened = sum(o.places for o in model.openings if o.setting == setting and o.places > 0)
    added = sum(
        change.amount
        for one in model.interventions
        for change in one.changes
        if change.of.field == "capacity" and change.of.i == setting and change.amount > 0
    )
    return float(model.settings[setting].capacity.values.max()) + opened + added


def _closed(model: Model) -> dict[int, float]:
    found: dict[int, float] = {}
    for one in model.openings:
        if one.places < 0:
            found[one.setting] = found.get(one.setting, 0.0) - one.places
        if one.replaces >= 0:
            found[one.replaces] = found.get(one.replaces, 0.0) + one.replaced_places
    return found


@check(
    "P863",
    "an effect that cannot be",
    why="the number would leave its range in every draw",
    hint="check the size, the sign and the unit of the change",
    explanation=(
        "At full strength, and whatever the draw, the change takes a number out of its range: a "
        "stay shorter than no time (or less than a twentieth, or more than twenty times as long), "
        "a share below 0% or above 100%, fewer than no places. Values "
        "are held at the ends of their range, but a change that is always held is a mistake. A "
        "capacity that is unlimited cannot be changed either."
    ),
    severity=Severity.ERROR,
)
def _impossible(subject: Subject) -> Iterator[Finding]:
    for model, place, one in each(subject):
        found = [
            said
            for position, change in enumerate(one.changes)
            if (said := _fault(model, place, position, change, one.ramp.start))
        ]
        found += _overfull(model, place, one)
        if found:
            yield Finding(_path(one.name, "effects"), some(list(dict.fromkeys(found))))


def _overfull(model: Model, place: int, one: Intervention) -> Iterator[str]:
    """Say where more than everybody would take routes that are changed."""
    changed: dict[int, float] = {}
    for position, change in enumerate(one.changes):
        if change.of.field == "route_share":
            share = model.routes[change.of.i].share
            low, _ = amounts(model, place, position, change)
            more = low * change.reach * (share if change.kind == "relative" else 1.0)
            changed[change.of.i] = changed.get(change.of.i, share) + more
    of_group: dict[tuple[int, int], list[float]] = {}
    for route, share in changed.items():
        key = (model.routes[route].setting, model.routes[route].cohort)
        of_group.setdefault(key, []).append(share)
    for (setting, _), shares in of_group.items():
        if len(shares) > 1 and sum(shares) > 1 + 1e-9:
            name = model.settings[setting].name
            yield f"shares of routes from {name} would sum to {percent(sum(shares))} at least"


def _fault(model: Model, place: int, position: int, change: Change, day: float) -> str | None:
    """Say how a change takes its number out of its range in every draw; None if it does not."""
    value = value_of(model, change.of, day)
    if change.of.field == "capacity" and np.isinf(value):
        return f"{model.settings[change.of.i].name} has unlimited places"
    low, high = amounts(model, place, position, change)
    name = NAMES[change.of.field]
    if change.kind == "relative":
        if high <= -1 and change.of.field in ("stay", "step_time"):
            return f"{name} would become {percent(-high)} shorter"
        if change.of.field == "stay":
            factors = 1 + low * change.reach, 1 + high * change.reach
            if factors[1] < LEAST_STAY * (1 - 1e-9):
                return f"{name} would become {factors[1]:.2g} of what it is, below {LEAST_STAY:g}"
            if factors[0] > MOST_STAY * (1 + 1e-9):
                return f"{name} would become {factors[0]:.3g} times as long, above {MOST_STAY:g}"
        low, high = value * (1 + low * change.reach), value * (1 + high * change.reach)
    else:
        low, high = value + low * change.reach, value + high * change.reach
    if high < 0:
        return f"{name} of {number(value)} would become {number(high)} at most"
    if change.of.field in SHARES and low > 1 + 1e-9:
        return f"{name} of {percent(value)} would become {percent(low)} at least"
    return None


def amounts(model: Model, place: int, position: int, change: Change) -> tuple[float, float]:
    """Return the ends of the interval of an amount; the amount itself if it is certain."""
    for one in model.inputs:
        for target in one.targets:
            if (target.field, target.i, target.j) == ("intervention_amount", place, position):
                ends = [target.offset + target.scale * end for end in (one.low, one.high)]
                return min(ends), max(ends)
    return change.amount, change.amount
