"""What can be wrong with a data file, and what is said about it: where, why, and what to do."""

import datetime
from pathlib import Path

import numpy as np
import pytest
import workbooks as made

from caresim.cli import main
from caresim.explain import word
from caresim.places import readers
from caresim.scenario.codes import CODES

DAY = datetime.datetime
OWN = "date,area,measure,value\n"


def problems(path, kind=None):
    with pytest.raises(readers.DataError) as caught:
        readers.read(path, kind)
    assert "Nothing was read." in str(caught.value)
    return caught.value.problems


def only(path, code):
    (found,) = problems(path)
    assert found.code == code, found
    assert found.why
    assert found.hint
    return found


def own(tmp_path, rows):
    return made.write_csv(tmp_path / "own.csv", OWN + rows)


# --- those a planner meets ------------------------------------------------------------------


def test_wrong_sheet(tmp_path):
    sheets = made.delayed_transfers()
    del sheets["LA - by reason"]
    found = only(made.write_xls(tmp_path / "x.xls", sheets), "R104")
    assert "by reason" in found.message
    assert "'LA - by Type of Care'" in found.message


def test_sheets_of_something_else_under_a_known_title(tmp_path):
    sheets = {"England": made.notes("March 2018"), "Summary": [["Region", "Trusts"], ["A", 3]]}
    found = only(made.write_xlsx(tmp_path / "x.xlsx", sheets), "R104")
    assert "Delayed transfers of care" in found.message
    assert "'Summary'" in found.message


def test_renamed_sheets_are_known_by_their_columns(tmp_path):
    sheets = {f"Sheet{n}": rows for n, rows in enumerate(made.delayed_transfers().values())}
    reading = readers.read(made.write_xlsx(tmp_path / "x.xlsx", sheets))
    assert reading.kind == "delayed_transfers"
    assert len(reading.frame["measure"].unique()) == 1 + 2 + 3 + 11


def test_renamed_column(tmp_path):
    sheets = made.delayed_transfers()
    rows = sheets["LA - by responsible org"]
    at = next(n for n, row in enumerate(rows) if "Social Care" in row)
    rows[at][rows[at].index("Social Care")] = "Socialcare days"
    found = only(made.write_xlsx(tmp_path / "x.xlsx", sheets), "R201")
    assert "'Social Care'" in found.message
    assert found.hint == "rename the column 'Socialcare days' to 'Social Care'"
    assert found.location.line == at + 1
    assert "by responsible org" in found.path


def test_renamed_column_of_a_table(tmp_path):
    path = made.write_csv(tmp_path / "own.csv", "date,area,measure,values\n2024-04,QUY,x,1\n")
    found = only(path, "R201")
    assert found.hint == "rename the column 'values' to 'value'"


def test_text_in_numbers_is_told_all_at_once(tmp_path):
    sheets = made.delayed_transfers()
    rows = sheets["LA - by Type of Care"]
    rows[-1][5], rows[-2][6] = "about 45", "n.k."
    found = problems(made.write_xlsx(tmp_path / "x.xlsx", sheets))
    assert [problem.code for problem in found] == ["R301", "R301"]
    assert {problem.path.split()[-1] for problem in found} == {f"F{len(rows)}", f"G{len(rows) - 1}"}
    assert {problem.message.split("'")[1] for problem in found} == {"about 45", "n.k."}


def test_text_in_numbers_of_a_csv_is_shown(tmp_path):
    path = own(tmp_path, '2024-04,QUY,x,"1.234,5"\n2024-05,QUY,x,12 approx\n')
    with pytest.raises(readers.DataError) as caught:
        readers.read(path)
    assert "own.csv:3:15 error R301" in str(caught.value)
    assert "    3 | 2024-05,QUY,x,12 approx" in str(caught.value)


def test_dates_in_two_orders(tmp_path):
    path = own(tmp_path, "13/04/2024,QUY,x,1\n04/15/2024,QUY,x,2\n14/04/2024,QUY,x,2\n")
    codes = [problem.code for problem in problems(path)]
    assert codes[0] == "R303"
    found = problems(path)[0]
    assert "04/15/2024" in found.message
    assert "2 dates can only be day/month, 1 only month/day" in found.message


