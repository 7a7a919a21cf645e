"""Everything that changes numbers while the model runs, in the explicit form."""

from __future__ import annotations

from typing import Any

from caresim.scenario.resolve.context import Context
from caresim.scenario.resolve.interventions import (
    check_feedback,
    check_intervention,
    resolved_feedbacks,
    resolved_intervention,
)
from caresim.scenario.resolve.population import check_population, resolved_population
from caresim.scenario.resolve.workforce import (
    check_budget,
    check_staff,
    resolved_budget,
    resolved_staff,
)


def resolved_slow(context: Context) -> dict[str, Any]:
    """Write the blocks that a scenario has in the explicit form."""
    file = context.file
    written: dict[str, Any] = {}
    if file.interventions:
        written["interventions"] = {
            name: resolved_intervention(context, name) for name in file.interventions
        }
    if file.feedbacks:
        written["feedbacks"] = {
            key: block
            for name in file.feedbacks
            for key, block in resolved_feedbacks(context, name).items()
        }
    if file.workforce:
        written["workforce"] = {name: resolved_staff(context, name) for name in file.workforce}
    if file.population is not None:
        written["population"] = resolved_population(context)
    if file.budgets:
        written["budgets"] = {name: resolved_budget(context, name) for name in file.budgets}
    return written


def check_slow(context: Context) -> None:
    """Report what cannot be in these blocks; entries that are faulty already are left out."""
    file, faulty = context.file, context.faulty
    for part, check in (
        ("interventions", check_intervention),
        ("feedbacks", check_feedback),
        ("workforce", check_staff),
        ("budgets", check_budget),
    ):
        for name in getattr(file, part):
            if (part, name) not in faulty:
                check(context, name)
    if file.population is not None and not any(part == "population" for part, _ in faulty):
        check_population(context)
