"""Interventions, feedbacks and slow stocks as the engines get them."""

from __future__ import annotations

import pytest

from caresim import evidence
from caresim.engines.draws import draw_inputs
from caresim.model import Changed
from caresim.problems import ScenarioError
from caresim.scenario.checks.loops import gain
from caresim.scenario.load import load

TEAM = """\
  team:
    stay: 2 days
    then: {home_care: 0%, home: rest}
    while_delayed: {home: 0 per day}"""
BASE = """\
caresim: 1
start_date: 2025-01-01
duration: 2 years
cohorts: {older: {population: 10000}, younger: {population: 40000}}
settings:
  acute:
    capacity: 90
    stay: {by_cohort: {older: 8 days, younger: 4 days}}
    then:
      home_care:
        share: 10%
        arrangement: [{time: 1 day, reason: assessment}, {time: 2 days, reason: brokerage}]
      home: rest
  home_care: {capacity: {2025-01-01: 60, 2025-07-01: 80}, stay: 30 days}
  team: {stay: 2 days}
arrivals:
  emergency: {to: acute, rate: {by_cohort: {older: 6 per day, younger: 3 per day}}}
  planned: {to: acute, rate: 36.5 per 1000 per year, cohort: [older]}
"""


@pytest.fixture
def loaded(tmp_path):
    def write(text, base=BASE):
        path = tmp_path / "scenario.yaml"
        path.write_text(base + text, encoding="utf-8")
        return load(path)

    return write


@pytest.fixture
def planned(loaded):
    """Return the intervention of an option with the effects given, and the model."""

    def make(*effects, more=""):
        listed = "".join(f"      - {effect}\n" for effect in effects)
        text = f"interventions:\n  plan:\n    effects:\n{listed}{more}"
        model = loaded(text + "options:\n  do: {interventions: [plan]}\n").model("do")
        return model.interventions[0], model

    return make


def amounts(intervention):
    return {change.of: (change.kind, change.amount) for change in intervention.changes}


def test_a_difference_of_a_time_is_relative_to_its_mean(planned):
    one, _ = planned("{on: settings.acute.stay, by: -12 hours}")
    assert amounts(one) == {
        Changed("stay", 0, 0): ("relative", pytest.approx(-0.5 / 8)),
        Changed("stay", 0, 1): ("relative", pytest.approx(-0.5 / 4)),
    }


def test_a_value_of_a_time_is_relative_to_its_mean_in_every_draw(planned):
    one, model = planned(
        "{on: settings.acute.then.home_care.arrangement.brokerage, cohorts: older, "
        "to: {low: 0.5 days, high: 1.5 days}}"
    )
    (change,) = one.changes
    assert change.amount == pytest.approx(1 / 2 - 1)
    route = model.routes[change.of.i]
    assert model.reasons[route.steps[change.of.j].reason].name == "brokerage"
    (uncertain,) = model.inputs
    (target,) = uncertain.targets
    assert (target.scale, target.offset) == (0.5, -1.0)
    drawn = draw_inputs(model, 1, 0, 50)
    assert (target.offset + target.scale * drawn >= -1.0).all()


def test_a_difference_of_arrivals_is_divided_as_their_rates_are(planned):
    one, model = planned("{on: arrivals.emergency.rate, by: -3 per day}")
    by_cohort = {model.arrivals[c.of.i].cohort: c.amount for c in one.changes}
    assert by_cohort == {0: pytest.approx(-2.0), 1: pytest.approx(-1.0)}
    assert {c.kind for c in one.changes} == {"absolute"}


def test_a_difference_by_cohort_is_each_cohorts_own(planned):
    one, _ = planned(
        "{on: arrivals.emergency.rate, by: {by_cohort: {older: -1 per day, younger: -2 per day}}}"
    )
    assert [c.amount for c in one.changes] == [-1.0, -2.0]


def test_a_difference_of_a_population_rate_is_relative_to_it(planned):
    one, _ = planned("{on: arrivals.planned.rate, by: -3.65 per 1000 per year}")
    (change,) = one.changes
    assert (change.kind, change.amount) == ("relative", pytest.approx(-0.1))


