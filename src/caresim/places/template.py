"""Writes a runnable scenario for a board, from its published figures and England's defaults.

The text is that of ``template.yaml``, with the figures put in. What is not published for a board
comes from the libraries that the scenario imports.
"""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from string import Template
from typing import Any

import yaml

from caresim.places.boards.predict import Prediction, predict
from caresim.places.boards.table import Board, own_sources
from caresim.places.template_published import own_delays, published

DIED = 0.0463
"""Share of admissions that end in death, as in library:discharge_pathways."""
RESIDENT_DAYS = 801.0
"""Mean stay in a care home, as in library:discharge_pathways."""
SUPPORT_DAYS = 16.2
"""Mean days of support at home, as in the template."""
MOST_IN_USE = 0.75
"""Share of community beds in use beyond which the number of beds is doubted: with stays 15% longer
and shares 10% higher, as some members draw, and five years of growth there is still room. A limit
that binds would count the want of a bed twice, since it is in the arrangement."""
SHORTEST_DAYS = 0.7
"""Shortest mean time of a step of arrangement; a shorter one is written as this for fewer people,
which leaves the mean number delayed as it is and lets the flow engine take steps of six hours."""
ROUTES = {"home": 0, "home_support": 1, "community_beds": 2, "residential": 3}
"""Discharge pathway of each route out of the acute beds."""

Step = dict[str, Any]


def scenario_text(board: Board) -> str:
    """Return the scenario of a board as YAML with comments.

    Parameters
    ----------
    board
        From :func:`caresim.places.boards.board`.

    Examples
    --------
    >>> from caresim.places.boards import board
    >>> scenario_text(board("QSL")).splitlines()[0]
    '# Somerset board, April 2024 and five years on.'
    """
    made = predict(board)
    values = _words(board, made) | _acute(board, made) | _after(board) | _delays(board, made)
    values |= {
        "own_delays": own_delays(board),
        "published": published(board),
        "sources": _sources(),
    }
    template = resources.files("caresim.places") / "template.yaml"
    text = Template(template.read_text(encoding="utf-8")).substitute(values)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip() != "#-") + "\n"


