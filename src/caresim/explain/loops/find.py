"""Loops of a model: chains of causal links that come back to where they began."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from caresim.explain.loops.links import (
    Link,
    Links,
    Node,
    changed_node,
    is_limited,
    links_of,
    pair,
    signal_node,
)
from caresim.model import Feedback, Model
from caresim.scenario.checks.loops import gain


@dataclass(frozen=True)
class Loop:
    """A loop.

    Attributes
    ----------
    name
        Of the feedback, or what happens.
    nodes
        Around the loop; the last pushes the first.
    signs
        Of the link that leaves each node.
    feedback
        Position in ``Model.feedbacks``, or -1 where the loop is in the flows themselves.
    gain
        By how much the feedback's signal rises in the long run for each unit it has risen, from
        all its answers together (see `caresim.scenario.checks.loops.gain`); None for loops in
        the flows.
    """

    name: str
    nodes: tuple[Node, ...]
    signs: tuple[int, ...]
    feedback: int = -1
    gain: float | None = None

    @property
    def is_reinforcing(self) -> bool:
        """Whether a push comes back in its own direction."""
        product = 1
        for sign in self.signs:
            product *= sign
        return product > 0


def loops_of(model: Model) -> tuple[Loop, ...]:
    """Return the loops of a model: of each answer of each feedback, then those in the flows.

    Of the ways in which an answer comes back to its signal the shortest is shown; an answer that
    does not come back (such as one that acts on people whom the signal does not observe) closes
    no loop.
    """
    links = links_of(model)
    found: list[Loop] = []
    for position, feedback in enumerate(model.feedbacks):
        found += _of_feedback(model, links, position, feedback)
    return (*found, *_blocking(model), *_return(model))


def _of_feedback(model: Model, links: Links, position: int, feedback: Feedback) -> list[Loop]:
    signal, strength = signal_node(feedback), gain(model, feedback) if feedback.changes else 0.0
    found: dict[Node, Loop] = {}
    for change in feedback.changes:
        node = changed_node(model, change.of)
        if node in found or not change.amount:
            continue
        path = _shortest(links, node, signal)
        if path is not None:
            nodes = (signal, node, *(link.to for link in path[:-1]))
            first = 1 if change.amount > 0 else -1
            signs = (first, *(link.sign for link in path))
            found[node] = Loop(feedback.label, nodes, signs, position, strength)
    return list(found.values())


def _shortest(links: Links, from_: Node, to: Node) -> list[Link] | None:
    """Return the fewest links between two nodes, those of feedbacks only where none else lead."""
    for others in (False, True):
        came: dict[Node, tuple[Node, Link]] = {}
        queue = deque([from_])
        while queue:
            node = queue.popleft()
            for link in links.get(node, ()):
                if link.to in came or (link.feedback >= 0 and not others):
                    continue
                came[link.to] = (node, link)
                if link.to == to:
                    return _back(came, from_, to)
                queue.append(link.to)
    return None


def _back(came: dict[Node, tuple[Node, Link]], from_: Node, to: Node) -> list[Link]:
    path: list[Link] = []
    node = to
    while not path or node != from_:
        node, link = came[node]
        path.append(link)
    return path[::-1]


def _blocking(model: Model) -> list[Loop]:
    """Return what a full setting does to the one before it: those delayed fill it, too."""
    found: dict[tuple[int, int], Loop] = {}
    for route in model.routes:
        s, to = route.setting, route.to
        if to < 0 or to == s or route.share <= 0 or route.wait_at_home or (s, to) in found:
            continue
        if is_limited(model, s) and is_limited(model, to):
            name = f"{model.settings[to].label} full"
            nodes: tuple[Node, ...] = (("in", to), ("blocked", pair(model, s, to)), ("in", s))
            found[s, to] = Loop(name, nodes, (1, 1, 1))
    return list(found.values())


def _return(model: Model) -> list[Loop]:
    """Return the ways on which people come back to a setting they have been in."""
    onward: dict[int, set[int]] = {}
    for route in model.routes:
        if route.to >= 0 and route.share > 0:
            onward.setdefault(route.setting, set()).add(route.to)
    found: dict[frozenset[int], Loop] = {}
    for s in sorted(onward):
        way = _circle(onward, s)
        if way and frozenset(way) not in found:
            name = f"back to {model.settings[s].label}"
            nodes: tuple[Node, ...] = tuple(("in", position) for position in way)
            if len(nodes) == 1:
                nodes = (*nodes, ("returning", s))
            found[frozenset(way)] = Loop(name, nodes, (1,) * len(nodes))
    return list(found.values())


def _circle(onward: dict[int, set[int]], start: int) -> list[int]:
    """Return the settings of the shortest way from a setting back to it; empty if there is none."""
    came: dict[int, int] = {}
    queue = deque([start])
    while queue:
        s = queue.popleft()
        for to in sorted(onward.get(s, ())):
            if to == start:
                way = [s]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if to not in came:
                came[to] = s
                queue.append(to)
    return []
