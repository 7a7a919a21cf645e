from __future__ import annotations

import pytest

SCENARIO = """\
caresim: 1
start_date: 2024-01-01
duration: 4 days
settings: {ward: {stay: 5 days}}
arrivals: {people: {to: ward, rate: {csv: a.csv, column: n}}}
"""
GOOD = "date,n\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-04,4\n"


def test_good(writing):
    writing.file(GOOD, "a.csv")
    scenario = writing.load(SCENARIO)
    assert scenario.explicit["arrivals"]["people"]["rate"] == {
        "from": "2024-01-01",
        "values": [1, 2, 3, 4],
    }
    assert {path.rpartition("/")[2] for path in scenario.files} == {"scenario.yaml", "a.csv"}


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("date,n", " date , n "),
        GOOD.replace(",2\n", ',"2"\n'),
        GOOD + "\n  ,\n",
        GOOD.replace("2024-01-02", "2024-01-02T00:00:00"),
    ],
)
def test_ways_the_same_table_is_saved(writing, text):
    writing.file(text, "a.csv")
    assert writing.explicit(SCENARIO)["arrivals"]["people"]["rate"]["values"] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (GOOD.replace(",2\n", ",\n"), 3, "C604"),
        (GOOD.replace(",2\n", "\n"), 3, "C604"),
        (GOOD.replace(",2\n", ",two\n"), 3, "C603"),
        (GOOD.replace(",2\n", ",-2\n"), 3, "C603"),
        (GOOD.replace(",2\n", ",nan\n"), 3, "C603"),
        (GOOD.replace(",2\n", ",1e999\n"), 3, "C603"),
        (GOOD.replace("2024-01-02", "02/01/2024"), 3, "C501"),
        (GOOD.replace("2024-01-02", ""), 3, "C604"),
        (GOOD.replace("2024-01-03,3\n", ""), 4, "C605"),
        (GOOD.replace("2024-01-03", "2024-01-02"), 4, "C605"),
        (GOOD.replace("2024-01-03", "2024-01-01"), 4, "C605"),
        ('date,n\n2024-01-01,"1\n"\n2024-01-02,x\n', 4, "C603"),
    ],
)
def test_cells_that_cannot_be(writing, text, line, code):
    writing.file(text, "a.csv")
    assert f"a.csv:{line}:1 error {code} arrivals.people.rate" in writing.message(SCENARIO)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (None, "C601", "No such file"),
        (b"", "C601", "no header line"),
        (b"date,n\n", "C601", "no header line"),
        (b"date,n\n2024-01-01,\xff\n", "C601", "not UTF-8"),
        (GOOD.encode("utf-16"), "C601", "not UTF-8"),
        (b"date,n\n2024-01-01,\0\n", "C601", ""),
        (b'date,n\n2024-01-01,"1\n', "C601", ""),
        (b"date;n\n2024-01-01;1\n", "C602", "the column `date` is not in `a.csv`"),
        (b"date,N\n2024-01-01,1\n", "C602", "did you mean `N`"),
        (b"date,n,n\n2024-01-01,1,2\n", "C602", "is twice"),
    ],
)
def test_files_that_cannot_be(writing, content, code, said):
    if content is not None:
        (writing.folder / "a.csv").write_bytes(content)
    message = writing.message(SCENARIO)
    assert f"error {code} arrivals.people.rate" in message
    assert said in message
    assert "scenario.yaml:5:" in message


def test_files_of_other_kinds_and_places(writing):
    (writing.folder / "a.csv").mkdir()
    assert writing.problems(SCENARIO) == [("C601", "arrivals.people.rate.csv")]
    text = SCENARIO.replace("a.csv", "../a.csv")
    assert writing.problems(text) == [("C010", "arrivals.people.rate.csv")]


def test_a_large_file_is_refused_before_it_is_read(writing):
    with (writing.folder / "a.csv").open("wb") as file:
        file.truncate(60_000_000)
    assert "more than 50,000,000 bytes" in writing.message(SCENARIO)


def test_only_the_first_problems_of_a_column_are_shown(writing):
    rows = "".join(f"2024-01-{day:02},x\n" for day in range(1, 29))
    writing.file("date,n\n" + rows, "a.csv")
    message = writing.message(SCENARIO)
    assert message.count("error C603") == 5
    assert "(and 23 more like these in this column)" in message


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("duration: 4 days", "duration: 5 days", [("C606", "arrivals.people.rate")]),
        ("2024-01-01", "2023-12-31", [("C606", "arrivals.people.rate")]),
        ("column: n}", "column: n, beyond: hold}", None),
        ("column: n}", "colum: n}", [("C201", "arrivals.people.rate.colum")]),
        ("column: n}", "column: n, from: 2024-01-01}", [("C318", "arrivals.people.rate")]),
    ],
)
def test_series_must_cover_the_run(writing, old, new, expected):
    writing.file(GOOD, "a.csv")
    text = SCENARIO.replace(old, new)
    if expected is None:
        writing.load(text.replace("4 days", "9 days"))
    else:
        assert writing.problems(text) == expected


def test_csv_is_found_beside_the_file_that_names_it(writing):
    writing.file(GOOD, "parts/a.csv")
    writing.file(SCENARIO.replace("caresim: 1\n", ""), "parts/all.yaml")
    writing.load("caresim: 1\nimport: parts/all.yaml\n")


def test_samples(writing, with_setting):
    writing.file("days\n1\n2.5\n", "stays.csv")
    stay = "{distribution: empirical, csv: stays.csv, column: days}"
    explicit = writing.explicit(with_setting(f"stay: {stay}"))
    assert explicit["settings"]["ward"]["stay"]["values"] == [1, 2.5]
    message = writing.message(with_setting(f"stay: {stay.replace('column: days', 'column: dys')}"))
    assert "error C602 settings.ward.stay.column" in message
    assert "did you mean `days`" in message
