"""Each published measure is worked out from results as it is defined, and never for another."""

import dataclasses
import doctest
import importlib
import pkgutil

import numpy as np
import pytest
import workbooks as made
from scipy import integrate, stats

import caresim.places.readers
import made_up
from caresim.engines.spells import STATISTICS
from caresim.places import readers
from caresim.places.observation import DELAY_FAMILIES, OBSERVATIONS, observation_of
from caresim.places.readers.measures import MEASURES, head
from caresim.places.stays_observed import people_by_stay
from caresim.results.option import OptionResults


@pytest.fixture(scope="module")
def results():
    return OptionResults.from_output(made_up.output())


@pytest.mark.parametrize("known", OBSERVATIONS.values(), ids=OBSERVATIONS)
def test_observations_agree_with_the_indicators_of_the_same_window(known, results):
    if not known.indicator:
        pytest.skip("no indicator states this")
    simulated = known(results, "totals")
    for position, window in enumerate(results.labels.windows[:2]):
        found = results.indicators(window.name).get(known.indicator)
        if found is not None:
            assert simulated[:, position].mean() == pytest.approx(found.mean, rel=1e-12)


@pytest.mark.parametrize(
    "known", [o for o in OBSERVATIONS.values() if o.family != "stays"], ids=lambda o: o.id
)
def test_the_mean_of_members_is_the_mean_series(known, results):
    mean, series = known(results, "mean"), known(results, "series")
    assert mean.shape == (results.times.size - 1,)
    assert series.shape[1:] == mean.shape
    if series.shape[0] == results.members and known.id != "bed_occupancy":
        assert np.allclose(series.mean(axis=0), mean, equal_nan=True)


def test_the_three_measures_of_delay_differ_and_are_kept_apart():
    families = {known.family for known in OBSERVATIONS.values()}
    assert set(DELAY_FAMILIES) < families
    for family in DELAY_FAMILIES:
        measures = {o.measure for o in OBSERVATIONS.values() if o.family == family}
        others = {o.measure for o in OBSERVATIONS.values() if o.family != family}
        assert not measures & others
    ends = {o.family: o.scope.until for o in OBSERVATIONS.values()}
    assert ends["delayed_transfers"].year == 2020
    assert ends["ready_date"] is None


def test_every_observation_is_of_a_measure_that_readers_give():
    for known in OBSERVATIONS.values():
        assert head(known.measure) in MEASURES
        assert all(dataclasses.astuple(known.scope)[:5])
    assert observation_of("ready_date_bed_days").id == "ready_date_bed_days"
    with pytest.raises(KeyError, match="nothing simulated observes"):
        observation_of("population")


def test_days_of_delay_become_people_on_a_mean_day(tmp_path):
    reading = readers.read(made.write_xls(tmp_path / "d.xls", made.delayed_transfers()))
    found = OBSERVATIONS["delayed_transfers"].observed(reading, "E10000007")
    assert found.tolist() == [pytest.approx(1200 / 31)]
    acute = OBSERVATIONS["delayed_transfers_acute"].observed(reading, "E10000007")
    assert acute.tolist() == [pytest.approx(600 / 31)]
    with pytest.raises(ValueError, match="has no 'no_criteria_to_reside'"):
        OBSERVATIONS["no_criteria_to_reside"].observed(reading, "E10000007")


def test_pathways_are_the_sum_of_their_destinations(tmp_path):
    rows = "".join(
        f"QUY,Bristol,2024-06..2025-03,Pathway {pathway}: {name},{count}\n"
        for pathway, name, count in ((1, "Home", 10), (1, "Back to a care home", 5), (3, "New", 7))
    )
    path = made.write_csv(tmp_path / "p.csv", "code,name,period,destination,count\n" + rows)
    found = OBSERVATIONS["pathway_1"].observed(readers.read(path), "E54000039")
    assert found.sum() == 15


def test_a_place_without_acute_settings_has_nothing_to_observe():
    settings = (made_up.setting("home_care", "home", 50.0, pathway=1),)
    output = made_up.output(made_up.model(settings=settings))
    with pytest.raises(ValueError, match="no setting of kind acute"):
        OBSERVATIONS["no_criteria_to_reside"](OptionResults.from_output(output))


def statistics(survival, quantile, mean):
    given = {
        "count": 1000.0, "mean": mean, "p50": quantile(0.5), "p95": quantile(0.95),
        "share_7": survival(7), "share_14": survival(14), "share_21": survival(21),
    }  # fmt: skip
    return np.array([given[name] for name in STATISTICS]).reshape(1, 1, 1, -1)


def by_stay(stay, mean, days):
    spells = {"stay": statistics(stay.sf, stay.ppf, mean)}
    return people_by_stay(spells, np.array([[50.0]]), np.array([True]), days)[0, 0] / 50.0


@pytest.mark.parametrize("days", [7, 14, 21])
@pytest.mark.parametrize(("cv", "mean"), [(1.2, 8.0), (0.8, 12.0)])
def test_people_by_stay_is_exact_for_lognormal_stays(cv, mean, days):
    sigma = np.sqrt(np.log(1 + cv**2))
    stay = stats.lognorm(sigma, scale=mean / np.exp(sigma**2 / 2))
    exact = integrate.quad(stay.sf, days, np.inf)[0]
    assert by_stay(stay, mean, days) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize(("days", "short"), [(7, 0.043), (14, 0.079), (21, 0.173)])
def test_people_by_stay_is_short_for_exponential_stays_as_stated(days, short):
    exact = 8.0 * np.exp(-days / 8.0)
    assert by_stay(stats.expon(scale=8.0), 8.0, days) / exact == pytest.approx(1 - short, abs=0.002)


def test_people_by_stay_says_what_it_needs():
    with pytest.raises(ValueError, match="event engine"):
        people_by_stay({}, np.ones((1, 1)), np.array([True]), 7)
    with pytest.raises(ValueError, match="several of kind acute"):
        people_by_stay({"stay": np.ones((1, 1, 2, 7))}, np.ones((1, 1)), np.array([True, True]), 7)


MODULES = [
    "caresim.places.observation", "caresim.places.observing", "caresim.places.readers",
    *(
        found.name
        for found in pkgutil.walk_packages(
            caresim.places.readers.__path__, "caresim.places.readers."
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
