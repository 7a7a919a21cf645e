"""Payments, pools and values of outcomes of the explicit scenario, as rules of the model."""

from __future__ import annotations

import math

from caresim.indicators import INDICATORS, split_id
from caresim.model.money import Drawn, OutcomeValue, Payment, Pool
from caresim.scenario.assemble.book import Book
from caresim.scenario.assemble.prices import PER, Prices, shares
from caresim.scenario.schema import prices
from caresim.scenario.schema.money import Appraisal
from caresim.scenario.schema.money import Payment as Spec
from caresim.scenario.schema.money import Pool as PoolSpec

MORE_IS_BETTER = frozenset({"care_days_outside_share", "discharges_per_day"})
"""Indicators of which more is a gain; of all others less is."""


def payments_of(book: Book, money: Prices) -> tuple[Payment, ...]:
    """Return the rules of payment, by name."""
    return tuple(
        _payment(name, book.file.payments[name], money) for name in sorted(book.file.payments)
    )


def _payment(name: str, spec: Spec, money: Prices) -> Payment:
    amount = spec.amount
    return Payment(
        name=name,
        label=spec.label or name,
        kind=spec.kind,  # type: ignore[arg-type]
        payers=shares(spec.from_),
        payee=spec.to,
        settings=tuple(spec.for_),
        cohorts=tuple(spec.cohorts or ()),
        price=Drawn(0.0) if spec.price is None else money.price(spec.price, prices.TARIFF, spec),
        per="resident"
        if spec.kind == "capitation"
        else PER[(spec.price and spec.price.mark) or "time"],
        amount=Drawn(0.0) if amount is None else money.price(amount, prices.BY_YEAR, spec),
        baseline=0.0 if spec.baseline is None else spec.baseline.value,
        above=spec.above.value,
        below=spec.below.value,
        indicator=spec.indicator or "",
        better=spec.better,  # type: ignore[arg-type]
        target=0.0 if spec.target is None else spec.target.value,
        at_most=math.inf if spec.at_most is None else spec.at_most.value * money.factor(spec),
        both_ways=spec.both_ways,
        source=spec.source or "",
    )


def pools_of(book: Book, money: Prices) -> tuple[Pool, ...]:
    """Return the pooled budgets, by name."""
    return tuple(_pool(name, book.file.pools[name], money) for name in sorted(book.file.pools))


def _pool(name: str, spec: PoolSpec, money: Prices) -> Pool:
    scale = money.factor(spec)
    listed = None in spec.pays.values()
    overspend, underspend = spec.risk.overspend, spec.risk.underspend
    return Pool(
        name=name,
        label=spec.label or name,
        contributions=tuple(
            (one, money.price(amount, prices.BY_YEAR, spec))
            for one, amount in sorted(spec.contributions.items())
        ),
        pays=tuple(
            (one, 0.0 if aside is None else aside.value * scale) for one, aside in spec.pays.items()
        ),
        pots=spec.pots,  # type: ignore[arg-type]
        order="priority" if listed else "need",
        overspend=() if overspend == "unpaid" else shares(overspend),
        underspend=shares(underspend),
    )


def values_of(book: Book, money: Prices) -> tuple[OutcomeValue, ...]:
    """Return the values of outcomes, by indicator."""
    terms: Appraisal = book.file.appraisal or Appraisal()
    return tuple(
        OutcomeValue(
            indicator,
            money.number(value, prices.SUM),
            "higher" if split_id(indicator)[0] in MORE_IS_BETTER else "lower",
        )
        for indicator, value in sorted(terms.outcomes.items())
        if split_id(indicator)[0] in INDICATORS
    )
