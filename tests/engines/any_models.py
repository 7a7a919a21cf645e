"""Models of any kind, drawn by hypothesis: every rule, alone and with others.

Times are often whole numbers of quarter days, so that many things happen at the same moment and
the order in which they do is tested too.
"""

from __future__ import annotations

import dataclasses
import datetime

from event_models import Network
from hypothesis import strategies as st

from caresim.model import (
    Calendar,
    Census,
    Cycle,
    PlacesPerPerson,
    Queued,
    RunSettings,
    Target,
    Timeline,
    UncertainInput,
)
from caresim.stays import Stay

DAYS = 40.0
NAMES = ("a", "b", "c", "d")
EXITS = ("home", "died", "elsewhere")

quarter_days = st.integers(1, 24).map(lambda n: n / 4)
shares = st.sampled_from((0.0, 0.1, 0.25, 0.5, 1.0))
rates = st.sampled_from((0.01, 0.1, 0.5, 2.0))
longest_waits = st.sampled_from(({"days": 0.5}, {"days": 2.0}, {"same_day": True}))


@st.composite
def lengths(draw):
    """A length of stay of any family, with or without a limit."""
    mean = draw(quarter_days)
    family = draw(st.sampled_from(("fixed", "exponential", "lognormal", "other")))
    limit = draw(st.sampled_from((float("inf"), float("inf"), 3.0)))
    if family in ("fixed", "exponential"):
        return Stay(family, (mean,), limit)
    if family == "lognormal":
        return Stay("lognormal", (0.5, 1.0), limit)
    others = [
        Stay("gamma", (mean, 0.5), limit),
        Stay("erlang", (mean, 3), limit),
        Stay("empirical", ((0.25, 0.5, 1.0, 1.0, 7.0),), limit),
        Stay("hyperexponential", ((0.3, 0.7), (mean, 2 * mean)), limit),
        Stay("phase_type", ((0.6, 0.4), ((-1.0, 0.5), (0.25, -0.5))), limit),
    ]
    return draw(st.sampled_from(others))


@st.composite
def capacities(draw):
    if draw(st.integers(0, 5)) == 0:
        return float("inf")
    if draw(st.booleans()):
        return float(draw(st.integers(0, 8)))
    days = sorted(draw(st.sets(st.integers(1, 36), min_size=1, max_size=3)))
    values = [float(draw(st.integers(0, 8))) for _ in range(len(days) + 1)]
    return Timeline(days=[0.0, *map(float, days)], values=values)


@st.composite
def hazards(draw, names):
    to = draw(st.lists(st.sampled_from(names + EXITS), max_size=3, unique=True))
    return {name: draw(rates) for name in to}


@st.composite
def routes(draw, names, by_stay):
    """Routes that sum to one, to settings and ways out, with any of the rules of a route."""
    to = draw(st.lists(st.sampled_from(names + EXITS), min_size=1, max_size=3, unique=True))
    weights = [draw(st.integers(1, 4)) for _ in to]
    written = {}
    for name, weight in zip(to, weights, strict=True):
        route = {"share": weight / sum(weights)}
        if by_stay:
            route["stay"] = draw(lengths())
        if draw(st.integers(0, 2)) == 0:
            route["steps"] = [
                (draw(lengths()), draw(shares)) for _ in range(draw(st.integers(1, 2)))
            ]
        if draw(st.integers(0, 3)) == 0:
            route["transfer"] = draw(lengths())
        if draw(st.integers(0, 3)) == 0:
            route["wait_at_home"] = True
        if draw(st.integers(0, 2)) == 0:
            route["while_delayed"] = draw(hazards(names))
        route["pathway"] = draw(st.sampled_from((None, 0, 1, 2, 3)))
        written[name] = route
    return written


@st.composite
def calendars(draw):
    opens = draw(st.sampled_from((0.0, 0.25, 8 / 24)))
    closes = draw(st.sampled_from((0.5, 17 / 24, 1.0)))
    weekdays = draw(st.sampled_from(((True,) * 7, (True,) * 5 + (False,) * 2)))
    return Calendar(weekdays, opens, closes, frozenset(draw(st.sets(st.integers(-5, 30)))))


@st.composite
def places(draw):
    kind = draw(st.sampled_from(("constant", "constant", "share_of_stay", "elapsed")))
    if kind == "constant":
        return PlacesPerPerson(places=(draw(st.sampled_from((1.0, 1.0, 2.0))),))
    if kind == "share_of_stay":
        return PlacesPerPerson("share_of_stay", (0.0, 0.25, 0.5), (3.0, 2.0, 1.0))
    return PlacesPerPerson("elapsed", (0.0, 1.0, 2.5), (2.0, 1.0, 0.5))


