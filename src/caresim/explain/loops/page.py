"""The whole picture: stocks and flows above, a ring for every loop below."""

from __future__ import annotations

from html import escape

from caresim.explain.loops import map as flow_map
from caresim.explain.loops import ring
from caresim.explain.loops.find import loops_of
from caresim.explain.loops.svg import LINE, STYLE, box, heads, words, wrapped
from caresim.explain.loops.words import slow_stocks, text
from caresim.model import Model

_MARGIN = 24.0
_SLOW = 250.0
"""Pixels across the box of a slow stock."""
_KEY = (
    "Boxes are settings; a thick edge means that places can run out, and people wait or are "
    "delayed on a dashed flow. In the rings, + means that more of the one makes more of the next, "
    "\N{MINUS SIGN} that it makes less. R reinforces: a push comes back in its own direction. "
    "B balances: it comes back against it."
)


def picture(model: Model) -> str:
    """Return the stock-and-flow map and the loops of a model as SVG, with a text alternative.

    Parameters
    ----------
    model
        One option of a scenario.

    Returns
    -------
    str
        A whole SVG file. Its ``desc`` holds all loops in words.
    """
    loops = loops_of(model)
    drawn, wide, tall = flow_map.draw(model, _MARGIN, 84.0)
    columns = max(1, min(len(loops), int(max(wide, 2 * ring.WIDTH) // ring.WIDTH)))
    width = max(wide, columns * ring.WIDTH, 700.0) + 2 * _MARGIN
    key = wrapped(_KEY, int((width - 2 * _MARGIN) / 6.4))
    slow, below = _slow(model, 84.0 + tall, width)
    y = below + 24.0
    parts = [drawn, slow]
    parts.append(words(_MARGIN, y, key, anchor="start", kind="small"))
    y += 15.0 * len(key) + 20.0
    for first in range(0, len(loops), columns):
        row = loops[first : first + columns]
        for place, loop in enumerate(row):
            left = _MARGIN + place * ring.WIDTH
            parts.append(ring.draw(model, loop, first + place + 1, left, y))
        y += max(ring.height(model, loop) for loop in row) + 20.0
    title = f"{model.title}: {model.option_label}"
    shown = wrapped(title, int((width - 2 * _MARGIN) / 11))[0]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{y:.0f}" '
        f'viewBox="0 0 {width:.0f} {y:.0f}" role="img" aria-labelledby="name alternative">'
        f'<title id="name">{escape(title)}: stocks, flows and loops</title>'
        f'<desc id="alternative">{escape(text(model))}</desc>'
        f"<style>{STYLE}</style><defs>{heads()}</defs>"
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f"{words(_MARGIN, 40, [shown], anchor='start', kind='title')}"
        f"{''.join(parts)}</svg>\n"
    )


def _slow(model: Model, top: float, width: float) -> tuple[str, float]:
    """Return boxes of the slow stocks, in rows from ``top`` on, and where they end."""
    parts: list[str] = []
    x, y, tallest = _MARGIN, top, 0.0
    for stock in slow_stocks(model):
        lines = [part for line in stock for part in wrapped(line, 34)]
        height = LINE * len(lines) + 14.0
        if x + _SLOW > width - _MARGIN:
            x, y, tallest = _MARGIN, y + tallest + 14.0, 0.0
        parts.append(box(x, y, _SLOW, height, "box"))
        parts.append(words(x + _SLOW / 2, y + 18, lines))
        x, tallest = x + _SLOW + 24.0, max(tallest, height)
    return "".join(parts), y + tallest
