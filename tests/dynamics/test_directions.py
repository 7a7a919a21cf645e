"""What planners must see come out of a run: directions that the field knows, and why.

Options meet the same people and draws, so each comparison is of pairs.
"""

import itertools

import numpy as np
import pytest

import caresim as cs

INTERMEDIATE = """\
caresim: 1
duration: 2 years
settings:
  acute:
    kind: acute
    capacity: 130
    stay: 6 days
    then: {{intermediate: 20%, home: rest}}
    queue: {{max_wait: {{time: 1 day, to: elsewhere}}}}
  intermediate:
    kind: intermediate
    capacity: 60
    stay: 20 days
    then: {{residential: 30%, home: rest}}
  residential: {{kind: residential, capacity: {residential}, stay: 1 year}}
arrivals:
  emergency: {{to: acute, rate: 20 per day}}
options:
{options}
run: {{members: 8, engine: {engine}}}
"""


def run(tmp_path, text, **more):
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return cs.run(path, **more)


def delayed(results, option, setting="acute"):
    found = results[option]
    at = [s.name for s in found.labels.settings].index(setting)
    return found.totals["delayed"][:, 0, at].sum(axis=-1)


def intermediate_places(tmp_path, engine, residential):
    capacities = (70, 80, 90, 100, 110)
    options = "\n".join(
        f"  places_{n}: {{set: {{settings.intermediate.capacity: {n}}}}}" for n in capacities
    )
    text = INTERMEDIATE.format(residential=residential, options=options, engine=engine)
    results = run(tmp_path, text)
    names = ["do_nothing", *(f"places_{n}" for n in capacities)]
    return [delayed(results, name) for name in names]


@pytest.mark.parametrize("engine", ["flow", "event"])
def test_intermediate_places_never_raise_delays_while_long_term_care_has_room(tmp_path, engine):
    found = intermediate_places(tmp_path, engine, "unlimited")
    for fewer, more in itertools.pairwise(found):
        assert (more - fewer).mean() < 0.05 * fewer.mean() + 0.02
    assert found[-1].mean() < 0.1 * found[0].mean()


@pytest.mark.parametrize("engine", ["flow", "event"])
def test_intermediate_places_fill_up_where_long_term_care_behind_them_is_full(tmp_path, engine):
    """The same 50 places more, and most of the delay is there again in two years."""
    roomy = intermediate_places(tmp_path, engine, "unlimited")
    (tmp_path / "full").mkdir()
    full = intermediate_places(tmp_path / "full", engine, 100)
    assert roomy[-1].mean() < 0.1 * roomy[0].mean()
    assert full[-1].mean() > 0.5 * full[0].mean()


NURSES = """\
caresim: 1
duration: 4 years
settings:
  nursing: {kind: community, capacity: 100, stay: 20 days}
arrivals:
  referrals: {to: nursing, rate: 4 per day}
workforce:
  nurses: {posts: 20, in_post: 10, leavers: 15% per year, recruitment: 0.125 per month,
           runs: {nursing: 0.2}}
interventions:
  recruit_for_attitude:
    start: 2024-07-01
    effects: [{on: workforce.nurses.recruitment, to: 2 per month}]
options:
  recruit: {interventions: [recruit_for_attitude]}
run: {members: 4, engine: ENGINE}
"""


@pytest.mark.parametrize("engine", ["flow", "event"])
def test_filling_half_of_all_posts_clears_the_queue_behind_them(tmp_path, engine):
    """Half the nurses run 50 places for a load of 80; all of them run 100."""
    results = run(tmp_path, NURSES.replace("ENGINE", engine))
    waiting = {name: results[name].mean["waiting_at"][:, 0, 0] for name in results.names}
    posts = {name: results[name].mean["staff_vacancies"][-1, 0] for name in results.names}
    assert waiting["do_nothing"][-1] > 1000
    assert waiting["recruit"].max() > 200
    assert waiting["recruit"][-1] < 5
    assert posts["recruit"] < 0.5
    assert posts["do_nothing"] == pytest.approx(10, abs=0.1)


PACKAGES = """\
caresim: 1
duration: 3 years
settings:
  hospital: {kind: acute, stay: 5 days, then: {package: 5%, home: rest}}
  package: {kind: community, capacity: 288, stay: 730 days}
arrivals:
  referrals: {to: hospital, rate: 20 per day}
"""


def test_a_horizon_of_one_year_hides_what_three_years_show(tmp_path):
    """With no package in use at the start 287.2 are in use after a year, so 288 seem enough."""
    found = run(tmp_path, PACKAGES)["do_nothing"]
    by_year = found.totals["delayed"][0, 1:4, 0, 0]
    assert by_year[0] < 0.5
    assert by_year[2] > 100


OLDER = """\
caresim: 1
duration: 3 years
settings:
  acute: {kind: acute, capacity: 1000, stay: {by_cohort: {older: 9 days, others: 4 days}}}
cohorts: {older: {}, others_: {}}
arrivals:
  older: {to: acute, rate: 50 per day, cohort: older, growth: 2% per year}
  others_: {to: acute, rate: 110 per day, cohort: others_}
initial: steady_state
interventions:
  prevention:
    effects: [{on: arrivals.older.rate, change: CHANGE}]
    ramp: {shape: linear, over: 3 years}
options: {prevent: {interventions: [prevention]}}
"""


def test_preventing_admissions_of_older_people_lowers_occupancy_about_a_point_a_year(tmp_path):
    """Preventing 3 to 6% a year, of older people who grow by 2% a year and fill half the beds."""
    falls = []
    for share in (3, 6):
        text = OLDER.replace("CHANGE", f"-{3 * share}%").replace("others_", "younger")
        found = run(tmp_path, text.replace("others: 4 days", "younger: 4 days"))["prevent"]
        occupancy = found.mean["places_used_at"][:, 0] / 1000
        falls.append(100 * (occupancy[0] - occupancy[-1]) / 3)
    assert 0.3 < falls[0] < np.mean(falls) < falls[1] < 2.2
    assert np.mean(falls) == pytest.approx(1.0, abs=0.5)


BEDS = """\
caresim: 1
duration: 2 years
settings:
  acute: {kind: acute, capacity: 200, stay: {mean: 5 days, cv: 1.2}}
arrivals:
  emergency:
    to: acute
    rate: RATE per day
    weekday: {mon: 1.1, tue: 1.05, wed: 1.02, thu: 1.02, fri: 1.03, sat: 0.89, sun: 0.89}
    cycle: {period: 365 days, amplitude: 4%, peak: 15 days}
initial: steady_state
run: {engine: event, members: 12, save_every: 1 day, warm_up: 60 days}
"""


def test_risk_shows_above_85_percent_and_crises_are_regular_at_90(tmp_path):
    """Share of days that end with someone waiting for a bed, by mean occupancy of 200 beds."""
    days = {}
    for occupancy in (80, 85, 90):
        found = run(tmp_path, BEDS.replace("RATE", f"{occupancy / 100 * 40:g}"))["do_nothing"]
        days[occupancy] = (found.series["waiting_at"].sum(axis=(2, 3)) > 0).mean()
    assert days[80] < 0.005
    assert days[80] < days[85] < 0.1
    assert days[90] > 0.05
    assert days[90] > 3 * days[85]
