"""From a run to a report: every section in the order in which a board asks."""

from __future__ import annotations

from pathlib import Path

from caresim.report import (
    assumptions,
    beside,
    better_care,
    capacity,
    checks,
    delays,
    evidence,
    first,
    flows,
    money,
    stress,
)
from caresim.report.document import Report
from caresim.report.source import Source, read
from caresim.results.columns import number
from caresim.results.results import Results


def report(given: Results | str | Path, other: Results | str | Path | None = None) -> Report:
    """Return the report of a run.

    Parameters
    ----------
    given
        Results, or the folder of a saved run.
    other
        The same of another run to be set beside it, such as of the same place by another engine.

    Returns
    -------
    Report
        To be written with :func:`caresim.report.page.page`, `workbook` or `csv_files`.

    Raises
    ------
    ManifestError
        If the folder is not one of a run.

    Examples
    --------
    >>> import caresim as cs
    >>> from caresim.report import report
    >>> made = report(cs.run(example, members=5))
    >>> [section.name for section in made.answers]
    ['nothing', 'changes', 'who_pays', 'how_sure']
    """
    source = read(given, other)
    second = beside.section(source)
    files = better_care.table(source)
    return Report(
        title=source.base.labels.title,
        subtitle=_subtitle(source),
        answers=first.answers(source),
        sections=(
            flows.section(source),
            delays.reasons(source),
            delays.settings(source),
            capacity.section(source),
            delays.queues(source),
            *(() if second is None else (second,)),
            money.section(source),
            evidence.section(source),
            assumptions.section(source),
            checks.audit(source),
            stress.section(source),
            checks.reproduce(source),
        ),
        files=() if files is None else (files,),
    )


def _subtitle(source: Source) -> str:
    labels = source.base.labels
    place = source.scenario.get("place")
    name = place.get("name") if isinstance(place, dict) else place
    where = f"{name}. " if name and name != labels.title else ""
    members = source.base.members
    return (
        f"{where}{labels.start_date.isoformat()} for {number(labels.days)} days, "
        f"{len(source.options)} option{'s' * (len(source.options) != 1)}, "
        f"{members:,} member{'s' * (members != 1)}. Figures are simulated, not measured."
    )
