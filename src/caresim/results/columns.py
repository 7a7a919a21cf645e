"""Numbers and tables as plain text, for reading."""

from __future__ import annotations

import math
from collections.abc import Sequence

WIDTH = 100
"""Characters in a line of running text."""


def number(value: float) -> str:
    """Write a number with about three digits, for reading.

    Examples
    --------
    >>> [number(x) for x in (0.0, 0.0123, 1.234, 123.4, 12345.6, float("nan"))]
    ['0', '0.012', '1.23', '123', '12,346', '-']
    """
    if not math.isfinite(value):
        return "-"
    if abs(value) < 5e-4:
        return "0"
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return (
        f"{value:.1f}"
        if abs(value) >= 10
        else f"{value:.2f}"
        if abs(value) >= 1
        else f"{value:.3f}"
    )


def percent(share: float) -> str:
    """Write a share as a percentage, or a dash where there is none."""
    return f"{share:.1%}" if math.isfinite(share) else "-"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set text in columns: the first to the left, numbers to the right, words to the left."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]
    right = [
        n > 0 and all(_is_number(cell) for cell in column[1:]) for n, column in enumerate(columns)
    ]
    lines = []
    for row in (heads, ["-" * width for width in widths], *rows):
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _is_number(cell: str) -> bool:
    return (
        cell in ("-", "", "no limit")
        or cell.strip("+-%").replace(",", "").replace(".", "").isdigit()
    )


def wrapped(text: str) -> str:
    """Break a sentence into lines."""
    from textwrap import fill

    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
