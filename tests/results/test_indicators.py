import json
import math

import numpy as np
import pytest

import made_up
from caresim.engines.output import VARIABLES
from caresim.indicators import GROUPS, INDICATORS, RESPONSIBLE, is_indicator, split_id, unit_of
from caresim.results.option import NO_LENGTHS, OptionResults
from caresim.results.payload import delayed_by_reason, payload, setting_rows

ACUTE, HOME_CARE, CARE_HOME = 0, 1, 2


def of(made=None, **changes):
    """Label output whose totals are zero but for those given, (members, windows, ...)."""
    made = made_up.model(days=365.0) if made is None else made
    output = made_up.output(made, members=2)
    totals = {
        name: np.zeros_like(array) if name not in ("capacity",) else array
        for name, array in output.totals.items()
    }
    for name, value in changes.items():
        totals[name] = totals[name] + np.asarray(value, dtype=float)
    return OptionResults.from_output(made_up.changed(output, "totals", **totals))


def mean(results, full_id, window="all"):
    return results.indicators(window)[full_id].mean


def by_setting(acute, home_care, care_home):
    """Return numbers by setting and cohort, a quarter of them younger."""
    return np.outer([acute, home_care, care_home], [0.25, 0.75])


def test_every_indicator_has_a_formula_and_a_unit_and_is_named_as_documented():
    results = OptionResults.from_output(made_up.output(engine="event"))
    found = results.indicators()
    assert {split_id(full_id)[0] for full_id in found} == set(INDICATORS)
    names = {"settings": results.labels.setting_names, "reasons": results.labels.reason_names}
    assert all(is_indicator(full_id, **names) for full_id in found)
    assert all(estimate.unit == unit_of(full_id) for full_id, estimate in found.items())


@pytest.mark.parametrize(
    ("full_id", "known"),
    [
        ("occupancy.acute", True), ("occupancy.acte", False), ("occupancy", False),
        ("delayed", True), ("delayed.acute", True), ("no_criteria_to_reside", True),
        ("no_criteria_to_reside.acute", False), ("discharge_share.pathway_3", True),
        ("discharge_share.pathway_4", False), ("delayed_by_reason.assessment", True),
        ("delayed_by_responsible.nhs", True), ("delayed_by_group.capacity", True), ("", False),
    ],
)  # fmt: skip
def test_ids_that_a_place_has(full_id, known):
    assert is_indicator(full_id, settings=("acute",), reasons=("assessment",)) is known


def test_the_lists_of_responsible_bodies_and_groups_are_those_of_the_made_up_reasons():
    assert {reason.responsible for reason in made_up.REASONS} <= set(RESPONSIBLE)
    assert {reason.group for reason in made_up.REASONS} <= set(GROUPS)


def test_counts_are_per_day_and_stocks_are_means():
    results = of(admissions=by_setting(730, 0, 0), occupied=by_setting(10, 0, 0))
    assert mean(results, "admissions_per_day.acute") == pytest.approx(2)
    assert mean(results, "occupied.acute") == pytest.approx(10)
    assert mean(results, "mean_stay_days.acute") == pytest.approx(5)
    assert "mean_stay_days.home_care" not in results.indicators()


def test_occupancy_is_a_share_of_places_and_only_of_a_limited_number():
    results = of(places_used=[80, 25, 70])
    assert mean(results, "occupancy.acute") == pytest.approx(0.8)
    assert mean(results, "occupancy.home_care") == pytest.approx(0.5)
    assert "occupancy.care_home" not in results.indicators()


def test_delay_by_reason_responsible_group_and_bed_days():
    by_reason = np.array([[3.0, 2, 1], [0, 0, 4], [0, 0, 0]])
    results = of(delayed=by_setting(6, 4, 0), delayed_by_reason=by_reason)
    assert mean(results, "delayed") == pytest.approx(10)
    assert mean(results, "delayed.home_care") == pytest.approx(4)
    assert mean(results, "bed_days_lost_per_year") == pytest.approx(3650)
    assert mean(results, "delayed_by_reason.transfer") == pytest.approx(5)
    assert mean(results, "delayed_by_responsible.social_care") == pytest.approx(2)
    assert mean(results, "delayed_by_group.hospital_process") == pytest.approx(3)
    assert "delayed_by_responsible.housing" not in results.indicators()
    assert delayed_by_reason(results) == pytest.approx(
        {"assessment": 3, "capacity_community": 2, "transfer": 5}
    )


