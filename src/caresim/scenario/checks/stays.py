"""Checks of stays: their limits, and their length against the step."""

from __future__ import annotations

import math
from collections.abc import Iterator

from caresim.model import Model
from caresim.scenario.checks.registry import Finding, Subject, check
from caresim.scenario.checks.words import days, percent
from caresim.scenario.read import Path
from caresim.stays import Stay

MUCH_SHORTER = 0.8
"""Share of the declared mean below which a limit changes a stay so much that both are told."""


def stays_in_use(subject: Subject, model: Model) -> Iterator[tuple[Path, str, Stay]]:
    """Give every stay, arrangement and transfer of a model: where, what and how long."""
    for route in model.routes:
        setting = model.settings[route.setting].name
        then = subject.setting_path(setting, "then", route.name)
        written = subject.tree.data["settings"][subject.settings[setting]].get("then", {})
        own = written.get(route.name)
        if isinstance(own, dict) and "stay" in own:
            yield (*then, "stay"), "the stay", model.stays[route.stay]
        else:
            yield subject.setting_path(setting, "stay"), "the stay", model.stays[route.stay]
        for step in route.steps:
            yield (*then, "arrangement"), "the arrangement", model.stays[step.stay]
        if route.transfer is not None:
            yield (*then, "transfer"), "the transfer", model.stays[route.transfer]
    for arrivals in model.arrivals:
        if arrivals.transfer is not None:
            path = ("arrivals", arrivals.name, "transfer")
            yield path, "the transfer", model.stays[arrivals.transfer]


@check(
    "P501",
    "a time shorter than the step",
    why="the flow engine cannot follow what happens within one step, and its figures drift",
    hint="write `step: auto`, or a step at most half as long as the shortest time",
    explanation=(
        "The flow engine moves people at the end of each step. A mean stay, arrangement or "
        "transfer shorter than the step cannot be followed. Leave `step` out: `auto` chooses one "
        "that is short enough. The event engine has no step."
    ),
)
def _shorter_than_step(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        if model.run.engine != "flow" or not model.run.steps_per_day:
            continue
        step = 1.0 / model.run.steps_per_day
        for path, what, stay in stays_in_use(subject, model):
            if stay.mean() < step * (1 - 1e-9):
                yield Finding(
                    path, f"{what} lasts {days(stay.mean())} on average, and a step {days(step)}"
                )


@check(
    "P502",
    "a limit that makes stays much shorter",
    why="the mean that counts is the one after the limit, not the one written",
    hint="if the mean was measured with the limit in force, state a longer one, so that the mean "
    "after the limit is the measured one",
    explanation=(
        "A stay is the lesser of its draw and `stay_limit`, so the limit shortens the mean. Here "
        "it falls below 80% of what is written. If the mean was measured where the limit was "
        "already in force, it is taken off twice: raise the written mean until the mean after "
        "the limit, which `caresim explain` shows, is the one measured."
    ),
)
def _limit_bites(subject: Subject) -> Iterator[Finding]:
    for model in subject.models.values():
        for route in model.routes:
            stay = model.stays[route.stay]
            if math.isinf(stay.limit):
                continue
            whole = Stay(stay.family, stay.parameters).mean()
            if stay.mean() < MUCH_SHORTER * whole:
                yield Finding(
                    subject.setting_path(model.settings[route.setting].name, "stay_limit"),
                    f"the mean stay is {days(whole)} as written and {days(stay.mean())} after the "
                    f"limit of {days(stay.limit)} ({percent(stay.mean() / whole)})",
                )
