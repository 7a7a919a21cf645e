"""Which quantities of a model push which, and in which direction: the causal links.

A quantity is a **node**: ``(what, position)``, such as ``("in", 2)`` for the people in setting 2.
A link of sign +1 says that more of the one makes more of the other than there would be, one of
sign -1 that it makes less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from caresim.model import Changed, Exit, Feedback, Model

Node = tuple[str, int]
"""What, and its position: ``in``, ``returning``, ``delayed``, ``waiting``, ``places``,
``occupancy``, ``unmet``, ``delay_days``, ``stay``, ``arrangement``, ``waiting_hazard``,
``delayed_hazard`` of a setting; ``blocked`` of a setting and the next, at `pair`; ``arrivals``;
``share`` of a route; ``staff``, ``vacancies``, ``workload``, ``leavers``, ``recruitment``,
``sickness``, ``posts`` of a staff group; ``population``, ``home_deaths`` of a cohort;
``transition``; ``underspend`` of a budget."""


@dataclass(frozen=True)
class Link:
    """One quantity that pushes another.

    Attributes
    ----------
    to
        What is pushed.
    sign
        1 or -1.
    feedback
        Position in ``Model.feedbacks`` of the feedback that the link is, or -1.
    """

    to: Node
    sign: int
    feedback: int = -1


Links = dict[Node, list[Link]]


def links_of(model: Model) -> Links:
    """Return the links that leave each node, those of feedbacks included."""
    found: dict[Node, dict[Link, None]] = defaultdict(dict)
    for from_, link in _all(model):
        found[from_][link] = None
    return {node: list(links) for node, links in found.items()}


def pair(model: Model, setting: int, to: int) -> int:
    """Return the position of those delayed in a setting for want of a place in another."""
    return setting * len(model.settings) + to


def is_limited(model: Model, setting: int) -> bool:
    """Whether a setting can be full."""
    return bool(np.isfinite(model.settings[setting].capacity.values).any())


def _all(model: Model) -> Iterator[tuple[Node, Link]]:
    yield from _people(model)
    yield from _slow(model)
    for position, feedback in enumerate(model.feedbacks):
        signal = signal_node(feedback)
        yield from _observed(model, feedback)
        for change in feedback.changes:
            if change.amount:
                sign = 1 if change.amount > 0 else -1
                yield signal, Link(changed_node(model, change.of), sign, position)


def _people(model: Model) -> Iterator[tuple[Node, Link]]:
    """People in settings, on their way between them, and waiting."""
    for i, arrival in enumerate(model.arrivals):
        node = ("arrivals", _first_of_name(model, i))
        yield from ((node, link) for link in _entering(model, arrival.to))
        if arrival.population is not None:
            yield ("population", arrival.cohort), Link(node, 1)
    for s in range(len(model.settings)):
        yield ("stay", s), Link(("in", s), 1)
        yield ("delayed", s), Link(("in", s), 1)
        if is_limited(model, s):
            yield ("in", s), Link(("waiting", s), 1)
            yield ("places", s), Link(("waiting", s), -1)
        for row in model.settings[s].leaving:
            for leaving in row:
                yield ("waiting_hazard", s), Link(("waiting", s), -1)
                if leaving.to >= 0:
                    yield ("waiting", s), Link(("in", leaving.to), 1)
                    yield ("waiting_hazard", s), Link(("in", leaving.to), 1)
    for position, route in enumerate(model.routes):
        s, to = route.setting, route.to
        share, arranged = ("share", _first_route(model, position)), ("arrangement", s)
        yield arranged, Link(("delayed", s), 1)
        for leaving in route.leaving:
            yield ("delayed_hazard", s), Link(("delayed", s), -1)
            if leaving.to >= 0:
                yield ("delayed", s), Link(("in", leaving.to), 1)
                yield ("delayed_hazard", s), Link(("in", leaving.to), 1)
        if to < 0:
            if to == Exit.DIED and route.share > 0 and model.population is not None:
                yield ("in", s), Link(("population", route.cohort), -1)
            continue
        yield share, Link(("in", to), 1)
        if route.share > 0:
            yield ("in", s), Link(("in", to), 1)
        if is_limited(model, to) and not route.wait_at_home:
            blocked = ("blocked", pair(model, s, to))
            yield ("in", to), Link(blocked, 1)
            yield ("places", to), Link(blocked, -1)
            yield share, Link(blocked, 1)
            yield blocked, Link(("delayed", s), 1)


def _entering(model: Model, setting: int) -> Iterator[Link]:
    yield Link(("in", setting), 1)
    if is_limited(model, setting):
        yield Link(("waiting", setting), 1)


def _slow(model: Model) -> Iterator[tuple[Node, Link]]:
    """Staff, and what they can run."""
    for g, group in enumerate(model.staff):
        yield ("leavers", g), Link(("staff", g), -1)
        yield ("sickness", g), Link(("staff", g), -1)
        yield ("recruitment", g), Link(("staff", g), 1)
        yield ("posts", g), Link(("staff", g), 1)
        for setting, _ in group.runs:
            yield ("staff", g), Link(("places", setting), 1)
    for c in range(len(model.cohorts)):
        yield ("home_deaths", c), Link(("population", c), -1)
    if model.population is not None:
        for t, transition in enumerate(model.population.transitions):
            yield ("transition", t), Link(("population", transition.from_), -1)
            yield ("transition", t), Link(("population", transition.to), 1)


def _observed(model: Model, feedback: Feedback) -> Iterator[tuple[Node, Link]]:
    """Return what moves the signal of a feedback."""
    of, i, node = feedback.signal.of, feedback.signal.i, signal_node(feedback)
    if of == "occupancy":
        yield ("in", i), Link(node, 1)
        yield ("places", i), Link(node, -1)
    elif of == "unmet":
        yield ("waiting", i), Link(node, 1)
        for route in model.routes:
            if route.to == i and is_limited(model, i):
                yield ("blocked", pair(model, route.setting, i)), Link(node, 1)
    elif of == "delay_days":
        yield ("delayed", i), Link(node, 1)
    elif of == "vacancies":
        yield ("staff", i), Link(node, -1)
        yield ("posts", i), Link(node, 1)
    elif of == "workload":
        yield ("staff", i), Link(node, -1)
        for setting, _ in model.staff[i].runs:
            yield ("in", setting), Link(node, 1)
            yield ("waiting", setting), Link(node, 1)
    elif of == "underspend":
        for setting, _ in model.budgets[i].pays:
            yield ("in", setting), Link(node, -1)


def signal_node(feedback: Feedback) -> Node:
    """Return the node of what a feedback observes."""
    return feedback.signal.of, feedback.signal.i


def changed_node(model: Model, changed: Changed) -> Node:
    """Return the node of a number that is changed; those of all cohorts are one."""
    if changed.field == "arrival_rate":
        return "arrivals", _first_of_name(model, changed.i)
    if changed.field == "route_share":
        return "share", _first_route(model, changed.i)
    if changed.field in ("step_time", "step_share"):
        return "arrangement", model.routes[changed.i].setting
    if changed.field == "delayed_hazard":
        return "delayed_hazard", model.routes[changed.i].setting
    if changed.field == "capacity":
        return "places", changed.i
    return changed.field, changed.i


def _first_of_name(model: Model, arrival: int) -> int:
    one = model.arrivals[arrival]
    return next(
        i for i, other in enumerate(model.arrivals) if (other.name, other.to) == (one.name, one.to)
    )


def _first_route(model: Model, position: int) -> int:
    """Return the first route of the same setting and name: that of the first cohort."""
    one = model.routes[position]
    return next(
        i
        for i, other in enumerate(model.routes)
        if (other.setting, other.name) == (one.setting, one.name)
    )
