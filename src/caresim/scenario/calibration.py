"""What is to be fitted: whether its names mean something, and its observed figures."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from caresim.indicators import INDICATORS, is_indicator
from caresim.problems import nearest
from caresim.scenario.numerals import QuantityError
from caresim.scenario.observed import Figures, figures, period_of
from caresim.scenario.overrides import SETTABLE, Override, steps_of
from caresim.scenario.read import Tree
from caresim.scenario.reasons import BUILT_IN
from caresim.scenario.resolve.context import Context
from caresim.scenario.schema.calibration import STATED, Calibration, Observed
from caresim.scenario.schema.kinds import SHARE, plain
from caresim.scenario.series import SeriesError
from caresim.scenario.values import Path

OBSERVATIONS = (
    *("delayed_transfers", "delayed_transfers_acute"),
    *("no_criteria_to_reside", "no_criteria_to_reside_day_end", "ready_date_bed_days"),
    *("occupied_beds", "bed_occupancy", "stays_7_days", "stays_14_days", "stays_21_days"),
    *("discharges", "pathway_0", "pathway_1", "pathway_2", "pathway_3"),
)
"""Published measures that can be observed in results, by their ids in `caresim.places`."""

BLOCK: Path = ("calibration",)


def priors(tree: Tree) -> list[Override]:
    """Return the intervals of the inputs to be fitted, as values to put in their places."""
    block = tree.data.get("calibration")
    inputs = block.get("inputs") if isinstance(block, dict) else None
    if not isinstance(inputs, dict):
        return []
    base: Path = ("calibration", "inputs")
    return [
        Override(path, tree, (*base, path), tree.key_positions.get((*base, path)))
        for path, value in inputs.items()
        if isinstance(value, dict) and {"low", "high"} <= set(value) and may_be_fitted(path)
    ]


def may_be_fitted(path: str) -> bool:
    """Whether a path is in a part of the scenario whose inputs may be fitted."""
    steps = steps_of(path)
    return steps is not None and steps[0] in SETTABLE


def draws_in(written: object) -> Iterator[str]:
    """Give the names of the draws in an explicit form."""
    if isinstance(written, dict):
        if "draw" in written and "low" in written:
            yield str(written["draw"])
        for inner in written.values():
            yield from draws_in(inner)
    elif isinstance(written, list):
        for inner in written:
            yield from draws_in(inner)


def written_draws(node: object, path: str = "") -> Iterator[str]:
    """Give the paths of intervals as written, and the names of their draws.

    This is what is known of the draws of a scenario that cannot be resolved; short forms have
    shorter paths than the draws themselves.
    """
    if isinstance(node, dict):
        if {"low", "high"} <= set(node):
            yield path
            if isinstance(node.get("draw"), str):
                yield node["draw"]
        for key, inner in node.items():
            yield from written_draws(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            yield from written_draws(inner, f"{path}[{place}]")


def draws_of(key: str, value: object, names: Iterable[str]) -> list[str]:
    """Return the draws that an entry of `inputs` means, by name.

    Parameters
    ----------
    key, value
        Of the entry.
    names
        Of all draws of the scenario with its intervals in place.

    Examples
    --------
    >>> draws_of("settings.acute.stay", "stated", ["settings.acute.stay.mean", "other"])
    ['settings.acute.stay.mean']
    """
    own = value.get("draw") if isinstance(value, Mapping) else None
    return sorted({n for n in names if n in (key, own) or n.startswith(f"{key}.")})


def check_inputs(context: Context, tried: object) -> None:
    """Report entries of `inputs` that mean no uncertain input.

    Parameters
    ----------
    context
        The scenario.
    tried
        Its explicit form with the intervals in their places; None if that cannot be made, for
        reasons that are reported elsewhere.
    """
    tree = context.merged.tree.data
    if tried is None:
        known = sorted(set(written_draws({k: v for k, v in tree.items() if k != BLOCK[0]})))
    else:
        known = sorted(set(draws_in(tried)))
    for key, value in context.file.calibration.inputs.items():
        short = tried is None and any(key.startswith(f"{name}.") for name in known)
        placed = tried is None and value != STATED and may_be_fitted(key)
        if draws_of(key, value, known) or short or placed:
            continue
        near = nearest(key, known)
        message = f"`{key}` is no uncertain input of this scenario"
        hint = f"did you mean `{near}`?" if near else None
        if not may_be_fitted(key) and value != STATED:
            hint = "inputs that may be fitted are under " + ", ".join(f"`{p}`" for p in SETTABLE)
        context.report("C446", (*BLOCK, "inputs", key), message, hint=hint, key=True)


def check_observed(context: Context) -> None:
    """Report measures that nothing has, and dates outside the run."""
    spec: Calibration = context.file.calibration
    settings = (*context.setting_names, *(copy.name for copy in context.copies))
    reasons = (*BUILT_IN, *context.file.reasons)
    for name, series in spec.observed.items():
        measure = series.measure or name
        known = is_indicator(measure, settings=settings, reasons=reasons)
        if known or measure in OBSERVATIONS:
            continue
        each = [f"{i}.{s}" for i, about in INDICATORS.items() if about.per == "setting"
                for s in context.setting_names]  # fmt: skip
        path: Path = (*BLOCK, "observed", name)
        if series.measure is not None:
            path = (*path, "measure")
        context.unknown(
            "C448", path, "measure", measure, [*OBSERVATIONS, *INDICATORS, *each],
            key=series.measure is None,
        )  # fmt: skip
    start, days = context.period
    end = start + datetime.timedelta(days=min(days, 366 * 300))
    for key in ("fit_from", "fit_to", "hold_out_from"):
        date = getattr(spec, key)
        if date is not None and not start <= datetime.date.fromisoformat(date) <= end:
            message = f"{date} is not within the run, {start} to {end}"
            context.report("C449", (*BLOCK, key), message)


def resolved_calibration(context: Context) -> dict[str, Any]:
    """Write what is to be fitted in the explicit form, with the figures of its files."""
    spec: Calibration = context.file.calibration
    written: dict[str, Any] = {
        "inputs": {path: _interval(value) for path, value in spec.inputs.items()}
    }
    written["observed"] = {
        name: _observed(context, name, series) for name, series in spec.observed.items()
    }
    for key in ("fit_from", "fit_to", "hold_out_from"):
        if getattr(spec, key) is not None:
            written[key] = getattr(spec, key)
    return written


def _interval(value: Any) -> Any:
    """Write an interval with its level as a number, as in the explicit form of all others."""
    if not isinstance(value, dict) or "level" not in value:
        return value
    try:
        return {**value, "level": plain(SHARE.read(value["level"])[0])}
    except QuantityError:
        return value  # reported where the interval is read as a value of its input


def _observed(context: Context, name: str, series: Observed) -> dict[str, Any]:
    written: dict[str, Any] = {"measure": series.measure or name}
    written |= {"column": series.column or name, "date": series.date}
    found = _figures(context, name, series)
    if found is None:
        written |= {} if series.period is None else {"period": series.period}
    else:
        written["values"] = {day: plain(value) for day, value in found.values.items()}
        written["period"] = found.period
    written["counted"] = series.counted
    if series.error is not None:
        written["error"] = plain(series.error.value)
    for key in ("source", "note"):
        if getattr(series, key) is not None:
            written[key] = getattr(series, key)
    return written


def _figures(context: Context, name: str, series: Observed) -> Figures | None:
    """Return the figures of a series; None where the command line is to say where they are."""
    path: Path = (*BLOCK, "observed", name)
    if series.values is not None:
        days = [datetime.date.fromisoformat(day) for day in series.values]
        told = series.period or period_of(days, months_only=all(day.day == 1 for day in days))
        return Figures(series.values, told, 0)
    if series.csv is None:
        return None
    column = series.column or name
    try:
        dates, cells = context.tables.pair(context.merged, series.csv, column, series.date, path)
    except SeriesError as error:
        context.problems += error.problems
        return None
    found, problems = figures(dates, cells, series.csv, ".".join(map(str, path)), series.period)
    context.problems += problems
    return found
