"""Pooled budgets: what they take in and pay, and who bears what is over or short.

Every pool ends each year of the run with nothing: what its contributions do not pay for is made
up, and what they leave is given back, by the shares of its risk rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from caresim.model.money import Pool
from caresim.money.activity import Activity
from caresim.money.entries import Line, Pence, Posting, split, to_pence
from caresim.money.prices import Prices


@dataclass(frozen=True, eq=False)
class Settled:
    """A pool after its years.

    Attributes
    ----------
    lines
        All entries of the pool: contributions, payments as made, and risk shares.
    unpaid
        Pence that payments asked for and the pool did not pay, shape (members, years).
    over, under
        Pence of overspend made up and of underspend given back, shape (members, years).
    """

    lines: tuple[Line, ...]
    unpaid: Pence
    over: Pence
    under: Pence


def settled(pool: Pool, asked: Sequence[Line], activity: Activity, prices: Prices) -> Settled:
    """Settle a pool, year by year.

    Parameters
    ----------
    pool
        Its rules.
    asked
        What payments ask of it.
    activity, prices
        Of the run.
    """
    contributions = [
        line
        for name, amount in pool.contributions
        for line in Posting(
            ((name, 1.0),),
            pool.name,
            "contribution",
            pool.name,
            f"contribution to {pool.label}",
            prices.number(amount)[:, None] * activity.days,
        ).lines()
    ]
    nothing = np.zeros((activity.members, len(activity.years)), dtype=np.int64)
    held: Pence = sum((line.pence for line in contributions), nothing)
    aside = dict(pool.pays)
    order = [name for name, _ in pool.pays]
    asked = sorted(asked, key=lambda line: order.index(line.subject))
    pots = [
        to_pence(np.broadcast_to(aside[line.subject] * activity.days, nothing.shape))
        for line in asked
    ]
    wanted = [line.pence for line in asked]
    paid = wanted if pool.overspend else _cut(pool, wanted, pots, held)
    made = [replace(line, pence=pence) for line, pence in zip(asked, paid, strict=True)]
    balance = held - sum(paid, nothing)
    over, under = _variance(pool, paid, pots, balance)
    return Settled(
        (*contributions, *made, *_shared(pool, over, under)),
        sum(wanted, nothing) - sum(paid, nothing),
        over,
        under,
    )


def _cut(pool: Pool, wanted: list[Pence], pots: list[Pence], held: Pence) -> list[Pence]:
    """Pay no more than there is; what payees pay back adds to it."""
    asked = [np.maximum(pence, 0) for pence in wanted]
    back = [np.minimum(pence, 0) for pence in wanted]
    if pool.pots == "separate":
        paid = [np.minimum(ask, pot) for ask, pot in zip(asked, pots, strict=True)]
    else:
        there = held - sum(back, np.zeros_like(held))
        paid = _in_proportion(asked, there) if pool.order == "need" else _in_order(asked, there)
    return [a + b for a, b in zip(paid, back, strict=True)]


def _in_order(asked: list[Pence], there: Pence) -> list[Pence]:
    """Pay the first in full before the next gets anything."""
    paid = []
    for ask in asked:
        paid.append(np.minimum(ask, np.maximum(there, 0)))
        there = there - paid[-1]
    return paid


def _in_proportion(asked: list[Pence], there: Pence) -> list[Pence]:
    """Pay the same share of all; parts are whole pence that sum to what there is."""
    total = sum(asked, np.zeros_like(there))
    share = np.minimum(1.0, np.maximum(there, 0) / np.maximum(total, 1))
    paid: list[Pence] = []
    so_far, given = np.zeros_like(there), np.zeros_like(there)
    for ask in asked:
        so_far = so_far + ask
        due = np.minimum(np.rint(so_far * share).astype(np.int64), np.maximum(there, 0))
        paid.append(due - given)
        given = due
    return paid


def _variance(
    pool: Pool, paid: list[Pence], pots: list[Pence], balance: Pence
) -> tuple[Pence, Pence]:
    """Return what must be made up and what is given back.

    From a single pot only the difference of the two is; from separate pots each pot's own.
    """
    over, under = np.maximum(-balance, 0), np.maximum(balance, 0)
    if pool.pots == "separate":
        beyond = [pence - pot for pence, pot in zip(paid, pots, strict=True)]
        over = sum((np.maximum(b, 0) for b in beyond), np.zeros_like(balance))
        under = sum((np.maximum(-b, 0) for b in beyond), np.zeros_like(balance))
        # Pots are rounded each and contributions too: the odd pence go with what is given back.
        rest = balance + over - under
        under = under + np.maximum(rest, 0)
        over = over + np.maximum(-rest, 0)
    return over, under


def _shared(pool: Pool, over: Pence, under: Pence) -> Iterator[Line]:
    shares = pool.overspend or pool.underspend  # an odd penny, where nothing else can be over
    for (name, _), pence in zip(shares, split(over, tuple(s for _, s in shares)), strict=True):
        yield _risk(name, pool.name, pool, "overspend", pence)
    shares = pool.underspend
    for (name, _), pence in zip(shares, split(under, tuple(s for _, s in shares)), strict=True):
        yield _risk(pool.name, name, pool, "underspend", pence)


def _risk(payer: str, payee: str, pool: Pool, what: str, pence: Pence) -> Line:
    said = {"overspend": "overspend made up", "underspend": "underspend given back"}[what]
    reason = f"{pool.label}: {said}"
    return Line(payer, payee, "risk_share", pool.name, reason, pence, at_end=True)
