import importlib.util

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from caresim.results.export import MissingPackageError, export
from caresim.results.tables import variables


def test_csv_files_hold_the_tidy_tables(two_options, tmp_path):
    written = export(two_options, tmp_path / "out", names=["delayed", "capacity"])
    assert [path.name for path in written] == ["delayed.csv", "capacity.csv", "indicators.csv"]
    frame = pd.read_csv(written[0], parse_dates=["date"])
    expected = two_options.to_frame("delayed", "mean")
    assert np.array_equal(frame["delayed"], expected["delayed"])
    assert frame.columns.tolist() == expected.columns.tolist()
    assert np.isinf(pd.read_csv(written[1])["capacity"]).any()


def test_parquet_files_hold_the_tidy_tables(two_options, tmp_path):
    pytest.importorskip("pyarrow")
    written = export(two_options, tmp_path, "parquet", names=["moves"], statistic="members")
    expected = two_options.to_frame("moves")
    pd.testing.assert_frame_equal(pd.read_parquet(written[0]), expected, check_dtype=False)


def test_one_netcdf_file_holds_everything_and_decodes_to_dates(two_options, tmp_path):
    pytest.importorskip("netCDF4")
    (path,) = export(two_options, tmp_path, "netcdf")
    with xr.open_dataset(path) as dataset:
        assert set(dataset.data_vars) == set(variables())
        assert dataset["time"].values[1] == np.datetime64("2024-04-08")
        found = dataset["occupied"].sel(option="step_up_unit", setting="step_up").values
    assert np.array_equal(found, two_options["step_up_unit"].mean["occupied"][:, 3])


@pytest.mark.parametrize("form", ["parquet", "netcdf"])
def test_a_missing_package_is_named_with_the_remedy(a_run, tmp_path, monkeypatch, form):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingPackageError, match=r"pip install 'caresim\[files\]'"):
        export(a_run, tmp_path / "out", form)
    assert not (tmp_path / "out").exists()


def test_unknown_variables_are_refused(a_run, tmp_path):
    with pytest.raises(KeyError, match="did you mean 'delayed'"):
        export(a_run, tmp_path, names=["delay"])
