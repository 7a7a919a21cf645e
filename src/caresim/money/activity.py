"""What prices are multiplied by: days of people and places, admissions and others, of results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.engines.output import SLOW_VARIABLES, VARIABLES
from caresim.model import DAYS_PER_YEAR
from caresim.model.money import Per, Residents
from caresim.money.entries import FloatArray
from caresim.money.timing import overlap, periods, periods_in
from caresim.results.indicators import by_member
from caresim.results.option import OptionResults

_COUNTS: dict[Per, str] = {
    "admission": "admissions",
    "stay": "stays_ended",
    "arrival": "arrivals",
}
_STOCKS: dict[Per, str] = {
    "person": "occupied",
    "delayed day": "delayed",
    "place": "places_used",
}


@dataclass(frozen=True, eq=False)
class Amount:
    """How much of something there was.

    Attributes
    ----------
    by_year
        Shape (members, years).
    course
        Shape (periods,): the same in each saved period, mean over members.
    """

    by_year: FloatArray
    course: FloatArray

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.by_year + other.by_year, self.course + other.course)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.by_year - other.by_year, self.course - other.course)

    def least(self, other: Amount) -> Amount:
        """Return the lesser of two amounts, each where it is."""
        return Amount(
            np.minimum(self.by_year, other.by_year), np.minimum(self.course, other.course)
        )

    def most(self, other: Amount) -> Amount:
        """Return the greater of two amounts, each where it is."""
        return Amount(
            np.maximum(self.by_year, other.by_year), np.maximum(self.course, other.course)
        )


class Activity:
    """What happened in one option's run, by year of the run for every member.

    Parameters
    ----------
    results
        Of the option.
    """

    def __init__(self, results: OptionResults) -> None:
        self.results = results
        self.labels = results.labels
        self.years = results.labels.years
        self.year_positions = [results.labels.windows.index(year) for year in self.years]
        self.days = np.array([year.last_day - year.first_day for year in self.years])
        self.period_days = np.diff(results.times)
        self.missing: set[str] = set()

    @property
    def members(self) -> int:
        """Number of members."""
        return self.results.members

    def none(self) -> Amount:
        """Return nothing at all."""
        return Amount(np.zeros((self.members, len(self.years))), np.zeros(self.period_days.size))

    def of(self, per: Per, setting: str, cohorts: tuple[str, ...] = ()) -> Amount:
        """Return what a price for a setting is for.

        Parameters
        ----------
        per
            What the price is for; not ``resident``, nor ``open place``.
        setting
            Its name.
        cohorts
            Whose; everyone's if empty. Places in use have no cohort.
        """
        place = self.labels.setting_names.index(setting)
        if per == "place":
            return self.stock("places_used", place)
        who = [self.labels.cohorts.index(cohort) for cohort in cohorts or self.labels.cohorts]
        if per in _COUNTS:
            return self.count(_COUNTS[per], place, who)
        return self.stock(_STOCKS[per], place, who)

    def stock(self, variable: str, place: int, who: list[int] | None = None) -> Amount:
        """Return a stock times days: of people, places or staff."""
        found = self._taken(variable, place, who)
        return Amount(found.by_year * self.days, found.course * self.period_days)

    def count(self, variable: str, place: int, who: list[int] | None = None) -> Amount:
        """Return how often something happened."""
        return self._taken(variable, place, who)

    def open_days(self, setting: str) -> Amount:
        """Return days of places that are open: those in use count though the setting has closed.

        Both are averages over a year (or a saved period), so a place that closes with somebody in
        it within a year is counted a little too short.
        """
        place = self.labels.setting_names.index(setting)
        found = self.stock("capacity", place).most(self.stock("places_used", place))
        if "places_built" in self.results.totals:  # 0 where staff and openings have no part in it
            found = found.most(self.stock("places_built", place))
        return found

    def stranded_days(self, open_days: Amount, lag: float) -> Amount:
        """Return days of places that closed less than `lag` days ago.

        They are worked out from the mean over members of the places open, so they are the same
        for all members.
        """
        times = self.results.times
        places = open_days.course / self.period_days
        course = np.zeros_like(places)
        if lag > 0.0:
            closed = np.maximum(places[:-1] - places[1:], 0.0)
            still = overlap(times[1:-1], times[1:-1] + lag, periods(times))
            # A place that has opened again within the lag costs no more than once.
            before = [
                places[: n + 1][times[1 : n + 2] > times[n] - lag].max() for n in range(places.size)
            ]
            most = (np.array(before) - places) * self.period_days
            course = np.minimum(closed @ still, most)
        by_year = course @ periods_in(self.results.times, self.years)
        return Amount(np.tile(by_year, (self.members, 1)), course)

    def has(self, variable: str) -> bool:
        """Whether the results hold a variable; if not, that is remembered in `missing`."""
        found = variable in self.results.totals
        if not found:
            self.missing.add(variable)
        return found

    def residents(self, cohorts: tuple[str, ...], tables: tuple[Residents, ...]) -> Amount:
        """Return days of people of the population: of stocks where there are any, or of tables."""
        total = self.none()
        chosen = cohorts or self.labels.cohorts
        if "population" in self.results.totals:
            for cohort in chosen:
                total += self.stock("population", self.labels.cohorts.index(cohort))
            return total
        for table in tables:
            if table.cohort in chosen:
                total += self._table(table)
        return total

    def _table(self, table: Residents) -> Amount:
        def mean(first: float, last: float) -> float:
            noons = np.arange(first, last) + 0.5
            people = np.interp(noons, table.days, table.people)
            return float((people * (1.0 + table.growth) ** (noons / DAYS_PER_YEAR)).sum())

        by_year = np.array([mean(year.first_day, year.last_day) for year in self.years])
        course = np.array(
            [mean(a, b) for a, b in zip(self.results.times, self.results.times[1:], strict=False)]
        )
        return Amount(np.tile(by_year, (self.members, 1)), course)

    def indicators(self, wanted: set[str]) -> dict[str, FloatArray]:
        """Return indicators by year: shape (members, years); NaN where undefined."""
        undefined = np.full((self.members, len(self.years)), np.nan)
        found = {name: undefined.copy() for name in wanted}
        for n, window in enumerate(self.year_positions):
            values = by_member(self.labels, self.results.totals, window, self.results.spells)
            for name, value in values:
                if name in found:
                    found[name][:, n] = value
        return found

    def _taken(self, variable: str, place: int, who: list[int] | None) -> Amount:
        totals = self.results.totals[variable][:, self.year_positions][:, :, place]
        course = self.results.mean[variable][:, place]
        if self._by_cohort(variable):
            chosen = slice(None) if who is None else who
            totals = totals[..., chosen].sum(axis=-1)
            course = course[..., chosen].sum(axis=-1)
        return Amount(np.asarray(totals), np.asarray(course))

    @staticmethod
    def _by_cohort(variable: str) -> bool:
        known = VARIABLES.get(variable) or SLOW_VARIABLES[variable]
        return known.dims == ("setting", "cohort")
