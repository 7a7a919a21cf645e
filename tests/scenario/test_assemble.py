# ruff: noqa: E501 - scenarios are easier to read unbroken
"""The numbers of the model, from the file through the explicit form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.model import Exit, Target
from caresim.traffic import equilibrium


def model_of(writing, text, option="do_nothing"):
    return writing.load(text).model(option)


def part(parts, name):
    return next(one for one in parts if one.name == name)


RICH = """\
caresim: 1
title: A place
start_date: 2024-04-01
duration: 2 years
settings:
  acute:
    label: Acute hospital
    kind: acute
    capacity: {2024-04-01: 20, 2025-04-01: 18}
    stay: {mean: 5.5 days, cv: 1.2}
    stay_limit: 90 days
    then:
      died: 4%
      unit: {share: {value: 10%, of: survivors}, arrangement: [{time: 1 day, reason: assessment}, {time: 2 days, share: 40%, reason: family_choice}, 0 days], transfer: 4 hours}
      clinic: {share: 2%, wait_at: home}
      home: rest
    while_delayed: {died: 1% per week, home: 0 per day, acute: 0.5% per day}
    admits: {days: [mon, wed], hours: 08:00-20:00, closed: [2024-04-05]}
    planned_moves: {to: unit, on: {2025-01-01: 3}}
  unit:
    kind: intermediate
    pathway: 2
    capacity: 10
    places_per_person: {from: 4, to: 1}
    stay: 30 days
    queue:
      priority: [[gp], acute]
      room: 5
      overflow: {divert: clinic}
      max_wait: [{time: 14 days, to: home, for: acute}, {time: same day, to: acute, for: gp}]
      leaving: {died: 0.2% per day}
    ring_fenced: {gp: 2}
    keep_free: {for: [acute], places: 1}
  clinic: {kind: clinic, places_per_person: {0 days: 2, 3 days: 1}, stay: 4 days}
arrivals:
  gp: {to: unit, rate: 9.1 per week, growth: 2% per year, transfer: 1 day}
  emergency: {to: acute, rate: 3 per day, cycle: {period: 7 days, amplitude: 20%, peak: 42 hours}}
published:
  delayed: {indicator: delayed.acute, value: 3.5, from: 2024-05-01, to: 2024-06-01, source: A report of 2024}
