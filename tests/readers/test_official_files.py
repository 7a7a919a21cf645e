"""Every layout is read: the figures land where they belong, and what is left out is told."""

import datetime
import json

import numpy as np
import pytest
import workbooks as made

from caresim.places import readers

DAY = datetime.datetime


def value(reading, code, measure, date=None, variant=None):
    frame = reading.frame
    found = frame[(frame["area_code"] == code) & (frame["measure"] == measure)]
    if date is not None:
        found = found[found["date"] == np.datetime64(date)]
    if variant is not None:
        found = found[found["variant"] == variant]
    assert len(found) == 1, found
    return found["value"].iloc[0]


def told(reading, cause):
    return sum(change.count for change in reading.changes if cause in change.cause)


@pytest.mark.parametrize("write", [made.write_xlsx, made.write_xls], ids=["xlsx", "xls"])
def test_delayed_transfers(tmp_path, write):
    form = write.__name__.removeprefix("write_")
    reading = readers.read(write(tmp_path / f"book.{form}", made.delayed_transfers()))
    assert reading.kind == "delayed_transfers"
    assert reading.sound
    assert reading.source.period == "March 2018"
    assert reading.source.published == "10th May 2018"
    assert reading.source.revised == ""
    assert value(reading, "E10000007", "delayed_transfer_days") == 1200
    assert value(reading, "E10000007", "delayed_transfer_days.acute") == 600
    assert value(reading, "E06000015", "delayed_transfer_days.social_care") == 100
    assert value(reading, "E06000015", "delayed_transfer_days.reason.assessment") == 30
    assert value(reading, "E92000001", "delayed_transfer_days") == 300 + 1200 + 180 + 90
    names = set(reading.frame["area_name"])
    assert "Derby" in names  # without UA
    outside = reading.frame[reading.frame["area_kind"] == "outside"]
    assert set(outside["area_code"]) == {""}
    assert told(reading, "outside England") == 3  # in each of three sheets


def test_delayed_transfers_of_2011_have_no_national_codes(tmp_path):
    path = made.write_xls(tmp_path / "x.xls", made.delayed_transfers("April 2011", codes=False))
    reading = readers.read(path)
    assert value(reading, "E06000055", "delayed_transfer_days", "2011-04-01") == 180
    assert told(reading, "local code") == 3 * 3


def test_tidy_delayed_transfers(tmp_path):
    path = made.write_csv(
        tmp_path / "t.csv",
        "month,ons_code,name,acute,non_acute,total,choice\n"
        "2019-04,E10000009,Dorset,20,10,30,5\n2019-05,E06000059,Dorset,21,,21,*\n",
    )
    reading = readers.read(path)
    assert value(reading, "E10000009", "delayed_transfer_days") == 30
    assert np.isnan(value(reading, "E06000059", "delayed_transfer_days.reason.choice"))
    assert [known.date.isoformat() for known in reading.breaks] == ["2019-05-01"]


@pytest.mark.parametrize("split", [False, True], ids=["three columns", "four columns"])
def test_acute_discharge_workbook(tmp_path, split):
    path = made.write_xlsx(tmp_path / "a.xlsx", made.acute_discharge(split_discharges=split))
    reading = readers.read(path)
    assert reading.kind == "acute_discharge"
    assert reading.sound, reading.warnings
    assert value(reading, "RXX", "no_criteria_to_reside", "2024-08-04") == 100
    assert value(reading, "RXX", "no_criteria_to_reside_day_end", "2024-08-01") == 70
    assert value(reading, "E54000026", "no_criteria_to_reside", "2024-08-02") == 100
    assert value(reading, "E92000001", "no_criteria_to_reside", "2024-08-02") == 160
    out = "discharges.by_17_00" if split else "discharges"
    assert value(reading, "RYY", out, "2024-08-03") == (10 if split else 20)
    equipment = "delayed_by_reason.capacity.equipment_not_yet_delivered"
    assert value(reading, "RXX", equipment, "2024-08-01") == 5.5
    transport = "delayed_by_reason.hospital_process.awaiting_patient_transport_services"
    assert np.isnan(value(reading, "RYY", transport))
    assert told(reading, "suppressed") == 2
    assert set(reading.frame["definition"]) == {"situation_report_2024"}


