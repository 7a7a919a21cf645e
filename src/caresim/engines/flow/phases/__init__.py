"""Lengths of stay as phases, the form in which the flow engine can carry them."""

from caresim.engines.flow.phases.fit import (
    DEFAULT_TOLERANCE,
    MAX_PHASES,
    PhaseFit,
    PhaseType,
    equilibrium_phases,
    phase_fit,
    phase_type,
    phases_given_elapsed,
)

__all__ = [
    "DEFAULT_TOLERANCE",
    "MAX_PHASES",
    "PhaseFit",
    "PhaseType",
    "equilibrium_phases",
    "phase_fit",
    "phase_type",
    "phases_given_elapsed",
]
