"""Checks of the rules of queues against who can be in them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caresim.model import Model
from caresim.problems import Severity
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.routes import from_queue
from caresim.scenario.checks.words import walk
from caresim.scenario.read import Path
from caresim.scenario.schema.leaf import LEAF_KEYS


def sources_of(model: Model, position: int) -> set[int]:
    """Return the sources whose people can come to ask for a setting."""
    asked = {position}
    grown = True
    while grown:
        more = {p for p in range(len(model.settings)) if from_queue(model, p) & asked} - asked
        grown = bool(more)
        asked |= more
    found = {a.source for a in model.arrivals if a.to in asked}
    for route in model.routes:
        leads = {route.to} | {leave.to for leave in route.leaving}
        if leads & asked and (route.share > 0 or route.is_rest):
            found.add(model.source_of_setting(route.setting))
    for here, setting in enumerate(model.settings):
        if any(move.to in asked for move in setting.planned_moves):
            found.add(model.source_of_setting(here))
    # People given up on elsewhere come from that setting, if they were in its queue.
    found |= {model.source_of_setting(p) for p in asked - {position}}
    return found


@check(
    "P401",
    "a rule for people who never come",
    why="nobody from there ever asks for a place here, so the rule does nothing",
    hint="check the name, or the route that should lead here",
    explanation=(
        "`priority`, `ring_fenced`, `keep_free`, `max_wait` or the queue at the start names an "
        "arrival or a setting whose people never ask for a place in this setting, in any "
        "option. The name may be of another source, or a route may be missing."
    ),
)
def _never_come(subject: Subject) -> Iterator[Finding]:
    for path, name in _named_sources(subject):
        comes = False
        setting = path[2] if path[0] == "initial" else path[1]
        for model in subject.models.values():
            here = [p for p, s in enumerate(model.settings) if subject.settings[s.name] == setting]
            names = {
                model.source_names[source].split("@")[0]
                for position in here
                for source in sources_of(model, position)
            }
            comes = comes or name.split("@")[0] in names
        if not comes:
            yield Finding(
                path,
                f"nobody from {name} ever asks for a place in {setting}",
                why="those who wait at the start must come from somewhere that leads here"
                if path[0] == "initial"
                else None,
            )


def _named_sources(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Give every source that a rule of a queue, or the queue at the start, names."""
    initial = subject.tree.data.get("initial", {})
    waiting = initial.get("queue", {}) if isinstance(initial, dict) else {}
    for setting, written in waiting.items():
        if isinstance(written, dict) and not set(written) <= LEAF_KEYS:
            yield from ((("initial", "queue", setting, name), name) for name in written)
    for setting, written in subject.tree.data.get("settings", {}).items():
        at: Path = ("settings", setting)
        queue = written.get("queue", {})
        for path, value in walk(queue.get("priority", []), (*at, "queue", "priority")):
            if isinstance(value, str):
                yield path, value
        fenced = written.get("ring_fenced", {})
        if isinstance(fenced, dict):
            yield from (((*at, "ring_fenced", name), name) for name in fenced)
            fenced = []
        lists = [((*at, "ring_fenced"), fenced), ((*at, "keep_free"), written.get("keep_free", {}))]
        lists.append(((*at, "queue", "max_wait"), queue.get("max_wait", {})))
        for start, rules in lists:
            for path, value in walk(rules, start):
                if "for" in path and isinstance(value, str):
                    yield path, value


@check(
    "P402",
    "a longest wait where nobody can wait",
    why="there is no room to wait outside, so the time is never reached",
    hint="give the queue `room`, or say with `overflow` or `when_full` where people go at once",
    explanation=(
        "`max_wait` says how long people wait before they give up, but the setting has no room for "
        "people to wait outside (`when_full: lost`, `when_full: {divert: …}` or `room: 0`), and "
        "nobody comes to it from another setting, where they would keep their place. Whoever "
        "finds it full is turned away at once."
    ),
)
def _no_room_to_wait(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for position, setting in enumerate(model.settings):
            if setting.room or not setting.max_waits:
                continue
            waits_elsewhere = any(
                route.to == position and not route.wait_at_home for route in model.routes
            )
            if not waits_elsewhere:
                yield Finding(
                    subject.setting_path(setting.name, "queue", "max_wait"),
                    f"{setting.name} has no room for anyone to wait",
                )


@check(
    "P403",
    "names that are easily confused",
    why="they differ only by an underscore, so one is easily written for the other",
    hint="rename one of them",
    explanation=(
        "Two names differ only by underscores, such as `home_care` and `homecare`. A route or a "
        "rule that names the wrong one is no error, because both exist. Give them names that a "
        "reader can tell apart, or delete the one that is left over."
    ),
)
def _confusable(subject: Subject) -> Iterator[Finding]:
    data = subject.tree.data
    for kinds in (("settings", "arrivals"), ("cohorts",), ("localities",), ("sources",)):
        seen: dict[str, str] = {}
        for kind in kinds:
            for name in data.get(kind, {}):
                twin = seen.setdefault(name.replace("_", ""), name)
                if twin != name:
                    yield Finding((kind, name), f"`{name}` and `{twin}` are nearly the same name")


@check(
    "P404",
    "diversions in a circle",
    why="when all of them are full, a person would be sent round for ever",
    hint="let the last of them say `lost`, or let people wait there",
    explanation=(
        "Each of these settings sends people on to the next when it is full and has no room, and "
        "the last sends them back to the first. When all are full nobody knows where such a "
        "person is. End the circle: one setting must let people wait without limit or say `lost`."
    ),
    severity=Severity.ERROR,
)
def _diverted_in_a_circle(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for start, setting in enumerate(model.settings):
            way = [start]
            while np.isfinite(model.settings[way[-1]].room):
                nxt = model.settings[way[-1]].overflow
                if nxt < 0:
                    break
                way.append(nxt)
                if nxt in way[:-1]:
                    break
            if len(way) > 1 and way[-1] == start:
                names = " to ".join(model.settings[p].name for p in way)
                yield Finding(subject.setting_path(setting.name), f"diverted from {names}")


@check(
    "P405",
    "people give up a queue to join it again",
    why="they go to the end of the same queue each time, and may never get a place",
    hint="name another setting, or home, died or elsewhere",
    explanation=(
        "`max_wait` sends people who have waited too long to the very setting they wait for, where "
        "they join the end of the queue. To let those who have waited longest go first, leave the "
        "rule out: that is the order within a class already."
    ),
)
def _rejoins(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for position, setting in enumerate(model.settings):
            if any(rule.to == position for rule in setting.max_waits):
                yield Finding(
                    subject.setting_path(setting.name, "queue", "max_wait"),
                    f"those who give up waiting for {setting.name} ask for {setting.name} again",
                )