def test_national_series(tmp_path):
    nctr = "Number of patients who no longer meet the criteria to reside"
    long_stay = "Number of additional bed days, patients with a length of stay of 7 days or over"
    path = made.write_xlsx(
        tmp_path / "series.xlsx",
        {
            "Notes": [["Acute discharge situation report: time series"]],
            "Daily Series": [
                ["England"], [], [],
                ["Date", nctr, nctr.replace("patients who", "patients remaining in hospital who"),
                 "Number of patients discharged"],
                [DAY(2022, 6, 18), 20000, 12000, 8000], [DAY(2022, 6, 19), 0, 0, 0],
                [DAY(2022, 6, 20), 20500, 12100, 8400],
            ],
            "Weekly Series": [["Week commencing", long_stay], [DAY(2022, 6, 20), 90000]],
        },
    )  # fmt: skip
    reading = readers.read(path)
    england = "E92000001"
    assert value(reading, england, "no_criteria_to_reside", "2022-06-18") == 20000
    assert np.isnan(value(reading, england, "no_criteria_to_reside", "2022-06-19"))
    assert value(reading, england, "additional_bed_days.7_plus") == 90000
    assert told(reading, "day without a return") == 3
    assert reading.sound


def test_acute_discharge_csv(tmp_path):
    nctr = "Number of patients who no longer meet the criteria to reside"
    rows = [
        ("26/05/2024", "National", "", "-", "ENGLAND", "Daily", nctr, "20,100"),
        ("27/05/2024", "National", "", "-", "ENGLAND", "Daily", nctr, "20,200"),
        ("27/05/2024", "ICB", "SOUTH WEST", "QUY", "NHS BNSSG", "Daily", nctr, "606"),
        ("27/05/2024", "Provider", "SOUTH WEST", "RA7", "UHBW", "Daily", nctr, "-"),
        ("01/05/2024", "Provider", "SOUTH WEST", "RA7", "UHBW", "Discharge destination",
         "Pathway 3: Discharge to a care home as a new admission", "12"),
        ("01/05/2024", "Provider", "SOUTH WEST", "RA7", "UHBW", "Delay reason",
         "Capacity – Housing provision not yet available (Pathway 0 or 1)", "[x]"),
        ("01/05/2024", "Provider", "SOUTH WEST", "RA7", "UHBW", "New", "Something new", "3"),
    ]  # fmt: skip
    header = "Period,Level,Region,Org Code,Org Name,Metric Group,Metric,Value\n"
    body = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    reading = readers.read(made.write_csv(tmp_path / "a.csv", header + body + body))
    assert value(reading, "E54000039", "no_criteria_to_reside") == 606
    assert value(reading, "E92000001", "no_criteria_to_reside", "2024-05-26") == 20100
    assert np.isnan(value(reading, "RA7", "no_criteria_to_reside"))
    assert value(reading, "RA7", "other.something_new") == 3
    england = reading.frame[reading.frame["area_kind"] == "country"].set_index("date")
    assert england.loc["2024-05-26", "definition"] == "situation_report_2022"
    assert england.loc["2024-05-27", "definition"] == "situation_report_2024"
    assert told(reading, "repeats another exactly") == len(rows)
    assert len(reading.breaks) == 1


