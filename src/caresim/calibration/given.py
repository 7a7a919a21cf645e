"""Observed series from the scenario and from the file on the command line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caresim.api import ChoiceError
from caresim.indicators import is_indicator
from caresim.problems import Location, Problem, ScenarioError, nearest
from caresim.scenario.calibration import OBSERVATIONS
from caresim.scenario.codes import problem
from caresim.scenario.load import Scenario
from caresim.scenario.observed import figures
from caresim.scenario.series import Column, column_of, read_table

DATES = ("date", "day", "week", "month", "period", "week_commencing")
"""Names by which the column of dates is known where the scenario names none."""


@dataclass(frozen=True)
class Given:
    """Observed series.

    Attributes
    ----------
    specs
        By name, as in the explicit scenario, with ``values`` and ``period``.
    hashes
        SHA-256 of the file on the command line, by its path.
    notes
        What was not used, in sentences.
    lines
        Gives the lines of files, for messages.
    """

    specs: dict[str, dict[str, Any]]
    hashes: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lines: Callable[[str], Sequence[str]] = lambda _file: ()


def observed_from(loaded: Scenario, block: dict[str, Any], path: Path | None) -> Given:
    """Return the series to be fitted.

    Raises
    ------
    ScenarioError
        With every problem of the file.
    ChoiceError
        If there are none.
    """
    specs = {name: dict(spec) for name, spec in block.get("observed", {}).items()}
    if path is None:
        without = [name for name, spec in specs.items() if "values" not in spec]
        if without or not specs:
            what = ", ".join(f"`{name}`" for name in without) or "this scenario"
            raise ChoiceError(
                f"there are no observed figures of {what}: give a CSV file with --observed, or "
                "name one under `calibration: {observed: ...}`"
            )
        return Given(specs, lines=loaded.source_lines)
    rows, lines, digest = _read(path)
    read = _columns(loaded, path, rows, lines, specs)
    found = {}
    problems: list[Problem] = list(read.problems)
    for name, (spec, dates, cells) in read.columns.items():
        values, said = figures(
            dates, cells, str(path), f"calibration.observed.{name}", spec.get("period")
        )
        known = {(one.code, one.message, one.location) for one in problems}
        # What is wrong with a date is wrong for every series; once is enough.
        problems += [one for one in said if (one.code, one.message, one.location) not in known]
        if values is not None:
            found[name] = {**spec, "values": dict(values.values), "period": values.period}
    text = path.read_text(encoding="utf-8-sig").splitlines()

    def shown(file: str) -> Sequence[str]:
        return text if file == str(path) else loaded.source_lines(file)

    if problems:
        raise ScenarioError(problems, shown)
    return Given(found, {str(path): digest}, tuple(read.notes), shown)


def _read(path: Path) -> tuple[list[list[str]], list[int], str]:
    try:
        return read_table(path)
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"`{path}`: {reason}"
        raise ScenarioError([problem("C601", "--observed", message, None)]) from None


@dataclass
class _Columns:
    columns: dict[str, tuple[dict[str, Any], Column, Column]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _columns(
    loaded: Scenario,
    path: Path,
    rows: list[list[str]],
    lines: list[int],
    specs: dict[str, dict[str, Any]],
) -> _Columns:
    """Find the columns of the series, or the series that the columns are."""
    found = _Columns()
    header = [cell.strip() for cell in rows[0]]
    if not specs:
        specs = _by_name(loaded, header)
        unused = [name for name in header if name not in specs and name.lower() not in DATES]
        if not specs:
            near = {name: nearest(name, _measures(loaded)) for name in unused}
            meant = next((f"`{a}` is perhaps `{b}`" for a, b in near.items() if b), None)
            message = f"no column of `{path}` is named like a measure: it has " + ", ".join(
                f"`{name}`" for name in header[:20]
            )
            hint = meant or "name the columns like indicators, such as `no_criteria_to_reside`"
            at = Location(str(path), lines[0], 1)
            found.problems.append(problem("C602", "--observed", message, at, hint=hint))
            return found
        if unused:
            listed = ", ".join(unused[:10])
            found.notes.append(f"Columns that are no measure were not used: {listed}.")
    for name, spec in specs.items():
        pair = []
        for key, wanted in (
            ("date", _date_column(spec, header)),
            ("column", str(spec.get("column", name))),
        ):
            column = column_of(rows, lines, wanted)
            if isinstance(column, Column):
                pair.append(column)
                continue
            missing, near_by = column
            at = Location(str(path), lines[0], 1)
            where = f"calibration.observed.{name}.{key}"
            said = problem("C602", where, f"{missing} in `{path}`", at, hint=near_by)
            if said not in found.problems:
                found.problems.append(said)
        if len(pair) == 2:
            kept = {k: v for k, v in spec.items() if k not in ("values", "column", "date")}
            if "values" in spec:
                kept.pop("period", None)  # told from the file that was replaced
            found.columns[name] = (kept, pair[0], pair[1])
    return found


def _measures(loaded: Scenario) -> list[str]:
    from caresim.indicators import INDICATORS

    settings = loaded.model().settings
    each = [f"{name}.{s.name}" for name, one in INDICATORS.items() if one.per == "setting"
            for s in settings]  # fmt: skip
    return [*OBSERVATIONS, *INDICATORS, *each]


def _by_name(loaded: Scenario, header: list[str]) -> dict[str, dict[str, Any]]:
    """Return a series for each column that is named like a measure."""
    model = loaded.model()
    settings = tuple(setting.name for setting in model.settings)
    reasons = tuple(reason.name for reason in model.reasons)
    return {
        name: {"measure": name, "counted": "per_day"}
        for name in header
        if name in OBSERVATIONS or is_indicator(name, settings=settings, reasons=reasons)
    }


def _date_column(spec: dict[str, Any], header: list[str]) -> str:
    """Return the name of the column of dates: as stated, or one that is named like dates."""
    stated = str(spec.get("date", "date"))
    if stated in header:
        return stated
    known = [name for name in header if name.lower() in DATES]
    return known[0] if stated == "date" and known else stated
