import numpy as np
import pytest

import made_up
from caresim.engines.output import Check
from caresim.results.audit import audit
from caresim.results.option import OptionResults
from caresim.results.summary import audit_line


def failed(output):
    return {check.name for check in audit(output) if not check.passed}


def with_one(output, group, name, value):
    array = getattr(output, group)[name].copy()
    array[(0,) * array.ndim] = value
    return made_up.changed(output, group, **{name: array})


def test_consistent_numbers_pass():
    assert failed(made_up.output()) == set()
    assert failed(made_up.output(made_up.model(days=20.0), members=1)) == set()
    assert failed(made_up.output(made_up.model(days=365.0 * 3 + 10), members=2, kept=1)) == set()


@pytest.mark.parametrize(
    ("group", "name", "value", "check"),
    [
        ("totals", "lost", np.nan, "numbers_finite"),
        ("mean", "occupied_at", np.inf, "numbers_finite"),
        ("series", "capacity", np.nan, "numbers_finite"),
        ("series", "waiting", -1e-3, "nothing_negative"),
        ("series", "delayed", 1000.0, "delayed_hold_a_place"),
        ("mean", "delayed_at", 1000.0, "delayed_hold_a_place"),
        ("totals", "delayed_by_reason", 9.0, "reasons_add_up"),
        ("totals", "admissions", 9.0, "years_add_up"),
        ("mean", "admissions", 9.0, "periods_add_up"),
        ("totals", "occupied", 9.0, "periods_add_up"),
    ],
)
def test_a_number_that_is_wrong_is_found(group, name, value, check):
    assert check in failed(with_one(made_up.output(), group, name, value))


def test_a_small_wrong_number_beside_large_ones_is_found_in_its_own_variable():
    output = made_up.output()
    swaps = output.mean["swaps"].copy()
    swaps[0] *= 1 + 1e-6
    assert failed(made_up.changed(output, "mean", swaps=swaps)) == {"periods_add_up"}


def test_rounding_is_no_breach():
    output = made_up.output()
    occupied = output.mean["occupied"] * (1 + 1e-13)
    assert failed(made_up.changed(output, "mean", occupied=occupied)) == set()


def test_years_are_told_from_published_figures():
    made = made_up.model(published=(made_up.figure("year_3", first=0.0, last=100.0),))
    assert failed(made_up.output(made)) == set()


def test_checks_of_the_engine_come_first_and_count():
    check = Check("capacity_kept", False, 3.0, 1e-9, "people beyond the places open")
    results = OptionResults.from_output(made_up.output(checks=(check,)))
    assert results.audit[0] == check
    assert not results.passed
    assert audit_line(results) == (
        f"AUDIT FAILED, 1 of {len(results.audit)} checks:\n"
        "  capacity_kept: 3, allowed 1e-09 (people beyond the places open)"
    )


def test_an_engine_that_checks_nothing_does_not_pass():
    assert not OptionResults.from_output(made_up.output(checks=())).passed
