"""The report as one HTML page that needs nothing else: no scripts, no fonts, no network."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from caresim.report.document import Chart, Report, Table, Words

if TYPE_CHECKING:
    from jinja2 import Template


def page(report: Report) -> str:
    """Return the page of a report.

    All text is escaped, so names with quotes or angle brackets are shown as they are written.
    """
    return _template().render(report=report, kind=_kind)


def _kind(block: object) -> str:
    """Name the macro that writes a block."""
    names = {Words: "words", Table: "table", Chart: "chart"}
    return names[type(block)]


@cache
def _template() -> Template:
    # Imported here: only this function needs it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("caresim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