run: {step: 1 hour, members: 5, seed: 9}
"""


def test_parts_are_sorted_and_positions_agree(writing):
    model = model_of(writing, RICH)
    assert [s.name for s in model.settings] == ["acute", "clinic", "unit"]
    assert model.arrival_names == ("emergency", "gp")
    assert model.source_names == ("emergency", "gp", "acute", "clinic", "unit")
    assert [(model.settings[r.setting].name, r.name) for r in model.routes] == [
        ("acute", "clinic"), ("acute", "died"), ("acute", "home"), ("acute", "unit"),
        ("clinic", "home"), ("unit", "home"),
    ]  # fmt: skip
    assert (model.days, model.start_date.isoformat(), model.title) == (
        730.0,
        "2024-04-01",
        "A place",
    )
    assert model.weekday(0) == 0
    assert model.run.steps_per_day == 24
    assert (model.run.members, model.run.seed, model.run.warm_up_days) == (5, 9, 0.0)


def test_settings(writing):
    acute, clinic, unit = model_of(writing, RICH).settings
    assert acute.capacity.days.tolist() == [0.0, 365.0]
    assert acute.capacity.values.tolist() == [20.0, 18.0]
    assert acute.calendar is not None
    assert acute.calendar.weekdays == (True, False, True, False, False, False, False)
    assert (acute.calendar.opens, acute.calendar.closes) == (8 / 24, 20 / 24)
    assert acute.calendar.closed_days == {4}
    assert [(m.day, m.people, m.to) for m in acute.planned_moves] == [(275.0, 3.0, 2)]
    assert math.isinf(acute.room)
    assert acute.overflow == Exit.LOST
    assert clinic.calendar is None
    assert clinic.places_per_person.by == "elapsed"
    assert clinic.places_per_person.at == (0.0, 3.0)
    assert unit.places_per_person.by == "share_of_stay"
    assert unit.places_per_person.at == (0.0, 0.25, 0.5, 0.75)
    assert unit.places_per_person.places == (4.0, 3.0, 2.0, 1.0)
    assert unit.queue_class == (2, 0, 1, 2, 2)
    assert (unit.room, unit.overflow) == (5.0, 1)
    assert [(w.sources, w.days, w.same_day, w.to) for w in unit.max_waits] == [
        ((1,), 0.0, True, 0), ((2,), 14.0, False, Exit.HOME),
    ]  # fmt: skip
    assert [(r.sources, r.places, r.rule) for r in unit.reserved] == [
        ((1,), 2.0, "ring_fenced"), ((2,), 1.0, "keep_free"),
    ]  # fmt: skip
    (waiting,) = unit.leaving
    assert [(x.to, x.rate) for x in waiting] == [(Exit.DIED, 0.002)]


def test_routes(writing):
    model = model_of(writing, RICH)
    clinic, died, home, unit, *_ = model.routes
    assert died.share == 0.04
    assert unit.share == pytest.approx(0.1 * 0.96)
    assert unit.of_survivors
    assert home.is_rest
    assert home.share == pytest.approx(1 - 0.04 - 0.096 - 0.02)
    assert clinic.wait_at_home
    assert [r.pathway for r in (clinic, died, home, unit)] == [None, None, 0, 2]
    stay = model.stays[unit.stay]
    assert stay.limit == 90.0
    assert all(r.stay == unit.stay for r in (clinic, died, home))
    # The step of no time at all is left out.
    assert [(model.reasons[s.reason].name, s.share) for s in unit.steps] == [
        ("assessment", 1.0), ("family_choice", 0.4),
    ]  # fmt: skip
    assert model.stays[unit.steps[1].stay].mean() == 2.0
    assert unit.transfer is not None
    assert model.stays[unit.transfer].mean() == pytest.approx(4 / 24)
    # Hazards of nobody are left out.
    assert [(x.to, x.rate) for x in unit.leaving] == [(0, 0.005), (Exit.DIED, 0.01 / 7)]
    assert model.route_drawn_at_start == (False, False, False)


def test_arrivals_and_published(writing):
    model = model_of(writing, RICH)
    emergency, gp = model.arrivals
    assert gp.rate == pytest.approx(1.3)
    assert (gp.to, gp.source, gp.growth) == (2, 1, 0.02)
    assert gp.transfer is not None
    assert emergency.cycles[0].peak == 1.75
    (figure,) = model.published
    assert (figure.first_day, figure.last_day, figure.value) == (30.0, 61.0, 3.5)
    assert figure.source == "A report of 2024"


UNCERTAIN = """\
caresim: 1
duration: 1 year
cohorts:
  older: {population: {low: 900, high: 1100, growth: {low: 1% per year, high: 3% per year}}}
  younger: {population: 9000}
settings:
  acute:
    capacity: {low: 90, high: 110, shape: uniform}
    stay: {mean: {low: 4 days, high: 6 days, mean: 5.2 days}, cv: 1.2}
    then:
      died: {low: 2%, high: 4%}
      unit: {share: {low: 4%, high: 9%, of: survivors}, arrangement: {time: {low: 1 day, high: 4 days, shape: lognormal}, share: {low: 30%, high: 60%}}}
      home: rest
    while_delayed: {died: {low: 0.1% per day, high: 0.3% per day}}
  unit: {stay: 30 days, queue: {leaving: {elsewhere: 0.1% per day, died: {low: 0.1% per day, high: 0.3% per day}}}}
arrivals:
  people: {to: acute, rate: {by_cohort: {older: {low: 90 per 1000 per year, high: 110 per 1000 per year}, younger: 20 per 1000 per year}}, growth: {low: 0% per year, high: 3% per year}}
