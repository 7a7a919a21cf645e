"""What the event engine checks of every run."""

from __future__ import annotations

import math
from collections.abc import Sequence

from caresim.engines.event.chunk import Audit
from caresim.engines.output import Check

RELATIVE = 1e-9
"""Rounding of sums of times, relative to the sums."""


def checks(audits: Sequence[Audit]) -> tuple[Check, ...]:
    """Return the audit of all members, each line about the worst of them."""
    # Without populations as stocks there is nothing to conserve but the people who are followed.
    apart = [audit.population for audit in audits if audit.population is not None]
    population = _check(
        "population_conserved",
        max(apart, default=0.0),
        RELATIVE,
        "People of all cohorts at the end, less those at the start and all who joined or left "
        "since, relative to those at the start.",
    )
    return (
        _check(
            "people_conserved",
            max(audit.lost for audit in audits),
            0.0,
            "People in, less people out, less people inside, counted one by one.",
        ),
        _check(
            "littles_law",
            max(audit.little for audit in audits),
            RELATIVE,
            "Relative difference, in any setting and cohort, between the area under the census "
            "and the time that people spent, inside and waiting.",
        ),
        _check(
            "lengths_add_up",
            max(audit.spells for audit in audits),
            RELATIVE,
            "Relative difference, in any setting or for any reason, between the mean people "
            "waiting, delayed and inside and the lengths of waits, delays and stays counted.",
        ),
        _check(
            "places_recounted",
            max(audit.places for audit in audits),
            1e-6,
            "Places counted as used, less those that the people inside hold.",
        ),
        _check(
            "capacity_kept",
            max(audit.excess for audit in audits),
            1e-6,
            "Places in use beyond capacity when somebody was admitted.",
        ),
        _check(
            "nobody_waits_in_vain",
            max(float(audit.idle) for audit in audits),
            0.0,
            "Settings where, at the end, a place is free that someone who waits may have.",
        ),
        _check(
            "no_negative_stock",
            max(0.0, -min(audit.least for audit in audits)),
            1e-6,
            "People or places below none in any stock.",
        ),
        *((population,) if apart else ()),
    )


def deadlock_notes(audits: Sequence[Audit]) -> tuple[str, ...]:
    """Return a sentence on the members that circular blocking stopped, if any."""
    days = [audit.stopped for audit in audits if not math.isnan(audit.stopped)]
    if not days:
        return ()
    return (
        f"Circular blocking stopped {len(days)} of {len(audits)} members, the first on day "
        f"{min(days):.2f}; from then on their people are counted where they stood.",
    )


def _check(name: str, worst: float, limit: float, meaning: str) -> Check:
    return Check(name, bool(worst <= limit), worst, limit, meaning)
