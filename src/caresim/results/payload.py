"""The results of a run as plain data, for ``--json``: numbers of the whole run by option."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caresim.results.lengths import pooled_lengths
from caresim.results.localities import locality_rows
from caresim.results.precision import precisions
from caresim.results.steadiness import settlings, verdict
from caresim.results.view import View

if TYPE_CHECKING:
    from caresim.results.option import OptionResults
    from caresim.results.results import Results


@dataclass(frozen=True)
class SettingRow:
    """One setting over the whole run, mean over members.

    Attributes
    ----------
    name, label
        Of the setting.
    capacity
        Mean places open; infinite if unlimited.
    mean_occupancy
        Mean number of people who hold a place, in care or delayed.
    mean_delayed, mean_waiting
        Mean number of people delayed in it, and waiting for it outside any setting.
    admissions_per_day, mean_stay_days
        People a day; days, those of delay included, NaN if nobody is admitted.
    share
        Places in use divided by places open; NaN if unlimited.
    """

    name: str
    label: str
    capacity: float
    mean_occupancy: float
    mean_delayed: float
    mean_waiting: float
    admissions_per_day: float
    mean_stay_days: float
    share: float


def setting_rows(option: OptionResults) -> tuple[SettingRow, ...]:
    """Return every setting of an option, over the whole run.

    The mean stay is the ratio of the means over members (people-days by admissions).
    """
    view = View(option.labels, option.totals, 0)
    names = ("capacity", "occupied", "delayed", "waiting", "admissions", "places_used")
    mean = {name: view.by_setting(name).mean(axis=0) for name in names}
    rows = []
    for n, setting in enumerate(option.labels.settings):
        of = {name: float(mean[name][n]) for name in names}
        rows.append(
            SettingRow(
                name=setting.name,
                label=setting.label,
                capacity=of["capacity"],
                mean_occupancy=of["occupied"],
                mean_delayed=of["delayed"],
                mean_waiting=of["waiting"],
                admissions_per_day=of["admissions"],
                mean_stay_days=of["occupied"] / of["admissions"] if of["admissions"] else math.nan,
                share=of["places_used"] / of["capacity"]
                if 0 < of["capacity"] < math.inf
                else math.nan,
            )
        )
    return tuple(rows)


def delayed_by_reason(option: OptionResults) -> dict[str, float]:
    """Return the mean number of people delayed by reason, all settings; none with nobody."""
    people = option.totals["delayed_by_reason"][:, 0].sum(axis=1).mean(axis=0)
    names = option.labels.reason_names
    return {name: float(n) for name, n in zip(names, people, strict=True) if n > 0}


def finite(value: float) -> float | None:
    """Return a number that JSON can hold: None for what is unlimited or undefined."""
    return value if math.isfinite(value) else None


def payload(results: Results, precision: float | None = None) -> dict[str, Any]:
    """Return what ``caresim run --json`` prints.

    Parameters
    ----------
    results
        Of a run.
    precision
        Half-width wanted of the intervals of means, as a share of the mean; None to leave it out.

    Returns
    -------
    dict
        ``engine``, ``members``, ``seed``, ``elapsed_seconds``, ``manifest`` (path, None if not
        saved) and ``options``: for each its ``indicators`` (id to mean, p05, p95, unit,
        mean_low and mean_high of the 95% interval of the mean), ``settings`` (name to capacity,
        mean_occupancy, mean_delayed, mean_waiting, admissions_per_day, mean_stay_days: people,
        places and days), ``delayed_by_reason`` (people), ``lengths``
        (:func:`caresim.results.lengths.pooled_lengths`), ``warm_up`` (``verdict``, and
        ``settling`` of each course) and ``audit``; with ``precision``, ``precision`` by
        indicator (:class:`caresim.results.precision.Precision`). All are of the whole run.
    """
    manifest = results.manifest
    return {
        "engine": manifest.engine,
        "members": manifest.members,
        "seed": manifest.seed,
        "elapsed_seconds": manifest.elapsed_seconds,
        "manifest": str(results.folder / "manifest.json") if results.folder else None,
        "options": {
            option.name: _option(option) | _precision(option, precision) for option in results
        },
    }


def _precision(option: OptionResults, wanted: float | None) -> dict[str, Any]:
    if wanted is None:
        return {}
    found = {one.indicator: dataclasses.asdict(one) for one in precisions(option, wanted)}
    return {
        "precision": {
            name: {k: finite(v) if isinstance(v, float) else v for k, v in one.items()}
            for name, one in found.items()
        }
    }


def _option(option: OptionResults) -> dict[str, Any]:
    return {
        "indicators": {
            full_id: dataclasses.asdict(found)
            | {"mean_low": finite(found.mean_low), "mean_high": finite(found.mean_high)}
            for full_id, found in option.indicators().items()
        },
        "settings": {row.name: _setting(row) for row in setting_rows(option)},
        "localities": {
            row.name: {k: v for k, v in dataclasses.asdict(row).items() if k != "name"}
            for row in locality_rows(option)
        },
        "delayed_by_reason": delayed_by_reason(option),
        "lengths": pooled_lengths(option),
        "warm_up": {
            "verdict": verdict(option),
            "settling": [dataclasses.asdict(found) for found in settlings(option)],
        },
        "audit": {
            "passed": option.passed,
            "checks": [
                {
                    "name": check.name,
                    "passed": check.passed,
                    "worst": finite(check.worst),
                    "limit": finite(check.limit),
                    "meaning": check.meaning,
                }
                for check in option.audit
            ],
        },
    }


def _setting(row: SettingRow) -> dict[str, float | None]:
    kept = (
        "capacity",
        "mean_occupancy",
        "mean_delayed",
        "mean_waiting",
        "admissions_per_day",
        "mean_stay_days",
    )
    return {name: finite(getattr(row, name)) for name in kept}