@cache
def national_steps() -> dict[str, tuple[Step, ...]]:
    """Return England's arrangement by route: steps of days, share (mean) and reason."""
    library = resources.files("caresim") / "library" / "discharge_pathways.yaml"
    content = yaml.load(library.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    then = content["settings"]["acute"]["then"]
    return {
        route: tuple(
            {
                "days": float(step["time"].removesuffix("days").removesuffix("day")),
                "share": _mean_share(step.get("share", "100%")),
                "reason": step["reason"],
            }
            for step in then[route]["arrangement"]
        )
        for route in ROUTES
    }


def _mean_share(share: Any) -> float:
    if isinstance(share, dict):
        if "mean" in share:
            return _mean_share(share["mean"])
        return (_mean_share(share["low"]) + _mean_share(share["high"])) / 2
    return float(share.removesuffix("%")) / 100


def delay_factor(board: Board, made: Prediction) -> float:
    """Return what England's delays are multiplied by to give the people foretold."""
    national = sum(
        board.discharges
        * shares(board)[pathway]
        * sum(step["days"] * step["share"] for step in national_steps()[route])
        for route, pathway in ROUTES.items()
    )
    return float(made.day_end / national)


def shares(board: Board) -> tuple[float, ...]:
    """Return the share of discharges on pathways 0 to 3."""
    return tuple(board[f"pathway_{n}_per_day"] / board["discharges_per_day"] for n in range(4))


def _words(board: Board, made: Prediction) -> dict[str, str]:
    published_end = board.get("no_criteria_day_end")
    known = (
        f"Published here: {published_end:,.0f}."
        if published_end
        else "None is published in the copy read."
    )
    warnings = []
    if board.reports_in_part:
        warnings.append(
            f"# CAUTION: {board.discharges:,.0f} discharges a day from"
            f" {board['beds_occupied']:,.0f} beds would mean stays of"
            f" {board['acute_stay_days']:.0f} days: trusts\n# here report discharges in part."
            " Admissions, discharges and flows are too few, stays too long."
        )
    if _rest_of_residents(board) <= 0:
        warnings.append(
            "# CAUTION: pathway 3 alone brings more people to care homes than leave them;"
            " other admissions are 0."
        )
    return {
        "name": board.name,
        "quoted_name": f'"{board.name}"',
        "code": board.code,
        "trusts": ", ".join(board.area.trusts),
        "published_delays": known,
        "warnings": "\n".join(warnings) or "#-",
        "fitted_to": str(made.fitted_to),
        "adults": f"{board['adults']:.0f}",
        "bands": (
            f"Aged 18 to 64 {board['aged_18_64']:,.0f}, 65 to 74 {board['aged_65_74']:,.0f}, "
            f"75 to 84 {board['aged_75_84']:,.0f}, 85 and over {board['aged_85_plus']:,.0f}"
        ),
    }


def _acute(board: Board, made: Prediction) -> dict[str, str]:
    admissions = board.discharges / (1 - DIED)
    occupied, quiet, busy = (
        board[f"beds_{name}"] for name in ("occupied", "quiet_month", "busy_month")
    )
    beds = math.ceil(board["beds_highest_month"])
    more = max(1, round(0.03 * beds))
    stay = (occupied - made.day_end) / admissions
    in_year = board.get("discharges_per_day_year") is not None
    values = {
        "predicted": f"{made.day_end:,.0f}",
        "predicted_low": f"{made.low:,.0f}",
        "predicted_high": f"{made.high:,.0f}",
        "available": f"{board['beds_available']:,.0f}",
        "occupied": f"{occupied:,.0f}",
        "occupancy": f"{board['occupancy']:.1%}",
        "highest_month": str(beds),
        "more_beds": str(more),
        "acute_and_more": str(beds + more),
        "admissions": f"{admissions:.2f}",
        "discharges": f"{board.discharges:.2f}",
        "discharge_period": "2024-25" if in_year else "June 2024 to March 2025",
        "stay": f"{stay:.3f}",
        "stay_low": f"{stay * min(quiet / occupied, 0.995):.3f}",
        "stay_high": f"{stay * max(busy / occupied, 1.005):.3f}",
    }
    for pathway, share in enumerate(shares(board)):
        low, mean, high = (f"{percent * share:.3f}%" for percent in (90, 100, 110))
        values[f"share_{pathway}"] = (
            f"mean: {mean}, low: {low}, high: {high}" if share > 0 else "value: 0%"
        )
    return values


def _after(board: Board) -> dict[str, str]:
    per_day = [board.discharges * share for share in shares(board)]
    beds, stay = board["community_beds"], board["community_stay_days"]
    load = per_day[2] * stay
    fits = load <= MOST_IN_USE * beds
    capacity = beds if fits else math.ceil(load / MOST_IN_USE)
    support = per_day[1] * SUPPORT_DAYS
    return {
        "community_note": _community_note(per_day[2], stay, load, beds, fits),
        "community_capacity": f"{capacity:.0f}",
        "community_source": "bed_audit" if fits else "assumed",
        "community_stay": f"{stay:.2f}",
        "community_stay_low": f"{0.85 * stay:.1f}",
        "community_stay_high": f"{1.15 * stay:.1f}",
        "aged_75": f"{board.aged_75_plus:,.0f}",
        "care_home_places": f"{board['care_home_places']:.0f}",
        "residents": f"{board['care_home_residents']:,.0f}",
        "share_3_per_day": f"{per_day[3]:.2f}",
        "care_home_admissions": f"{max(0.0, _rest_of_residents(board)):.3f}",
        "support_limit": str(max(1, round(1.05 * support))),
        "support_more": str(max(2, round(1.05 * 1.1 * support))),
        "supported": f"{sum(per_day[1:]):.0f}",
    }


def _community_note(per_day: float, stay: float, load: float, beds: float, fits: bool) -> str:
    lines: tuple[str, ...]
    if fits:
        lines = (
            "Held constant back to 2024. People from these hospitals fill"
            f" {load:.0f} of {beds:.0f};",
            "others use them too, how many is not published. Want of a bed is in the arrangement.",
        )
    else:
        lines = (
            f"{per_day:.1f} people a day for {stay:.1f} days fill {load:.0f} beds, too many for",
            f"the {beds:.0f} of the audit: others must be used, or stays be shorter. Here the load",
            f"fills {MOST_IN_USE:.0%}, an assumption. Want of a bed is in the arrangement.",
        )
    return "\n".join(f"    # {line}" for line in lines)


def _rest_of_residents(board: Board) -> float:
    """Return the admissions to care homes a day that are not from hospital."""
    from_hospital = board.discharges * shares(board)[3]
    return board["care_home_residents"] / RESIDENT_DAYS - from_hospital


def _delays(board: Board, made: Prediction) -> dict[str, str]:
    factor = delay_factor(board, made)
    low, high = made.low / made.day_end, made.high / made.day_end
    values = {"factor": f"{factor:.3f}"}
    for route, steps in national_steps().items():
        lines = []
        for step in steps:
            days, part = _scaled(step, factor)
            share = "" if part == 1 else f" share: {100 * part:.2f}%,"
            lines.append(
                f"          - {{time: {{mean: {days:.3f} days, low: {low * days:.3f} days,"
                f" high: {high * days:.3f} days, draw: local_delays, source: foretold_delays}},"
                f"{share} reason: {step['reason']}}}"
            )
        values[f"{route}_steps"] = "\n".join(lines)
    values["faster"] = "\n".join(
        f"      settings.acute.then.{route}.arrangement[{place}].share:"
        f" {50 * _scaled(step, factor)[1]:.2f}%"
        for route, steps in national_steps().items()
        for place, step in enumerate(steps)
        if step["reason"] in ("supported_discharge_review", "care_transfer_hub")
    )
    return values


def _scaled(step: Step, factor: float) -> tuple[float, float]:
    """Return the days and the share of a step whose mean delay is multiplied by a factor."""
    days, share = factor * step["days"], step["share"]
    if days >= SHORTEST_DAYS:
        return days, share
    return SHORTEST_DAYS, share * days / SHORTEST_DAYS


def _sources() -> str:
    wanted = {"adult_admissions": own_sources()["adult_admissions"]}
    text = yaml.safe_dump(wanted, sort_keys=False, width=10_000, allow_unicode=True)
    return "\n".join("  " + line for line in text.splitlines())