def test_discharge_ready_date_workbook(tmp_path):
    heads = ("% of all UTLA discharges that are from acceptable trusts",
             "Total Discharges of UTLA patients from provider",
             "Total Discharges for UTLA from acceptable trusts",
             "Total bed days lost due to delayed discharge", None,
             "Date of discharge is same as Discharge Ready Date",
             "Date of Discharge is 1+ days after Discharge Ready Date", None,
             "No delay", "1 day delay", "2-3 day delay", "4-6 day delay", "7-13 day delay",
             "14-20 day delay", "21 days or more", None, "1 day", "2-3 days",
             "Average days from Discharge Ready Date to date of discharge"
             " (exc 0 day delays)")  # fmt: skip
    figures = (0.5, "-", 100, 35, None, 0.9, 0.1, None, 90, 5, 2, 1, 1, 1, 0, None, 0.5, 0.2, 3.5)
    top = [[], [None, "Title:", "Timeliness of Acute Hospital Discharges"],
           [None, "Period:", DAY(2024, 10, 1)], []]  # fmt: skip
    groups = ["", None, None, *[None] * 8,
              "Number of patients discharged where, between the two dates, there is:", *[None] * 7,
              "Patients delayed but discharged within (%)"]  # fmt: skip
    sheet = [
        *top, groups, ["Summary Type", "UTLA Code", "UTLA", *heads],
        ["UTLA Aggregate", "E09000002", "Barking and Dagenham", *figures],
        ["Provider", "E09000002", "Barking and Dagenham", *figures],
    ]  # fmt: skip
    path = made.write_xlsx(
        tmp_path / "d.xlsx",
        {"Cover Sheet": top, "UTLA Acceptable": sheet, "UTLA Unacceptable": sheet},
    )
    reading = readers.read(path)
    assert reading.kind == "discharge_ready_date"
    council = "E09000002"
    assert value(reading, council, "ready_date_discharges", "2024-10-01") == 100
    assert value(reading, council, "ready_date_bed_days") == 35
    assert value(reading, council, "ready_date_discharges.two_three") == 2
    assert value(reading, council, "ready_date_discharges.twenty_one_plus") == 0
    assert value(reading, council, "ready_date_share.same_day") == 0.9
    assert value(reading, council, "ready_date_share_of_delayed.two_three") == 0.2
    assert value(reading, council, "ready_date_mean_delay_days.excluding_zero") == 3.5
    assert told(reading, "one trust") == 1
    assert reading.sound, reading.warnings


def test_discharge_ready_date_csv(tmp_path):
    header = ("Data Type,Upper Tier Local Authority Code,Upper Tier Local Authority,"
              "Region (of Provider),ICB (of Provider),Code,Organisation Name,Measure,"
              "Value\n")  # fmt: skip
    lost = "Total bed days lost due to delayed discharge"
    path = made.write_csv(
        tmp_path / "Discharge-Ready-Date-monthly-data-csv-April-2024-Revised.csv",
        header + f'National,[z],[z],[z],[z],ENGLAND,England,{lost},"251,486"\n'
        f"ICB,[z],[z],SOUTH WEST,[z],QUY,NHS BNSSG,{lost},5000\n"
        f'UTLA Aggregate,E06000023,"Bristol, City of",[z],[z],[z],[z],{lost},900\n'
        f'UTLA,E06000023,"Bristol, City of",SW,BNSSG,RA7,UHBW,{lost},800\n',
    )
    reading = readers.read(path)
    assert value(reading, "E92000001", "ready_date_bed_days", "2024-04-01") == 251486
    assert value(reading, "E54000039", "ready_date_bed_days") == 5000
    assert value(reading, "E06000023", "ready_date_bed_days") == 900
    assert told(reading, "one trust") == 1


def test_quarterly_beds(tmp_path):
    sectors = ["Total", "General & Acute", "Learning Disabilities", "Maternity", "Mental Illness"]
    top = [[], [None, "Title:", "Average daily number of available and occupied beds"],
           [None, "Period:", "April to June 2024"], []]  # fmt: skip
    place = [None, "Year", "Period End", "Region Code", "Org Code", "Org Name"]
    sheet = [
        *top,
        [*[None] * 6, "Available", *[None] * 5, "Occupied", *[None] * 5, "% Occupied"],
        [*place, *sectors, None, *sectors, None, *sectors],
        [None, "2024-25", "June", None, None, "England", 1000, 800, 0, 100, 100, None,
         900, 760, "-", 60, 80, None, "90.0%", "95%", "-", 0.6, 0.8],
        [],
        [None, "2024-25", "June", "Y56", "RAL", "Royal Free", 500, 400, 0, 50, 50, None,
         450, 380, "-", 30, 40, None, 0.9, 0.95, "-", 0.6, 0.8],
    ]  # fmt: skip
    path = made.write_xlsx(tmp_path / "b.xlsx", {"NHS Trust by Sector": sheet})
    reading = readers.read(path)
    assert reading.kind == "bed_availability"
    assert value(reading, "RAL", "beds_available.general_acute", "2024-04-01") == 400
    assert value(reading, "RAL", "beds_occupied.general_acute") == 380
    assert value(reading, "E92000001", "bed_occupancy") == 0.9
    assert np.isnan(value(reading, "RAL", "beds_occupied.learning_disability"))
    assert set(reading.frame["frequency"]) == {"quarter"}


