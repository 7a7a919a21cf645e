"""A comparison as plain data, for ``--json``, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from caresim.comparison.directions import unit
from caresim.comparison.entries import Entry
from caresim.comparison.headlines import chosen, headlines
from caresim.comparison.waterfall import Waterfall

if TYPE_CHECKING:
    from caresim.comparison.comparison import Comparison

BASES = {
    "futures": "95% of futures: inputs are uncertain",
    "mean": "95% interval of the mean difference: members differ by chance alone",
    "certain": "every member is the same: the difference itself",
}
"""What a difference is judged by, in words."""


def payload(comparison: Comparison, indicators: Sequence[str] = ()) -> dict[str, Any]:
    """Return what ``caresim compare --json`` prints.

    Parameters
    ----------
    comparison
        Of options.
    indicators
        Ids for which it is said when effects show, and the waterfall, in place of the headlines.

    Returns
    -------
    dict
        ``base`` (the option others are set beside), ``engine``, ``members``, ``seed``,
        ``start_date``, ``days``, ``judged_by``, ``warnings``, ``audit_passed``, ``price_year``,
        ``indicators`` (id to ``unit``, ``better``, and where one way is better, ``ranking``, names
        of options best first) and ``options``. Of each option: ``label``, ``chance_best`` and
        ``expected_regret`` by indicator, ``shift`` by year; of all but doing nothing
        ``differences`` by indicator, ``shows_from`` by indicator, and where there is money
        ``net_present_cost``, ``payback_years``, ``by_payer`` and the whole ``appraisal``, and
        ``plane``; where stated ``plan``, and where taken apart ``waterfall``. None stands for what
        is undefined or infinite.
    """
    shown = chosen(comparison, indicators) or headlines(comparison)
    base = comparison.base
    results = base.results
    found: dict[str, Any] = clean(
        {
            "base": base.name,
            "engine": results.engine,
            "members": comparison.members,
            "seed": base.manifest.seed,
            "start_date": results.labels.start_date.isoformat(),
            "days": results.labels.days,
            "judged_by": BASES[comparison.basis],
            "warnings": list(comparison.warnings),
            "audit_passed": comparison.passed,
            "price_year": None if comparison.worth is None else comparison.worth.price_year,
            "indicators": _indicators(comparison),
            "options": {
                entry.name: _option(comparison, entry, shown) for entry in comparison.entries
            },
        }
    )
    return found


def clean(data: Any) -> Any:
    """Return plain data without numbers that JSON lacks."""
    if isinstance(data, dict):
        return {key: clean(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [clean(value) for value in data]
    if isinstance(data, float):
        return data if abs(data) < float("inf") else None
    return data


def _indicators(comparison: Comparison) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for name in comparison.values[comparison.base.name]:
        found[name] = {"unit": unit(name), "better": comparison.better(name)}
        if name in comparison.standings:
            found[name]["ranking"] = [
                {"option": one.option, "rank": one.rank} for one in comparison.ranking(name)
            ]
    return found


def _option(comparison: Comparison, entry: Entry, shown: Sequence[str]) -> dict[str, Any]:
    standing = {
        name: one
        for name, ranked in comparison.standings.items()
        for one in ranked
        if one.option == entry.name
    }
    found: dict[str, Any] = {
        "label": entry.label,
        "chance_best": {name: one.chance_best for name, one in standing.items()},
        "expected_regret": {name: one.expected_regret for name, one in standing.items()},
        "mean": {
            name: float(values[values == values].mean())
            for name, values in comparison.values[entry.name].items()
        },
        "shift": [vars(one) for one in comparison.shift[entry.name]],
    }
    if entry is comparison.base:
        return found
    found["differences"] = {
        name: {k: v for k, v in vars(one).items() if k not in ("option", "indicator")}
        | {"effect": one.effect}
        for name, one in comparison.differences[entry.name].items()
    }
    found["shows_from"] = {
        one.indicator: {"date": one.date.isoformat(), "way": one.way} if one.date else None
        for one in comparison.onsets(entry.name, shown)
    }
    found |= _money(comparison, entry.name)
    if entry.name in comparison.plans:
        found["plan"] = [vars(one) for one in comparison.plans[entry.name]]
    if entry.name in comparison.parts:
        found["waterfall"] = {
            name: _waterfall(comparison.waterfall(entry.name, name))
            for name in shown
            if name in comparison.differences[entry.name]
        }
    return found


def _money(comparison: Comparison, option: str) -> dict[str, Any]:
    appraisal = comparison.appraisal(option)
    if appraisal is None:
        return {}
    whole = appraisal.to_dict()
    found = {name: whole[name] for name in ("net_present_cost", "payback_years", "by_payer")}
    plane = comparison.plane(option)
    if plane is not None:
        found["plane"] = {
            "outcome": plane.outcome,
            "outcome_unit": plane.outcome_unit,
            "shares": plane.shares(),
            "points": plane.points(),
        }
    return {**found, "appraisal": whole}


def _waterfall(found: Waterfall) -> dict[str, Any]:
    return {
        "unit": found.unit,
        "parts": [
            {
                "label": label,
                "difference": one.difference,
                "low_95": one.low_95,
                "high_95": one.high_95,
            }
            for label, one in found.parts
        ],
        "interaction": found.interaction,
        "total": found.total,
    }
