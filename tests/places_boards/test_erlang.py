"""Erlang's formulas against textbook values and each other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.places.boards.erlang import chance_of_waiting, mean_wait_days, places_for_wait


def test_one_place_waits_as_often_as_it_is_in_use():
    assert chance_of_waiting(1, 0.7) == pytest.approx(0.7)
    assert mean_wait_days(1, 0.5, 2.0) == pytest.approx(2.0)  # rho / (mu - lambda)


def test_two_places():
    # C(2, a) = a^2 / (2 + a) for M/M/2
    assert chance_of_waiting(2, 1.2) == pytest.approx(1.44 / 3.2)


def test_more_load_than_places_waits_for_ever():
    assert chance_of_waiting(3, 3.0) == 1.0
    assert math.isinf(mean_wait_days(3, 4.0, 1.0))


@given(load=st.floats(0.1, 300), stay=st.floats(0.1, 50), wait=st.floats(0.01, 5))
def test_the_places_are_the_fewest_that_do(load, stay, wait):
    places = places_for_wait(load, stay, wait)
    assert mean_wait_days(places, load, stay) <= wait
    assert places == 1 or mean_wait_days(places - 1, load, stay) > wait
