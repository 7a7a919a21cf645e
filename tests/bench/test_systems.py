"""The language of checks of real systems: expressions, figures, verdicts, solving, the command."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import caresim as cs
from caresim.bench.cases import SuiteError
from caresim.bench.systems.expression import Expression, Found, Reference
from caresim.bench.systems.judge import judge
from caresim.bench.systems.language import Check, Figure, Held
from caresim.bench.systems.measure import measure
from caresim.bench.systems.read import read_system, read_systems
from caresim.bench.systems.run import run_system
from caresim.cli import main
from caresim.results.confidence import student

ROOT = Path(__file__).parents[2]

SCENARIO = """caresim: 1
start_date: 2024-04-01
duration: 2 years
price_year: 2023-24
organisations: {hospital: {kind: trust}, board: {kind: board}}
cohorts: {older: {}, younger: {}}
settings:
  acute:
    kind: acute
    capacity: 100
    stay: 5 days
    costs: {provider: hospital, variable: 100 GBP per day}
arrivals: {emergency: {to: acute, rate: 10 per day, cohort: {older: 60%, younger: 40%}}}
initial: steady_state
payments: {block: {kind: block, from: board, to: hospital, amount: 365000 GBP per year}}
interventions:
  fewer: {effects: [{on: arrivals.emergency.rate, change: -10%, cohorts: [older]}]}
options:
  fewer: {interventions: [fewer]}
run: {coupling: 7 days}
"""
CHECKS = """reported: {text: a tenth fewer, value: -0.1, unit: change, source: a report}
scenario: systems/small.yaml
runs:
  flow: {engine: flow, members: 1}
  halved: {engine: flow, members: 1, solved: [half]}
figures:
  came: {total: arrivals, setting: acute, cohort: older}
  there: {indicator: occupied.acute}
solve:
  half:
    set: "interventions.fewer.effects[0].change"
    between: [-90, 0]
    until: came[fewer] / came - 0.5
    written: "{}%"
    run: flow
numbers: {tenth: came / 10}
checks:
  - says: A tenth fewer come
    find: came[fewer] / came - 1
    unit: change
    equals: -0.1
    within: 0.001
    in: flow
  - {says: As large, find: "came - came[fewer]", equals: tenth, within: 0.1%, in: flow}
  - {says: Half come, find: "came[fewer] / came", equals: 0.5, within: 0.001, in: halved}
  - {says: The solution, find: half, equals: -50, within: 0.1, in: halved}