def test_a_value_of_arrivals_is_that_of_all_together(planned):
    one, _ = planned("{on: arrivals.emergency.rate, to: 6 per day}")
    assert {(c.kind, round(c.amount, 12)) for c in one.changes} == {("relative", round(-1 / 3, 12))}


def test_a_value_of_a_capacity_is_a_difference_from_that_of_its_day(planned):
    one, _ = planned("{on: settings.home_care.capacity, to: 100}", more="    start: 2025-10-01\n")
    assert amounts(one) == {Changed("capacity", 1): ("absolute", 20.0)}


def test_a_ramp_begins_after_the_lead_time(planned):
    one, model = planned(
        "{on: settings.acute.stay, change: -10%}",
        more="    start: 2025-03-01\n    lead_time: {low: 10 days, high: 30 days}\n"
        "    end: 2026-03-01\n    ramp: {shape: s_curve, over: 1 year}\n"
        "    fade: {after: 1 year, over: 6 weeks, to: 20%}\n",
    )
    assert (one.ramp.start, one.ramp.end, one.ramp.over) == (59 + 20, 424, 365)
    assert (one.ramp.fade_from, one.ramp.fade_over, one.ramp.fade_to) == (365, 42, 0.2)
    (uncertain,) = model.inputs
    assert uncertain.targets[0].field == "intervention_start"
    assert uncertain.least == 0.0


def test_reach_is_of_the_effect_or_of_the_intervention(planned):
    one, model = planned(
        "{on: settings.acute.stay, change: -10%, cohorts: older}",
        "{on: settings.home_care.stay, change: -10%, cohorts: older, reach: 7%}",
        more="    reach: {by_cohort: {older: {low: 20%, high: 40%}, younger: 10%}}\n",
    )
    assert [c.reach for c in one.changes] == [pytest.approx(0.3), 0.07]
    (uncertain,) = model.inputs
    assert uncertain.path == "interventions.plan.reach.by_cohort.older"
    assert [(t.field, t.j) for t in uncertain.targets] == [("intervention_reach", 0)]


def test_people_who_are_displaced_are_arrivals_of_the_same_numbers(planned, loaded):
    one, model = planned(
        "{on: arrivals.emergency.rate, change: -10%, displaced: {to: team, share: 80%}}"
    )
    assert [(c.displaced_to, c.displaced_share) for c in one.changes] == [(3, 0.8), (4, 0.8)]
    for change in one.changes:
        other, own = model.arrivals[change.displaced_to], model.arrivals[change.of.i]
        assert other.displaced_from == change.of.i
        assert (other.name, other.source, other.cohort, other.rate) == (
            own.name,
            own.source,
            own.cohort,
            own.rate,
        )
        assert model.settings[other.to].name == "team"
    assert len(loaded("").model().arrivals) == 3


def test_people_who_are_displaced_share_what_is_uncertain(loaded):
    base = BASE.replace("{older: 6 per day,", "{older: {low: 5 per day, high: 7 per day},")
    text = """\
interventions:
  plan:
    effects: [{on: arrivals.emergency.rate, change: -10%, displaced: {to: team}}]
options: {do: {interventions: [plan]}}
"""
    model = loaded(text, base).model("do")
    (uncertain,) = model.inputs
    rows = [target.i for target in uncertain.targets]
    assert [target.field for target in uncertain.targets] == ["arrival_rate"] * 2
    assert model.arrivals[rows[1]].displaced_from == rows[0]


def test_changes_of_options_have_the_same_draws(loaded):
    scenario = loaded("""\
interventions:
  plan:
    effects: [{on: settings.acute.stay, change: {low: -20%, high: 0%}}]
options:
  one: {interventions: [plan]}
  two: {interventions: [plan], set: {settings.home_care.capacity: 70}}
  three: {set: {settings.home_care.capacity: 70}}
""")
    one, two = scenario.model("one"), scenario.model("two")
    assert (draw_inputs(one, 3, 0, 9) == draw_inputs(two, 3, 0, 9)).all()
    assert not scenario.model("three").interventions
    assert not scenario.model("three").is_coupled


