"""From a model to the arrays that the compiled kernel reads: what all members share."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.engines.draws import delayed_starts, step_starts, waiting_starts
from caresim.engines.event.agenda import admits_at, build_agenda
from caresim.engines.event.fences import unions
from caresim.engines.event.lanes import build_lanes
from caresim.engines.event.purposes import arrival_stream, setting_word
from caresim.engines.event.records import (
    ARRIVAL,
    ASKER,
    CELL,
    CYCLE,
    DAY,
    GUEST,
    HAZARD,
    MAX_WAIT,
    N_CELL_COUNTS,
    N_CELL_STOCKS,
    PACED,
    PLACE,
    ROUTE,
    RULE,
    SETTING,
    STEP,
)
from caresim.engines.event.slow_plan import SlowPlan, Tallies, build_slow_plan
from caresim.engines.event.tables import stay_records
from caresim.engines.output import save_times, windows_of
from caresim.model import Exit, Model, Timeline
from caresim.traffic import FIRST_WEEK, arrivals_per_day, equilibrium

FloatArray = NDArray[np.float64]
N_PATHWAYS = 4


@dataclass(frozen=True, eq=False)
class Plan:
    """What all members of a run share; some tables are copied and completed for each.

    Attributes
    ----------
    model
        The model.
    begin
        First day simulated, before 0 if there is a warm-up.
    events_per_day
        About how many events there will be, which sets the width of buckets.
    stays_per_day
        Shape (n_settings, n_cohorts): about how many stays begin a day; 0 where routes between
        settings never end.
    tables
        The tables of :data:`caresim.engines.event.records.TABLES` but for people, buckets,
        stocks, counts and log, each an array of records.
    windows
        Shape (n_windows, 2): first and last day.
    route_order, route_place
        Shape (n_routes,): the model's route at each position of the table, which holds those of
        a (setting, cohort) together; and the position of each of the model's routes.
    reasons_at, used_at, wanted_at, n_stocks
        Where stocks by reason, places used and people delayed for want of a place begin in the
        tallies (the last only in a model with a slow side), and how many stocks there are.
    moves_at, pathways_at, swaps_at, displaced_at, n_counts
        Likewise for counts; displaced people by setting and cohort only where there may be any.
    n_saves
        Saved times.
    slow
        The slow side, if the model has one.
    """

    model: Model
    begin: float
    events_per_day: float
    stays_per_day: FloatArray
    tables: Mapping[str, NDArray[np.void]]
    windows: FloatArray
    route_order: NDArray[np.int64]
    route_place: NDArray[np.int64]
    reasons_at: int
    used_at: int
    wanted_at: int
    n_stocks: int
    moves_at: int
    pathways_at: int
    swaps_at: int
    displaced_at: int
    n_counts: int
    n_saves: int
    slow: SlowPlan | None

    @property
    def paced(self) -> NDArray[np.int64]:
        """Positions of the cells whose stays have a clock."""
        return np.flatnonzero(self.tables["cells"]["touched"] & PACED)


def build_plan(model: Model) -> Plan:
    """Return what all members of a run of a model share."""
    begin = -model.run.warm_up_days if model.steady_start else 0.0
    lanes, outside_lanes, pairs, lane_ranges = build_lanes(model)
    rules, guests, fenced, rule_ranges = _rules(model)
    settings, places = _settings(model, begin, lane_ranges, rule_ranges)
    routes, route_order, steps, hazards, cells = _routes(model)
    stays, numbers = stay_records(model.stays)
    max_wait_of, max_waits = _max_waits(model)
    askers = np.zeros(outside_lanes.shape, dtype=ASKER)
    askers["lane"], askers["max_wait"], askers["fenced"] = outside_lanes, max_wait_of, fenced
    arrivals, cycles = _arrivals(model, begin)
    n, cohorts = len(model.settings), len(model.cohorts)
    reasons_at = n * cohorts * N_CELL_STOCKS
    used_at = reasons_at + n * len(model.reasons)
    wanted_at = used_at + n
    begun = equilibrium(model).stays_per_day
    begun = np.where(np.isfinite(begun), begun, 0.0)
    slow = build_slow_plan(model, Tallies(used_at, wanted_at))
    if slow is not None:
        cells["touched"] = slow.touched
        levers = slow.layout.parts.levers
        arrivals["changes"] = slow.layout.parts.changes[levers.arrival : levers.pace]
    moves_at = n * cohorts * N_CELL_COUNTS
    pathways_at = moves_at + n * n
    displaced_at = pathways_at + n * N_PATHWAYS + 1
    displaces = any(arrival.displaced_from >= 0 for arrival in model.arrivals)
    return Plan(
        model=model,
        begin=begin,
        events_per_day=_events_per_day(model, begun),
        stays_per_day=begun,
        tables={
            "settings": settings,
            "lanes": lanes,
            "askers": askers,
            "pairs": pairs,
            "rules": rules,
            "guests": guests,
            "arrivals": arrivals,
            "days": _days(model, begin),
            "cycles": cycles,
            "routes": routes,
            "steps": steps,
            "hazards": hazards,
            "stays": stays,
            "numbers": numbers,
            "cells": cells,
            "places": places,
            "max_waits": max_waits,
            "agenda": build_agenda(model, begin, None if slow is None else slow.meets),
        },
        windows=np.array([[w.first_day, w.last_day] for w in windows_of(model)]),
        route_order=route_order,
        route_place=np.argsort(route_order),
        reasons_at=reasons_at,
        used_at=used_at,
        wanted_at=wanted_at,
        n_stocks=wanted_at + (n if slow is not None else 0),
        moves_at=moves_at,
        pathways_at=pathways_at,
        swaps_at=displaced_at - 1,
        displaced_at=displaced_at,
        n_counts=displaced_at + (n * cohorts if displaces else 0),
        n_saves=save_times(model).size,
        slow=slow,
    )


def _events_per_day(model: Model, begun: FloatArray) -> float:
    """Return about how many events a day there are: arrivals and ends of stays."""
    arrivals = sum(arrivals_per_day(arrival) for arrival in model.arrivals)
    events = arrivals + float(begun.sum())
    census = sum(entry.people for entry in model.census)
    return min(max(events, census / model.days, 1.0), 1e6)


def _or_none(position: int | None) -> int:
    return -1 if position is None else position


def _settings(
    model: Model,
    begin: float,
    lane_ranges: list[tuple[int, int]],
    rule_ranges: list[tuple[int, int]],
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    records = np.zeros(len(model.settings), dtype=SETTING)
    places: list[tuple[float, float]] = []
    for s, setting in enumerate(model.settings):
        record = records[s]
        used = setting.places_per_person
        record["places_start"] = len(places)
        places += zip(used.at, used.places, strict=True)
        record["places_end"] = len(places)
        record["by_share"] = used.by == "share_of_stay"
        record["need"] = used.places[0]
        record["room"] = setting.room
        record["capacity"] = float(setting.capacity.at(0.0))
        record["open"] = admits_at(model, setting.calendar, begin)
        record["word"] = setting_word(setting.name)
        record["lane_start"], record["lane_end"] = lane_ranges[s]
        record["rule_start"], record["rule_end"] = rule_ranges[s]
        record["overflow"] = setting.overflow
        record["reason"] = setting.delay_reason
        record["source"] = model.source_of_setting(s)
        record["pathway"] = _or_none(setting.pathway)
        record["drawn_at_start"] = model.route_drawn_at_start[s]
        record["room_head"] = record["room_tail"] = -1
    return records, np.array(places, dtype=PLACE)


def _rules(
    model: Model,
) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.int32], list[tuple[int, int]]]:
    """Return reserved places, whom each is for, and whether a source is of a ring fence.

    Places to keep free, and unions of ring fences (:mod:`caresim.engines.event.fences`).
    """
    rows: list[tuple[float, float, bool, bool]] = []
    ranges: list[tuple[int, int]] = []
    rule_for: list[Collection[int]] = []
    fenced = np.zeros((len(model.settings), model.n_sources), dtype=np.int32)
    for s, setting in enumerate(model.settings):
        first = len(rows)
        for reserved in setting.reserved:
            if reserved.rule == "keep_free":
                rows.append((reserved.places, 0.0, False, False))
                rule_for.append(reserved.sources)
        for union in unions([r for r in setting.reserved if r.rule == "ring_fenced"]):
            rows.append((union.places, 0.0, True, union.whole))
            rule_for.append(union.sources)
            fenced[s, list(union.sources)] = 1
        ranges.append((first, len(rows)))
    guests = np.zeros((len(rows), model.n_sources), dtype=GUEST)
    for r, sources in enumerate(rule_for):
        guests["welcome"][r, list(sources)] = 1
    return np.array(rows, dtype=RULE), guests, fenced, ranges


def _routes(
    model: Model,
) -> tuple[
    NDArray[np.void], NDArray[np.int64], NDArray[np.void], NDArray[np.void], NDArray[np.void]
]:
    """Return routes, their order, steps, hazards (of waiting first) and cells."""
    cohorts = len(model.cohorts)
    cells = np.zeros(len(model.settings) * cohorts, dtype=CELL)
    order = [r for row in model.routes_of for group in row for r in group]
    place = 0
    for s, row in enumerate(model.routes_of):
        for c, group in enumerate(row):
            cell = cells[s * cohorts + c]
            cell["route_start"], cell["route_end"] = place, place + len(group)
            cell["stay"] = model.routes[group[0]].stay
            place += len(group)
            to_home = [model.routes[r].pathway for r in group if model.routes[r].to == Exit.HOME]
            cell["home_pathway"] = _or_none(to_home[0]) if to_home else -1
    waiting = waiting_starts(model)
    cells["hazard_start"], cells["hazard_end"] = waiting[:-1], waiting[1:]
    step_start, delayed = step_starts(model), delayed_starts(model) + waiting[-1]
    routes = np.zeros(len(order), dtype=ROUTE)
    for place, r in enumerate(order):
        route, record = model.routes[r], routes[place]
        record["to"], record["stay"] = route.to, route.stay
        record["transfer"], record["pathway"] = _or_none(route.transfer), _or_none(route.pathway)
        record["step_start"], record["step_end"] = step_start[r : r + 2]
        record["hazard_start"], record["hazard_end"] = delayed[r : r + 2]
        record["at_home"] = route.wait_at_home
    steps = np.array(
        [
            (step.share, 1.0, step.stay, step.reason)
            for route in model.routes
            for step in route.steps
        ],
        dtype=STEP,
    )
    leaving = [x for setting in model.settings for rules in setting.leaving for x in rules]
    leaving += [x for route in model.routes for x in route.leaving]
    hazards = np.array([(x.rate, x.rate, x.to) for x in leaving], dtype=HAZARD)
    return routes, np.array(order, dtype=np.int64), steps, hazards, cells


def _max_waits(model: Model) -> tuple[NDArray[np.int32], NDArray[np.void]]:
    rows: list[tuple[float, int, bool]] = []
    of = np.full((len(model.settings), model.n_sources), -1, dtype=np.int32)
    for s, setting in enumerate(model.settings):
        for rule in setting.max_waits:
            of[s, list(rule.sources)] = len(rows)
            rows.append((rule.days, rule.to, rule.same_day))
    return of, np.array(rows, dtype=MAX_WAIT)


def _arrivals(model: Model, begin: float) -> tuple[NDArray[np.void], NDArray[np.void]]:
    records = np.zeros(len(model.arrivals), dtype=ARRIVAL)
    cycles: list[tuple[float, float, float]] = []
    for i, arrival in enumerate(model.arrivals):
        record = records[i]
        record["cycle_start"] = len(cycles)
        cycles += [(cycle.period, cycle.amplitude, cycle.peak) for cycle in arrival.cycles]
        record["cycle_end"] = len(cycles)
        record["day"] = math.floor(begin) - 1
        record["cohort"], record["to"] = arrival.cohort, arrival.to
        record["source"], record["transfer"] = arrival.source, _or_none(arrival.transfer)
        record["origin"] = arrival.displaced_from if arrival.displaced_from >= 0 else i
        record["upper"] = record["total"] = 1.0
        record["until"] = model.days
    return records, np.array(cycles, dtype=CYCLE)


def _days(model: Model, begin: float) -> NDArray[np.void]:
    """Return weekday x month x series or population of each arrival and day.

    Records of type ``DAY``, shape (n_arrivals, n_days): the value at the beginning and the end of
    the day, between which it is a straight line.
    """
    days = np.arange(math.floor(begin), math.ceil(model.days))
    dates = [model.start_date + datetime.timedelta(days=int(day)) for day in days]
    weekdays = np.array([date.weekday() for date in dates])
    months = np.array([date.month - 1 for date in dates])
    factors = np.empty((len(model.arrivals), days.size, 2))
    for i, arrival in enumerate(model.arrivals):
        profile = np.array(arrival.weekday)[weekdays] * np.array(arrival.month)[months]
        factors[i] = profile[:, None]
        if arrival.series is not None:
            factors[i] *= _ends_of_days(arrival.series, days, FIRST_WEEK)
        if arrival.population is not None:
            factors[i] *= _ends_of_days(arrival.population, days, np.zeros(1))
    table = np.zeros(factors.shape[:2], dtype=DAY)
    table["start"], table["end"] = factors[..., 0], factors[..., 1]
    return table


def _ends_of_days(timeline: Timeline, days: NDArray[np.int64], before: FloatArray) -> FloatArray:
    """Return a timeline's values at the beginning and end of days, shape (n_days, 2).

    Before the start it stands still at the mean of its values at some times.
    """
    begin = timeline.at(days.astype(np.float64))
    end = begin if timeline.kind == "step" else timeline.at((days + 1).astype(np.float64))
    values = np.stack([begin, end], axis=1)
    values[days < 0] = timeline.at(before).mean()
    return values


def stream_words(model: Model) -> list[int]:
    """Return the word of the people of each of ``model.arrivals``."""
    return [arrival_stream(a.name, model.cohorts[a.cohort]) for a in model.arrivals]
