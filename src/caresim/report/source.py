"""What a report is made from: results, the comparison of their options, and the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from caresim.comparison import Comparison, ComparisonError, compare
from caresim.comparison.entries import DO_NOTHING
from caresim.money.ledger import Ledger
from caresim.results.manifest import Manifest
from caresim.results.option import FloatArray, OptionResults
from caresim.results.results import Results
from caresim.results.store import read_results

UNVERIFIED = ("unverified", "memory")
"""Status of sources whose figures nobody has checked."""


@dataclass(frozen=True, eq=False)
class Source:
    """One run, and what is worked out from it.

    Attributes
    ----------
    results
        Of the run.
    comparison
        Of its options; None if there is nothing to set beside doing nothing.
    alone
        Why there is none.
    beside
        Another run of the same place, such as by the other engine; None if there is none.
    """

    results: Results
    comparison: Comparison | None
    alone: str
    beside: Source | None = None

    @property
    def options(self) -> tuple[OptionResults, ...]:
        """The options, doing nothing first where it was run."""
        base = self.base
        return (base, *(option for option in self.results.options if option is not base))

    @property
    def base(self) -> OptionResults:
        """Doing nothing, or the first option where that was not run."""
        names = self.results.names
        return self.results[DO_NOTHING] if DO_NOTHING in names else self.results.options[0]

    @property
    def manifest(self) -> Manifest:
        """How the run came about."""
        return self.results.manifest

    @property
    def scenario(self) -> Mapping[str, Any]:
        """The explicit form of the scenario."""
        return self.results.manifest.scenario

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """The sources it names."""
        found: Mapping[str, Mapping[str, Any]] = self.scenario.get("sources", {})
        return found

    @cached_property
    def ledgers(self) -> Mapping[str, Ledger]:
        """The ledger of each option; empty where there is no money."""
        if self.comparison is not None and self.comparison.worth is not None:
            return self.comparison.worth.ledgers
        from caresim.money import ledger

        if any(option.labels.money is None for option in self.options):
            return {}
        return {option.name: ledger(option) for option in self.options}

    def label(self, option: OptionResults) -> str:
        """Return the text of an option."""
        return option.labels.option_label or option.name

    def dates(self, option: OptionResults, days: FloatArray) -> list[str]:
        """Return calendar dates of days from the start."""
        return [option.labels.date(float(day)).isoformat() for day in days]

    def unverified_line(self) -> list[str]:
        """Say how many sources are not verified."""
        weak = [s for s in self.sources.values() if str(s.get("status", "")) in UNVERIFIED]
        if not weak:
            return []
        return [
            f"{len(weak)} of {len(self.sources)} sources are unverified: their figures were "
            "written down from memory and are marked below."
        ]


def read(given: Results | str | Path, beside: Results | str | Path | None = None) -> Source:
    """Return what a report is made from.

    Parameters
    ----------
    given
        Results, or the folder of a saved run.
    beside
        The same of another run.

    Raises
    ------
    ManifestError
        If the folder is not one of a run.
    """
    results = given if isinstance(given, Results) else read_results(given, whole=False)
    other = None if beside is None else read(beside)
    try:
        return Source(results, compare(results), "", other)
    except ComparisonError as error:
        why = "this run has one option only" if len(results.options) == 1 else str(error)
        said = f"Nothing is set side by side: {why}."
        return Source(results, None, said, other)
