"""Charts as SVG by hand: small, without scripts, with labels on the marks and no second axis.

A drawing is hidden from screen readers by the page, which gives its description and the table of
its data in its place. Text inside is escaped here. Colours are told apart by people who are
colour-blind, and never the only sign: lines and bars carry their names and figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from caresim.results.columns import cut, number

FloatArray = NDArray[np.float64]

COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
"""The palette of the Government Analysis Function for categories, in its order."""

DASHES = ("", "8 4", "2 3", "10 3 2 3", "5 5", "1 4")
"""A pattern for each line beside its colour."""

WIDTH = 720.0
ROW = 30.0
LETTER = 8.6
"""Pixels of a letter at 14 pixels, in the widest common font."""


def drawing(height: float, parts: Sequence[str], width: float = WIDTH) -> str:
    """Return an SVG element of some parts."""
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="presentation" aria-hidden="true" '
        f'focusable="false" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def text(x: float, y: float, said: str, anchor: str = "start", kind: str = "") -> str:
    """Return text at a place."""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(said)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _rect(x: float, y: float, width: float, height: float, more: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {more}/>'


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers from at or below the lowest to at or above the highest.

    Examples
    --------
    >>> ticks(0.0, 93.0)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        high = low + (abs(low) or 1.0) if math.isfinite(low) else 1.0
        low = low if math.isfinite(low) else 0.0
    raw = (high - low) / about
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * n for n in (1.0, 2.0, 2.5, 5.0, 10.0) if size * n >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 12) for n in range(first, last + 1)]


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, and what is written at its end."""

    label: str
    value: float
    said: str


def bars(given: Sequence[Bar]) -> str:
    """Return horizontal bars from 0, which may go both ways, each with its name above it."""
    values = [bar.value for bar in given]
    low, high = min(0.0, *values), max(0.0, *values)
    longest = max(len(bar.said) for bar in given) * LETTER + 10
    left = longest if low < 0 else 4.0
    scale = (WIDTH - left - longest) / ((high - low) or 1.0)
    zero = left - low * scale
    step = 44.0
    parts = []
    for n, bar in enumerate(given):
        top = n * step
        size = abs(bar.value) * scale
        start = zero if bar.value >= 0 else zero - size
        fill = COLOURS[0] if bar.value >= 0 else COLOURS[3]
        parts.append(text(4.0, top + 16, cut(bar.label, 90), kind="halo"))
        parts.append(_rect(start, top + 22, max(size, 1.0), 14, f'fill="{fill}"'))
        at, anchor = (start + size + 6, "start") if bar.value >= 0 else (start - 6, "end")
        parts.append(text(at, top + 34, bar.said, anchor, "figure"))
    height = len(given) * step + 6
    # Behind the names, which it would cross.
    axis = _line(zero, 18, zero, height - 4, "axis")
    return drawing(height, [axis, *parts])


@dataclass(frozen=True)
class Interval:
    """A mean with two intervals, NaN where they are not known."""

    label: str
    mean: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float
    said: str


def intervals(given: Sequence[Interval], axis: str) -> str:
    """Return a mean, a thick 80% and a thin 95% interval for each row, over one axis with 0."""
    ends = [
        x for one in given for x in (one.mean, one.low_95, one.high_95, 0.0) if math.isfinite(x)
    ]
    marks = ticks(min(ends), max(ends))
    left, right = 20.0, WIDTH - 20.0
    scale = (right - left) / (marks[-1] - marks[0])

    def x(value: float) -> float:
        return left + (value - marks[0]) * scale

    step = 50.0
    height = len(given) * step + 52
    parts = [_line(x(m), 4, x(m), height - 44, "zero" if m == 0 else "grid") for m in marks]
    for n, one in enumerate(given):
        y = n * step + 36
        parts.append(text(left, y - 16, f"{cut(one.label, 60)}: {one.said}", kind="halo"))
        if math.isfinite(one.low_95):
            parts.append(_line(x(one.low_95), y, x(one.high_95), y, "thin"))
            parts.append(_line(x(one.low_80), y, x(one.high_80), y, "thick"))
        parts.append(f'<circle cx="{x(one.mean):.1f}" cy="{y:.1f}" r="5.5" class="dot"/>')
    parts += [text(x(m), height - 26, number(m), "middle", "figure") for m in marks]
    parts.append(text(WIDTH / 2, height - 6, axis, "middle", "figure"))
    return drawing(height, parts)


@dataclass(frozen=True)
class Course:
    """A line over time, shape (n,), with a band around it or none."""

    label: str
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None


