"""The ledger as tables: entries, accounts and kinds of cost, by year or by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from caresim.model.money import SUPPLIERS
from caresim.money.entries import MEANINGS, FloatArray, Line
from caresim.money.ledger import Ledger, pounds
from caresim.money.timing import months_of, periods_in

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("payer", "payee", "kind", "subject", "reason", "cashable")


def entries(
    ledger: Ledger,
    by: Literal["year", "month"] = "year",
    statistic: Literal["mean", "members"] = "mean",
) -> pd.DataFrame:
    """Return a row for each entry and year, or month.

    Parameters
    ----------
    ledger
        Of one option.
    by
        ``year`` of the run, or calendar ``month``. Within a year the money of an entry is divided
        between months in proportion to the mean course of what it is paid for.
    statistic
        ``mean`` over members, or ``members`` for a row for each (years only).

    Returns
    -------
    pandas.DataFrame
        ``payer``, ``payee``, ``kind``, ``subject``, ``reason``, ``cashable``, ``year`` or
        ``month``, ``member`` where asked for, and ``gbp``.

    Raises
    ------
    ValueError
        If members are asked for by month.
    """
    import pandas as pd

    if by == "month" and statistic == "members":
        raise ValueError("entries of members are kept by year")
    rows: list[tuple[object, ...]] = []
    for line in ledger.lines:
        about = tuple(getattr(line, column) for column in COLUMNS)
        if by == "month":
            rows += [(*about, month, value) for month, value in _months(ledger, line).items()]
        else:
            rows += _years(ledger, line, about, statistic)
    middle = [by, "member"] if statistic == "members" else [by]
    return pd.DataFrame(rows, columns=[*COLUMNS, *middle, "gbp"])


def _years(
    ledger: Ledger, line: Line, about: tuple[object, ...], statistic: str
) -> list[tuple[object, ...]]:
    found = pounds(line.pence)
    names = [window.name for window in ledger.years]
    if statistic == "mean":
        return [
            (*about, name, value)
            for name, value in zip(names, found.mean(axis=0).tolist(), strict=True)
        ]
    return [
        (*about, name, member, value)
        for n, name in enumerate(names)
        for member, value in enumerate(found[:, n].tolist())
    ]


def _months(ledger: Ledger, line: Line) -> dict[str, float]:
    """Divide the mean of each year between its calendar months."""
    found: dict[str, float] = {}
    mean = pounds(line.pence).mean(axis=0)
    for year, amount in zip(ledger.years, mean.tolist(), strict=True):
        months = months_of(year, ledger.start_date)
        days = np.array([month.last_day - month.first_day for month in months])
        weights = days
        if line.at_end:
            weights = np.eye(len(months))[-1]
        elif line.course is not None:
            within: FloatArray = line.course @ periods_in(ledger.times, months)
            weights = within if within.sum() > 0.0 else days
        for month, part in zip(months, (amount * weights / weights.sum()).tolist(), strict=True):
            found[month.name] = found.get(month.name, 0.0) + part
    return found


def by_account(ledger: Ledger) -> pd.DataFrame:
    """Return what each account pays and is paid in each year, mean over members.

    Returns
    -------
    pandas.DataFrame
        ``account``, ``label``, ``kind``, ``year``, ``paid``, ``received``, ``net`` (paid less
        received), and ``net_p05`` and ``net_p95`` over members; pounds. The rows of the account
        ``total`` hold all costs of the system, which are the sum of ``net`` over the others.
    """
    import pandas as pd

    rows = []
    for account in ledger.accounts:
        paid, received = ledger.paid(account.name), ledger.received(account.name)
        rows += _account_rows(
            ledger, (account.name, account.label, account.kind), pounds(paid), pounds(received)
        )
    costs = pounds(ledger.costs())
    rows += _account_rows(ledger, ("total", "The whole system", ""), costs, np.zeros_like(costs))
    columns = ["account", "label", "kind", "year", "paid", "received", "net", "net_p05", "net_p95"]
    return pd.DataFrame(rows, columns=columns)


def _account_rows(
    ledger: Ledger, about: tuple[str, ...], paid: FloatArray, received: FloatArray
) -> list[tuple[object, ...]]:
    net = paid - received
    low, high = np.quantile(net, (0.05, 0.95), axis=0)
    return [
        (
            *about,
            window.name,
            float(paid[:, n].mean()),
            float(received[:, n].mean()),
            float(net[:, n].mean()),
            float(low[n]),
            float(high[n]),
        )
        for n, window in enumerate(ledger.years)
    ]


def by_kind(ledger: Ledger) -> pd.DataFrame:
    """Return all costs of the system by kind and year, mean over members.

    Returns
    -------
    pandas.DataFrame
        ``kind``, ``meaning``, ``cashable``, ``year`` and ``gbp``; the kind ``total`` is their sum.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for kind, meaning in MEANINGS.items():
        lines = [line for line in ledger.lines if line.kind == kind and line.payee == SUPPLIERS]
        if lines:
            mean = pounds(ledger.sum(lines)).mean(axis=0)
            rows += [
                (kind, meaning, lines[0].cashable, window.name, float(mean[n]))
                for n, window in enumerate(ledger.years)
            ]
    total = pounds(ledger.costs()).mean(axis=0)
    rows += [
        ("total", "all costs of the system", True, window.name, float(total[n]))
        for n, window in enumerate(ledger.years)
    ]
    return pd.DataFrame(rows, columns=["kind", "meaning", "cashable", "year", "gbp"])
