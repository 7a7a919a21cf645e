"""The phases in which the flow engine lets time pass: stays, arrangements, transfers."""

from __future__ import annotations

from caresim.engines.flow.phases import DEFAULT_TOLERANCE, PhaseType, phase_type
from caresim.stays import Stay

FASTEST_RATE = 3.8
"""Phases a day that a step of six hours can follow, with a twentieth left for hazards."""

BETWEEN_TOLERANCE = 0.02
"""Largest error of the survival of a time between ready and moved, as a share of people: twice
what stays in care are held to, since these times are days and their shape fades in the queue."""

LEAST_SCALE = 0.5
"""How far the phases of an uncertain stay are slowed down so that members who draw a short one
can be followed by the same step. What a draw below asks for, the step must give."""


def phases_of(
    stay: Stay, *, in_care: bool = True, steps_per_day: int = 0, least_factor: float = 1.0
) -> PhaseType:
    """Return the phases the engine uses for a stay.

    No phase is left faster than a step of six hours can follow, as long as the mean allows it, so
    that a transfer of some hours does not force steps of minutes on a run of years: within a day,
    only the mean can be seen.

    Parameters
    ----------
    stay
        The stay.
    in_care
        Whether it is a stay in care, rather than a time of arrangement or transfer only.
    steps_per_day
        The steps the author of the scenario asks for, 0 if any: longer steps than six hours slow
        the phases down further.
    least_factor
        The smallest factor on the stay that any member is allowed.
    """
    fastest = min(FASTEST_RATE, steps_per_day) if steps_per_day else FASTEST_RATE
    tolerance = DEFAULT_TOLERANCE if in_care else BETWEEN_TOLERANCE
    return phase_type(stay, tolerance, max_rate=fastest * max(LEAST_SCALE, least_factor))
