"""The ledger of one option: every pound with who pays, who is paid, when and what for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from caresim.engines.output import Check, Window
from caresim.model.money import SUPPLIERS, Money
from caresim.money.entries import PENCE, FloatArray, Line, Pence
from caresim.results.labels import Labels

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Account:
    """Someone who pays or is paid.

    Attributes
    ----------
    name, label
        Key and text.
    kind
        That of the organisation, or ``pool``.
    """

    name: str
    label: str
    kind: str

    @property
    def public(self) -> bool:
        """Whether it is paid for by the public: all but people who pay for themselves."""
        return self.kind != "person"


@dataclass(frozen=True, eq=False)
class Ledger:
    """Every pound of one option, by year of the run for each member.

    Attributes
    ----------
    labels
        Names of the option and its run.
    money
        The rules it was made by.
    times
        Saved times, in days from the start; courses of lines are by the periods between them.
    accounts
        Organisations, then pools. Costs are paid to the account ``suppliers``, which is outside.
    lines
        The entries.
    costs_gbp
        Shape (members, years): all costs in pounds before they were rounded to pence.
    roundings
        How many sums were rounded.
    unpaid
        For each pool that pays no more than it holds, pence that it was asked for and did not pay:
        shape (members, years).
    missing
        Variables that costs need and the results lack.
    notes
        Sentences on how it was made.
    """

    labels: Labels
    money: Money
    times: FloatArray
    accounts: tuple[Account, ...]
    lines: tuple[Line, ...]
    costs_gbp: FloatArray
    roundings: int
    unpaid: Mapping[str, Pence]
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def option(self) -> str:
        """Name of the option."""
        return self.labels.option

    @property
    def years(self) -> tuple[Window, ...]:
        """Years of the run; the last may be shorter than 365 days."""
        return self.labels.years

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.costs_gbp.shape[0])

    @property
    def price_year(self) -> str:
        """Financial year of all prices."""
        return self.money.price_year

    @property
    def start_date(self) -> datetime.date:
        """Calendar date of the first day."""
        return self.labels.start_date

    def account(self, name: str) -> Account:
        """Return an account by its name.

        Raises
        ------
        KeyError
            If there is none.
        """
        for account in self.accounts:
            if account.name == name:
                return account
        raise KeyError(f"no account {name!r}; there are {', '.join(a.name for a in self.accounts)}")

    def paid(self, account: str) -> Pence:
        """Return pence that an account pays, shape (members, years)."""
        return self.sum(line for line in self.lines if line.payer == account)

    def received(self, account: str) -> Pence:
        """Return pence that an account is paid, shape (members, years)."""
        return self.sum(line for line in self.lines if line.payee == account)

    def net(self, account: str) -> Pence:
        """Return what an account pays less what it is paid, in pence, shape (members, years)."""
        return self.paid(account) - self.received(account)

    def costs(self) -> Pence:
        """Return what leaves the system, in pence, shape (members, years)."""
        return self.sum(line for line in self.lines if line.payee == SUPPLIERS)

    def sum(self, lines: Iterable[Line]) -> Pence:
        """Return the sum of entries in pence, shape (members, years)."""
        total = np.zeros((self.members, len(self.years)), dtype=np.int64)
        for line in lines:
            total += line.pence
        return total

    def frame(
        self,
        by: Literal["year", "month"] = "year",
        statistic: Literal["mean", "members"] = "mean",
    ) -> pd.DataFrame:
        """Return the entries as a table; see :func:`caresim.money.tables.entries`."""
        from caresim.money.tables import entries

        return entries(self, by, statistic)

    def by_organisation(self) -> pd.DataFrame:
        """Return what each account pays and is paid; see `caresim.money.tables.by_account`."""
        from caresim.money.tables import by_account

        return by_account(self)

    def by_year(self) -> pd.DataFrame:
        """Return costs by kind and year; see :func:`caresim.money.tables.by_kind`."""
        from caresim.money.tables import by_kind

        return by_kind(self)

    def check(self) -> tuple[Check, ...]:
        """Return the audit of the ledger; see :func:`caresim.money.audit.audit`."""
        from caresim.money.audit import audit

        return audit(self)


def pounds(pence: Pence) -> FloatArray:
    """Return pence as pounds."""
    found: FloatArray = pence / PENCE
    return found
