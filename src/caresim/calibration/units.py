"""Units of fitted inputs, in which the draws are saved."""

from __future__ import annotations

from caresim.model import UncertainInput

_UNITS = {
    "arrival_rate": "per day",
    "arrival_growth": "per year",
    "population": "people",
    "population_growth": "per year",
    "stay": "days",
    "route_share": "share",
    "step_share": "share",
    "capacity": "places",
    "waiting_hazard": "per day",
    "delayed_hazard": "per day",
    "intervention_amount": "amount",
    "intervention_reach": "share",
    "intervention_start": "days",
    "feedback_amount": "amount",
    "slippage": "days",
    "leavers": "per day",
    "recruitment": "per day",
    "sickness": "share",
    "price": "GBP",
}


def unit_of_input(uncertain: UncertainInput) -> str:
    """Return the base unit of an uncertain input."""
    return _UNITS[uncertain.targets[0].field] if uncertain.targets else ""