def test_dates_that_could_be_either_are_read_as_published_in_england(tmp_path):
    reading = readers.read(own(tmp_path, "05/04/2024,QUY,x,1\n06/04/2024,QUY,x,2\n"))
    assert [problem.code for problem in reading.warnings] == ["R501"]
    assert reading.first == datetime.date(2024, 4, 5)
    assert reading.sound


def test_months_first_throughout_are_understood(tmp_path):
    reading = readers.read(own(tmp_path, "04/13/2024,QUY,x,1\n04/14/2024,QUY,x,2\n"))
    assert reading.first == datetime.date(2024, 4, 13)


def test_council_that_was_abolished(tmp_path):
    path = own(tmp_path, "2018-04,E10000021,x,10\n2024-04,E10000021,x,11\n")
    found = only(path, "R305")
    assert "Northamptonshire (E10000021) was abolished on 2021-04-01" in found.message
    assert "North Northamptonshire (E06000061)" in found.hint
    assert found.location.line == 3


def test_council_whose_successor_has_the_same_area(tmp_path):
    reading = readers.read(own(tmp_path, "2022-04,E10000027,x,10\n2024-04,E10000027,x,11\n"))
    assert list(reading.frame["area_code"]) == ["E10000027", "E06000066"]
    assert any("abolished" in change.cause for change in reading.changes)


def test_the_last_return_under_the_old_code_is_accepted(tmp_path):
    reading = readers.read(own(tmp_path, "2019-03,E10000009,x,10\n2019-04,E10000009,x,11\n"))
    assert len(reading.frame) == 2


def test_council_that_is_not_known(tmp_path):
    reading = readers.read(own(tmp_path, "2024-04,E06000999,x,3\n2024-05,E06000999,x,3\n"))
    (found,) = reading.warnings
    assert found.code == "R503"
    assert "E06000999" in found.message
    assert reading.sound


@pytest.mark.parametrize(("again", "said"), [("10", "the same figure"), ("12", "another figure")])
def test_duplicated_rows(tmp_path, again, said):
    path = own(tmp_path, f"2024-04,QUY,x,10\n2024-05,QUY,x,9\n2024-04,QUY,x,{again}\n")
    found = only(path, "R304")
    assert found.message.startswith(f"row 2 already has {said} of x")
    assert found.location.line == 4


def test_one_area_under_two_codes_is_a_duplicate(tmp_path):
    found = only(own(tmp_path, "2024-04,QUY,x,10\n2024-04,E54000039,x,10\n"), "R304")
    assert "Bristol, North Somerset and South Gloucestershire" in found.message


def test_a_month_of_zeros(tmp_path):
    rows = "".join(f"2024-{month:02},QUY,x,{0 if month == 6 else 300}\n" for month in range(1, 13))
    reading = readers.read(own(tmp_path, rows))
    (found,) = reading.warnings
    assert found.code == "R401"
    assert "is 0 from 2024-06-01, and 300 as a rule" in found.message
    assert found.location.line == 7
    assert not reading.sound
    june = reading.frame[reading.frame["date"] == np.datetime64("2024-06-01")].iloc[0]
    assert np.isnan(june["value"])
    assert june["note"] == "zeros"


def test_small_numbers_may_be_zero(tmp_path):
    rows = "".join(f"2024-{month:02},QUY,x,{month % 4}\n" for month in range(1, 13))
    reading = readers.read(own(tmp_path, rows))
    assert reading.sound
    assert (reading.frame["value"] == 0).sum() == 3


def test_four_weeks_of_zeros_in_daily_figures(tmp_path):
    days = [datetime.date(2024, 4, 1) + datetime.timedelta(n) for n in range(90)]
    rows = "".join(
        f"E54000039,{day},{0 if 30 <= n < 60 else 250 + n}\n" for n, day in enumerate(days)
    )
    path = made.write_csv(
        tmp_path / "x.csv", "icb22_code,date,do_not_meet_criteria_to_reside\n" + rows
    )
    reading = readers.read(path)
    assert [problem.code for problem in reading.warnings] == ["R401"]
    assert reading.frame["value"].isna().sum() == 30


