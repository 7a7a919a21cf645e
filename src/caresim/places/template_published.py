"""The parts of a board's scenario that hold what is published about delays, if anything is."""

from __future__ import annotations

from caresim.places.boards.table import Board

YEAR = "from: 2024-04-01, to: 2025-04-01"
TEN_MONTHS = "from: 2024-06-01, to: 2025-04-01"

EVERY_DISCHARGE = ("hospital_process", "no_reason_recorded")
WITH_SUPPORT = ("supported_discharge_review", "care_transfer_hub", "other_support", "wellbeing")
OF_ROUTE = {
    "home": ("restart_of_care",),
    "home_support": ("package_arrangement", "capacity_home"),
    "community_beds": ("bedded_arrangement", "capacity_intermediate"),
    "residential": ("care_home_arrangement", "capacity_residential"),
}
"""Reasons that hold up only the people on one route out of the acute beds."""


def published(board: Board) -> str:
    """Return the published figures that a run prints beside its own."""
    beds = round(board["beds_highest_month"])
    rows = {
        "acute_occupied": ("occupied.acute", board["beds_occupied"], YEAR, "uec_beds"),
        "acute_occupancy": ("occupancy.acute", board["beds_occupied"] / beds, YEAR, "uec_beds"),
    }
    for n in range(4):
        share = board[f"pathway_{n}_per_day"] / board["discharges_per_day"]
        rows[f"pathway_{n}"] = (f"discharge_share.pathway_{n}", share, TEN_MONTHS, "adsr")
    dates = YEAR if board.get("discharges_per_day_year") else TEN_MONTHS
    rows["discharges"] = ("discharges_per_day", board.discharges, dates, "adsr")
    for name, indicator, figure, source in (
        ("before_discharges", "no_criteria_to_reside", "no_criteria_before_discharges", "adsr"),
        ("day_end", "no_criteria_to_reside_day_end", "no_criteria_day_end", "adsr"),
        (
            "after_discharge_ready_date",
            "discharge_ready_bed_days_per_day",
            "ready_bed_days_per_day",
            "discharge_ready_date",
        ),
    ):
        value = board.get(figure)
        if value is not None:
            rows[name] = (indicator, value, YEAR, source)
    for reason, people in _people_by_reason(board).items():
        indicator = f"delayed_by_reason.{reason}"
        rows[f"reason_{reason}"] = (indicator, people, TEN_MONTHS, "adsr")
    return "\n".join(
        f"  {name}: {{indicator: {indicator}, value: {value:.5g}, {dates}, source: {source}}}"
        for name, (indicator, value, dates, source) in rows.items()
    )


def own_delays(board: Board) -> str:
    """Return the option with the board's own delays, if they are published.

    Mean days for each discharge on a route are the people with a reason over the discharges a day
    concerned (Little's law). The reasons of the return are asked for after seven days in hospital;
    the people at day end without one have been there for less, or none was given.
    """
    people = _people_by_reason(board)
    if not people:
        return "#-"
    per_day = {
        route: board.discharges * board[f"pathway_{n}_per_day"] / board["discharges_per_day"]
        for n, route in enumerate(OF_ROUTE)
    }
    with_support = sum(flow for route, flow in per_day.items() if route != "home")
    lines = [
        "  # The board's own people with each reason, divided by its discharges a day: the",
        "  # number delayed then meets the published one by construction: it shows what is local.",
        "  published_delays:",
        "    label: The board's own published delays in place of those foretold",
        "    set:",
    ]
    for route, own in OF_ROUTE.items():
        steps = {reason: people[reason] / per_day[route] for reason in own if per_day[route] > 0}
        if route != "home":
            steps |= {reason: people[reason] / with_support for reason in WITH_SUPPORT}
        steps |= {reason: people[reason] / board.discharges for reason in EVERY_DISCHARGE}
        lines.append(f"      settings.acute.then.{route}.arrangement:")
        lines += [_step(reason, days) for reason, days in steps.items() if days >= 0.0005]
    return "\n".join(lines)


def _step(reason: str, days: float) -> str:
    # Below half a day as a day for a share of people: the same mean, and no step of an hour.
    if days < 0.5:
        return f"        - {{time: 1 day, share: {100 * days:.2f}%, reason: {reason}}}"
    return f"        - {{time: {days:.3f} days, reason: {reason}}}"


def _people_by_reason(board: Board) -> dict[str, float]:
    """Return people by reason; what is left of those at day end had no reason recorded."""
    day_end = board.get("no_criteria_day_end")
    if day_end is None:
        return {}
    found = {
        name.removeprefix("reason_"): people
        for name, people in board.figures.items()
        if name.startswith("reason_")
    }
    return {**found, "no_reason_recorded": max(0.0, day_end - sum(found.values()))}
