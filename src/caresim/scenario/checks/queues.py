"""Checks of the rules of queues against who can be in them."""

from __future__ import annotations

from collections.abc import Iterator

from caresim.model import Model
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.routes import from_queue
from caresim.scenario.checks.words import walk
from caresim.scenario.read import Path


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
        "`priority`, `ring_fenced`, `keep_free` or `max_wait` names an arrival or a setting whose "
        "people never ask for a place in this setting, in any option. The name may be of another "
        "source, or a route may be missing."
    ),
)
def _never_come(subject: Subject) -> Iterator[Finding]:
    for path, name in _named_sources(subject):
        comes = False
        for model in subject.models.values():
            here = [p for p, s in enumerate(model.settings) if subject.settings[s.name] == path[1]]
            names = {
                model.source_names[source].split("@")[0]
                for position in here
                for source in sources_of(model, position)
            }
            comes = comes or name.split("@")[0] in names
        if not comes:
            yield Finding(path, f"nobody from {name} ever asks for a place in {path[1]}")


def _named_sources(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Give every source that a rule of a queue names, with its path."""
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
