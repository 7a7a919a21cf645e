"""Check of the gain of loops: whether a feedback feeds itself more than it is fed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caresim.model import Feedback, Model, Signal, Staff
from caresim.scenario.checks.changed import changed
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import number
from caresim.traffic import Equilibrium, equilibrium

SMALL = 1e-4
"""The rise of the signal that is tried, as a share of `per`."""


def gain(model: Model, feedback: Feedback) -> float:
    """Return by how much a signal rises in the long run for each unit that it has risen.

    All answers to a small rise of the signal are put into the model together, and the signal is
    worked out again: a one-sided difference, which is the derivative wherever the signal is
    smooth. The threshold, `most`, smoothing and everything that moves in the meantime are left
    out, so this is the gain of the loop once it answers, in the long run.

    Notes
    -----
    Signals are those of the equilibrium without limits on capacity (`caresim.traffic`), with what
    cannot be had there from the load that is above capacity:

    - occupancy: load / capacity, also above 1;
    - delayed: people in arrangement and transfer, and those for whom the load of their next
      setting is above its capacity, in proportion to who asks for it;
    - waiting: people in the load above capacity, of whom those who come from outside wait;
    - unmet: the share of the load that is above capacity;
    - delay_days: people delayed / stays ended a day;
    - vacancies and workload: with staff where recruitment equals leaving;
    - underspend: with people up to capacity.

    Rates of leaving a wait or delay, and changes of the population, change none of them here.
    """
    per = min(change.per for change in feedback.changes)
    rise = SMALL * per
    other = model
    for change in feedback.changes:
        other = changed(other, change, change.amount * rise / change.per)
    with np.errstate(invalid="ignore", divide="ignore"):
        after = observed(other, feedback.signal)
        before = observed(model, feedback.signal)
    found = (after - before) / rise
    return found if np.isfinite(found) else 0.0


def observed(model: Model, signal: Signal) -> float:
    """Return a signal as it is in equilibrium; see `gain`."""
    if signal.of == "vacancies":
        group = model.staff[signal.i]
        posts = float(group.posts.at(0.0))
        return (posts - _in_post(group)) / posts if posts > 0 else 0.0
    flows = equilibrium(model)
    if signal.of == "workload":
        group = model.staff[signal.i]
        need = sum(float(flows.places[setting]) * people for setting, people in group.runs)
        at_work = _in_post(group) * (1.0 - group.sickness)
        return need / at_work if at_work > 0 else float("inf")
    if signal.of == "underspend":
        budget = model.budgets[signal.i]
        spent = sum(price * _people(model, flows, setting) for setting, price in budget.pays)
        return budget.per_day - spent
    load, capacity = float(flows.places[signal.i]), _capacity(model, signal.i)
    if signal.of == "occupancy":
        return load / capacity if capacity > 0 else 0.0
    if signal.of == "unmet":
        return max(0.0, 1.0 - capacity / load) if load > 0 else 0.0
    if signal.of == "waiting":
        return _above(model, flows, signal.i) * _from_outside(model, flows, signal.i)
    delayed = _delayed(model, flows, signal.i)
    if signal.of == "delayed":
        return delayed
    return delayed / float(flows.stays_per_day[signal.i].sum())


def _capacity(model: Model, setting: int) -> float:
    return float(model.settings[setting].capacity.at(0.0))


def _people(model: Model, flows: Equilibrium, setting: int) -> float:
    """Return people in a setting, up to its capacity."""
    people = float((flows.people + flows.delayed)[setting].sum())
    load, capacity = float(flows.places[setting]), _capacity(model, setting)
    return people * min(1.0, capacity / load) if load > 0 else 0.0


def _above(model: Model, flows: Equilibrium, setting: int) -> float:
    """Return the people in the load of a setting that is above its capacity."""
    load = float(flows.places[setting])
    people = float((flows.people + flows.delayed)[setting].sum())
    return people * max(0.0, 1.0 - _capacity(model, setting) / load) if load > 0 else 0.0


def _from_outside(model: Model, flows: Equilibrium, setting: int) -> float:
    """Return the share of those who ask for a setting who do not come from another one."""
    begun = float(flows.stays_per_day[setting].sum())
    inside = sum(
        float(flows.stays_per_day[route.setting, route.cohort]) * route.share
        for route in model.routes
        if route.to == setting
    )
    return max(0.0, 1.0 - inside / begun) if begun > 0 else 0.0


def _delayed(model: Model, flows: Equilibrium, setting: int) -> float:
    """Return people delayed in a setting, by arrangement or for want of a place."""
    found = float(flows.delayed[setting].sum())
    for route in model.routes:
        if route.setting == setting and route.to >= 0 and not route.wait_at_home:
            asked = float(flows.stays_per_day[setting, route.cohort]) * route.share
            begun = float(flows.stays_per_day[route.to].sum())
            if begun > 0:
                found += _above(model, flows, route.to) * asked / begun
    return found


def _in_post(group: Staff) -> float:
    """Return the people in post where as many are recruited as leave."""
    posts = float(group.posts.at(0.0))
    if group.fills:
        return posts * group.fills / (group.fills + group.leavers)
    if group.leavers <= 0:
        return posts if group.recruitment > 0 else min(posts, group.in_post)
    return min(posts, group.recruitment / group.leavers)


@check(
    "P854",
    "a loop that feeds itself",
    why="with a gain above one each round of the loop is larger than the last",
    hint="check `change`, `by` and `per`, and limit the answer with `most`",
    explanation=(
        "A small rise of the signal changes inputs so much that the signal then rises by more than "
        "it had at first. Once such a loop answers, it runs away until `most`, the end of the "
        "range of an input, or a full setting stops it. That can be real, but more often `per` "
        "has the wrong size. The gain is worked out in the long run at the flows without limits on "
        "capacity; with delays and limits the model itself may be calmer."
    ),
)
def _runs_away(subject: Subject) -> Iterator[Finding]:
    for option, model in subject.models.items():
        for feedback in model.feedbacks:
            found = gain(model, feedback) if feedback.changes else 0.0
            if found > 1.0:
                about = f" in option {option}" if model is not subject.base else ""
                yield Finding(
                    ("feedbacks", feedback.name.partition("@")[0]),
                    f"the gain of {feedback.name} is {number(found)}{about}",
                )