def test_collected_beds(tmp_path):
    path = made.write_csv(
        tmp_path / "KH03-Occupied-Overnight-only.csv",
        "Organisation_Code,Sector,Number_Of_Beds,Effective_Snapshot_Date\n"
        'RAL,General & Acute,"1,079",30/06/2023\nRAL,Learning Disabilities,,30/06/2023\n',
    )
    reading = readers.read(path)
    assert value(reading, "RAL", "beds_occupied.general_acute", "2023-04-01") == 1079


def test_monthly_beds_of_either_form(tmp_path):
    names = ("G&A beds available", "G&A beds occupied", "G&A occupancy rate",
             "Adult G&A beds available",
             "Number of G&A beds occupied by patients with a length of stay of - 21 or more "
             "days")  # fmt: skip
    figures = (500, 450, 0.9, 470, 80)
    top = [[], [None, "Title:", "Urgent and emergency care daily situation report"],
           [None, "Period:", "April 2024"], []]  # fmt: skip
    book = made.write_xlsx(
        tmp_path / "b.xlsx",
        {"All acute trusts": [*top, [None, "Region", "Code", "Name", *names],
                              [None, "London", "RAL", "Royal Free", *figures]]},
    )  # fmt: skip
    table = made.write_csv(
        tmp_path / "beds.csv",
        "Period,Level,Region,ICB,Org Code,Org Name,Metric,Type,Value\n"
        + "".join(
            f"01/04/2024,Provider,London,NCL,RAL,Royal Free,{name},{kind},{figure}\n"
            for name, figure in zip(names, figures, strict=True)
            for kind in ("All Type", "Type 1")
        ),
    )
    for path in (book, table):
        reading = readers.read(path)
        assert value(reading, "RAL", "beds_available.general_acute", "2024-04-01") == 500
        assert value(reading, "RAL", "beds_available.adult_general_acute") == 470
        assert value(reading, "RAL", "long_stay_patients.21_plus") == 80
        assert value(reading, "RAL", "bed_occupancy.general_acute") == 0.9


AE_COLUMNS = (
    "A&E attendances Type 1", "A&E attendances Type 2", "A&E attendances Other A&E Department",
    "Attendances over 4hrs Type 1", "Attendances over 4hrs Type 2",
    "Attendances over 4hrs Other Department",
    "Patients who have waited 4-12 hs from DTA to admission",
    "Patients who have waited 12+ hrs from DTA to admission",
    "Emergency admissions via A&E - Type 1", "Other emergency admissions",
)  # fmt: skip


def test_emergency_csv(tmp_path):
    figures = "1000,10,200,300,0,5,50,7,250,80"
    path = made.write_csv(
        tmp_path / "ae.csv",
        ",".join(["Period", "Org Code", "Parent Org", "Org name", *AE_COLUMNS]) + "\n"
        f"MSitAE-MARCH-2024,RA7,NHS ENGLAND SOUTH WEST,UHBW,{figures}\n"
        f"MSitAE-MARCH-2024,NLX24,NHS ENGLAND LONDON,A HEALTH CENTRE,0,0,900,0,0,1,0,0,0,0\n"
        f"TOTAL,TOTAL,TOTAL,TOTAL,{figures}\n",
    )
    reading = readers.read(path)
    assert reading.kind == "emergency"
    assert value(reading, "RA7", "emergency_attendances.type_1", "2024-03-01") == 1000
    assert value(reading, "RA7", "waits_for_admission.over_12_hours") == 7
    assert value(reading, "E92000001", "emergency_admissions.otherwise", "2024-03-01") == 80
    kinds = dict(zip(reading.frame["area_code"], reading.frame["area_kind"], strict=True))
    assert kinds == {"RA7": "trust", "NLX24": "provider", "E92000001": "country"}


