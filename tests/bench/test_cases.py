"""Lists of cases: what they mean, and what is refused."""

import pytest

from caresim.api import ChoiceError
from caresim.bench.cases import (
    Case,
    SuiteError,
    chosen,
    read_case,
    read_list,
    read_suite,
    repository,
)
from caresim.bench.figures import measure_of

ONE = """\
- case: one
  scenario: theory/mm1.yaml
  engine: event
  members: 40
  figures:
    - {figure: waiting, exact: 3.2}
"""


@pytest.fixture
def written(tmp_path):
    """Write a list and read it."""

    def read(text):
        path = tmp_path / "list.yaml"
        path.write_text(text, encoding="utf-8")
        return read_list(path, read_case)

    return read


def test_a_list_in_a_figure_stands_for_as_many_figures(written):
    text = ONE.replace("exact: 3.2", "day: [1, 5], option: [a, b], exact: [2, 3], within: 4%")
    (case,) = written(text)
    assert [(f.day, f.option, f.exact) for f in case.figures] == [(1, "a", 2), (5, "b", 3)]
    assert {f.allowed.relative for f in case.figures} == {0.04}
    assert case.members == {"a": 40, "b": 40}


def test_members_may_differ_by_option(written):
    text = ONE.replace("members: 40", "members: {a: 400, b: 800}")
    (case,) = written(text.replace("exact: 3.2", "option: [a, b], exact: [2, 3]"))
    assert case.members == {"a": 400, "b": 800}
    assert case.quick == 40


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("engine:", "motor:", "no entry motor is known"),
        ("exact: 3.2", "exact: [1, 2], day: [1, 2, 3]", "different lengths"),
        ("exact: 3.2", "exact: 3.2, within: about", "within is a number"),
        ("exact: 3.2", "day: 3", "exact"),
        ("members: 40", "members: {other: 3}", "one for each of do_nothing"),
        ("  members: 40\n", "", "members"),
        ("- case: one", "- case: [one", "list.yaml"),
        (ONE, "case: one", "a list of cases is wanted"),
    ],
)
def test_a_list_with_a_fault_is_refused_and_the_fault_named(written, old, new, said):
    with pytest.raises(SuiteError, match="list") as error:
        written(ONE.replace(old, new))
    assert said in str(error.value)


def test_two_cases_of_one_name_are_refused(tmp_path):
    folder = tmp_path / "benchmarks" / "exact"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(ONE, encoding="utf-8")
    (folder / "b.yaml").write_text(ONE, encoding="utf-8")
    with pytest.raises(SuiteError, match="two cases are named one"):
        read_suite("exact", tmp_path)


def test_an_unknown_case_or_measure_is_named_with_the_nearest(written):
    cases = written(ONE)
    with pytest.raises(ChoiceError, match="did you mean 'one'"):
        chosen(cases, ["ones"])
    (case,) = written(ONE.replace("figure: waiting", "figure: wating"))
    with pytest.raises(SuiteError, match="did you mean 'waiting'"):
        measure_of(case.figures[0])


def test_where_the_suites_are_absent_it_is_said_what_they_are(tmp_path):
    with pytest.raises(SuiteError, match="folders benchmarks and scenarios"):
        repository(tmp_path)


@pytest.mark.parametrize("suite", ["exact", "published"])
def test_every_case_of_the_suites_names_a_file_and_measures_that_exist(suite):
    root = repository()
    for case in read_suite(suite, root):
        assert isinstance(case, Case)
        assert (root / "scenarios" / case.scenario).is_file(), case.case
        assert case.source, case.case
        assert case.start, case.case
        for figure in case.figures:
            measure_of(figure)
