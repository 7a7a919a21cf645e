"""What changes numbers of the model while it runs: interventions, feedbacks and slow stocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from caresim.evidence import correction
from caresim.model import (
    Arrivals,
    Budget,
    Change,
    Feedback,
    Intervention,
    Opening,
    Population,
    Ramp,
    Route,
    Setting,
    Signal,
    Staff,
    Target,
)
from caresim.scenario.assemble.book import Book
from caresim.scenario.assemble.changes import Amount, changes_of
from caresim.scenario.assemble.numbers import Parts
from caresim.scenario.assemble.stocks import budgets_of, openings_of, population_of, staff_of
from caresim.scenario.schema import amounts, kinds
from caresim.scenario.schema.change import Effect
from caresim.scenario.schema.intervention import Intervention as Spec


@dataclass(frozen=True)
class Slow:
    """The slow parts of a model, and its arrivals with those of displaced people."""

    arrivals: tuple[Arrivals, ...]
    interventions: tuple[Intervention, ...]
    feedbacks: tuple[Feedback, ...]
    staff: tuple[Staff, ...]
    openings: tuple[Opening, ...]
    population: Population | None
    budgets: tuple[Budget, ...]


def slow_of(
    book: Book,
    names: list[str],
    settings: tuple[Setting, ...],
    routes: tuple[Route, ...],
    arrivals: tuple[Arrivals, ...],
) -> Slow:
    """Return the slow parts of a model.

    Parameters
    ----------
    book
        Names and positions.
    names
        Of the interventions of the option.
    settings, routes, arrivals
        The model so far.
    """
    staff = staff_of(book)
    population = population_of(book)
    parts = Parts(book, settings, routes, arrivals, staff, population)
    displaced = _Displaced(book, list(arrivals))
    interventions = tuple(
        _intervention(parts, place, name, displaced) for place, name in enumerate(sorted(names))
    )
    feedbacks = tuple(
        _feedback(parts, place, name) for place, name in enumerate(sorted(book.file.feedbacks))
    )
    return Slow(
        _with_added(displaced.arrivals, (*interventions, *feedbacks)),
        interventions,
        feedbacks,
        staff,
        openings_of(book),
        population,
        budgets_of(book),
    )


class _Displaced:
    """Arrivals with those of people who come somewhere else instead."""

    def __init__(self, book: Book, arrivals: list[Arrivals]) -> None:
        self.book = book
        self.arrivals = arrivals
        self._known: dict[tuple[int, int], int] = {}

    def to(self, arrival: int, setting: int) -> int:
        """Return the position of the arrival that carries them, adding it if need be."""
        key = (arrival, setting)
        if key not in self._known:
            self._known[key] = len(self.arrivals)
            other = replace(
                self.arrivals[arrival], to=setting, transfer=None, displaced_from=arrival
            )
            self.book.note_again(arrival, len(self.arrivals))
            self.arrivals.append(other)
        return self._known[key]


def _with_added(
    arrivals: list[Arrivals], changers: tuple[Intervention | Feedback, ...]
) -> tuple[Arrivals, ...]:
    """Give arrivals of nobody, to which a change adds people, a rate that can be multiplied."""
    changes = [change for changer in changers for change in changer.changes]
    added = {
        change.of.i
        for change in changes
        if change.of.field == "arrival_rate" and change.kind == "absolute"
    }
    found: list[Arrivals] = []
    for place, one in enumerate(arrivals):
        origin = one.displaced_from if one.displaced_from >= 0 else place
        if origin in added and one.rate == 0 and one.series is None:
            people = 1.0 if one.population is None else float(one.population.at(0.0))
            one = replace(one, rate=1.0 / people if people else 0.0, only_added=origin == place)
        found.append(one)
    return tuple(found)


def _intervention(parts: Parts, place: int, name: str, displaced: _Displaced) -> Intervention:
    book = parts.book
    spec: Spec = book.file.interventions[name]
    assert spec.start is not None
    decided = float(book.day(spec.start))
    start = decided + spec.lead_time.value
    book.note(spec.lead_time, amounts.TIME, Target("intervention_start", place))
    changes: list[Change] = []
    for effect in spec.effects:
        if effect.on[0].field == "price":
            continue  # no engine knows prices: see `caresim.scenario.assemble.money`
        for amount in changes_of(parts, effect, start):
            changes.append(_effect(parts, spec, effect, amount, place, len(changes), displaced))
    groups = sorted(book.file.workforce)
    return Intervention(
        name=name,
        label=spec.label or name,
        ramp=_ramp(book, spec, start),
        changes=tuple(changes),
        staff=tuple((groups.index(g), people.value) for g, people in sorted(spec.staff.items())),
        uses=tuple(
            (book.destination(setting), places.value)  # type: ignore[union-attr]
            for setting, places in sorted(spec.uses.items())
        ),
        evidence=spec.evidence or "",
        strength=", ".join(str(grade) for grade in sorted(_strengths(spec))),
        source=_sources(spec),
    )


def _effect(
    parts: Parts,
    spec: Spec,
    effect: Effect,
    amount: Amount,
    intervention: int,
    place: int,
    displaced: _Displaced,
) -> Change:
    book = parts.book
    who = book.cohorts[amount.cohort]  # for a number of no cohort, reach is one for all
    assert effect.reach is not None
    reach = book.at(effect.reach, who)
    target = Target(
        "intervention_amount", intervention, place, scale=amount.scale, offset=amount.offset
    )
    book.note(amount.quantity, amount.measure, target)
    book.note(reach, kinds.SHARE, Target("intervention_reach", intervention, place))
    strength = effect.strength if effect.strength is not None else spec.strength
    to, share = -1, 0.0
    if effect.displaced is not None:
        to = displaced.to(amount.of.i, book.destination(book.at(effect.displaced.to, who)))
        share = effect.displaced.share.value
    return Change(
        of=amount.of,
        kind=amount.kind,
        amount=amount.value,
        reach=reach.value,
        discount=correction(strength) if strength and book.file.run.optimism else 0.0,
        hoped={"lower": -1, "higher": 1}.get(effect.hoped or "", 0),
        displaced_to=to,
        displaced_share=share,
    )


def _ramp(book: Book, spec: Spec, start: float) -> Ramp:
    never = float("inf")
    fade = spec.fade
    return Ramp(
        start=start,
        shape=spec.ramp.shape,  # type: ignore[arg-type]
        over=spec.ramp.over.value,
        end=never if spec.end is None else float(book.day(spec.end)),
        fade_from=never if fade is None else fade.after.value,
        fade_over=0.0 if fade is None else fade.over.value,
        fade_to=1.0 if fade is None else fade.to.value,
    )


def _strengths(spec: Spec) -> set[int]:
    """Return the grades of the evidence of an intervention's effects."""
    grades = {spec.strength if e.strength is None else e.strength for e in spec.effects}
    return {grade for grade in grades if grade is not None}


