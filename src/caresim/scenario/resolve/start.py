"""Who is there at the start, written out."""

from __future__ import annotations

from typing import Any

from caresim.scenario import explicit
from caresim.scenario.resolve.context import Context, Copy, Group, UnsettledError, pick, varies
from caresim.scenario.resolve.routes import TOLERANCE, Writer
from caresim.scenario.resolve.stays import check_stay, sample, times_of
from caresim.scenario.schema import kinds
from caresim.scenario.schema.faults import real_path
from caresim.scenario.schema.start import CensusEntry, Initial, SampleFile
from caresim.scenario.schema.stay import Stay
from caresim.scenario.values import By, Path, Quantity, leaves

Counts = dict[str, Quantity | By[Quantity]]


def resolved_initial(context: Context) -> Any:
    """Write the start in the explicit form."""
    initial = context.file.initial
    if not isinstance(initial, Initial):
        return initial
    census: dict[str, Any] = {}
    queue: dict[str, Any] = {}
    for copy in context.copies:
        if copy.base in initial.census:
            census[copy.name] = _entries(context, copy, initial.census[copy.base])
        if copy.base in initial.queue:
            counts = by_source(context, copy.base, initial.queue[copy.base])
            queue[copy.name] = _queued(context, copy, counts)
    return {"census": census, "queue": queue}


def check_initial(context: Context) -> None:
    """Report what cannot be at the start, apart from names that nothing has."""
    initial = context.file.initial
    if not isinstance(initial, Initial):
        return
    for name, value in initial.census.items():
        path: Path = ("initial", "census", name)
        for inner, entry in leaves(value):
            _check_samples(context, entry, (*path, *inner))
        parts = [value, *(entry.people for _, entry in leaves(value))]
        _check_axes(context, name, path, parts)
    for name, counts in initial.queue.items():
        path = ("initial", "queue", name)
        if name not in context.file.settings:
            continue
        if not isinstance(counts, dict) and len(possible_sources(context, name)) != 1:
            sources = ", ".join(f"`{s}`" for s in possible_sources(context, name)) or "none"
            message = f"people who wait for `{name}` may come from: {sources}"
            context.report("C413", path, message)
            continue
        named = by_source(context, name, counts)
        _check_axes(context, name, path, list(named.values()))
        for source in named:
            if context.is_local(source) and not context.is_local(name):
                message = f"`{source}` exists once for each locality, and `{name}` is shared"
                context.report("C410", (*path, source), message)


def check_delayed(context: Context, written: Any) -> None:
    """Report more people delayed in a setting than its census has.

    Parameters
    ----------
    context
        The scenario.
    written
        Its start in the explicit form.
    """
    if not isinstance(written, dict):
        return
    for source in dict.fromkeys(s for counts in written["queue"].values() for s in counts):
        if source in context.arrival_names:
            continue
        queues = {to: c[source] for to, c in written["queue"].items() if source in c}
        people = sum(map(_total, queues.values()))
        there = _total(written["census"].get(source, 0))
        if people > there * (1 + TOLERANCE) + TOLERANCE:
            to, base = (name.partition("@")[0] for name in (next(iter(queues)), source))
            message = f"{people:g} people are delayed in `{source}`, but {there:g} are in it"
            context.report("C414", ("initial", "queue", to, base), message)


def _total(written: Any) -> float:
    """Add up a count of people, or an entry of the census, in the explicit form."""
    if not isinstance(written, dict):
        return float(written)
    if "by_cohort" in written:
        return sum(map(_total, written["by_cohort"].values()))
    return _total(written["people"] if "people" in written else written["value"])


def possible_sources(context: Context, setting: str) -> list[str]:
    """Name the arrivals and settings from which people come to a setting."""
    found = [
        name
        for name, arrival in context.file.arrivals.items()
        if any(to == setting for _, to in leaves(arrival.to))
    ]
    for name, spec in context.file.settings.items():
        ways = [(route, r.to) for route, r in spec.then.items()]
        if any(
            to == setting
            for route, written in ways
            for _, to in leaves(route if written is None else written)
        ):
            found.append(name)
    return found


def by_source(context: Context, setting: str, counts: Any) -> Counts:
    """Give the people who wait for a setting by where they come from."""
    if isinstance(counts, dict):
        return counts
    return {possible_sources(context, setting)[0]: counts}


