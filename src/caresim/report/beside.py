"""Another run of the same place beside this one: what averages hide, engine by engine."""

from __future__ import annotations

from caresim.report import delays
from caresim.report.document import Block, Cell, Column, Section, Table, Words, words
from caresim.report.source import Source
from caresim.results.columns import number
from caresim.results.option import OptionResults

SHOWN = ("delayed", "waiting", "bed_days_lost_per_year", "care_home_admissions_per_year")
"""Figures of the whole place set side by side."""

PER_SETTING = ("delayed", "waiting", "occupied", "occupancy", "admissions_per_day")
"""Figures of each setting, in a table that is folded."""


def section(source: Source) -> Section | None:
    """Return the section that sets another run beside this one; None where there is none."""
    other = source.beside
    if other is None:
        return None
    mine, theirs = source.manifest.engine, other.manifest.engine
    title = f"The {mine} engine beside the {theirs} engine"
    if mine == theirs:
        title = "Another run beside this one"
    blocks: list[Block] = [Words((text,), "warning") for text in _unlike(source, other)]
    common = [name for name in source.results.names if name in other.results.names]
    if not common:
        blocks.append(words("The two runs have no option in common."))
        return Section("beside", title, tuple(blocks))
    if {mine, theirs} == {"flow", "event"}:
        blocks.append(
            words(
                "The flow engine follows mean numbers of people, so nobody waits for a place where "
                "mean demand is below the places there are. The event engine follows people one "
                "by one: chance alone fills a setting from time to time, and queues form. Where "
                "the two differ by more than chance, averages hide queues."
            )
        )
    heads = [Column("option"), Column("what"), Column("unit")]
    for run, name in ((source, mine), (other, theirs)):
        members = run.base.members
        said = f"{name}, {members:,} member{'s' * (members != 1)}"
        # Two runs of one engine and size keep apart by their place.
        said += " (other run)" if run is other and mine == theirs else ""
        heads += [Column(f"{said}: {what}", "number") for what in ("mean", "5% below", "5% above")]
    heads.append(Column("difference of means", "change"))
    for title_of_table, table_name, by_setting in (
        ("The same figures of both runs, over the whole run", "beside", False),
        ("The same for each setting", "beside_settings", True),
    ):
        rows: list[tuple[Cell, ...]] = []
        for name in common:
            one, two = source.results[name], other.results[name]
            rows += _rows(source, one, two, _wanted(one, by_setting=by_setting))
        blocks.append(
            Table(table_name, title_of_table, tuple(heads), tuple(rows), folded=by_setting)
        )
    if not source.base.pooled_spells and other.base.pooled_spells:
        blocks += delays.queues(other).blocks
    return Section("beside", title, tuple(blocks))


def _unlike(source: Source, other: Source) -> list[str]:
    """Say in what else than the engine the runs differ."""
    one, two = source.base.labels, other.base.labels
    found = []
    if one.title != two.title:
        found.append(f"The other run is of another place: {two.title}.")
    if (one.start_date, one.days) != (two.start_date, two.days):
        dates = f"{two.start_date.isoformat()} for {number(two.days)} days"
        found.append(f"The other run is of other dates: {dates}.")
    if not found and _without_run(source) != _without_run(other):
        found.append("The scenario of the other run is not the same: what differs may be that.")
    return found


def _without_run(source: Source) -> dict[str, object]:
    return {key: value for key, value in source.scenario.items() if key != "run"}


def _wanted(option: OptionResults, *, by_setting: bool) -> list[tuple[str, str]]:
    """Return ids of indicators and their words."""
    if not by_setting:
        return [(name, name.replace("_", " ")) for name in SHOWN]
    return [
        (f"{name}.{setting.name}", f"{name.replace('_', ' ')}, {setting.label}")
        for setting in option.labels.settings
        for name in PER_SETTING
    ]


def _rows(
    source: Source, one: OptionResults, two: OptionResults, wanted: list[tuple[str, str]]
) -> list[tuple[Cell, ...]]:
    from caresim.comparison.directions import unit

    first, second = one.indicators(), two.indicators()
    return [
        (
            source.label(one),
            said,
            unit(name),
            *(first[name].mean, first[name].p05, first[name].p95),
            *(second[name].mean, second[name].p05, second[name].p95),
            second[name].mean - first[name].mean,
        )
        for name, said in wanted
        if name in first and name in second and (first[name].p95 or second[name].p95)
    ]