def _sources(spec: Spec) -> str:
    """Say where the figures of an intervention are from, each source once."""
    found = [spec.source]
    for effect in spec.effects:
        found.append(effect.source)
        for value in (effect.change, effect.by, effect.to):
            found.append(getattr(value, "source", None))
    return "; ".join(dict.fromkeys(source for source in found if source))


def _feedback(parts: Parts, place: int, name: str) -> Feedback:
    book = parts.book
    spec = book.file.feedbacks[name]
    changes: list[Change] = []
    for answer in spec.effects:
        for amount in changes_of(parts, answer, 0.0):
            target = Target(
                "feedback_amount", place, len(changes), scale=amount.scale, offset=amount.offset
            )
            book.note(amount.quantity, amount.measure, target)
            most = float("inf")
            if answer.most is not None:
                most = answer.most.value * abs(amount.scale)
            changes.append(
                Change(amount.of, amount.kind, amount.value, per=answer.per.value, most=most)
            )
    return Feedback(
        name=name,
        label=spec.label or name,
        signal=_signal(book, spec.signal),
        changes=tuple(changes),
        source=spec.source or "",
    )


def _signal(book: Book, spec: Any) -> Signal:
    where: Mapping[str, list[str]] = {
        "vacancies": sorted(book.file.workforce),
        "workload": sorted(book.file.workforce),
        "underspend": sorted(book.file.budgets),
    }
    i = where.get(spec.of, list(book.settings)).index(spec.where)
    return Signal(spec.of, i, spec.above.value, spec.delay.value)
