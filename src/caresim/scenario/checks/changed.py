"""Numbers of a model that may change while it runs: what they are, and a model with others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from caresim.model import Change, Changed, Model, Route, Timeline
from caresim.traffic import arrivals_per_day


def value_of(model: Model, of: Changed, day: float = 0.0) -> float:
    """Return a number of the model; 1 for times, whose changes are factors.

    Parameters
    ----------
    model, of
        The model, and which of its numbers.
    day
        Of capacity and posts, which change by date.
    """
    i, j, k = of.i, of.j, of.k
    if of.field == "arrival_rate":
        return arrivals_per_day(model.arrivals[i])
    if of.field == "capacity":
        return float(model.settings[i].capacity.at(day))
    if of.field == "route_share":
        return model.routes[i].share
    if of.field == "step_share":
        return model.routes[i].steps[j].share
    if of.field == "waiting_hazard":
        return model.settings[i].leaving[j][k].rate
    if of.field == "delayed_hazard":
        return model.routes[i].leaving[j].rate
    if of.field in ("leavers", "recruitment", "sickness", "posts"):
        group = model.staff[i]
        if of.field == "posts":
            return float(group.posts.at(day))
        filled = of.field == "recruitment" and group.fills
        return group.fills if filled else float(getattr(group, of.field))
    if of.field == "home_deaths" and model.population is not None:
        return model.population.home_deaths[i]
    if of.field == "transition" and model.population is not None:
        return model.population.transitions[i].rate
    return 1.0


def changed(model: Model, change: Change, amount: float) -> Model:
    """Return the model with a number changed by an amount, in the kind of the change.

    Rates of leaving and the population stay as they are: `caresim.traffic` does not use them.
    """
    of, relative = change.of, change.kind == "relative"
    factor = 1.0 + amount

    def new(value: float) -> float:
        return value * factor if relative else value + amount

    if of.field == "arrival_rate":
        arrivals = model.arrivals[of.i]
        if arrivals.only_added:  # of which the rate is one person a day
            added = replace(arrivals, rate=arrivals.rate * new(0.0), only_added=False)
            return _with(model, "arrivals", of.i, added)
        before = value_of(model, of)
        times = new(before) / before if before > 0 else 1.0
        return _with(model, "arrivals", of.i, replace(arrivals, rate=arrivals.rate * times))
    if of.field == "capacity":
        setting = model.settings[of.i]
        line = setting.capacity
        days, values = line.days, [new(float(value)) for value in line.values]
        capacity = Timeline(days, values)  # type: ignore[arg-type]
        return _with(model, "settings", of.i, replace(setting, capacity=capacity))
    if of.field in ("leavers", "recruitment", "sickness", "posts"):
        return _with_staff(model, of, new)
    if of.field == "stay":
        return _with_stay(model, of, factor)
    if of.field in ("step_time", "step_share"):
        return _with_step(model, of, new, factor)
    return _with_share(model, of, new) if of.field == "route_share" else model


def _with(model: Model, part: str, place: int, value: Any) -> Model:
    items = list(getattr(model, part))
    items[place] = value
    parts: dict[str, Any] = {part: tuple(items)}
    return replace(model, **parts)


def _with_staff(model: Model, of: Changed, new: Any) -> Model:
    group = model.staff[of.i]
    if of.field == "posts":
        line = group.posts
        posts = Timeline(line.days, [new(float(value)) for value in line.values])  # type: ignore[arg-type]
        return _with(model, "staff", of.i, replace(group, posts=posts))
    field = "fills" if of.field == "recruitment" and group.fills else of.field
    return _with(model, "staff", of.i, replace(group, **{field: new(getattr(group, field))}))


def _with_stay(model: Model, of: Changed, factor: float) -> Model:
    stays, routes = list(model.stays), list(model.routes)
    for place in model.routes_of[of.i][of.j]:
        stays.append(model.stays[routes[place].stay].scaled(factor))
        routes[place] = replace(routes[place], stay=len(stays) - 1)
    return replace(model, stays=tuple(stays), routes=tuple(routes))


def _with_step(model: Model, of: Changed, new: Any, factor: float) -> Model:
    route, stays = model.routes[of.i], list(model.stays)
    steps = list(route.steps)
    step = steps[of.j]
    if of.field == "step_share":
        steps[of.j] = replace(step, share=new(step.share))
    else:
        stays.append(stays[step.stay].scaled(factor))
        steps[of.j] = replace(step, stay=len(stays) - 1)
    model = replace(model, stays=tuple(stays))
    return _with(model, "routes", of.i, replace(route, steps=tuple(steps)))


def _with_share(model: Model, of: Changed, new: Any) -> Model:
    """Move people from, or to, the other routes in proportion to these."""
    routes = list(model.routes)
    route = routes[of.i]
    share = min(max(new(route.share), 0.0), 1.0)
    others = [p for p in model.routes_of[route.setting][route.cohort] if p != of.i]
    left = sum(routes[place].share for place in others)
    if left <= 0:
        return model

    def scaled(other: Route) -> Route:
        return replace(other, share=other.share * (1.0 - share) / left)

    for place in others:
        routes[place] = scaled(routes[place])
    routes[of.i] = replace(route, share=share)
    return replace(model, routes=tuple(routes))
