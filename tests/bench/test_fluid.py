"""Copies of a place as one: how it is made larger, and when it counts as near its limit."""

import math
from pathlib import Path

import pytest

from caresim.api import load
from caresim.bench.cases import Figure, SuiteError, repository
from caresim.bench.fluid import Approach, read_fluid, run_fluid, times
from caresim.bench.statistics import Allowed, Estimate
from caresim.engines.flow.run import run_flow

ROOT = Path(__file__).parents[2]


def approach(values, errors, *, limit=2.0, **allowed):
    figure = Figure("delayed", math.nan, allowed=Allowed(**allowed))
    at = tuple(Estimate(v, e, 20) for v, e in zip(values, errors, strict=True))
    return Approach(figure, at, limit)


@pytest.mark.parametrize(
    ("values", "errors", "passed"),
    [
        ((3.0, 2.2, 2.01), (0.01, 0.01, 0.01), True),
        ((3.0, 2.2, 2.11), (0.01, 0.01, 0.01), False),  # too far at the end
        ((2.05, 2.3, 2.01), (0.01, 0.01, 0.01), False),  # further at first
        ((2.05, 2.3, 2.01), (0.05, 0.05, 0.05), True),  # which may be chance
        ((1.99, 2.01, 2.0), (0.01, 0.01, 0.01), True),  # no gap to close
        ((3.0, 2.2, math.nan), (0.01, 0.01, 0.01), False),
    ],
)
def test_the_largest_is_near_and_none_is_further_for_being_larger(values, errors, passed):
    assert approach(values, errors, relative=0.05).passed is passed
    assert approach(values, errors, absolute=0.1).passed is passed


def test_copies_of_a_place_have_all_of_it_so_many_times():
    model = load(ROOT / "scenarios" / "theory" / "c3_discharge_to_assess_queues.yaml").model(
        "do_nothing"
    )
    large = times(model, 10.0)
    assert [s.capacity.values[0] for s in large.settings] == [1020.0, 720.0]
    assert [c.people for c in large.census] == [970.0, 770.0]
    assert [q.people for q in large.queued] == [310.0, 430.0]
    one, ten = run_flow(model, threads=1), run_flow(large, threads=1)
    for name in ("occupied", "waiting", "admissions"):
        assert ten.totals[name] == pytest.approx(10.0 * one.totals[name], rel=1e-9, abs=1e-9)


def test_uncertain_inputs_stand_at_their_means():
    model = load(ROOT / "scenarios" / "bristol" / "bristol.yaml").model("do_nothing")
    assert model.inputs
    assert times(model, 1.0).inputs == ()


def test_the_saturated_pair_comes_nearer_with_every_scale():
    (case,) = [case for case in read_fluid(repository()) if case.case == "saturated_pair"]
    (result,) = run_fluid([case], repository(), quick=True)
    delayed = result.figures[0]
    assert not result.audit
    assert delayed.limit == pytest.approx(5 / 3, rel=1e-4)
    # Exact, by Markov chains: 2.2988, 1.7980, 1.6882.
    for found, exact in zip(delayed.at, (2.298789, 1.797998, 1.688187), strict=True):
        assert found.value == pytest.approx(exact, abs=5 * found.standard_error)
    assert delayed.gaps[0] > delayed.gaps[1] > delayed.gaps[2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", within: 1%", "", "does not say within"),
        ("[2, 3]", "[2]", "same length"),
        ("scales:", "sizes:", "no entry sizes"),
    ],
)
def test_a_list_with_a_fault_is_refused(tmp_path, old, new, said):
    folder = tmp_path / "benchmarks" / "fluid"
    folder.mkdir(parents=True)
    text = (
        "- case: one\n  scenario: theory/mm1.yaml\n  scales: [1, 4]\n  members: [2, 3]\n"
        "  figures:\n    - {figure: waiting, within: 1%}\n"
    )
    assert old in text
    (folder / "a.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SuiteError, match="case 1") as error:
        read_fluid(tmp_path)
    assert said in str(error.value)
