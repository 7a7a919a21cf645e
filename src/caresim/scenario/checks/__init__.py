"""Plausibility checks: what follows the rules of the language and still looks wrong."""

from caresim.scenario.checks import (
    capacity,
    fences,
    interventions,
    loads,
    loops,
    options,
    people,
    queues,
    routes,
    slow,
    sources,
    stays,
    times,
    uncertainty,
)
from caresim.scenario.checks.registry import CHECKS, Check, Finding, Subject, plausibility

__all__ = ["CHECKS", "Check", "Finding", "Subject", "plausibility"]

MODULES = (
    *(capacity, fences, interventions, loads, loops, options, people),
    *(queues, routes, slow, sources, stays, times, uncertainty),
)
"""The modules whose import registers their checks."""
