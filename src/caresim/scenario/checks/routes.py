"""Checks of where people can come from and go to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from caresim.model import Model
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import number, percent, some

OFTEN = 10.0
"""Stays in one setting to which one stay leads, from which the loop is probably a slip."""

POLICY_SPLIT = {1: 0.45, 2: 0.04, 3: 0.01}
"""Pathways 1 to 3 in the discharge-to-assess policy of 2021-22, shares of people over 65
(Department of Health and Social Care, hospital discharge guidance); 50% are pathway 0."""

NEAR = {1: 0.02, 2: 0.01, 3: 0.006}
"""How close a share must come to be taken for the policy's."""


def _opened(model: Model) -> Iterator[int]:
    """Give the routes to which something adds people, which nobody need have taken before."""
    changes = [change for one in model.interventions for change in one.changes]
    changes += [change for loop in model.feedbacks for change in loop.changes]
    for change in changes:
        if change.of.field == "route_share" and change.kind == "absolute" and change.amount > 0:
            yield change.of.i


def onward(model: Model) -> list[set[int]]:
    """Return, for each setting, the destinations that people there may go to."""
    to: list[set[int]] = [set() for _ in model.settings]
    opened = set(_opened(model))
    for place, route in enumerate(model.routes):
        if route.share > 0 or route.is_rest or place in opened:
            to[route.setting].add(route.to)
            to[route.setting].update(leave.to for leave in route.leaving)
    for position, setting in enumerate(model.settings):
        to[position].update(move.to for move in setting.planned_moves)
    return to


def from_queue(model: Model, position: int) -> set[int]:
    """Return the destinations of people who wait for a setting and do not get in."""
    setting = model.settings[position]
    to = {rule.to for rule in setting.max_waits}
    to.update(leave.to for cohort in setting.leaving for leave in cohort)
    if np.isfinite(setting.room):
        to.add(setting.overflow)
    return to


def reachable(model: Model) -> set[int]:
    """Return the settings that somebody can come to."""
    found = {a.to for a in model.arrivals}
    found |= {c.setting for c in model.census if c.people > 0}
    found |= {q.to for q in model.queued if q.people > 0}
    routes = onward(model)
    new = set(found)
    while new:
        nxt = set().union(*(routes[p] | from_queue(model, p) for p in new))
        new = {p for p in nxt if p >= 0} - found
        found |= new
    return found


@check(
    "P201",
    "a setting nobody can leave",
    why="people only ever come in, so the number there grows without end",
    hint="add a route that leads to home, died or elsewhere",
    explanation=(
        "From this setting no route leads out of the model, not even by way of other settings: "
        "people go round for ever. In care homes, for instance, most stays end with a death: "
        "`then: {died: 100%}`. If `then` is left out, people go home."
    ),
)
def _no_way_out(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        routes = onward(model)
        leads_out = {p for p, to in enumerate(routes) if any(d < 0 for d in to)}
        grown = True
        while grown:
            more = {p for p, to in enumerate(routes) if to & leads_out} - leads_out
            grown = bool(more)
            leads_out |= more
        for position, setting in enumerate(model.settings):
            if position not in leads_out:
                names = some(sorted(model.destination_name(d) for d in routes[position]))
                yield Finding(
                    subject.setting_path(setting.name, "then"),
                    f"everyone goes on to {names}, and from there nobody ever leaves",
                )


@check(
    "P202",
    "a setting nobody can reach",
    why="it stays empty in every option",
    hint="add an arrival or a route that leads to it, or delete it",
    explanation=(
        "No arrival, route, diversion or census leads to this setting, in any option. A route "
        "to it may be missing or name another setting, or the setting is left over."
    ),
)
def _unreachable(subject: Subject) -> Iterator[Finding]:
    reached = {
        subject.settings[model.settings[p].name]
        for model in subject.models.values()
        for p in reachable(model)
    }
    for setting in subject.base.settings:
        if subject.settings[setting.name] not in reached:
            yield Finding(subject.setting_path(setting.name), f"nothing leads to {setting.name}")


@check(
    "P203",
    "people go round and round",
    why="a loop that multiplies stays so often makes every figure very sensitive to its shares",
    hint="check the shares on the way round, such as of readmission",
    explanation=(
        "A stay in this setting leads, through routes that come back to it, to many further stays "
        "in it: with 90% coming back, one stay becomes ten. Readmission of patients is usually "
        "10% to 20% within 30 days. Often a share of those who stay in the loop has been given "
        "where the share of those who leave it was meant."
    ),
)
def _loop(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        n = len(model.settings)
        for cohort in range(len(model.cohorts)):
            matrix = np.zeros((n, n))
            for route in model.routes:
                if route.cohort == cohort and route.to >= 0:
                    matrix[route.setting, route.to] += route.share
            if np.abs(np.linalg.eigvals(matrix)).max(initial=0.0) >= 1 - 1e-9:
                continue  # no way out at all: P201
            visits = np.diag(np.linalg.inv(np.eye(n) - matrix))
            worst = int(np.argmax(visits))
            if visits[worst] >= OFTEN:
                name = model.settings[worst].name
                yield Finding(
                    subject.setting_path(name, "then"),
                    f"one stay in {name} becomes {number(visits[worst])} stays, as "
                    f"{percent(1 - 1 / visits[worst])} of people come back",
                )


@check(
    "P204",
    "a pathway split of the wrong people",
    why="the policy's split of 50, 45, 4 and 1% is of people over 65, not of all adults",
    hint="use the observed split of all adults (86, 9.5, 3.1 and 1.7% in England in 2024-25), or "
    "a cohort of people aged 65 and over",
    explanation=(
        "The shares of the discharge pathways are those of the discharge-to-assess policy of "
        "2021-22: at least 50% on pathway 0, 45% on pathway 1, at most 4% on pathway 2 and 1% on "
        "pathway 3. They were meant for people over 65. Of all adults discharged from acute "
        "hospitals in England in 2024-25, 85.7% went home without help, 9.5% on pathway 1, 3.1% "
        "on pathway 2 and 1.7% on pathway 3 (NHS England, acute discharge situation report). "
        "Applied to all adults, the policy's split makes demand for home care about five times "
        "too high."
    ),
)
def _policy_split(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for position, setting in enumerate(model.settings):
            for cohort, name in enumerate(model.cohorts):
                routes = [model.routes[r] for r in model.routes_of[position][cohort]]
                alive = 1 - sum(r.share for r in routes if model.destination_name(r.to) == "died")
                split = {
                    pathway: sum(r.share for r in routes if r.pathway == pathway) / max(alive, 1e-9)
                    for pathway in POLICY_SPLIT
                }
                is_policy = all(abs(split[p] - POLICY_SPLIT[p]) < NEAR[p] for p in POLICY_SPLIT)
                if is_policy and not _over_65(subject, name):
                    shown = ", ".join(percent(split[p]) for p in POLICY_SPLIT)
                    yield Finding(
                        subject.setting_path(setting.name, "then"),
                        f"pathways 1 to 3 take {shown} of those who leave {setting.name}, and "
                        f"the cohort {name.split('@')[0]} is not said to be aged 65 or over",
                    )


def _over_65(subject: Subject, cohort: str) -> bool:
    cohorts = subject.tree.data.get("cohorts", {})
    written = cohorts.get(cohort) or cohorts.get(cohort.split("@")[0]) or {}
    ages = re.match(r"\d+", str(written.get("ages", "")))
    return ages is not None and int(ages[0]) >= 65