def test_emergency_workbook(tmp_path):
    types = ("Type 1 Departments - Major A&E", "Type 2 Departments - Single Specialty",
             "Type 3 Departments - Other A&E/Minor Injury Unit")  # fmt: skip
    over = "A&E attendances greater than 4 hours from arrival to admission, transfer or discharge"
    sheet = [
        [], [None, "Title:", "A&E Attendances and Emergency Admissions"],
        [None, "Period:", "June 2023"], [], [],
        [None, None, None, "A&E attendances", None, None, None, over, None, None, None, None,
         "Emergency Admissions"],
        [None, "Code", "Name", *types, "Total attendances", *types,
         "Total Attendances > 4 hours", "Percentage in 4 hours or less (all)",
         "Emergency Admissions via Type 1 A&E", "Total Emergency Admissions via A&E",
         "Number of patients spending >12 hours from decision to admit to admission"],
        [None, "-", "England", 9, 1, 5, 15, 3, 0, 1, 4, 0.7, 4, 5, 1],
        [None, "QUY", "NHS BNSSG ICB", 900, 10, 500, 1410, 300, 0, 10, 310, 0.78, 400, 420, 90],
    ]  # fmt: skip
    reading = readers.read(made.write_xlsx(tmp_path / "e.xlsx", {"System Level Data": sheet}))
    board = "E54000039"
    assert value(reading, board, "emergency_attendances", "2023-06-01") == 1410
    assert value(reading, board, "emergency_attendances.type_3") == 500
    assert value(reading, board, "emergency_attendances_over_4_hours.type_1") == 300
    assert value(reading, board, "emergency_attendances_over_4_hours") == 310
    assert value(reading, board, "emergency_admissions.type_1") == 400
    assert value(reading, board, "waits_for_admission.over_12_hours") == 90
    assert reading.sound, reading.warnings


def test_admitted_care(tmp_path):
    heads = ["Finished consultant episodes", "Finished Admission Episodes", "Male \n(FCE)",
             "Emergency \n(FAE)", "Waiting list \n(FAE)",
             "Mean length of stay \n(Days)", "Emergency \n(FAE)"]  # fmt: skip
    sheet = [
        ["Hospital Admitted Patient Care Activity, 2024-25"], [], ["Summary by provider"], [],
        ["Hospital provider code and description", None, *heads],
        ["Total", None, 2255, 1846, 1000, 661, 500, 4.69, 9],
        ["RA7", "University Hospitals Bristol", 200, 150, 90, 60, "*", 5.1, 8],
        [], ["Source: Hospital Episode Statistics"],
    ]  # fmt: skip
    path = made.write_xlsx(
        tmp_path / "hosp-epis-stat-admi-hosp-prov-2024-25-tab.xlsx", {"Hospital Providers": sheet}
    )
    reading = readers.read(path)
    assert reading.kind == "admitted_care"
    assert value(reading, "RA7", "admission_episodes.emergency", "2024-04-01") == 60
    assert set(reading.frame["area_name"]) == {"England", "University Hospitals Bristol"}
    assert told(reading, "headed like one before") == 1
    assert np.isnan(value(reading, "RA7", "admission_episodes.waiting_list"))
    assert value(reading, "E92000001", "mean_stay_days") == 4.69


def test_admitted_care_as_csv_and_json(tmp_path):
    path = made.write_csv(
        tmp_path / "hosp-epis-stat-admi-pla-2024-25.csv",
        "UID,ORG_LEVEL,ORG_CODE,ORG_DESCRIPTION,MEASURE,MEASURE_VALUE\n"
        "1,ENGLAND,ENGLAND,England,FCE_BED_DAYS,48360197\n2,PROVIDER,RA7,UHBW,FCE_BED_DAYS,*\n"
        "3,PROVIDER,RA7,UHBW,FCE_MALE,12\n",
    )
    reading = readers.read(path)
    assert value(reading, "E92000001", "episode_bed_days", "2024-04-01") == 48360197
    assert np.isnan(value(reading, "RA7", "episode_bed_days"))
    held = json.dumps({"count": 6, "percent": 40.0, "denominator": 15}).replace('"', '""')
    path = made.write_csv(
        tmp_path / "hes_2024-25.csv",
        f'level,code,name,metric,label,values\nicb,QUY,Bristol,emergency-admission,x,"{held}"\n',
    )
    reading = readers.read(path)
    assert value(reading, "E54000039", "admission_episodes") == 15
    assert value(reading, "E54000039", "emergency_share_of_admissions") == pytest.approx(0.4)


def test_population_estimates(tmp_path):
    ages = [*range(90), "90+"]
    rows = [
        ["Mid-2023: persons by single year of age"],
        ["Estimated resident population"],
        [],
        ["Code", "Name", "Geography", "All ages", *ages],
        ["E06000023", "Bristol, City of", "Unitary Authority", 91 * 10, *[10] * 91],
        ["W06000001", "Isle of Anglesey", "Unitary Authority", 91, *[1] * 91],
    ]
    path = made.write_xlsx(tmp_path / "mye.xlsx", {"MYE2 - Persons": rows, "MYE2 - Males": rows})
    reading = readers.read(path)
    assert reading.kind == "population_estimates"
    assert value(reading, "E06000023", "population", "2023-06-30", "") == 910
    assert value(reading, "E06000023", "population.age_90_plus", variant="male") == 10
    assert reading.sound


