import pytest

from caresim.comparison import compare

PLACE = """\
caresim: 1
title: A small place
start_date: 2024-04-01
duration: 1 year
price_year: 2024-25
organisations:
  hospital: {label: Hospital trust, kind: trust}
  board: {label: Board, kind: board}
  council: {label: Council, kind: council}
settings:
  acute:
    kind: acute
    capacity: 90
    stay: {mean: {low: 5.5 days, high: 6.5 days}, cv: 1.2}
    then: {died: 3%, home: rest, step_down: {share: 20%, arrangement: 2 days}}
    costs: {provider: hospital, fixed: 250 GBP per place per day, variable: 96 GBP per day}
  step_down:
    kind: intermediate
    capacity: 80
    stay: 25 days
    costs: {provider: council, fixed: 100 GBP per place per day}
arrivals:
  emergency: {to: acute, rate: {low: 8 per day, high: 9 per day}}
initial: steady_state
interventions:
  hub:
    label: Transfer hub
    effects: [{on: settings.acute.then.step_down.arrangement, change: {low: -60%, high: -30%}}]
    start: 2024-08-01
    strength: 1
    cost: {per_year: 200000 GBP per year, paid_by: council}
  beds:
    label: Shorter stays
    effects: [{on: settings.acute.then.step_down.arrangement, change: -20%}]
    strength: 1
  unproven:
    label: Shown to do nothing
    effects: [{on: settings.acute.then.step_down.arrangement, change: {low: -5%, high: 4%}}]
    cost: {per_year: 50000 GBP per year, paid_by: board}
options:
  both:
    label: Hub and shorter stays
    interventions: [hub, beds]
    set: {settings.step_down.capacity: 85}
    plan: {delayed: {2024-05: -1.5, 2024-12: -0.001, 2030-01: -2}}
  null_evidence: {label: Null evidence, interventions: [unproven]}
run: {members: 60}
"""


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """The path of a scenario with uncertain interventions and money."""
    path = tmp_path_factory.mktemp("place") / "place.yaml"
    path.write_text(PLACE, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def comparison(place):
    """Its options compared, one of them taken apart."""
    return compare(place, waterfall="both")
