import numpy as np
import pandas as pd
import pytest

from caresim.results.tables import variables


def test_dataset_holds_every_number_under_its_labels(two_options):
    dataset = two_options.to_dataset()
    assert set(dataset.data_vars) == set(variables())
    assert dataset.sizes["option"] == 2
    assert dataset["setting"].values.tolist() == ["acute", "home_care", "care_home", "step_up"]
    first, second = two_options
    picked = dataset["occupied"].sel(option="do_nothing", member=2, setting="home_care")
    assert np.array_equal(picked.sel(cohort="older"), first.series["occupied"][2, :, 1, 1])
    moved = dataset["moves"].sel(option="step_up_unit", setting="acute", to="step_up", member=0)
    assert np.array_equal(moved, second.series["moves"][0, :, 0, 3])
    assert dataset["waiting_at"].dims == ("option", "member", "time", "setting", "cohort")
    assert dataset["delayed"].attrs["units"] == "people"


def test_settings_that_an_option_lacks_are_missing_not_zero(two_options):
    missing = two_options.to_dataset()["occupied"].sel(option="do_nothing", setting="step_up")
    assert bool(missing.isnull().all())


def test_dataset_of_means_has_no_members(a_run):
    dataset = a_run.to_dataset("mean")
    assert "member" not in dataset.dims
    assert np.array_equal(dataset["swaps"].sel(option="do_nothing"), a_run.options[0].mean["swaps"])


def test_times_are_days_from_the_start_with_its_date(a_run):
    dataset = a_run.to_dataset()
    assert dataset["time"].attrs["units"] == "days since 2024-04-01"
    assert dataset["time"].values[[0, 1, -1]].tolist() == [0, 7, 730]
    assert dataset["period"].values[-1] == 728


@pytest.mark.parametrize("name", variables())
def test_tidy_table_agrees_with_the_dataset(two_options, name):
    frame = two_options.to_frame(name)
    array = two_options.to_dataset()[name]
    time = "time" if "time" in array.dims else "period"
    dims = [dim for dim in array.dims if dim != "option"]
    index = [dim if dim != time else "day" for dim in dims]
    one = frame[frame["option"] == "step_up_unit"].set_index(index)[name]
    expected = array.sel(option="step_up_unit").to_series()
    assert len(one) == expected.size
    pd.testing.assert_series_equal(
        one, expected, check_index_type=False, check_index=False, check_names=False
    )
    assert frame.columns[0] == "option"
    assert not frame["date"].isna().any()


def test_dates_in_the_tidy_table(a_run):
    frame = a_run.to_frame("occupied_at", "mean")
    assert "member" not in frame
    assert frame["date"].iloc[0] == pd.Timestamp("2024-04-01")
    assert frame["date"].iloc[-1] == pd.Timestamp("2024-04-01") + pd.Timedelta(days=730)


def test_unknown_names_are_refused_with_the_nearest(a_run):
    with pytest.raises(KeyError, match="did you mean 'occupied'"):
        a_run.to_frame("ocupied")
    with pytest.raises(ValueError, match="members"):
        a_run.to_frame("occupied", "median")


def test_table_of_indicators(a_run):
    frame = a_run.indicators()
    row = frame[(frame["window"] == "year_2") & (frame["indicator"] == "occupied.acute")].iloc[0]
    expected = a_run["do_nothing"].indicators("year_2")["occupied.acute"]
    assert (row["mean"], row["p05"], row["unit"]) == (expected.mean, expected.p05, expected.unit)
    assert (row["name"], row["of"], row["first_day"]) == ("occupied", "acute", 365)


def test_options_by_name(two_options):
    assert two_options.names == ("do_nothing", "step_up_unit")
    assert two_options["step_up_unit"] is two_options.options[1]
    assert len(two_options) == 2
    with pytest.raises(KeyError, match="there are do_nothing, step_up_unit"):
        two_options["nothing"]
