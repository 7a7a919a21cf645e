"""Time at each number of people, against a count made moment by moment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.bench.paths import levels

DAYS = 10.0


class Rows:
    """As much of an event log as the paths look at."""

    def __init__(self, member):
        self.member = np.asarray(member, dtype=np.int64)


def shares(member, begin, end, members):
    chosen = np.ones(len(begin), dtype=bool)
    begin, end = np.asarray(begin, dtype=float), np.asarray(end, dtype=float)
    return list(levels(Rows(member), chosen, begin, end, members, DAYS))


def test_overlapping_stays_are_counted_together():
    got = shares([0, 0], [1.0, 3.0], [5.0, 7.0], 1)[0]
    assert got == pytest.approx([0.4, 0.4, 0.2])


def test_what_lies_outside_the_run_is_cut_off_and_what_has_no_end_lasts():
    got = shares([0, 0, 0], [-5.0, 8.0, np.nan], [2.0, np.nan, 4.0], 1)[0]
    assert got == pytest.approx([0.6, 0.4])


def test_a_member_without_rows_is_empty_all_the_time():
    got = shares([1], [0.0], [10.0], 3)
    assert [list(share) for share in got] == [[1.0], [0.0, 1.0], [1.0]]


def test_one_who_comes_as_another_leaves_is_no_second_person():
    assert shares([0, 0], [0.0, 4.0], [4.0, 10.0], 1)[0] == pytest.approx([0.0, 1.0, 0.0])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-4, 24), st.integers(0, 12)), max_size=30))
def test_the_shares_are_those_of_a_count_at_every_moment(rows):
    rows = sorted(rows)
    member = np.array([row[0] for row in rows], dtype=int)
    begin = np.array([row[1] / 2.0 for row in rows])
    end = begin + np.array([row[2] / 2.0 for row in rows])
    moments = np.arange(20) / 2.0 + 0.25
    for number, got in enumerate(shares(member, begin, end, 3)):
        mine = member == number
        people = [(mine & (begin <= t) & (t < end)).sum() for t in moments]
        expected = np.bincount(people, minlength=got.size) / 20.0
        assert got == pytest.approx(expected[: got.size])
        assert expected[got.size :].sum() == 0.0