def test_the_lost_day_of_june_2022_is_missing_and_nothing_to_worry_about(tmp_path):
    rows = "".join(
        f"{code},2022-06-{day},{0 if day == 19 else 40}\n"
        for code in ("E54000039", "E54000040", "E54000044")
        for day in (18, 19, 20)
    )
    path = made.write_csv(
        tmp_path / "x.csv", "icb22_code,date,do_not_meet_criteria_to_reside\n" + rows
    )
    reading = readers.read(path)
    lost = reading.frame[reading.frame["date"] == np.datetime64("2022-06-19")]
    assert lost["value"].isna().all()
    assert set(lost["note"]) == {"missing_day"}
    assert reading.sound


# --- others ---------------------------------------------------------------------------------


def test_parts_that_do_not_add_up(tmp_path):
    sheets = made.delayed_transfers()
    sheets["LA - by responsible org"][-1][5] += 50
    reading = readers.read(made.write_xlsx(tmp_path / "x.xlsx", sheets))
    (found,) = reading.warnings
    assert found.code == "R402"
    assert "parts add up to 140" in found.message
    assert not reading.sound


def test_more_left_than_there_were(tmp_path):
    sheets = made.acute_discharge()
    sheets["Table 2"][-3][-1] = 900
    reading = readers.read(made.write_xlsx(tmp_path / "x.xlsx", sheets))
    assert "R403" in {problem.code for problem in reading.warnings}


@pytest.mark.parametrize("sign", ["*", "-", "..", "c", ":", "[x]", "n/a", "<5", ""])
def test_signs_for_missing_figures_are_never_zero(tmp_path, sign):
    reading = readers.read(own(tmp_path, f"2024-04,QUY,x,{sign}\n2024-05,QUY,x,0\n"))
    assert np.isnan(reading.frame["value"].iloc[0])
    assert reading.frame["note"].iloc[0]
    assert reading.frame["value"].iloc[1] == 0
    assert sum(change.count for change in reading.changes if change.what == "missing") == 1


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("2024-04,QUY,x,-3\n", "none"),
        ("2024-04,QUY,discharges,-3\n", "R307"),
        ("2024-04,QUY,bed_occupancy,92\n", "R307"),
        ("2024-04,,x,3\n", "R306"),
        ("soon,QUY,x,3\n", "R302"),
        ("31/06/2024,QUY,x,3\n", "R302"),
        (",QUY,x,3\n", "R302"),
        ("2024-04,QUY,,3\n", "R306"),
    ],
)
def test_rows_that_cannot_be(tmp_path, rows, code):
    path = own(tmp_path, rows)
    if code == "none":
        assert readers.read(path).sound
    else:
        only(path, code)


def test_two_columns_of_one_name(tmp_path):
    path = made.write_csv(tmp_path / "x.csv", "date,area,measure,value,value\n2024-04,QUY,x,1,2\n")
    assert "R202" in {problem.code for problem in problems(path)}


def test_months_missing_between_others(tmp_path):
    rows = "".join(f"2024-{month:02},QUY,x,3\n" for month in (1, 2, 3, 6, 7))
    reading = readers.read(own(tmp_path, rows))
    (found,) = reading.warnings
    assert found.code == "R502"
    assert "2 of 7 months" in found.message
    assert reading.sound


