"""Several localities in one run: figures of each and in total, and places shared or not."""

import math

import pytest

import caresim as cs
from caresim.results.localities import locality_rows, locality_table, total_of

PLACE = """\
caresim: 1
duration: 1 year
localities: {north: {share: 40%}, south: {share: 30%}, east: {share: 20%}, west: {share: 10%}}
cohorts: {older: {population: 40000}}
settings:
  acute: {kind: acute, capacity: 120, stay: 8 days, then: {home_care: 30%, home: rest}}
  home_care:
    local: true
    capacity: {by_locality: {north: 50, south: 38, east: 26, west: 14}}
    stay: 30 days
arrivals:
  emergency: {to: acute, rate: 120 per 1000 per year}
options:
  pooled: {set: {settings.home_care.local: false, settings.home_care.capacity: 128}}
run: {engine: event, members: 6}
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("localities") / "place.yaml"
    path.write_text(PLACE, encoding="utf-8")
    return cs.run(path)


def test_localities_add_up_to_the_whole(results):
    for option in results:
        rows, values = locality_rows(option), option.indicators()
        assert [row.name for row in rows] == ["east", "north", "south", "west"]
        total = total_of(rows)
        assert math.isclose(total.delayed, values["delayed"].mean, rel_tol=1e-12)
        assert math.isclose(total.waiting, values["waiting"].mean, rel_tol=1e-12, abs_tol=1e-12)
        everyone = total.in_hospital + total.in_other_care
        assert math.isclose(everyone, values["occupied"].mean, rel_tol=1e-12)
        table = locality_table(option).splitlines()
        assert [line.split()[0] for line in table[-5:]] == ["east", "north", "south", "west", "all"]


def test_people_come_from_their_localities_in_proportion(results):
    rows = {row.name: row for row in locality_rows(results["do_nothing"])}
    assert rows["north"].in_hospital == pytest.approx(4 * rows["west"].in_hospital, rel=0.15)


def test_pooling_places_of_four_localities_lowers_delays(results):
    apart, together = results["do_nothing"], results["pooled"]
    assert apart.indicators()["delayed"].mean > 2 * together.indicators()["delayed"].mean


def test_no_table_without_localities(tmp_path):
    path = tmp_path / "place.yaml"
    path.write_text(
        "caresim: 1\nduration: 1 year\nsettings: {ward: {stay: 1 day}}\n"
        "arrivals: {all: {to: ward, rate: 1 per day}}\n",
        encoding="utf-8",
    )
    assert locality_table(cs.run(path)["do_nothing"]) == ""