def test_what_nobody_does_yet_is_there_in_every_option(loaded):
    text = """\
interventions:
  plan:
    effects:
      - {on: settings.team.then.home_care.share, to: 5%}
      - {on: settings.team.while_delayed.home, by: 1% per day}
options: {do: {interventions: [plan]}}
"""
    scenario = loaded(text, BASE.replace("  team: {stay: 2 days}", TEAM))
    for option in scenario.options:
        model = scenario.model(option)
        shares = {r.name: r.share for r in model.routes if model.settings[r.setting].name == "team"}
        assert shares == {"home_care": 0.0, "home": 1.0}
        assert all(r.leaving[0].rate == 0.0 for r in model.routes if r.setting == 2)
    share = scenario.model("do").interventions[0].changes[0]
    assert (share.kind, share.amount) == ("absolute", 0.05)


@pytest.mark.parametrize(("optimism", "discount"), [("true", 0.15), ("false", 0.0)])
def test_weak_evidence_is_discounted_unless_the_run_says_not(planned, optimism, discount):
    one, model = planned(
        "{on: settings.acute.stay, change: -10%}",
        "{on: settings.acute.then.home_care.share, by: 1%, strength: 1, hoped: higher}",
        more=f"    strength: 4\nrun: {{optimism: {optimism}}}\n",
    )
    assert {c.discount for c in one.changes if c.of.field == "stay"} == {discount}
    assert {(c.discount, c.hoped) for c in one.changes if c.of.field == "route_share"} == {(0, 1)}
    assert model.run.optimism is (optimism == "true")


def test_effects_of_the_library_keep_their_numbers(planned):
    known = evidence.entry("case_management").effect("emergency_admissions")
    one, model = planned(
        "{on: arrivals.emergency.rate, outcome: emergency_admissions, cohorts: older}",
        more="    evidence: case_management\n",
    )
    (change,) = one.changes
    assert change.amount == pytest.approx(known.mean, rel=1e-6)
    assert change.discount == evidence.correction(known.strength)
    (uncertain,) = model.inputs
    assert (uncertain.low, uncertain.high) == pytest.approx((known.low, known.high), rel=1e-6)
    assert (one.evidence, one.strength) == ("case_management", str(known.strength))
    assert one.source == known.source


def test_what_is_unverified_in_the_library_stays_marked(loaded):
    scenario = loaded("""\
interventions:
  plan:
    evidence: expert_falls
    effects: [{on: arrivals.emergency.rate, outcome: emergency_admissions}]
options: {do: {interventions: [plan]}}
""")
    status = evidence.entry("expert_falls").effect("emergency_admissions").status
    note = scenario.explicit["interventions"]["plan"]["effects"][0]["change"]["note"]
    assert ("unverified" in note) == (status == "unverified")


def test_changes_of_local_settings_are_for_the_people_of_the_place(loaded):
    text = """\
localities: {north: {share: 50%}, south: {share: 50%}}
interventions:
  plan:
    effects:
      - {on: settings.local_care.stay, change: -10%}
      - {on: settings.local_care.while_delayed.home, by: 1% per day, localities: [north]}
options: {do: {interventions: [plan]}}
feedbacks:
  unmet:
    signal: {unmet: local_care}
    effects: [{on: arrivals.emergency.rate, change: 1%, per: 1%}]
"""
    local = (
        "  local_care: {local: true, stay: 9 days, while_delayed: {home: 0 per day}}\narrivals:\n"
    )
    model = loaded(text, BASE.replace("arrivals:\n", local)).model("do")
    names = [setting.name for setting in model.settings]
    for change in model.interventions[0].changes:
        if change.of.field == "stay":
            setting, cohort = names[change.of.i], model.cohorts[change.of.j]
        else:
            route = model.routes[change.of.i]
            setting, cohort = names[route.setting], model.cohorts[route.cohort]
            assert setting.endswith("@north")
        assert setting.partition("@")[2] == cohort.partition("@")[2]
    assert [f.name for f in model.feedbacks] == ["unmet@north", "unmet@south"]
    for feedback in model.feedbacks:
        who = {model.cohorts[model.arrivals[c.of.i].cohort] for c in feedback.changes}
        assert {name.partition("@")[2] for name in who} == {feedback.name.partition("@")[2]}
        assert names[feedback.signal.i].partition("@")[2] == feedback.name.partition("@")[2]


