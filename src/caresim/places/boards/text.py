"""What ``caresim places`` prints, as text for reading and as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from caresim.places.boards.needs import IN_USE, Need
from caresim.places.boards.peers import Standing
from caresim.places.boards.predict import predict
from caresim.places.boards.table import Board, boards, definitions, sources
from caresim.results.columns import cut, number, percent, table, wrapped

UNVERIFIED = "*"
"""Mark of a figure that nobody has checked at its source."""


def list_text() -> str:
    """Return all boards as a table."""
    rows = []
    for board in boards().values():
        delayed = board.get("no_criteria_day_end")
        rows.append(
            [
                board.code,
                board.area.ons_code,
                cut(board.name, 44),
                f"{board['population']:,.0f}",
                f"{board['adult_admissions_per_day']:,.0f}",
                f"{predict(board).day_end:,.0f}",
                "-" if delayed is None else f"{delayed:,.0f}",
                f"{board['beds_available']:,.0f}",
                f"{board['community_beds']:,.0f}",
                "in part" if board.reports_in_part else "",
            ]
        )
    heads = ["code", "", "board", "people", "adults\nadmitted\na day", "delayed,\nforetold"]
    heads += ["delayed,\npublished", "acute\nbeds", "community\nbeds", "discharges\nreported"]
    note = (
        "Delayed: people with no criteria to reside at day end, 2024-25; a dash where the copy "
        "read has no figure. In part: too few discharges for the beds. More: `caresim places "
        "CODE`, `caresim places --beside CODE`, `caresim init DIR --place CODE`"
    )
    return f"{table(heads, rows)}\n\n{wrapped(note)}"


def list_values() -> list[dict[str, Any]]:
    """Return all boards for JSON."""
    return [
        {
            "code": board.code,
            "ons_code": board.area.ons_code,
            "name": board.name,
            "region": board.area.region,
            "population": board["population"],
            "adult_admissions_per_day": board["adult_admissions_per_day"],
            "delayed_foretold": predict(board).day_end,
            "delayed_published": board.get("no_criteria_day_end"),
            "acute_beds": board["beds_available"],
            "community_beds": board["community_beds"],
        }
        for board in boards().values()
    ]


def board_text(board: Board) -> str:
    """Return every figure of a board, with source and year, and what is not published."""
    area, made = board.area, predict(board)
    rows, missing = [], []
    for name, about in definitions().items():
        value = board.get(name)
        if value is None:
            missing.append(about.label)
            continue
        mark = UNVERIFIED if about.status == "unverified" else ""
        shown = percent(value) if about.unit == "share" else number(value)
        unit = "" if about.unit == "share" else about.unit
        rows.append([about.label, shown, unit + mark, about.period, about.source])
    used = dict.fromkeys(definitions()[name].source for name in board.figures)
    lines = [
        f"{board.name} ({board.code}, {area.ons_code}), {area.region}",
        wrapped(
            f"Acute trusts whose beds are counted: {', '.join(area.trusts)}. Which trusts and "
            "districts are the board's is from memory of public lists, only in part checked: "
            "unverified."
        ),
        "",
        table(["figure", "value", "unit", "period", "source"], rows),
        "",
        wrapped(
            f"Foretold from beds occupied and {made.fitted_to} other boards' delays, without this "
            f"board's own: {number(made.day_end)} people with no criteria to reside at day end "
            f"(80%: {number(made.low)} to {number(made.high)}), "
            f"{number(made.before_discharges)} before the day's discharges."
        ),
    ]
    if missing:
        lines += ["", wrapped("Not in the copy read: " + "; ".join(missing) + ".")]
    lines += [
        "",
        f"Sources ({UNVERIFIED} and unverified: nobody has read the figure at its source)",
    ]
    for name in used:
        about_source = sources()[name]
        publisher = about_source.get("publisher", "worked out here")
        lines.append(
            wrapped(
                f"{name}: {about_source['title']}. {publisher}, {about_source['year']}, "
                f"{about_source['status']}."
            )
        )
    return "\n".join(lines)


def board_values(board: Board) -> dict[str, Any]:
    """Return a board for JSON."""
    return {
        "code": board.code,
        "ons_code": board.area.ons_code,
        "name": board.name,
        "region": board.area.region,
        "trusts": list(board.area.trusts),
        "figures": {
            name: {"value": value, **asdict(definitions()[name])}
            for name, value in board.figures.items()
        },
        "not_published": [name for name in definitions() if name not in board.figures],
        "foretold": asdict(predict(board)),
        "sources": {
            name: sources()[name]
            for name in dict.fromkeys(definitions()[f].source for f in board.figures)
        },
    }


def beside_text(
    board: Board, peers: list[Board], found: dict[str, Standing], needed: list[Need]
) -> str:
    """Return a board beside its peers, and what its demand needs."""
    rows = [
        [
            f"{s.measure.label}, {s.measure.unit}",
            _shown(s, s.value),
            f"{s.rank} of {s.compared}" if s.rank else "-",
            f"{s.quartile}" if s.quartile else "-",
            _shown(s, s.median),
            f"{_shown(s, s.low_quarter)} to {_shown(s, s.high_quarter)}",
        ]
        for s in found.values()
    ]
    heads = ["measure", "here", "rank", "quarter", "median", "middle half"]
    among = "all 42 boards"
    if len(peers) < len(boards()):
        among = "the boards nearest in number and age of people: " + ", ".join(
            f"{peer.code} {peer.name}" for peer in peers[1:]
        )
    need_rows = [
        [
            need.label,
            "no limit" if need.places is None else number(need.places),
            number(need.load),
            number(need.load_at_end),
            number(need.for_use),
            number(need.for_wait),
            f"{need.wait_days * 24:.0f} hours",
        ]
        for need in needed
    ]
    need_heads = ["setting", "places\nnow", "in use if\nunlimited", "after\n5 years"]
    need_heads += [f"for {IN_USE:.0%}\nin use", "for a mean\nwait of", ""]
    return "\n".join(
        [
            wrapped(f"{board.name} ({board.code}) beside {among}"),
            "",
            table(heads, rows),
            "",
            wrapped(
                "Rank 1 is the highest; quarter 1 holds the lowest. High is not good or bad."
                + (
                    f" {board.name} reports its discharges in part: do not compare its admissions, "
                    "stay and discharges."
                    if board.reports_in_part
                    else ""
                )
            ),
            "",
            "What the demand of the ready-made scenario needs",
            "",
            table(need_heads, need_rows),
            "",
            wrapped(
                "In use: traffic equations and Little's law, delays included. The wait is that of "
                "an M/M/c queue (Erlang), without seasons or weekdays: the least that could do."
            ),
        ]
    )


def beside_values(
    board: Board, peers: list[Board], found: dict[str, Standing], needed: list[Need]
) -> dict[str, Any]:
    """Return the same for JSON."""
    return {
        "code": board.code,
        "name": board.name,
        "peers": [peer.code for peer in peers],
        "measures": {
            name: {
                "label": s.measure.label,
                "unit": s.measure.unit,
                "value": s.value,
                "rank": s.rank,
                "quartile": s.quartile,
                "compared": s.compared,
                "median": s.median,
                "low_quarter": s.low_quarter,
                "high_quarter": s.high_quarter,
            }
            for name, s in found.items()
        },
        "needs": [asdict(need) for need in needed],
    }


def _shown(standing: Standing, value: float | None) -> str:
    if value is None:
        return "-"
    return percent(value) if standing.measure.unit.startswith("share") else number(value)
