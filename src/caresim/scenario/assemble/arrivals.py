"""Arrivals of the model: one for each arrival of the file and cohort."""

from __future__ import annotations

from typing import Any

from caresim.model import Arrivals, Cycle, Target, Timeline
from caresim.scenario.assemble.book import Book
from caresim.scenario.resolve.arrivals import normalised
from caresim.scenario.schema import kinds
from caresim.scenario.schema.arrival import Arrival, Series
from caresim.scenario.schema.people import Population
from caresim.scenario.values import Dated, Quantity

DAYS_IN_LAST_YEAR = 365


def arrivals_of(book: Book) -> tuple[Arrivals, ...]:
    """Return the arrivals, by name and cohort."""
    found: list[Arrivals] = []
    for name in book.arrivals:
        arrival = book.file.arrivals[name]
        shares = cohort_shares(book, arrival)
        for cohort, who in enumerate(book.cohorts):
            if shares.get(who, 0.0) > 0:
                place = len(found)
                found.append(_arrivals(book, name, arrival, cohort, shares[who], place))
    return tuple(found)


def cohort_shares(book: Book, arrival: Arrival) -> dict[str, float]:
    """Return the share of an arrival's rate that each cohort has; 1 where each has its own."""
    cohort = arrival.cohort
    if isinstance(cohort, dict):
        return {name: share.value for name, share in cohort.items()}
    if cohort is None:
        return dict.fromkeys(book.cohorts, 1.0)
    return dict.fromkeys([cohort] if isinstance(cohort, str) else cohort, 1.0)


def _arrivals(
    book: Book, name: str, arrival: Arrival, cohort: int, share: float, place: int
) -> Arrivals:
    who = book.cohorts[cohort]
    rate, series, population = share, None, None
    if isinstance(arrival.rate, Series):
        series = _series(book, arrival.rate)
    else:
        own: Any = book.at(arrival.rate, who)
        if isinstance(own, Dated):
            series = book.timeline(own)
        else:
            rate = own.value * share
            book.note(_part(own, share), kinds.RATE, Target("arrival_rate", place))
            population = book.file.cohorts[who].population if own.per_person else None
    growth = book.at(arrival.growth, who)
    book.note(growth, kinds.GROWTH, Target("arrival_growth", place))
    return Arrivals(
        name=name,
        source=book.source(name),
        cohort=cohort,
        to=book.destination(book.at(arrival.to, who)),
        rate=rate,
        growth=growth.value,
        population=_population(book, population, place),
        population_growth=_population_growth(book, population, who, place),
        series=series,
        weekday=normalised(arrival.weekday),
        month=normalised(arrival.month),
        cycles=tuple(
            Cycle(cycle.period.value, cycle.amplitude.value, cycle.peak.value)
            for cycle in arrival.cycle
        ),
        transfer=book.stay(arrival.transfer, who) if arrival.transfer else None,
    )


def _part(rate: Quantity, share: float) -> Quantity:
    return rate if share == 1 else rate.scaled(share)


def _population(book: Book, population: Population | None, place: int) -> Timeline | None:
    if population is None:
        return None
    people = population.people
    if isinstance(people, Quantity):
        book.note(people, kinds.POPULATION, Target("population", place))
    return book.timeline(people, linear=True)  # type: ignore[arg-type]


def _population_growth(book: Book, population: Population | None, who: str, place: int) -> float:
    if population is None:
        return 0.0
    growth = book.at(population.growth, who)
    book.note(growth, kinds.GROWTH, Target("population_growth", place))
    return growth.value


def _series(book: Book, series: Series) -> Timeline:
    counts = [quantity.value for quantity in series.values or ()]
    first = float(book.day(series.from_ or book.file.start_date))
    days = [first + i for i in range(len(counts))]
    repeat = float(min(len(counts), DAYS_IN_LAST_YEAR)) if series.beyond == "repeat" else 0.0
    return Timeline(days, counts, "step", repeat)  # type: ignore[arg-type]