@st.composite
def settings(draw, name, names, sources):
    """Keyword arguments of a setting for :class:`Network`."""
    given = {
        "capacity": draw(capacities()),
        "stay": draw(lengths()),
        "then": draw(routes(names, by_stay=draw(st.integers(0, 3)) == 0)),
        "pathway": draw(st.sampled_from((None, 1, 2))),
        "places": draw(places()),
    }
    if draw(st.booleans()):
        given["room"] = draw(st.sampled_from((0.0, 1.0, 3.0)))
        given["overflow"] = draw(st.sampled_from(("lost", "home", *names)))
        if given["overflow"] == name:
            given["overflow"] = "lost"
    if draw(st.booleans()):
        order = draw(st.permutations(sources))
        cut = draw(st.integers(0, len(order)))
        given["priority"] = [order[:cut], order[cut:][:1]]
    if draw(st.booleans()):
        given["leaving"] = draw(hazards(names))
    if draw(st.booleans()):
        order = draw(st.permutations(sources))
        cut = draw(st.integers(1, len(order)))
        given["max_waits"] = [
            {"for": part, "to": draw(st.sampled_from(names + EXITS)), **draw(longest_waits)}
            for part in (order[:cut], order[cut:])
            if part
        ]
    if draw(st.booleans()):
        given["reserved"] = [
            {
                "for": draw(st.lists(st.sampled_from(sources), min_size=1, unique=True)),
                "places": float(draw(st.integers(1, 3))),
                "rule": draw(st.sampled_from(("ring_fenced", "keep_free"))),
            }
            for _ in range(draw(st.integers(1, 2)))
        ]
    if draw(st.booleans()):
        given["calendar"] = draw(calendars())
    if len(names) > 1 and draw(st.integers(0, 3)) == 0:
        others = [other for other in names if other != name]
        days = sorted(draw(st.sets(st.integers(0, 36), min_size=1, max_size=3)))
        given["planned_moves"] = [
            (float(day), float(draw(st.integers(1, 4))), draw(st.sampled_from(others)))
            for day in days
        ]
    return given


@st.composite
def arrivals(draw, names, n_cohorts):
    given = {
        "to": draw(st.sampled_from(names)),
        "rate": draw(st.sampled_from((0.25, 1.0, 3.0))),
        "cohort": draw(st.integers(0, n_cohorts - 1)),
        "growth": draw(st.sampled_from((0.0, 0.5))),
    }
    if draw(st.integers(0, 3)) == 0:
        given["transfer"] = draw(lengths())
    if draw(st.integers(0, 3)) == 0:
        given["weekday"] = (1.5, 1.5, 1.0, 1.0, 1.0, 1.0, 0.0)
        given["month"] = (2.0, 0.0, *(1.0,) * 10)
    if draw(st.integers(0, 3)) == 0:
        given["cycles"] = (Cycle(7.0, 0.5, 1.75), Cycle(1.0, 1.0, 0.3))
    if draw(st.integers(0, 3)) == 0:
        given["series"] = Timeline(days=[0.0, 1.0, 2.0], values=[0.0, 1.0, 2.0], repeat_days=3.0)
    elif draw(st.integers(0, 3)) == 0:
        given["population"] = Timeline(days=[-9.0, 9.0], values=[1.0, 2.0], kind="linear")
        given["population_growth"] = 0.1
    return given


def census_of(draw, model):
    """People there at the start, and those of them and of others who wait."""
    census, queued = [], []
    for s in range(len(model.settings)):
        for cohort in range(len(model.cohorts)):
            if draw(st.booleans()):
                elapsed = draw(st.sampled_from(((), (0.0,), (2.0,), (0.5, 3.0))))
                people = float(draw(st.integers(0, 6)))
                left = draw(st.sampled_from((None, None, 0, len(model.stays) - 1)))
                census.append(Census(s, cohort, people, () if left is not None else elapsed, left))
                if draw(st.booleans()):
                    to = draw(st.integers(0, len(model.settings) - 1))
                    people = float(draw(st.integers(1, 3)))
                    queued.append(Queued(to, cohort, model.source_of_setting(s), people))
    for arrival in model.arrivals:
        if draw(st.booleans()):
            people = float(draw(st.integers(1, 3)))
            queued.append(Queued(arrival.to, arrival.cohort, arrival.source, people))
    return {"census": tuple(census), "queued": tuple(queued)}


def inputs_of(model):
    """Uncertain inputs that reach every kind of number."""
    targets = [
        Target("arrival_rate", 0),
        Target("stay", 0),
        Target("capacity", len(model.settings) - 1),
        Target("route_share", 0),
    ]
    if model.routes[0].leaving:
        targets.append(Target("delayed_hazard", 0, 0))
    if model.routes[0].steps:
        targets.append(Target("step_share", 0, 0))
    if model.settings[0].leaving[0]:
        targets.append(Target("waiting_hazard", 0, 0, 0))
    return tuple(
        UncertainInput(
            path=f"input {k}",
            shape="uniform",
            nominal=0.6,
            low=0.3,
            high=0.9,
            level=1.0,
            centre=0.6,
            spread_low=0.0,
            spread_high=0.0,
            least=0.0,
            most=1.0,
            targets=(target,),
        )
        for k, target in enumerate(targets)
    )


@st.composite
def models(draw):
    """A model of one to four settings with any of the rules."""
    names = NAMES[: draw(st.integers(1, 4))]
    n_cohorts = draw(st.integers(1, 2))
    doors = [f"door{k}" for k in range(draw(st.integers(1, 3)))]
    come = {door: draw(arrivals(names, n_cohorts)) for door in doors}
    sources = [*doors, *names]
    start = draw(st.sampled_from(("empty", "census", "steady")))
    network = Network(
        {name: draw(settings(name, names, sources)) for name in names},
        come,
        cohorts=("young", "old")[:n_cohorts],
        days=DAYS,
        start_date=datetime.date(2024, 1, draw(st.integers(1, 7))),
        run=RunSettings(
            engine="event",
            members=draw(st.integers(1, 2)),
            seed=draw(st.integers(0, 2**32)),
            deadlock=draw(st.sampled_from(("swap", "swap", "stop"))),
            save_days=draw(st.sampled_from((1, 7))),
            warm_up_days=10.0 if start == "steady" else 0.0,
        ),
        more={"steady_start": start == "steady"},
    )
    model = network.model()
    if start == "census":
        model = dataclasses.replace(model, **census_of(draw, model))
    if draw(st.booleans()):
        model = dataclasses.replace(model, inputs=inputs_of(model))
    return model