def test_population_projections_keep_codes_of_their_base_year(tmp_path):
    path = made.write_csv(
        tmp_path / "2018 SNPP Population persons.csv",
        "AREA_CODE,AREA_NAME,COMPONENT,SEX,AGE_GROUP,2018,2043\n"
        "E10000021,Northamptonshire,Population,persons,0,900.5,1000\n"
        "E10000021,Northamptonshire,Population,persons,90 and over,10,30.25\n",
    )
    reading = readers.read(path)
    assert reading.kind == "population_projections"
    assert value(reading, "E10000021", "population.age_90_plus", "2043-06-30") == 30.25


def test_queue_model(tmp_path):
    sheets = {
        "arrivals": [["node", "arrivals", "scenario", "date", "day"],
                     ["P1_B", 3.8, "BArr", DAY(2023, 1, 1), 1],
                     ["P1_B", 3.9, "BArr", DAY(2023, 1, 2), 2]],
        "initial conditions": [["node", "measure", "value"], ["P1_B", "occ", 92],
                               ["P1_B", "dtoc", 39]],
        "capacity": [["node", "scenario", "capacity"], ["P1_B", "BCap", 92]],
        "los": [["node", "median", "IVR", "FVR", "scenario", "mean_los", "los_params", "los_dist"],
                ["P1_B", 9, 4, 1, "Blos", 18.07, "2.197 , 1.18", "lnorm"]],
        "costs": [["node", "community_cost", "acute_dtoc"], ["P1_B", 125, 346]],
    }  # fmt: skip
    reading = readers.read(made.write_xlsx(tmp_path / "IPACS.xlsx", sheets))
    assert reading.kind == "queue_model"
    expected = {
        "referrals_per_day.p1": 3.9, "people_in_service.p1": 92, "people_waiting.p1": 39,
        "places.p1": 92, "stay_days.p1.mean": 18.07, "stay_parameter.p1.sigma": 1.18,
        "stay_parameter.p1.initial_visits": 4, "cost_per_day.p1.acute": 346,
    }  # fmt: skip
    last = reading.frame.drop_duplicates("measure", keep="last").set_index("measure")["value"]
    assert {id: last[id] for id in expected} == expected
    assert set(reading.frame["area_name"]) == {"B"}
    variants = reading.frame.drop_duplicates("measure").set_index("measure")["variant"]
    assert variants["places.p1"] == "BCap"


def test_own_figures(tmp_path):
    path = made.write_csv(
        tmp_path / "own.csv",
        "date,area,measure,value,unit\n2024-04-01,QUY,No criteria to reside,300,\n"
        "2024-05-01,QUY,No criteria to reside,310,\n2024-05-17,RA7,beds_occupied.general_acute,1,\n"
        '2024-05,"Bristol, City of",reablement starts,c,people\n',
    )
    reading = readers.read(path)
    assert reading.kind == "own"
    months = reading.frame.drop_duplicates("measure").set_index("measure")
    assert months.loc["no_criteria_to_reside", "frequency"] == "month"
    assert months.loc["no_criteria_to_reside", "unit"] == "people"
    assert months.loc["beds_occupied.general_acute", "frequency"] == "day"
    assert months.loc["reablement_starts", "unit"] == "people"
    assert months.loc["reablement_starts", "area_code"] == "E06000023"
    assert np.isnan(value(reading, "E06000023", "reablement_starts"))


def test_wide_gives_a_column_for_each_measure(tmp_path):
    reading = readers.read(made.write_xls(tmp_path / "d.xls", made.delayed_transfers()))
    wide = reading.wide(kind="council").set_index("area_code")
    assert wide.loc["E10000007", "delayed_transfer_days.nhs"] == 400


def test_every_kind_says_what_it_counts():
    for kind in readers.kinds():
        assert kind.layouts
        assert len(kind.scope) > 40, kind.id
        assert {layout.kind for layout in kind.layouts} == {kind.id}
    assert len({kind.id for kind in readers.kinds()}) == len(readers.kinds())
