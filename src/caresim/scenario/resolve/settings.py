"""Settings written out: one for each locality where they are local, with every default."""

from __future__ import annotations

from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.context import Context, Copy, pick, varies
from caresim.scenario.resolve.money import resolved_costs
from caresim.scenario.resolve.routes import Writer, check_routes
from caresim.scenario.resolve.stays import check_limit, check_stay
from caresim.scenario.schema import kinds
from caresim.scenario.schema.places import PlacesForm
from caresim.scenario.schema.setting import Divert, Reserve
from caresim.scenario.values import Dated, Path, Quantity


def resolved_setting(context: Context, copy: Copy) -> dict[str, Any]:
    """Write a setting in the explicit form."""
    spec, path, writer = copy.spec, copy.path, Writer(context, copy)
    written: dict[str, Any] = {"label": _label(context, copy), "kind": spec.kind}
    if spec.pathway is not None:
        written["pathway"] = spec.pathway
    capacity: Quantity | Dated[Quantity]
    capacity, here = pick(spec.capacity, None, copy.locality, (*path, "capacity"))
    written["capacity"] = explicit.dated(capacity, kinds.PLACES, writer.real(here))
    use: PlacesForm
    use, here = pick(spec.places_per_person, None, copy.locality, (*path, "places_per_person"))
    written["places_per_person"] = explicit.places(use, writer.real(here))
    if spec.stay is not None:
        written["stay"] = writer.stay(spec.stay, (*path, "stay"))
    if spec.stay_limit is not None:
        here = (*path, "stay_limit")
        written["stay_limit"] = writer.leaf(spec.stay_limit, kinds.DURATION, here)
    written["then"] = {
        name: writer.route(name, route, (*path, "then", name)) for name, route in spec.then.items()
    }
    written["queue"] = _queue(writer, copy)
    written["admits"] = explicit.admits(pick(spec.admits, None, copy.locality)[0])
    if spec.ring_fenced:
        reserves = enumerate(spec.ring_fenced)
        written["ring_fenced"] = [
            _reserve(writer, copy, one, (*path, "ring_fenced", place)) for place, one in reserves
        ]
    if spec.keep_free is not None:
        written["keep_free"] = _reserve(writer, copy, spec.keep_free, (*path, "keep_free"))
    if spec.while_delayed:
        written["while_delayed"] = writer.hazards(spec.while_delayed, (*path, "while_delayed"))
    written["delay_reason"] = spec.delay_reason or f"capacity_{spec.kind}"
    if spec.planned_moves is not None:
        moves = spec.planned_moves
        written["planned_moves"] = {
            "to": writer.destination(moves.to, None),
            "on": {
                date: explicit.leaf(people, kinds.COUNT, (*path, "planned_moves", "on", date))
                for date, people in sorted(moves.on.items())
            },
        }
    if spec.openings or spec.closings:
        from caresim.scenario.resolve.workforce import resolved_openings  # few files have them

        written.update(resolved_openings(context, copy))
    if spec.costs is not None:
        written["costs"] = resolved_costs(context, spec.costs, (*path, "costs"))
    return {**written, **explicit.about(spec.source, spec.note)}


def check_setting(context: Context, copy: Copy) -> None:
    """Report what cannot be in a setting, apart from names that nothing has."""
    spec, path = copy.spec, copy.path
    check_routes(context, copy)
    check_stay(context, spec.stay, (*path, "stay"))
    check_limit(context, spec.stay_limit, (*path, "stay_limit"))
    if spec.openings or spec.closings:
        from caresim.scenario.resolve.workforce import check_openings

        check_openings(context, copy)
    if copy.locality is None:
        _check_shared(context, copy)