"""


def test_uncertain_inputs_and_what_they_set(writing):
    model = model_of(writing, UNCERTAIN)
    inputs = {i.path: i for i in model.inputs}
    assert sorted(inputs) == [
        "arrivals.people.growth",
        "arrivals.people.rate.by_cohort.older",
        "cohorts.older.population",
        "cohorts.older.population.growth",
        "settings.acute.capacity",
        "settings.acute.stay.mean",
        "settings.acute.then.died",
        "settings.acute.then.unit.arrangement.share",
        "settings.acute.then.unit.arrangement.time",
        "settings.acute.then.unit.share",
        "settings.acute.while_delayed.died",
        "settings.unit.queue.leaving.died",
    ]
    rate = inputs["arrivals.people.rate.by_cohort.older"]
    assert rate.targets == (Target("arrival_rate", 0),)
    assert rate.nominal == pytest.approx(0.1 / 365)
    assert model.arrivals[0].rate == rate.nominal
    assert inputs["arrivals.people.growth"].targets == (
        Target("arrival_growth", 0), Target("arrival_growth", 1),
    )  # fmt: skip
    assert inputs["arrivals.people.growth"].least == -0.99
    assert inputs["cohorts.older.population"].targets == (Target("population", 0),)
    assert inputs["settings.acute.capacity"].shape == "uniform"
    assert inputs["settings.acute.capacity"].targets == (Target("capacity", 0),)
    stay = inputs["settings.acute.stay.mean"]
    assert (stay.nominal, stay.least) == (5.2, 1 / 1440)
    (target,) = stay.targets
    assert model.stays[target.i].mean() == pytest.approx(5.2)
    died = inputs["settings.acute.then.died"]
    assert (died.least, died.most) == (0.0, 1.0)
    assert [model.routes[t.i].name for t in died.targets] == ["died", "died"]
    steps = inputs["settings.acute.then.unit.arrangement.share"].targets
    assert {(model.routes[t.i].name, t.j) for t in steps} == {("unit", 0)}
    # Hazards are kept by name of destination: died comes before elsewhere.
    assert inputs["settings.unit.queue.leaving.died"].targets == (
        Target("waiting_hazard", 1, 0, 0), Target("waiting_hazard", 1, 1, 0),
    )  # fmt: skip
    delayed = inputs["settings.acute.while_delayed.died"].targets
    assert {t.field for t in delayed} == {"delayed_hazard"}
    assert len(delayed) == 6


def test_stays_that_differ_only_in_their_draw_are_kept_apart(writing):
    model = model_of(
        writing,
        "caresim: 1\nduration: 1 year\nsettings:\n"
        "  a: {stay: 5 days}\n  b: {stay: 5 days}\n"
        "  c: {stay: {low: 4 days, high: 6 days}}\n  d: {stay: {low: 4 days, high: 6 days}}\n"
        "  e: {stay: {low: 4 days, high: 6 days, draw: settings.d.stay}}\n"
        "arrivals: {p: {to: a, rate: 1 per day}}\n",
    )
    stays = {model.settings[r.setting].name: r.stay for r in model.routes}
    assert stays["a"] == stays["b"]
    assert len({stays["a"], stays["c"], stays["d"]}) == 3
    assert stays["d"] == stays["e"]
    assert [i.path for i in model.inputs] == ["settings.c.stay", "settings.d.stay"]


def test_cohort_shares_scale_an_uncertain_rate_under_one_draw(writing):
    model = model_of(
        writing,
        "caresim: 1\nduration: 1 year\ncohorts: {older: {}, younger: {}}\nsettings:\n  a: {stay: 5 days}\n"
        "arrivals: {p: {to: a, rate: {low: 8 per day, high: 12 per day}, cohort: {older: 25%, younger: 75%}}}\n",
    )
    assert [(i.path, i.nominal, i.low, i.high) for i in model.inputs] == [
        ("arrivals.p.rate", 2.5, 2.0, 3.0), ("arrivals.p.rate", 7.5, 6.0, 9.0),
    ]  # fmt: skip
    assert [a.rate for a in model.arrivals] == [2.5, 7.5]


CENSUS = """\
caresim: 1
duration: 1 year
cohorts: {older: {}, younger: {}}
settings:
  acute: {capacity: 100, stay: {by_cohort: {older: 9 days, younger: 3 days}}, then: {unit: {by_cohort: {older: 30%, younger: 10%}}, home: rest}}
  unit: {stay: 20 days}
arrivals:
  people: {to: acute, rate: 10 per day, cohort: {older: 40%, younger: 60%}}
  gp: {to: unit, rate: 1 per day, cohort: younger}
