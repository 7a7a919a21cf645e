from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import caresim.scenario.codes_scenario  # noqa: F401 - the codes that faults are looked up in
from caresim.scenario import explicit
from caresim.scenario.codes import CODES
from caresim.scenario.schema import kinds
from caresim.scenario.schema.leaf import Leaf
from caresim.scenario.schema.measures import LEAF_KINDS
from caresim.scenario.values import By, Quantity


def faults(leaf: Leaf, data: object) -> list[tuple[str, tuple[object, ...]]]:
    with pytest.raises(ValidationError) as caught:
        leaf.read(data)
    return [(e["ctx"]["code"], e["loc"]) for e in caught.value.errors()]


DURATION = Leaf(kinds.DURATION, uncertain=True)


def test_plain_and_about():
    assert DURATION.read("2 weeks") == Quantity(14.0)
    read = DURATION.read({"value": "2 weeks", "source": "audit", "note": "all wards"})
    assert read == Quantity(14.0, source="audit", note="all wards")


def test_by_cohort_and_locality_may_nest_and_share_a_source():
    read = DURATION.read(
        {
            "by_cohort": {"older": {"by_locality": {"north": "9 days", "others": "8 days"}}},
            "source": "x",
        }
    )
    assert isinstance(read, By)
    inner = read.values["older"]
    assert isinstance(inner, By)
    assert inner.axis == "locality"
    assert inner.values["north"] == Quantity(9.0, source="x")


def test_interval_defaults():
    read = DURATION.read({"low": "4 days", "high": "6 days"})
    assert isinstance(read, Quantity)
    assert read.interval is not None
    assert (read.value, read.interval.level, read.interval.shape) == (5.0, 0.8, "normal")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (5, [("C302", ())]),
        ("5 beds", [("C304", ())]),
        (True, [("C301", ())]),
        ([1], [("C301", ())]),
        ({}, [("C202", ())]),
        ({"value": "5 days", "sorce": "x"}, [("C201", ("sorce",))]),
        ({"value": "5 days", "source": 3}, [("C205", ("source",))]),
        ({"low": "4 days"}, [("C202", ())]),
        ({"low": "6 days", "high": "4 days"}, [("C308", ())]),
        ({"low": "4 days", "high": "4 days"}, [("C308", ())]),
        ({"low": "4 days", "high": "6 days", "mean": "5.9 days"}, [("C309", ())]),
        (
            {"low": "4 days", "high": "6 days", "mean": "5 days", "median": "5 days"},
            [("C310", ("median",))],
        ),
        ({"low": "4 days", "high": "6 days", "level": "120%"}, [("C310", ("level",))]),
        ({"low": "4 days", "high": "6 days", "level": 0}, [("C310", ("level",))]),
        ({"low": "4 days", "high": "6 days", "shape": "norml"}, [("C204", ("shape",))]),
        (
            {"low": "4 days", "high": "6 days", "shape": "uniform", "level": 0.8},
            [("C310", ("level",))],
        ),
        (
            {"low": "4 days", "high": "6 days", "shape": "lognormal", "mean": "5 days"},
            [("C310", ("mean",))],
        ),
        (
            {"low": "4 days", "high": "6 days", "shape": "lognormal", "mode": "5 days"},
            [("C310", ("mode",))],
        ),
        ({"low": "0 days", "high": "6 days", "shape": "lognormal"}, [("C309", ())]),
        ({"by_cohort": {}}, [("C203", ("by_cohort",))]),
        (
            {"by_cohort": {"a": "x", "b": 5}},
            [("C301", ("by_cohort", "a")), ("C302", ("by_cohort", "b"))],
        ),
    ],
)
def test_faults_have_code_and_place(data, expected):
    assert faults(DURATION, data) == expected


def test_interval_and_axes_only_where_they_may_be():
    plain = Leaf(kinds.COUNT, by=("locality",))
    assert faults(plain, {"low": 1, "high": 2}) == [("C313", ())]
    assert faults(plain, {"by_cohort": {"others": 2}}) == [("C314", ("by_cohort",))]


def test_population_rates_are_marked_and_not_mixed():
    rate = Leaf(kinds.RATE, uncertain=True)
    read = rate.read("120 per 1000 per year")
    assert isinstance(read, Quantity)
    assert read.per_person
    assert read.value == pytest.approx(0.12 / 365)
    assert faults(rate, {"low": "1 per day", "high": "120 per 1000 per year"}) == [("C308", ())]


def test_share_of_survivors_and_rest():
    share = Leaf(kinds.ROUTE_SHARE, uncertain=True)
    assert share.read("rest") == Quantity(0.0, "rest")
    assert share.read({"value": "12%", "of": "survivors"}) == Quantity(0.12, "survivors")
    assert share.read({"value": "12%", "of": "everyone"}) == Quantity(0.12)
    assert faults(share, {"value": "rest", "of": "survivors"}) == [("C320", ("of",))]
    assert faults(Leaf(kinds.SHARE), {"value": "12%", "of": "survivors"}) == [("C201", ("of",))]


def test_every_fault_has_an_entry_in_the_catalogue():
    source = [kind.example.strip("`") for kind in LEAF_KINDS]
    assert all(source)
    for code in ("C308", "C309", "C310", "C313", "C314", "C320"):
        assert len(CODES[code].explanation) > 60


NUMBERS = st.floats(min_value=1e-9, max_value=1e9, allow_nan=False, allow_infinity=False)


@given(NUMBERS)
def test_written_values_are_read_back_exactly(value):
    for kind in LEAF_KINDS:
        number = value / 2e9 if kind.most == 1.0 else value
        written = explicit.leaf(Quantity(number), kind, ("a",))
        assert Leaf(kind).read(written) == Quantity(number), kind.name


@given(NUMBERS, NUMBERS)
def test_written_intervals_are_read_back_exactly(low, width):
    leaf = Leaf(kinds.DURATION, uncertain=True)
    written = {"low": f"{low!r} days", "high": f"{low + width!r} days"}
    if low + width > low:
        read = leaf.read(written)
        again = explicit.leaf(read, kinds.DURATION, ("settings", "a", "stay"))
        assert again["draw"] == "settings.a.stay"
        once = leaf.read(again)
        assert explicit.leaf(once, kinds.DURATION, ("elsewhere",)) == again
        assert once.interval == read.interval


def test_unlimited_is_no_end_of_an_interval():
    places = Leaf(kinds.PLACES, uncertain=True, by=())
    assert faults(places, {"low": 3, "high": "unlimited"}) == [("C308", ())]


def test_unlimited():
    read = Leaf(kinds.PLACES).read("unlimited")
    assert isinstance(read, Quantity)
    assert math.isinf(read.value)
    assert explicit.leaf(read, kinds.PLACES, ()) == "unlimited"
