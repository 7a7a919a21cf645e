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
    """Set text in columns, words to the left and numbers to the right.

    Parameters
    ----------
    heads
        Of the columns; a line break in one makes the head two lines high.
    rows
        Cells, as many in each row as there are heads.
    """
    height = max(head.count("\n") for head in heads) + 1
    high = [[""] * (height - 1 - head.count("\n")) + head.split("\n") for head in heads]
    body = list(zip(*rows, strict=True)) if rows else [()] * len(heads)
    widths = [
        max(len(cell) for cell in (*head, *cells)) for head, cells in zip(high, body, strict=True)
    ]
    right = [n > 0 and all(map(_is_number, cells)) for n, cells in enumerate(body)]
    lines = []
    for row in (*zip(*high, strict=True), ["-" * width for width in widths], *rows):
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def cut(text: str, width: int) -> str:
    """Shorten a text that is too long for a column.

    Examples
    --------
    >>> cut("Acute beds", 20), cut("Acute beds (adult general and acute)", 20)
    ('Acute beds', 'Acute beds (adult g…')
    """
    return text if len(text) <= width else text[: width - 1] + "…"


def _is_number(cell: str) -> bool:
    return (
        cell in ("-", "", "no limit")
        or cell.strip("+-%").replace(",", "").replace(".", "").isdigit()
    )


def wrapped(text: str) -> str:
    """Break a sentence into lines."""
    from textwrap import fill

    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
