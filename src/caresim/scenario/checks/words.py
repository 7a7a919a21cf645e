"""How numbers, dates and lists are written in messages, and how written values are walked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from caresim.model import Model
from caresim.scenario.read import Path

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def number(value: float) -> str:
    """Write a number with three significant digits, or all of a whole one.

    Examples
    --------
    >>> number(131.36), number(825.0), number(0.0123), number(12000.4)
    ('131', '825', '0.0123', '12,000')
    """
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def days(value: float) -> str:
    """Write a time in the unit that reads best.

    Examples
    --------
    >>> days(5.5), days(1.0), days(0.25), days(1 / 96), days(14600.0)
    ('5.5 days', '1 day', '6 hours', '15 minutes', '40 years')
    """
    for size, unit in ((365.0, "year"), (1.0, "day"), (1 / 24, "hour"), (1 / 1440, "minute")):
        if value >= (2 * size if unit == "year" else size * (1 - 1e-9)):
            break
    amount = number(value / size)
    return f"{amount} {unit}" + ("" if amount == "1" else "s")


def percent(share: float) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.123), percent(1.31), percent(0.004)
    ('12%', '131%', '0.4%')
    """
    return f"{share:.0%}" if share >= 0.095 else f"{100 * share:.2g}%"


def some(names: Sequence[str], most: int = 5) -> str:
    """List names, the first few of many.

    Examples
    --------
    >>> some(["a"]), some(["a", "b", "c"]), some(list("abcdefg"))
    ('a', 'a, b and c', 'a, b, c, d, e and 2 more')
    """
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def calendar_day(model: Model, day: float) -> date:
    """Return the date of a time in days from the start."""
    return model.start_date + timedelta(days=int(day // 1))


def is_dated(value: object) -> bool:
    """Whether a written value is a mapping of dates to values."""
    return isinstance(value, dict) and bool(value) and all(_DATE.fullmatch(str(k)) for k in value)


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Give every written value below one, itself first, with its path."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))
