"""Price years, and how far prices rose between them.

Source of the rates: NHS Cost Inflation Index, pay and prices, in the Unit Costs of Health and
Social Care 2024 Manual (Personal Social Services Research Unit, University of Kent).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from caresim.scenario.numerals import QuantityError, cut

INFLATION: Mapping[str, Decimal] = {
    "2015-16": Decimal("0.0040"),
    "2016-17": Decimal("0.0209"),
    "2017-18": Decimal("0.0124"),
    "2018-19": Decimal("0.0160"),
    "2019-20": Decimal("0.0214"),
    "2020-21": Decimal("0.0249"),
    "2021-22": Decimal("0.0258"),
    "2022-23": Decimal("0.0732"),
    "2023-24": Decimal("0.0431"),
}
"""Rise of prices from the financial year before, by financial year."""

INFLATION_SOURCE = (
    "NHS Cost Inflation Index (pay and prices), Unit Costs of Health and Social Care 2024"
)

_YEAR = re.compile(r"([0-9]{4})[-/\N{EN DASH}]([0-9]{2}|[0-9]{4})")


def price_year(written: object) -> str:
    """Read a financial year: ``2024-25``, ``2024/25`` or ``2024-2025``.

    Raises
    ------
    QuantityError
        If it is none.

    Examples
    --------
    >>> price_year("2023/24")
    '2023-24'
    """
    text = str(written).strip()
    found = _YEAR.fullmatch(text)
    if found is not None:
        first, second = found.groups()
        if int(second) % 100 == (int(first) + 1) % 100 and len(second) in (2, 4):
            return f"{first}-{second[-2:]}"
    hint = None
    if text.isdecimal() and len(text) == 4:
        hint = f"write `{text}-{(int(text) + 1) % 100:02}` for the year that begins in April {text}"
    raise QuantityError("C341", f"`{cut(text)}` is not a financial year", hint)


class UnknownYearError(Exception):
    """The rise of prices in a year is not known; `year` says in which."""

    def __init__(self, year: str) -> None:
        self.year = year
        super().__init__(year)


def factor(stated: str, wanted: str, own: Mapping[str, float]) -> float:
    """Return what a pound of one price year is in another's.

    Parameters
    ----------
    stated, wanted
        Price years as `price_year` gives them.
    own
        Rises of prices from the year before that come before those known here, by year.

    Raises
    ------
    UnknownYearError
        If the rise of prices in a year between is known from neither.

    Examples
    --------
    >>> round(factor("2021-22", "2023-24", {}), 6)
    1.119455
    """
    first, last = sorted((stated, wanted))
    risen = Decimal(1)
    for begins in range(int(first[:4]) + 1, int(last[:4]) + 1):
        year = f"{begins}-{(begins + 1) % 100:02}"
        if year in own:
            risen *= 1 + Decimal(str(own[year]))
        elif year in INFLATION:
            risen *= 1 + INFLATION[year]
        else:
            raise UnknownYearError(year)
    return float(risen if stated <= wanted else 1 / risen)