def _check_shared(context: Context, copy: Copy) -> None:
    """Report values by locality, and ways to local settings, that a shared setting cannot have."""
    spec, path = copy.spec, copy.path
    if not context.localities:
        return
    queue = spec.queue
    values: dict[Path, Any] = {
        ("capacity",): spec.capacity,
        ("places_per_person",): spec.places_per_person,
        ("admits",): spec.admits,
        ("when_full",): spec.when_full,
        ("queue", "room"): queue.room,
        ("queue", "overflow"): queue.overflow,
        ("keep_free", "places"): spec.keep_free and spec.keep_free.places,
    }
    for place, one in enumerate(spec.ring_fenced):
        values["ring_fenced", place, "places"] = one.places
    for place, rule in enumerate(queue.max_wait):
        values["queue", "max_wait", place, "time"] = rule.time
        _check_way(context, (*path, "queue", "max_wait", place, "to"), rule.to)
    for here, value in values.items():
        if varies(value, "locality"):
            message = "this setting is shared by all localities"
            hint = "give one value, or give the setting `local: true`"
            context.report("C410", (*path, *here), message, hint=hint)
        if isinstance(value, Divert):
            _check_way(context, (*path, *here, "divert"), value.divert)
    if spec.planned_moves is not None:
        _check_way(context, (*path, "planned_moves", "to"), spec.planned_moves.to)


def _check_way(context: Context, path: Path, to: str) -> None:
    if context.is_local(to):
        message = f"`{to}` exists once for each locality, and this setting is shared"
        context.report("C410", path, message)


def _label(context: Context, copy: Copy) -> str:
    label = copy.spec.label or copy.base
    if copy.locality is None:
        return label
    return f"{label} ({context.file.localities[copy.locality].label or copy.locality})"


def _queue(writer: Writer, copy: Copy) -> dict[str, Any]:
    spec, queue = copy.spec, copy.spec.queue
    path = (*copy.path, "queue")
    full, _ = pick(spec.when_full or "wait", None, copy.locality)
    overflow, _ = pick(queue.overflow or "lost", None, copy.locality)
    if spec.when_full is not None:
        room: Any = "unlimited" if full == "wait" else 0
        overflow = overflow if full == "wait" else full
    elif queue.room is not None:
        quantity, here = pick(queue.room, None, copy.locality, (*path, "room"))
        room = explicit.leaf(quantity, kinds.PLACES, writer.real(here))
    else:
        room = "unlimited"
    return {
        "priority": [_sources(writer, copy, sources) for sources in queue.priority],
        "room": room,
        "overflow": {"divert": writer.destination(overflow.divert, None)}
        if isinstance(overflow, Divert)
        else overflow,
        "max_wait": [_max_wait(writer, copy, place) for place in range(len(queue.max_wait))],
        "leaving": writer.hazards(queue.leaving, (*path, "leaving")),
    }


def _max_wait(writer: Writer, copy: Copy, place: int) -> dict[str, Any]:
    rule = copy.spec.queue.max_wait[place]
    here = (*copy.path, "queue", "max_wait", place, "time")
    time, here = pick(rule.time, None, copy.locality, here)
    written: dict[str, Any] = {
        "time": "same day"
        if time.mark == "same day"
        else explicit.leaf(time, kinds.MAX_WAIT, writer.real(here)),
        "to": writer.destination(rule.to, None),
    }
    if rule.for_ is not None:
        written["for"] = _sources(writer, copy, rule.for_)
    return written


def _reserve(writer: Writer, copy: Copy, reserve: Reserve, path: Path) -> dict[str, Any]:
    places, here = pick(reserve.places, None, copy.locality, (*path, "places"))
    return {
        "for": _sources(writer, copy, reserve.for_),
        "places": explicit.leaf(places, kinds.COUNT, writer.real(here)),
    }


def _sources(writer: Writer, copy: Copy, names: list[str]) -> list[str]:
    """Name arrivals and settings that people come from: of a local one, all or one's own."""
    found: list[str] = []
    for name in names:
        if not writer.context.is_local(name):
            found.append(name)
        elif copy.locality is not None:
            found.append(f"{name}@{copy.locality}")
        else:
            found += [f"{name}@{where}" for where in writer.context.localities]
    return found
