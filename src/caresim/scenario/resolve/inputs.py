"""Which inputs a scenario has that interventions and feedbacks may change."""

from __future__ import annotations

from collections.abc import Iterator

from caresim.scenario.resolve.context import Context
from caresim.scenario.schema.inputs import PRICES, Input, parsed
from caresim.scenario.schema.setting import Setting


def known(context: Context) -> frozenset[str]:
    """Return the paths of all inputs of the scenario as written that may be changed."""
    if context.changeable is None:
        context.changeable = frozenset(_known(context))
    return context.changeable


def _known(context: Context) -> Iterator[str]:
    file = context.file
    for name in context.arrival_names:
        yield f"arrivals.{name}.rate"
    for name in context.setting_names:
        yield f"settings.{name}.stay"
        yield f"settings.{name}.capacity"
        if name in file.settings:
            yield from _in_setting(f"settings.{name}", file.settings[name])
    for name in context.staff_names:
        for key in ("leavers", "recruitment", "sickness", "posts"):
            yield f"workforce.{name}.{key}"
    for name, payment in file.payments.items():
        if payment.price is not None:
            yield f"payments.{name}.price"
    if file.population is not None:
        yield "population.deaths"
        for name in file.population.moves:
            yield f"population.moves.{name}"


def _in_setting(path: str, setting: Setting) -> Iterator[str]:
    delayed = dict.fromkeys(setting.while_delayed)
    for name, route in setting.then.items():
        here = f"{path}.then.{name}"
        yield f"{here}.share"
        if route.arrangement:
            yield f"{here}.arrangement"
        for step in route.arrangement:
            yield f"{here}.arrangement.{step.reason}"
            yield f"{here}.arrangement.{step.reason}.share"
        delayed.update(dict.fromkeys(route.while_delayed or ()))
    for to in delayed:
        yield f"{path}.while_delayed.{to}"
    for to in setting.queue.leaving:
        yield f"{path}.queue.leaving.{to}"
    for key in PRICES if setting.costs is not None else ():
        if getattr(setting.costs, key) is not None:
            yield f"{path}.costs.{key}"


def expanded(context: Context, one: Input, localities: list[str] | None) -> list[Input]:
    """Return the inputs of the explicit form that one stands for.

    Parameters
    ----------
    context
        The scenario.
    one
        As written.
    localities
        Those it is for; None for all. Settings of other localities are left out.
    """
    where = [name for name in context.localities if localities is None or name in localities]
    if not context.localities:
        return [one]
    if one.field == "transition":
        return [_renamed(one, {0: f"{one.names[0]}@{name}"}) for name in where]
    if not one.path.startswith("settings."):
        return [one]
    hazard = one.field.endswith("_hazard")
    to_local = hazard and context.is_local(one.names[1])
    found: list[Input] = []
    if context.is_local(one.names[0]):
        for name in where:
            names = {0: f"{one.names[0]}@{name}"}
            if to_local:
                names[1] = f"{one.names[1]}@{name}"
            found.append(_renamed(one, names))
    elif to_local:
        found = [_renamed(one, {1: f"{one.names[1]}@{name}"}) for name in where]
    else:
        found = [one]
    return found


def _renamed(one: Input, names: dict[int, str]) -> Input:
    renamed = parsed(one.named(names))
    assert renamed is not None
    return renamed