def test_staff_openings_population_and_budgets(loaded):
    model = loaded("""\
workforce:
  carers:
    posts: {2025-01-01: 50, 2026-01-01: 60}
    leavers: {low: 10% per year, high: 20% per year}
    recruitment: {of_vacancies: 7.3% per year}
    training: 6 weeks
    runs: {team: 0.5, home_care: {per_place: 0.25}}
    deployment: [team, home_care]
population:
  deaths: {by_cohort: {older: 7.3% per year, younger: 0.73% per year}}
  joins: {younger: 365 per year}
  moves: {ages: {from: younger, to: older, rate: 3.65% per year}}
budgets:
  pool: {amount: £36500 per year, pays: {acute: 700 GBP per week}}
feedbacks:
  reinvest:
    signal: {underspend: pool, above: 70 GBP per week, delay: 30 days}
    effects:
      - {on: settings.home_care.capacity, by: {low: 1, high: 3}, per: 100 GBP per day, most: 9}
""").model()
    (staff,) = model.staff
    assert (staff.in_post, staff.recruitment, staff.training_days) == (50, 0.0, 42)
    assert staff.fills == pytest.approx(0.073 / 365)
    assert staff.runs == ((2, 0.5), (1, 0.25))
    assert (staff.deployment, list(staff.posts.values)) == ("priority", [50, 60])
    people = model.population
    assert people is not None
    assert people.start == (10000, 40000)
    assert people.home_deaths == pytest.approx((0.0002, 0.00002))
    assert people.joins == (0.0, 1.0)
    (move,) = people.transitions
    assert (move.from_, move.to, move.because) == (1, 0, "need")
    assert move.rate == pytest.approx(0.0001)
    (budget,) = model.budgets
    assert (budget.per_day, budget.pays) == (100.0, ((0, 100.0),))
    (feedback,) = model.feedbacks
    assert (feedback.signal.above, feedback.signal.delay_days) == (10.0, 30.0)
    (change,) = feedback.changes
    assert (change.amount, change.per, change.most) == (2.0, 100.0, 9.0)
    assert {t.field for i in model.inputs for t in i.targets} == {"leavers", "feedback_amount"}
    assert model.is_coupled


def test_people_age_from_band_to_band_of_their_need(loaded):
    aged = BASE.replace("10000}", "10000, ages: 75+}").replace("40000}", "40000, ages: 65-74}")
    model = loaded("population: {ageing: bands}\n", aged).model()
    assert model.population is not None
    (ageing,) = model.population.transitions
    assert (ageing.from_, ageing.to, ageing.because) == (1, 0, "ageing")
    assert ageing.rate == pytest.approx(1 / (10 * 365))


def test_openings_have_their_days_from_the_start(loaded):
    text = """\
  extra:
    capacity: 0
    stay: 1 year
    openings:
      - places: 60
        decided: 2024-12-01
        lead_time: 41 days
        slippage: {low: 0 months, high: 12 months}
        phases: 3
        every: 6 weeks
        replaces: {setting: home_care, places: 30, after: 2 weeks}
    closings: [{places: 5, decided: 2025-01-11}]
arrivals:
"""
    model = loaded("", BASE.replace("arrivals:\n", text)).model()
    one, other = model.openings
    assert (one.day, one.phases, one.every, one.after) == (10, 3, 42, 14)
    assert (one.replaces, one.replaced_places) == (2, 30)
    assert (other.places, other.day) == (-5, 10)
    assert [(t.field, t.i) for i in model.inputs for t in i.targets] == [("slippage", 0)]


# --- the gain of loops -----------------------------------------------------------------------


def feedback_gain(loaded, text):
    model = loaded(f"feedbacks:\n  loop: {text}\n").model()
    return gain(model, model.feedbacks[0])


