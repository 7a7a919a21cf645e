import csv
import dataclasses
import html.parser
import os
import re
from pathlib import Path

import axe
import pytest
from openpyxl import load_workbook

import caresim as cs
from caresim.cli import main
from caresim.report import csv_files, page, report, workbook
from caresim.report.better_care import months
from caresim.report.document import Column, Table
from caresim.report.source import read
from caresim.report.workbook import sheet_names
from caresim.results.payload import delayed_by_reason

SCENARIO = """
caresim: 1
title: "<script>alert('a \\"quoted\\" title')</script>"
start_date: 2025-04-15
duration: 400 days
price_year: 2024-25
organisations:
  hospital: {{label: "Hospital & <b>trust</b>", kind: trust}}
  council: {{kind: council}}
settings:
  acute:
    label: 'Beds "A" & B'
    capacity: 12
    stay: {{mean: {{low: 4 days, high: 6 days}}, cv: 1}}
    then: {{home: 70%, step_down: 30%}}
    costs:
      provider: hospital
      price_year: 2024-25
      fixed: 250 GBP per day
      variable: 96 GBP per day
  step_down:
    kind: intermediate
    pathway: 2
    capacity: 6
    stay: {{distribution: exponential, mean: 14 days}}
    then: {{home: 100%}}
    costs:
      provider: council
      price_year: 2024-25
      fixed: 100 GBP per day
      variable: 40 GBP per day
arrivals:
  emergency: {{to: acute, rate: 1.8 per day}}
options:
  do_nothing: {{label: Do nothing}}
  more: {{label: "=More 'step-down' places", set: {{settings.step_down.capacity: 12}}}}
run: {{members: {members}, engine: {engine}}}
"""


def run(folder, engine="flow", members=12, text=SCENARIO):
    path = folder / f"{engine}.yaml"
    path.write_text(text.format(engine=engine, members=members), encoding="utf-8")
    return cs.run(path)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return run(tmp_path_factory.mktemp("flow"))


@pytest.fixture(scope="module")
def made(results):
    return report(results)


@pytest.fixture(scope="module")
def written(made):
    return page(made)


def table(made, name):
    return next(one for one in made.tables if one.name == name)


