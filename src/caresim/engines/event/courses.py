"""What a delay does to the stay that follows it, and to the routes after that; compiled.

The law is that of :mod:`caresim.engines.coupling.delay`, of each person's own days.
"""

# numba gives compiled code its types, and refuses what does not fit.
# mypy: disable-error-code="arg-type,assignment,no-any-return,return-value"

from __future__ import annotations

import numpy as np

from caresim.engines.coupling import after_delay, shifted_share, shifts
from caresim.engines.event.memory import (
    cell_at,
    compiled,
    coupling_of,
    course_at,
    params_of,
    person_at,
    route_order_of,
    shares_of,
)
from caresim.engines.event.records import Record


@compiled
def lengthened(m: Record, p: int, stay: float) -> float:
    """Return the stay of a person, given what it would be if they had not been delayed before."""
    person, course = person_at(m, p), course_at(m, p)
    if course.delay <= 0.0:
        return stay
    origin, setting, cohort = (
        np.int64(course.held_in),
        np.int64(person.setting),
        np.int64(person.cohort),
    )
    return stay * after_delay(
        coupling_of(m), params_of(m), 0, origin, setting, cohort, course.delay
    )


@compiled
def route_after_delay(m: Record, p: int, u: float) -> int:
    """Return the route that a uniform number falls on; -1 if no delay changes the shares."""
    person, course = person_at(m, p), course_at(m, p)
    if course.delay <= 0.0:
        return -1
    c, origin = coupling_of(m), np.int64(course.held_in)
    if not shifts(c, origin, np.int64(person.setting), np.int64(person.cohort)):
        return -1
    cell = cell_at(m, person.setting, person.cohort)
    first = np.int64(cell.route_start)
    routes = route_order_of(m)[first : cell.route_end]
    shares = shares_of(m)[first : cell.route_end]
    reached, chosen = 0.0, np.int64(-1)
    for k in range(routes.size):
        share = shifted_share(c, params_of(m), 0, routes, shares, origin, course.delay, k)
        reached += share
        if share > 0.0:
            chosen = first + k
            if u < reached:
                break
    return chosen
