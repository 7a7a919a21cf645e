"""Small models built in Python, so that engines are tested apart from the reader of scenarios."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caresim.model import (
    ArrangementStep,
    Arrivals,
    Calendar,
    Exit,
    Leaving,
    MaxWait,
    Model,
    PlacesPerPerson,
    PlannedMove,
    Reason,
    Reserved,
    Route,
    RunSettings,
    Setting,
    Timeline,
)
from caresim.stays import Stay, exponential

EXITS = {"home": Exit.HOME, "died": Exit.DIED, "elsewhere": Exit.ELSEWHERE, "lost": Exit.LOST}


@dataclass
class Network:
    """Collects the parts of a model by name and turns them into positions.

    ``settings`` maps names to keyword arguments: ``capacity`` (a number or a timeline),
    ``stay`` (a mean or a Stay), ``then`` (routes, see :meth:`model`), ``priority`` (lists of
    sources), ``room``, ``overflow``, ``max_waits``, ``leaving``, ``reserved``, ``calendar``,
    ``places``, ``planned_moves``, ``kind``. ``arrivals`` maps names to ``to``, ``rate`` and
    anything of :class:`Arrivals`.
    """

    settings: Mapping[str, Mapping[str, Any]]
    arrivals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cohorts: Sequence[str] = ("everyone",)
    days: float = 100.0
    start_date: datetime.date = datetime.date(2024, 1, 1)
    run: RunSettings = field(default_factory=lambda: RunSettings(engine="event"))
    more: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stays: list[Stay] = []
        self.reasons = [Reason("arranging", "Arranging", "nhs", "interface_process")]
        self.reasons += [
            Reason(f"capacity_{name}", f"No place in {name}", "both", "capacity")
            for name in self.settings
        ]
        self.reasons.append(Reason("transfer", "On the way", "nhs", "hospital_process"))
        self.setting_names = list(self.settings)
        self.arrival_names = list(self.arrivals)

    def stay(self, written: float | Stay) -> int:
        value = written if isinstance(written, Stay) else exponential(written)
        if value not in self.stays:
            self.stays.append(value)
        return self.stays.index(value)

    def to(self, name: str) -> int:
        return int(EXITS[name]) if name in EXITS else self.setting_names.index(name)

    def source(self, name: str) -> int:
        if name in self.arrival_names:
            return self.arrival_names.index(name)
        return len(self.arrival_names) + self.setting_names.index(name)

    def _sources(self, names: Sequence[str] | None) -> tuple[int, ...]:
        everyone = [*self.arrival_names, *self.setting_names]
        return tuple(self.source(name) for name in (everyone if names is None else names))

    def leaving(self, hazards: Mapping[str, float]) -> tuple[Leaving, ...]:
        return tuple(Leaving(self.to(name), rate) for name, rate in hazards.items())

    def _setting(self, position: int, name: str, given: Mapping[str, Any]) -> Setting:
        capacity = given.get("capacity", float("inf"))
        if not isinstance(capacity, Timeline):
            capacity = Timeline.constant(capacity)
        priority = given.get("priority", [])
        n_sources = len(self.arrival_names) + len(self.setting_names)
        classes = [len(priority)] * n_sources
        for rank, names in enumerate(priority):
            for source in self._sources(names):
                classes[source] = rank
        hazards = self.leaving(given.get("leaving", {}))
        return Setting(
            name=name,
            label=name,
            kind=given.get("kind", "community"),
            pathway=given.get("pathway"),
            capacity=capacity,
            calendar=given.get("calendar"),
            places_per_person=given.get("places", PlacesPerPerson()),
            queue_class=tuple(classes),
            room=given.get("room", float("inf")),
            overflow=self.to(given.get("overflow", "lost")),
            max_waits=tuple(
                MaxWait(
                    self._sources(rule.get("for")),
                    rule.get("days", 0.0),
                    rule.get("same_day", False),
                    self.to(rule["to"]),
                )
                for rule in given.get("max_waits", [])
            ),
            leaving=(hazards,) * len(self.cohorts),
            reserved=tuple(
                Reserved(self._sources(rule["for"]), rule["places"], rule["rule"])
                for rule in given.get("reserved", [])
            ),
            delay_reason=1 + position,
            planned_moves=tuple(
                PlannedMove(day, people, self.to(to))
                for day, people, to in given.get("planned_moves", [])
            ),
        )

    def _routes(self, position: int, given: Mapping[str, Any]) -> list[Route]:
        """Routes as ``{to: share}`` or ``{to: {share, stay, steps, transfer, ...}}``."""
        then = given.get("then", {"home": 1.0})
        routes = []
        for cohort in range(len(self.cohorts)):
            for name, written in then.items():
                route = written if isinstance(written, Mapping) else {"share": written}
                delayed = route.get("while_delayed", given.get("while_delayed", {}))
                transfer = route.get("transfer")
                routes.append(
                    Route(
                        name=name,
                        setting=position,
                        cohort=cohort,
                        to=self.to(route.get("to", name)),
                        share=route["share"],
                        is_rest=route.get("is_rest", False),
                        of_survivors=route.get("of_survivors", False),
                        stay=self.stay(route.get("stay", given.get("stay", 1.0))),
                        steps=tuple(
                            ArrangementStep(0, self.stay(time), share)
                            for time, share in route.get("steps", [])
                        ),
                        transfer=None if transfer is None else self.stay(transfer),
                        wait_at_home=route.get("wait_at_home", False),
                        leaving=self.leaving(delayed),
                        pathway=route.get("pathway"),
                    )
                )
        return routes

    def model(self) -> Model:
        """Return the resolved model."""
        settings, routes, arrivals = [], [], []
        for position, (name, given) in enumerate(self.settings.items()):
            settings.append(self._setting(position, name, given))
            routes += self._routes(position, given)
        for name, given in self.arrivals.items():
            rest = {k: v for k, v in given.items() if k not in ("to", "rate", "cohort", "transfer")}
            transfer = given.get("transfer")
            arrivals.append(
                Arrivals(
                    name=name,
                    source=self.source(name),
                    cohort=given.get("cohort", 0),
                    to=self.to(given["to"]),
                    rate=given["rate"],
                    transfer=None if transfer is None else self.stay(transfer),
                    **rest,
                )
            )
        drawn_at_start = tuple(
            any(isinstance(r, Mapping) and "stay" in r for r in given.get("then", {}).values())
            for given in self.settings.values()
        )
        return Model(
            title="test",
            option="do_nothing",
            option_label="Do nothing",
            start_date=self.start_date,
            days=self.days,
            cohorts=tuple(self.cohorts),
            settings=tuple(settings),
            arrivals=tuple(arrivals),
            arrival_names=tuple(self.arrival_names),
            routes=tuple(routes),
            stays=tuple(self.stays),
            reasons=tuple(self.reasons),
            route_drawn_at_start=drawn_at_start,
            run=self.run,
            **self.more,
        )


WEEKDAYS_8_TO_17 = Calendar((True,) * 5 + (False,) * 2, 8 / 24, 17 / 24)
