"""The phases in which the flow engine lets time pass: stays, arrangements, transfers."""

from __future__ import annotations

from caresim.engines.flow.phases import PhaseType, phase_type
from caresim.stays import Stay

FASTEST_RATE = 4.0
"""Phases a day that a step of six hours can follow."""


def phases_of(stay: Stay) -> PhaseType:
    """Return the phases the engine uses for a stay.

    No phase is left faster than a step of six hours can follow, as long as the mean allows it, so
    that a transfer of some hours does not force steps of minutes on a run of years: within a day,
    only the mean can be seen.
    """
    return phase_type(stay, max_rate=FASTEST_RATE)