class Reader(html.parser.HTMLParser):
    """Tags, addresses and ids of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.ids, self.headings = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for key, value in attrs:
            if key in ("href", "src"):
                self.links.append(value)
            if key == "id":
                self.ids.append(value)


def test_titles_and_names_are_text(written):
    found = Reader(written)
    assert "script" not in found.tags
    assert "b" not in found.tags
    assert "&lt;script&gt;alert(" in written


def test_nothing_is_fetched(written):
    for link in Reader(written).links:
        assert link.startswith(("#", "data:,"))
    assert "url(" not in written
    assert "@import" not in written


def test_links_lead_somewhere_and_ids_are_unique(written):
    found = Reader(written)
    assert len(set(found.ids)) == len(found.ids)
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert set(re.findall(r'aria-(?:labelledby|describedby)="([^"]*)"', written)) <= set(found.ids)


def test_first_screen_answers_four_questions(made):
    titles = [section.title for section in made.answers]
    assert titles == [
        "What happens if we do nothing?",
        "What does each option change?",
        "Who pays and who saves?",
        "How sure are we?",
    ]
    assert all(section.lead for section in made.answers)


def test_reasons_are_those_of_the_results(made, results):
    found = table(made, "delays_by_reason")
    people = sum(row[3] for row in found.rows)
    assert people == pytest.approx(sum(delayed_by_reason(results["do_nothing"]).values()))


def test_flows_into_and_out_of_a_setting_are_those_of_the_results(made, results):
    rows = table(made, "flows").rows
    into = sum(row[2] for row in rows if row[1] == 'Beds "A" & B')
    labels = results["do_nothing"].labels
    arrivals = results["do_nothing"].totals["arrivals"][:, 0, 0].sum(axis=1).mean()
    assert labels.setting_names[0] == "acute"
    assert into == pytest.approx(arrivals / 400 * 365)


def test_money_of_organisations_sums_to_the_system(made):
    rows = table(made, "money_by_organisation").rows
    for option in {row[0] for row in rows}:
        parts = [row for row in rows if row[0] == option and row[1] != "all together"]
        whole = next(row for row in rows if row[0] == option and row[1] == "all together")
        for n in range(2, len(whole)):
            assert sum(row[n] for row in parts) == pytest.approx(whole[n], abs=0.01)


def test_a_full_setting_is_said_to_be_full(tmp_path):
    crowded = SCENARIO.replace("rate: 1.8", "rate: 9")
    rows = table(report(run(tmp_path, text=crowded)), "capacity_full").rows
    full = {row[1]: row[2] for row in rows if row[0] == "Do nothing"}
    assert full['Beds "A" & B'] > 0.8


def test_run_of_averages_says_that_it_has_no_waits(made):
    section = next(s for s in made.sections if s.name == "queues")
    assert not list(section.tables)
    assert "event" in section.blocks[0].lines[0]


def test_event_run_shows_waits(tmp_path):
    found = report(run(tmp_path, "event", 3))
    rows = table(found, "lengths").rows
    assert {row[2] for row in rows} >= {"wait", "stay"}


def test_audit_that_fails_is_said_on_the_first_screen(results):
    base = results.options[0]
    check = dataclasses.replace(base.audit[0], passed=False)
    failed = dataclasses.replace(base, audit=(check, *base.audit[1:]))
    broken = dataclasses.replace(results, options=(failed, *results.options[1:]))
    assert any("AUDIT FAILED" in line for line in report(broken).answers[3].lead)


def test_single_option_is_told_without_a_comparison(results):
    alone = dataclasses.replace(results, options=results.options[:1])
    made = report(alone)
    assert read(alone).comparison is None
    assert "Nothing is set side by side" in made.answers[1].lead[0]
    assert page(made).count("<h1>") == 1


def test_every_number_on_the_page_is_in_the_csv_files(made, tmp_path):
    csv_files(made, tmp_path)
    names = {path.stem for path in tmp_path.iterdir()}
    assert names == {one.name for one in made.tables} | {"contents"}
    for one in made.tables:
        with (tmp_path / f"{one.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == len(one.rows) + 1
        assert all(len(row) == len(one.columns) for row in rows)


def test_text_is_never_a_formula(made, tmp_path):
    book = load_workbook(workbook(made, tmp_path / "report.xlsx"))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    csv_files(made, tmp_path)
    text = (tmp_path / "settings.csv").read_text(encoding="utf-8-sig")
    assert "'=More" in text
    assert "\n=More" not in text


def test_sheets_are_plain_tables(made, tmp_path):
    book = load_workbook(workbook(made, tmp_path / "report.xlsx"))
    assert book.sheetnames[0] == "notes"
    assert len(book.sheetnames) == len(made.tables) + 1
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes == "B2"
        assert all(cell.value for cell in sheet[1])


def test_names_of_sheets_fit_and_differ():
    names = sheet_names(["a" * 40, "a" * 35, "Notes", "b"])
    assert len({name.lower() for name in names}) == 4
    assert max(map(len, names)) <= 31
    assert "notes" not in {name.lower() for name in names}


def test_months_share_out_every_day(results):
    base = results["do_nothing"]
    names, inside = months(base.labels.start_date, base.times)
    assert names[0] == "2025-04"
    assert inside[0].sum() == 16
    assert inside.sum() == pytest.approx(400)


def test_better_care_table_has_a_row_for_each_month(made, results):
    found = table(made, "better_care_fund")
    assert {row[1] for row in found.rows} == {"pathway 2"}
    rows = [row for row in found.rows if row[0] == "Do nothing"]
    assert [row[3] for row in rows] == months(
        results["do_nothing"].labels.start_date, results["do_nothing"].times
    )[0]
    for row in rows:
        if row[7] is not None:
            assert row[7] == pytest.approx(row[5] - row[4])


def test_rows_must_fit_their_heads():
    with pytest.raises(ValueError, match="2 cells under 1 heads"):
        Table("a", "A", (Column("x"),), (("1", "2"),))


def test_command_writes_all_three(results, tmp_path, capsys):
    from caresim.results.store import save

    folder = tmp_path / "run"
    save(results, folder)
    book, tables = tmp_path / "a.xlsx", tmp_path / "csv"
    assert main(["report", str(folder), "--xlsx", str(book), "--csv", str(tables)]) == 0
    printed = capsys.readouterr().out.split()
    assert str(folder / "report.html") in printed
    assert book.exists()
    assert (tables / "changes.csv").exists()


def test_folder_that_is_no_run_is_refused_in_words(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) != 0
    said = capsys.readouterr().err
    assert "manifest" in said
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.parametrize("size", ["1280,2000", "500,900"])
def test_no_violations_of_accessibility(written, tmp_path, size):
    script = os.environ.get("AXE_CORE")
    if script is None or not Path(script).exists():
        pytest.skip("AXE_CORE does not name axe.min.js (npm install axe-core)")
    if axe.browser() is None:
        pytest.skip("there is no Chromium")
    assert axe.violations(written, script, tmp_path, size) == []
    broken = written.replace('lang="en"', "")
    assert axe.violations(broken, script, tmp_path, size) != []
