"""Slow stocks of the model: staff, places that open and close, population and budgets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from caresim.model import DAYS_PER_YEAR, Budget, Opening, Population, Staff, Target, Transition
from caresim.scenario.assemble.book import Book
from caresim.scenario.resolve.population import bands
from caresim.scenario.schema import amounts, kinds
from caresim.scenario.schema.opening import Closing
from caresim.scenario.schema.workforce import StaffGroup
from caresim.scenario.values import Quantity


def staff_of(book: Book) -> tuple[Staff, ...]:
    """Return the staff groups, by name."""
    return tuple(
        _staff(book, place, name) for place, name in enumerate(sorted(book.file.workforce))
    )


def _staff(book: Book, place: int, name: str) -> Staff:
    spec: StaffGroup = book.file.workforce[name]
    book.note(spec.leavers, kinds.HAZARD, Target("leavers", place))
    book.note(spec.recruitment, amounts.RECRUITS, Target("recruitment", place))
    book.note(spec.sickness, kinds.SHARE, Target("sickness", place))
    deployment, fills = spec.deployment, spec.recruitment.mark == "of vacancies"
    order = list(deployment) if isinstance(deployment, list) else sorted(spec.runs)
    assert spec.in_post is not None
    return Staff(
        name=name,
        label=spec.label or name,
        posts=book.timeline(spec.posts),
        in_post=spec.in_post.value,
        leavers=spec.leavers.value,
        recruitment=0.0 if fills else spec.recruitment.value,
        fills=spec.recruitment.value if fills else 0.0,
        training_days=spec.training.value,
        sickness=spec.sickness.value,
        runs=tuple((book.destination(setting), spec.runs[setting].value) for setting in order),
        deployment="shared"
        if deployment == "shared"
        else "priority"
        if isinstance(deployment, list)
        else "fixed",
        shares=tuple(deployment[setting].value for setting in order)
        if isinstance(deployment, dict)
        else (),
    )


def openings_of(book: Book) -> tuple[Opening, ...]:
    """Return the openings and closings, by setting and in the order of their lists."""
    found: list[Opening] = []
    for setting, name in enumerate(book.settings):
        spec = book.file.settings[name]
        for sign, listed in ((1.0, spec.openings), (-1.0, spec.closings)):
            for one in listed:
                book.note(one.slippage, amounts.TIME, Target("slippage", len(found)))
                found.append(_opening(book, setting, sign, one))
    return tuple(found)


def _opening(book: Book, setting: int, sign: float, one: Closing) -> Opening:
    replaces = getattr(one, "replaces", None)
    assert isinstance(one.places, Quantity)
    return Opening(
        setting=setting,
        places=sign * one.places.value,
        day=float(book.day(one.decided)) + one.lead_time.value,
        slippage=one.slippage.value,
        phases=one.phases,
        every=one.every.value,
        replaces=-1 if replaces is None else book.destination(replaces.setting),
        replaced_places=0.0 if replaces is None else replaces.places.value,
        after=0.0 if replaces is None else replaces.after.value,
    )


def population_of(book: Book) -> Population | None:
    """Return the population as stocks, if it is."""
    spec = book.file.population
    if spec is None:
        return None
    return Population(
        kind=spec.kind,
        start=tuple(book.file.cohorts[name].population.people.value for name in book.cohorts),  # type: ignore[union-attr]
        home_deaths=tuple(book.at(spec.deaths, name).value for name in book.cohorts),
        leaves=tuple(book.at(spec.leaves, name).value for name in book.cohorts),
        joins=tuple(spec.joins[name].value if name in spec.joins else 0.0 for name in book.cohorts),
        transitions=tuple(_transitions(book)),
        projection=tuple(
            book.timeline(spec.projection[name], linear=True) if name in spec.projection else None
            for name in book.cohorts
        ),
    )


def _transitions(book: Book) -> Iterator[Transition]:
    """Yield changes of need by name, then ageing from each band to the next."""
    spec = book.file.population
    for name in sorted(spec.moves):
        move = spec.moves[name]
        from_, to = book.cohorts.index(move.from_), book.cohorts.index(move.to)
        yield Transition(from_, to, move.rate.value)
    if spec.ageing == "none":
        return
    for _, each in sorted(bands(book.file.cohorts).items()):
        for (low, high, one), (_, _, other) in pairwise(each):
            assert high is not None, "bands that overlap are refused when the scenario is checked"
            # In a band of constant width and few deaths, 1 / width of the people reach its end
            # each year.
            rate = 1.0 / ((high + 1 - low) * DAYS_PER_YEAR)
            yield Transition(book.cohorts.index(one), book.cohorts.index(other), rate, "ageing")


def budgets_of(book: Book) -> tuple[Budget, ...]:
    """Return the budgets, by name."""
    return tuple(_budget(book, name) for name in sorted(book.file.budgets))


def _budget(book: Book, name: str) -> Budget:
    spec = book.file.budgets[name]
    pays = tuple((book.destination(s), price.value) for s, price in sorted(spec.pays.items()))
    return Budget(name, spec.label or name, spec.amount.value, pays)
