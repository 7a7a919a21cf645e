"""What a cell says: a figure, the sign for a missing one, or neither."""

from __future__ import annotations

import math
import re
from enum import Enum
from functools import lru_cache
from typing import Any

MISSING_SIGNS = {
    "*": "suppressed",
    "**": "suppressed",
    "c": "suppressed",
    "[c]": "suppressed",
    "§": "suppressed",
    "‡": "suppressed",
    "[s]": "suppressed",
    "s": "suppressed",
    "suppressed": "suppressed",
    "redacted": "suppressed",
    "-": "not_available",
    "–": "not_available",
    "—": "not_available",
    "--": "not_available",
    "..": "not_available",
    "...": "not_available",
    ".": "not_available",
    ":": "not_available",
    "[x]": "not_available",
    "x": "not_available",
    "u": "not_available",
    "[u]": "not_available",
    "[m]": "not_available",
    "n/a": "not_available",
    "na": "not_available",
    "#n/a": "not_available",
    "nan": "not_available",
    "null": "not_available",
    "none": "not_available",
    "missing": "not_available",
    "no data": "not_available",
    "not available": "not_available",
    "data not available": "not_available",
    "not submitted": "not_available",
    "did not submit": "not_available",
    "no return": "not_available",
    "nil return": "not_available",
    "z": "not_applicable",
    "[z]": "not_applicable",
    "not applicable": "not_applicable",
}
"""What stands in place of a figure, in small letters, and what it means: too few people to
publish, not returned, or no such figure. The signs follow the Government Analysis Function's
guidance on symbols in tables and the notes of the NHS England releases."""

_SMALL = re.compile(r"(<|less than|fewer than|under)\s*\d+|\[low\]|~|\d+\s*or fewer", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<sign>[-−(]?)£?\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?P<part>\.\d*)?"
    r"(?P<power>[eE][-+]?\d+)?\s*(?P<percent>%?)(?P<close>\)?)(?:\s*\[?(?:r|p|e)\]?)?"
)
"""A number as published: thousands with commas, pounds, per cent, revised ([r]) and the like."""


class Not(Enum):
    """What a cell is if it is no number."""

    A_NUMBER = "a number"


def number(cell: Any) -> tuple[float, str] | Not:
    """Read a figure.

    Parameters
    ----------
    cell
        Of a sheet; text in CSV.

    Returns
    -------
    tuple of float and str, or Not
        The figure and an empty note, or NaN and why it is missing; `Not.A_NUMBER` for text
        that is neither. A percentage becomes a share.

    Examples
    --------
    >>> number("1,234"), number("*")
    ((1234.0, ''), (nan, 'suppressed'))
    >>> number("12 approx.")
    <Not.A_NUMBER: 'a number'>
    """
    if cell is None:
        return math.nan, "not_available"
    if isinstance(cell, bool):
        return Not.A_NUMBER
    if isinstance(cell, int | float):
        value = float(cell)
        return (value, "") if math.isfinite(value) else (math.nan, "not_available")
    if not isinstance(cell, str):
        return Not.A_NUMBER
    # The quick way first: large CSV files have a million cells, nearly all plain numbers.
    if cell.isascii() and cell.replace(".", "", 1).isdigit():
        return float(cell), ""
    text = cell.strip()
    if not text:
        return math.nan, "not_available"
    sign = MISSING_SIGNS.get(text.lower())
    if sign is not None:
        return math.nan, sign
    if _SMALL.fullmatch(text):
        return math.nan, "suppressed"
    found = _NUMBER.fullmatch(text)
    if found is None or bool(found["close"]) != (found["sign"] == "("):
        return Not.A_NUMBER
    digits = (found["whole"] or "0").replace(",", "") + (found["part"] or "")
    value = float(digits + (found["power"] or ""))
    if not math.isfinite(value):
        return Not.A_NUMBER
    value = -value if found["sign"] else value
    return (value / 100 if found["percent"] else value), ""


def key(text: Any) -> str:
    r"""Reduce a heading or name to what does not drift: letters, digits and blanks.

    Capitals, line breaks, punctuation and runs of blanks are evened out; ``&`` is ``and``,
    ``+`` and ``>`` are kept as words, since they tell headings apart.

    Examples
    --------
    >>> key("Org  Code\n"), key("A&E attendances > 4 hours"), key("90+")
    ('org code', 'a and e attendances over 4 hours', '90 plus')
    """
    if text is None:
        return ""
    if isinstance(text, float) and text.is_integer():
        text = int(text)  # workbooks hold every number as a float
    return _reduced(str(text))


@lru_cache(maxsize=100_000)
def _reduced(text: str) -> str:
    plain = text.lower().replace("&", " and ").replace("+", " plus ").replace(">", " over ")
    plain = plain.replace("%", " percent ").replace("’", "").replace("'", "")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def slug(text: Any) -> str:
    """Turn a heading into a word that can be part of the id of a measure.

    Examples
    --------
    >>> slug("Hospital process – Awaiting transport")
    'hospital_process_awaiting_transport'
    """
    return key(text).replace(" ", "_")


def is_number(cell: Any) -> bool:
    """Whether a cell holds a figure or the sign for a missing one, and is not blank."""
    return cell is not None and number(cell) is not Not.A_NUMBER
