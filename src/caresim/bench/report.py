"""The table and the JSON of a suite that was run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from caresim.bench.fluid import Approach, FluidResult
from caresim.bench.run import CaseResult, Measured
from caresim.bench.statistics import largest_error

HEADS = ("figure", "exact", "simulated", "std error", "z", "verdict")


def case_table(result: CaseResult) -> str:
    """Return the table of one case, under a line that says how it was run."""
    case = result.case
    counts = sorted({figure.found.members for figure in result.figures})
    members = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    head = f"{case.case}  ({case.scenario}, {case.engine}, {members} members, "
    head += f"{result.seconds:.1f} s)"
    lines = [head, *_aligned([HEADS, *(_row(figure) for figure in result.figures)])]
    why = dict.fromkeys(f.figure.differs for f in result.figures if not f.passed)
    lines += [f"  known to miss: {reason}" for reason in why if reason]
    lines += [f"  the engine's own check failed: {name}" for name in result.audit]
    return "\n".join(lines)


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows of a table, the first and last column to the left, the others to the right."""
    last = len(rows[0]) - 1
    widths = [max(len(row[column]) for row in rows) for column in range(last + 1)]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if column in (0, last) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def fluid_table(result: FluidResult) -> str:
    """Return the table of a place at several scales: each figure divided by the scale."""
    case = result.case
    shown = case.scales[: len(result.figures[0].at)]
    scales = ", ".join(
        f"{n} times ({members})"
        for n, members in zip(shown, (e.members for e in result.figures[0].at), strict=True)
    )
    head = f"{case.case}  ({case.scenario}, {result.seconds:.1f} s; members: {scales})"
    heads = ("divided by n", *(f"n {n}" for n in shown), "std error", "flow engine", "verdict")
    lines = [head, *_aligned([heads, *(_approach(figure) for figure in result.figures)])]
    lines += [f"  the engine's own check failed: {name}" for name in result.audit]
    return "\n".join(lines)


def _approach(found: Approach) -> tuple[str, ...]:
    allowed = found.figure.allowed
    limit = f"{allowed.relative:.3%}" if allowed.relative else f"{allowed.absolute:g}"
    return (
        found.figure.label,
        *(_number(at.value) for at in found.at),
        _number(found.at[-1].standard_error),
        _number(found.limit),
        "pass" if found.passed else f"MISS (within {limit}, and nearer with n)",
    )


def _row(measured: Measured) -> tuple[str, ...]:
    figure, found = measured.figure, measured.found
    has_error = found.standard_error > 0.0
    held = figure.allowed.by_standard_error
    return (
        figure.label,
        ("" if not figure.allowed.at_least else ">= ") + _number(figure.exact),
        _number(found.value),
        _number(found.standard_error) if has_error else "-",
        f"{measured.z:+.2f}" if has_error and held else "-",
        measured.verdict if measured.passed else measured.verdict.upper() + _why(measured),
    )


def _why(measured: Measured) -> str:
    figure = measured.figure
    if measured.verdict == "too wide":
        return f" (at most {largest_error(figure.exact):.3g})"
    if figure.allowed.absolute:
        return f" (within {figure.allowed.absolute:g})"
    if figure.allowed.relative:
        return f" (within {figure.allowed.relative:.3%})"
    return ""


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.7g}"


def closing(results: Sequence[CaseResult | FluidResult]) -> str:
    """Return the last line: how many figures passed, in what time."""
    figures = [figure for result in results for figure in result.figures]
    passed = sum(figure.passed for figure in figures)
    seconds = sum(result.seconds for result in results)
    missed = [result.case.case for result in results if not result.passed]
    line = f"{passed} of {len(figures)} figures pass, in {len(results)} cases and {seconds:.0f} s "
    line += "of processor time"
    return line + (f"; missed in {', '.join(missed)}" if missed else "")


def payload(results: Sequence[CaseResult]) -> dict[str, Any]:
    """Return everything as plain values for JSON; what is undefined is null."""
    return {
        "passed": all(result.passed for result in results),
        "cases": [
            {
                "case": result.case.case,
                "scenario": result.case.scenario,
                "engine": result.case.engine,
                "source": result.case.source,
                "start": result.case.start,
                "seconds": result.seconds,
                "failed_checks": list(result.audit),
                "figures": [_figure(measured) for measured in result.figures],
            }
            for result in results
        ],
    }


def fluid_payload(results: Sequence[FluidResult]) -> dict[str, Any]:
    """Return the places at several scales as plain values for JSON."""
    return {
        "passed": all(result.passed for result in results),
        "cases": [
            {
                "case": result.case.case,
                "scenario": result.case.scenario,
                "option": result.case.option,
                "source": result.case.source,
                "seconds": result.seconds,
                "failed_checks": list(result.audit),
                "scales": list(result.case.scales[: len(result.figures[0].at)]),
                "figures": [
                    {
                        "figure": found.figure.label,
                        "simulated": [at.value for at in found.at],
                        "standard_error": [_or_none(at.standard_error) for at in found.at],
                        "members": [at.members for at in found.at],
                        "flow": found.limit,
                        "passed": found.passed,
                    }
                    for found in result.figures
                ],
            }
            for result in results
        ],
    }


def _figure(measured: Measured) -> dict[str, Any]:
    figure, found = measured.figure, measured.found
    return {
        "figure": figure.label,
        "option": figure.option,
        "exact": figure.exact,
        "simulated": found.value,
        "standard_error": _or_none(found.standard_error),
        "z": _or_none(measured.z),
        "members": found.members,
        "verdict": measured.verdict,
        "differs": figure.differs,
    }


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
