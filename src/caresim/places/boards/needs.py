"""Solves how many places the demand for a board's settings needs.

The load is that of the ready-made scenario without limits on capacity: the traffic equations and
Little's law (:mod:`caresim.traffic`), delays included, at the start and after growth to the end.
Two answers are given, because they differ where there are many places: the places of which a stated
share is in use, and the fewest places at which the mean wait of an M/M/c queue (Erlang) is no more
than stated. Waits in hospitals are longer than in that queue where demand varies by season and
weekday, so the second is the least that could do.
"""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path

from caresim.places.boards.erlang import places_for_wait
from caresim.places.boards.table import Board

WAIT_DAYS = {"acute": 4 / 24, "community_beds": 1.0, "home_support": 1.0}
"""The mean wait asked for: the four hours of A&E for a bed, a day for a service after hospital."""
IN_USE = 0.92
"""Share of places in use asked for: the 92% of general and acute beds in NHS England's planning
guidance for 2023/24 (from memory, unverified)."""


@dataclass(frozen=True)
class Need:
    """What demand for a setting needs.

    Attributes
    ----------
    setting, label
        Name in the scenario, and for people.
    places
        There now; None where there is no limit.
    load
        Places in use on average if there were no limit.
    load_at_end
        The same after the growth of the scenario, at its end.
    for_use
        Places of which :data:`IN_USE` are in use at the start.
    wait_days
        The mean wait asked for.
    for_wait
        Fewest places with that mean wait at the start, by Erlang's formula.
    """

    setting: str
    label: str
    places: float | None
    load: float
    load_at_end: float
    for_use: int
    wait_days: float
    for_wait: int


def needs(board: Board) -> list[Need]:
    """Return what the demand for beds and support needs in a board's ready-made scenario."""
    from caresim.places.template import scenario_text
    from caresim.scenario.load import load
    from caresim.traffic import equilibrium

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(scenario_text(board), encoding="utf-8")
        model = load(path).model("do_nothing")
    found = equilibrium(model)
    growth = next(a.growth for a in model.arrivals if a.name == "admissions")
    by_end = (1 + growth) ** (model.days / 365)
    answers = []
    for place, setting in enumerate(model.settings):
        if setting.name not in WAIT_DAYS:
            continue
        load_now = float(found.places[place])
        wait = WAIT_DAYS[setting.name]
        stay = load_now / float(found.stays_per_day[place].sum())
        capacity = float(setting.capacity.at(0.0))
        answers.append(
            Need(
                setting=setting.name,
                label=setting.label,
                places=capacity if math.isfinite(capacity) else None,
                load=load_now,
                load_at_end=load_now * by_end,
                for_use=math.ceil(load_now / IN_USE),
                wait_days=wait,
                for_wait=places_for_wait(load_now, stay, wait),
            )
        )
    return answers
