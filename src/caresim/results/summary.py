"""The summary of a run for people: plain text, also saved in the run folder."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from caresim.indicators import unit_of
from caresim.results.columns import cut, number, percent, table, wrapped
from caresim.results.lengths import lengths_table
from caresim.results.localities import locality_table
from caresim.results.payload import SettingRow, delayed_by_reason, setting_rows
from caresim.results.steadiness import verdict

if TYPE_CHECKING:
    from caresim.results.option import OptionResults, Reported
    from caresim.results.results import Results


def summary(results: Results) -> str:
    """Return the summary of a run, a table for each option, without a final line break."""
    parts = [_heading(results)]
    parts.append(_option(results.options[0], several=len(results) > 1, whole=True))
    parts += [_option(option, several=True, whole=False) for option in results.options[1:]]
    if len(results) > 1:
        parts.append(_side_by_side(results))
    # The same approximation in every option is said once.
    notes = dict.fromkeys(note for option in results for note in option.notes)
    parts += [wrapped(f"Note: {note}") for note in notes]
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


def _option(option: OptionResults, *, several: bool, whole: bool) -> str:
    """Summarise an option; published figures and years only where ``whole``.

    Figures were published of the place as it is, which is the first option.
    """
    label = option.labels.option_label or option.name
    parts = [f"Option {option.name}: {label}"] if several else []
    parts.append(_settings(option))
    tables = [locality_table(option), lengths_table(option), _reasons(option)]
    tables += [_years(option), _published(option)] if whole else []
    parts += [text for text in tables if text]
    parts.append(audit_line(option))
    # What holds of the place as it is mostly holds of what is proposed; the rest is in the JSON.
    parts += [wrapped(verdict(option))] if whole else []
    return "\n\n".join(parts)


LABEL = 40
"""Characters of a label in a table."""

_COMPARED = (
    ("delayed", "delayed"),
    ("waiting", "waiting\noutside"),
    ("bed_days_lost_per_year", "bed-days lost\na year"),
    ("care_home_admissions_per_year", "care-home\nadmissions a year"),
    ("care_days_outside_share", "care-days\noutside"),
)
"""Indicators set side by side for the options, with their heads."""


def _side_by_side(results: Results) -> str:
    found = {option.name: option.indicators() for option in results}
    kept = [(key, head) for key, head in _COMPARED if all(key in f for f in found.values())]
    rows = [
        (
            name,
            *(
                percent(values[key].mean) if key.endswith("_share") else number(values[key].mean)
                for key, _ in kept
            ),
        )
        for name, values in found.items()
    ]
    return table(("options side by side", *(head for _, head in kept)), rows)


def _settings(option: OptionResults) -> str:
    heads = (
        "setting",
        "places",
        "people\nthere",
        "occupancy",
        "delayed",
        "waiting\noutside",
        "admitted\na day",
        "mean stay\nin days",
    )
    rows = [_setting(row) for row in setting_rows(option)]
    return table(heads, rows)


def _setting(row: SettingRow) -> tuple[str, ...]:
    return (
        cut(row.label, LABEL),
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
    windows = option.labels.years
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
    heads = ("year from", "delayed", "waiting\noutside", "bed-days lost\na year", "deaths\na year")
    return table(heads, rows)


def _published(option: OptionResults) -> str:
    reported = option.published()
    if not reported:
        return ""
    heads = (
        "published beside simulated",
        "published",
        "simulated",
        "5% to 95%",
        "differs",
        "dates",
    )
    return table(heads, [_figure(option, found) for found in reported])


def _figure(option: OptionResults, found: Reported) -> tuple[str, ...]:
    figure, simulated = found.figure, found.simulated
    written = percent if unit_of(figure.indicator).startswith("share") else number
    name, value = figure.indicator, written(figure.value)
    if found.window is None:
        return (name, value, "-", "-", "-", "outside the run")
    first, last = (
        option.labels.date(day).isoformat()
        for day in (found.window.first_day, found.window.last_day)
    )
    dates = f"{first} to {last}"
    if simulated is None:
        return (name, value, "-", "-", "-", f"{dates}, not in this run")
    spread = "-" if option.members == 1 else f"{written(simulated.p05)} to {written(simulated.p95)}"
    change = (simulated.mean - figure.value) / figure.value if figure.value else math.nan
    differs = f"{change:+.1%}" if abs(change) < 1 else f"{change:+,.0%}"
    differs = differs if math.isfinite(change) else "-"
    return (name, value, written(simulated.mean), spread, differs, dates)


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
