"""Runs a model as SimPy processes, member by member."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from caresim.engines.coupling import CouplingLayout, prepare
from caresim.engines.draws import MemberNumbers, apply, member_inputs
from caresim.engines.event.audit import checks, deadlock_notes
from caresim.engines.event.census import counted_census, equilibrium_census
from caresim.engines.event.chunk import Audit
from caresim.engines.event.log import build_log
from caresim.engines.event.run import EventOutput
from caresim.engines.event.slow_member import people_apart
from caresim.engines.event.slow_names import held_notes, slow_at, slow_averages
from caresim.engines.event.slow_plan import interval_notes, slow_layout
from caresim.engines.event.start import starters
from caresim.engines.event.telling import told
from caresim.engines.output import save_times, windows_of
from caresim.engines.simpy.presence import CENSORED
from caresim.engines.simpy.record import STOCKS, Record
from caresim.engines.simpy.slow import SlowSide
from caresim.engines.simpy.world import World
from caresim.engines.spells import KINDS
from caresim.model import Model

FloatArray = NDArray[np.float64]


def run(
    model: Model,
    *,
    log: bool = False,
    threads: int | None = None,
    series: int = 200,
    progress: Callable[[float], None] | None = None,
    world_type: type[World] = World,
) -> EventOutput:
    """Run a model as SimPy processes: the people of the event engine, one Python process each.

    Parameters
    ----------
    model, log, series, progress
        As for :func:`caresim.engines.event.run.run`.
    threads
        Ignored: one member is run after another.
    world_type
        The rules: a subclass of :class:`~caresim.engines.simpy.world.World` with logic of its
        own, or World itself for those of the scenario.

    Returns
    -------
    EventOutput
        For a seed and member, the same event log as that of the event engine.
    """
    members = model.run.members
    draws = member_inputs(model, 0, members)
    numbers = apply(model, draws)
    totals: list[dict[str, FloatArray]] = []
    courses: list[dict[str, FloatArray]] = []
    mean: dict[str, FloatArray] = {}
    audits: list[Audit] = []
    pool: FloatArray = np.zeros(())
    told_of: list[dict[str, FloatArray]] = []
    logs: list[NDArray[np.void]] = []
    events: list[int] = []
    layout = slow_layout(model) if model.is_coupled else None
    params = None if layout is None else prepare(model, layout, numbers, draws)
    held: list[NDArray[np.bool_]] = []
    for member in range(members):
        slow = None
        if layout is not None and params is not None:
            slow = SlowSide(layout, np.ascontiguousarray(params[:, member, None]))
        world = _run_member(model, numbers, member, world_type, slow)
        held += [world.slow.held] if world.slow is not None else []
        course = _course(world)
        mean = {name: mean.get(name, 0.0) + value / members for name, value in course.items()}
        totals.append(_totals(world))
        courses += [course] if member < series else []
        audits.append(_audit(world))
        pool = pool + world.record.spells_by_window
        told_of.append(told(model, world.record.spells_by_window))
        logs += [world.record.log_rows(world.people, CENSORED)] if log else []
        events.append(world.events)
        if progress is not None:
            progress((member + 1) / members)
    return EventOutput(
        model=model,
        engine="simpy",
        times=save_times(model),
        windows=windows_of(model),
        totals={name: np.stack([each[name] for each in totals]) for name in totals[0]},
        mean=mean,
        series={
            name: np.array([each[name] for each in courses]).reshape(-1, *value.shape)
            for name, value in mean.items()
        },
        draws=draws,
        checks=checks(audits),
        notes=(*deadlock_notes(audits), *_slow_notes(model, layout, held)),
        spells={kind: np.stack([each[kind] for each in told_of]) for kind in KINDS},
        pooled_spells=told(model, pool),
        log=build_log(logs) if log else None,
        deadlock_days=np.array([audit.stopped for audit in audits]),
        events=np.array(events),
    )


def _slow_notes(
    model: Model, layout: CouplingLayout | None, held: list[NDArray[np.bool_]]
) -> tuple[str, ...]:
    if layout is None:
        return ()
    return (*interval_notes(model), *held_notes(layout, np.array(held)))


def _run_member(
    model: Model,
    numbers: MemberNumbers,
    member: int,
    world_type: type[World],
    slow: SlowSide | None,
) -> World:
    if model.steady_start:
        census = equilibrium_census(model, numbers, member, member)
    else:
        census = counted_census(model)
    world = world_type(model, numbers, member, slow)
    world.run(starters(model, census, numbers, member, member))
    return world


def _totals(world: World) -> dict[str, FloatArray]:
    """Return every variable over each window, shape (n_windows, ...)."""
    windows = windows_of(world.model)
    spans = [(w.first_day, w.last_day) for w in windows]
    capacity = _open_places(world.model, spans)
    named = _per_day(world.record.stocks_by_window, spans) | world.record.counts_by_window
    named["capacity"] = capacity
    if world.slow is not None:
        books = world.slow.books()
        named |= slow_averages(world.model, world.slow.layout, books.windows, capacity)
    return named


def _course(world: World) -> dict[str, FloatArray]:
    """Return every variable over each period, shape (n_periods, ...), and at saved times."""
    times = save_times(world.model)
    spans = list(zip(times[:-1].tolist(), times[1:].tolist(), strict=True))
    # The places open on the last day are those of its eve.
    when = np.append(times[:-1], np.nextafter(times[-1], 0.0))
    at = np.stack([setting.capacity.at(when) for setting in world.model.settings], axis=1)
    capacity = _open_places(world.model, spans)
    named = (
        _per_day(world.record.stocks_by_period, spans)
        | {f"{name}_at": saved for name, saved in world.record.saved.items()}
        | {"capacity": capacity, "capacity_at": at}
        | world.record.counts_by_period
    )
    if world.slow is not None:
        books, layout = world.slow.books(), world.slow.layout
        named |= slow_averages(world.model, layout, books.periods, capacity)
        named |= slow_at(world.model, layout, books.saved, at)
    return named


def _per_day(
    integrals: dict[str, FloatArray], spans: list[tuple[float, float]]
) -> dict[str, FloatArray]:
    days = np.array([last - first for first, last in spans])
    return {
        name: area / days.reshape(-1, *(1,) * (area.ndim - 1)) for name, area in integrals.items()
    }


def _open_places(model: Model, spans: list[tuple[float, float]]) -> FloatArray:
    """Return mean capacities, shape (n_spans, n_settings); infinite where one ever is."""
    found = np.empty((len(spans), len(model.settings)))
    for s, setting in enumerate(model.settings):
        days = setting.capacity.days
        for k, (first, last) in enumerate(spans):
            edges = np.array([first, *days[(days > first) & (days < last)], last])
            found[k, s] = setting.capacity.at(edges[:-1]) @ np.diff(edges) / (last - first)
    return found


def _audit(world: World) -> Audit:
    record, end = world.record, world.model.days
    held = [0.0] * len(world.facilities)
    for person in world.people:
        if person.facility is not None:
            s = person.facility.position
            held[s] += person.facility.setting.places_per_person.places[person.use]
            record.spend("occupied", s, person.cohort, since=person.started, until=end)
            record.note_unfinished("stay", s, since=person.started, until=end)
            if person.reason >= 0:
                record.note_unfinished("delay", s, since=person.delayed_since, until=end)
                record.note_unfinished(
                    "delay_by_reason", person.reason, since=person.reason_since, until=end
                )
        if person.waiting_since is not None:
            record.spend("waiting", person.to, person.cohort, since=person.waiting_since, until=end)
            record.note_unfinished("wait", person.to, since=person.waiting_since, until=end)
        if person.moving:
            held[person.to] += world.facilities[person.to].need
    apart = [
        np.abs(record.stocks_by_period[name].sum(axis=0) - spent) / np.maximum(spent, 1.0)
        for name, spent in record.spent.items()
    ]
    return Audit(
        lost=float(abs(world.entered - world.gone - len(world.people))),
        little=float(np.max(apart)),
        spells=_spells_apart(record),
        places=max(abs(held[f.position] - f.used) for f in world.facilities),
        idle=0
        if world.is_stopped()
        else sum(f.next_in_line() is not None for f in world.facilities),
        excess=max(f.excess for f in world.facilities),
        least=min(float(level.min(initial=0.0)) for level in record.level.values()),
        population=_population_apart(world),
        events=world.events,
        stopped=world.stopped,
    )


def _population_apart(world: World) -> float | None:
    """Return how far the population at the end is from what the flows counted say."""
    if world.slow is None or world.is_stopped():
        return None
    counts = world.record.counts_by_window
    left = float(counts["died"][0].sum() + counts["elsewhere"][0].sum())
    return people_apart(world.slow.layout, world.slow.noted, left)


def _spells_apart(record: Record) -> float:
    """Return the largest relative difference between lengths counted and areas under stocks."""
    areas = {name: record.stocks_by_period[name].sum(axis=0) for name in STOCKS}
    expected = [areas[name].sum(axis=1) for name in ("waiting", "delayed", "occupied")]
    expected.append(areas["delayed_by_reason"].sum(axis=0))
    area = np.concatenate(expected)
    # The first window is the whole run.
    counted = record.spells_by_window[0, :, :, 1].sum(axis=1) - record.carried
    return float(np.max(np.abs(counted - area) / np.maximum(area, 1.0), initial=0.0))