def test_waits_outside_by_littles_law():
    results = of(waiting=by_setting(6, 0, 0), arrivals=by_setting(365, 0, 0))
    assert mean(results, "mean_wait_days.acute") == pytest.approx(6)
    assert "mean_wait_days.home_care" not in results.indicators()


def test_people_lost_as_a_share_of_arrivals():
    results = of(lost=by_setting(10, 0, 0), arrivals=by_setting(40, 0, 0))
    assert mean(results, "lost_share.acute") == pytest.approx(0.25)
    assert mean(results, "lost_per_day") == pytest.approx(10 / 365)


def test_discharges_are_those_alive_out_of_acute_settings():
    moves = np.zeros((3, 3))
    moves[ACUTE, HOME_CARE], moves[ACUTE, ACUTE], moves[HOME_CARE, CARE_HOME] = 730, 3650, 365
    pathways = np.zeros((3, 4))
    pathways[ACUTE] = [365 * 3, 365 * 2, 0, 0]
    pathways[HOME_CARE] = [0, 0, 0, 365]
    results = of(
        home=by_setting(365 * 3, 365, 0), died=by_setting(365, 0, 365), moves=moves,
        elsewhere=by_setting(365, 0, 0), pathway_discharges=pathways, delayed=by_setting(7, 5, 0),
    )  # fmt: skip
    assert mean(results, "discharges_per_day") == pytest.approx(3 + 1 + 2)
    assert mean(results, "discharges_per_day.pathway_1") == pytest.approx(2)
    assert mean(results, "discharge_share.pathway_0") == pytest.approx(0.6)
    assert mean(results, "no_criteria_to_reside_day_end") == pytest.approx(7)
    assert mean(results, "no_criteria_to_reside") == pytest.approx(7 + 6)
    assert mean(results, "discharge_ready_bed_days_per_day") == pytest.approx(7)
    assert mean(results, "deaths_per_year") == pytest.approx(730)


def test_care_homes_and_the_shift():
    results = of(admissions=by_setting(0, 0, 50), occupied=by_setting(20, 30, 50))
    assert mean(results, "care_home_admissions_per_year") == pytest.approx(50)
    assert mean(results, "care_days_outside_share") == pytest.approx(0.3)


def test_a_place_without_hospital_or_care_home_has_no_figures_of_them():
    made = made_up.model(days=365.0, settings=(made_up.setting("ward", "community", 5.0),))
    found = of(made, occupied=[[1.0, 1.0]]).indicators()
    absent = {
        "no_criteria_to_reside", "no_criteria_to_reside_day_end", "discharges_per_day",
        "care_home_admissions_per_year", "care_days_outside_share",
        "discharge_ready_bed_days_per_day",
    }  # fmt: skip
    assert not absent & found.keys()


def test_local_settings_come_by_locality_and_together():
    made = made_up.model(
        days=365.0,
        settings=(
            made_up.setting("home_care@north", "home", 10.0, locality="north"),
            made_up.setting("acute", "acute", 5.0),
            made_up.setting("home_care@south", "home", 30.0, locality="south"),
        ),
    )
    results = of(made, delayed=[[1.0, 0], [2, 0], [0, 4]], places_used=[10, 5, 10])
    assert mean(results, "delayed.home_care@north") == pytest.approx(1)
    assert mean(results, "delayed.home_care") == pytest.approx(5)
    assert mean(results, "delayed") == pytest.approx(7)
    assert mean(results, "occupancy.home_care") == pytest.approx(0.5)


def test_ratios_are_taken_within_each_member_and_undefined_members_left_out():
    results = of()
    admissions = np.zeros_like(results.totals["admissions"])
    occupied = np.zeros_like(admissions)
    admissions[0, 0, ACUTE, 0], occupied[:, 0, ACUTE, 0] = 365, 3
    changed = of(admissions=admissions, occupied=occupied)
    estimate = changed.indicators()["mean_stay_days.acute"]
    assert (estimate.mean, estimate.p05, estimate.p95) == pytest.approx((3, 3, 3))


