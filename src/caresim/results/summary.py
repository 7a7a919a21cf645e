"""The summary of a run for people: plain text, also saved in the run folder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from caresim.results.indicators import Reported
from caresim.results.payload import SettingRow, delayed_by_reason, setting_rows

if TYPE_CHECKING:
    from caresim.results.results import OptionResults, Results

FLOW_CAVEAT = (
    "Averages hide queues: below saturation the flow engine shows no delay for want of places. "
    "Use --engine event to see waits for places."
)
"""What a run of the flow engine cannot see."""

_WIDTH = 100


def summary(results: Results) -> str:
    """Return the summary of a run, a table for each option, without a final line break."""
    parts = [_heading(results)]
    parts += [_option(option, several=len(results) > 1) for option in results]
    if any(option.engine == "flow" for option in results):
        parts.append(wrapped(FLOW_CAVEAT))
    return "\n\n".join(parts)


def _heading(results: Results) -> str:
    first, manifest = results.options[0], results.manifest
    labels = first.labels
    members = f"{first.members:,} member" + "s" * (first.members != 1)
    return (
        f"{labels.title}\n"
        f"{labels.start_date.isoformat()} for {number(labels.days)} days, {manifest.engine} "
        f"engine, {members}, seed {manifest.seed}. Figures are means over the whole run."
    )


def _option(option: OptionResults, *, several: bool) -> str:
    label = option.labels.option_label or option.name
    parts = [f"Option {option.name}: {label}"] if several else []
    parts.append(_settings(option))
    parts += [text for text in (_reasons(option), _years(option), _published(option)) if text]
    parts.append(audit_line(option))
    parts += [wrapped(f"Note: {note}") for note in option.notes]
    return "\n\n".join(parts)


def _settings(option: OptionResults) -> str:
    heads = (
        "setting",
        "places",
        "people there",
        "occupancy",
        "delayed",
        "waiting outside",
        "admitted a day",
        "mean stay, days",
    )
    rows = [_setting(row) for row in setting_rows(option)]
    return table(heads, rows)


def _setting(row: SettingRow) -> tuple[str, ...]:
    return (
        row.label,
        "no limit" if math.isinf(row.capacity) else number(row.capacity),
        number(row.mean_occupancy),
        percent(row.share),
        number(row.mean_delayed),
        number(row.mean_waiting),
        number(row.admissions_per_day),
        number(row.mean_stay_days),
    )


def _reasons(option: OptionResults) -> str:
    found = delayed_by_reason(option)
    if not found:
        return ""
    reasons = {reason.name: reason for reason in option.labels.reasons}
    total = sum(found.values())
    rows = [
        (
            reasons[name].label,
            number(people),
            percent(people / total),
            reasons[name].responsible.replace("_", " "),
        )
        for name, people in sorted(found.items(), key=lambda item: -item[1])
    ]
    rows.append(("all", number(total), percent(1.0), ""))
    return table(("people delayed, by reason", "people", "share", "responsible"), rows)


def _years(option: OptionResults) -> str:
    windows = [w for w in option.labels.windows if w.name.startswith("year_")]
    if len(windows) < 2:
        return ""
    rows = []
    for window in windows:
        found = option.indicators(window.name)
        rows.append(
            (
                option.labels.date(window.first_day).isoformat(),
                *(
                    number(found[name].mean) if name in found else "-"
                    for name in ("delayed", "waiting", "bed_days_lost_per_year", "deaths_per_year")
                ),
            )
        )
    heads = ("year from", "delayed", "waiting outside", "bed-days lost a year", "deaths a year")
    return table(heads, rows)


def _published(option: OptionResults) -> str:
    reported = option.published()
    if not reported:
        return ""
    heads = ("published", "published", "simulated", "5% to 95%", "difference", "dates")
    return table(heads, [_figure(option, found) for found in reported])


def _figure(option: OptionResults, found: Reported) -> tuple[str, ...]:
    name = f"{found.name} ({found.indicator})"
    if found.window is None:
        return (name, number(found.value), "-", "-", "-", "outside the run")
    first, last = (
        option.labels.date(day).isoformat()
        for day in (found.window.first_day, found.window.last_day)
    )
    dates = f"{first} to {last}"
    if found.simulated is None:
        return (name, number(found.value), "not in this run", "-", "-", dates)
    simulated = found.simulated
    spread = "-" if option.members == 1 else f"{number(simulated.p05)} to {number(simulated.p95)}"
    change = (simulated.mean - found.value) / found.value if found.value else math.nan
    return (
        name,
        number(found.value),
        number(simulated.mean),
        spread,
        f"{change:+.1%}" if math.isfinite(change) else "-",
        dates,
    )


def audit_line(option: OptionResults) -> str:
    """Say in one line that the audit passed, or in one line each what did not."""
    failed = [check for check in option.audit if not check.passed]
    if not failed:
        names = ", ".join(check.name.replace("_", " ") for check in option.audit)
        return wrapped(f"Audit passed, {len(option.audit)} checks: {names}.")
    lines = [f"AUDIT FAILED, {len(failed)} of {len(option.audit)} checks:"]
    lines += [
        f"  {check.name}: {check.worst:.3g}, allowed {check.limit:.3g} ({check.meaning})"
        for check in failed
    ]
    return "\n".join(lines)


def number(value: float) -> str:
    """Write a number with about three digits, for reading.

    Examples
    --------
    >>> [number(x) for x in (0.0, 0.0123, 1.234, 123.4, 12345.6, float("nan"))]
    ['0', '0.012', '1.23', '123', '12,346', '-']
    """
    if not math.isfinite(value):
        return "-"
    if abs(value) < 5e-4:
        return "0"
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return (
        f"{value:.1f}"
        if abs(value) >= 10
        else f"{value:.2f}"
        if abs(value) >= 1
        else f"{value:.3f}"
    )


def percent(share: float) -> str:
    """Write a share as a percentage, or a dash where there is none."""
    return f"{share:.1%}" if math.isfinite(share) else "-"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set text in columns: the first to the left, numbers to the right, words to the left."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]
    right = [
        n > 0 and all(_is_number(cell) for cell in column[1:]) for n, column in enumerate(columns)
    ]
    lines = []
    for row in (heads, ["-" * width for width in widths], *rows):
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _is_number(cell: str) -> bool:
    return (
        cell in ("-", "", "no limit")
        or cell.strip("+-%").replace(",", "").replace(".", "").isdigit()
    )


def wrapped(text: str) -> str:
    """Break a sentence into lines."""
    from textwrap import fill

    return fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
