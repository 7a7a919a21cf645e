"""The picture of one loop: its quantities in a ring, and how each pushes the next."""

from __future__ import annotations

import math

from caresim.explain.loops.find import Loop
from caresim.explain.loops.svg import CHARACTER, LINE, arrow, box, words, wrapped
from caresim.explain.loops.words import kind_of, name_of, strength_of
from caresim.model import Model

WIDTH = 460.0
"""Pixels across one loop."""
_CHARACTERS = 20
_PADDING = 7.0
_Box = tuple[float, float, float, float]
"""Centre, half width and half height."""


def height(model: Model, loop: Loop) -> float:
    """Return the pixels down that a loop takes."""
    return 2 * _down(loop) + 100 + LINE * len(_notes(model, loop))


def draw(model: Model, loop: Loop, number: int, left: float, top: float) -> str:
    """Return a loop, drawn with its upper left corner at (left, top)."""
    letter = "R" if loop.is_reinforcing else "B"
    across, down = WIDTH / 2 - 90, _down(loop)
    x, y = left + WIDTH / 2, top + 70 + down
    heading = wrapped(f"{letter}{number}  {loop.name} ({kind_of(loop)})", 58)[0]
    parts = [words(left + 10, top + 18, [heading], anchor="start", kind="heading")]
    parts.append(words(x, y + 8, [letter], kind="letter"))
    boxes: list[_Box] = []
    for i, node in enumerate(loop.nodes):
        turn = -math.pi / 2 + 2 * math.pi * i / len(loop.nodes)
        lines = wrapped(name_of(model, node), _CHARACTERS)
        wide = max(map(len, lines)) * CHARACTER / 2 + _PADDING
        tall = len(lines) * LINE / 2 + _PADDING
        at = (x + across * math.cos(turn), y + down * math.sin(turn), wide, tall)
        boxes.append(at)
        parts.append(box(at[0] - wide, at[1] - tall, 2 * wide, 2 * tall, "node"))
        parts.append(words(at[0], at[1] - tall + _PADDING + 11, lines))
    for i, sign in enumerate(loop.signs):
        parts.append(_push(boxes[i], boxes[(i + 1) % len(boxes)], sign, (x, y)))
    notes = _notes(model, loop)
    parts.append(words(x, y + down + 48, notes, kind="small"))
    return "".join(parts)


def _down(loop: Loop) -> float:
    return 66.0 + 24.0 * max(0, len(loop.nodes) - 3)


def _notes(model: Model, loop: Loop) -> list[str]:
    return [part for line in strength_of(model, loop) for part in wrapped(line, 66)]


def _push(from_: _Box, to: _Box, sign: int, middle: tuple[float, float]) -> str:
    """Return an arrow between the edges of two boxes, with its sign away from the middle.

    The two arrows between two boxes lie beside each other.
    """
    dx, dy = to[0] - from_[0], to[1] - from_[1]
    distance = math.hypot(dx, dy)
    out_x, out_y = dy / distance, -dx / distance
    is_pair = abs(from_[0] + to[0] - 2 * middle[0]) + abs(from_[1] + to[1] - 2 * middle[1]) < 1e-6
    aside = 14.0 if is_pair else 0.0
    start, end = _edge(from_, dx, dy), _edge(to, -dx, -dy)
    x1, y1 = from_[0] + start[0] + out_x * aside, from_[1] + start[1] + out_y * aside
    x2, y2 = to[0] + end[0] + out_x * aside, to[1] + end[1] + out_y * aside
    kind = "more" if sign > 0 else "less"
    label = "+" if sign > 0 else "\N{MINUS SIGN}"
    at_x, at_y = (x1 + x2) / 2 + out_x * 12, (y1 + y2) / 2 + out_y * 12
    path = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    return arrow(path, kind) + words(at_x, at_y + 5, [label], kind="heading halo")


def _edge(one: _Box, dx: float, dy: float) -> tuple[float, float]:
    """Return where the line from the middle of a box in a direction meets its edge."""
    scale = min(
        (one[2] + 3) / abs(dx) if dx else math.inf,
        (one[3] + 3) / abs(dy) if dy else math.inf,
    )
    return dx * scale, dy * scale