def test_percentiles_are_over_members():
    output = made_up.output(members=101)
    waiting = np.zeros_like(output.totals["waiting"])
    waiting[:, :, ACUTE, 0] = np.arange(101)[:, None]
    found = OptionResults.from_output(made_up.changed(output, "totals", waiting=waiting))
    estimate = found.indicators()["waiting.acute"]
    assert (estimate.p05, estimate.mean, estimate.p95) == pytest.approx((5, 50, 95))


def test_windows_by_name():
    results = OptionResults.from_output(made_up.output())
    years = [mean(results, "occupied.acute", f"year_{n}") for n in (1, 2)]
    assert sum(years) / 2 == pytest.approx(mean(results, "occupied.acute"))
    with pytest.raises(KeyError, match="year_1, year_2"):
        results.indicators("year_3")


def test_published_figures_stand_beside_the_simulated_ones_of_the_same_dates():
    made = made_up.model(
        published=(
            made_up.figure("first_year", "occupied.acute"),
            made_up.figure("cut", "delayed", first=365.0, last=5000.0),
            made_up.figure("before", "delayed", first=-30.0, last=0.0),
            made_up.figure("unknown", "occupancy.care_home"),
        )
    )
    results = OptionResults.from_output(made_up.output(made))
    first, cut, before, unknown = results.published()
    assert first.simulated == results.indicators("year_1")["occupied.acute"]
    assert cut.simulated == results.indicators("year_2")["delayed"]
    assert cut.window.last_day == 730
    assert cut.figure.name == "cut"
    assert before.window is None
    assert before.simulated is None
    assert unknown.window is not None
    assert unknown.simulated is None


def test_a_published_figure_named_like_a_year_is_of_its_own_dates():
    made = made_up.model(published=(made_up.figure("year_1", "occupied", first=365, last=730),))
    results = OptionResults.from_output(made_up.output(made))
    assert results.published()[0].simulated.mean == pytest.approx(
        mean(results, "occupied", "year_2")
    )


def test_the_rows_of_the_summary_agree_with_the_indicators():
    results = OptionResults.from_output(made_up.output(members=1))
    rows = {row.name: row for row in setting_rows(results)}
    assert rows["acute"].mean_occupancy == pytest.approx(mean(results, "occupied.acute"))
    assert rows["acute"].share == pytest.approx(mean(results, "occupancy.acute"))
    assert rows["acute"].mean_stay_days == pytest.approx(mean(results, "mean_stay_days.acute"))
    assert rows["care_home"].capacity == math.inf
    assert math.isnan(rows["care_home"].share)


def test_json_has_the_agreed_keys_and_null_for_unlimited(a_run):
    data = payload(a_run)
    again = json.loads(json.dumps(data, allow_nan=False))
    assert set(again) == {"engine", "members", "seed", "elapsed_seconds", "manifest", "options"}
    option = again["options"]["do_nothing"]
    assert set(option) == {
        *("indicators", "settings", "localities", "delayed_by_reason", "lengths"),
        *("warm_up", "audit"),
    }
    assert set(option["indicators"]["delayed"]) == {
        *("mean", "p05", "p95", "unit", "mean_low", "mean_high")
    }
    assert set(option["settings"]["care_home"]) == {
        "capacity", "mean_occupancy", "mean_delayed", "mean_waiting", "admissions_per_day",
        "mean_stay_days",
    }  # fmt: skip
    assert option["settings"]["care_home"]["capacity"] is None
    assert option["audit"]["passed"] is True
    assert again["manifest"] is None


def test_made_up_output_has_every_variable():
    assert set(made_up.output().totals) == set(VARIABLES)


def test_averages_have_no_lengths_and_say_so():
    results = OptionResults.from_output(made_up.output(engine="flow"))
    assert not any("_days_p95" in full_id for full_id in results.indicators())
    assert NO_LENGTHS in results.notes


def test_lengths_are_those_of_each_member():
    output = made_up.output(engine="event", members=4)
    results = OptionResults.from_output(output)
    found = results.indicators("year_1")["delay_days_p95.home_care"]
    each = output.spells["delay"][:, 1, 1, 3]
    assert found.mean == pytest.approx(each.mean())
    assert found.mean_low < found.mean < found.mean_high
    share = results.indicators()["stays_21_plus_share.acute"].mean
    assert share == pytest.approx(output.spells["stay"][:, 0, 0, 6].mean())
