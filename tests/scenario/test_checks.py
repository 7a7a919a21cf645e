"""The registry of plausibility checks, and the reasoning they share.

That each check finds its own slip, and says so well, is held by the conformance corpus.
"""

from __future__ import annotations

import datetime
import doctest
import math
from dataclasses import replace

import numpy as np
import pytest

from caresim.model import (
    Arrivals,
    Calendar,
    Exit,
    MaxWait,
    Model,
    PlacesPerPerson,
    Reason,
    Route,
    Setting,
    Timeline,
    UncertainInput,
)
from caresim.problems import Location, Severity
from caresim.scenario import checks
from caresim.scenario.checks import CHECKS, people, registry, routes, uncertainty, words
from caresim.scenario.checks.loads import loads
from caresim.scenario.checks.queues import sources_of
from caresim.scenario.checks.times import _opens
from caresim.scenario.codes import CODES
from caresim.scenario.read import read_text
from caresim.stays import exponential


def setting(name, capacity=math.inf, *, sources=3, **changes):
    given = {
        "name": name,
        "label": name,
        "kind": "community",
        "pathway": None,
        "capacity": capacity if isinstance(capacity, Timeline) else Timeline.constant(capacity),
        "calendar": None,
        "places_per_person": PlacesPerPerson(),
        "queue_class": (0,) * sources,
        "room": math.inf,
        "overflow": Exit.LOST,
        "max_waits": (),
        "leaving": ((),),
        "reserved": (),
        "delay_reason": 0,
    }
    return Setting(**(given | changes))


def model(settings, shares, *, rate=1.0, days=365.0, **changes):
    """Make a model of settings with stays of one day, and routes {(from, to): share}."""
    given = {
        "title": "",
        "option": "do_nothing",
        "option_label": "",
        "start_date": datetime.date(2024, 1, 1),
        "days": days,
        "cohorts": ("everyone",),
        "settings": tuple(settings),
        "arrivals": (Arrivals("people", 0, 0, 0, rate),),
        "arrival_names": ("people",),
        "routes": tuple(
            Route(str(to), setting, 0, to, share, False, False, 0)
            for (setting, to), share in shares.items()
        ),
        "stays": (exponential(1.0),),
        "reasons": (Reason("capacity", "", "both", "capacity"),),
        "route_drawn_at_start": (False,) * len(settings),
    }
    return Model(**(given | changes))


def test_words():
    for module in (words, people):
        failed, tried = doctest.testmod(module)
        assert tried
        assert not failed


def test_every_check_is_explained():
    assert len(CHECKS) >= 25
    for id, one in CHECKS.items():
        assert one.id == id
        assert id.startswith("P")
        assert all((CODES[id].title, CODES[id].why, CODES[id].hint))
        assert len(CODES[id].explanation) > 100


def test_an_id_cannot_be_used_twice():
    with pytest.raises(ValueError, match="P101"):
        registry.check("P101", "", why="", hint="", explanation="")(lambda subject: iter(()))


def test_findings_become_problems_at_their_place(monkeypatch):
    def look(subject):
        yield checks.Finding(("settings", "ward", "capacity"), "first")
        yield checks.Finding(("settings", "ward", "capacity"), "again, in an option")
        yield checks.Finding(("settings", "ward", "queue", "room"), "second", hint="do this")

    tree = read_text("settings:\n  ward:\n    capacity: 3\n", "a.yaml")
    monkeypatch.setattr(registry, "CHECKS", {"P101": registry.Check("P101", look)})
    base = model([setting("ward")], {(0, Exit.HOME): 1.0})
    first, second = checks.plausibility(tree, {"do_nothing": base})
    assert (first.message, first.location) == ("first", Location("a.yaml", 3, 15))
    assert first.path == "settings.ward.capacity"
    assert first.severity is Severity.WARNING
    assert second.location == Location("a.yaml", 2, 3)
    assert (second.hint, second.why) == ("do this", CODES["P101"].why)


def test_a_local_setting_is_found_under_its_name_in_the_file():
    tree = read_text("settings:\n  ward: {local: true}\n", "a.yaml")
    base = model([setting("ward@north")], {(0, Exit.HOME): 1.0})
    subject = checks.Subject(tree, {"do_nothing": base})
    assert subject.setting_path("ward@north", "local") == ("settings", "ward", "local")


def test_load_follows_routes_growth_and_capacity():
    two = model(
        [setting("acute", 10), setting("home_care", 2)],
        {(0, 1): 0.5, (0, Exit.HOME): 0.5, (1, Exit.HOME): 1.0},
        rate=4.0,
    )
    acute, home_care = loads(two)
    assert (acute.places, acute.capacity, acute.when) == (4.0, 10.0, "")
    assert home_care.relative == pytest.approx(1.0)
    arrivals = replace(two.arrivals[0], growth=0.5)
    grown = loads(replace(two, arrivals=(arrivals,), days=730.0))
    assert [(load.places, load.when) for load in grown] == [
        (pytest.approx(9.0), "at the end of the run, "),
        (pytest.approx(4.5), "at the end of the run, "),
    ]


def test_load_of_a_setting_that_opens_later_is_that_of_its_places():
    opening = Timeline(np.array([0.0, 100.0]), np.array([0.0, 5.0]))
    (load,) = loads(model([setting("new", opening)], {(0, Exit.HOME): 1.0}, rate=2.0))
    assert (load.capacity, load.places) == (5.0, 2.0)


def test_reach_follows_every_way_there_is():
    settings = [
        setting("a", room=0.0, overflow=1),
        setting("b", max_waits=(MaxWait((0,), 3.0, False, 2),)),
        setting("c"),
        setting("d"),
    ]
    found = routes.reachable(model(settings, {(p, Exit.HOME): 1.0 for p in range(4)}))
    assert found == {0, 1, 2}


def test_sources_of_a_setting_include_those_sent_on():
    settings = [setting("a", room=0.0, overflow=1), setting("b"), setting("c")]
    shares = {(0, Exit.HOME): 1.0, (1, Exit.HOME): 1.0, (2, 1): 1.0}
    one = model(settings, shares)
    names = {one.source_names[s] for s in sources_of(one, 1)}
    assert names == {"people", "a", "c"}
    assert {one.source_names[s] for s in sources_of(one, 2)} == set()


def test_days_open_are_those_of_the_run():
    weekend = Calendar((False,) * 5 + (True,) * 2, 0.0, 1.0)
    one = model([setting("a")], {(0, Exit.HOME): 1.0}, days=5.0)
    assert not _opens(weekend, one)
    assert _opens(weekend, replace(one, days=6.0))
    assert not _opens(replace(weekend, closed_days=frozenset({5})), replace(one, days=6.0))


def test_share_of_draws_outside_the_range():
    normal = UncertainInput("x", "two_normals", 0.0, -1.0, 1.0, 0.8, 0.0, 1.0, 1.0, 0.0, 1.0, ())
    assert uncertainty._outside(normal) == (
        pytest.approx(0.5),
        pytest.approx(0.158655, abs=1e-6),
    )
    uniform = replace(normal, shape="uniform", low=-1.0, high=3.0, least=0.0, most=2.0)
    assert uncertainty._outside(uniform) == (0.25, 0.25)
    half = replace(normal, spread_low=0.0, centre=0.5)
    assert uncertainty._outside(half)[0] == 0.0
