"""Entries of the ledger: amounts in whole pence, split so that the parts sum to the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from caresim.model.money import Shares

FloatArray = NDArray[np.float64]
Pence = NDArray[np.int64]

PENCE = 100.0

Kind = Literal[
    "fixed",
    "idle",
    "double_running",
    "stranded",
    "variable",
    "per_stay",
    "staff",
    "agency",
    "setup",
    "running",
    "per_person",
    "capital",
    "transition",
    "allowance",
    "payment",
    "contribution",
    "risk_share",
]

MEANINGS: dict[Kind, str] = {
    "fixed": "open places that are in use",
    "idle": "open places that are not in use",
    "double_running": "places still open although those that replace them are open",
    "stranded": "places that have closed and whose cost is not released yet",
    "variable": "days of people in care",
    "per_stay": "admissions",
    "staff": "people in post and in training",
    "agency": "vacancies covered",
    "setup": "setting up an intervention",
    "running": "running an intervention",
    "per_person": "people reached by an intervention",
    "capital": "building, or capital of an intervention",
    "transition": "moving into new places",
    "allowance": "allowance for the weakness of cost figures",
    "payment": "payments between organisations",
    "contribution": "contributions to pools",
    "risk_share": "over- and underspends of pools, shared",
}
"""Every kind of entry, and what it is for."""

NOT_CASHABLE: frozenset[Kind] = frozenset({"idle", "stranded"})
"""Kinds of cost that use no longer needs and that goes on all the same: what an option frees here
is capacity, not cash."""

BETWEEN: frozenset[Kind] = frozenset({"payment", "contribution", "risk_share"})
"""Kinds of entry between accounts of the system; all others leave it."""


@dataclass(frozen=True, eq=False)
class Line:
    """One payer and one payee, for one reason.

    Attributes
    ----------
    payer, payee
        Accounts.
    kind
        What sort of cost or payment.
    subject
        The setting, staff group, intervention, payment or pool.
    reason
        In words.
    pence
        Shape (members, years).
    course
        How the money falls within the run: shape (periods,), in proportion to what is paid for,
        mean over members; None if it falls evenly.
    at_end
        Whether it falls on the last day of each year.
    """

    payer: str
    payee: str
    kind: Kind
    subject: str
    reason: str
    pence: Pence
    course: FloatArray | None = None
    at_end: bool = False

    @property
    def cashable(self) -> bool:
        """Whether money is free for other uses when this falls."""
        return self.kind not in NOT_CASHABLE

    @property
    def leaves(self) -> bool:
        """Whether it leaves the system, as all but payments between its accounts do."""
        return self.kind not in BETWEEN


@dataclass(frozen=True, eq=False)
class Posting:
    """A sum that one or several accounts pay to another.

    Attributes
    ----------
    payers
        Accounts with shares that sum to one.
    payee, kind, subject, reason, course
        As in :class:`Line`.
    gbp
        Shape (members, years).
    """

    payers: Shares
    payee: str
    kind: Kind
    subject: str
    reason: str
    gbp: FloatArray
    course: FloatArray | None = None

    def lines(self) -> Iterator[Line]:
        """Give an entry for each payer; together they are the sum rounded to a penny, exactly."""
        names = [name for name, _ in self.payers]
        parts = split(to_pence(self.gbp), tuple(share for _, share in self.payers))
        for name, pence in zip(names, parts, strict=True):
            yield Line(name, self.payee, self.kind, self.subject, self.reason, pence, self.course)


def to_pence(gbp: FloatArray) -> Pence:
    """Round pounds to whole pence, halves to the even one.

    Examples
    --------
    >>> to_pence(np.array([0.994, 1.005]))
    array([ 99, 100])
    """
    return np.rint(gbp * PENCE).astype(np.int64)


def split(pence: Pence, shares: tuple[float, ...]) -> list[Pence]:
    """Divide whole pence by shares; the parts are whole pence that sum to the whole.

    The first parts together are the rounded part of the whole that is due to them, so none is
    more than a penny from its exact share.

    Parameters
    ----------
    pence
        Any shape.
    shares
        That sum to one.

    Examples
    --------
    >>> [part.item() for part in split(np.array(100), (1 / 3, 1 / 3, 1 / 3))]
    [33, 34, 33]
    """
    parts: list[Pence] = []
    given = np.zeros_like(pence)
    so_far = 0.0
    for share in shares[:-1]:
        so_far += share
        due = np.rint(pence * so_far).astype(np.int64)
        parts.append(due - given)
        given = due
    parts.append(pence - given)
    return parts
