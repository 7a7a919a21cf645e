"""Works out figures.csv, the figures of the 42 boards, from the published tables.

``python -m caresim.places.boards.build --data DIR`` reads the tables in DIR (its folders
``nhs_england`` and ``population``) and writes ``figures.csv`` beside this file. The package
carries the figures, not the tables. What is left out is printed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pandas as pd

from caresim.places.boards.table import FIGURES_CSV, Area, areas, definitions

DIED = 214_945 / 4_640_516
"""Share of admissions that end in death: England, all ages, 2008-09. Mohammed and others, BMC
Health Services Research 2012, doi:10.1186/1472-6963-12-87."""
PLACES_PER_PERSON_75 = 0.088
"""Care-home places for each person aged 75 and over: King's Fund, Social Care 360, England 2023."""
PLACES_IN_USE = 0.864
"""Department of Health and Social Care, adult social care statistics, England, 15 September 2025
(read second-hand)."""
REASONS = {
    "supported_discharge_review": (15, 20),
    "care_transfer_hub": (12, 13, 14, 19),
    "package_arrangement": (25, 28, 29),
    "capacity_home": (5, 9, 10),
    "bedded_arrangement": (22,),
    "capacity_intermediate": (2, 8),
    "care_home_arrangement": (32,),
    "capacity_residential": (11,),
    "other_support": (3, 4, 6, 7, 23, 24, 26, 27, 30, 31, 33),
    "wellbeing": (34, 35, 36, 37),
    "hospital_process": (16, 17, 18, 21),
    "restart_of_care": (1,),
}
"""Numbers of the 37 reasons of the return in alphabetical order, by reason of library:england."""
DESTINATION_DAYS = 304
"""Days from 1 June 2024 to 31 March 2025."""

Figures = dict[str, pd.Series]
"""Values by figure, each a series by board."""


def build(data: Path) -> pd.DataFrame:
    """Return the figures: columns board, figure and value, in the order of the definitions.

    Parameters
    ----------
    data
        The folder that holds ``nhs_england`` and ``population``.
    """
    nhs, boards = data / "nhs_england", areas()
    found: Figures = {}
    found |= _population(data / "population", boards)
    found |= _emergency(nhs, boards) | _episodes(nhs)
    found |= _discharges(nhs) | _beds(nhs, boards) | _community(nhs) | _delays(nhs)
    best = found["discharges_per_day_year"].reindex(list(boards))
    best = best.fillna(found["discharges_per_day"])
    found["adult_admissions_per_day"] = best / (1 - DIED)
    found["acute_stay_days"] = found["beds_occupied"] / found["adult_admissions_per_day"]
    aged_75 = found["aged_75_84"] + found["aged_85_plus"]
    found["care_home_places"] = aged_75 * PLACES_PER_PERSON_75
    found["care_home_residents"] = found["care_home_places"] * PLACES_IN_USE
    rows = [
        (board, figure, float(found[figure][board]))
        for board in boards
        for figure in definitions()
        if board in found[figure].index and pd.notna(found[figure][board])
    ]
    return pd.DataFrame(rows, columns=["board", "figure", "value"])


def _population(folder: Path, boards: dict[str, Area]) -> Figures:
    table = pd.read_csv(folder / "ltla_mid2020_single_year_of_age.csv").set_index("ltla21_code")
    ages = table.drop(columns=["ltla21_name", "total_population"])
    age = pd.Series([int(str(name).rstrip("+")) for name in ages], index=ages.columns)
    parts = pd.DataFrame({code: pd.Series(area.districts) for code, area in boards.items()})
    unused = set(table.index[table.index.str.startswith("E")]) - set(parts.index)
    if unused or not (parts.sum(axis=1).round(9) == 1).all():
        raise ValueError(f"districts not given to boards in whole: {sorted(unused)}")
    by_age = parts.fillna(0.0).T @ ages.loc[parts.index]
    bands = {
        "population": (0, 90),
        "adults": (18, 90),
        "aged_18_64": (18, 64),
        "aged_65_74": (65, 74),
        "aged_75_84": (75, 84),
        "aged_85_plus": (85, 90),
    }
    return {
        band: by_age[age.index[age.between(low, high)]].sum(axis=1)
        for band, (low, high) in bands.items()
    }


def _emergency(nhs: Path, boards: dict[str, Area]) -> Figures:
    table = pd.read_csv(nhs / "england_icb_accidents_emergency.csv")
    table["month"] = pd.to_datetime(table.date, format="%B %Y")
    # February and March 2025 repeat February and March 2024 in all boards of the copy read.
    table = table[(table.month >= "2024-04-01") & (table.month < "2025-02-01")]
    days = int(table.drop_duplicates("month").month.dt.days_in_month.sum())
    by_ons = {area.ons_code: code for code, area in boards.items()}
    total = table.groupby(table.icb22_code.map(by_ons))[
        [column for column in table.columns if column.startswith(("total", "att", "emergency"))]
    ].sum()
    return {
        "ae_attendances_per_day": total.total_attendances / days,
        "ae_over_4_hours": total.attendances_over_4hours / total.total_attendances,
        "emergency_admissions_per_day": total.total_emergency_admissions / days,
        "admissions_over_4_hours": total.emergency_admissions_over_4hours
        / total.total_emergency_admissions,
    }


def _episodes(nhs: Path) -> Figures:
    table = pd.read_csv(nhs / "hes_apc_2024-25.csv")
    table = table[(table.level == "icb") & (table.metric == "emergency-admission")]
    values = table.set_index("code")["values"].map(json.loads)
    return {
        "admitted_episodes_per_day": values.map(lambda v: v["denominator"]) / 365,
        "emergency_episodes_per_day": values.map(lambda v: v["count"]) / 365,
    }


