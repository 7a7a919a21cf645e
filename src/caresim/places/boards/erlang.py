"""How many places a load needs: waiting in a queue with many places (Erlang's formulas)."""

from __future__ import annotations

import math


def chance_of_waiting(places: int, load: float) -> float:
    """Return the chance that someone who arrives has to wait, M/M/c.

    Erlang's C formula from his B by the stable recursion (Cooper, Introduction to Queueing Theory,
    1981, section 3.4); 1 where the load fills the places.

    Parameters
    ----------
    places
        Number of places, 1 or more.
    load
        Arrivals a day times mean days in a place.

    Examples
    --------
    >>> round(chance_of_waiting(10, 8.0), 4)
    0.4092
    """
    if load >= places:
        return 1.0
    blocked = 1.0
    for n in range(1, places + 1):
        blocked = load * blocked / (n + load * blocked)
    return places * blocked / (places - load * (1 - blocked))


def mean_wait_days(places: int, load: float, stay_days: float) -> float:
    """Return the mean wait for a place in days, over all who arrive, M/M/c.

    Waits with other stays of the same mean are longer by about (1 + cv squared) / 2.
    """
    if load >= places:
        return math.inf
    return chance_of_waiting(places, load) * stay_days / (places - load)


def places_for_wait(load: float, stay_days: float, wait_days: float) -> int:
    """Return the fewest places at which the mean wait is no more than ``wait_days``.

    Examples
    --------
    >>> places_for_wait(8.0, 4.0, 0.5)
    11
    """
    enough = max(1, math.ceil(load))
    while mean_wait_days(enough, load, stay_days) > wait_days:
        enough += 1
    return enough