def _check_samples(context: Context, entry: CensusEntry, path: Path) -> None:
    check_stay(context, entry.remaining, (*path, "remaining"))
    if isinstance(entry.elapsed, SampleFile):
        try:
            sample(context, entry.elapsed.csv, entry.elapsed.column, (*path, "elapsed"))
        except UnsettledError:
            return


def _check_axes(context: Context, name: str, path: Path, parts: list[Any]) -> None:
    """Report counts by locality of a shared setting, and local ones that are not."""
    by_locality = any(varies(part, "locality") for part in parts)
    by_cohort = any(varies(part, "cohort") for part in parts)
    if context.is_local(name) and not by_locality:
        message = f"`{name}` exists once for each locality: say how many are in which"
        context.report("C410", path, message, hint="write {by_locality: {…}}")
    if context.localities and not context.is_local(name) and by_locality and not by_cohort:
        message = f"`{name}` is shared by all localities"
        hint = "give one count, or counts by cohort and locality"
        context.report("C410", path, message, hint=hint)


def _entries(context: Context, copy: Copy, value: CensusEntry | By[CensusEntry]) -> Any:
    path: Path = ("initial", "census", copy.base)
    divided = varies(value, "cohort") or any(
        varies(entry.people, "cohort") for _, entry in leaves(value)
    )
    writer = Writer(context, copy)

    def write(group: Group) -> Any:
        if copy.locality is not None and group.locality != copy.locality:
            return {"people": 0, "stays": "equilibrium"}
        entry, here = pick(value, group.base, writer.locality(group), path)
        people: Any = None
        if entry.people is not None:
            quantity, at = pick(entry.people, group.base, writer.locality(group), (*here, "people"))
            people = _part(context, copy, group, quantity, at, path, divided)
        return _entry(writer, entry, here, people)

    if divided:
        return explicit.by_cohort(
            [group.name for group in context.groups], lambda place: write(context.groups[place])
        )
    whose = [group for group in context.groups if copy.locality in (None, group.locality)]
    return write(whose[0])


def _part(
    context: Context,
    copy: Copy,
    group: Group,
    quantity: Quantity,
    at: Path,
    path: Path,
    divided: bool,
) -> Any:
    """Write a count, divided between localities by their share where it is for all of them."""
    whole = "by_locality" not in at[len(path) :]
    if divided and whole and group.locality is not None and copy.locality is None:
        share, _ = pick(context.file.localities[group.locality].share, group.base, None)
        return kinds.plain(quantity.value * share.value)
    return explicit.leaf(quantity, kinds.COUNT, real_path(at, context.merged.tree.data))


def _entry(writer: Writer, entry: CensusEntry, path: Path, people: Any) -> dict[str, Any]:
    written: dict[str, Any] = {}
    context, elapsed = writer.context, entry.elapsed
    if isinstance(elapsed, SampleFile):
        elapsed = tuple(sample(context, elapsed.csv, elapsed.column, (*path, "elapsed")))
    if isinstance(elapsed, tuple):
        written["people"] = len(elapsed) if people is None else people
        written["elapsed"] = [kinds.plain(days) for days in elapsed]
    elif isinstance(elapsed, Quantity):
        written["people"] = people
        written["elapsed"] = explicit.leaf(elapsed, kinds.DURATION, ())
    elif entry.remaining is not None:
        if people is None:
            assert isinstance(entry.remaining, Stay)
            people = len(times_of(context, entry.remaining, (*path, "remaining")) or ())
        written["people"] = people
        written["remaining"] = writer.stay(entry.remaining, (*path, "remaining"))
    else:
        written["people"] = people
        written["stays"] = "equilibrium"
    return {**written, **explicit.about(entry.source, entry.note)}


def _queued(context: Context, copy: Copy, counts: Counts) -> dict[str, Any]:
    path: Path = ("initial", "queue", copy.base)
    writer = Writer(context, copy)
    written: dict[str, Any] = {}
    for source, value in counts.items():
        name = f"{source}@{copy.locality}" if context.is_local(source) else source
        divided = varies(value, "cohort")
        whose = [group for group in context.groups if copy.locality in (None, group.locality)]

        def write(group: Group, value: Any = value, divided: bool = divided) -> Any:
            if copy.locality is not None and group.locality != copy.locality:
                return 0
            quantity, at = pick(value, group.base, writer.locality(group), path)
            return _part(context, copy, group, quantity, at, path, divided)

        written[name] = writer.each(write) if divided else write(whose[0])
    return written
