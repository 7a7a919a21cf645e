"""Real files, where they are at hand: all are recognised, and known figures come out."""

from pathlib import Path

import numpy as np
import pytest

from caresim.places import readers

DATA = Path(__file__).parents[2].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real data is absent")

KINDS = {
    "dtoc/raw/LA-Type-B-March_18.xls": "delayed_transfers",
    "dtoc/raw/LA-Type-B-April_11.xls": "delayed_transfers",
    "nhs_england/england_icb_criteria_to_reside.csv": "acute_discharge",
    "nhs_england/nctr_monthly_2024-25_england_icb.csv": "acute_discharge",
    "nhs_england/pathway_destinations_2024-06_2025-03_england_icb.csv": "acute_discharge",
    "nhs_england/delay_reasons_2024-06_2025-03_england_icb.csv": "acute_discharge",
    "nhs_england/discharge_ready_date_monthly_2024-25.csv": "discharge_ready_date",
    "nhs_england/discharge_ready_date_bands_2024-25.csv": "discharge_ready_date",
    "nhs_england/kh03_general_acute_overnight_2024-25_provider.csv": "bed_availability",
    "nhs_england/england_icb_accidents_emergency.csv": "emergency",
    "nhs_england/hes_apc_2024-25.csv": "admitted_care",
    "nhs_england/community_bed_audit_2026-03-04_icb.csv": "community_beds",
    "nhs_england/urgent_community_response_2024-25.csv": "urgent_response",
    "ipacs_bnssg/arrivals.csv": "queue_model",
    "ipacs_bnssg/published_visit_output_bristol.csv": "queue_model",
    "population/ltla_mid2020_single_year_of_age.csv": "population_estimates",
}


@pytest.mark.parametrize("name", KINDS)
def test_real_files_are_recognised(name):
    if not (DATA / name).is_file():
        pytest.skip("this file is not at hand")
    reading = readers.read(DATA / name)
    assert reading.kind == KINDS[name]
    dropped = [change for change in reading.changes if change.what == "dropped"]
    assert all(change.of != "rows" for change in dropped), dropped
    assert (reading.frame["value"].dropna() >= 0).all()


@pytest.mark.slow
def test_workbooks_and_tidy_table_agree():
    tidy = readers.read(DATA / "dtoc/dtoc_la_monthly_2011-04_2019-12.csv").frame
    for name in ("LA-Type-B-March_18.xls", "LA-Type-B-April_11.xls"):
        book = readers.read(DATA / "dtoc/raw" / name).frame
        both = book[book["area_kind"] == "council"].merge(
            tidy, on=["area_code", "date", "measure"], suffixes=("", "_tidy")
        )
        assert both["area_code"].nunique() > 90
        assert both["measure"].nunique() >= 16
        known = both.dropna(subset=["value", "value_tidy"])
        assert np.array_equal(known["value"], known["value_tidy"])


def test_england_of_march_2018():
    frame = readers.read(DATA / "dtoc/raw/LA-Type-B-March_18.xls").frame
    england = frame[frame["area_kind"] == "country"].set_index("measure")["value"]
    assert england["delayed_transfer_days"] == 154494
    assert england["delayed_transfer_days.reason.home_care"] == 33504


def test_a_quarter_without_a_return_is_told():
    path = DATA / "nhs_england/england_icb_discharged_patients.csv"
    reading = readers.read(path)
    (found,) = reading.warnings
    assert found.code == "R401"
    assert "Swindon" in found.message
    assert "2024-05-27 to 2024-08-25" in found.message
