"""Options side by side: what a comparison holds, each part worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.comparison.choice import Standing, standings
from caresim.comparison.courses import courses, saved_periods
from caresim.comparison.differences import Basis, Difference, FloatArray, paired
from caresim.comparison.directions import Better, better_way, unit
from caresim.comparison.entries import ComparisonError, Entry
from caresim.comparison.onset import Onset, onsets
from caresim.comparison.plan import Planned, plans
from caresim.comparison.plane import Plane, plane
from caresim.comparison.shift import Shift, shifts
from caresim.comparison.waterfall import Alone, Waterfall, waterfall_of
from caresim.comparison.worth import Worth
from caresim.money import Appraisal
from caresim.results.indicators import by_member
from caresim.results.results import Results

if TYPE_CHECKING:
    import pandas as pd

OUTCOME = "bed_days_lost_per_year"
"""What is gained in the cost-effectiveness plane, if nothing else is chosen."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Options set beside doing nothing, member by member.

    Attributes
    ----------
    entries
        The options; doing nothing is the first.
    alone
        Parts of options that were run by themselves, by the name of the generated option.
    parts
        For each option taken apart, its parts.
    worth
        Money; None where there is none, or it cannot be compared.
    warnings
        Sentences on how options were not run alike.
    way
        Which way is better of indicators for which that was said.
    runs
        The runs the options are of.

    Examples
    --------
    >>> import caresim as cs
    >>> comparison = cs.compare(cs.run(example, members=50))
    >>> [standing.option for standing in comparison.ranking("delayed")]
    ['do_nothing', 'more']
    >>> round(sum(standing.chance_best for standing in comparison.ranking("delayed")), 9)
    1.0
    """

    entries: tuple[Entry, ...]
    alone: Mapping[str, Entry]
    parts: Mapping[str, tuple[Alone, ...]]
    worth: Worth | None
    warnings: tuple[str, ...]
    way: Mapping[str, Better]
    runs: tuple[Results, ...]

    @property
    def base(self) -> Entry:
        """Doing nothing."""
        return self.entries[0]

    @property
    def options(self) -> tuple[Entry, ...]:
        """All others."""
        return self.entries[1:]

    @property
    def members(self) -> int:
        """Number of members compared."""
        return self.base.results.members

    @property
    def passed(self) -> bool:
        """Whether the audit of every option passed."""
        return all(entry.results.passed for entry in self.entries)

    @cached_property
    def basis(self) -> Basis:
        """By which interval differences are judged; see `caresim.comparison.differences`."""
        drawn = [entry.results.draws for entry in self.entries]
        if any(draws.shape[1] and (draws != draws[:1]).any() for draws in drawn):
            return "futures"
        engines = {entry.results.engine for entry in self.entries}
        return "certain" if engines == {"flow"} else "mean"

    @cached_property
    def values(self) -> dict[str, dict[str, FloatArray]]:
        """Every indicator of every option over the whole run, by member: (members,) each."""
        return {entry.name: self._values(entry) for entry in (*self.entries, *self.alone.values())}

    def _values(self, entry: Entry) -> dict[str, FloatArray]:
        results = entry.results
        found = dict(by_member(results.labels, results.totals, 0, results.spells))
        return found | ({} if self.worth is None else self.worth.values[entry.name])

    def better(self, indicator: str) -> Better | None:
        """Return which way of an indicator is better, or None."""
        return self.way.get(indicator) or better_way(indicator)

    @cached_property
    def differences(self) -> dict[str, dict[str, Difference]]:
        """Every difference from doing nothing, by option and indicator."""
        return {entry.name: self._paired(entry.name) for entry in self.options}

    def _paired(self, option: str) -> dict[str, Difference]:
        base, other = self.values[self.base.name], self.values[option]
        ways = {name: self.better(name) for name in base}
        return paired(option, base, other, self.basis, ways)

    def difference(self, option: str, indicator: str) -> Difference:
        """Return the difference of an option from doing nothing in an indicator.

        Raises
        ------
        KeyError
            If there is no such option, or one of the two has no such indicator.
        """
        return self.differences[option][indicator]

    @cached_property
    def standings(self) -> dict[str, tuple[Standing, ...]]:
        """For every indicator of which one way is better, the options in order, best first."""
        found = {}
        for indicator in self.values[self.base.name]:
            values = {entry.name: self.values[entry.name].get(indicator) for entry in self.entries}
            known = {name: value for name, value in values.items() if value is not None}
            better = self.better(indicator)
            if better is not None and len(known) == len(values):
                differences = {
                    name: of[indicator] for name, of in self.differences.items() if indicator in of
                }
                found[indicator] = standings(indicator, unit(indicator), better, known, differences)
        return found

    def ranking(self, indicator: str) -> tuple[Standing, ...]:
        """Return the options in order by an indicator, best first.

        Raises
        ------
        KeyError
            If an option has no such indicator, or neither way of it is better.
        """
        return self.standings[indicator]

    def appraisal(self, option: str) -> Appraisal | None:
        """Return the appraisal of an option beside doing nothing; None where there is no money."""
        return None if self.worth is None else self.worth.appraisals.get(option)

    def plane(self, option: str, outcome: str = OUTCOME) -> Plane | None:
        """Return cost and outcome of each member; None without money or such an outcome.

        Raises
        ------
        ComparisonError
            If neither way of the outcome is better.
        """
        better = self.better(outcome)
        if better is None:
            raise ComparisonError(f"neither more nor less of `{outcome}` is better by itself")
        return plane(option, outcome, better, self.values, self.base.name)

    def onsets(self, option: str, indicators: Iterable[str]) -> list[Onset]:
        """Return from which date on the effects of an option show.

        Nothing is found for an option that is saved at other times than doing nothing.
        """
        base, other = self.base.results, self._entry(option).results
        if not np.array_equal(base.times, other.times):
            return []
        one, two = self._over_time[self.base.name], self._over_time[option]
        wanted = {name: one[name] for name in indicators if name in one}
        return onsets(base, option, wanted, two, self.basis)

    @cached_property
    def _over_time(self) -> dict[str, dict[str, FloatArray]]:
        """Every indicator of every option in each saved period: (members kept, periods)."""
        return {
            entry.name: courses(
                entry.results, saved_periods(entry.results), self.values[entry.name]
            )
            for entry in self.entries
        }

    @cached_property
    def shift(self) -> dict[str, tuple[Shift, ...]]:
        """The shift by year of every option, doing nothing among them."""
        ledgers = None if self.worth is None else self.worth.ledgers
        return {entry.name: shifts(self.base, entry, ledgers) for entry in self.entries}

    @cached_property
    def plans(self) -> dict[str, tuple[Planned, ...]]:
        """Benefits planned beside those simulated, of the options that state a plan."""
        found = {entry.name: plans(self.base, entry) for entry in self.options}
        return {name: rows for name, rows in found.items() if rows}

    def waterfall(self, option: str, indicator: str) -> Waterfall:
        """Return what each part of an option does alone, and the interaction.

        Raises
        ------
        KeyError
            If the option was not taken apart, or has no such indicator.
        """
        found = [
            (alone.label, self._alone[alone.option][indicator]) for alone in self.parts[option]
        ]
        total = self.difference(option, indicator).difference
        return waterfall_of(option, indicator, unit(indicator), found, total)

    @cached_property
    def _alone(self) -> dict[str, dict[str, Difference]]:
        return {name: self._paired(name) for name in self.alone}

    def _entry(self, option: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == option)

    def to_frame(self) -> pd.DataFrame:
        """Return every difference as a table: a row for each option and indicator."""
        import pandas as pd

        rows = [vars(one) for of in self.differences.values() for one in of.values()]
        return pd.DataFrame(rows)

    def to_dict(self, indicators: Iterable[str] = ()) -> dict[str, Any]:
        """Return everything as plain data; see :func:`caresim.comparison.payload.payload`."""
        from caresim.comparison.payload import payload

        return payload(self, tuple(indicators))

    def summary(self, indicators: Iterable[str] = ()) -> str:
        """Return a text for people; see :func:`caresim.comparison.text.summary`."""
        from caresim.comparison.text import summary

        return summary(self, tuple(indicators))

    def brief(self) -> str:
        """Return a text of a screen or two; see :func:`caresim.comparison.brief.brief`."""
        from caresim.comparison.brief import brief

        return brief(self)

    def save(self, folder: str | Path) -> Path:
        """Save to a new folder; see :func:`caresim.comparison.store.save`."""
        from caresim.comparison.store import save

        return save(self, Path(folder))


def changed_by_none(comparison: Comparison) -> list[str]:
    """Name the indicators in which no option differs from doing nothing in any member."""
    return [
        name
        for name in comparison.values[comparison.base.name]
        if all(
            name in of and of[name].finding == "no difference"
            for of in comparison.differences.values()
        )
    ]


def finite(value: float) -> float | None:
    """Return a number that JSON can hold, None for others."""
    return value if np.isfinite(value) else None