def test_many_problems_of_a_kind_are_counted(tmp_path):
    rows = "".join(f"2024-04-{day:02},QUY,x,bad\n" for day in range(1, 29))
    found = problems(own(tmp_path, rows))
    assert found[-1].message == "and 8 more of this kind"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
        (b"%PDF-1.7 ...", "neither CSV nor"),
        (b"PK\x03\x04 nothing of a workbook", "ZIP archive"),
        (b"PK\x03\x04 xl/workbook.xml but broken", "not a workbook that can be read"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "not a workbook that can be read"),
        (b'date,area,measure,value\n"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_files_that_are_no_data(tmp_path, content, said):
    path = tmp_path / "x.xls"
    path.write_bytes(content)
    assert said in only(path, "R101").message


def test_absent_file_and_unknown_table(tmp_path):
    assert "no such file" in only(tmp_path / "absent.csv", "R101").message
    found = only(made.write_csv(tmp_path / "x.csv", "colour,size\nred,3\n"), "R102")
    assert "colour, size" in found.message


def test_csv_under_the_name_of_a_workbook(tmp_path):
    path = made.write_csv(tmp_path / "x.xls", OWN + "2024-04,QUY,x,3\n")
    assert readers.read(path).kind == "own"


def test_kind_that_is_asked_for(tmp_path):
    path = own(tmp_path, "2024-04,QUY,x,3\n")
    assert readers.read(path, "own").kind == "own"
    with pytest.raises(ValueError, match="did you mean 'emergency'"):
        readers.read(path, "emergncy")
    assert problems(path, "delayed_transfers")[0].code in ("R102", "R201")


def test_package_that_is_not_installed(tmp_path, monkeypatch):
    path = made.write_xlsx(tmp_path / "x.xlsx", {"Sheet": [[1]]})
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "pip install 'caresim[data]'" in only(path, "R103").hint


def test_empty_table(tmp_path):
    assert only(own(tmp_path, ""), "R105")


def test_every_code_has_a_test():
    tests = Path(__file__).read_text(encoding="utf-8") + Path(__file__).with_name(
        "test_official_files.py"
    ).read_text(encoding="utf-8")
    assert [c for c in CODES if c.startswith("R") and f'"{c}"' not in tests] == []


def test_every_data_code_is_explained():
    codes = [code for code in CODES if code.startswith("R")]
    assert len(codes) > 15
    for code in codes:
        assert CODES[code].explanation in " ".join(word(code).split())


# --- the command ----------------------------------------------------------------------------


def test_check_says_what_a_file_is(tmp_path, capsys):
    sound = made.write_xls(tmp_path / "d.xls", made.delayed_transfers())
    assert main(["data", "check", str(sound)]) == 0
    out = capsys.readouterr().out
    assert "Delayed transfers of care (delayed_transfers, workbook)" in out
    assert "2018-03-01 (by month)" in out
    assert "3 councils" in out
    assert out.rstrip().endswith("sound")
    bad = own(tmp_path, "2024-04,QUY,x,twelve\n")
    assert main(["data", "check", str(sound), str(bad)]) == 3
    out = capsys.readouterr().out
    assert "error R301" in out
    assert "UNSOUND" in out


def test_check_as_json(tmp_path, capsys):
    import json

    rows = "".join(f"2024-{month:02},QUY,x,{0 if month == 6 else 300}\n" for month in range(1, 13))
    assert main(["data", "check", "--json", str(own(tmp_path, rows))]) == 3
    (found,) = json.loads(capsys.readouterr().out)
    assert found["kind"] == "own"
    assert found["sound"] is False
    assert found["areas"] == {"board": 1}
    assert found["missing"] == 1
    assert [problem["code"] for problem in found["problems"]] == ["R401"]


def test_convert_writes_a_table_that_reads_the_same(tmp_path, capsys):
    path = made.write_xls(tmp_path / "d.xls", made.delayed_transfers())
    out = tmp_path / "plain.csv"
    assert main(["data", "convert", str(path), "-o", str(out)]) == 0
    assert "outside England" in capsys.readouterr().err
    first, again = readers.read(path).frame, readers.read(out).frame
    for name in ("area_code", "area_name", "area_kind", "date", "measure", "value", "unit"):
        assert list(first[name]) == list(again[name]), name


def test_wrong_usage(tmp_path, capsys):
    path = own(tmp_path, "2024-04,QUY,x,3\n")
    assert main(["data", "check", "--kind", "nonsense", str(path)]) == 2
    assert main(["data", "convert", str(path), "-o", str(path)]) == 2
    assert path.read_text().startswith("date")
    assert "take the place" in capsys.readouterr().err