"""


def test_a_census_is_divided_as_in_equilibrium(writing):
    # Older people: 4 a day for 9 days, younger 6 a day for 3: 36 to 18, two thirds to one.
    model = model_of(
        writing, CENSUS + "initial: {census: {acute: 90}, queue: {unit: {acute: 9, gp: 2}}}\n"
    )
    assert [(c.setting, c.cohort, c.people) for c in model.census] == [
        (0, 0, pytest.approx(60.0)), (0, 1, pytest.approx(30.0)),
    ]  # fmt: skip
    # To the unit go 1.2 older and 0.6 younger people a day; from the gp only younger ones.
    queued = {(q.source, q.cohort): q.people for q in model.queued}
    assert queued == {
        (2, 0): pytest.approx(6.0),
        (2, 1): pytest.approx(3.0),
        (0, 1): pytest.approx(2.0),
    }


def test_a_census_by_cohort_is_kept(writing):
    model = model_of(
        writing,
        CENSUS
        + "initial: {census: {acute: {by_cohort: {older: 10, others: {people: 5, elapsed: [1, 2]}}}}}\n",
    )
    assert [(c.people, c.elapsed) for c in model.census] == [(10.0, ()), (5.0, (1.0, 2.0))]


def test_remaining_stays_are_stays_of_their_own_for_each_cohort(writing):
    model = model_of(
        writing,
        CENSUS + "initial: {census: {acute: {people: {by_cohort: {older: 10, others: 5}}, "
        "remaining: {by_cohort: {older: {low: 3 days, high: 5 days}, others: 2 days}}}}}\n",
    )
    older, younger = model.census
    assert (older.people, older.elapsed, younger.people) == (10.0, (), 5.0)
    assert model.stays[older.remaining].mean() == 4.0
    assert model.stays[younger.remaining].mean() == 2.0
    (uncertain,) = model.inputs
    assert uncertain.path == "initial.census.acute.remaining.by_cohort.older"
    assert [(t.field, t.i) for t in uncertain.targets] == [("stay", older.remaining)]


def test_steady_state_has_a_warm_up(writing, minimal):
    model = model_of(writing, minimal + "initial: steady_state\nrun: {warm_up: 1 year}\n")
    assert model.steady_start
    assert model.run.warm_up_days == 365.0
    assert model.census == ()


def test_series_and_rates_by_date(writing):
    writing.file("date,n\n2023-12-31,4\n2024-01-01,5\n2024-01-02,6\n", "a.csv")
    model = model_of(
        writing,
        "caresim: 1\nduration: 9 days\nsettings: {a: {stay: 1 day}}\narrivals:\n"
        "  held: {to: a, rate: {csv: a.csv, column: n, beyond: hold}}\n"
        "  again: {to: a, rate: {csv: a.csv, column: n, beyond: repeat}}\n"
        "  steps: {to: a, rate: {2024-01-01: 7 per week, 2024-01-03: 0 per day}}\n",
    )
    series = {a.name: a.series for a in model.arrivals}
    days = np.arange(5.0)
    assert series["held"].at(days).tolist() == [5, 6, 6, 6, 6]
    assert series["again"].at(days).tolist() == [5, 6, 4, 5, 6]
    assert series["steps"].at(days).tolist() == [1, 1, 0, 0, 0]
    assert [a.rate for a in model.arrivals] == [1.0, 1.0, 1.0]


def test_populations(writing):
    model = model_of(
        writing,
        "caresim: 1\nstart_date: 2024-01-01\nduration: 1 year\ncohorts:\n"
        "  a: {population: {2024-01-01: 1000, 2024-12-31: 2000}}\n"
        "  b: {population: {value: 500, growth: 2% per year}}\n"
        "settings: {w: {stay: 1 day}}\narrivals: {p: {to: w, rate: 365 per 1000 per year}}\n",
    )
    a, b = model.arrivals
    assert a.population is not None
    assert a.population.at(182.5) == 1500
    assert (b.population_growth, a.population_growth) == (0.02, 0.0)
    assert a.rate == pytest.approx(0.001)


def test_local_settings_serve_their_own(writing):
    model = model_of(
        writing,
        "caresim: 1\nduration: 1 year\nlocalities: {north: {share: 40%}, south: {share: 60%}}\nsettings:\n"
        "  acute: {stay: 5 days, then: {care: 50%, home: rest}}\n"
        "  care: {local: true, capacity: {by_locality: {north: 3, south: 4}}, stay: 10 days}\n"
        "arrivals: {p: {to: acute, rate: 10 per day}}\n",
    )
    assert [(s.name, s.locality, s.capacity.values[0]) for s in model.settings][1:] == [
        ("care@north", "north", 3.0), ("care@south", "south", 4.0),
    ]  # fmt: skip
    assert equilibrium(model).people.tolist() == [
        [pytest.approx(20.0), pytest.approx(30.0)], [pytest.approx(20.0), 0.0], [0.0, pytest.approx(30.0)],
    ]  # fmt: skip


def test_no_such_option(writing, minimal):
    with pytest.raises(KeyError):
        writing.load(minimal).model("nowhere")
