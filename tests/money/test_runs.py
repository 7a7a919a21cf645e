"""Money of real runs: published arithmetic, all engines, results that were saved."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import caresim as cs
from caresim.money import appraise, audited, ledger
from caresim.results.store import read_results

YEAR = 365

TWO_STAGES = """
caresim: 1
title: Who pays is not who saves
duration: 1 year
price_year: 2023-24
organisations: {{hospital: {{kind: trust}}, council: {{kind: council}}}}
settings:
  acute:
    kind: acute
    stay: 5 days
    then: {{package: 5%, home: rest}}
    costs: {{provider: hospital, variable: 400 GBP per day}}
  package:
    capacity: {packages}
    stay: 730 days
    costs: {{provider: council, fixed: 6257 GBP per year}}
arrivals: {{referrals: {{to: acute, rate: 20 per day}}}}
initial: {{census: {{acute: 100, package: {packages}}}}}
options:
  one_fewer:
    set: {{settings.package.capacity: {fewer}, initial.census.package: {fewer}}}
run: {{save_every: 1 day}}
"""


def of_text(folder, text, **more):
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return cs.run(path, **more)


def test_one_package_fewer_saves_the_council_what_it_costs_and_the_hospital_pays(tmp_path):
    """The two-stage model of delayed discharge, exact: a package fewer keeps t / 730 beds blocked
    after t days, which is 91.25 bed-days in the first year."""
    found = of_text(tmp_path, TWO_STAGES.format(packages=700, fewer=699))
    money = appraise(found["do_nothing"], found["one_fewer"])
    assert money.by_payer["council"][0, 0] == pytest.approx(-6257.0, abs=0.01)
    assert money.by_payer["hospital"][0, 0] == pytest.approx(36_500.0, rel=0.001)
    assert money.cost[0, 0] == pytest.approx(36_500.0 - 6257.0, rel=0.001)
    assert money.avoided["delayed_days"][0] == pytest.approx(-91.25, rel=0.001)
    assert found.passed


def test_the_file_of_the_guide_has_that_answer(tmp_path):
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "compare-options.md"
    _, _, after = guide.read_text(encoding="utf-8").partition(
        "<!-- file: packages.yaml -->\n```yaml\n"
    )
    found = of_text(tmp_path, after.partition("```")[0])
    money = appraise(found["do_nothing"], found["one_fewer"])
    assert money.by_payer["council"][0, 0] == pytest.approx(-6257.0, abs=0.01)
    assert money.by_payer["hospital"][0, 0] == pytest.approx(36_500.0, rel=0.001)


def test_people_in_the_last_package_that_closes_keep_the_bed_blocked_a_year(tmp_path):
    """Closing a package that somebody holds costs more: nobody follows them into it."""
    text = TWO_STAGES.format(packages=700, fewer=699)
    closes = of_text(tmp_path, text.replace(", initial.census.package: 699", ""))
    money = appraise(closes["do_nothing"], closes["one_fewer"])
    assert money.by_payer["hospital"][0, 0] == pytest.approx(36_500 + 400 * 365, rel=0.005)


EVERYTHING = """
caresim: 1
duration: 500 days
price_year: 2023-24
organisations: {{hospital: {{kind: trust}}, council: {{kind: council}}, board: {{kind: board}}}}
settings:
  acute:
    kind: acute
    capacity: 20
    stay: 6 days
    then: {{care: 30%, home: rest}}
    costs:
      provider: hospital
      fixed: 250 GBP per day
      variable: {{low: 80 GBP per day, high: 110 GBP per day}}
      per_stay: 120 GBP
      price_year: 2021-22
  care:
    capacity: 12
    stay: 20 days
    costs: {{provider: council, fixed: 900 GBP per week, variable: 20 GBP per day}}
arrivals: {{people: {{to: acute, rate: 2 per day}}}}
payments:
  tariff: {{kind: tariff, from: board, to: hospital, for: acute, price: 2500 GBP per admission}}
  care: {{kind: tariff, to: council, for: care, price: 30 GBP per day}}
pools:
  joint:
    contributions: {{board: 100000 GBP per year, council: 100000 GBP per year}}
    pays: care
    lead: council
run: {{engine: {engine}, members: 4, seed: 7}}
"""


@pytest.mark.parametrize("engine", ["flow", "event", "simpy"])
def test_every_engine_has_a_ledger_that_adds_up(tmp_path, engine):
    found = of_text(tmp_path, EVERYTHING.format(engine=engine))["do_nothing"]
    names = [check.name for check in found.audit]
    assert "money_adds_up" in names
    assert found.passed
    made = ledger(found)
    assert np.array_equal(sum(made.net(account.name) for account in made.accounts), made.costs())
    assert len({int(value) for value in made.costs()[:, 0]}) == 4  # prices differ by member
    stays = made.sum(line for line in made.lines if line.kind == "per_stay") / 100
    admitted = found.totals["admissions"][:, 1:3, 0].sum(axis=-1)
    assert stays == pytest.approx(120 * 1.0732 * 1.0431 * admitted, abs=0.006)


def test_saved_results_give_the_same_ledger(tmp_path):
    run = of_text(tmp_path, EVERYTHING.format(engine="flow"))
    run.save(tmp_path / "run")
    before, after = ledger(run["do_nothing"]), ledger(read_results(tmp_path / "run")["do_nothing"])
    assert len(before.lines) == len(after.lines)
    for one, other in zip(before.lines, after.lines, strict=True):
        assert np.array_equal(one.pence, other.pence)
        assert one.reason == other.reason
    assert before.money == after.money


def test_a_ledger_that_does_not_add_up_fails_the_run(tmp_path):
    found = of_text(tmp_path, EVERYTHING.format(engine="flow"))["do_nothing"]
    broken = dataclasses.replace(
        found.labels.money, organisations=found.labels.money.organisations[:2]
    )
    worse = audited(
        dataclasses.replace(found, labels=dataclasses.replace(found.labels, money=broken))
    )
    assert not worse.passed


def test_an_option_of_single_and_separate_pots(tmp_path):
    """Home care wants more than its pot and the care home less: in one pot nobody makes it up."""
    text = EVERYTHING.format(engine="flow")
    beds = "  beds: {kind: block, to: hospital, amount: 60000 GBP per year}\n"
    text = text.replace("payments:\n", f"payments:\n{beds}").replace(
        "pays: care\n", "pays: {care: 100000 GBP per year, beds: 100000 GBP per year}\n"
    )
    text += "options: {separate: {set: {pools.joint.pots: separate}}}\n"
    found = of_text(tmp_path, text, members=1)
    over = {}
    for option in found:
        made = ledger(option)
        assert all(check.passed for check in made.check())
        lines = [line for line in made.lines if line.reason.endswith("overspend made up")]
        over[option.name] = made.sum(lines)[0, 0] / 100
    care = 30 * found["do_nothing"].totals["occupied"][0, 1, 1].sum() * YEAR
    assert over["separate"] == pytest.approx(care - 100_000, abs=0.01)
    assert over["do_nothing"] == max(0.0, round(care + 60_000 - 200_000, 2))
