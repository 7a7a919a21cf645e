"""Laying out explanations as text."""

from __future__ import annotations

from textwrap import fill

WIDTH = 96


def indented(text: str, by: int = 2) -> str:
    """Break a paragraph into lines that begin with spaces."""
    margin = " " * by
    return fill(
        text, WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
    )


def labelled(label: str, text: str, width: int = 9) -> str:
    """Write a label and a paragraph beside it.

    Examples
    --------
    >>> labelled("unit", "days")
    '  unit     days'
    """
    return fill(
        text,
        WIDTH,
        initial_indent=f"  {label:<{width}}",
        subsequent_indent=" " * (width + 2),
        break_on_hyphens=False,
    )


def listed(pairs: list[tuple[str, str]]) -> str:
    """Write names and what they mean in two columns.

    Examples
    --------
    >>> print(listed([("a", "first"), ("bcd", "second")]))
    a    first
    bcd  second
    """
    widest = max((len(name) for name, _ in pairs), default=0)
    return "\n".join(f"{name:<{widest}}  {meaning}" for name, meaning in pairs)
