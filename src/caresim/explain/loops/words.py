"""Loops in words, for the picture and beside it."""

from __future__ import annotations

from caresim.explain.loops.find import Loop, loops_of
from caresim.explain.loops.links import Node, changed_node
from caresim.model import Change, Feedback, Model

_OF_SETTING = {
    "in": "people in {}",
    "delayed": "people delayed in {}",
    "returning": "people who come back to {}",
    "waiting": "people waiting for {}",
    "places": "places in {}",
    "occupancy": "occupancy of {}",
    "unmet": "need for {} not met",
    "delay_days": "days delayed in {}",
    "stay": "stay in {}",
    "arrangement": "arrangement on leaving {}",
    "waiting_hazard": "leaving the wait for {}",
    "delayed_hazard": "leaving a delay in {}",
}
_OF_STAFF = {
    "staff": "{} at work",
    "vacancies": "vacancies of {}",
    "workload": "workload of {}",
    "leavers": "{} who leave",
    "recruitment": "{} recruited",
    "sickness": "sickness of {}",
    "posts": "posts of {}",
}
_LEVELS = ("occupancy", "share", "workload", "sickness", "waiting_hazard", "delayed_hazard")
_LENGTHS = ("stay", "arrangement")
_AMOUNTS = ("unmet", "underspend")
_OF_COHORT = {"population": "{}", "home_deaths": "deaths of {} at home"}
_SHARES = ("occupancy", "unmet", "vacancies", "workload")
"""Signals that are shares, shown in points."""

_UNITS = {"delayed": "people", "waiting": "people", "delay_days": "days", "underspend": "GBP a day"}


def name_of(model: Model, node: Node) -> str:
    """Return what a node is called."""
    what, i = node
    if what in _OF_SETTING:
        return _OF_SETTING[what].format(_short(model, i))
    if what == "blocked":
        s, to = divmod(i, len(model.settings))
        return f"people delayed in {_short(model, s)} for want of {_short(model, to)}"
    if what in _OF_STAFF:
        return _OF_STAFF[what].format(model.staff[i].label)
    if what in _OF_COHORT:
        return _OF_COHORT[what].format(model.cohorts[i].replace("_", " "))
    if what == "arrivals":
        arrival = model.arrivals[i]
        return f"{arrival.name.replace('_', ' ')} arrivals"
    if what == "share":
        route = model.routes[i]
        end = _short(model, route.to) if route.to >= 0 else model.destination_name(route.to)
        return f"share who go from {_short(model, route.setting)} to {end}"
    if what == "underspend":
        return f"money left in {model.budgets[i].label}"
    return "people who change group"


def _short(model: Model, setting: int) -> str:
    """Return a setting's label without what stands in brackets at its end."""
    return model.settings[setting].label.partition(" (")[0]


def _comparative(node: Node, direction: int) -> str:
    if node[0] in _LENGTHS:
        pair = ("longer", "shorter")
    elif node[0] in _LEVELS:
        pair = ("higher", "lower")
    else:
        pair = ("more", "less" if node[0] in _AMOUNTS else "fewer")
    return pair[direction < 0]


def kind_of(loop: Loop) -> str:
    """Return whether a loop reinforces or balances."""
    return "reinforcing" if loop.is_reinforcing else "balancing"


def strength_of(model: Model, loop: Loop) -> tuple[str, ...]:
    """Return lines on how strongly, how soon and on what grounds a loop acts."""
    if loop.feedback < 0:
        return ("in the flows themselves, as far as places run out",)
    feedback = model.feedbacks[loop.feedback]
    target = loop.nodes[1]
    lines = [_answer(model, feedback, target, loop)]
    signal = feedback.signal
    if signal.above:
        lines.append(f"above {_amount(feedback, signal.above)}")
    if signal.delay_days:
        lines.append(f"seen with a delay of {signal.delay_days:g} days")
    if loop.gain is not None:
        lines.append(f"gain of all its answers {loop.gain:.2g}")
    lines.append(f"source: {feedback.source or 'not stated'}")
    return tuple(lines)


def _answer(model: Model, feedback: Feedback, target: Node, loop: Loop) -> str:
    change = next(c for c in feedback.changes if changed_node(model, c.of) == target)
    text = f"{_changed(change)} for each {_amount(feedback, change.per)}"
    if change.most != float("inf"):
        text += f", at most {_size(change, change.most)}"
    return text


def _changed(change: Change) -> str:
    return ("+" if change.amount > 0 else "\N{MINUS SIGN}") + _size(change, abs(change.amount))


def _size(change: Change, size: float) -> str:
    return f"{100 * size:.3g}%" if change.kind == "relative" else f"{size:.3g}"


def _amount(feedback: Feedback, size: float) -> str:
    of = feedback.signal.of
    if of in _SHARES:
        return f"{100 * size:.3g}%"
    return "day" if of == "delay_days" and size == 1 else f"{size:.3g} {_UNITS[of]}"


def chain_of(model: Model, loop: Loop) -> str:
    """Return a loop as a chain: what goes up or down in turn when the first goes up."""
    direction, parts = 1, []
    for node, sign in zip(loop.nodes, loop.signs, strict=True):
        parts.append(f"{_comparative(node, direction)} {name_of(model, node)}")
        direction *= sign
    end = _comparative(loop.nodes[0], direction)
    return " -> ".join([*parts, f"{end} {name_of(model, loop.nodes[0])}"])


def slow_stocks(model: Model) -> list[tuple[str, ...]]:
    """Return lines on each slow stock: staff, population, places being built, budgets."""
    found: list[tuple[str, ...]] = []
    for group in model.staff:
        runs = ", ".join(f"{_short(model, s)} ({need:g} a place)" for s, need in group.runs)
        posts = float(group.posts.at(0.0))
        people = f"{group.in_post:,.5g} in post, {posts:,.5g} posts"
        found.append((group.label, people, f"run {runs}"))
    if model.population is not None:
        for name, number in zip(model.cohorts, model.population.start, strict=True):
            found.append((name.replace("_", " "), f"{number:,.6g} people"))
    for opening in model.openings:
        what = "open in" if opening.places > 0 else "close in"
        phases = f" in {opening.phases} phases" if opening.phases > 1 else ""
        where = f"{abs(opening.places):,.5g} places {what} {_short(model, opening.setting)}{phases}"
        lines = [where, f"from day {opening.day:,.0f}"]
        if opening.replaces >= 0:
            closing = f"{opening.replaced_places:,.5g} close in {_short(model, opening.replaces)}"
            lines.append(f"{closing} {opening.after:g} days later")
        found.append(tuple(lines))
    for budget in model.budgets:
        found.append((budget.label, f"{budget.per_day:,.6g} GBP a day"))
    return found


def text(model: Model) -> str:
    """Return all loops of a model in words: the alternative to the picture."""
    loops = loops_of(model)
    if not loops:
        return "There is no loop in this model: nothing comes back to where it began."
    lines: list[str] = []
    for number, loop in enumerate(loops, 1):
        letter = "R" if loop.is_reinforcing else "B"
        lines.append(f"{letter}{number} {loop.name} ({kind_of(loop)})")
        lines.append(f"   {chain_of(model, loop)}")
        lines += [f"   {line}" for line in strength_of(model, loop)]
    closed = {loop.feedback for loop in loops}
    for position, feedback in enumerate(model.feedbacks):
        if position not in closed:
            lines.append(f"{feedback.label}: what answers does not come back to what it observes")
    return "\n".join(lines)
