"""Which numbers of the model an input of the file is, and what they are where nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from caresim.model import Arrivals, Changed, Population, Route, Setting, Staff
from caresim.scenario.assemble.arrivals import cohort_shares
from caresim.scenario.assemble.book import Book
from caresim.scenario.schema.inputs import Input
from caresim.traffic import arrivals_per_day


@dataclass(frozen=True)
class Number:
    """A number of the model that a change is of.

    Attributes
    ----------
    of
        Which.
    cohort
        Whose, or -1 where it is of no cohort.
    value
        What it is at the start, in its own unit: for times their mean in days, for arrivals
        people a day.
    per_person
        Of arrivals: the rate per person and day, or 0.
    people
        Of arrivals whose rate is per person: the people at the start; otherwise 0.
    part
        Of arrivals: their part of what is stated for all those of one name, where none has come.
    """

    of: Changed
    cohort: int
    value: float
    per_person: float = 0.0
    people: float = 0.0
    part: float = 1.0


@dataclass(frozen=True)
class Parts:
    """The parts of a model whose numbers may change.

    Attributes
    ----------
    book
        Names and positions.
    settings, routes, arrivals, staff, population
        As in the model.
    """

    book: Book
    settings: tuple[Setting, ...]
    routes: tuple[Route, ...]
    arrivals: tuple[Arrivals, ...]
    staff: tuple[Staff, ...]
    population: Population | None

    def numbers(self, one: Input, cohorts: frozenset[int], day: float) -> list[Number]:
        """Return the numbers of an input.

        Parameters
        ----------
        one
            The input.
        cohorts
            Whom the change is for.
        day
            Of numbers that change by date, the day whose value is given.
        """
        if one.field == "arrival_rate":
            return list(self._arrivals(one.names[0], cohorts))
        if one.path.startswith("workforce."):
            return [self._staff(one, day)]
        if one.path.startswith("population."):
            return list(self._population(one, cohorts))
        setting = self.book.settings.index(one.names[0])
        cohorts = frozenset(
            cohort
            for cohort in cohorts
            if not self.book.is_elsewhere(self.book.cohorts[cohort], one.names[0])
        )
        if one.field == "capacity":
            places = float(self.settings[setting].capacity.at(day))
            return [Number(Changed("capacity", setting), -1, places)]
        if one.field == "stay":
            return [
                Number(Changed("stay", setting, cohort), cohort, self._mean_stay(setting, cohort))
                for cohort in sorted(cohorts)
            ]
        if one.field == "waiting_hazard":
            return list(self._waiting(setting, one.names[1], cohorts))
        return list(self._of_routes(one, setting, cohorts))

    def _arrivals(self, name: str, cohorts: frozenset[int]) -> Iterator[Number]:
        shares = cohort_shares(self.book, self.book.file.arrivals[name])
        for place, arrivals in enumerate(self.arrivals):
            if arrivals.name == name and arrivals.cohort in cohorts:
                population = arrivals.population
                people = 0.0 if population is None else float(population.at(0.0))
                yield Number(
                    Changed("arrival_rate", place),
                    arrivals.cohort,
                    arrivals_per_day(arrivals),
                    arrivals.rate if population is not None else 0.0,
                    people,
                    shares[self.book.cohorts[arrivals.cohort]] * (people or 1.0),
                )

    def _staff(self, one: Input, day: float) -> Number:
        place = [group.name for group in self.staff].index(one.names[0])
        group = self.staff[place]
        value = {
            "leavers": group.leavers,
            "recruitment": group.fills or group.recruitment,
            "sickness": group.sickness,
            "posts": float(group.posts.at(day)),
        }[one.field]
        return Number(Changed(one.form.field, place), -1, value)  # type: ignore[arg-type]

    def _population(self, one: Input, cohorts: frozenset[int]) -> Iterator[Number]:
        assert self.population is not None
        if one.field == "home_deaths":
            for cohort in sorted(cohorts):
                deaths = self.population.home_deaths[cohort]
                yield Number(Changed("home_deaths", cohort), cohort, deaths)
            return
        place = sorted(self.book.file.population.moves).index(one.names[0])
        rate = self.population.transitions[place].rate
        yield Number(Changed("transition", place), -1, rate)

    def _mean_stay(self, setting: int, cohort: int) -> float:
        """Return the mean stay after any limit, over the routes that people take."""
        return sum(
            route.share * self.book.stays[route.stay].mean()
            for route in self.routes
            if route.setting == setting and route.cohort == cohort
        )

    def _waiting(self, setting: int, to: str, cohorts: frozenset[int]) -> Iterator[Number]:
        destination = self.book.destination(to)
        for cohort in sorted(cohorts):
            for place, leaving in enumerate(self.settings[setting].leaving[cohort]):
                if leaving.to == destination:
                    of = Changed("waiting_hazard", setting, cohort, place)
                    yield Number(of, cohort, leaving.rate)

    def _of_routes(self, one: Input, setting: int, cohorts: frozenset[int]) -> Iterator[Number]:
        for place, route in enumerate(self.routes):
            if route.setting != setting or route.cohort not in cohorts:
                continue
            if one.field == "delayed_hazard":
                destination = self.book.destination(one.names[1])
                for j, leaving in enumerate(route.leaving):
                    if leaving.to == destination:
                        yield Number(
                            Changed("delayed_hazard", place, j), route.cohort, leaving.rate
                        )
            elif route.name == one.names[1] and one.field == "route_share":
                yield Number(Changed("route_share", place), route.cohort, route.share)
            elif route.name == one.names[1]:
                yield from self._steps(one, place, route)

    def _steps(self, one: Input, place: int, route: Route) -> Iterator[Number]:
        reason = self.book.reason(one.names[2]) if len(one.names) > 2 else None
        for j, step in enumerate(route.steps):
            if reason is None or step.reason == reason:
                value = step.share
                if one.field == "step_time":
                    value = self.book.stays[step.stay].mean()
                yield Number(Changed(one.form.field, place, j), route.cohort, value)  # type: ignore[arg-type]