broken: {"interventions.fewer.effects[0].change": 0%}
"""


@pytest.fixture
def root(tmp_path):
    """A checkout with one system."""
    (tmp_path / "benchmarks" / "systems").mkdir(parents=True)
    (tmp_path / "benchmarks" / "exact").mkdir()
    (tmp_path / "scenarios" / "systems").mkdir(parents=True)
    (tmp_path / "scenarios" / "systems" / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "benchmarks" / "systems" / "small.yaml").write_text(CHECKS, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return cs.run(path, engine="flow", members=1)


def found(value, half_width=0.0, members=(0.0,)):
    return Found(value, half_width, np.array(members, dtype=np.float64))


def held(half_width=0.0, value=1.0, members=(1.0,), chance=None, **what):
    check = Check("", "x", Held(**what), ("flow",), chance)

    def find(text):
        return found(value, half_width, members) if text == "x" else found(float(text))

    return judge(check, "flow", find).passed


def run_bench(capsys, *arguments):
    code = main(["bench", "systems", *map(str, arguments), "--quiet", "--threads", "1"])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_an_expression_is_of_means_and_its_error_is_that_of_the_mean():
    x = np.array([1.0, 2.0, 4.0, 9.0])
    given = Expression("2 * x - 1").found({Reference("x"): x}, 4)
    assert given.value == pytest.approx(2 * x.mean() - 1)
    assert given.half_width == pytest.approx(2 * student(3) * x.std(ddof=1) / 2)
    assert given.members.tolist() == [1.0, 3.0, 7.0, 17.0]


def test_a_ratio_is_one_of_means_and_what_both_share_goes_out():
    x, y = np.array([1.0, 2.0, 6.0]), np.array([10.0, 20.0, 60.0])
    given = Expression("x / y").found({Reference("x"): x, Reference("y"): y}, 3)
    assert given.value == pytest.approx(0.1)
    assert given.half_width == pytest.approx(0.0, abs=1e-12)


def test_an_undefined_member_is_left_out_of_the_mean():
    given = Expression("x").found({Reference("x"): np.array([1.0, np.nan, 3.0])}, 3)
    assert given.value == 2.0
    assert math.isnan(given.members[1])


def test_a_ratio_to_nothing_is_no_pass():
    x, y = np.array([1.0, 2.0, 0.0]), np.array([0.0, 1.0, 0.0])
    given = Expression("x / y").found({Reference("x"): x, Reference("y"): y}, 3)
    assert not math.isfinite(given.half_width)
    check = Check("", "x", Held(at_most="9"), ("flow",))
    assert not judge(check, "flow", lambda text: given if text == "x" else found(9.0)).passed


def test_numbers_stand_where_their_names_do():
    expression = Expression("-n ** 2 + max(x[a, b], 1, 2)", {"n": "x + 1"})
    assert set(expression.references) == {Reference("x"), Reference("x", ("a", "b"))}
    known = {Reference("x"): 2.0, Reference("x", ("a", "b")): 5.0}
    assert expression.value(known) == -9.0 + 5.0


@pytest.mark.parametrize("text", ["x +", "x.y", "f(x)", "min(x)", "x[1]", "'a'", "x if y else z"])
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(SuiteError, match="cannot read"):
        Expression(text)


def test_a_number_made_of_itself_is_refused():
    with pytest.raises(SuiteError, match="made of itself"):
        Expression("n", {"n": "m", "m": "n + 1"})


@pytest.mark.parametrize(
    ("what", "right", "wrong"),
    [
        ({"equals": "1", "within": "0.1"}, 1.05, 1.2),
        ({"equals": "2", "within": "5%"}, 2.09, 2.11),
        ({"at_least": "1"}, 1.0, 0.99),
        ({"at_most": "1"}, 1.0, 1.01),
        ({"between": ("1", "2")}, 1.5, 2.5),
        ({"sign": "positive"}, 0.1, -0.1),
        ({"sign": "negative"}, -0.1, 0.0),
    ],
)
def test_every_kind_of_check_can_pass_and_miss(what, right, wrong):
    assert held(value=right, **what)
    assert not held(value=wrong, **what)


def test_the_whole_interval_must_be_where_it_is_wanted():
    assert held(value=0.5, half_width=0.4, sign="positive")
    assert not held(value=0.5, half_width=0.6, sign="positive")
    assert not held(value=1.0, half_width=0.2, equals="1", within="0.1")


def test_a_chance_is_the_share_of_members():
    members = [-1.0] * 9 + [1.0]
    assert held(members=members, sign="negative", chance=0.9)
    assert not held(members=members, sign="negative", chance=0.95)


def test_the_spread_of_members_may_have_to_include_a_number():
    assert held(members=np.linspace(-1, 5, 50), spread_includes=0.0)
    assert not held(members=np.linspace(1, 5, 50), spread_includes=0.0)


@pytest.mark.parametrize(
    ("figure", "option", "window", "value"),
    [
        (Figure("total", "arrivals", {"cohort": ("older",)}), "do_nothing", "year_2", 2190.0),
        (Figure("total", "arrivals", {"cohort": ("older", "younger")}), "fewer", "year_2", 3431.0),
        (Figure("indicator", "occupied.acute"), "do_nothing", "all", 50.0),
        (Figure("on", "occupied", {}, "2024-04-08"), "do_nothing", "all", 50.0),
        (Figure("most", "occupied"), "do_nothing", "all", 50.0),
        (Figure("least", "capacity", {"setting": ("acute",)}), "do_nothing", "all", 100.0),
        (Figure("total", "strength", {"intervention": ("fewer",)}), "fewer", "year_1", 1.0),
        (Figure("money", "paid", {"kind": ("variable",)}), "do_nothing", "year_1", 1_825_000.0),
        (Figure("money", "paid", {"payer": ("board",)}), "fewer", "all", 730_000.0),
        (Figure("money", "net", {"account": ("hospital",)}), "do_nothing", "all", 2_920_000.0),
        (
            Figure("money", "paid", {"payer": ("board",)}, discount=0.25),
            "do_nothing",
            "all",
            365_000.0 * 1.8,
        ),
    ],
)
def test_figures_are_taken_from_results(results, figure, option, window, value):
    assert measure(results[option], figure, window) == pytest.approx([value], rel=1e-6)


@pytest.mark.parametrize(
    ("figure", "window", "says"),
    [
        (Figure("indicator", "waiting.ward"), "all", "no indicator"),
        (Figure("total", "arrivals", {"setting": ("ward",)}), "all", "no setting ward"),
        (Figure("total", "arrivals"), "year_9", "no window"),
        (Figure("total", "population"), "all", "has no population"),
        (Figure("on", "occupied", {}, "2024-04-03"), "all", "is not saved"),
        (Figure("money", "paid"), "first_winter", "no window"),
    ],
)
def test_a_figure_that_is_not_there_is_named(results, figure, window, says):
    with pytest.raises(SuiteError, match=says):
        measure(results["do_nothing"], figure, window)


def test_a_system_passes_and_what_was_solved_for_is_set(root):
    result = run_system(
        read_system(root / "benchmarks" / "systems" / "small.yaml"), root, threads=1
    )
    assert result.passed, result
    assert [judged.run for judged in result.judged] == ["flow", "flow", "halved", "halved"]
    assert result.solved["half"] == pytest.approx(-50.0, abs=0.01)


def test_a_system_misses_without_its_mechanism_in_the_first_run(root):
    path = root / "benchmarks" / "systems" / "small.yaml"
    a, b = CHECKS.index("solve:"), CHECKS.index("numbers:")
    c, d = CHECKS.index("  - {says: Half"), CHECKS.index("broken:")
    text = CHECKS[:a] + CHECKS[b:c] + CHECKS[d:]
    path.write_text(text.replace(", solved: [half]", ""), encoding="utf-8")
    assert run_system(read_system(path), root, threads=1).passed
    broken = run_system(read_system(path), root, threads=1, broken=True)
    assert [judged.passed for judged in broken.judged] == [False, False]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("reported:", "repotred:", "no entry repotred"),
        ("    within: 0.001\n    in: flow\n", "    in: flow\n", "within goes with equals"),
        ("equals: -0.1", "says_nothing: 1", "no entry says_nothing"),
        ("equals: -0.1", "at_most: 2\n    at_least: 1", "exactly one of"),
        ("in: flow", "in: flows", "there is no run flows"),
        ("engine: flow, members: 1}", "engine: fluid}", "engine is one of"),
        ("{total: arrivals, setting: acute, cohort: older}", "{total: arrival}", "no variable"),
        ("{total: arrivals, setting: acute, cohort: older}", "{most: arrivals}", "a count"),
        ("setting: acute, cohort: older}", "staff: nurses}", "has no staff"),
        ("{indicator: occupied.acute}", "{money: owed}", "money is paid or net"),
        ("between: [-90, 0]", "between: -90", "set, between .a, b., until"),
        ("came[fewer] / came - 1", "came[fewer] / / came", "cannot read"),
    ],
)
def test_faults_of_a_file_are_named(root, right, wrong, says):
    path = root / "benchmarks" / "systems" / "small.yaml"
    assert right in CHECKS
    path.write_text(CHECKS.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(SuiteError, match=f"small.yaml: .*{says}"):
        read_systems(root)


def test_an_unknown_that_nothing_solves_is_a_miss(capsys, root):
    path = root / "benchmarks" / "systems" / "small.yaml"
    path.write_text(CHECKS.replace("between: [-90, 0]", "between: [-20, 0]"), encoding="utf-8")
    code, out, _ = run_bench(capsys, "--repository", root)
    assert code == 5
    assert "failed besides: solve half" in out
    assert "it is 0 nowhere between" in out


def test_a_name_that_is_nothing_is_said(root):
    path = root / "benchmarks" / "systems" / "small.yaml"
    path.write_text(CHECKS.replace("find: half", "find: whole"), encoding="utf-8")
    with pytest.raises(SuiteError, match="nothing is named whole"):
        run_system(read_system(path), root, threads=1)


def test_the_command_prints_the_table_and_all_checks_of_one(capsys, root):
    code, out, _ = run_bench(capsys, "--repository", root, "--only", "small")
    assert code == 0, out
    assert out.splitlines()[0].split() == ["system", "reported", "simulated", "verdict"]
    assert "a tenth fewer" in out
    assert "-10%" in out
    assert "pass (4 of 4)" in out
    assert "Half come" in out


def test_a_miss_ends_with_5_and_says_what_was_wanted(capsys, root):
    path = root / "benchmarks" / "systems" / "small.yaml"
    path.write_text(CHECKS.replace("equals: -0.1", "equals: -0.2"), "utf-8")
    code, out, _ = run_bench(capsys, "--repository", root)
    assert code == 5
    assert "MISS (3 of 4)" in out
    assert "wanted: -0.2 within 0.001" in out
    assert "missed: small" in out


def test_json_holds_every_check(capsys, root):
    code, out, _ = run_bench(capsys, "--repository", root, "--json")
    (system,) = json.loads(out)["systems"]
    assert code == 0
    assert system["reported"]["value"] == -0.1
    assert system["checks"][0]["simulated"] == pytest.approx(-0.1, abs=1e-3)
    assert system["solved"]["half"] == pytest.approx(-50.0, abs=0.01)


def test_an_unknown_system_is_wrong_usage(capsys):
    code, _, err = run_bench(capsys, "--only", "mill_ris")
    assert code == 2
    assert "mill_rise" in err


def test_every_system_has_a_scenario_a_source_and_a_way_to_break_it():
    systems = read_systems(ROOT)
    assert len(systems) == 57
    for system in systems:
        assert (ROOT / "scenarios" / system.scenario).is_file(), system.name
        assert system.reported.source, system.name
        assert system.broken, system.name


@pytest.mark.parametrize("name", ["personal_health_budgets", "champs_blood_pressure"])
def test_some_systems_show_what_they_must(capsys, name):
    code, out, _ = run_bench(capsys, "--only", name)
    assert code == 0, out


@pytest.mark.slow
@pytest.mark.parametrize("system", read_systems(ROOT), ids=lambda system: system.name)
def test_a_system_shows_what_it_must(system):
    result = run_system(system, ROOT)
    assert result.passed, [j for j in result.judged if not j.passed] or result.audit


@pytest.mark.slow
@pytest.mark.parametrize("system", read_systems(ROOT), ids=lambda system: system.name)
def test_a_system_without_its_mechanism_misses(system):
    assert not run_system(system, ROOT, broken=True).passed
