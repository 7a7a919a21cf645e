"""The command: what passes, and that a wrong exact value does not."""

import json
import shutil
from pathlib import Path

import pytest

from caresim.bench.cases import SUITES, chosen, read_suite, repository
from caresim.bench.fluid import read_fluid, run_fluid
from caresim.bench.report import fluid_table
from caresim.bench.run import run_case, run_suite
from caresim.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bench(capsys):
    """Run ``caresim bench`` in this process: its exit code, and what it prints."""

    def run(*arguments):
        code = main(["bench", *map(str, arguments), "--quiet", "--threads", "2"])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def checkout(tmp_path):
    """A copy of the lists, and of the scenarios they name."""
    for name in SUITES:
        shutil.copytree(ROOT / "benchmarks" / name, tmp_path / "benchmarks" / name)
    shutil.copytree(ROOT / "scenarios" / "theory", tmp_path / "scenarios" / "theory")
    return tmp_path


def test_quick_runs_of_some_cases_pass(bench):
    names = ["mmc_small", "h1_loss", "littles_law", "fluid_limit_flow"]
    code, out, _ = bench("exact", "--quick", *(f"--case={name}" for name in names))
    assert code == 0, out
    assert all(name in out for name in names)
    assert "MISS" not in out
    assert "figures pass, in 4 cases" in out


@pytest.mark.parametrize(
    ("case", "right", "wrong"),
    [
        ("h1_loss", "exact: 0.45837025051153957", "exact: 0.5"),
        ("fluid_limit_flow", "exact: 1.6666666666666667, within", "exact: 1.6676666, within"),
        ("h1_loss", "waiting, of: acute, exact: 0.0", "waiting, of: acute, exact: 0.1"),
    ],
)
def test_a_wrong_exact_value_misses_and_ends_with_5(bench, checkout, case, right, wrong):
    path = checkout / "benchmarks" / "exact" / "blocking.yaml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    code, out, _ = bench("exact", "--quick", "--case", case, "--repository", checkout)
    assert code == 5
    assert "MISS" in out
    assert f"missed in {case}" in out


def test_a_figure_that_is_not_precise_enough_is_no_pass(bench, checkout):
    path = checkout / "benchmarks" / "exact" / "blocking.yaml"
    text = path.read_text(encoding="utf-8").replace("members: 190\n", "members: 10\n")
    path.write_text(text, encoding="utf-8")
    code, out, _ = bench("exact", "--case", "saturated_pair", "--repository", checkout)
    assert code == 5
    assert "TOO WIDE" in out


def test_json_holds_every_figure(bench):
    code, out, _ = bench("published", "--quick", "--case", "c8_care_packages", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["passed"] is True
    (case,) = report["cases"]
    blocked = next(f for f in case["figures"] if f["figure"].startswith("delayed on"))
    assert blocked["exact"] == 15.0
    assert blocked["simulated"] == pytest.approx(15.0, abs=0.01)
    assert blocked["verdict"] == "pass"


def test_an_unknown_case_is_wrong_usage(bench):
    code, _, err = bench("exact", "--case", "h1_los")
    assert code == 2
    assert "h1_loss" in err


def test_a_folder_without_suites_fails_with_a_remedy(bench, tmp_path):
    code, _, err = bench("exact", "--repository", tmp_path)
    assert code == 4
    assert "--repository" in err


def test_batches_do_not_change_what_is_asked_for():
    (case,) = chosen(read_suite("exact", repository()), ["mmc_small"])
    result = run_case(case, repository(), quick=True)
    assert {figure.found.members for figure in result.figures} == {min(case.quick, 340)}


@pytest.mark.slow
@pytest.mark.parametrize("suite", SUITES)
def test_the_whole_suite(suite):
    root = repository()
    results = list(run_suite(read_suite(suite, root), root))
    unexpected = [
        f"{result.case.case}: {figure.figure.label} {figure.found.value} for {figure.figure.exact}"
        for result in results
        for figure in result.figures
        if not figure.passed and not figure.figure.differs
    ]
    assert not unexpected


@pytest.mark.slow
def test_the_fluid_limit():
    root = repository()
    for result in run_fluid(read_fluid(root), root):
        assert result.passed, fluid_table(result)


def test_a_run_ends_when_its_figures_are_precise_whoever_runs_it():
    root = repository()
    cases = chosen(read_suite("exact", root), ["two_single_places", "h2c_in_the_flow_engine"])
    alone = [run_case(case, root, threads=1) for case in cases]
    beside = list(run_suite(cases, root, threads=2))
    assert [result.case for result in beside] == list(cases)
    for one, other in zip(alone, beside, strict=True):
        # As text, since a figure without chance has a standard error that is not a number.
        assert repr(one.figures) == repr(other.figures)
    assert alone[0].passed
    assert all(figure.found.members < 64 for figure in alone[0].figures)