def _discharges(nhs: Path) -> Figures:
    table = pd.read_csv(nhs / "pathway_destinations_2024-06_2025-03_england_icb.csv")
    table["pathway"] = table.destination.str.extract(r"^Pathway (\d)").astype(int)
    by_pathway = table.pivot_table(
        index="code", columns="pathway", values="count", aggfunc="sum", fill_value=0
    )
    back = table[table.destination.str.contains("back to an original")]
    own_home = back.groupby("code")["count"].sum().reindex(by_pathway.index, fill_value=0)
    return {
        "discharges_per_day": by_pathway.sum(axis=1) / DESTINATION_DAYS,
        "own_care_home_per_day": own_home / DESTINATION_DAYS,
        **{f"pathway_{n}_per_day": by_pathway[n] / DESTINATION_DAYS for n in range(4)},
    }


def _beds(nhs: Path, boards: dict[str, Area]) -> Figures:
    table = pd.read_csv(nhs / "trust_general_acute_beds_monthly.csv", low_memory=False)
    table["month"] = pd.to_datetime(table.date, format="%B %Y")
    table = table[(table.month >= "2024-04-01") & (table.month < "2025-04-01")]
    board_of = {trust: code for code, area in boards.items() for trust in area.trusts}
    table["board"] = table.nhs_trust22_code.map(board_of)
    left_out = sorted(set(table.nhs_trust22_code[table.board.isna()]))
    print("beds: specialist trusts left out:", *left_out)
    columns = ["adult_general_acute_beds_available", "adult_general_acute_beds_occupied"]
    months = table.groupby(["board", "month"])[columns].sum()
    days = pd.DatetimeIndex(months.index.get_level_values("month")).days_in_month
    year = months.mul(days, axis=0).groupby("board").sum() / 365
    available, occupied = (months[column] for column in columns)
    return {
        "beds_available": year[columns[0]],
        "beds_occupied": year[columns[1]],
        "occupancy": year[columns[1]] / year[columns[0]],
        "beds_highest_month": available.groupby("board").max(),
        "beds_quiet_month": occupied.groupby("board").quantile(0.1),
        "beds_busy_month": occupied.groupby("board").quantile(0.9),
    }


def _community(nhs: Path) -> Figures:
    audit = pd.read_csv(nhs / "community_bed_audit_2026-03-04_icb.csv").set_index("code")
    urgent = pd.read_csv(nhs / "urgent_community_response_2024-25.csv").set_index("code")
    return {
        "community_beds": audit.beds,
        "community_stay_days": audit.los_overall,
        "community_beds_rehabilitation": audit.rehab_beds,
        "community_beds_assessment": audit.assessment_beds,
        "community_beds_step_up": audit.step_up_beds,
        "community_beds_spot": audit.spot,
        "urgent_response_referrals_per_day": urgent["ucr-referrals"] / 365,
        "urgent_response_contacts_per_day": urgent["ucr-care-contacts"] / 365,
        "urgent_response_within_2_hours": urgent["ucr-two-hour-achievement"] / 100,
    }


def _delays(nhs: Path) -> Figures:
    table = pd.read_csv(nhs / "nctr_monthly_2024-25_england_icb.csv")
    days = pd.PeriodIndex(table.month, freq="M").days_in_month
    columns = ["nctr_daily_avg", "discharged_daily_avg", "remaining_daily_avg"]
    year = table[columns].mul(days, axis=0).groupby(table.code).sum() / 365
    ready = pd.read_csv(nhs / "discharge_ready_date_monthly_2024-25.csv")
    ready = ready[ready.level == "icb"]
    ready_year = ready.groupby("code")[["discharges", "bed_days_after_drd"]].sum() / 365
    print("delays: no rows for", *sorted(set(areas()) - set(year.index)))
    reasons = pd.read_csv(nhs / "delay_reasons_2024-06_2025-03_england_icb.csv")
    lookup = pd.read_csv(nhs / "delay_reason_lookup.csv")
    number = dict(zip(lookup.delay_reason.map(_letters), lookup.reason_id, strict=True))
    reasons["number"] = reasons.reason.map(_letters).map(number)
    if reasons.number.isna().any():
        raise ValueError(f"unknown reasons: {set(reasons.reason[reasons.number.isna()])}")
    people = reasons.pivot_table(
        index="code", columns="number", values="mean_monthly_average", aggfunc="sum"
    )
    people = people.reindex(columns=range(1, 38)).fillna(0.0)
    return {
        "no_criteria_before_discharges": year.nctr_daily_avg,
        "discharges_per_day_year": year.discharged_daily_avg,
        "no_criteria_day_end": year.remaining_daily_avg,
        "ready_bed_days_per_day": ready_year.bed_days_after_drd,
        "ready_date_discharges_per_day": ready_year.discharges,
        **{f"reason_{name}": people[list(ids)].sum(axis=1) for name, ids in REASONS.items()},
    }


def _letters(label: str) -> str:
    """Return letters and digits only: labels differ in spaces and dashes between the files."""
    return "".join(character for character in label.lower() if character.isalnum())


def text_of(table: pd.DataFrame) -> str:
    """Return the figures as CSV, rounded to four decimals."""
    return str(table.assign(value=table.value.round(4)).to_csv(index=False, lineterminator="\n"))


def main() -> None:
    """Write figures.csv."""
    parser = argparse.ArgumentParser(description="Work out figures.csv from published tables.")
    parser.add_argument("--data", type=Path, required=True, help="holds nhs_england, population")
    table = build(parser.parse_args().data)
    FIGURES_CSV.write_text(text_of(table), encoding="utf-8")
    print(f"{FIGURES_CSV}: {len(table):,} figures of {table.board.nunique()} boards")


if __name__ == "__main__":
    main()
