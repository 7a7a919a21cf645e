"""Observations: from simulated people to what published figures count.

England has counted delay in three ways that cannot be compared: days of delayed transfers (to
2020), people with no criteria to reside (from 2021), and days after the discharge ready date (from
2023). Each is another way to look at the same simulated people. An
:class:`~caresim.places.observing.Observation` says what one published measure counts, over whom
and when, and works out the same quantity from results; it takes the figures of its own measure and
no other.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import PATHWAYS
from caresim.places.observing import Observation, Operator, Scope, Simulated
from caresim.places.stays_observed import people_by_stay

FloatArray = NDArray[np.float64]


def _delayed_in(*kinds: str) -> Operator:
    return lambda simulated: simulated.rate("delayed", *kinds)


def _discharges(simulated: Simulated) -> FloatArray:
    """Return people a day who leave acute settings alive, as in ``discharges_per_day``."""
    acute = simulated.chosen("acute")
    moves = simulated.array("moves")[..., acute, :][..., ~acute].sum(axis=(-1, -2))
    return np.asarray(
        simulated.rate("home", "acute") + simulated.rate("elsewhere", "acute") + moves
    )


def _before_discharges(simulated: Simulated) -> FloatArray:
    return simulated.rate("delayed", "acute") + _discharges(simulated)


def _occupancy(simulated: Simulated) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(
            simulated.rate("places_used", "acute") / simulated.rate("capacity", "acute")
        )


def _pathway(number: int) -> Operator:
    def operator(simulated: Simulated) -> FloatArray:
        found = simulated.array("pathway_discharges")[..., simulated.chosen("acute"), :]
        return np.asarray(found[..., number].sum(axis=-1))

    return operator


def _long_stays(days: int) -> Operator:
    def operator(simulated: Simulated) -> FloatArray:
        return people_by_stay(
            simulated.spells, simulated.rate("admissions", "acute"), simulated.chosen("acute"), days
        )

    return operator


_ADULTS = "18 or over"
_TYPE_1 = "acute trusts with a major (type 1) emergency department"
_DAY = datetime.date

_RESIDE = Scope(
    _ADULTS, "general and acute beds", _TYPE_1,
    "each person on each day", "maternity, mental health and specialist trusts; people who died",
    _DAY(2021, 4, 1), None,
)  # fmt: skip
_PATHWAY_SCOPE = Scope(
    _ADULTS, "general and acute beds", _TYPE_1,
    "each discharge, by the pathway of what was arranged; all adults, not only those over 65",
    "people who died, and transfers to another acute trust", _DAY(2021, 4, 1), None,
)  # fmt: skip

_ALL = (
    Observation(
        "delayed_transfers", "delayed_transfers", "delayed_transfer_days", "",
        "people delayed on a mean day", True,
        Scope(
            _ADULTS, "NHS-funded acute and non-acute beds, community and mental health included",
            "all trusts, by the council of residence",
            "each midnight that a person ready for transfer spends in the bed",
            "people whose discharge waits for nothing but their own recovery", _DAY(2010, 8, 1),
            _DAY(2020, 2, 29),
        ),
        "Mean delayed in settings of kind acute and intermediate. Mental health beds are counted "
        "in the return and simulated only if the scenario has them. People on their way are still "
        "counted, as in the return.",
        _delayed_in("acute", "intermediate"),
    ),
    Observation(
        "delayed_transfers_acute", "delayed_transfers", "delayed_transfer_days.acute", "",
        "people delayed on a mean day", True,
        Scope(
            _ADULTS, "acute beds", "all trusts, by the council of residence",
            "each midnight that a person ready for transfer spends in the bed",
            "non-acute beds", _DAY(2010, 8, 1), _DAY(2020, 2, 29),
        ),
        "Mean delayed in settings of kind acute.",
        _delayed_in("acute"),
    ),
    Observation(
        "no_criteria_to_reside", "criteria_to_reside", "no_criteria_to_reside",
        "no_criteria_to_reside", "people", False, _RESIDE,
        "Mean delayed in settings of kind acute, and all discharges of the day, since the count is "
        "taken before them.",
        _before_discharges,
    ),
    Observation(
        "no_criteria_to_reside_day_end", "criteria_to_reside", "no_criteria_to_reside_day_end",
        "no_criteria_to_reside_day_end", "people", False, _RESIDE,
        "Mean delayed in settings of kind acute over the whole day stands for the count at its "
        "end.",
        _delayed_in("acute"),
    ),
    Observation(
        "ready_date_bed_days", "ready_date", "ready_date_bed_days",
        "discharge_ready_bed_days_per_day", "bed-days per day", True,
        Scope(
            _ADULTS, "acute beds, of discharges with a discharge ready date",
            _TYPE_1 + " whose data are acceptable",
            "midnights between the discharge ready date and discharge, in the month of discharge",
            "people still in hospital; trusts whose data are not acceptable", _DAY(2023, 9, 1),
            None,
        ),
        "Mean delayed in settings of kind acute. The published days are of those discharged in the "
        "period, the simulated ones of all who are delayed in it: the same in the long run, and "
        "earlier by about a delay when delays change.",
        _delayed_in("acute"),
    ),
    Observation(
        "occupied_beds", "beds", "beds_occupied.general_acute", "", "people", False,
        Scope(
            "all ages", "general and acute beds open overnight", "all NHS trusts",
            "occupied beds at midnight, mean over the days", "maternity and mental illness",
            _DAY(2010, 4, 1), None,
        ),
        "Places used in settings of kind acute, those held for people on their way included. A "
        "scenario of adults alone has no children to count.",
        lambda simulated: simulated.rate("places_used", "acute"),
    ),
    Observation(
        "bed_occupancy", "beds", "bed_occupancy.general_acute", "", "share", False,
        Scope(
            "all ages", "general and acute beds open overnight", "all NHS trusts",
            "occupied beds divided by open beds", "maternity and mental illness",
            _DAY(2010, 4, 1), None,
        ),
        "Places used divided by places open, over all settings of kind acute; not a number where "
        "one of them has no limit.",
        _occupancy,
    ),
    *(
        Observation(
            f"stays_{days}_days", "stays", f"long_stay_patients.{days}_plus", "", "people", False,
            Scope(
                _ADULTS, "general and acute beds", "all acute trusts",
                f"people in the bed for {days} days or more since admission, on the day",
                "none", _DAY(2018, 4, 1), None,
            ),
            "People in acute settings by elapsed stay, from the lengths of the stays that ended in "
            "the window, as if arrivals were steady in it and stays lognormal (exponential ones of "
            "mean 8 days come out 4, 8 and 17% too few). Needs the event engine and windows "
            "(`totals`), as the flow engine keeps no lengths.",
            _long_stays(days),
        )
        for days in (7, 14, 21)
    ),
    Observation(
        "discharges", "pathways", "discharges", "discharges_per_day", "people per day", True,
        _PATHWAY_SCOPE, "People who leave settings of kind acute alive.", _discharges,
    ),
    *(
        Observation(
            f"pathway_{number}", "pathways", f"pathway_discharges.pathway_{number}",
            f"discharges_per_day.pathway_{number}", "people per day", True, _PATHWAY_SCOPE,
            "Discharges from settings of kind acute whose route counts as the pathway.",
            _pathway(int(number)),
        )
        for number in PATHWAYS
    ),
)  # fmt: skip

OBSERVATIONS: Mapping[str, Observation] = {known.id: known for known in _ALL}
"""Every observation by id."""

DELAY_FAMILIES = ("delayed_transfers", "criteria_to_reside", "ready_date")
"""The ways in which England has counted delay."""


def observation_of(measure: str) -> Observation:
    """Return the observation of a published measure.

    Raises
    ------
    KeyError
        If no operator observes the measure.

    Examples
    --------
    >>> observation_of("ready_date_bed_days").family
    'ready_date'
    """
    for known in OBSERVATIONS.values():
        if known.measure == measure:
            return known
    raise KeyError(f"nothing simulated observes the measure {measure!r}")