def courses(given: Sequence[Course], times: FloatArray, dates: Sequence[str], axis: str) -> str:
    """Return lines over time, with their names at their ends and in a key beneath.

    Parameters
    ----------
    given
        At most six.
    times
        Shape (n,), in days.
    dates
        What is written under the first time, the middle and the last.
    axis
        What is counted.
    """
    arrays = [a for one in given for a in (one.values, one.low, one.high) if a is not None]
    highest = max(float(np.nanmax(a)) for a in arrays)
    marks = ticks(0.0, highest if highest > 0 else 1.0)
    left, right, top, bottom = 58.0, WIDTH - 40.0, 30.0, 300.0
    span = float(times[-1] - times[0]) or 1.0

    def at(n: int, value: float) -> str:
        x = left + (float(times[n]) - float(times[0])) / span * (right - left)
        y = bottom - (value - marks[0]) / (marks[-1] - marks[0]) * (bottom - top)
        return f"{x:.1f},{y:.1f}"

    parts = [text(4.0, 16.0, axis)]
    for mark in marks:
        y = bottom - (mark - marks[0]) / (marks[-1] - marks[0]) * (bottom - top)
        parts += [_line(left, y, right, y, "grid"), text(left - 6, y + 4, number(mark), "end")]
    for place, date in zip((left, (left + right) / 2, right), dates, strict=True):
        parts.append(text(place, bottom + 20, date, "middle", "figure"))
    for one in given:
        if one.low is not None and one.high is not None:
            there = [at(n, v) for n, v in enumerate(one.low.tolist())]
            back = [at(n, v) for n, v in enumerate(one.high.tolist())][::-1]
            parts.append(f'<polygon points="{" ".join(there + back)}" class="band"/>')
    ends = [float(at(0, float(one.values[-1])).split(",")[1]) for one in given]
    heights = apart(ends, 16.0)
    for n, one in enumerate(given):
        colour, dash = COLOURS[n % 6], DASHES[n % 6]
        where = " ".join(at(i, v) for i, v in enumerate(one.values.tolist()))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(
            f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="2.5"{dashed}/>'
        )
        x, _ = at(len(one.values) - 1, float(one.values[-1])).split(",")
        parts.append(text(float(x) + 8, heights[n] + 5, chr(65 + n), "start", "strong"))
        row = bottom + 46 + n * 22
        parts.append(
            f'<line x1="{left}" y1="{row - 5}" x2="{left + 46}" y2="{row - 5}" '
            f'stroke="{colour}" stroke-width="2.5"{dashed}/>'
        )
        parts.append(text(left + 54, row, f"{chr(65 + n)}  {cut(one.label, 80)}"))
    return drawing(bottom + 46 + len(given) * 22, parts)


def apart(places: Sequence[float], least: float) -> list[float]:
    """Return places moved so that no two are closer than they may be, in the same order.

    Examples
    --------
    >>> apart([10.0, 12.0, 50.0], 16.0)
    [3.0, 19.0, 50.0]
    """
    order = sorted(range(len(places)), key=lambda n: places[n])
    groups: list[list[int]] = []
    tops: list[float] = []
    for n in order:
        groups.append([n])
        tops.append(places[n])
        # Groups that meet become one, centred on the mean of its places.
        while len(groups) > 1 and tops[-1] < tops[-2] + least * len(groups[-2]):
            last = groups.pop()
            tops.pop()
            groups[-1] += last
            middle = sum(places[m] for m in groups[-1]) / len(groups[-1])
            tops[-1] = middle - least * (len(groups[-1]) - 1) / 2
    found = list(places)
    for top, group in zip(tops, groups, strict=True):
        for place, n in enumerate(group):
            found[n] = top + place * least
    return found


def squares(rows: Sequence[tuple[str, FloatArray]], dates: Sequence[str]) -> str:
    """Return a row of cells for each name, darker for a larger share of one; dates beneath."""
    step, parts = 44.0, []
    for n, (label, shares) in enumerate(rows):
        width = WIDTH / max(len(shares), 1)
        parts.append(text(0.0, n * step + 14, cut(label, 90)))
        frame = 'fill="#fff" stroke="#3D3D3D"'
        parts.append(_rect(0.5, n * step + 19, WIDTH - 1, 18, frame))
        for i, share in enumerate(shares.tolist()):
            if share > 0:
                # The height tells as much as the shade, for who does not see one or the other.
                tall = 18 * share
                look = f'fill="#12436D" fill-opacity="{0.35 + 0.65 * share:.2f}"'
                parts.append(_rect(i * width, n * step + 37 - tall, width, tall, look))
    end = len(rows) * step + 10
    for place, anchor, date in zip(
        (0.0, WIDTH / 2, WIDTH), ("start", "middle", "end"), dates, strict=True
    ):
        parts.append(text(place, end, date, anchor, "figure"))
    return drawing(end + 8, parts)
