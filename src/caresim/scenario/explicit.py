"""Single parts in the explicit form: base units, nothing left to a default."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from caresim.problems import dotted
from caresim.scenario.schema import kinds
from caresim.scenario.schema.kinds import Kind
from caresim.scenario.schema.places import ByElapsed, Falling, PlacesForm
from caresim.scenario.schema.setting import Admits
from caresim.scenario.schema.stay import FORMS, Stay
from caresim.scenario.values import Dated, Path, Quantity

T = TypeVar("T")

_STAY_KINDS = {
    "mean": kinds.DURATION,
    "sd": kinds.DURATION,
    "median": kinds.DURATION,
    "value": kinds.DURATION,
    "cv": kinds.NUMBER,
    "mu": kinds.NUMBER,
    "sigma": kinds.NUMBER,
}


def leaf(quantity: Quantity, kind: Kind, path: Path) -> Any:
    """Write a single value.

    Parameters
    ----------
    quantity
        The value.
    kind
        What it measures.
    path
        Where it is written; names the draw of an uncertain value that has no name yet.
    """
    written: dict[str, Any] = {}
    interval = quantity.interval
    if interval is None:
        written["value"] = kind.text(quantity, quantity.value)
    else:
        for key in ("low", "high", "mean", "median", "mode"):
            number = getattr(interval, key)
            if number is not None:
                written[key] = kind.text(quantity, number)
        if interval.shape in ("normal", "lognormal"):
            written["level"] = kinds.plain(interval.level)
        written["shape"] = interval.shape
        written["draw"] = quantity.draw or dotted(path)
    if quantity.mark == "survivors":
        written["of"] = "survivors"
    written.update(about(quantity.source, quantity.note))
    return written["value"] if list(written) == ["value"] else written


def about(source: str | None, note: str | None) -> dict[str, str]:
    """Write where something comes from."""
    said = {"source": source, "note": note}
    return {key: text for key, text in said.items() if text is not None}


def dated(value: Quantity | Dated[Quantity], kind: Kind, path: Path) -> Any:
    """Write a value, or values by date."""
    if isinstance(value, Quantity):
        return leaf(value, kind, path)
    by_date = {date: leaf(one, kind, (*path, date)) for date, one in value.values}
    said = about(value.source, value.note)
    return {"value": by_date, **said} if said else by_date


def stay(spec: Stay, params: dict[str, tuple[Quantity, Path]], values: list[float] | None) -> Any:
    """Write a length of stay for one cohort.

    Parameters
    ----------
    spec
        As written.
    params
        The numbers that settle it, for this cohort, with their paths.
    values
        Observed stays in days, for an empirical one.
    """
    written: dict[str, Any] = {"distribution": spec.family}
    for key, (quantity, path) in params.items():
        written[key] = leaf(quantity, _STAY_KINDS[key], path)
    if spec.stages is not None:
        written["stages"] = spec.stages
    if spec.quantiles is not None:
        written["quantiles"] = {
            share: leaf(days, kinds.DURATION, ()) for share, days in spec.quantiles.items()
        }
    if spec.branches is not None:
        written["branches"] = [
            {
                "share": leaf(branch.share, kinds.SHARE, ()),
                "mean": leaf(branch.mean, kinds.DURATION, ()),
            }
            for branch in spec.branches
        ]
    if spec.initial is not None and spec.rates is not None:
        written["initial"] = [kinds.plain(q.value) for q in spec.initial]
        written["rates"] = [[kinds.plain(q.value) for q in row] for row in spec.rates]
    if values is not None:
        written["values"] = [kinds.plain(value) for value in values]
    return {**written, **about(spec.source, spec.note)}


STAY_NUMBERS = tuple(
    key for key in _STAY_KINDS if any(key in form for forms in FORMS.values() for form in forms)
)
"""The numbers of a stay that may differ by cohort."""


def places(value: PlacesForm, path: Path) -> Any:
    """Write the places a person uses."""
    if isinstance(value, Quantity):
        return leaf(value, kinds.COUNT, path)
    if isinstance(value, Falling):
        return {"from": value.first, "to": value.last}
    assert isinstance(value, ByElapsed)
    return {kinds.DURATION.write(days): kinds.plain(count) for days, count in value.steps}


def admits(spec: Admits) -> Any:
    """Write hours of admission."""
    days = [day for day in kinds.WEEKDAYS if day in spec.days]
    if len(days) == 7 and spec.hours == "00:00-24:00" and not spec.closed:
        return "always"
    return {"days": days, "hours": spec.hours, "closed": sorted(set(spec.closed))}


def by_cohort(names: Iterable[str], write: Callable[[int], Any]) -> Any:
    """Write a value for each cohort, or once if it is the same for all.

    Parameters
    ----------
    names
        Of the cohorts.
    write
        Gives the value of the cohort at a position.
    """
    values = {name: write(place) for place, name in enumerate(names)}
    first, *others = values.values()
    return first if all(other == first for other in others) else {"by_cohort": values}
