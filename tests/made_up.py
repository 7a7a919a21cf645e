"""A small model and made-up engine output that is consistent, for tests above the engines."""

import dataclasses
import datetime
import itertools

import numpy as np

from caresim.engines.event.log import EventLog
from caresim.engines.event.records import LOG_ROW
from caresim.engines.event.run import EventOutput
from caresim.engines.output import (
    VARIABLES,
    Check,
    Output,
    local_groups,
    save_times,
    windows_of,
)
from caresim.engines.spells import KINDS
from caresim.model import (
    Model,
    PlacesPerPerson,
    PublishedFigure,
    Reason,
    RunSettings,
    Setting,
    Target,
    Timeline,
    UncertainInput,
)

REASONS = (
    Reason("assessment", "Waiting for assessment", "nhs", "hospital_process"),
    Reason("capacity_community", "Waiting for a community place", "social_care", "capacity"),
    Reason("transfer", "In transfer", "both", "interface_process"),
)


def setting(name, kind, capacity=np.inf, *, pathway=None, locality=None):
    return Setting(
        name=name,
        label=name.replace("_", " ").capitalize(),
        kind=kind,
        pathway=pathway,
        capacity=Timeline.constant(capacity),
        calendar=None,
        places_per_person=PlacesPerPerson(),
        queue_class=(0,),
        room=np.inf,
        overflow=-4,
        max_waits=(),
        leaving=((), ()),
        reserved=(),
        delay_reason=1,
        locality=locality,
    )


SETTINGS = (
    setting("acute", "acute", 100.0),
    setting("home_care", "home", 50.0, pathway=1),
    setting("care_home", "residential", pathway=3),
)


def model(*, settings=SETTINGS, days=730.0, option="do_nothing", published=(), inputs=0):
    given = tuple(
        UncertainInput(
            f"settings.acute.stay.mean{n}", "uniform", 5, 4, 6, 1.0, 5, 1, 1, 0, 9,
            (Target("stay", 0),),
        )
        for n in range(inputs)
    )  # fmt: skip
    return Model(
        title="Made up",
        option=option,
        option_label=option.replace("_", " ").capitalize(),
        start_date=datetime.date(2024, 4, 1),
        days=days,
        cohorts=("younger", "older"),
        settings=settings,
        arrivals=(),
        arrival_names=("emergency",),
        routes=(),
        stays=(),
        reasons=REASONS,
        route_drawn_at_start=(False,) * len(settings),
        published=published,
        inputs=given,
        run=RunSettings(save_days=7),
    )


def figure(name="seen", indicator="delayed", value=10.0, first=0.0, last=365.0):
    return PublishedFigure(name, indicator, value, "a made-up source", first, last)


def output(made=None, *, members=3, kept=None, seed=0, engine="flow", checks=None, notes=()):
    """Return consistent output: daily numbers at random, averaged into periods and windows."""
    made = model() if made is None else made
    random = np.random.default_rng(seed)
    sizes = {
        "setting": len(made.settings), "to": len(made.settings), "cohort": len(made.cohorts),
        "reason": len(made.reasons), "pathway": 4,
    }  # fmt: skip
    times, windows = save_times(made), windows_of(made)
    days = round(made.days)
    daily = {
        name: random.random((members, days, *(sizes[dim] for dim in v.dims)))
        for name, v in VARIABLES.items()
    }
    capacity = np.array([s.capacity.at(0.0) for s in made.settings])
    daily["capacity"] = np.broadcast_to(capacity, daily["capacity"].shape)
    daily["occupied"] = daily["occupied"] * 10 + 20
    split = daily["delayed_by_reason"].sum(axis=-1) / daily["delayed"].sum(axis=-1)
    daily["delayed"] = daily["delayed"] * split[..., None]

    def over(array, first, last, kind):
        part = array[:, round(first) : round(last)]
        return part.mean(axis=1) if kind == "stock" else part.sum(axis=1)

    totals, series = {}, {}
    for name, v in VARIABLES.items():
        spans = [(w.first_day, w.last_day) for w in windows]
        totals[name] = np.stack([over(daily[name], *s, v.kind) for s in spans], axis=1)
        periods = list(itertools.pairwise(times))
        series[name] = np.stack([over(daily[name], *p, v.kind) for p in periods], axis=1)
        if v.kind == "stock":
            at = np.minimum(times.astype(int), days - 1)
            series[f"{name}_at"] = daily[name][:, at]
    return Output(
        model=made,
        engine=engine,
        times=times,
        windows=windows,
        totals=totals,
        mean={name: array.mean(axis=0) for name, array in series.items()},
        series={name: array[:kept] for name, array in series.items()},
        draws=random.random((members, len(made.inputs))),
        checks=(Check("people_conserved", True, 1e-15, 1e-9, "nobody lost"),)
        if checks is None
        else checks,
        notes=notes,
        **({} if engine == "flow" else lengths(made, members, len(windows), random)),
    )


def lengths(made, members, n_windows, random):
    """Return lengths of a few people in every setting and for every reason."""
    n, of = len(made.settings) + len(local_groups(made.settings)), len(made.reasons)
    each = {
        kind: random.lognormal(1.0, 1.0, (members, n_windows, of if "reason" in kind else n, 30))
        for kind in KINDS
    }
    spells = {kind: statistics(days) for kind, days in each.items()}
    together = {
        kind: statistics(np.moveaxis(days, 0, -2).reshape(*days.shape[1:3], -1))
        for kind, days in each.items()
    }
    return {"spells": spells, "pooled_spells": together}


def statistics(days):
    """Return what is told of lengths, given along the last axis."""
    found = [np.full(days.shape[:-1], float(days.shape[-1])), days.mean(axis=-1)]
    found += [np.quantile(days, level, axis=-1) for level in (0.5, 0.95)]
    found += [(days >= longest).mean(axis=-1) for longest in (7, 14, 21)]
    return np.stack(found, axis=-1)


def logged(given):
    """Return output with a log of one person in each member, delayed for a day."""
    rows = np.zeros(given.members, dtype=LOG_ROW)
    rows["member"] = np.arange(given.members)
    rows["started"], rows["ready"], rows["left"] = 1.0, 3.0, 4.0
    rows["next_setting"] = -1
    return EventOutput(**vars(given), log=EventLog(rows))


def changed(given, group, **arrays):
    """Return output with some arrays of a group replaced."""
    return dataclasses.replace(given, **{group: {**getattr(given, group), **arrays}})
