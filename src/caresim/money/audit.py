"""Checks that every ledger must pass, to the penny."""

from __future__ import annotations

import numpy as np

from caresim.engines.output import Check
from caresim.model.money import SUPPLIERS
from caresim.money.entries import BETWEEN, PENCE, Pence
from caresim.money.ledger import Ledger


def audit(ledger: Ledger) -> tuple[Check, ...]:
    """Check a ledger.

    Parameters
    ----------
    ledger
        Of one option.

    Returns
    -------
    tuple
        One line for each thing checked, in the form of the audit of a run.
    """
    return (
        _adds_up(ledger),
        _payments_cancel(ledger),
        _pools_end_empty(ledger),
        _rounded_only(ledger),
        _figures_there(ledger),
    )


def _adds_up(ledger: Ledger) -> Check:
    """Sum over accounts what each pays less what it is paid; only costs are left."""
    organisations = ledger.sum(())
    for account in ledger.accounts:
        organisations = organisations + ledger.net(account.name)
    worst = _largest(organisations - ledger.costs())
    meaning = "what all organisations pay, net, less all costs of the system, in pence"
    return Check("money_adds_up", worst == 0, worst, 0.0, meaning)


def _payments_cancel(ledger: Ledger) -> Check:
    """Payments between organisations are of accounts of the system on both sides."""
    known = {account.name for account in ledger.accounts}
    outside = [
        line
        for line in ledger.lines
        if line.payer not in known
        or line.payee not in (*known, SUPPLIERS)
        or (line.kind in BETWEEN and line.payee == SUPPLIERS)
    ]
    worst = max((_largest(line.pence) for line in outside), default=0.0)
    meaning = "payments from or to nobody that the scenario knows, in pence"
    return Check("payments_cancel", not outside, worst, 0.0, meaning)


def _pools_end_empty(ledger: Ledger) -> Check:
    pools = [account.name for account in ledger.accounts if account.kind == "pool"]
    worst = max((_largest(ledger.net(pool)) for pool in pools), default=0.0)
    meaning = "what a pool holds at the end of a year, in pence"
    return Check("pools_end_empty", worst == 0, worst, 0.0, meaning)


def _rounded_only(ledger: Ledger) -> Check:
    """Compare the sum of the entries, in pence, with prices times activity before rounding."""
    gap = np.abs(ledger.costs() - ledger.costs_gbp * PENCE)
    # Half a penny for each sum, and what a sum of large floating-point numbers may be off by.
    limit = 0.5 * ledger.roundings + 1e-9 * float(np.abs(ledger.costs_gbp).max(initial=0.0))
    worst = float(gap.max(initial=0.0))
    meaning = "costs in the ledger less prices times activity, in pence, for rounding"
    return Check("costs_follow_activity", worst <= limit, worst, limit, meaning)


def _figures_there(ledger: Ledger) -> Check:
    worst = float(len(ledger.missing))
    what = f": {', '.join(ledger.missing)}" if ledger.missing else ""
    meaning = f"figures that costs need and the run does not report{what}"
    return Check("figures_for_costs", worst == 0, worst, 0.0, meaning)


def _largest(pence: Pence) -> float:
    return float(np.abs(pence).max(initial=0))
