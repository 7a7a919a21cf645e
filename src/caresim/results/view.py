"""The totals of one window of one option, summed the ways that indicators need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from caresim.engines.output import ALL_VARIABLES
from caresim.engines.spells import STATISTICS
from caresim.results.labels import Labels

FloatArray = NDArray[np.float64]
Totals = Mapping[str, FloatArray]


class View:
    """The totals of one window, by what indicators need.

    Arrays by setting have shape (members, n): a column for each setting, and behind them one
    for each local setting over all localities (:attr:`Labels.local_groups`).
    """

    def __init__(
        self, labels: Labels, totals: Totals, window: int, spells: Totals | None = None
    ) -> None:
        self.labels = labels
        self._spells = spells or {}
        self._totals = totals
        self._window = window
        span = labels.windows[window]
        self.days = span.last_day - span.first_day

    def whole(self, variable: str) -> FloatArray:
        """Return a stock's mean, or a count in people a day, of shape (members, ...)."""
        array = self._totals[variable][:, self._window]
        per_day = self.days if ALL_VARIABLES[variable].kind == "count" else 1.0
        found: FloatArray = array / per_day
        return found

    def by_setting(self, variable: str) -> FloatArray:
        """Return a stock's mean, or a count a day, summed over all but members and settings."""
        array = self.whole(variable)
        array = array.sum(axis=tuple(range(2, array.ndim)))
        groups = [array[:, list(of)].sum(axis=1) for of in self.labels.local_groups.values()]
        return np.column_stack([array, *groups]) if groups else array

    def spell(self, kind: str, statistic: str) -> FloatArray:
        """Return a statistic of lengths, with the columns of :meth:`by_setting` or by reason.

        Undefined from an engine that has none.
        """
        if kind not in self._spells:
            n = len(self.labels.setting_names) + len(self.labels.local_groups)
            n = len(self.labels.reasons) if kind == "delay_by_reason" else n
            return np.full((len(self._totals["occupied"]), n), np.nan)
        return self._spells[kind][:, self._window, :, STATISTICS.index(statistic)]

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Return which settings are of these kinds, of shape (settings,)."""
        return np.array([setting.kind in kinds for setting in self.labels.settings], dtype=bool)

    def in_settings(self, variable: str, chosen: NDArray[np.bool_]) -> FloatArray:
        """Sum :meth:`by_setting` over the chosen settings: shape (members, 1)."""
        found = self.by_setting(variable)[:, : chosen.size]
        return np.asarray(found[:, chosen].sum(axis=1, keepdims=True))

    def in_kind(self, variable: str, *kinds: str) -> FloatArray:
        """Sum :meth:`by_setting` over the settings of these kinds: shape (members, 1).

        Undefined if there are no such settings.
        """
        chosen = self.of_kind(*kinds)
        total = self.in_settings(variable, chosen)
        return total if chosen.any() else np.full_like(total, np.nan)

    def by_reason_of(self, of: tuple[str, ...], names: tuple[str, ...]) -> FloatArray:
        """Sum people delayed over the reasons whose ``of`` is each of ``names``."""
        delayed = self.whole("delayed_by_reason").sum(axis=1)
        chosen = np.array([[reason == name for name in names] for reason in of], dtype=np.float64)
        return absent_as_nan(delayed @ chosen.reshape(len(of), len(names)))

    def acute_discharges(self) -> FloatArray:
        """Return people a day who leave acute settings alive, (members, 1)."""
        acute = self.of_kind("acute")
        moves = self.whole("moves")[:, acute][:, :, ~acute]
        total = self.in_settings("home", acute) + self.in_settings("elsewhere", acute)
        total += moves.sum(axis=(1, 2))[:, None]
        return total if acute.any() else np.full_like(total, np.nan)

    def acute_pathways(self) -> FloatArray:
        """Return discharges a day from acute settings by pathway, (members, 4)."""
        acute = self.of_kind("acute")
        found = self.whole("pathway_discharges")[:, acute].sum(axis=1)
        return found if acute.any() else np.full_like(found, np.nan)


def absent_as_nan(array: FloatArray) -> FloatArray:
    """Make a column undefined in which no member has anybody."""
    return np.where((array == 0).all(axis=0), np.nan, array)
