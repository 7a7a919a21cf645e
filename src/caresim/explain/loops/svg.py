"""Pieces of SVG: text, boxes and arrows, as strings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape

CHARACTER = 6.7
"""Width of a character of 12 pixels, about."""
LINE = 15
"""Height of a line of text in pixels."""

STYLE = """
text { font: 12px system-ui, "Segoe UI", Arial, sans-serif; fill: #1b1b1b; }
.title { font-size: 20px; font-weight: 600; }
.heading { font-size: 15px; font-weight: 600; }
.small { font-size: 11px; fill: #444; }
.letter { font-size: 22px; font-weight: 700; }
.halo { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; }
.box { fill: #f4f7fb; stroke: #24507a; stroke-width: 1.5; }
.limited { stroke-width: 3; }
.node { fill: #fff; stroke: #8a8a8a; }
.flow { fill: none; stroke: #24507a; stroke-width: 1.6; }
.delayed { stroke-dasharray: 6 4; }
.more { fill: none; stroke: #1d6b3a; stroke-width: 1.6; }
.less { fill: none; stroke: #b3261e; stroke-width: 1.6; stroke-dasharray: 5 3; }
"""


def words(
    x: float,
    y: float,
    lines: Sequence[str],
    *,
    anchor: str = "middle",
    kind: str = "",
) -> str:
    """Return lines of text, the first with its baseline at ``y``."""
    spans = "".join(
        f'<tspan x="{x:.1f}" dy="{0 if i == 0 else LINE}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{spans}</text>'


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    """Return a rounded box by its upper left corner."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" '
        f'class="{kind}"/>'
    )


def arrow(path: str, kind: str) -> str:
    """Return a path that ends in an arrowhead of the colour of its kind."""
    head = kind.split()[0]
    return f'<path d="{path}" class="{kind}" marker-end="url(#head-{head})"/>'


def heads() -> str:
    """Return the arrowheads."""
    colours = {"flow": "#24507a", "more": "#1d6b3a", "less": "#b3261e"}
    return "".join(
        f'<marker id="head-{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        f'markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" '
        f'fill="{colour}"/></marker>'
        for kind, colour in colours.items()
    )


def wrapped(line: str, characters: int) -> list[str]:
    """Return a line broken at spaces."""
    return textwrap.wrap(line, characters) or [""]
