"""The reference page on the boards, in Markdown; written by ``docs/generate.py``."""

from __future__ import annotations

from caresim.places.boards.backtest import naive, predicted, summary, with_known_delays
from caresim.places.boards.table import Definition, boards, definitions, sources


def page(template: str) -> str:
    """Return the page: a template with the figures and errors put in."""
    known = with_known_delays()
    errors = {board.code: predicted(board) for board in known}
    worst = max(errors, key=lambda code: abs(errors[code].day_end))
    without = [b.name for b in boards().values() if b.get("no_criteria_day_end") is None]
    return template.format(
        in_part=_listed([b.name for b in boards().values() if b.reports_in_part]),
        without=", ".join(without),
        n_without=len(without),
        n_known=len(known),
        naive=summary([naive(board) for board in known]),
        predicted=summary(list(errors.values())),
        held=sum(bool(error.within) for error in errors.values()),
        worst=f"{boards()[worst].name}, {errors[worst].day_end:+.0%}",
        figures="\n".join(_figure(name, about) for name, about in definitions().items()),
        sources="\n".join(_source(name) for name in _used()),
        boards="\n".join(
            f"| {b.code} | {b.area.ons_code} | {b.name} | {b.area.region} "
            f"| {b['population']:,.0f} |"
            for b in boards().values()
        ),
    )


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _figure(name: str, about: Definition) -> str:
    count = sum(name in board.figures for board in boards().values())
    return (
        f"| {about.label} | `{name}` | {about.unit} | {about.period} | {about.source} "
        f"| {about.status} | {count} |"
    )


def _used() -> list[str]:
    return list(dict.fromkeys(about.source for about in definitions().values()))


def _source(name: str) -> str:
    about = sources()[name]
    title = f"[{about['title']}]({about['url']})" if "url" in about else about["title"]
    publisher = about.get("publisher", "worked out here")
    return f"| {name} | {title} | {publisher} | {about['year']} | {about['status']} |"
