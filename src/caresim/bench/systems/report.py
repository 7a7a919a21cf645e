"""The table of systems, what was checked of each, and the JSON of both."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from caresim.bench.systems.judge import Judged
from caresim.bench.systems.run import SystemResult

HEADS = ("system", "reported", "simulated", "verdict")
WIDTH = 58
"""Characters of what was reported, before it is broken into lines."""


def table(results: Sequence[SystemResult]) -> str:
    """Return a row for each system: reported, simulated, verdict."""
    rows = [_row(result) for result in results]
    names = max([len(HEADS[0]), *(len(row[0]) for row in rows)])
    shown = max([len(HEADS[2]), *(len(row[2]) for row in rows)])
    lines = []
    for name, reported, simulated, verdict in (HEADS, *rows):
        broken = textwrap.wrap(reported, WIDTH) or [""]
        lines.append(f"{name:<{names}}  {broken[0]:<{WIDTH}}  {simulated:>{shown}}  {verdict}")
        lines += [f"{'':<{names}}  {more}" for more in broken[1:]]
    return "\n".join(line.rstrip() for line in lines)


def _row(result: SystemResult) -> tuple[str, str, str, str]:
    held = sum(judged.passed for judged in result.judged)
    verdict = "pass" if result.passed else "MISS"
    verdict += f" ({held} of {len(result.judged)})"
    shown = "-"
    if result.judged:
        first = result.judged[0]
        shown = value_words(first, first.check.unit)
    return result.system.name, result.system.reported.text, shown, verdict


def value_words(judged: Judged, unit: str) -> str:
    """Return a figure with its interval and unit."""
    found = judged.found
    if unit in ("share", "change"):
        sign = "+" if unit == "change" else ""
        text = f"{100.0 * found.value:{sign}.3g}%"
        return text + (f" ±{100.0 * found.half_width:.2g}" if found.half_width else "")
    text = f"{found.value:,.4g}" if abs(found.value) < 1e4 else f"{found.value:,.0f}"
    text += f" ±{found.half_width:.2g}" if found.half_width else ""
    return f"{text} {unit}".rstrip()


def details(result: SystemResult, *, misses_only: bool = False) -> str:
    """Return every check of a system, or those that miss, and what failed besides."""
    lines = [f"{result.system.name}  ({result.seconds:.1f} s)"]
    lines += [f"  solved: {name} = {value:.5g}" for name, value in result.solved.items()]
    for judged in result.judged:
        if judged.passed and misses_only:
            continue
        mark = "pass" if judged.passed else "MISS"
        share = "" if judged.share is None else f", in {judged.share:.0%} of members"
        lines.append(f"  {mark}  {judged.check.says} [{judged.run}]")
        shown = value_words(judged, judged.check.unit)
        lines.append(f"        {shown}{share}; wanted: {judged.bounds}")
    lines += [f"  failed besides: {name}" for name in result.audit]
    return "\n".join(lines)


def closing(results: Sequence[SystemResult]) -> str:
    """Return the last line: how many systems are as they must be, in what time."""
    passed = sum(result.passed for result in results)
    checks = sum(len(result.judged) for result in results)
    seconds = sum(result.seconds for result in results)
    missed = [result.system.name for result in results if not result.passed]
    line = f"{passed} of {len(results)} systems pass, {checks} checks, {seconds:.0f} s of work"
    return line + (f"; missed: {', '.join(missed)}" if missed else "")


def payload(results: Sequence[SystemResult]) -> dict[str, Any]:
    """Return everything as plain values for JSON."""
    return {
        "passed": all(result.passed for result in results),
        "systems": [
            {
                "system": result.system.name,
                "scenario": result.system.scenario,
                "reported": vars(result.system.reported),
                "passed": result.passed,
                "seconds": result.seconds,
                "solved": dict(result.solved),
                "failed_checks": list(result.audit),
                "checks": [_check(judged) for judged in result.judged],
            }
            for result in results
        ],
    }


def _check(judged: Judged) -> dict[str, Any]:
    found = judged.found
    return {
        "says": judged.check.says,
        "run": judged.run,
        "find": judged.check.find,
        "unit": judged.check.unit,
        "simulated": found.value if math.isfinite(found.value) else None,
        "half_width": found.half_width if math.isfinite(found.half_width) else None,
        "wanted": judged.bounds,
        "share_of_members": judged.share,
        "passed": judged.passed,
    }