def test_the_gain_of_occupancy_on_its_own_stay_is_the_load_times_the_answer(loaded):
    # All stays k% longer for each point of occupancy: the load rises by k times itself.
    text = "{signal: {occupancy: acute}, effects: [{on: settings.acute.stay, change: 2%, per: 1%}]}"
    model = loaded(f"feedbacks:\n  loop: {text}\n").model()
    stays = (6 + 1) * 8 + 3 * 4
    assert gain(model, model.feedbacks[0]) == pytest.approx(2 * stays / 90, rel=1e-6)
    calmer = text.replace("2%", "-1%")
    assert feedback_gain(loaded, calmer) < 0


def test_a_gain_above_one_is_a_warning(loaded):
    scenario = loaded("""\
feedbacks:
  panic:
    signal: {unmet: home_care}
    effects: [{on: arrivals.emergency.rate, change: 30%, per: 1%}]
  calm: {signal: {occupancy: acute}, effects: [{on: settings.acute.stay, change: -1%, per: 1%}]}
""")
    # home_care has room, so its signal does not move at first: nothing feeds itself.
    assert not [w for w in scenario.warnings if w.code == "P854"]
    busy = loaded("""\
feedbacks:
  panic: {signal: {occupancy: acute}, effects: [{on: arrivals.emergency.rate, change: 3%, per: 1%}]}
""")
    assert [w.path for w in busy.warnings if w.code == "P854"] == ["feedbacks.panic"]


@pytest.mark.parametrize(
    ("signal", "effect"),
    [
        ("{vacancies: carers}", "{on: workforce.carers.leavers, change: 5%, per: 1%}"),
        ("{workload: carers}", "{on: workforce.carers.leavers, change: 5%, per: 1%}"),
        ("{workload: carers}", "{on: workforce.carers.sickness, by: 2%, per: 1%}"),
        ("{delayed: acute}", "{on: settings.acute.then.home_care.arrangement, change: 9%, per: 1}"),
        (
            "{delay_days: acute}",
            "{on: settings.acute.then.home_care.share, by: 90%, per: 1 day}",
        ),
    ],
)
def test_every_signal_can_feed_itself(loaded, signal, effect):
    carers = """\
workforce:
  carers:
    posts: 100
    in_post: 60
    leavers: 20% per year
    recruitment: 1 per month
    sickness: 5%
    runs: {home_care: 0.8}
"""
    model = loaded(
        f"{carers}feedbacks:\n  loop: {{signal: {signal}, effects: [{effect}]}}\n"
    ).model()
    assert gain(model, model.feedbacks[0]) > 0


def test_saving_and_reinvesting_calms_itself(loaded):
    model = loaded("""\
budgets:
  pool: {amount: 1 million GBP per year, pays: {acute: 400 GBP per day}}
feedbacks:
  loop:
    signal: {underspend: pool}
    effects: [{on: settings.acute.capacity, by: 1, per: 100 GBP per day}]
""").model()
    found = gain(model, model.feedbacks[0])
    assert found <= 0


def test_a_loop_on_what_nothing_answers_has_no_gain(loaded):
    text = "{signal: {waiting: acute}, effects: [{on: settings.team.stay, change: 5%, per: 1}]}"
    assert feedback_gain(loaded, text) == 0.0


def test_faults_of_numbers_are_errors(loaded):
    with pytest.raises(ScenarioError) as caught:
        loaded("""\
interventions:
  plan:
    effects: [{on: settings.acute.stay, by: {low: -10 days, high: -9 days}, cohorts: younger}]
options: {do: {interventions: [plan]}}
""")
    assert "P863" in {p.code for p in caught.value.problems}


def test_an_amount_is_of_a_whole_arrangement(tmp_path):
    """Two steps of 3 days, the second for half: 4.5 days, of which `to` and `by` speak."""
    path = tmp_path / "arrangement.yaml"
    path.write_text(
        """\
caresim: 1
duration: 1 year
settings:
  ward:
    stay: 1 day
    then:
      free:
        share: 100%
        arrangement:
          - {time: 3 days, reason: assessment}
          - {time: 3 days, reason: family_choice, share: 50%}
  free: {stay: 1 day}
arrivals: {a: {to: ward, rate: 10 per day}}
interventions:
  all_of_it: {effects: [{on: settings.ward.then.free.arrangement, to: 1.5 days}]}
  less: {effects: [{on: settings.ward.then.free.arrangement, by: -1.5 days}]}
  one: {effects: [{on: settings.ward.then.free.arrangement.assessment, to: 1.5 days}]}
options: {o: {interventions: [all_of_it, less, one]}}
""",
        encoding="utf-8",
    )
    model = load(path).model("o")
    amounts = {i.name: [change.amount for change in i.changes] for i in model.interventions}
    assert amounts["all_of_it"] == pytest.approx([-2 / 3, -2 / 3])
    assert amounts["less"] == pytest.approx([-1 / 3, -1 / 3])
    assert amounts["one"] == pytest.approx([-1 / 2])


