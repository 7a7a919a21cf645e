import made_up
from caresim.results.columns import table
from caresim.results.option import NO_LENGTHS
from caresim.results.summary import summary


def lines_of(text):
    return " ".join(text.split())


def test_summary_shows_what_a_council_asks_for(make_run):
    made = made_up.model(
        published=(
            made_up.figure("beds_lost", "bed_days_lost_per_year", value=1000.0),
            made_up.figure("earlier", "delayed", first=-99.0, last=-1.0),
        )
    )
    text = summary(make_run(made_up.output(made, notes=("a rule was approximated",))))
    for phrase in (
        "Made up", "2024-04-01 for 730 days, flow engine, 3 members, seed 1",
        "waiting", "Home care", "no limit", "Waiting for assessment", "social care",
        "bed_days_lost_per_year", "1,000", "2024-04-01 to 2025-04-01",
        "outside the run", "Audit passed, 8 checks", "Note: a rule was approximated",
        "year from", "2025-04-01",
    ):  # fmt: skip
        assert phrase in text
    assert lines_of(NO_LENGTHS) in lines_of(text)
    assert "Option" not in text


def test_several_options_are_told_apart_and_the_event_engine_has_no_caveat(make_run):
    other = made_up.model(option="more_home_care")
    text = summary(make_run(made_up.output(engine="event"), made_up.output(other, engine="event")))
    assert "Option do_nothing: Do nothing" in text
    assert "Option more_home_care: More home care" in text
    assert lines_of(NO_LENGTHS) not in lines_of(text)


def test_one_member_has_no_spread_and_one_year_no_table_of_years(make_run):
    made = made_up.model(days=365.0, published=(made_up.figure("seen"),))
    text = summary(make_run(made_up.output(made, members=1)))
    assert "1 member, seed" in text
    assert "year from" not in text
    (row,) = (line.split() for line in text.splitlines() if line.startswith("delayed  "))
    assert row[3] == "-"
    assert row[-3:] == ["2024-04-01", "to", "2025-04-01"]


def test_columns_line_up():
    text = table(("name", "people"), [("a long name", "1,200"), ("b", "-")])
    assert text == (
        "name         people\n-----------  ------\na long name   1,200\nb                 -"
    )


def test_heads_of_two_lines_and_no_rows():
    assert table(("a", "b\nc"), [("x", "1")]) == "   b\na  c\n-  -\nx  1"
    assert table(("a", "bc"), []) == "a  bc\n-  --"
