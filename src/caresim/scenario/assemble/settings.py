"""Settings of the model."""

from __future__ import annotations

from caresim.model import Calendar, MaxWait, PlacesPerPerson, PlannedMove, Reserved, Setting, Target
from caresim.scenario.assemble.book import Book
from caresim.scenario.assemble.routes import leaving, note_leaving
from caresim.scenario.dates import hours
from caresim.scenario.schema import kinds
from caresim.scenario.schema.places import ByElapsed, Falling
from caresim.scenario.schema.setting import Divert, Reserve
from caresim.scenario.schema.setting import Setting as Spec
from caresim.scenario.values import Quantity


def settings_of(book: Book) -> tuple[Setting, ...]:
    """Return the settings, by name."""
    return tuple(_setting(book, place, name) for place, name in enumerate(book.settings))


def _setting(book: Book, place: int, name: str) -> Setting:
    spec = book.file.settings[name]
    queue = spec.queue
    if isinstance(spec.capacity, Quantity):
        book.note(spec.capacity, kinds.PLACES, Target("capacity", place))
    for cohort, who in enumerate(book.cohorts):
        target = Target("waiting_hazard", place, cohort)
        note_leaving(book, queue.leaving, who, _leaving_path(name), target, inner=True)
    room = queue.room.value if isinstance(queue.room, Quantity) else float("inf")
    overflow = queue.overflow.divert if isinstance(queue.overflow, Divert) else "lost"
    _, _, locality = name.partition("@")
    return Setting(
        name=name,
        label=spec.label or name,
        kind=spec.kind,
        pathway=spec.pathway,
        capacity=book.timeline(spec.capacity),  # type: ignore[arg-type]
        calendar=_calendar(book, spec),
        places_per_person=_places(spec),
        queue_class=_classes(book, queue.priority),
        room=room,
        overflow=book.destination(overflow),
        max_waits=_max_waits(book, spec),
        leaving=tuple(
            leaving(book, queue.leaving, who, _leaving_path(name)) for who in book.cohorts
        ),
        reserved=_reserved(book, spec),
        delay_reason=book.reason(spec.delay_reason or f"capacity_{spec.kind}"),
        planned_moves=_moves(book, spec),
        locality=locality or None,
    )


def _leaving_path(name: str) -> str:
    return f"settings.{name}.queue.leaving"


def _calendar(book: Book, spec: Spec) -> Calendar | None:
    admits = spec.admits
    opens, closes = hours(admits.hours)
    flags = tuple(day in admits.days for day in kinds.WEEKDAYS)
    if all(flags) and (opens, closes) == (0.0, 1.0) and not admits.closed:
        return None
    closed = frozenset(book.day(date) for date in admits.closed)
    return Calendar(flags, opens, closes, closed)  # type: ignore[arg-type]


def _places(spec: Spec) -> PlacesPerPerson:
    use = spec.places_per_person
    if isinstance(use, Falling):
        counts = range(use.first, use.last - 1, -1)
        at = tuple(place / len(counts) for place in range(len(counts)))
        return PlacesPerPerson("share_of_stay", at, tuple(map(float, counts)))
    if isinstance(use, ByElapsed):
        days, places = zip(*use.steps, strict=True)
        return PlacesPerPerson("elapsed", days, places)
    assert isinstance(use, Quantity)
    return PlacesPerPerson("constant", (0.0,), (use.value,))


def _classes(book: Book, priority: list[list[str]]) -> tuple[int, ...]:
    """Return the class of every source; those not named form the last."""
    classes = [len(priority)] * (len(book.arrivals) + len(book.settings))
    for place, sources in enumerate(priority):
        for source in sources:
            classes[book.source(source)] = place
    return tuple(classes)


def _max_waits(book: Book, spec: Spec) -> tuple[MaxWait, ...]:
    everyone = tuple(range(len(book.arrivals) + len(book.settings)))
    found = []
    for rule in spec.queue.max_wait:
        time = rule.time
        assert isinstance(time, Quantity)
        named = rule.for_
        sources = everyone if named is None else tuple(sorted(map(book.source, named)))
        to = book.destination(rule.to)
        found.append(MaxWait(sources, time.value, time.mark == "same day", to))
    return tuple(sorted(found, key=lambda rule: rule.sources))


def _reserved(book: Book, spec: Spec) -> tuple[Reserved, ...]:
    def reserved(reserve: Reserve, rule: str) -> Reserved:
        assert isinstance(reserve.places, Quantity)
        sources = tuple(sorted(map(book.source, reserve.for_)))
        return Reserved(sources, reserve.places.value, rule)  # type: ignore[arg-type]

    found = [reserved(one, "ring_fenced") for one in spec.ring_fenced]
    found.sort(key=lambda one: (one.sources, one.places))
    if spec.keep_free is not None:
        found.append(reserved(spec.keep_free, "keep_free"))
    return tuple(found)


def _moves(book: Book, spec: Spec) -> tuple[PlannedMove, ...]:
    moves = spec.planned_moves
    if moves is None:
        return ()
    to = book.destination(moves.to)
    return tuple(
        PlannedMove(float(book.day(date)), people.value, to)
        for date, people in sorted(moves.on.items())
    )