NOBODY_YET = """\
caresim: 1
start_date: 2025-01-01
duration: 1 year
cohorts: {older: {population: 1000}, younger: {population: 4000}}
settings: {team: {stay: 9 days}, hub: {stay: 2 days}}
arrivals:
  calls: {to: team, rate: 0 per day, cohort: {older: 75%, younger: 25%}}
  falls: {to: team, rate: 0 per 1000 per year}
"""


@pytest.fixture
def opened(loaded):
    """Return the arrivals and the changes of an option whose interventions have one effect each."""

    def make(*effects):
        listed = "".join(f"  i{k}: {{effects: [{e}]}}\n" for k, e in enumerate(effects))
        names = ", ".join(f"i{k}" for k in range(len(effects)))
        text = f"interventions:\n{listed}options:\n  do: {{interventions: [{names}]}}\n"
        scenario = loaded(text, base=NOBODY_YET)
        assert all(not one.only_added for one in scenario.model("do_nothing").arrivals)
        model = scenario.model("do")
        changes = [change for one in model.interventions for change in one.changes]
        return model.arrivals, [(c.of.i, c.kind, c.amount) for c in changes]

    return make


@pytest.mark.parametrize("amount", ["by: 8 per day", "to: 8 per day"])
def test_people_are_added_to_arrivals_of_nobody_in_the_cohorts_shares(opened, amount):
    arrivals, changes = opened(f"{{on: arrivals.calls.rate, {amount}}}")
    assert changes == [(0, "absolute", pytest.approx(6.0)), (1, "absolute", pytest.approx(2.0))]
    assert [one.only_added for one in arrivals] == [True, True, False, False]
    assert [one.rate for one in arrivals[:2]] == [1.0, 1.0]


@pytest.mark.parametrize("amount", ["by: 365 per 1000 per year", "to: 365 per 1000 per year"])
def test_rates_per_person_are_added_for_the_people_there_are(opened, amount):
    arrivals, changes = opened(f"{{on: arrivals.falls.rate, {amount}, cohorts: younger}}")
    assert changes == [(3, "absolute", pytest.approx(4.0))]
    assert arrivals[3].rate == pytest.approx(1 / 4000)  # one person a day
    assert [one.only_added for one in arrivals] == [False, False, False, True]


def test_a_share_of_nobody_stays_nobody(opened):
    arrivals, changes = opened("{on: arrivals.calls.rate, change: 50%}")
    assert {kind for _, kind, _ in changes} == {"relative"}
    assert not any(one.only_added for one in arrivals)


def test_people_kept_away_from_those_who_are_added_come_elsewhere(opened):
    arrivals, _ = opened(
        "{on: arrivals.calls.rate, by: 8 per day}",
        "{on: arrivals.calls.rate, by: {low: -3 per day, high: 1 per day}, displaced: {to: hub}}",
    )
    away = [one for one in arrivals if one.displaced_from >= 0]
    assert len(away) == 2
    assert all(one.rate == 1.0 and not one.only_added for one in away)


def test_a_loop_is_where_something_answers(loaded):
    text = """\
localities: {north: {share: 40%}, south: {share: 60%}}
feedbacks:
  busy:
    signal: {occupancy: home_care, above: 90%}
    effects: [{on: settings.home_care.stay, change: -1%, per: 1%, most: 10%, localities: south}]
"""
    base = BASE.replace("home_care: {capacity: {2025-01-01: 60, 2025-07-01: 80},", LOCAL)
    assert [one.name for one in loaded(text, base=base).model().feedbacks] == ["busy@south"]


LOCAL = "home_care: {local: true, capacity: 30,"
